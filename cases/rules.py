"""The rules that moves of a case keep, each in words for staff and as a test of the situation.

In: a `Situation`, read once from the database, and what was `Given` with the deed. Out: the rules that are broken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from cases.identity_levels import may_ask_document, needed_level, needs_standing
from cases.lifecycle import Move, RuleName
from cases.situation import Given, Situation
from models.case import Identity, ItemResult, RequestItem
from models.casework import PauseReason
from models.letter import Proof
from models.outbox import TELLS_REMEDIES, OutboxState, Template
from models.staff import Role
from models.verdict import RIGHTS, Kind

LAPSE_AFTER = timedelta(days=14)
"""So long after a reminder a request without an answer may lapse, as the reminder says."""
_DECLINING = {ItemResult.REFUSED, ItemResult.PARTLY}
_GIVING = {ItemResult.FULFILLED, ItemResult.PARTLY}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words, its test, and who may set it aside."""

    says: str
    holds: Callable[[Situation, Given], bool]
    override: Role | None = None
    needs_two: bool = False
    """Only two people together may set it aside."""


def broken_rules(move: Move, situation: Situation, given: Given) -> list[RuleName]:
    """Return the rules of a move that do not hold, in the order of the table."""
    return [name for name in move.rules if not RULES[name].holds(situation, given)]


def _reason_given(_: Situation, given: Given) -> bool:
    return bool(given.why.strip()) or given.question is PauseReason.CLARIFICATION


def _text_given(_: Situation, given: Given) -> bool:
    needs_words = given.question in (None, PauseReason.CLARIFICATION, PauseReason.FEE) or Proof.DETAILS in given.proofs
    return bool(given.text.strip()) or not needs_words or given.template in _SAYS_ENOUGH


def _proof_chosen(_: Situation, given: Given) -> bool:
    return bool(given.proofs) or given.question not in (PauseReason.IDENTITY, PauseReason.MANDATE)


def _document_allowed(situation: Situation, given: Given) -> bool:
    asks = Proof.IDENTITY_DOCUMENT in given.proofs
    return not asks or may_ask_document([item.kind for item in situation.open_items], situation.organisation)


def _asked_once(situation: Situation, given: Given) -> bool:
    return not any(one.fact.reason is given.question for one in situation.open_questions())


def _answer_after_question(situation: Situation, given: Given) -> bool:
    asked = [one.on for one in situation.open_questions() if one.on]
    return given.on is None or (given.on <= situation.today and (not asked or given.on >= min(asked)))


def _extendable(situation: Situation) -> list[RequestItem]:
    return [item for item in situation.open_items if item.kind in EXTENDABLE]


def _notice_in_time(situation: Situation, given: Given) -> bool:
    told_on = given.on or situation.today
    limits = [situation.dues[item.id or 0].extension_notice_by for item in _extendable(situation)]
    return all(limit is None or told_on <= limit for limit in limits)


def _told_since_receipt(situation: Situation, given: Given) -> bool:
    first = min((situation.received_on(item) for item in situation.items), default=situation.today)
    return given.on is None or first <= given.on <= situation.today


def _asks_that(situation: Situation, given: Given) -> bool:
    return any(given.question in (None, one.fact.reason) for one in situation.open_questions())


def _items_named(situation: Situation, given: Given) -> bool:
    return set(given.kinds) <= {item.kind for item in situation.items}


def _not_extended(situation: Situation, _: Given) -> bool:
    return not situation.is_extended


def _ground_given(_: Situation, given: Given) -> bool:
    return given.result not in _DECLINING or (given.ground is not None and bool(given.why.strip()))


def _identity_enough(situation: Situation, given: Given) -> bool:
    if given.item is None or given.result not in _GIVING:
        return True
    needed = needed_level(given.item.kind, situation.organisation)
    is_confirmed = situation.case.identity is Identity.CONFIRMED and situation.case.identity_level >= needed
    return needed == 0 or is_confirmed


def _standing_proven(situation: Situation, given: Given) -> bool:
    if given.item is None or given.result not in _GIVING:
        return True
    return situation.case.has_standing or not needs_standing(given.item.kind, situation.case.hints)


def _lapse_told(situation: Situation, given: Given) -> bool:
    told = [
        one.sent_at.date()
        for one in situation.letters
        if one.template is Template.STATUS and one.state is OutboxState.SENT and one.sent_at
    ]
    return given.result is not ItemResult.LAPSED or any(situation.today >= day + LAPSE_AFTER for day in told)


def _letter_fits(situation: Situation, given: Given) -> bool:
    """Tell whether a letter says what was decided: a refusal never goes out as "we have answered it"."""
    told = situation.to_tell
    results, kinds = {item.result for item in told}, {item.kind for item in told}
    fits = {
        Template.REFUSAL: results == {ItemResult.REFUSED} and kinds <= RIGHTS,
        Template.NO_DATA: results == {ItemResult.NO_DATA} and kinds <= RIGHTS,
        Template.UNSUBSCRIBE_DONE: kinds == {Kind.OBJECTION_MARKETING} and results == {ItemResult.FULFILLED},
        Template.COMPLAINT_ANSWER: Kind.COMPLAINT in kinds and not (kinds & RIGHTS and results & _DECLINING),
        Template.CLOSING: not results & {ItemResult.REFUSED, ItemResult.PARTLY, ItemResult.NO_DATA},
        Template.ANSWER: bool(kinds & RIGHTS),
        Template.AUTHORITY_RECEIPT: Kind.AUTHORITY in kinds,
        Template.INCIDENT_RECEIPT: Kind.INCIDENT in kinds,
    }
    return given.template is None or fits.get(given.template, False)


def _remedies_told(situation: Situation, given: Given) -> bool:
    declined = any(item.result in _DECLINING for item in situation.to_tell)
    return not declined or given.template in TELLS_REMEDIES


def _person_told(situation: Situation, _: Given) -> bool:
    return not situation.untold or not situation.case.requester_address


def _same_person(situation: Situation, given: Given) -> bool:
    other = given.other
    return (
        other is not None
        and other.id != situation.case.id
        and other.organisation == situation.case.organisation
        and bool(other.requester_address)
        and other.requester_address == situation.case.requester_address
    )


def _has_such_a_date(_: Situation, given: Given) -> bool:
    return given.item is not None and given.item.kind in (Kind.AUTHORITY, Kind.COMPLAINT, Kind.INCIDENT)


EXTENDABLE = frozenset(
    {
        *(Kind.ACCESS, Kind.RECTIFICATION, Kind.ERASURE, Kind.RESTRICTION),
        *(Kind.PORTABILITY, Kind.OBJECTION, Kind.AUTOMATED_DECISION),
    }
)
"""The kinds whose answer can be extended (GDPR Art. 12(3))."""
_SAYS_ENOUGH = frozenset({Template.NO_DATA, Template.CLOSING, Template.UNSUBSCRIBE_DONE, Template.REFUSAL})
"""Letters that are whole without words of staff."""

RULES: dict[RuleName, Rule] = {
    RuleName.HAS_OPEN_ITEM: Rule("the case has no open item", lambda now, _: bool(now.open_items)),
    RuleName.REASON_GIVEN: Rule("a reason must be recorded", _reason_given),
    RuleName.TEXT_GIVEN: Rule("the letter needs words of yours", _text_given),
    RuleName.PROOF_CHOSEN: Rule("say which proof you ask for", _proof_chosen),
    RuleName.DOCUMENT_ALLOWED: Rule(
        "policy does not let us ask for an identity document here (identity_document_for)", _document_allowed
    ),
    RuleName.ASKED_ONCE: Rule("this was asked already and is not answered yet: ask once", _asked_once, Role.AGENT),
    RuleName.QUESTION_OPEN: Rule("nothing was asked that is not answered", _asks_that),
    RuleName.ANSWER_AFTER_QUESTION: Rule(
        "the answer cannot be dated before the question or in the future", _answer_after_question
    ),
    RuleName.CAN_BE_EXTENDED: Rule(
        "none of its open items can be extended (GDPR Art. 12(3))", lambda now, _: bool(_extendable(now))
    ),
    RuleName.NOTICE_IN_TIME: Rule("the last lawful day to tell of an extension has passed", _notice_in_time),
    RuleName.NOT_EXTENDED_YET: Rule("it was extended already, and can be once", _not_extended),
    RuleName.GROUND_GIVEN: Rule("declining needs a ground and a reason (GDPR Art. 12(4))", _ground_given),
    RuleName.LETTER_FITS: Rule("this letter does not fit what was decided: choose another", _letter_fits),
    RuleName.REMEDIES_TOLD: Rule(
        "what is declined must be told with the right to complain and to go to court (GDPR Art. 12(4))", _remedies_told
    ),
    RuleName.IDENTITY_ENOUGH: Rule(
        "we do not know well enough who the person is for this kind", _identity_enough, Role.MANAGER, needs_two=True
    ),
    RuleName.STANDING_PROVEN: Rule(
        "it is not proven that the requester may act in this matter", _standing_proven, Role.MANAGER, needs_two=True
    ),
    RuleName.LAPSE_TOLD: Rule("it can lapse only two weeks after a letter has said so (remind)", _lapse_told),
    RuleName.ALL_DECIDED: Rule("an item has no result yet", lambda now, _: not now.open_items and bool(now.items)),
    RuleName.PERSON_TOLD: Rule("the person has not been told of the outcome", _person_told, Role.MANAGER),
    RuleName.TASKS_DONE: Rule(
        "a task is not done", lambda now, _: all(task.done_at for task in now.tasks), Role.MANAGER
    ),
    RuleName.CUSTOMER_KNOWN: Rule(
        "say to which customer of the directory (`directory list`)", lambda _, given: given.has_customer
    ),
    RuleName.SAME_PERSON: Rule("the other case is of somebody else", _same_person, Role.MANAGER),
    RuleName.MORE_THAN_ONE_ITEM: Rule("it is the only item of the case", lambda now, _: len(now.items) > 1),
    RuleName.NOT_IN_FUTURE: Rule(
        "what came in cannot have come in the future", lambda now, given: given.on is None or given.on <= now.today
    ),
    RuleName.TOLD_SINCE_RECEIPT: Rule(
        "the person can have been told from the day of receipt until today", _told_since_receipt
    ),
    RuleName.ITEMS_NAMED: Rule("the case has no item of this kind", _items_named),
    RuleName.NOT_MERGED: Rule(
        "it was merged into another case: work goes on there", lambda now, _: now.case.merged_into_id is None
    ),
    RuleName.HAS_SUCH_A_DATE: Rule(
        "only an authority's letter, a complaint or a breach report has a date to enter", _has_such_a_date
    ),
}

assert RIGHTS >= EXTENDABLE  # noqa: S101 - what can be extended is a right
