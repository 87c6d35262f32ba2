"""What to do next in a case: what is missing, for whom, by when, and which deed or letter would do it.

Pure: reads a `Situation`, returns suggestions, the most pressing first. Nothing is done by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cases.identity_levels import needed_level, needs_standing
from cases.lifecycle import Deed
from cases.rules import EXTENDABLE
from cases.situation import Situation
from models.case import CaseState, Identity, ItemResult, RequestItem
from models.casework import PauseReason
from models.outbox import OutboxState, Template
from models.verdict import RIGHTS, Hint, Kind

_SILENT_DAYS = 10
_THINK_OF_EXTENDING = 7
_LETTERS = {
    Kind.OBJECTION_MARKETING: Template.UNSUBSCRIBE_DONE,
    Kind.COMPLAINT: Template.COMPLAINT_ANSWER,
    Kind.AUTHORITY: Template.AUTHORITY_RECEIPT,
    Kind.INCIDENT: Template.INCIDENT_RECEIPT,
}
"""The letter that answers a kind which stands alone."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to do. `by` is the day by which; None where no day presses."""

    deed: str
    """What to do: a deed of the table, or a word beside it (task, letter, third party)."""
    says: str
    by: date | None = None
    template: Template | None = None
    kind: Kind | None = None


def suggestions(now: Situation) -> list[Suggestion]:
    """Return what to do next, the most pressing first."""
    if now.case.status is CaseState.CLOSED:
        return []
    found = [*_looks(now), *_letters_back(now), *_waits(now), *_identity(now), *_time(now), *_results(now), *_ends(now)]
    return sorted(found, key=lambda one: (one.by is None, one.by or date.max))


def _looks(now: Situation) -> Iterator[Suggestion]:
    """Say that a person must look first."""
    if now.case.status is CaseState.REVIEW or now.case.needs_review:
        why = now.case.review_reason or "nobody has looked at it yet"
        yield Suggestion(Deed.CONFIRM, f"look at it: {why}", now.today)
    if now.case.proposed_received:
        yield Suggestion(
            "receipt", f"confirm the day of receipt: the forward says {now.case.proposed_received}", now.today
        )
    if now.case.customer_id and any(item.kind not in _LETTERS for item in now.open_items):
        yield Suggestion(
            Deed.FORWARD, "it seems to be about the data of a customer: pass it on", _first_due(now), Template.FORWARDED
        )


def _letters_back(now: Situation) -> Iterator[Suggestion]:
    for letter in now.letters:
        if letter.state in (OutboxState.HELD, OutboxState.FAILED):
            yield Suggestion("letter", f"letter {letter.id} did not arrive: {letter.reason}", now.today)


def _waits(now: Situation) -> Iterator[Suggestion]:
    """Say what the person was asked for and has not sent."""
    questions = now.open_questions()
    asked = [one.on for one in questions if one.on]
    if len(asked) < len(questions):
        yield Suggestion("letter", "the letter with the question has not gone out yet: no clock stands still")
    if not asked:
        return
    if now.has_gone_out(Template.STATUS):
        yield Suggestion(Deed.DECIDE, "the person was reminded and may not want to go on: decide whether it lapses")
    elif now.today >= min(asked) + timedelta(days=_SILENT_DAYS):
        yield Suggestion("remind", "the person has not replied: remind them", now.today, Template.STATUS)
    else:
        until = min(asked) + timedelta(days=_SILENT_DAYS)
        yield Suggestion(Deed.TAKE_ANSWER, "wait for the person, and note the answer when it comes", until)


def _identity(now: Situation) -> Iterator[Suggestion]:
    """Say what we need to know about the person before we may act."""
    is_asked_for_standing = any(one.fact.reason is PauseReason.MANDATE for one in now.open_questions())
    if not is_asked_for_standing and not now.case.has_standing and _wants_standing(now):
        yield Suggestion(
            Deed.ASK, "ask for proof that they may act in this matter", now.today, Template.IDENTITY_QUESTION
        )
    if now.case.identity in (Identity.ASKED, Identity.FAILED):
        return
    items = [item for item in now.open_items if needed_level(item.kind, now.organisation) > now.case.identity_level]
    if items:
        level = max(needed_level(item.kind, now.organisation) for item in items)
        says = f"make sure who it is (level {level}): from the file, or ask"
        yield Suggestion(Deed.IDENTIFY, says, now.today, Template.IDENTITY_QUESTION)


def _wants_standing(now: Situation) -> bool:
    return any(needs_standing(item.kind, now.case.hints) for item in now.open_items)


def _time(now: Situation) -> Iterator[Suggestion]:
    """Say when the last day for an extension comes near."""
    limits = [
        limit
        for item in now.open_items
        if item.kind in EXTENDABLE and (limit := now.dues[item.id or 0].extension_notice_by)
    ]
    if limits and not now.is_extended and 0 <= (min(limits) - now.today).days <= _THINK_OF_EXTENDING:
        yield Suggestion(
            Deed.EXTEND, "if it cannot be answered in time, tell the person now", min(limits), Template.EXTENSION
        )


def _results(now: Situation) -> Iterator[Suggestion]:
    for item in now.open_items:
        yield Suggestion(
            Deed.DECIDE, f"decide on: {item.kind.value.replace('_', ' ')}", item.due_on, _letter_for(item), item.kind
        )
    if now.open_items and Hint.SOURCE in now.case.hints:
        yield Suggestion("task", "say where the data came from (Art. 15(1)(g))", _first_due(now))
    for task in now.tasks:
        if task.done_at is None:
            yield Suggestion("task", task.title, task.due_on)
    for party in now.parties:
        if party.answered_on is None and party.due_on and party.due_on < now.today:
            yield Suggestion(
                "chase", f"{party.name} has not answered: remind them", now.today, Template.THIRD_PARTY_REMINDER
            )


def _letter_for(item: RequestItem) -> Template:
    return _LETTERS.get(item.kind, Template.ANSWER)


def _ends(now: Situation) -> Iterator[Suggestion]:
    """Say how to bring it to its end."""
    if now.open_items or not now.items:
        return
    if now.case.status is CaseState.ANSWERED and now.untold:
        yield Suggestion("letter", "the answer has not gone out yet: the due date stands", _last_due(now))
    elif now.untold and now.case.requester_address:
        yield Suggestion(Deed.ANSWER, "send the answer", _last_due(now), answer_template(now))
    elif all(task.done_at for task in now.tasks):
        yield Suggestion(Deed.CLOSE, "close the case")


def answer_template(now: Situation) -> Template:
    """Return the letter that fits the results of all items."""
    told = now.to_tell
    results, kinds = {item.result for item in told}, {item.kind for item in told}
    if not told:
        return Template.CLOSING
    if len(kinds) == 1 and kinds <= set(_LETTERS):
        letter = _LETTERS[next(iter(kinds))]
        is_partial = letter is Template.UNSUBSCRIBE_DONE and results != {ItemResult.FULFILLED}
        return Template.ANSWER if is_partial else letter
    if not kinds & RIGHTS:
        return Template.COMPLAINT_ANSWER if Kind.COMPLAINT in kinds else Template.CLOSING
    if results == {ItemResult.NOT_IDENTIFIED}:
        return Template.CLOSING
    if kinds <= RIGHTS and results == {ItemResult.REFUSED}:
        return Template.REFUSAL
    return Template.NO_DATA if kinds <= RIGHTS and results == {ItemResult.NO_DATA} else Template.ANSWER


def _first_due(now: Situation) -> date | None:
    return min((item.due_on for item in now.open_items if item.due_on), default=None)


def _last_due(now: Situation) -> date | None:
    return min((item.due_on for item in now.untold if item.due_on), default=None)
