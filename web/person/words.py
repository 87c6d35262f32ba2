"""The words of the requester's page, one file a language; kinds, proofs and dates are those of the letters."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from models.letter import Proof
from models.organisation import Regime
from models.verdict import Kind
from responders.words import Words, shipped_words

_FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "nl", "pl")


@dataclass(frozen=True, slots=True)
class PageWords:
    """One language: what the page says, by section and key."""

    language: str
    own_name: str
    own: Mapping[str, Mapping[str, str]]
    letters: Words

    def say(self, section: str, key: str, **values: object) -> str:
        """Return a sentence with its values filled in; raises KeyError for one that there is not."""
        return self.own[section][key].format(**values)

    def kind(self, kind: Kind, regime: Regime) -> str:
        """Return a kind of request in plain words."""
        text = self.letters.kind(kind, regime)
        return text[:1].upper() + text[1:]

    def proof(self, proof: Proof) -> str:
        """Return what is asked for, as the letter asked for it."""
        return self.letters.word("proofs", proof)

    def date(self, day: date | None) -> str:
        """Return a day in full, '' for none."""
        return self.letters.date(day)


@cache
def page_words(language: str) -> PageWords:
    """Return the words of one of the eight languages."""
    own = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return PageWords(language, own.pop("name"), own, shipped_words(language))


def accepted_language(header: str) -> str:
    """Return the first of the eight languages that a browser asks for, else English."""
    wanted = (part.partition(";")[0].strip().lower()[:2] for part in header[:200].split(","))
    return next((one for one in wanted if one in LANGUAGES), LANGUAGES[0])
