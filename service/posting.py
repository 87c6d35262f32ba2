"""From an order to a letter in the outbox, in the transaction of what caused it."""

from dataclasses import replace

from sqlmodel import Session

from models.letter import Enclosure, LetterOrder
from models.organisation import Mailbox
from models.outbox import OutboxMail
from service.desk import Desk


def post(desk: Desk, session: Session, order: LetterOrder, mailbox: Mailbox, request: str | None = None) -> OutboxMail:
    """Write a letter and keep it; `request` is the sealed mail that caused it, enclosed where the order says so."""
    if order.encloses_request and request:
        order = replace(order, enclosures=(Enclosure("request.eml", desk.vault.open(session, request)),))
    letter = desk.letters.compose(order, mailbox)
    return desk.outbox.enqueue(session, order, letter, mailbox.organisation.slug)
