"""The queue: which cases, in which order. Earliest legal date first; waiting cases behind them, ended ones last.

Built for a million cases: what is listed is read in order from one index (`Case.queue_on`) or from that of a word
(`cases/finding.py`), and counts end at `MOST`. Nothing here reads all cases.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from cases.finding import Search, Term, counts, ids_after, ids_in_order
from cases.local_days import Today, days_of, joined
from cases.narrowing import (
    NOT_NARROWED,
    Narrowing,
    Window,
    absent_facts_of,
    conditions_of,
    facts_of,
    target_of,
    window_of,
)
from cases.signs import NO_SIGNS, Signs, signs_of
from cases.typed_search import typed_search
from models.case import UNDATED, Case, CaseState, Identity
from models.verdict import Kind
from store.case_index import fact_word

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
    """Beginnings of words of reference, name, address or subject, and what `cases/typed_search.py` reads."""
    page: int = 1
    more: Narrowing = NOT_NARROWED
    """What it is narrowed to besides: the further filters, and those that the dashboard links to."""

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
    """One case of the queue: what its columns show, and no more."""

    id: int
    reference: str
    organisation: str
    mailbox: str
    status: CaseState
    requester_name: str
    requester_address: str
    language: str
    received_at: datetime
    needs_review: bool
    first_opened_at: datetime | None
    replied_at: datetime | None
    mentioned: list[str]
    identity: Identity
    assigned_to: str
    tags: list[str]
    customer_id: int | None
    kept_kinds: str
    queue_on: date
    signs: Signs

    @property
    def kinds(self) -> list[str]:
        """Return what is asked for."""
        return [kind for kind in self.kept_kinds.split("|") if kind]

    @property
    def due_on(self) -> date | None:
        """Return the earliest date that is owed, None where none runs."""
        return self.queue_on if self.queue_on < UNDATED else None


_CASES = Case.__table__  # type: ignore[attr-defined]
_SHOWN = tuple(_CASES.c["kinds" if one.name == "kept_kinds" else one.name] for one in fields(QueueRow)[:-1])


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


def queue(session: Session, filters: Filters, today: Today) -> Queue:
    """Return one page of the cases that fit."""
    ids = fitting_ids(session, filters, today, MOST)
    return _page(session, filters.page, ids, is_cut=len(ids) == MOST)


def rows_of(session: Session, ids: Sequence[int]) -> list[QueueRow]:
    """Return what the queue shows of cases, in its order; of those that are there still."""
    found = session.execute(sql_select(*_SHOWN).where(_CASES.c.id.in_(ids)))
    signs = signs_of(session, ids)
    rows = (QueueRow(*(*row, signs.get(row.id, NO_SIGNS))) for row in found)
    return sorted(rows, key=lambda row: (row.queue_on, row.id))


def fitting_ids(session: Session, filters: Filters, today: Today, most: int | None = None) -> list[int]:
    """Return the ids of the cases that fit, in the order of the queue: all, or no more than `most`."""
    return ids_in_order(session, search_of(filters, today), most)


def opened_after(session: Session, filters: Filters, today: Today, last: int, most: int) -> list[Case]:
    """Return the cases that fit and have an id above the last one, oldest first, no more than `most`."""
    ids = ids_after(session, search_of(filters, today), last, most)
    return list(session.exec(select(Case).where(col(Case.id).in_(ids)).order_by(col(Case.id))))


def tiles(
    session: Session, organisation: str, today: Today, name: str = "", *, sees_deletions: bool = False
) -> dict[str, int]:
    """Return how many cases press, by what presses: the numbers above the queue, each of which is a filter.

    Those that mention somebody are counted for them alone, and those to be deleted for who may agree to it.
    """
    pressing = {
        "overdue": Filters(due="overdue"),
        "today": Filters(due="today"),
        "3": Filters(due="3"),
        "waiting": Filters(due="waiting"),
        "nobody": Filters(owner="nobody"),
        "review": Filters(review=True),
        "replied": Filters(status="all", more=Narrowing(replied="1")),
        **({"mention": Filters(status="all", more=Narrowing(mention=name))} if name else {}),
        **({"deletion": Filters(status="all", more=Narrowing(deletion="1"))} if sees_deletions else {}),
    }
    searches = {key: search_of(replace(filters, organisation=organisation), today) for key, filters in pressing.items()}
    return counts(session, searches, MOST)


def search_of(filters: Filters, today: Today) -> Search:
    """Return what cases are looked for by; each by the day it is where the case is counted."""
    days = days_of(today)
    return joined({day: _search_on(filters, day) for day in days.distinct()}, days)


def _search_on(filters: Filters, today: date) -> Search:
    typed = typed_search(filters.words, today)
    windows = (_of_state(filters.status), _window(filters.due, today), window_of(filters.more), *typed.windows)
    firsts = [first for first, _ in windows if first]
    lasts = [last for _, last in windows if last]
    facts = (*_facts_of(filters), *facts_of(filters.more))
    # Of terms with very many cases the first is read: cases of a state stand together, those of an organisation do not.
    everywhere = (fact_word("of", filters.organisation),) if filters.organisation else ()
    return Search(
        (
            *(Term(fact) for fact in dict.fromkeys(facts)),
            *target_of(filters.more, today),
            *typed.terms,
            *(Term(fact) for fact in everywhere),
        ),
        tuple(Term(fact) for fact in absent_facts_of(filters.more)),
        max(firsts, default=None),
        min(lasts, default=None),
        (*typed.conditions, *conditions_of(filters.more)),
        is_vain=typed.is_vain,
    )


def _facts_of(filters: Filters) -> Iterator[str]:
    if filters.status in set(CaseState):
        yield fact_word("state", filters.status)
    if filters.due == "waiting":
        yield fact_word("state", CaseState.WAITING)
    if filters.kind in set(Kind):
        yield fact_word("kind", filters.kind)
    if filters.owner:
        yield fact_word("owner", "" if filters.owner == "nobody" else filters.owner)
    if filters.review:
        yield fact_word("review", "1")


def _of_state(status: str) -> Window:
    """Return the places of cases that are not ended, where no state is asked for: an answer that has not gone out yet
    is still owed."""
    return (None, None) if status == "all" or status in set(CaseState) else (None, UNDATED)


def _window(window: str, today: date) -> Window:
    if window in ("3", "7"):
        return today, today + timedelta(days=int(window))
    yesterday = today - timedelta(days=1)
    return {"overdue": (None, yesterday), "today": (today, today), "ahead": (today, None)}.get(window, (None, None))


def _page(session: Session, asked: int, ids: Sequence[int], *, is_cut: bool) -> Queue:
    """Return the page asked for, or the nearest there is."""
    pages = max((len(ids) + PAGE - 1) // PAGE, 1)
    page = min(max(asked, 1), pages)
    return Queue(rows_of(session, ids[(page - 1) * PAGE : page * PAGE]), len(ids), page, pages, is_cut)
