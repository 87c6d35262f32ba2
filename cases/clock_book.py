"""The clock facts of a case, read from the database, and due dates computed from them anew.

A question or notice that went by letter counts from the local day on which the SMTP server accepted the letter: one
that was never sent, or came back, neither stops nor extends anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from cases.clock_facts import ClockEvent, Due, ExtensionEvent, PauseEvent
from cases.clocks import NO_HISTORY, History, OfficeClock
from cases.deadlines import earliest
from models.audit import Action
from models.case import Case, CaseState, RequestItem
from models.casework import ClockFact, FactSort
from models.organisation import Regime
from models.outbox import OutboxMail, OutboxState
from models.verdict import Kind
from store.audit import Audit
from store.case_index import index_case

_TELL_NOBODY = (OutboxState.FAILED, OutboxState.SHADOW)


@dataclass(frozen=True, slots=True)
class Told:
    """A clock fact, with the day from which it counts; None while its letter is on the way, or came back."""

    fact: ClockFact
    on: date | None
    is_lost: bool = False
    """Its letter came back, or never goes out: it told nobody anything."""

    @property
    def is_open_question(self) -> bool:
        """Tell whether an answer is awaited."""
        return self.fact.sort is FactSort.PAUSE and self.fact.answered_on is None and not self.is_lost


def told_facts(session: Session, items: Iterable[RequestItem], clock: OfficeClock) -> dict[int, list[Told]]:
    """Return the facts of items, by item, oldest first."""
    return told_by_clocks(session, {item.id or 0: clock for item in items})


def told_by_clocks(session: Session, clocks: Mapping[int, OfficeClock]) -> dict[int, list[Told]]:
    """Return the facts of items, by item, oldest first; each item, by its id, has a clock of its own."""
    query = select(ClockFact, OutboxMail).outerjoin(OutboxMail, col(OutboxMail.id) == col(ClockFact.letter_id))
    found: dict[int, list[Told]] = defaultdict(list)
    for fact, letter in session.exec(query.where(col(ClockFact.item_id).in_(clocks)).order_by(col(ClockFact.id))):
        is_lost = letter is not None and letter.state in _TELL_NOBODY
        found[fact.item_id].append(Told(fact, _counts_from(fact, letter, clocks[fact.item_id]), is_lost))
    return found


def _counts_from(fact: ClockFact, letter: OutboxMail | None, clock: OfficeClock) -> date | None:
    if letter is None:
        return fact.on
    is_told = letter.state is OutboxState.SENT and letter.sent_at is not None
    return clock.local_date(letter.sent_at) if is_told and letter.sent_at else None


def history_of(told: Sequence[Told], *, answers: date | None = None, extended: date | None = None) -> History:
    """Return what the clock knows of an item.

    With `answers`, as if every open question were answered on that day; with `extended`, as if an extension were told.
    """
    events = [event for one in told if (event := _event(one, answers))]
    events += [ExtensionEvent(extended)] if extended else []
    aware = next((one.fact.at for one in told if one.fact.sort is FactSort.AWARE), None)
    dates = [one.fact.on for one in told if one.fact.sort is FactSort.DATE_SET and one.fact.on]
    return History(tuple(events), aware, dates[-1] if dates else None)


def _event(one: Told, answers: date | None) -> ClockEvent | None:
    if one.on is None:
        return None
    if one.fact.sort is FactSort.EXTENSION:
        return ExtensionEvent(one.on)
    if one.fact.sort is FactSort.PAUSE and one.fact.reason:
        answered = one.fact.answered_on or (max(answers, one.on) if answers else None)
        # The answer may be dated before the day on which the question's letter was accepted at last: nothing was lost.
        return PauseEvent(one.fact.reason, one.on, max(answered, one.on) if answered else None)
    return None


def dues_of(clock: OfficeClock, case: Case, item: RequestItem, history: History = NO_HISTORY) -> list[Due]:
    """Return the due date by the organisation's law and, where another may govern too, by that; the earlier rules."""
    own = clock.due(item.kind, item.received_at, history=history)
    second = second_regime(clock, case)
    return [own] if second is None else [own, clock.due(item.kind, item.received_at, history=history, regime=second)]


def second_regime(clock: OfficeClock, case: Case) -> Regime | None:
    """Return the other law that may govern, by the person's country; None where there is none or it is settled."""
    own = clock.mailbox.organisation.regime
    if not case.second_country:
        return None
    theirs = Regime.UK if case.second_country.upper().startswith(("GB", "UK")) else Regime.EU
    return theirs if theirs is not own else None


def ruling(dues: Sequence[Due]) -> Due:
    """Return the due that rules: the earliest; a clock that runs comes before one that waits."""
    return earliest(dues) or dues[0]


def reckon(session: Session, case: Case, clock: OfficeClock, audit: Audit, now: datetime, actor: str) -> int:
    """Compute the dates of a case's open items anew; return how many came out otherwise, each told in the timeline."""
    query = select(RequestItem).where(col(RequestItem.case_id) == case.id, col(RequestItem.result).is_(None))
    items = session.exec(query).all()
    told = told_facts(session, items, clock)
    changed = 0
    for item in items:
        before = item.due_on, item.due_at
        answer = ruling(dues_of(clock, case, item, history_of(told[item.id or 0])))
        item.due_on, item.due_at = answer.due_on, answer.due_at
        item.target_on = clock.target_on(item.kind, item.received_at)
        if (item.due_on, item.due_at) != before:
            changed += 1
            changes = {"from": before[0], "to": item.due_on}
            if item.kind is Kind.INCIDENT:
                changes = {"from": before[1], "to": item.due_at}
            details = {"kind": item.kind, "flags": list(answer.flags), **changes}
            audit.append(session, Action.DUE_CHANGED, at=now, actor=actor, case_id=case.id, details=details)
    asks = any(one.is_open_question for facts in told.values() for one in facts)
    if case.status is CaseState.WAITING and items and not asks:
        case.status = CaseState.OPEN  # the question came back: there is nothing to wait for
        session.add(case)
    index_case(session, case)
    return changed
