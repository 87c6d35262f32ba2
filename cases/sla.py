"""Figures for managers: how many requests were answered in time, how long it took, what is open and late.

Pure counting over cases received in a period, each by its latest legal date; every figure is counted from facts in the
database, and `FORMULAS` says how.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import mean, median

from sqlmodel import Session, col, select

from models.case import Case, ItemResult, RequestItem
from models.casework import ClockFact, FactSort
from models.outbox import OutboxMail, OutboxState
from models.verdict import Kind

_NOTHING_OWED = frozenset({ItemResult.NOT_A_REQUEST, ItemResult.DUPLICATE, ItemResult.WITHDRAWN})
FORMULAS = {
    "received": "request items received in the period, without those that were none, copies, or withdrawn",
    "answered": "of these, those whose answer the server has accepted (or that ended without owing one)",
    "in_time": "answered on or before the due date",
    "late": "answered after it",
    "overdue": "not answered, and the due date is past",
    "open": "not answered, the due date is to come or the clock waits",
    "share_in_time": "in_time / (in_time + late + overdue)",
    "extended": "with an extension told to the person",
    "mean_days": "mean days from receipt to the answer",
    "median_days": "median days from receipt to the answer",
    "hours_to_acknowledge": "median hours from receipt to the acknowledgement's acceptance",
}


@dataclass(frozen=True, slots=True)
class SlaRow:
    """The figures of one kind, or of all ("all")."""

    kind: str
    received: int
    answered: int
    in_time: int
    late: int
    overdue: int
    open: int
    share_in_time: float | None
    extended: int
    mean_days: float | None
    median_days: float | None
    hours_to_acknowledge: float | None


@dataclass(frozen=True, slots=True)
class _Owed:
    item: RequestItem
    case: Case
    is_extended: bool

    @property
    def done_at(self) -> datetime | None:
        """Return when the person was told: by the answer's acceptance, else, where none is owed, by the decision."""
        return None if self.item.is_owed else self.item.told_at or self.item.decided_at

    @property
    def is_late(self) -> bool:
        """Tell whether that was after the due date."""
        return bool(self.done_at and self.item.due_at and self.done_at >= self.item.due_at)


def sla(session: Session, organisation: str, first: datetime, end: datetime, now: datetime) -> list[SlaRow]:
    """Return the figures of the items received from `first` until before `end`: all of them, then kind by kind."""
    query = (
        select(RequestItem, Case)
        .join(Case, col(Case.id) == col(RequestItem.case_id))
        .where(col(Case.organisation) == organisation, col(RequestItem.received_at) >= first)
        .where(col(RequestItem.received_at) < end)
    )
    rows = [(item, case) for item, case in session.exec(query) if item.result not in _NOTHING_OWED]
    is_told = col(ClockFact.letter_id).is_(None) | (col(OutboxMail.state) == OutboxState.SENT)
    extensions = select(ClockFact.item_id).outerjoin(OutboxMail, col(OutboxMail.id) == col(ClockFact.letter_id))
    extended = set(session.exec(extensions.where(col(ClockFact.sort) == FactSort.EXTENSION, is_told)))
    owed = [_Owed(item, case, item.id in extended) for item, case in rows]
    kinds = [kind for kind in Kind if any(one.item.kind is kind for one in owed)]
    by_kind = [_row(kind.value, [one for one in owed if one.item.kind is kind], now) for kind in kinds]
    return [_row("all", owed, now), *by_kind]


def _row(kind: str, owed: Sequence[_Owed], now: datetime) -> SlaRow:
    answered = [one for one in owed if one.done_at]
    late = [one for one in answered if one.is_late]
    overdue = [one for one in owed if not one.done_at and one.item.due_at and one.item.due_at <= now]
    in_time = len(answered) - len(late)
    judged = in_time + len(late) + len(overdue)
    days = [(one.done_at - one.item.received_at) / timedelta(days=1) for one in answered if one.done_at]
    waits = [
        (one.case.acknowledged_at - one.case.received_at) / timedelta(hours=1)
        for one in owed
        if one.case.acknowledged_at
    ]
    return SlaRow(
        kind=kind,
        received=len(owed),
        answered=len(answered),
        in_time=in_time,
        late=len(late),
        overdue=len(overdue),
        open=len(owed) - len(answered) - len(overdue),
        share_in_time=round(in_time / judged, 4) if judged else None,
        extended=sum(one.is_extended for one in owed),
        mean_days=round(mean(days), 1) if days else None,
        median_days=round(median(days), 1) if days else None,
        hours_to_acknowledge=round(median(waits), 2) if waits else None,
    )


def month_of(day: date) -> tuple[date, date]:
    """Return the first day of a day's month and of the next one."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)
