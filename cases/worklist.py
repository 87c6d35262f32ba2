"""The queue: which cases, in which order. Earliest legal date first; waiting cases behind them, ended ones last.

Built for a million cases: what is listed is read in order from one index (`Case.queue_on`), counts end at `MOST`, and
words are looked up in an index of their own. Nothing here reads all cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from cases.finding import found_by_words
from models.case import ENDED, UNDATED, Case, CaseState
from models.verdict import Kind

PAGE = 50
MOST = 10_000
"""Where counting ends: longer lists are narrowed by filters, not paged through."""
WINDOWS = ("overdue", "today", "3", "7", "waiting")
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
        return {key: value for key, value in (named | {"page": ""} | changed).items() if value}


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
    """How many cases fit; `MOST` stands for that many or more."""
    page: int
    pages: int

    @property
    def is_cut(self) -> bool:
        """Tell whether more cases fit than are counted."""
        return self.count >= MOST


def queue(session: Session, filters: Filters, today: date) -> Queue:
    """Return one page of the cases that fit."""
    conditions = conditions_of(filters, today)
    found = found_by_words(session, filters.words)
    if found.ids is not None:
        return _sorted_here(session, conditions, found.ids, filters.page)
    conditions += found.conditions
    count = _count(session, conditions)
    page, pages = _page(filters.page, count)
    query = select(Case).where(*conditions).order_by(col(Case.queue_on), col(Case.id))
    rows = session.exec(query.offset((page - 1) * PAGE).limit(PAGE)).all()
    return Queue([QueueRow(case) for case in rows], count, page, pages)


def fitting(session: Session, filters: Filters, today: date, most: int) -> list[Case]:
    """Return the cases that fit, in the order of the queue, at most so many: for deeds on all of them, and exports."""
    cases: list[Case] = []
    while len(cases) < most:
        part = queue(session, replace(filters, page=len(cases) // PAGE + 1), today)
        cases += [row.case for row in part.rows]
        if part.page >= part.pages:
            break
    return cases[:most]


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
    return [*found, *_window(filters.due, today)]


def _window(window: str, today: date) -> list[ColumnElement[bool]]:
    on = col(Case.queue_on)
    if window == "overdue":
        return [on < today]
    if window == "today":
        return [on == today]
    if window in ("3", "7"):
        return [on >= today, on <= today + timedelta(days=int(window))]
    return [col(Case.status) == CaseState.WAITING] if window == "waiting" else []


def _count(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    some = select(Case.id).where(*conditions).limit(MOST).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


def _page(page: int, count: int) -> tuple[int, int]:
    pages = max((count + PAGE - 1) // PAGE, 1)
    return min(max(page, 1), pages), pages


def _sorted_here(session: Session, conditions: Sequence[ColumnElement[bool]], ids: Sequence[int], page: int) -> Queue:
    """Return a page of few cases: read by their ids and sorted here, as a database may prefer to walk the queue."""
    query = select(col(Case.id), col(Case.queue_on)).where(col(Case.id).in_(ids), *conditions)
    places = sorted((on, number or 0) for number, on in session.exec(query))
    page, pages = _page(page, len(places))
    shown = [number for _, number in places[(page - 1) * PAGE : page * PAGE]]
    cases = session.exec(select(Case).where(col(Case.id).in_(shown)))
    rows = sorted(cases, key=lambda case: (case.queue_on, case.id or 0))
    return Queue([QueueRow(case) for case in rows], len(places), page, pages)
