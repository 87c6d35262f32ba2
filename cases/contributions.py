"""What one case adds to the figures: pure, so that what it added before can be taken away again.

Open cases and what is owed are counted on their due dates: what is overdue depends on the day on which one asks.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cases.case_facts import CaseFacts, ItemFacts
from models.case import ItemResult
from models.tally import Measure

VERSION = 1
"""To be raised with every change of what is counted: all is then counted anew."""
NO_DATE = date.max
"""Stands for the due date of what has none: the clock waits, or the law sets none."""
NOBODY = ""
_NOTHING_OWED = {ItemResult.NOT_A_REQUEST.value, ItemResult.DUPLICATE.value, ItemResult.WITHDRAWN.value}


@dataclass(frozen=True, slots=True)
class Key:
    """One row of the tally, within an organisation."""

    measure: Measure
    dimension: str
    on: date
    member: str
    value: int


def contributions(facts: CaseFacts) -> Counter[Key]:
    """Return what a case adds to the tallies of its organisation."""
    found = Counter(_of_open(facts) if facts.is_open else ())
    found.update(_of_staff_work(facts))
    for item in facts.items:
        found.update(_of_item(facts, item))
    return found


def first_of_month(ordinal: int) -> date:
    """Return the first day of a day's month."""
    return date.fromordinal(ordinal).replace(day=1)


def is_request(item: ItemFacts) -> bool:
    """Tell whether it was a request to be answered: not none, not a copy, not withdrawn."""
    return item.result not in _NOTHING_OWED


def _of_open(facts: CaseFacts) -> Iterator[Key]:
    on = _day(facts.due)
    yield from _members(Measure.OPEN, facts, on)
    for kind in {item.kind for item in facts.items}:
        yield Key(Measure.OPEN, "kind", on, kind, facts.received)
    states = (
        (Measure.WAITING, facts.is_waiting),
        (Measure.EXTENDED, any(item.is_extended and item.is_owed for item in facts.items)),
    )
    yield from (_plain(measure, on) for measure, holds in states if holds)
    if facts.unopened is not None:
        yield _plain(Measure.UNOPENED, NO_DATE, facts.unopened)


def _of_staff_work(facts: CaseFacts) -> Iterator[Key]:
    if facts.is_elsewhere:
        yield _plain(Measure.ELSEWHERE, NO_DATE)
    if facts.acknowledged:
        on, tenths = facts.acknowledged
        yield _plain(Measure.ACK_TENTHS, first_of_month(on), tenths)
    for asked, answered in facts.proofs:
        yield _plain(Measure.PROOF_DAYS, first_of_month(answered), answered - asked)
    yield from _of_parties(facts)
    for on, is_ack, came_back in facts.letters:
        yield from _of_letter(first_of_month(on), is_ack=is_ack, came_back=came_back)
    for on, rule in facts.overrides:
        yield Key(Measure.OVERRIDE, "rule", first_of_month(on), rule, 0)
    if facts.erased:
        yield Key(Measure.ERASED, "extent", first_of_month(facts.erased[0]), facts.erased[1], 0)


def _of_parties(facts: CaseFacts) -> Iterator[Key]:
    for asked, answered in facts.parties:
        yield _plain(Measure.PARTY_ASKED, first_of_month(asked))
        if answered is not None:
            yield _plain(Measure.PARTY_DAYS, first_of_month(answered), answered - asked)


def _of_letter(month: date, *, is_ack: bool, came_back: bool) -> Iterator[Key]:
    yield _plain(Measure.LETTERS, month)
    if came_back:
        yield _plain(Measure.BOUNCED, month)
    if is_ack:
        yield _plain(Measure.ACKS, month)
    if is_ack and came_back:
        yield _plain(Measure.ACKS_BOUNCED, month)


def _of_item(facts: CaseFacts, item: ItemFacts) -> Iterator[Key]:
    month = first_of_month(item.received)
    if item.result:
        yield Key(Measure.RESULT, "result", month, item.result, 0)
    if not is_request(item):
        return
    yield _plain(Measure.RECEIVED, _day(item.received))
    yield from _spread(Measure.RECEIVED, facts, item, month)
    if item.ground:
        yield Key(Measure.GROUND, "ground", month, item.ground, 0)
    if item.is_extended:
        yield _plain(Measure.EXTENSION, month)
    if item.asked_for_proof:
        yield _plain(Measure.PROOF_ASKED, month)
    yield from _of_owed(facts, item) if item.is_owed else _of_answered(facts, item, month)


def _of_owed(facts: CaseFacts, item: ItemFacts) -> Iterator[Key]:
    yield _plain(Measure.OWED, _day(item.due))
    yield from _spread(Measure.OWED, facts, item, _day(item.due))


def _of_answered(facts: CaseFacts, item: ItemFacts, received_month: date) -> Iterator[Key]:
    if item.done is None:
        return
    yield _plain(Measure.ANSWERED, _day(item.done))
    yield from _spread(Measure.ANSWERED, facts, item, first_of_month(item.done))
    yield _plain(Measure.ANSWER_TENTHS, first_of_month(item.done), item.tenths)
    # What never had a date is judged in the month of its answer.
    due_month = first_of_month(item.done if item.due is None else item.due)
    kept = Measure.LATE if item.is_late else Measure.IN_TIME
    yield _plain(kept, due_month)
    yield from _spread(kept, facts, item, due_month)
    how = "late" if item.is_late else "within_month" if item.within_month else "later_in_time"
    yield Key(Measure.STOOD, "outcome", received_month, how, 0)


def _spread(measure: Measure, facts: CaseFacts, item: ItemFacts, on: date) -> Iterator[Key]:
    yield Key(measure, "kind", on, item.kind, 0)
    yield from (key for key in _members(measure, facts, on) if key.dimension)


def _members(measure: Measure, facts: CaseFacts, on: date) -> Iterator[Key]:
    yield _plain(measure, on)
    members = {"mailbox": facts.mailbox, "owner": facts.owner, "language": facts.language}
    for dimension, member in members.items():
        yield Key(measure, dimension, on, member, 0)


def _plain(measure: Measure, on: date, value: int = 0) -> Key:
    return Key(measure, "", on, "", value)


def _day(ordinal: int | None) -> date:
    return NO_DATE if ordinal is None else date.fromordinal(ordinal)
