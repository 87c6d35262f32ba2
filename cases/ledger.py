"""The ledger: what became of every mail, the last received first.

Built for millions of mails: what is listed is read in order from one index, that of the filter that fits the fewest.
Lists end. What no index knows (parts of reasons, several filters together) is looked for among the newest
mails of that index alone; `Ledger.older` says from where to look further. Nothing here reads all mails.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlmodel import Session, col, func, select

from cases.worklist import MOST
from models.case import Case
from models.message import Message, MessageLabel, Outcome
from models.verdict import Label

PAGE = 50
_DIGITS = 10
Zones = Mapping[str, str]
"""The time zones of mailboxes, by name; a mailbox that is not there any more counts in UTC."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where looking ends."""

    listed: int = MOST
    """Longer lists are narrowed by filters, not paged through."""
    first: int = 3_000
    """Most lists are full after so many."""
    looked_through: int = 10_000


REACH = Reach()


@dataclass(frozen=True, slots=True)
class LedgerFilters:
    """What the ledger is narrowed to; '' for no limit."""

    organisation: str = ""
    outcome: str = ""
    mailbox: str = ""
    label: str = ""
    since: str = ""
    """The first day of receipt, YYYY-MM-DD, by the clocks at the mailbox."""
    until: str = ""
    """The last one."""
    words: str = ""
    """A number, a Message-ID, or a part of one or of the reason."""
    page: int = 1

    def query(self, **changes: object) -> Mapping[str, str]:
        """Return the filters as parts of an address, with some changed; nobody chooses an organisation by it."""
        named = {
            **{"outcome": self.outcome, "mailbox": self.mailbox, "label": self.label},
            **{"since": self.since, "until": self.until, "q": self.words},
        }
        changed = {key: str(value) if value else "" for key, value in changes.items()}
        return {key: value for key, value in (named | changed).items() if value}


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of the ledger."""

    rows: Sequence[tuple[Message, str | None]]
    """Each mail, and the reference of its case."""
    count: int
    """How many mails were found."""
    page: int
    pages: int
    is_cut: bool
    """The list ended: more mails may fit."""
    older: str = ""
    """The day from which backwards more may be found; '' where all is found."""

    @property
    def counted(self) -> str:
        """Return the count for people: with a plus where the list ended."""
        return f"{self.count:,}{'+' if self.is_cut else ''}"


@dataclass(frozen=True, slots=True)
class _Shelf:
    """An index that has mails in the order of their receipt."""

    name: str
    """The filter that it fulfils, '' for none."""
    conditions: tuple[ColumnElement[bool], ...]
    number: Any
    received_at: Any

    def newest(self, most: int) -> Select[Any]:
        """Return the query for the newest mails on it."""
        query = select(self.number.label("id"), self.received_at.label("at")).where(*self.conditions)
        return query.order_by(self.received_at.desc(), self.number.desc()).limit(most)


def ledger(session: Session, filters: LedgerFilters, zones: Zones, reach: Reach = REACH) -> Ledger:
    """Return one page of the mails that fit, the last received first."""
    shelf = _narrowest(session, _shelves(filters, zones), reach)
    others = [*_others(filters, shelf.name), *_on_days(filters, zones)]
    asked = [*others, _words(filters.words)] if filters.words else others
    found = _found(session, shelf, asked, reach)
    ids = list(dict.fromkeys([*_named(session, filters, zones), *(number for number, _ in found)]))[: reach.listed]
    is_cut = len(found) == reach.listed
    last = found[-1][1] if is_cut else _looked_back_to(session, shelf, reach) if asked else None
    pages = max((len(ids) + PAGE - 1) // PAGE, 1)
    page = min(max(filters.page, 1), pages)
    rows = _rows(session, ids[(page - 1) * PAGE : page * PAGE])
    return Ledger(rows, len(ids), page, pages, is_cut, _day_before(last, filters, zones))


def _shelves(filters: LedgerFilters, zones: Zones) -> Sequence[_Shelf]:
    """Return the indexes that fit a filter each, narrowed to the days; that of all mails where there is no filter."""
    number, received = col(Message.id), col(Message.received_at)
    days = tuple(_around_days(received, filters, zones))
    found = [_Shelf(name, (one, *days), number, received) for name, one in _equal(filters).items()]
    if filters.label in set(Label):
        received = col(MessageLabel.received_at)
        narrowed = (col(MessageLabel.label) == filters.label, *_around_days(received, filters, zones))
        found.append(_Shelf("label", narrowed, col(MessageLabel.message_id), received))
    return found or [_Shelf("", days, number, received)]


def _equal(filters: LedgerFilters) -> dict[str, ColumnElement[bool]]:
    found: dict[str, ColumnElement[bool]] = {}
    if filters.organisation:
        found["organisation"] = col(Message.organisation) == filters.organisation
    if filters.outcome in set(Outcome):
        found["outcome"] = col(Message.outcome) == Outcome(filters.outcome)
    if filters.mailbox:
        found["mailbox"] = col(Message.mailbox) == filters.mailbox
    return found


def _narrowest(session: Session, shelves: Sequence[_Shelf], reach: Reach) -> _Shelf:
    """Return the index with the fewest mails; databases guess that wrong where a list is to be short."""
    if len(shelves) == 1:
        return shelves[0]

    def count(shelf: _Shelf) -> int:
        """Count the mails on an index, as far as they would be looked through."""
        return session.exec(select(func.count()).select_from(shelf.newest(reach.looked_through).subquery())).one()

    return min(shelves, key=count)


def _others(filters: LedgerFilters, fulfilled: str = "") -> list[ColumnElement[bool]]:
    """Return the conditions of the filters but for one that is fulfilled already."""
    found = [one for name, one in _equal(filters).items() if name != fulfilled]
    if filters.label in set(Label) and fulfilled != "label":
        of_mail = (col(MessageLabel.message_id) == col(Message.id), col(MessageLabel.label) == filters.label)
        found.append(select(MessageLabel.label).where(*of_mail).correlate(Message).exists())
    return found


def _found(
    session: Session, shelf: _Shelf, others: Sequence[ColumnElement[bool]], reach: Reach
) -> Sequence[tuple[int, datetime]]:
    """Return number and receipt of the mails that fit, in order."""
    if not others:
        return [(number, at) for number, at in session.execute(shelf.newest(reach.listed))]
    found = _among(session, shelf.newest(reach.first), others, reach.listed)
    is_full = len(found) == reach.listed
    return found if is_full else _among(session, shelf.newest(reach.looked_through), others, reach.listed)


def _among(
    session: Session, newest: Select[Any], conditions: Sequence[ColumnElement[bool]], most: int
) -> Sequence[tuple[int, datetime]]:
    some = newest.subquery()
    query = select(col(Message.id), col(Message.received_at)).join(some, some.c.id == col(Message.id))
    query = query.where(*conditions).order_by(col(Message.received_at).desc(), col(Message.id).desc())
    return [(number or 0, at) for number, at in session.exec(query.limit(most))]


def _looked_back_to(session: Session, shelf: _Shelf, reach: Reach) -> datetime | None:
    """Return the receipt of the last mail that was looked at, None where all were."""
    last = session.execute(shelf.newest(1).offset(reach.looked_through - 1)).first()
    return last.at if last else None


def _named(session: Session, filters: LedgerFilters, zones: Zones) -> Sequence[int]:
    """Return the mails that the words name: by number, or by Message-ID with or without its brackets."""
    words, names = filters.words, []
    if words.isdecimal() and len(words) < _DIGITS:
        names.append(col(Message.id) == int(words))
    if "@" in words:
        names.append(col(Message.message_id).in_([words, f"<{words}>"]))
    if not names:
        return []
    query = select(col(Message.id)).where(or_(*names), *_others(filters), *_on_days(filters, zones))
    return [number or 0 for number in session.exec(query.order_by(col(Message.id).desc()).limit(MOST))]


def _words(words: str) -> ColumnElement[bool]:
    columns = (col(Message.reason), col(Message.message_id))
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def _rows(session: Session, ids: Sequence[int]) -> list[tuple[Message, str | None]]:
    query = select(Message, Case.reference).outerjoin(Case, col(Case.id) == col(Message.case_id))
    found = {row.id: (row, reference) for row, reference in session.exec(query.where(col(Message.id).in_(ids)))}
    return [found[number] for number in ids if number in found]


def _around_days(received: Any, filters: LedgerFilters, zones: Zones) -> list[ColumnElement[bool]]:
    """Return bounds that hold for every zone: what an index can be read between."""
    named = {ZoneInfo(zone) for zone in zones.values()} | {ZoneInfo("UTC")}
    found = []
    if filters.since:
        found.append(received >= min(_begin(filters.since, zone) for zone in named))
    if filters.until:
        found.append(received < max(_begin(_next(filters.until), zone) for zone in named))
    return found


def _on_days(filters: LedgerFilters, zones: Zones) -> list[ColumnElement[bool]]:
    """Return the condition that a mail came in between the days by the clocks at its mailbox."""
    if not (filters.since or filters.until):
        return []
    boxes: dict[str, list[str]] = {}
    for mailbox, zone in zones.items():
        boxes.setdefault(zone, []).append(mailbox)
    groups = [(zone, col(Message.mailbox).in_(names)) for zone, names in boxes.items()]
    groups.append(("UTC", col(Message.mailbox).not_in(list(zones))))
    return [or_(*(and_(which, *_between(filters, ZoneInfo(zone))) for zone, which in groups))]


def _between(filters: LedgerFilters, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    received, found = col(Message.received_at), []
    if filters.since:
        found.append(received >= _begin(filters.since, zone))
    if filters.until:
        found.append(received < _begin(_next(filters.until), zone))
    return found


def _begin(day: str, zone: ZoneInfo) -> datetime:
    """Return the instant at which a day begins; where clocks jump over midnight, the jump."""
    return datetime.combine(date.fromisoformat(day), time(), zone).astimezone(UTC)


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _day_before(instant: datetime | None, filters: LedgerFilters, zones: Zones) -> str:
    """Return the day of an instant, the latest of all zones; '' for none, and where the list ends on it already."""
    if instant is None:
        return ""
    day = max(instant.astimezone(ZoneInfo(zone)).date() for zone in {*zones.values(), "UTC"}).isoformat()
    return "" if day == filters.until else day
