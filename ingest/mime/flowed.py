"""Text of `format=flowed` made whole paragraphs again (RFC 3676)."""

import re

_QUOTES = re.compile(r">*")


def unflow(text: str, *, drops_space: bool = False) -> str:
    """Join the lines that a mail program had wrapped; quoted lines keep their marks, a signature stays apart."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth, rest = _depth_and_rest(line)
        if depth == open_depth and rest != "-- ":
            out[-1] += rest
        else:
            out.append(">" * depth + " " * (depth > 0) + rest)
        is_soft = rest.endswith(" ") and rest != "-- "
        open_depth = depth if is_soft else -1
        if is_soft and drops_space:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def _depth_and_rest(line: str) -> tuple[int, str]:
    """Split the quote marks off, and the space that stuffing added (RFC 3676 section 4.4)."""
    marks = _QUOTES.match(line)
    depth = marks.end() if marks else 0
    rest = line[depth:]
    return depth, rest[1:] if rest.startswith(" ") else rest
