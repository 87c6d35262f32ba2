"""What somebody typed into the search of the queue: words, and parts like "from:mara", "due:<7d" or "right:erasure".

A part whose name is none of ours is searched for as words. One that is ours and says nothing sensible fits no case, and
is told.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col

from cases.finding import Term
from cases.narrowing import ROLES, Window, target_between
from models.case import UNDATED, Case, CaseState, Identity, ItemResult
from models.casework import PauseReason
from models.files import FileSort
from models.verdict import Confidence, Kind
from store.case_index import SOME_FILE, fact_word, tag_word, words_in

_MOST = 8
_DUE = re.compile(r"([<>]?)(?:(\d{1,4})d|(\d{4}-\d\d-\d\d))")
_FACTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "right": ("kind", frozenset(Kind)),
    "kind": ("kind", frozenset(Kind)),
    "state": ("state", frozenset(CaseState)),
    "identity": ("identity", frozenset(Identity)),
    "result": ("result", frozenset(ItemResult)),
    "stopped": ("stopped", frozenset(PauseReason)),
    "role": ("role", frozenset(ROLES[1:])),
    "confidence": ("confidence", frozenset(Confidence)),
}
"""By what is typed: what it is called among the words of a case, and what it may say."""
_HAS: Mapping[str, str] = {
    **{sort.value: fact_word("files", sort) for sort in FileSort},
    **dict.fromkeys(("attachment", "file", "files"), fact_word("files", SOME_FILE)),
    "bounce": fact_word("bounced", "1"),
    "held": fact_word("held", "1"),
    "reply": fact_word("replied", "1"),
}
"""What a case may have, by what is typed behind "has:"."""


@dataclass
class Typed:
    """What was typed, as it is looked for."""

    terms: list[Term] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    conditions: list[ColumnElement[bool]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What says nothing, in words."""
    is_vain: bool = False
    """No case can fit."""


def typed_search(text: str, today: date) -> Typed:
    """Return what a search looks for."""
    found, words = Typed(), []
    for part in text.split():
        name, colon, value = part.partition(":")
        read = _PARTS.get(name.casefold()) if colon and value else None
        if read is None:
            words += words_in(part)
        elif not read(found, value, today):
            found.problems.append(part)
    found.terms += [Term(word, is_beginning=True) for word in dict.fromkeys(words)]
    is_something = bool(found.terms or found.windows)
    found.is_vain = bool(found.problems) or (bool(text.strip()) and not is_something)
    del found.terms[_MOST:]
    return found


def _of_person(found: Typed, value: str, _today: date) -> bool:
    words = [Term(word, is_beginning=True, is_persons=True) for word in words_in(value)]
    found.terms += words
    return bool(words)


def _of_case(found: Typed, value: str, _today: date) -> bool:
    found.terms += [Term(word, is_beginning=True) for word in words_in(value)]
    found.conditions.append(col(Case.reference).startswith(value.upper(), autoescape=True))
    return bool(words_in(value))


def _of_tag(found: Typed, value: str, _today: date) -> bool:
    found.terms.append(Term(tag_word(value)))
    return True


def _of_owner(found: Typed, value: str, _today: date) -> bool:
    found.terms.append(Term(fact_word("owner", "" if value == "nobody" else value)))
    return True


def _of_language(found: Typed, value: str, _today: date) -> bool:
    found.terms.append(Term(fact_word("language", value.casefold())))
    return True


def _of_what_it_has(found: Typed, value: str, _today: date) -> bool:
    fact = _HAS.get(value.casefold())
    found.terms += [Term(fact)] if fact else []
    return fact is not None


def _of_target(found: Typed, value: str, today: date) -> bool:
    window = _window("overdue" if value.casefold() == "passed" else value.casefold(), today)
    found.terms += [target_between(*window)] if window else []
    return window is not None


def _of_fact(name: str, able: frozenset[str]) -> Callable[[Typed, str, date], bool]:
    def read(found: Typed, value: str, _today: date) -> bool:
        """Take a fact that may be so."""
        found.terms.append(Term(fact_word(name, value.casefold())))
        return value.casefold() in able

    return read


def _of_due(found: Typed, value: str, today: date) -> bool:
    window = _window(value.casefold(), today)
    found.windows += [window] if window else []
    return window is not None


def _window(value: str, today: date) -> Window | None:
    """Return the due dates that a part names: today, overdue, 7d (on that day), <7d, >7d, <2026-03-02."""
    if value in ("today", "overdue"):
        return (today, today) if value == "today" else (None, today - timedelta(days=1))
    match = _DUE.fullmatch(value)
    if match is None:
        return None
    sign, days, day = match.groups()
    try:
        on = today + timedelta(days=int(days)) if days else date.fromisoformat(day)
    except ValueError:
        return None
    aday = timedelta(days=1)
    return {"<": (None, on - aday), ">": (on + aday, UNDATED - aday)}.get(sign, (on, on)) if _is_real(on) else None


def _is_real(day: date) -> bool:
    return 1 < day.year < UNDATED.year


_PARTS: Mapping[str, Callable[[Typed, str, date], bool]] = {
    "from": _of_person,
    "case": _of_case,
    "tag": _of_tag,
    "owner": _of_owner,
    "language": _of_language,
    "due": _of_due,
    "has": _of_what_it_has,
    "target": _of_target,
    **{name: _of_fact(*fact) for name, fact in _FACTS.items()},
}
