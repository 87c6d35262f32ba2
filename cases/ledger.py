"""The ledger: what became of every mail, the last received first.

Built for millions of mails: what is listed is read in order from one index, that of the filter that fits the fewest.
Lists end. What no index knows (parts of reasons, several filters together) is looked for among the newest
mails of that index alone; `Ledger.older` says from where to look further. Nothing here reads all mails.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    table: Any = Message

    def newest(self, most: int) -> Select[Any]:
        """Return the query for number and receipt of the newest mails on it, which the index alone answers."""
        query: Select[Any] = select(_number(self.table), self.table.received_at).where(*self.conditions)
        return query.order_by(*_newest_first(self.table)).limit(most)

    def newest_asked(self, most: int) -> Select[Any]:
        """Return the query for the newest mails on it, with all that filters ask of a mail."""
        query = self.newest(most).with_only_columns(*(getattr(Message, name) for name in _ASKED))
        on_shelf = col(MessageLabel.message_id) == col(Message.id)
        return query.join(MessageLabel, on_shelf) if self.table is MessageLabel else query

    def size(self, session: Session, most: int) -> int:
        """Return how many mails are on it, as far as counting goes."""
        some = select(self.table.received_at).where(*self.conditions).limit(most).subquery()
        return session.exec(select(func.count()).select_from(some)).one()


_ASKED = ("id", "received_at", "organisation", "mailbox", "outcome", "message_id", "reason")


def ledger(session: Session, filters: LedgerFilters, zones: Zones, reach: Reach = REACH) -> Ledger:
    """Return one page of the mails that fit, the last received first."""
    shelves = _shelves(filters, zones)
    # Databases guess the narrowest index wrong where a list is to be short.
    sizes = [shelf.size(session, reach.looked_through) for shelf in shelves] if len(shelves) > 1 else [0]
    shelf = shelves[sizes.index(min(sizes))]
    is_filtered = bool(filters.words or filters.since or filters.until or len(shelves) > 1)
    found = (
        _found(session, shelf, filters, zones, reach) if is_filtered else _listed(session, shelf.newest(reach.listed))
    )
    ids = list(dict.fromkeys([*_named(session, filters, zones), *(number for number, _ in found)]))[: reach.listed]
    is_cut = len(found) == reach.listed
    last = found[-1][1] if is_cut else _looked_back_to(session, shelf, reach) if is_filtered else None
    pages = max((len(ids) + PAGE - 1) // PAGE, 1)
    page = min(max(filters.page, 1), pages)
    rows = _rows(session, ids[(page - 1) * PAGE : page * PAGE])
    return Ledger(rows, len(ids), page, pages, is_cut, _day_before(last, filters, zones))


def _shelves(filters: LedgerFilters, zones: Zones) -> Sequence[_Shelf]:
    """Return the indexes that fit a filter each, narrowed to the days; that of all mails where there is no filter."""
    days = tuple(_around_days(Message, filters, zones))
    found = [_Shelf(name, (one, *days)) for name, one in _equal(filters, Message).items()]
    if filters.label in set(Label):
        labelled = (col(MessageLabel.label) == filters.label, *_around_days(MessageLabel, filters, zones))
        found.append(_Shelf("label", labelled, MessageLabel))
    return found or [_Shelf("", days)]


def _found(
    session: Session, shelf: _Shelf, filters: LedgerFilters, zones: Zones, reach: Reach
) -> Sequence[tuple[int, datetime]]:
    """Return number and receipt of the newest mails of an index that fit all filters, in order."""
    for looked_through in (reach.first, reach.looked_through):
        # What is asked of a mail comes out of the narrowed query itself: a join would be made with all mails.
        some = shelf.newest_asked(looked_through).subquery()
        fitting = select(some.c.id, some.c.received_at).where(*_all(filters, zones, some.c, shelf.name))
        found = _listed(session, fitting.order_by(*_newest_first(some.c)).limit(reach.listed))
        if len(found) == reach.listed:
            break
    return found


def _listed(session: Session, query: Select[Any]) -> Sequence[tuple[int, datetime]]:
    return [(row[0], row[1]) for row in session.execute(query)]


def _looked_back_to(session: Session, shelf: _Shelf, reach: Reach) -> datetime | None:
    """Return the receipt of the last mail that was looked at, None where all were."""
    last = _listed(session, shelf.newest(1).offset(reach.looked_through - 1))
    return last[0][1] if last else None


def _named(session: Session, filters: LedgerFilters, zones: Zones) -> Sequence[int]:
    """Return the mails that the words name: by number, or by Message-ID with or without its brackets."""
    words, names = filters.words, []
    if words.isdecimal() and len(words) < _DIGITS:
        names.append(col(Message.id) == int(words))
    if "@" in words:
        names.append(col(Message.message_id).in_([words, f"<{words}>"]))
    if not names:
        return []
    others = _all(replace(filters, words=""), zones, Message)
    query = select(col(Message.id)).where(or_(*names), *others).order_by(*_newest_first(Message))
    return [number or 0 for number in session.exec(query.limit(MOST))]


def _rows(session: Session, ids: Sequence[int]) -> list[tuple[Message, str | None]]:
    query = select(Message, Case.reference).outerjoin(Case, col(Case.id) == col(Message.case_id))
    found = {row.id: (row, reference) for row, reference in session.exec(query.where(col(Message.id).in_(ids)))}
    return [found[number] for number in ids if number in found]


def _newest_first(table: Any) -> Sequence[Any]:
    return [table.received_at.desc(), _number(table).desc()]


def _number(table: Any) -> Any:
    return table.message_id if table is MessageLabel else table.id


def _all(filters: LedgerFilters, zones: Zones, mail: Any, fulfilled: str = "") -> list[ColumnElement[bool]]:
    """Return the conditions on a mail that filters stand for, but for one that is fulfilled already."""
    found = [one for name, one in _equal(filters, mail).items() if name != fulfilled]
    if filters.label in set(Label) and fulfilled != "label":
        of_mail = (col(MessageLabel.message_id) == mail.id, col(MessageLabel.label) == filters.label)
        found.append(select(MessageLabel.label).where(*of_mail).exists())
    if filters.since or filters.until:
        found.append(_on_days(mail, filters, zones))
    if filters.words:
        found.append(or_(*(one.icontains(filters.words, autoescape=True) for one in (mail.reason, mail.message_id))))
    return found


def _equal(filters: LedgerFilters, mail: Any) -> dict[str, ColumnElement[bool]]:
    """Return the conditions that have an index on the table of mails."""
    found = {}
    if filters.organisation:
        found["organisation"] = mail.organisation == filters.organisation
    if filters.outcome in set(Outcome):
        found["outcome"] = mail.outcome == Outcome(filters.outcome)
    if filters.mailbox:
        found["mailbox"] = mail.mailbox == filters.mailbox
    return found


def _around_days(table: Any, filters: LedgerFilters, zones: Zones) -> list[ColumnElement[bool]]:
    """Return bounds that hold for every zone: what an index can be read between."""
    spans = [_span(filters, ZoneInfo(zone)) for zone in {*zones.values(), "UTC"}]
    begins, ends = [begin for begin, _ in spans if begin], [end for _, end in spans if end]
    found = [table.received_at >= min(begins)] if begins else []
    return [*found, table.received_at < max(ends)] if ends else found


def _on_days(mail: Any, filters: LedgerFilters, zones: Zones) -> ColumnElement[bool]:
    """Return the condition that a mail came in between the days by the clocks at its mailbox."""
    boxes: dict[str, list[str]] = {}
    for mailbox, zone in zones.items():
        boxes.setdefault(zone, []).append(mailbox)
    groups = [(zone, mail.mailbox.in_(names)) for zone, names in boxes.items()]
    groups.append(("UTC", mail.mailbox.not_in(list(zones))))
    return or_(*(and_(which, *_between(mail, _span(filters, ZoneInfo(zone)))) for zone, which in groups))


def _between(mail: Any, span: tuple[datetime | None, datetime | None]) -> list[ColumnElement[bool]]:
    begin, end = span
    found = [mail.received_at >= begin] if begin else []
    return [*found, mail.received_at < end] if end else found


def _span(filters: LedgerFilters, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return when the first day begins and the last one ends in a zone, None for no limit."""
    begin = _begin(date.fromisoformat(filters.since), zone) if filters.since else None
    end = _begin(date.fromisoformat(filters.until) + timedelta(days=1), zone) if filters.until else None
    return begin, end


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _day_before(instant: datetime | None, filters: LedgerFilters, zones: Zones) -> str:
    """Return the day of an instant, the latest of all zones; '' for none, and where the list ends on it already."""
    if instant is None:
        return ""
    day = max(instant.astimezone(ZoneInfo(zone)).date() for zone in {*zones.values(), "UTC"}).isoformat()
    return "" if day == filters.until else day
