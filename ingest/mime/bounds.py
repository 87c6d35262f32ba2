"""How much work a mail would be, told from its bytes before a parser sees them.

An ordinary mail is parsed at once; a suspicious one in a process of its own with time and memory limits; what is
beyond all measure goes to a person unread. Size alone is never suspicious: forty megabytes of photographs are
ordinary, twenty thousand boundaries are not.
"""

import re
from dataclasses import dataclass
from enum import Enum

_LONG_FIELD = re.compile(rb"\n(?![ \t])")


class Way(Enum):
    """How a mail is read."""

    AT_ONCE = "at once"
    PLAINLY = "at once, by the plainer parser"
    APART = "in a process of its own"
    NOT = "not at all"


@dataclass(frozen=True, slots=True)
class Load:
    """The measures of a mail. Each is an upper bound of what a parser would meet."""

    header_bytes: int
    longest_header: int
    addresses: int
    encoded_words: int
    parameters: int
    separators: int
    """Lines that begin with "--": no more parts than these."""
    containers: int
    """Parts that can hold others: no deeper nesting than this."""
    lines: int
    has_long_attached_header: bool
    """Whether an attached mail may have a very long header, which mail-parser folds at quadratic cost."""


ORDINARY = Load(
    header_bytes=768 * 1024,
    longest_header=512 * 1024,
    addresses=12_000,
    encoded_words=10_000,
    parameters=10_000,
    separators=3_000,
    containers=40,
    lines=1_500_000,
    has_long_attached_header=False,
)
BEARABLE = Load(
    header_bytes=8 * 1024 * 1024,
    longest_header=4 * 1024 * 1024,
    addresses=100_000,
    encoded_words=100_000,
    parameters=200_000,
    separators=60_000,
    containers=5_000,
    lines=8_000_000,
    has_long_attached_header=True,
)
_REASONS = {
    "header_bytes": "its header is too large",
    "longest_header": "one of its headers is too long",
    "addresses": "it names too many addresses",
    "encoded_words": "its header has too many encoded words",
    "parameters": "its header has too many parameters",
    "separators": "it has too many parts",
    "containers": "its parts are nested too deeply",
    "lines": "it has too many lines",
}
_LONG_RUN = re.compile(rb"[^\n]{20000}|(?:\n[ \t][^\n]*){300}")


def measure(raw: bytes) -> Load:
    """Return the measures of a mail, by counting bytes only."""
    header = raw[: _header_end(raw)]
    folded = raw.lower()
    line_end = b"\n" if b"\n" in raw else b"\r"
    return Load(
        header_bytes=len(header),
        longest_header=_longest(header),
        addresses=header.count(b"@"),
        encoded_words=header.count(b"=?"),
        parameters=header.count(b";"),
        separators=raw.count(line_end + b"--"),
        containers=folded.count(b"multipart/") + folded.count(b"message/"),
        lines=max(raw.count(b"\n"), raw.count(b"\r")),
        has_long_attached_header=b"message/" in folded and _LONG_RUN.search(raw) is not None,
    )


def way_for(load: Load) -> tuple[Way, str]:
    """Return how to read a mail of these measures, and the reason where it is not read at all."""
    for name, reason in _REASONS.items():
        if getattr(load, name) > getattr(BEARABLE, name):
            return Way.NOT, reason
    if any(getattr(load, name) > getattr(ORDINARY, name) for name in _REASONS):
        return Way.APART, ""
    return (Way.PLAINLY if load.has_long_attached_header else Way.AT_ONCE), ""


def _header_end(raw: bytes) -> int:
    end = len(raw)
    for blank_line in (b"\n\r\n", b"\n\n", b"\r\r"):
        found = raw.find(blank_line, 0, end)
        end = found if found >= 0 else end
    return end


def _longest(header: bytes) -> int:
    """Return the length of the longest header with its folded lines; short blocks are not looked into."""
    if len(header) <= ORDINARY.longest_header:
        return len(header)
    return max(len(field) for field in _LONG_FIELD.split(header))
