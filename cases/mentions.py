"""Mentions: "@ana" in a note tells Ana of it, until she opens the case."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.accounts import StaffMember
from models.case import Case

_AT = re.compile(r"(?<![\w@])@(?=\w)")
_NAME = re.compile(r"[\w.-]*\w")
_GOES_ON = re.compile(r"\w|[-.]\w")


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text mentions somebody: "@" and a name, from and to."""

    start: int
    end: int
    written: str
    name: str
    """Of the staff; '' where nobody who may see the case is called so."""


def mentions_in(words: str, names: Collection[str]) -> Iterator[Mention]:
    """Yield the mentions of a text; a name counts however its capitals are written, the longest that fits first."""
    known = sorted(names, key=len, reverse=True)
    for at in _AT.finditer(words):
        rest = words[at.end() :]
        name = next((one for one in known if _begins(rest, one)), "")
        match = _NAME.match(rest)
        written = rest[: len(name)] if name else match[0] if match else ""
        yield Mention(at.start(), at.end() + len(written), written, name)


def names_who_see(session: Session, case: Case) -> list[str]:
    """Return the names of the staff who may see a case."""
    theirs = col(StaffMember.organisation).in_(["", case.organisation])
    return list(session.exec(select(StaffMember.name).where(col(StaffMember.is_active).is_(True), theirs)))


def unheard(words: str, names: Collection[str]) -> list[str]:
    """Return whom a text mentions in vain, as written, each once."""
    return list(dict.fromkeys(one.written for one in mentions_in(words, names) if not one.name))


def _begins(text: str, name: str) -> bool:
    return text[: len(name)].casefold() == name.casefold() and not _GOES_ON.match(text[len(name) :])
