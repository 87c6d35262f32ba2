"""Ideas that words of a mail hint at: erasing, copies, consent, the dead, absence and so on.

In: text and its language. Out: one number per idea. The list is data (`data/cues.toml`); what an idea is worth for a
label is learnt, so a cue alone never decides.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from itertools import chain

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


EVERYWHERE = "en"
"""People mix its words into every language. The other lists serve mails of their own language only: what is a hint in
one is an everyday word in another."""


class Cues:
    """The compiled lists of all languages; `ideas` names the columns of what is counted."""

    def __init__(self, table: Mapping[str, Mapping[str, list[str]]]) -> None:
        self.ideas = (*table, *(f"article_{number}" for number in ARTICLES))
        languages = sorted({code for by_language in table.values() for code in by_language})
        entries = {code: _entries(table, code) for code in languages}
        self._of = {code: _List({code: entries[code], EVERYWHERE: entries[EVERYWHERE]}) for code in languages}
        self._of_unknown = _List(entries)

    def counts(self, text: str, language: str) -> NDArray[np.float32]:
        """Return how often each idea occurs in a text of a language, flattened: 0, 1, then growing slowly."""
        found = np.zeros(len(self.ideas), dtype=np.float32)
        for column in self._of.get(language, self._of_unknown).ideas_in(text):
            found[column] += 1
        found[-len(ARTICLES) :] = _cited(text)
        return np.log2(1 + found)


class _List:
    """Entries of one or several languages, ready to be looked up."""

    def __init__(self, parts: Mapping[str, Iterable[tuple[int, str]]]) -> None:
        self._whole: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        self._second: dict[str, dict[str, set[int]]] = {}
        for column, entry in chain.from_iterable(parts.values()):
            self._add(entry, column)
        self._of_word = lru_cache(maxsize=50_000)(self._ideas_of_word)

    def ideas_in(self, text: str) -> Iterator[int]:
        """Yield the idea of each hint in a text."""
        before = ""
        for word in _WORD.findall(text.lower().replace("’", "'")):
            yield from self._of_word(word)
            if before in self._second:
                yield from _matching(self._second[before], word)
            before = word

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
    """Return the packaged lists."""
    with resources.files("classify").joinpath("data/cues.toml").open("rb") as stream:
        return Cues(tomllib.load(stream))


def _entries(table: Mapping[str, Mapping[str, list[str]]], language: str) -> list[tuple[int, str]]:
    return [(column, entry) for column, by in enumerate(table.values()) for entry in by.get(language, ())]


def _cited(text: str) -> list[int]:
    """Tell of each article whether the text cites it, alone or in a list."""
    cited = {int(number) for citation in _CITATION.findall(text) for number in _NUMBER.findall(citation)}
    return [int(number in cited) for number in ARTICLES]


def _matching(stems: Mapping[str, set[int]], word: str) -> set[int]:
    """Return the ideas of every stem that the word begins with."""
    found: set[int] = set()
    for end in range(min(MIN_STEM, len(word)), len(word) + 1):  # a word of one letter matches as a whole
        found |= stems.get(word[:end], set())
    return found
