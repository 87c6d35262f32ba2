"""Options of a form that somebody left unticked: they stand in the mail, and are not what its writer asks for.

In: text. Out: the text without the words of boxes that are empty, where another box is ticked. Where none is, nothing
is taken out: that such a form names rights is all that is known of it.
"""

import re

_TICKED = r"\[\s?[xX×✓✔✗✘*]\s?\]|\(\s?[xX✓✔]\s?\)|[☑☒✅✔✓🗹🗷]"
_EMPTY = r"\[[\s_]{0,3}\]|\([\s_]{1,3}\)|[☐□▢◻⬜]"
_BOX = re.compile(f"(?P<ticked>{_TICKED})|(?P<empty>{_EMPTY})")
_BEFORE_A_BOX = re.compile(r"^[\s>*•\-–.\d)]*$")
"""What may stand before a box that opens a line."""


def without_unticked(text: str) -> str:
    """Return the text without what stands at empty boxes."""
    if not any(match["ticked"] for match in _BOX.finditer(text)):
        return text
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    """Return a line without its unticked options; words belong to the box before them, or to that behind them where
    the line begins with words and ends with a box.
    """
    boxes = list(_BOX.finditer(line))
    if not any(box["empty"] for box in boxes):
        return line
    first, last = boxes[0], boxes[-1]
    if line[last.end() :].strip() or _BEFORE_A_BOX.match(line[: first.start()]):
        ends = [*(box.start() for box in boxes[1:]), len(line)]
        kept = [line[box.start() : end] for box, end in zip(boxes, ends, strict=True) if box["ticked"]]
        return line[: first.start()] + "".join(kept)
    starts = [0, *(box.end() for box in boxes[:-1])]
    return "".join(line[start : box.end()] for start, box in zip(starts, boxes, strict=True) if box["ticked"])
