"""Correcting one mail by hand: read it again, let casework follow, write the letters. One transaction."""

from collections.abc import Callable, Sequence

from sqlmodel import Session

from cases.clocks import OfficeClock
from cases.correcting import Correcting, check_correctable
from cases.opening import Evidence, Registry
from models.errors import NotAllowed, NotFound
from models.files import sorts_of
from models.message import Message, Outcome
from models.organisation import Mailbox
from models.verdict import Doubt, Fields, Label, Verdict
from service.desk import Desk
from service.posting import post
from service.reading import Opened, Reading, ReadingOrder

BY_HAND = "by hand"


def correct(
    desk: Desk,
    number: int,
    labels: Sequence[Label],
    by: str,
    first: Callable[[Session], None] | None = None,
    doubt: Doubt = Doubt.NONE,
) -> None:
    """Say what a mail is; raises NotFound and NotAllowed, and what is done `first`, in the same transaction, raises."""
    reading, mailbox, sealed_id = _read_again(desk, number)
    if reading.mail is None or reading.screening is None:
        raise NotAllowed(f"message {number} cannot be corrected: {reading.problem or reading.error}")
    read = reading.verdict
    verdict = Verdict(
        language=read.language if read else mailbox.organisation.languages[0],
        labels=tuple(labels),
        # Where it is taken back, what a person said does not make it sure any more.
        scores={} if doubt is not Doubt.NONE else dict.fromkeys(labels, 1.0),
        doubt=doubt,
        model_version=BY_HAND,
        fields=read.fields if read else Fields(),
    )
    with desk.database.transaction() as session:
        desk.audit.hold(session)
        message = session.get(Message, number, with_for_update=True)
        if message is None:
            raise NotFound(f"there is no message {number}")
        if message.sealed_id != sealed_id:  # what was read may have been redacted since
            raise NotAllowed(f"message {number} was changed meanwhile: look at it again")
        if first:
            first(session)
        message.files = sorts_of(reading.mail.attachments, has_identity=verdict.fields.has_id_document)
        evidence = Evidence(reading.mail, reading.screening, verdict, message.outcome is Outcome.ARCHIVED)
        correcting = Correcting(Registry(OfficeClock(mailbox), desk.audit), by)
        for order in correcting.correct(session, message, evidence, desk.now()):
            post(desk, session, order, mailbox, message.sealed_id)


def _read_again(desk: Desk, number: int) -> tuple[Reading, Mailbox, str]:
    with desk.database.reading() as session:
        message = session.get(Message, number)
        if message is None:
            raise NotFound(f"there is no message {number}; `rightsdesk mail list` shows them all")
        mailbox = next((mailbox for mailbox in desk.mailboxes if mailbox.name == message.mailbox), None)
        if mailbox is None:
            raise NotAllowed(
                f"message {number} came by the mailbox {message.mailbox}, which is not configured any more"
            )
        check_correctable(message)
        if message.sealed_id is None:
            raise NotAllowed(f"message {number} cannot be corrected: its bytes are not kept")
        sealed_id = message.sealed_id
        opened = Opened(number, desk.vault.open(session, sealed_id), message.charset)
    order = ReadingOrder(mailbox.organisation, desk.own_addresses, (opened,))
    (reading,) = desk.reader.result(order, desk.reader.read(order))
    return reading, mailbox, sealed_id
