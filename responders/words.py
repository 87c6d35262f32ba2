"""The words that the letters of one language share: kinds of request, fields, names of the law, dates.

Read from `templates/<language>/words.toml`. A word that is not there is an error, never a gap in a letter.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list

from models.errors import SettingsError
from models.organisation import Regime
from models.verdict import Kind


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words; `tables` are those of the file."""

    language: str
    locale: str
    first_of_month: str
    """How the day number 1 is written ("1er" in French), '' where as any other."""
    tables: dict[str, dict[str, str]]

    def date(self, day: date | None) -> str:
        """Return a date as people write it in full, '' for none."""
        if day is None:
            return ""
        text = _long_date(day, self.locale)
        return self.first_of_month + text[1:] if self.first_of_month and day.day == 1 else text

    def kind(self, kind: Kind, regime: Regime) -> str:
        """Return a kind of request in plain words, with the article of the law that governs the organisation."""
        own = self.tables.get(f"kinds_{regime}", {})
        return (own.get(kind) or self.word("kinds", kind)).replace("{law}", self.word("law", regime))

    def field(self, name: str) -> str:
        """Return what a requester is asked for, e.g. "your full name"."""
        return self.word("fields", name)

    def listed(self, words: Iterable[str]) -> str:
        """Return the words as one phrase: "a, b and c"."""
        return str(format_list(list(words), locale=self.locale))

    def word(self, table: str, key: str) -> str:
        """Return a word of a table; raises SettingsError where there is none."""
        word = self.tables.get(table, {}).get(key)
        if not word:
            msg = f"{self.language}/words.toml has no word for {key} in [{table}]"
            raise SettingsError(msg)
        return word


def read_words(folder: Path) -> Words:
    """Return the words of a language's folder; raises SettingsError where the file is missing or broken."""
    try:
        content = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
        locale = str(Locale.parse(content.get("locale", folder.name)))
    except (OSError, ValueError, UnknownLocaleError) as error:
        msg = f"{folder.name}/words.toml cannot be read: {error}"
        raise SettingsError(msg) from error
    tables = {name: table for name, table in content.items() if isinstance(table, dict)}
    return Words(folder.name, locale, str(content.get("first_of_month", "")), tables)


def shipped_words(language: str) -> Words:
    """Return the words of a shipped language; raises SettingsError where there is no such language."""
    return read_words(Path(__file__).parent / "templates" / language)


@lru_cache(maxsize=1024)
def _long_date(day: date, locale: str) -> str:
    return str(format_date(day, "long", locale=locale))
