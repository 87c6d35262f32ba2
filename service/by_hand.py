"""Opening a case by hand: a request that came by phone, post, chat or a form. One transaction."""

from dataclasses import dataclass
from datetime import datetime

from cases.arranging import open_by_hand as open_it
from cases.clocks import OfficeClock
from cases.opening import Registry
from cases.reference import new_reference
from models.case import Case, CaseState, Channel
from models.errors import NotAllowed, NotFound
from models.verdict import Kind
from responders.header_lines import written_address
from service.desk import Desk


@dataclass(frozen=True, slots=True)
class HandRequest:
    """What staff know of a request that did not come by mail."""

    mailbox: str
    kinds: tuple[Kind, ...]
    received_at: datetime
    channel: Channel
    address: str = ""
    name: str = ""
    language: str = "en"


def open_by_hand(desk: Desk, request: HandRequest, by: str) -> str:
    """Open the case and return its reference; raises NotFound for an unknown mailbox, and NotAllowed."""
    mailbox = next((one for one in desk.mailboxes if one.name == request.mailbox), None)
    if mailbox is None:
        names = ", ".join(one.name for one in desk.mailboxes)
        raise NotFound(f"there is no mailbox {request.mailbox!r}; there are {names}")
    address = request.address.strip().lower()
    if address and not written_address(address):
        raise NotAllowed("the address has not the form of one: correct it, or leave it out")
    case = Case(
        reference=new_reference(),
        organisation=mailbox.organisation.slug,
        mailbox=mailbox.name,
        status=CaseState.OPEN,
        requester_address=address,
        requester_name=request.name.strip(),
        language=request.language,
        received_at=request.received_at,
        opened_at=desk.now(),
        first_opened_at=desk.now(),
        channel=request.channel,
    )
    with desk.database.transaction() as session:
        registry = Registry(OfficeClock(mailbox), desk.audit)
        open_it(session, registry, case, request.kinds, by, desk.now())
        return case.reference
