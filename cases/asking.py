"""Questions to the person: proof of identity or mandate, a clarification, a fee; and what comes back.

Only such a letter, chosen by staff with a recorded reason, can stop or move a clock (GDPR Art. 12(6), recital 63; UK
GDPR Art. 12A); the acknowledgement's "please also tell us" never does.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cases.clock_book import second_regime
from cases.clock_facts import Facts
from cases.clock_kinds import ClockKind
from cases.clock_sheet import sheet_of
from cases.handing_in import note_checked, submissions_of
from cases.lifecycle import Deed
from cases.looking import mark_seen
from cases.office import Office, paragraphs
from cases.proof_links import check_proof, live_proof, send_proof
from cases.right_clock import Effect as ClockEffect
from cases.right_clock import effect_of
from cases.rules import EXTENDABLE, LAPSE_AFTER
from cases.situation import Given
from models.audit import Action
from models.case import CaseState, Identity, RequestItem
from models.casework import ClockFact, FactSort, PauseReason
from models.errors import NotAllowed
from models.letter import Effect, Proof
from models.organisation import Regime
from models.outbox import Template

_TEMPLATES = {
    PauseReason.IDENTITY: Template.IDENTITY_QUESTION,
    PauseReason.MANDATE: Template.IDENTITY_QUESTION,
    PauseReason.CLARIFICATION: Template.CLARIFICATION,
    PauseReason.FEE: Template.FEE_NOTICE,
}
_EFFECTS = {
    ClockEffect.MOVES_START: Effect.MOVES_START,
    ClockEffect.ADDS_DAYS: Effect.STOPS,
    ClockEffect.NOTHING: Effect.NOTHING,
}


def ask(
    office: Office,
    question: PauseReason,
    *,
    why: str,
    text: str = "",
    proofs: Sequence[Proof] = (),
    told_on: date | None = None,
    address_on_file: str = "",
) -> None:
    """Ask the person, by letter unless it was done in another way on `told_on`. Raises NotAllowed.

    With an address on file, proof by code goes there (`proof_links.py`). The case waits where the question stops
    one of its clocks; it does not wait for an answer that changes no date.
    """
    before = office.case.status
    given = Given(why=why, text=text, question=question, proofs=tuple(proofs), on=told_on)
    check_proof(office, address_on_file, is_by_code=question is PauseReason.IDENTITY and Proof.CODE in proofs)
    office.permit(Deed.ASK, given)
    items = [item for item in office.open_items() if item.kind in EXTENDABLE] or office.open_items()
    effect = effect_on(office, question, items)
    if effect is Effect.NOTHING:
        office.case.status = CaseState.OPEN if before is CaseState.REVIEW else before
    facts = [_fact(office, item, question, proofs, told_on) for item in items]
    office.remember(f"asked for {question}", why)
    if question is PauseReason.IDENTITY:
        office.case.identity = Identity.ASKED
    office.note(Action.QUESTION_ASKED, question=question, proofs=list(proofs), effect=effect, told_on=told_on)
    if told_on is None:
        order = office.order(_TEMPLATES[question], items, text=paragraphs(text), proofs=tuple(proofs), effect=effect)
        order = replace(order, proves_by_page=bool(address_on_file))
        office.send(replace(order, rest_by=_rest_by(office, question, effect)), *facts)
    if address_on_file:
        send_proof(office, address_on_file)
    office.reckon()


def _rest_by(office: Office, question: PauseReason, effect: Effect) -> date | None:
    """Return the last date of the open items that a question leaves as they are, where it stops others."""
    if effect is Effect.NOTHING:
        return None
    going_on = [item for item in office.open_items() if effect_on(office, question, [item]) is Effect.NOTHING]
    return max((item.due_on for item in going_on if item.due_on), default=None)


def _fact(
    office: Office, item: RequestItem, question: PauseReason, proofs: Sequence[Proof], told_on: date | None
) -> ClockFact:
    fact = ClockFact(
        item_id=item.id or 0,
        sort=FactSort.PAUSE,
        reason=question,
        on=told_on,
        by=office.actor.name,
        proofs=[proof.value for proof in proofs],
    )
    office.session.add(fact)
    return fact


def effect_on(office: Office, question: PauseReason, items: Sequence[RequestItem]) -> Effect:
    """Return what a question does to the clocks of items: the weakest, where another country's law counts, too."""
    own = office.clock.mailbox.organisation.regime
    regimes = [regime for regime in (own, second_regime(office.clock, office.case)) if regime]
    found = [_strongest(office, question, items, regime) for regime in regimes]
    return Effect.NOTHING if Effect.NOTHING in found else found[0]


def _strongest(office: Office, question: PauseReason, items: Sequence[RequestItem], regime: Regime) -> Effect:
    effects = {_effect(office, question, item, regime) for item in items if item.kind in EXTENDABLE}
    return next((_EFFECTS[one] for one in ClockEffect if one in effects), Effect.NOTHING)


def _effect(office: Office, question: PauseReason, item: RequestItem, regime: Regime) -> ClockEffect:
    mailbox = office.clock.mailbox
    facts = Facts(item.received_at, mailbox.timezone, regime, mailbox.organisation.country, ClockKind(item.kind.value))
    return effect_of(question, sheet_of(facts, office.clock.calendar, office.clock.settings))


def take_answer(office: Office, *, on: date | None = None, question: PauseReason | None = None) -> None:
    """Note that what was asked for has come in: on a day, else with the person's last mail, else today.

    All open questions are answered unless one is named. Raises NotAllowed.
    """
    day = on or answered_on(office)
    situation = office.permit(Deed.TAKE_ANSWER, Given(on=day, question=question))
    for one in situation.open_questions():
        if question in (None, one.fact.reason):
            one.fact.answered_on = day
            office.session.add(one.fact)
    office.note(Action.ANSWER_RECEIVED, question=question, on=day)
    office.session.flush()
    if any(one.is_open_question for facts in office.situation().told.values() for one in facts):
        office.case.status = CaseState.WAITING
    mark_seen(office.case)
    office.reckon()


def answered_on(office: Office) -> date:
    """Return the day on which the person last wrote or handed something in after the question, else today."""
    asked = [one.on for one in office.situation().open_questions() if one.on]
    came_at = [message.received_at for message in office.messages()]
    came_at += [one.at for one in submissions_of(office.session, office.case)]
    days = [office.clock.local_date(at) for at in came_at]
    after = [day for day in days if asked and day >= min(asked)]
    return max(after, default=office.today)


def identify(
    office: Office, identity: Identity, *, level: int = 0, method: str = "", why: str, has_standing: bool = False
) -> None:
    """Decide whether we know who the person is, and whether they may act; raises NotAllowed."""
    if identity not in (Identity.CONFIRMED, Identity.FAILED) or not 0 <= level <= 3:
        raise NotAllowed("identity is confirmed (with a level from 0 to 3) or failed")
    office.permit(Deed.IDENTIFY, Given(why=why))
    case = office.case
    case.identity, case.identity_method = identity, method
    case.identity_level = level if identity is Identity.CONFIRMED else 0
    case.has_standing = has_standing
    note_checked(office)
    office.note(Action.IDENTITY_DECIDED, identity=identity, level=level, standing=has_standing)
    office.remember(f"identity {identity}", why)


def remind_silent(office: Office, *, text: str = "") -> None:
    """Write to a person who has not replied to a question that the case may lapse; raises NotAllowed."""
    questions = office.permit(Deed.REMIND).open_questions()
    asked = [one.on for one in questions if one.on]
    if not asked:
        raise NotAllowed("the letter with the question has not gone out yet")
    proofs = tuple(dict.fromkeys(Proof(value) for one in questions for value in one.fact.proofs))
    if not proofs and not text.strip():
        raise NotAllowed("say in the letter what was asked: it was a question of your own words")
    order = office.order(
        Template.STATUS,
        office.open_items(),
        text=paragraphs(text),
        sent_on=min(asked),
        close_on=office.today + LAPSE_AFTER,
        proofs=proofs,
        proves_by_page=live_proof(office) is not None,
    )
    office.send(order)
