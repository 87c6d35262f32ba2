"""The queue: which cases, in which order. Earliest legal date first; waiting cases last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from cases.owing import is_owed
from models.case import Case, CaseState, RequestItem
from models.verdict import Kind

PAGE = 50
_ENDED = (CaseState.ANSWERED, CaseState.CLOSED)
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
    """Reference, name, address or subject, or a part of them."""
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
    kinds: tuple[Kind, ...]
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue."""

    rows: list[QueueRow]
    count: int
    page: int
    pages: int


def queue(session: Session, filters: Filters, today: date) -> Queue:
    """Return one page of the cases that fit."""
    due = _due()
    conditions = _conditions(filters, due, today)
    count = session.exec(select(func.count()).select_from(Case).where(*conditions)).one()
    pages = max((count + PAGE - 1) // PAGE, 1)
    page = min(max(filters.page, 1), pages)
    query = select(Case, due).where(*conditions).order_by(due.is_(None), due, col(Case.id))
    found = session.exec(query.offset((page - 1) * PAGE).limit(PAGE)).all()
    kinds = _kinds(session, [case.id for case, _ in found])
    rows = [QueueRow(case, tuple(kinds.get(case.id, ())), due_on) for case, due_on in found]
    return Queue(rows, count, page, pages)


def fitting_ids(session: Session, filters: Filters, today: date) -> list[int]:
    """Return the ids of all cases that fit, in the order of the queue."""
    due = _due()
    query = select(Case.id).where(*_conditions(filters, due, today)).order_by(due.is_(None), due, col(Case.id))
    return [one or 0 for one in session.exec(query)]


def opened_after(session: Session, filters: Filters, today: date, last: int, most: int) -> list[Case]:
    """Return the cases that fit and have an id above the last one, oldest first, no more than `most`."""
    query = select(Case).where(*_conditions(filters, _due(), today), col(Case.id) > last)
    return list(session.exec(query.order_by(col(Case.id)).limit(most)))


def tiles(session: Session, organisation: str, today: date) -> dict[str, int]:
    """Return how many cases press, by what presses: the numbers above the queue, each of which is a filter."""

    def count(**filters: Any) -> int:
        """Count the cases of one filter."""
        conditions = _conditions(Filters(organisation=organisation, **filters), _due(), today)
        return session.exec(select(func.count()).select_from(Case).where(*conditions)).one()

    return {
        "overdue": count(due="overdue"),
        "today": count(due="today"),
        "3": count(due="3"),
        "waiting": count(due="waiting"),
        "nobody": count(owner="nobody"),
        "review": count(review=True),
    }


def _due() -> Any:
    return (
        select(func.min(RequestItem.due_on))
        .where(col(RequestItem.case_id) == col(Case.id), is_owed())
        .correlate(Case)
        .scalar_subquery()
    )


def _conditions(filters: Filters, due: Any, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.organisation:
        found.append(col(Case.organisation) == filters.organisation)
    if filters.status in set(CaseState):
        found.append(col(Case.status) == CaseState(filters.status))
    elif filters.status != "all":
        found.append(col(Case.status).not_in(_ENDED))
    if filters.kind in set(Kind):
        of_kind = select(RequestItem.case_id).where(col(RequestItem.kind) == Kind(filters.kind))
        found.append(col(Case.id).in_(of_kind))
    if filters.owner:
        found.append(col(Case.assigned_to) == ("" if filters.owner == "nobody" else filters.owner))
    if filters.review:
        found.append(col(Case.needs_review).is_(True))
    if filters.words.strip():
        found.append(_words(filters.words.strip()))
    return [*found, *_window(filters.due, due, today)]


def _window(window: str, due: Any, today: date) -> list[Any]:
    if window == "overdue":
        return [due < today]
    if window == "today":
        return [due == today]
    if window in ("3", "7"):
        return [due >= today, due <= today + timedelta(days=int(window))]
    return [col(Case.status) == CaseState.WAITING] if window == "waiting" else []


def _words(words: str) -> ColumnElement[bool]:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    fields = (Case.reference, Case.requester_name, Case.requester_address, Case.subject)
    return or_(*(col(field).ilike(f"%{escaped}%", escape="\\") for field in fields))


def _kinds(session: Session, ids: list[int | None]) -> dict[int | None, list[Kind]]:
    query = select(RequestItem).where(col(RequestItem.case_id).in_(ids)).order_by(col(RequestItem.id))
    found: dict[int | None, list[Kind]] = {}
    for item in session.exec(query):
        found.setdefault(item.case_id, []).append(item.kind)
    return found
