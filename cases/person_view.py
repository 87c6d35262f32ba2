"""What a requester may see of their own case: where it stands, by when, what is awaited, when something was told.

Reads a `Situation` and what was handed in; returns values without anybody's name, any words of mails or letters,
anything about staff, and any outcome. The words are those of the page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.clocks import OfficeClock
from cases.situation import Situation
from models.case import Case, CaseState, ItemResult, RequestItem
from models.casework import PauseReason
from models.letter import Proof
from models.organisation import Regime
from models.outbox import ACKNOWLEDGEMENTS, ANSWERS, OutboxState, Template
from models.person import Submission, SubmissionSort
from models.verdict import Kind


class Standing(StrEnum):
    """Where a case stands, in as many words as a layman needs."""

    READING = "reading"
    """A person reads first; nothing is guessed about what is asked for."""
    WORKING = "working"
    WAITING = "waiting"
    """For what the person was asked for."""
    WITHDRAWN = "withdrawn"
    """The person withdrew; staff confirm it."""
    ANSWERED = "answered"
    CLOSED = "closed"


class LetterSort(StrEnum):
    """What a letter was, without what it said."""

    ACKNOWLEDGEMENT = "acknowledgement"
    QUESTION = "question"
    REMINDER = "reminder"
    EXTENSION = "extension"
    FORWARDED = "forwarded"
    ANSWER = "answer"


_SORTS: dict[Template, LetterSort] = {
    **dict.fromkeys(ACKNOWLEDGEMENTS, LetterSort.ACKNOWLEDGEMENT),
    **dict.fromkeys(ANSWERS, LetterSort.ANSWER),
    **dict.fromkeys((Template.IDENTITY_QUESTION, Template.CLARIFICATION, Template.FEE_NOTICE), LetterSort.QUESTION),
    Template.STATUS: LetterSort.REMINDER,
    Template.EXTENSION: LetterSort.EXTENSION,
    Template.FORWARDED: LetterSort.FORWARDED,
}
"""The letters that go to the requester."""
_NOT_SHOWN = {ItemResult.NOT_A_REQUEST, ItemResult.DUPLICATE}
_ENDED = {ItemResult.WITHDRAWN, ItemResult.LAPSED}
_ALIVE = {CaseState.REVIEW, CaseState.OPEN, CaseState.WAITING}


class ItemStanding(StrEnum):
    """Where one kind of request stands."""

    DUE = "due"
    UNDATED = "undated"
    """It is worked on, and the law names no date."""
    WAITING = "waiting"
    """Its time stands still until the person has sent what was asked for."""
    ANSWERED = "answered"
    ENDED = "ended"
    """It is not pursued any more: withdrawn, or lapsed."""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One kind of request: where it stands, and the day that goes with it."""

    kind: Kind
    standing: ItemStanding
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something that the person was asked for, and since when."""

    question: PauseReason
    proofs: tuple[Proof, ...]
    since: date


@dataclass(frozen=True, slots=True)
class ToldLetter:
    """A letter that went to the person."""

    sort: LetterSort
    on: date


@dataclass(frozen=True, slots=True)
class PersonView:
    """Everything that the page shows."""

    standing: Standing
    reference: str
    received_on: date
    asked: tuple[AskedFor, ...]
    answer_by: date | None
    """The last of the dates; None where none runs, or where a part waits for the person."""
    awaited: tuple[Awaited, ...]
    told: tuple[ToldLetter, ...]
    handed_in: tuple[tuple[SubmissionSort, date], ...]
    can_withdraw: bool


def view_of(now: Situation, submissions: Sequence[Submission], clock: OfficeClock) -> PersonView:
    """Return what the requester may see of a case."""
    standing = _standing(now, submissions)
    asked = () if standing is Standing.READING else tuple(_asked(now, clock))
    is_waiting = any(one.standing is ItemStanding.WAITING for one in asked)
    running = [one.on for one in asked if one.standing is ItemStanding.DUE and one.on and not is_waiting]
    if standing is Standing.READING:  # as the neutral acknowledgement promises
        unspecified = clock.due(Kind.UNSPECIFIED, now.case.received_at).due_on
        running = [unspecified] if unspecified else []
    return PersonView(
        standing=standing,
        reference=now.case.reference,
        received_on=clock.local_date(now.case.received_at),
        asked=asked,
        answer_by=max(running, default=None),
        awaited=tuple(_awaited(now)),
        told=tuple(_told(now, clock)),
        handed_in=tuple((one.sort, clock.local_date(one.at)) for one in submissions),
        can_withdraw=may_withdraw(now, submissions),
    )


def may_withdraw(now: Situation, submissions: Sequence[Submission]) -> bool:
    """Tell whether there is something that the person can still withdraw."""
    return now.case.status in _ALIVE and bool(now.open_items) and not is_withdrawn(now.case, submissions)


def may_hand_in_files(now: Situation) -> bool:
    """Tell whether the person was asked for something that they can send."""
    return any(_awaited(now))


def is_withdrawn(case: Case, submissions: Sequence[Submission]) -> bool:
    """Tell whether the person withdrew and staff have not looked at it yet: they may find that it goes on."""
    return case.needs_review and any(one.sort is SubmissionSort.WITHDRAWAL for one in submissions)


def _standing(now: Situation, submissions: Sequence[Submission]) -> Standing:
    status = now.case.status
    if status is CaseState.CLOSED:
        return Standing.CLOSED
    if status is CaseState.ANSWERED:
        return Standing.WORKING if now.untold else Standing.ANSWERED
    if is_withdrawn(now.case, submissions):
        return Standing.WITHDRAWN
    return {CaseState.REVIEW: Standing.READING, CaseState.WAITING: Standing.WAITING}.get(status, Standing.WORKING)


def _asked(now: Situation, clock: OfficeClock) -> Iterator[AskedFor]:
    waiting = {item_id for item_id, told in now.told.items() if any(one.is_open_question for one in told)}
    for item in now.items:
        if item.result not in _NOT_SHOWN:
            yield _item(item, now, clock, is_asked=item.id in waiting)


def _item(item: RequestItem, now: Situation, clock: OfficeClock, *, is_asked: bool) -> AskedFor:
    if item.told_at is not None:
        return AskedFor(item.kind, ItemStanding.ANSWERED, clock.local_date(item.told_at))
    if item.result in _ENDED:
        return AskedFor(item.kind, ItemStanding.ENDED)
    # For the outcome of a complaint UK law sets no date (DPA 2018 s. 164A(4)): none is promised.
    is_undated = item.kind is Kind.COMPLAINT and now.organisation.regime is Regime.UK
    if item.due_on is None or is_undated:
        is_waiting = is_asked and not is_undated
        return AskedFor(item.kind, ItemStanding.WAITING if is_waiting else ItemStanding.UNDATED)
    return AskedFor(item.kind, ItemStanding.DUE, item.due_on)


def _awaited(now: Situation) -> Iterator[Awaited]:
    """Yield each open question once, though it was asked for several items; not before its letter went out."""
    if now.case.status not in _ALIVE:
        return
    asked = [one for one in now.open_questions() if one.on is not None]
    for question in dict.fromkeys(one.fact.reason for one in asked if one.fact.reason):
        same = [one for one in asked if one.fact.reason is question]
        proofs = tuple(dict.fromkeys(Proof(value) for one in same for value in one.fact.proofs))
        yield Awaited(question, proofs, min(one.on for one in same if one.on))


def _told(now: Situation, clock: OfficeClock) -> Iterator[ToldLetter]:
    for letter in now.letters:
        if letter.state is OutboxState.SENT and letter.sent_at and letter.template in _SORTS:
            yield ToldLetter(_SORTS[letter.template], clock.local_date(letter.sent_at))
