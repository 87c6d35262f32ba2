"""What other programs are told of an entry of the audit chain: an event, a reference, numbers; nothing of a person."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from models.audit import Action, AuditEntry, AuditHead
from models.case import Case
from models.message import Message, Outcome
from models.outbox import OutboxMail
from models.webhook import HookEvent, Webhook

_EVENTS = {
    Action.CASE_OPENED: HookEvent.CASE_OPENED,
    Action.CASE_ANSWERED: HookEvent.CASE_ANSWERED,
    Action.CASE_CLOSED: HookEvent.CASE_CLOSED,
    Action.CASE_REOPENED: HookEvent.CASE_REOPENED,
    Action.CASE_ERASED: HookEvent.CASE_ERASED,
    Action.DUE_CHANGED: HookEvent.DUE_CHANGED,
    Action.ALARM_RAISED: HookEvent.ALARM_RAISED,
    Action.LETTER_SENT: HookEvent.LETTER_SENT,
    Action.LETTER_HELD: HookEvent.LETTER_HELD,
    Action.LETTER_BOUNCED: HookEvent.LETTER_BOUNCED,
}
_OF_MAIL = frozenset({Action.MESSAGE_STORED, Action.MESSAGE_DECIDED})
_UNTOLD = _OF_MAIL | {
    *(Action.CASE_VIEWED, Action.EVIDENCE_EXPORTED, Action.CASES_EXPORTED),
    *(Action.LETTER_WRITTEN, Action.LETTER_UNCERTAIN, Action.LETTER_RELEASED),
}
"""Looks, and steps on the way to what is told. All else that is done in a case changes it."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as an event; None where nobody is told of it."""

    seq: int
    event: HookEvent | None
    organisation: str
    body: bytes


def told_after(session: Session, seq: int, most: int) -> list[Told]:
    """Return the entries after a number, in their order, no more than `most`."""
    query = (
        select(AuditEntry, Case, Message, OutboxMail)
        .outerjoin(Case, col(Case.id) == col(AuditEntry.case_id))
        .outerjoin(Message, col(Message.id) == col(AuditEntry.message_id))
        .outerjoin(OutboxMail, col(OutboxMail.id) == col(AuditEntry.outbox_id))
        .where(col(AuditEntry.seq) > seq)
        .order_by(col(AuditEntry.seq))
    )
    return [_told(*found) for found in session.exec(query.limit(most))]


def last_entry(session: Session) -> int:
    """Return the number of the newest entry, 0 where there is none."""
    head = session.get(AuditHead, 1)
    return head.seq if head else 0


def event_body(event: str, at: datetime, data: dict[str, object]) -> bytes:
    """Return what is sent (standard-webhooks: type, timestamp, data)."""
    body = {"type": event, "timestamp": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "data": data}
    return json.dumps(body, separators=(",", ":")).encode()


def _told(entry: AuditEntry, case: Case | None, message: Message | None, letter: OutboxMail | None) -> Told:
    event = _event_of(entry)
    organisation = next((one.organisation for one in (case, message, letter) if one is not None), "")
    data: dict[str, object] = {
        "case": case.reference if case else None,
        "organisation": organisation or None,
        "deed": entry.action.value,
        "message": entry.message_id,
        "letter": entry.outbox_id,
    }
    return Told(entry.seq, event, organisation, event_body(event, entry.at, data) if event else b"")


def _event_of(entry: AuditEntry) -> HookEvent | None:
    if entry.action in _OF_MAIL and json.loads(entry.details).get("outcome") == Outcome.QUARANTINE:
        return HookEvent.MESSAGE_QUARANTINED
    if entry.action in _EVENTS:
        return _EVENTS[entry.action]
    return HookEvent.CASE_CHANGED if entry.case_id is not None and entry.action not in _UNTOLD else None


def concerns(told: Told, hook: Webhook) -> bool:
    """Tell whether a hook is told of an entry."""
    return told.event in hook.events and hook.organisation in ("", told.organisation)
