"""Warnings and the digest: looked for every few minutes, each written once."""

from collections import defaultdict
from datetime import datetime

from sqlmodel import Session, col, select

from cases.alarms import alarms, digest, fresh, is_digest_time, warnings
from models.audit import Action
from models.letter import LetterOrder
from models.organisation import Mailbox
from models.outbox import OutboxMail
from service.desk import Desk
from service.posting import post


def raise_alarms(desk: Desk) -> int:
    """Write the warnings and digests that are due and were not written yet; return how many letters that were."""
    by_organisation: dict[str, list[Mailbox]] = defaultdict(list)
    for mailbox in desk.mailboxes:
        if mailbox.organisation.managers:
            by_organisation[mailbox.organisation.slug].append(mailbox)
    return sum(_raise(desk, mailboxes) for mailboxes in by_organisation.values())


def _raise(desk: Desk, mailboxes: list[Mailbox]) -> int:
    sender = next((mailbox for mailbox in mailboxes if mailbox.smtp), mailboxes[0])
    now = desk.now()
    with desk.database.transaction() as session:
        new = fresh(session, [alarm for mailbox in mailboxes for alarm in alarms(session, mailbox, now)], now)
        for alarm in new:
            details = {"alarm": alarm.kind, "due_on": alarm.due_on}
            desk.audit.append(session, Action.ALARM_RAISED, at=now, case_id=alarm.case.id, details=details)
        orders = [*warnings(new, sender, now), *_digests(session, mailboxes, sender, now)]
        for order in orders:
            post(desk, session, order, sender)
    return len(orders)


def _digests(session: Session, mailboxes: list[Mailbox], sender: Mailbox, now: datetime) -> list[LetterOrder]:
    """Return the digests of the day that were not written yet."""
    if not is_digest_time(sender, now):
        return []
    orders = [digest(session, mailboxes, manager, now) for manager in sender.organisation.managers]
    query = select(OutboxMail.once_key).where(col(OutboxMail.once_key).in_([order.once_key or "" for order in orders]))
    known = set(session.exec(query).all())
    return [order for order in orders if order.once_key not in known]
