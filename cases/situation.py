"""A case as rules and suggestions see it: read once, then only looked at; and what is given with a deed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel, select

from cases.clock_book import Told, dues_of, history_of, ruling, told_by_clocks
from cases.clock_facts import Due
from cases.clocks import OfficeClock
from models.case import TOLD_BY_LETTER, Case, Ground, ItemResult, RequestItem
from models.casework import FactSort, PauseReason, Task, ThirdParty
from models.letter import Proof
from models.organisation import Organisation
from models.outbox import OutboxMail, OutboxState, Template
from models.verdict import Kind

_UNTOLD = {ItemResult.DUPLICATE, ItemResult.NOT_A_REQUEST}
"""Results that need no letter."""
_Row = TypeVar("_Row", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a deed."""

    why: str = ""
    """The recorded reason, for colleagues."""
    text: str = ""
    """What the person reads."""
    question: PauseReason | None = None
    proofs: tuple[Proof, ...] = ()
    item: RequestItem | None = None
    result: ItemResult | None = None
    ground: Ground | None = None
    on: date | None = None
    other: Case | None = None
    kinds: tuple[Kind, ...] = ()
    has_customer: bool = False
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """A case as the rules see it."""

    case: Case
    items: Sequence[RequestItem]
    told: Mapping[int, Sequence[Told]]
    """Clock facts by item."""
    dues: Mapping[int, Due]
    """Of the open items."""
    letters: Sequence[OutboxMail]
    tasks: Sequence[Task]
    parties: Sequence[ThirdParty]
    today: date
    organisation: Organisation
    timezone: str

    @property
    def open_items(self) -> list[RequestItem]:
        """Return the items without a result."""
        return [item for item in self.items if item.result is None]

    @property
    def to_tell(self) -> list[RequestItem]:
        """Return the items that an answer is about: those with a result to be told that was not; else all such."""
        owed = [item for item in self.items if item.result in TOLD_BY_LETTER]
        return [item for item in owed if item.told_at is None] or owed

    @property
    def untold(self) -> list[RequestItem]:
        """Return the items whose end the person should hear of, and has not."""
        return [item for item in self.items if item.result not in _UNTOLD and item.told_at is None]

    def open_questions(self) -> list[Told]:
        """Return the questions without an answer."""
        return [one for facts in self.told.values() for one in facts if one.is_open_question]

    def received_on(self, item: RequestItem) -> date:
        """Return the local day of an item's receipt."""
        return item.received_at.astimezone(ZoneInfo(self.timezone)).date()

    @property
    def is_extended(self) -> bool:
        """Tell whether an extension was told, or is on its way: not where its letter came back."""
        facts = [one for facts in self.told.values() for one in facts]
        return any(one.fact.sort is FactSort.EXTENSION and not one.is_lost for one in facts)

    def has_gone_out(self, *templates: Template) -> bool:
        """Tell whether a letter of one of these sorts was accepted."""
        return any(letter.template in templates and letter.state is OutboxState.SENT for letter in self.letters)


def situation_of(session: Session, case: Case, clock: OfficeClock, now: datetime) -> Situation:
    """Read all that the rules look at."""
    (situation,) = situations_of(session, [(case, clock)], now)
    return situation


def situations_of(session: Session, cases: Sequence[tuple[Case, OfficeClock]], now: datetime) -> list[Situation]:
    """Read all that the rules look at of many cases, each with its clock: a question a table, however many they are."""
    ids = [case.id or 0 for case, _ in cases]
    items, letters = _by_case(session, RequestItem, ids), _by_case(session, OutboxMail, ids)
    tasks, parties = _by_case(session, Task, ids), _by_case(session, ThirdParty, ids)
    clocks = {item.id or 0: clock for case, clock in cases for item in items[case.id or 0]}
    told = told_by_clocks(session, clocks)
    return [
        Situation(
            case=case,
            items=items[case.id or 0],
            told={number: told[number] for item in items[case.id or 0] if (number := item.id or 0) in told},
            dues={item.id or 0: _due(clock, case, item, told) for item in items[case.id or 0]},
            letters=letters[case.id or 0],
            tasks=tasks[case.id or 0],
            parties=parties[case.id or 0],
            today=clock.local_date(now),
            organisation=clock.mailbox.organisation,
            timezone=clock.mailbox.timezone,
        )
        for case, clock in cases
    ]


def rows_of(session: Session, table: type[_Row], case: Case) -> list[_Row]:
    """Return the rows of a table that belong to a case, oldest first."""
    return _by_case(session, table, [case.id or 0])[case.id or 0]


def _due(clock: OfficeClock, case: Case, item: RequestItem, told: Mapping[int, Sequence[Told]]) -> Due:
    return ruling(dues_of(clock, case, item, history_of(told.get(item.id or 0, ()))))


def _by_case(session: Session, table: type[_Row], ids: Sequence[int]) -> defaultdict[int, list[_Row]]:
    columns: Any = table
    found: defaultdict[int, list[_Row]] = defaultdict(list)
    for row in session.exec(select(table).where(columns.case_id.in_(ids)).order_by(columns.id)):
        found[row.case_id].append(row)  # type: ignore[attr-defined]
    return found
