"""Ideas that words of a mail hint at: erasing, copies, consent, the dead, absence and so on.

In: text. Out: one number per idea, language apart. The list is data (`data/cues.toml`); what an idea is worth for a
label is learnt, so a cue alone never decides.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
MIN_STEM = 2
ARTICLES = (7, 15, 16, 17, 18, 20, 21, 22, 33)
"""Articles of the GDPR that stand for a right, a consent taken back, or a breach."""
_CITATION = re.compile(
    r"(?i)(?<!\w)(?:art(?:[íi]culos?|icles?|icol[io]|igos?|ikel[ns]?|yku[łl]\w*)?s?\.?|§§?)(?=([^\w\n]*\d[^\n.;]{0,60}))"
)
_NUMBER = re.compile(r"(?<![\d./-])\d{1,2}(?![\d/])")


class Cues:
    """A compiled list of cues; `ideas` names the columns of what it counts."""

    def __init__(self, table: Mapping[str, Mapping[str, list[str]]]) -> None:
        self._words = len(table)
        self.ideas = (*table, *(f"article_{number}" for number in ARTICLES))
        self._whole: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        self._second: dict[str, dict[str, set[int]]] = {}
        for column, languages in enumerate(table.values()):
            for entry in (entry for entries in languages.values() for entry in entries):
                self._add(entry, column)
        self._of_word = lru_cache(maxsize=50_000)(self._ideas_of_word)

    def counts(self, text: str) -> NDArray[np.float32]:
        """Return how often each idea occurs, flattened: 0, 1, then growing slowly."""
        found = np.zeros(len(self.ideas), dtype=np.float32)
        before = ""
        for word in _WORD.findall(text.lower()):
            for column in self._of_word(word):
                found[column] += 1
            if before in self._second:
                for column in _matching(self._second[before], word):
                    found[column] += 1
            before = word
        found[self._words :] = _cited(text)
        return np.log2(1 + found)

    def _add(self, entry: str, column: int) -> None:
        if entry.startswith("="):
            self._whole.setdefault(entry[1:], set()).add(column)
            return
        *first, last = _WORD.findall(entry)
        if first:
            self._second.setdefault(first[-1], {}).setdefault(last, set()).add(column)
        elif len(last) <= 3:
            self._whole.setdefault(last, set()).add(column)
        else:
            self._stems.setdefault(last, set()).add(column)

    def _ideas_of_word(self, word: str) -> tuple[int, ...]:
        return tuple(sorted(_matching(self._stems, word) | self._whole.get(word, set())))


def load_cues() -> Cues:
    """Return the packaged list."""
    with resources.files("classify").joinpath("data/cues.toml").open("rb") as stream:
        return Cues(tomllib.load(stream))


def _cited(text: str) -> list[int]:
    """Tell of each article whether the text cites it, alone or in a list."""
    cited = {int(number) for citation in _CITATION.findall(text) for number in _NUMBER.findall(citation)}
    return [int(number in cited) for number in ARTICLES]


def _matching(stems: Mapping[str, set[int]], word: str) -> set[int]:
    """Return the ideas of every stem that the word begins with."""
    found: set[int] = set()
    for end in range(MIN_STEM, len(word) + 1):
        found |= stems.get(word[:end], set())
    return found
