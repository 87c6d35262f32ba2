"""Sending text that is made line by line: in larger pieces, as each piece costs the server a turn."""

from collections.abc import Iterable, Iterator
from itertools import islice

_LINES = 500


def in_pieces(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines, many at a time."""
    source = iter(lines)
    while piece := "".join(islice(source, _LINES)):
        yield piece
