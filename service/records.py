"""Rows as commands show them: the machine forms of messages, cases and letters, in stable keys.

Times are YYYY-MM-DDTHH:MM:SSZ, dates YYYY-MM-DD; oldest first; `case` is always the reference.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from sqlmodel import Session, col, func, select

from models.case import Case, RequestItem
from models.errors import NotFound
from models.message import Message, Outcome
from models.outbox import OutboxMail
from store.vault import Vault

_PART = 1000


def moment(instant: datetime | None) -> str | None:
    """Return an instant as YYYY-MM-DDTHH:MM:SSZ."""
    return None if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def message_rows(session: Session) -> Iterator[dict[str, object]]:
    """Yield the ledger, oldest first."""
    query = select(Message, Case.reference).outerjoin(Case, col(Case.id) == col(Message.case_id))
    for message, reference in session.exec(query.order_by(col(Message.id)).execution_options(yield_per=_PART)):
        yield message_row(message, reference)


def case_rows(session: Session) -> Iterator[dict[str, object]]:
    """Yield the cases, oldest first."""
    query = select(Case).order_by(col(Case.id)).execution_options(yield_per=_PART)
    for cases in session.exec(query).partitions(_PART):
        yield from case_rows_of(session, cases)


def letter_rows(session: Session) -> Iterator[dict[str, object]]:
    """Yield the outbox, oldest first."""
    query = select(OutboxMail, Case.reference).outerjoin(Case, col(Case.id) == col(OutboxMail.case_id))
    for letter, reference in session.exec(query.order_by(col(OutboxMail.id)).execution_options(yield_per=_PART)):
        yield letter_row(letter, reference)


def message_details(session: Session, vault: Vault, number: int) -> dict[str, object]:
    """Return one ledger row with what was found in the mail; raises NotFound."""
    message = session.get(Message, number)
    if message is None:
        raise NotFound(f"there is no message {number}; `rightsdesk mail list` shows them all")
    case = session.get(Case, message.case_id) if message.case_id else None
    row = message_row(message, case.reference if case else None)
    row |= {
        "charset": message.charset or None,
        "language": message.language,
        "labels": message.labels,
        "model_version": message.model_version,
    }
    if message.sealed_details and message.sealed_id:
        row |= json.loads(vault.open_beside(session, message.sealed_id, message.sealed_details))
    return row


def letter_details(session: Session, vault: Vault, number: int) -> dict[str, object]:
    """Return one letter with its text; raises NotFound."""
    letter = session.get(OutboxMail, number)
    if letter is None:
        raise NotFound(f"there is no letter {number}; `rightsdesk outbox list` shows them all")
    case = session.get(Case, letter.case_id) if letter.case_id else None
    return letter_row(letter, case.reference if case else None) | {
        "reason": letter.reason,
        "created_at": moment(letter.created_at),
        "next_try_at": moment(letter.next_try_at),
        "sent_at": moment(letter.sent_at),
        "letter": vault.open(session, letter.sealed_id).decode("utf-8", "replace"),
    }


def message_row(message: Message, reference: str | None) -> dict[str, object]:
    """Return the machine form of one ledger row."""
    return {
        "id": message.id,
        "mailbox": message.mailbox,
        "uidvalidity": message.uidvalidity,
        "uid": message.uid,
        "message_id": message.message_id or None,
        "sha256": message.sha256,
        "received_at": moment(message.received_at),
        "outcome": message.outcome.value,
        "case": reference,
        "reason": message.reason,
    }


def case_rows_of(session: Session, cases: Sequence[Case]) -> Iterator[dict[str, object]]:
    """Yield the machine form of cases, in their order."""
    ids, counted = [case.id for case in cases], [Outcome.CASE, Outcome.THREAD, Outcome.ARCHIVED]
    items: defaultdict[int | None, list[RequestItem]] = defaultdict(list)
    found = select(RequestItem).where(col(RequestItem.case_id).in_(ids)).order_by(col(RequestItem.id))
    for item in session.exec(found):
        items[item.case_id].append(item)
    counting = select(Message.case_id, func.count()).group_by(col(Message.case_id))
    is_counted = (col(Message.case_id).in_(ids), col(Message.outcome).in_(counted))
    messages = dict(session.exec(counting.where(*is_counted)).all())
    for case in cases:
        yield _case_row(case, items[case.id], messages.get(case.id, 0))


def _case_row(case: Case, items: Sequence[RequestItem], messages: int) -> dict[str, object]:
    ends = [(item.due_at, item.due_on) for item in items if item.is_owed and item.due_at is not None]
    due_at, due_on = min(ends, default=(None, None), key=lambda end: end[0])
    return {
        "reference": case.reference,
        "organisation": case.organisation,
        "mailbox": case.mailbox,
        "kinds": [item.kind.value for item in items],
        "status": case.status.value,
        "received_at": moment(case.received_at),
        "due_date": day_text(due_on),
        "due_at_utc": moment(due_at),
        "language": case.language,
        "requester": case.requester_address,
        "needs_review": case.needs_review,
        "acknowledged_at": moment(case.acknowledged_at),
        "messages": messages,
    }


def letter_row(letter: OutboxMail, reference: str | None) -> dict[str, object]:
    """Return the machine form of one letter."""
    return {
        "id": letter.id,
        "case": reference,
        "template": letter.template.value,
        "to": letter.to_address,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "state": letter.state.value,
        "attempts": letter.attempts,
    }


def day_text(day: date | None) -> str | None:
    """Return a day as YYYY-MM-DD."""
    return None if day is None else day.isoformat()
