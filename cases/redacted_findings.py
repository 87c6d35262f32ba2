"""What the classifier found in a mail, without what stood in a redacted passage or was a part of one."""

from typing import Any

from models.redaction import MARK, Passages


def findings_without(kept: dict[str, Any], passages: Passages) -> dict[str, Any]:
    """Return what was found in a mail without what stood in a passage, or was a part of one."""
    fields, reasons, hints = kept.get("fields", {}), kept.get("reasons", ()), kept.get("hints", {})
    cleaned = {
        "fields": {name: _told(value, passages) for name, value in fields.items()},
        "reasons": [[label, MARK if _is_touched(words, passages) else words] for label, words in reasons],
        "hints": {hint: MARK if _is_touched(words, passages) else words for hint, words in hints.items()},
    }
    return kept | {name: value for name, value in cleaned.items() if name in kept}


def _told(value: Any, passages: Passages) -> Any:
    return None if isinstance(value, str) and _is_touched(value, passages) else value


def _is_touched(text: str, passages: Passages) -> bool:
    return passages.stand_in(text) or passages.covers(text) or any(_overlap(text, one) for one in passages.texts)


def _overlap(text: str, passage: str) -> bool:
    """Tell whether one ends with what the other begins with: a sentence over the edge of a passage."""
    return any(_ends_in(*pair) for pair in ((text, passage), (passage, text)))


def _ends_in(first: str, second: str) -> bool:
    words, others = first.casefold().split(), second.casefold().split()
    return any(words[-count:] == others[:count] for count in range(2, min(len(words), len(others)) + 1))
