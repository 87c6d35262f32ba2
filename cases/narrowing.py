"""Further filters of the queue: facts of cases, days, and what the numbers of the dashboard link to.

Each is a part of the address; what cannot be read as a day is as if it were not there. Facts and due dates are looked
up among the words of cases; the others are asked of the cases themselves.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from cases.finding import Term
from cases.owing import is_owed
from models.case import UNDATED, Case, CaseState, Identity, ItemResult, RequestItem
from models.casework import ClockFact, FactSort, PauseReason, ThirdParty
from models.files import FileSort
from models.outbox import OutboxMail, OutboxState
from models.tally import Breach
from models.verdict import Confidence
from store.case_index import SOME_FILE, fact_word, tag_word

Window = tuple[date | None, date | None]
"""The first and the last place in the queue; None for no limit."""

_FACTS = (
    *("of", "mailbox", "language", "identity", "result", "stopped", "replied", "mention", "merged"),
    *("bounced", "held", "files", "confidence", "deletion"),
)
"""Filters that are kept among a case's words by this name."""
_WORDS = {
    "of": "organisation",
    "mailbox": "mailbox",
    "language": "language",
    "identity": "identity",
    "role": "role",
    "result": "result",
    "stopped": "stopped by a question for",
    "tag": "tag",
    "replied": "the person has written",
    "mention": "mentions",
    "merged": "merged into another case",
    "bounced": "a letter came back",
    "held": "a letter did not go out",
    "files": "files:",
    "confidence": "confidence:",
    "deletion": "its deletion was asked for",
    "target": "our own target",
    "due_from": "due from",
    "due_to": "due until",
    "received_from": "received from",
    "received_to": "received until",
    "answered_from": "answered from",
    "answered_to": "answered until",
    "late_from": "late, due from",
    "late_to": "late, due until",
    "extended": "extended",
    "unopened": "not opened, older than a day",
    "elsewhere": "waits for a third party",
    "acknowledged_from": "acknowledged from",
    "acknowledged_to": "acknowledged until",
    "asked_from": "third party asked from",
    "asked_to": "third party asked until",
    "bounced_from": "a letter came back, sent from",
    "bounced_to": "a letter came back, sent until",
}
_TICKS = frozenset({"extended", "elsewhere", "replied", "merged", "bounced", "held", "deletion"})
ROLES = ("controller", "processor")
"""What the organisation is to the data: its own, or that of a customer whom a case names."""
FILES = (SOME_FILE, *FileSort)
TARGETS = ("passed", "within_3_days")
"""Whether the day on which we want to have answered is over, or near."""

_ABLE: Mapping[str, Collection[str]] = {
    "identity": frozenset(Identity),
    "role": ROLES,
    "result": frozenset(ItemResult),
    "stopped": frozenset(PauseReason),
    "files": FILES,
    "confidence": frozenset(Confidence),
    "target": TARGETS,
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the queue is narrowed to besides; '' for no limit. Days are YYYY-MM-DD, both ends counted."""

    of: str = ""
    """An organisation; nobody sees more by it than they may."""
    mailbox: str = ""
    language: str = ""
    identity: str = ""
    role: str = ""
    result: str = ""
    """How an item of it ended."""
    stopped: str = ""
    """What the person was asked for, and has not answered."""
    tag: str = ""
    replied: str = ""
    """The person wrote, and nobody of staff has looked since."""
    mention: str = ""
    """Somebody whom a note mentions, and who has not looked since."""
    merged: str = ""
    bounced: str = ""
    held: str = ""
    deletion: str = ""
    """A second person is to say whether it is deleted."""
    files: str = ""
    """A sort of file that came with it, or SOME_FILE."""
    confidence: str = ""
    """The band of the least sure thing that it asks for."""
    target: str = ""
    due_from: str = ""
    due_to: str = ""
    received_from: str = ""
    received_to: str = ""
    answered_from: str = ""
    answered_to: str = ""
    late_from: str = ""
    """Requests that were not answered in time, by their due date."""
    late_to: str = ""
    extended: str = ""
    unopened: str = ""
    """Nobody has looked at it; opened before this instant, as YYYY-MM-DDTHH:MM:SSZ."""
    elsewhere: str = ""
    acknowledged_from: str = ""
    acknowledged_to: str = ""
    asked_from: str = ""
    asked_to: str = ""
    bounced_from: str = ""
    bounced_to: str = ""
    timezone: str = "UTC"
    """In which days begin; no part of the address."""

    @classmethod
    def of_address(cls, asked: Mapping[str, str], timezone: str) -> "Narrowing":
        """Return the filters that the parts of an address name."""
        found = {name: asked[name][:100] for name in _WORDS if asked.get(name)}
        return cls(**{name: value for name, value in found.items() if _is_sound(name, value)}, timezone=timezone)

    def query(self) -> dict[str, str]:
        """Return the filters as parts of an address."""
        named = {one.name: getattr(self, one.name) for one in fields(self) if one.name in _WORDS}
        return {name: value for name, value in named.items() if value}

    def words(self) -> list[tuple[str, str]]:
        """Return each filter that is set: its name, and what it says."""
        return [(name, _said(name, value)) for name, value in self.query().items()]


NOT_NARROWED = Narrowing()


def facts_of(by: Narrowing) -> Iterator[str]:
    """Yield what a case must have among its words."""
    yield from (fact_word(name, value) for name in _FACTS if (value := getattr(by, name)))
    if by.tag:
        yield tag_word(by.tag)
    if by.role == "processor":
        yield fact_word("role", by.role)


def absent_facts_of(by: Narrowing) -> Iterator[str]:
    """Yield what a case must not have among its words."""
    if by.role == "controller":
        yield fact_word("role", "processor")


def target_of(by: Narrowing, today: date) -> list[Term]:
    """Return the days, as facts, on one of which we want to have answered."""
    if by.target == "passed":
        return [target_between(None, today - timedelta(days=1))]
    return [target_between(today, today + timedelta(days=3))] if by.target else []


def target_between(first: date | None, last: date | None) -> Term:
    """Return the fact that we want to have answered on a day from the first to the last; None for no limit."""
    behind = (last + timedelta(days=1)).isoformat() if last else "~"
    return Term(fact_word("target", first.isoformat() if first else ""), until=fact_word("target", behind))


def conditions_of(by: Narrowing) -> list[ColumnElement[bool]]:
    """Return the conditions on cases."""
    return [*_of_columns(by), *_of_days(by), *_of_rows(by)]


def window_of(by: Narrowing) -> Window:
    """Return the first and the last due date; without a limit, cases that have none fit, too."""
    is_limited = by.due_from or by.due_to
    last = date.fromisoformat(by.due_to) if by.due_to else UNDATED - timedelta(days=1)
    return date.fromisoformat(by.due_from) if by.due_from else None, last if is_limited else None


def _of_columns(by: Narrowing) -> Iterator[ColumnElement[bool]]:
    if by.unopened:
        yield col(Case.first_opened_at).is_(None)
        yield col(Case.opened_at) < datetime.fromisoformat(by.unopened)


def _of_days(by: Narrowing) -> Iterator[ColumnElement[bool]]:
    yield from _between(Case.received_at, by.received_from, by.received_to, by.timezone)
    yield from _between(Case.acknowledged_at, by.acknowledged_from, by.acknowledged_to, by.timezone)
    if by.answered_from or by.answered_to:
        told = _between(RequestItem.told_at, by.answered_from, by.answered_to, by.timezone)
        yield col(Case.id).in_(select(RequestItem.case_id).where(*told, ~is_owed()))
    if by.late_from or by.late_to:
        late = _on_days(Breach.due_on, by.late_from, by.late_to)
        yield col(Case.id).in_(select(Breach.case_id).where(*late))


def _of_rows(by: Narrowing) -> Iterator[ColumnElement[bool]]:
    if by.extended:
        told = col(ClockFact.letter_id).is_(None) | (col(OutboxMail.state) == OutboxState.SENT)
        extended = select(RequestItem.case_id).join(ClockFact, col(ClockFact.item_id) == col(RequestItem.id))
        extended = extended.outerjoin(OutboxMail, col(OutboxMail.id) == col(ClockFact.letter_id))
        yield col(Case.id).in_(extended.where(col(ClockFact.sort) == FactSort.EXTENSION, told, is_owed()))
    if by.elsewhere:
        yield col(Case.status) != CaseState.CLOSED
        yield col(Case.id).in_(select(ThirdParty.case_id).where(col(ThirdParty.answered_on).is_(None)))
    if by.asked_from or by.asked_to:
        asked = _on_days(ThirdParty.asked_on, by.asked_from, by.asked_to)
        yield col(Case.id).in_(select(ThirdParty.case_id).where(*asked))
    if by.bounced_from or by.bounced_to:
        sent = _between(OutboxMail.sent_at, by.bounced_from, by.bounced_to, by.timezone)
        bounced = select(OutboxMail.case_id).where(col(OutboxMail.state) == OutboxState.FAILED, *sent)
        yield col(Case.id).in_(bounced.where(col(OutboxMail.case_id).is_not(None)))


def _said(name: str, value: str) -> str:
    if name in _TICKS or name == "unopened":
        return _WORDS[name]
    return f"{_WORDS[name]} {value.replace('_', ' ') if name in _ABLE else value}"


def _on_days(column: Any, first: str, last: str) -> Iterator[ColumnElement[bool]]:
    if first:
        yield column >= date.fromisoformat(first)
    if last:
        yield column <= date.fromisoformat(last)


def _between(column: Any, first: str, last: str, timezone: str) -> Iterator[ColumnElement[bool]]:
    if first:
        yield column >= _begin(first, timezone)
    if last:
        yield column < _begin(last, timezone, days=1)


def _begin(day: str, timezone: str, *, days: int = 0) -> datetime:
    return datetime.combine(date.fromisoformat(day) + timedelta(days=days), datetime.min.time(), ZoneInfo(timezone))


def _is_sound(name: str, value: str) -> bool:
    if name in _TICKS:
        return value == "1"
    if name in _ABLE:
        return value in _ABLE[name]
    if not name.endswith(("_from", "_to")) and name != "unopened":
        return True
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return False
    return 1900 <= found.year <= 2999 and (found.tzinfo is not None) == (name == "unopened") and _is_plain(name, value)


def _is_plain(name: str, value: str) -> bool:
    return name == "unopened" or len(value) == len("YYYY-MM-DD")
