"""The queue: which cases, in which order. Earliest legal date first; waiting cases behind them, ended ones last.

Built for a million cases: what is listed is read in order from one index (`Case.queue_on`), counts end at `MOST`, and
words are looked up in an index of their own. Nothing here reads all cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam
from sqlmodel import Session, col, func, select

from cases.finding import found_by_words
from cases.narrowing import NOT_NARROWED, Narrowing, narrowed
from models.case import ENDED, UNDATED, Case, CaseState
from models.verdict import Kind

PAGE = 50
MOST = 1_000
"""Where counting ends: longer lists are narrowed by filters, not paged through."""
WINDOWS = ("overdue", "today", "3", "7", "ahead", "waiting")
"""Windows of the due date, as links name them."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; '' for no limit."""

    organisation: str = ""
    status: str = ""
    """A state of cases, "all", or '' for those that are not ended."""
    kind: str = ""
    due: str = ""
    owner: str = ""
    """A name, or "nobody"."""
    review: bool = False
    words: str = ""
    """Beginnings of words of reference, name, address or subject; "tag:" and a tag."""
    page: int = 1
    more: Narrowing = NOT_NARROWED
    """What the links of the dashboard narrow it to besides."""

    def query(self, **changes: object) -> Mapping[str, str]:
        """Return the filters as parts of an address, with some changed; nobody chooses an organisation by it."""
        named = {
            "status": self.status,
            "kind": self.kind,
            "due": self.due,
            "owner": self.owner,
            "review": "1" if self.review else "",
            "q": self.words,
            "page": str(self.page) if self.page > 1 else "",
        }
        changed = {key: str(value) if value else "" for key, value in changes.items()}
        found = named | self.more.query() | {"page": ""} | changed
        return {key: value for key, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case of the queue."""

    case: Case

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return what is asked for."""
        return tuple(Kind(kind) for kind in self.case.kinds.split("|") if kind)

    @property
    def due_on(self) -> date | None:
        """Return the earliest date that is owed, None where none runs."""
        return self.case.queue_on if self.case.queue_on < UNDATED else None


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue."""

    rows: list[QueueRow]
    count: int
    """How many cases fit."""
    page: int
    pages: int
    is_cut: bool
    """Counting ended: more cases may fit."""

    @property
    def counted(self) -> str:
        """Return the count for people: with a plus where counting ended."""
        return f"{self.count:,}{'+' if self.is_cut else ''}"


def queue(session: Session, filters: Filters, today: date) -> Queue:
    """Return one page of the cases that fit."""
    conditions = conditions_of(filters, today)
    found = found_by_words(session, filters.words)
    if found.ids is not None:
        ids, is_cut = _sorted_here(session, conditions, found.ids), False
    else:
        ids = _in_order(session, [*conditions, *found.conditions], MOST)
        is_cut = len(ids) == MOST
    return _page(session, filters.page, ids, is_cut=is_cut)


def fitting_ids(session: Session, filters: Filters, today: date, most: int | None = None) -> list[int]:
    """Return the ids of the cases that fit, in the order of the queue: all, or no more than `most`."""
    return _in_order(session, _all_conditions(session, filters, today), most)


def opened_after(session: Session, filters: Filters, today: date, last: int, most: int) -> list[Case]:
    """Return the cases that fit and have an id above the last one, oldest first, no more than `most`."""
    query = select(Case).where(*_all_conditions(session, filters, today), col(Case.id) > last)
    return list(session.exec(query.order_by(col(Case.id)).limit(most)))


def tiles(session: Session, organisation: str, today: date) -> dict[str, int]:
    """Return how many cases press, by what presses: the numbers above the queue, each of which is a filter."""

    def count(**filters: Any) -> int:
        """Count the cases of one filter."""
        return _count(session, conditions_of(Filters(organisation=organisation, **filters), today))

    return {
        "overdue": count(due="overdue"),
        "today": count(due="today"),
        "3": count(due="3"),
        "waiting": count(due="waiting"),
        "nobody": count(owner="nobody"),
        "review": count(review=True),
    }


def conditions_of(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    """Return the conditions on cases that filters stand for, but for their words."""
    found: list[ColumnElement[bool]] = []
    if filters.organisation:
        found.append(col(Case.organisation) == filters.organisation)
    if filters.status in set(CaseState):
        found.append(col(Case.status) == CaseState(filters.status))
    elif filters.status != "all":
        found.append(col(Case.queue_on) < ENDED)  # an answer that has not gone out yet is still owed
    if filters.kind in set(Kind):
        found.append(col(Case.kinds).contains(f"|{Kind(filters.kind)}|", autoescape=True))
    if filters.owner:
        found.append(col(Case.assigned_to) == ("" if filters.owner == "nobody" else filters.owner))
    if filters.review:
        found.append(col(Case.needs_review).is_(True))
    return [*found, *_window(filters.due, today), *narrowed(filters.more)]


def _window(window: str, today: date) -> list[ColumnElement[bool]]:
    on = col(Case.queue_on)
    if window == "overdue":
        return [on < today]
    if window == "today":
        return [on == today]
    if window in ("3", "7"):
        return [on >= today, on <= today + timedelta(days=int(window))]
    if window == "ahead":
        return [on >= today]
    return [col(Case.status) == CaseState.WAITING] if window == "waiting" else []


def _count(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    some = select(Case.id).where(*conditions).limit(MOST).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


def _page(session: Session, asked: int, ids: Sequence[int], *, is_cut: bool) -> Queue:
    """Return the page asked for, or the nearest there is."""
    pages = max((len(ids) + PAGE - 1) // PAGE, 1)
    page = min(max(asked, 1), pages)
    cases = session.exec(select(Case).where(col(Case.id).in_(ids[(page - 1) * PAGE : page * PAGE])))
    rows = [QueueRow(case) for case in sorted(cases, key=lambda case: (case.queue_on, case.id or 0))]
    return Queue(rows, len(ids), page, pages, is_cut)


def _in_order(session: Session, conditions: Sequence[ColumnElement[bool]], most: int | None) -> list[int]:
    """Return ids in the order of the queue, read from its index alone."""
    query = select(col(Case.id)).where(*conditions).order_by(col(Case.queue_on), col(Case.id))
    return [number or 0 for number in session.exec(query.limit(most))]


def _all_conditions(session: Session, filters: Filters, today: date) -> list[ColumnElement[bool]]:
    found = found_by_words(session, filters.words)
    named = found.conditions if found.ids is None else [_among(found.ids)]
    return [*conditions_of(filters, today), *named]


def _among(ids: Sequence[int]) -> ColumnElement[bool]:
    few: BindParameter[list[int]] = bindparam("few", list(ids), expanding=True, literal_execute=True)
    return col(Case.id).in_(few)


def _sorted_here(session: Session, conditions: Sequence[ColumnElement[bool]], ids: Sequence[int]) -> list[int]:
    """Return few ids in the order of the queue: sorted here, as a database may prefer to walk the whole queue."""
    query = select(col(Case.id), col(Case.queue_on)).where(_among(ids), *conditions)
    return [number for _, number in sorted((on, number or 0) for number, on in session.exec(query))]
