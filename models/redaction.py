"""What is taken out of a case for good: passages as they may stand in a text, and why they had to go."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from models.errors import NotAllowed

MARK = "[redacted]"
"""Stands in the place of a passage; plain ASCII, so that it can be written in every charset."""
_SHORTEST, _LONGEST, _MOST = 3, 5000, 20
_TELLING = 8
_BETWEEN = "[\\s>\u00ad\u200b]+"
"""What may stand between two words: line breaks, marks of quotation, hyphens that are not seen."""


class RedactionGround(StrEnum):
    """Why something must not be kept."""

    OTHER_PERSON = "other_person"
    PAYMENT_DATA = "payment_data"
    HEALTH_DATA = "health_data"
    IDENTITY_DOCUMENT = "identity_document"
    """Nobody asked for it."""
    CREDENTIALS = "credentials"
    NOT_NEEDED = "not_needed"
    """More than the request needs (GDPR Art. 5(1)(c))."""
    SENT_BY_MISTAKE = "sent_by_mistake"


class Passages:
    """Passages to be taken out: found whatever their case, and however their lines are broken."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Take the passages; raises NotAllowed for one that is too short or too long, or for too many."""
        self.texts = tuple(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))
        if len(self.texts) > _MOST:
            raise NotAllowed(f"at most {_MOST} passages at once")
        if any(len(_letters(text)) < _SHORTEST for text in self.texts):
            raise NotAllowed(f"a passage has at least {_SHORTEST} letters or digits: what is shorter stands everywhere")
        if any(len(text) > _LONGEST for text in self.texts):
            raise NotAllowed(f"a passage has at most {_LONGEST} characters")
        forms = {unicodedata.normalize(form, text) for text in self.texts for form in ("NFC", "NFD")} | {*self.texts}
        ordered = sorted(forms, key=lambda text: (-len(text), text))  # the longer one first, where two begin alike
        self._pattern = re.compile("|".join(map(_pattern_of, ordered)) or "(?!)", re.IGNORECASE)

    def taken_out(self, text: str) -> tuple[str, int]:
        """Return a text with the mark in the place of each passage, and how many there were."""
        return self._pattern.subn(MARK, text)

    def stand_in(self, text: str) -> bool:
        """Tell whether one of them stands in a text."""
        return self._pattern.search(text) is not None

    def stand_in_file(self, content: bytes) -> bool:
        """Tell whether one of the longer ones stands in the bytes of a file; short ones stand everywhere by chance."""
        long = [text for text in self.texts if len(_letters(text)) >= _TELLING]
        if not long:
            return False
        pattern = re.compile("|".join(map(_pattern_of, long)), re.IGNORECASE)
        return any(pattern.search(content.decode(codec, "replace")) for codec in ("utf-8", "cp1252", "utf-16-le"))

    def covers(self, text: str) -> bool:
        """Tell whether a text is a part of one of them, or holds one however it is spelt."""
        plain = _letters(text)
        return bool(plain) and any(plain in one or one in plain for one in map(_letters, self.texts))


def _pattern_of(text: str) -> str:
    return _BETWEEN.join(map(re.escape, text.split()))


def _letters(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text.casefold()) if letter.isalnum())
