"""Making foreign text safe for a single line: no line breaks, no control characters, no tricks of direction."""

_KEPT = "\u00a0\u202f"
"""No-break spaces are not printable to Python, yet French cannot do without them."""


def one_line(text: str) -> str:
    """Return the text on one line, without control, invisible or unpaired characters, its white space collapsed."""
    visible = text if text.isprintable() else "".join(_visible(character) for character in text)
    return " ".join(part for part in visible.split(" ") if part).strip()


def _visible(character: str) -> str:
    if character.isprintable() or character in _KEPT:
        return character
    return " " if character.isspace() else ""
