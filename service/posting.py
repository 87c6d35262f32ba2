"""From an order to a letter in the outbox, in the transaction of what caused it."""

from dataclasses import replace

from sqlmodel import Session

from cases.clocks import OfficeClock
from cases.person_links import address_of, link_for_letter
from models.case import Case
from models.letter import Enclosure, LetterOrder
from models.organisation import Mailbox
from models.outbox import CARRIES_PAGE, OutboxMail
from models.person import AddressProof
from service.desk import Desk
from store.link_tokens import LinkPurpose


def post(
    desk: Desk,
    session: Session,
    order: LetterOrder,
    mailbox: Mailbox,
    request: str | None = None,
    actor: str = "rightsdesk",
) -> OutboxMail:
    """Write a letter and keep it; `request` is the sealed mail that caused it, enclosed where the order says so."""
    if order.encloses_request and request:
        order = replace(order, enclosures=(Enclosure("request.eml", desk.vault.open(session, request)),))
    order = with_page(desk, session, order, mailbox, actor)
    letter = desk.letters.compose(order, mailbox)
    return desk.outbox.enqueue(session, order, letter, mailbox.organisation.slug)


def with_page(desk: Desk, session: Session, order: LetterOrder, mailbox: Mailbox, actor: str) -> LetterOrder:
    """Return an order with the address of the page that its letter carries, where there are such pages."""
    clock = OfficeClock(mailbox)
    if not desk.page.base_url:
        return order
    if order.proof_nonce:
        proof = session.get(AddressProof, order.proof_nonce)
        purpose, nonce, ends_at = LinkPurpose.PROOF, order.proof_nonce, proof.ends_at if proof else desk.now()
    elif order.template in CARRIES_PAGE and (case := session.get(Case, order.case_id)) is not None:
        link = link_for_letter(session, case, clock, desk.page, desk.audit, desk.now(), actor)
        purpose, nonce, ends_at = LinkPurpose.PAGE, link.nonce, link.ends_at
    else:
        return order
    address = address_of(desk.vault, desk.page, purpose, nonce)
    return replace(order, page_address=address, page_until=clock.local_date(ends_at))
