"""Notes of a case as its page shows them: whom they mention stands out, and whom they mention in vain is told."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from cases.mentions import mentions_in, unheard


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note."""

    number: int
    by: str
    at: str
    words: Markup
    unheard: tuple[str, ...]
    """Names after an @ that nobody has who may see the case."""


def notes_of(rows: Iterable[dict[str, Any]], names: Collection[str]) -> list[ShownNote]:
    """Return notes, oldest first; the names are those of the staff who may see the case."""
    return [
        ShownNote(row["id"], row["by"], row["at"], _marked(row["words"], names), tuple(unheard(row["words"], names)))
        for row in rows
    ]


def _marked(words: str, names: Collection[str]) -> Markup:
    found, done = Markup(), 0
    for one in mentions_in(words, names):
        if one.name:
            found += escape(words[done : one.start]) + Markup("<mark>{}</mark>").format(words[one.start : one.end])
            done = one.end
    return found + escape(words[done:])
