"""The names of our customers, found in a text in whatever spelling.

In: a text and the names as the organisation lists them. Out: the words of the text that name one of them, as written.
Case, accents, "&" or "and", and the legal form count for nothing: "Alder & Rowe Ltd" is found as "Alder and Rowe".
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_LEGAL_FORM = (
    r"(?:ltd|limited|plc|llp|llc|inc|corp|co|gmbh(?:\s*(?:&|und)\s*co\.?\s*kg)?|kg|ag|ug|ohg|se|mbh|e\.?\s?v|s\.?\s?l\.?\s?u?"
    r"|s\.?\s?a\.?(?:\s?s)?|sarl|s\.?\s?r\.?\s?l|s\.?\s?p\.?\s?a|b\.?\s?v|n\.?\s?v|vzw|lda|ltda"
    r"|sp\.?\s*z\s*o\.?\s*o|sp\.?\s*k)\.?"
)
_LEGAL_END = re.compile(rf"(?:[\s,]+{_LEGAL_FORM})+\s*$")
_WORD = re.compile(r"\w+|[&+]")
_AND = ("&", "+", "and", "und", "y", "et", "e", "i", "en")
_ANY_AND = r"(?:[&+]|\b(?:and|und|y|et|e|i|en)\b)"
_BETWEEN = r"[\s.,'’-]{0,3}"
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class _Listed:
    """A customer of the list."""

    words: tuple[str, ...]
    """Its name without case, accents and legal form."""

    def may_stand_in(self, folded: str) -> bool:
        """Tell quickly whether a text has all its words."""
        return all(word in _AND or word in folded for word in self.words)


def listed_company(text: str, customers: Sequence[str]) -> str | None:
    """Return the first of the customers that a text names, as the text has it."""
    if not customers:
        return None
    folded = _folded(text)
    found = [
        match
        for one in _all_listed(tuple(customers))
        if one.may_stand_in(folded)
        for match in _pattern(one.words).finditer(folded)
        if len(one.words) > 1 or _has_capital(text, match)
    ]
    first = min(found, key=lambda match: (match.start(), -match.end()), default=None)
    return text[first.start() : first.end()] if first else None


def _has_capital(text: str, match: re.Match[str]) -> bool:
    """Tell the name "Box" from a box."""
    return not text[match.start()].islower()


@lru_cache(maxsize=64)
def _all_listed(customers: tuple[str, ...]) -> tuple[_Listed, ...]:
    """Return the customers, but for names too short to tell them from other words."""
    listed = [_Listed(_words(name)) for name in customers]
    return tuple(one for one in listed if max(map(len, one.words), default=0) >= _SHORTEST)


def _words(name: str) -> tuple[str, ...]:
    folded = _folded(name.strip())
    return tuple(_WORD.findall(_LEGAL_END.sub("", folded) or folded))


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = (_ANY_AND if word in _AND else re.escape(word) for word in words)
    return re.compile(rf"(?<!\w){_BETWEEN.join(parts)}(?:[\s,]{{1,2}}{_LEGAL_FORM})?(?!\w)")


def _folded(text: str) -> str:
    """Return a text without case and accents, letter for letter, so that places stay the same."""
    return "".join(_plain(letter) for letter in text) if not text.isascii() else text.lower()


@lru_cache(maxsize=2048)
def _plain(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[:1].lower()
    return base if len(base) == 1 else letter
