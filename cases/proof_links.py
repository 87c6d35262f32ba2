"""Proof by code, first half: a link goes to the address in the controller's records, never to the one in the request.

The link shows a code, which is entered on the requester's own page (`proving.py`): only who reads both mailboxes, or
one that is both, can do it. Whoever opens the link unasked has nowhere to enter the code, and gives nothing away.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from cases.office import Office
from cases.person_links import end_of_term
from models.audit import Action
from models.case import Case
from models.errors import NotAllowed
from models.mail import Address
from models.outbox import Template
from models.person import AddressProof
from store.link_tokens import new_nonce

PROOF_DAYS = 7
"""A mail may lie for days; the code that the link shows does not (`proving.py`)."""


def check_proof(office: Office, address: str, *, is_by_code: bool) -> None:
    """Raise NotAllowed where a link to an address on file cannot go out, or would have no use."""
    if not address:
        return
    if not is_by_code:
        raise NotAllowed("an address on file is for proof of identity by code: choose the proof code")
    if not office.page.base_url:
        raise NotAllowed("there is no page to enter a code on: web.base_url is not set")
    local, _, domain = address.rpartition("@")
    if (
        not local
        or "." not in domain
        or len(address) > 254
        or any(not one.isprintable() or one in " <>,;" for one in address)
    ):
        raise NotAllowed("the address on file must be one mail address, like mara@example.net")


def send_proof(office: Office, address: str) -> None:
    """Order the letter with the link to an address on file; it discloses nothing else. Earlier links end."""
    earlier = live_proof(office)
    if earlier is not None:
        earlier.ends_at = office.now
        office.session.add(earlier)
    nonce = new_nonce()
    ends_at = end_of_term(office.clock, office.now, PROOF_DAYS)
    proof = AddressProof(nonce=nonce, case_id=office.case.id or 0, made_at=office.now, ends_at=ends_at)
    office.session.add(proof)
    office.session.flush()
    order = office.order_to(
        Address("", address), office.case.language, Template.PROOF_LINK, reference="", proof_nonce=nonce
    )
    office.send(order)
    office.note(Action.PROOF_SENT, until=office.clock.local_date(proof.ends_at))


def live_proof(office: Office) -> AddressProof | None:
    """Return the proof by code that is under way in the case, None where none is."""
    return live_proof_of(office.session, office.case, office.now)


def live_proof_of(session: Session, case: Case, now: datetime) -> AddressProof | None:
    """Return the proof by code that is under way in a case at a moment, None where none is."""
    query = select(AddressProof).where(col(AddressProof.case_id) == case.id, col(AddressProof.ends_at) > now)
    return session.exec(query.where(col(AddressProof.proven_at).is_(None))).first()
