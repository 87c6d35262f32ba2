"""Lines of a text and the place each belongs to."""

from collections.abc import Iterator, Sequence
from enum import Enum


class Place(Enum):
    """Where a line of a mail belongs."""

    WRITTEN = "written"
    QUOTED = "quoted"
    FORWARDED = "forwarded"
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"


def runs(places: Sequence[Place], wanted: Place) -> Iterator[range]:
    """Give the stretches of neighbouring lines that belong to one place."""
    start = None
    for number, place in enumerate(places):
        if place is wanted and start is None:
            start = number
        elif place is not wanted and start is not None:
            yield range(start, number)
            start = None
    if start is not None:
        yield range(start, len(places))


def gathered(lines: Sequence[str], places: Sequence[Place], wanted: Place) -> str:
    """Return the lines of one place as text; stretches that lay apart keep a blank line between them."""
    pieces = ("\n".join(lines[number] for number in run).strip("\n") for run in runs(places, wanted))
    return "\n\n".join(piece for piece in pieces if piece.strip())
