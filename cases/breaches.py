"""Requests that were not answered in time, and why: a rule gives the cause, staff put it right.

The first that fits counts:

1. recognition: more than 7 days passed from receipt until it was taken for a request (the case was opened; where it was
   opened for review, until a person said what it is).
2. mail: an answer was written by the due date, and its letter was accepted later, came back, or is still on its way.
3. identity: proof of identity or mandate was asked for, and had not come in 14 days after receipt.
4. third_party: somebody else was asked by the due date, and had not answered by then.
5. capacity: nothing of this.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from sqlmodel import Session, col, select

from cases.case_facts import CaseFacts, CaseRows, done_at
from cases.contributions import is_request
from cases.office import Office
from models.audit import Action
from models.case import CaseState, RequestItem
from models.casework import PauseReason
from models.errors import NotAllowed, NotFound
from models.outbox import ANSWERS, OutboxMail, OutboxState
from models.staff import Role
from models.tally import Breach, BreachCause
from models.verdict import Kind

_RECOGNISED_WITHIN = timedelta(days=7)
_PROVEN_WITHIN = timedelta(days=14)
_PROOFS = (PauseReason.IDENTITY, PauseReason.MANDATE)


def known_breaches(session: Session, cases: Iterable[CaseRows]) -> dict[int, Breach]:
    """Return the breaches of some cases that are known, by item."""
    ids = [item.id for rows in cases for item in rows.items]
    return {breach.item_id: breach for breach in session.exec(select(Breach).where(col(Breach.item_id).in_(ids)))}


def keep_breaches(session: Session, rows: CaseRows, facts: CaseFacts, known: Mapping[int, Breach], today: date) -> None:
    """Note which requests of a case are late, and forget those that are not any more; a cause given by staff stays."""
    found = {breach.item_id: breach for breach in _late(rows, facts, today)}
    for old in (known[item.id or 0] for item in rows.items if item.id in known):
        new = found.pop(old.item_id, None)
        if new is None:
            session.delete(old)
            continue
        old.case_id, old.due_on, old.received_on = new.case_id, new.due_on, new.received_on
        old.answered_on = new.answered_on
        if not old.cause_by:
            old.cause = new.cause
    session.add_all(found.values())


def _late(rows: CaseRows, facts: CaseFacts, today: date) -> Iterator[Breach]:
    for item, counted in zip(rows.items, facts.items, strict=True):
        if item.due_on is None or not is_request(counted):
            continue
        is_overdue = counted.is_owed and item.due_on < today
        if not (counted.is_late or is_overdue):
            continue
        done = done_at(item)
        yield Breach(
            item_id=item.id or 0,
            case_id=item.case_id,
            organisation=rows.case.organisation,
            received_on=date.fromordinal(counted.received),
            due_on=item.due_on,
            answered_on=rows.day(done) if done else None,
            cause=cause_of(rows, item, item.due_on),
        )


def cause_of(rows: CaseRows, item: RequestItem, due_on: date) -> BreachCause:
    """Return why a request is late, by the rule above."""
    received_on = rows.day(item.received_at)
    if _recognised_on(rows) - received_on > _RECOGNISED_WITHIN:
        return BreachCause.RECOGNITION
    if any(_failed(rows, letter, due_on) for letter in rows.letters):
        return BreachCause.MAIL
    if _is_unproven(rows, item, received_on + _PROVEN_WITHIN):
        return BreachCause.IDENTITY
    asked = (party for party in rows.parties if party.asked_on <= due_on)
    if any(party.answered_on is None or party.answered_on > due_on for party in asked):
        return BreachCause.THIRD_PARTY
    return BreachCause.CAPACITY


def _recognised_on(rows: CaseRows) -> date:
    opened = next((event for event in rows.events if event.action is Action.CASE_OPENED), None)
    if opened and json.loads(opened.details).get("status") == CaseState.REVIEW:
        looked = (event for event in rows.events if event.action in (Action.CASE_CONFIRMED, Action.MESSAGE_CORRECTED))
        if first := next(looked, None):
            return rows.day(first.at)
    return rows.day(rows.case.opened_at)


def _failed(rows: CaseRows, letter: OutboxMail, due_on: date) -> bool:
    if letter.template not in ANSWERS or rows.day(letter.created_at) > due_on:
        return False
    is_accepted = letter.state is OutboxState.SENT and letter.sent_at is not None
    return not (is_accepted and letter.sent_at and rows.day(letter.sent_at) <= due_on)


def _is_unproven(rows: CaseRows, item: RequestItem, by: date) -> bool:
    facts = (fact for fact, letter in rows.clock.get(item.id or 0, ()) if rows.asked_on(fact, letter))
    return any(fact.reason in _PROOFS and (fact.answered_on is None or fact.answered_on > by) for fact in facts)


def explain_breach(office: Office, kind: Kind, cause: BreachCause, *, why: str) -> None:
    """Say why a request was late, where the rule has it wrong; raises NotFound, and NotAllowed without a reason."""
    if not office.actor.role.covers(Role.MANAGER):
        raise NotAllowed("the cause of a breach is put right by a manager")
    if not why.strip():
        raise NotAllowed("say why: without a reason the rule stands")
    query = select(Breach).join(RequestItem).where(col(Breach.case_id) == office.case.id, col(RequestItem.kind) == kind)
    breach = office.session.exec(query.order_by(col(Breach.item_id)).with_for_update()).first()
    if breach is None:
        raise NotFound(f"no {kind} request of this case is late")
    office.note(Action.BREACH_EXPLAINED, kind=kind, before=breach.cause, cause=cause)
    breach.cause, breach.cause_by = cause, office.actor.name
    office.remember(f"late: {cause}", why)
