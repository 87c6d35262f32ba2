"""Opening a case by hand: a request that came by phone, post, chat or a form. One transaction."""

from cases.arranging import open_by_hand as open_it
from cases.clocks import OfficeClock
from cases.opening import Registry
from cases.quarantine import give_to
from cases.reference import new_reference
from models.by_hand import HandRequest
from models.case import Case, CaseState
from models.casework import Note
from models.errors import NotAllowed, NotFound
from models.message import Message
from responders.header_lines import written_address
from service.desk import Desk


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
        session.flush()
        if request.words.strip():
            sealed = desk.vault.keep(session, request.words.strip().encode())
            session.add(Note(case_id=case.id or 0, at=desk.now(), by=by, sealed_id=sealed))
        if request.message is not None:
            message = session.get(Message, request.message, with_for_update=True)
            if message is None:
                raise NotFound(f"there is no message {request.message}")
            give_to(session, desk.audit, message, case, desk.now(), by)
        return case.reference
