"""What would happen to a mail if it came in now: it goes the whole way, in a transaction of which nothing is kept."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from sqlmodel import Session, col, func, select, update

from ingest.fingerprint import identity_digest, raw_digest
from models.case import Case, RequestItem
from models.errors import NotFound
from models.message import Message, Outcome
from models.organisation import Mailbox
from models.outbox import OutboxMail
from service.deciding import Sitting
from service.desk import Desk
from service.reading import Opened, Reading, ReadingOrder
from web.desk.foreseen import Foreseen, ForeseenCase, ForeseenItem, ForeseenLetter


class _OnlyLooking(Exception):
    """Ends a transaction of which nothing is to be kept."""


def foresee(desk: Desk, mailbox_name: str, raw: bytes, charset: str = "") -> Foreseen:
    """Return what would become of a mail that reaches a mailbox now, seen for the first time; raises NotFound.

    An earlier copy of it is overlooked; the case that such a copy opened is not.
    """
    mailbox = next((one for one in desk.mailboxes if one.name == mailbox_name), None)
    if mailbox is None:
        raise NotFound(f"there is no mailbox {mailbox_name}")
    order = ReadingOrder(mailbox.organisation, desk.own_addresses, (Opened(0, raw, charset),))
    (reading,) = desk.reader.result(order, desk.reader.read(order))
    seen: list[Foreseen] = []
    with suppress(_OnlyLooking), desk.database.transaction() as session:
        seen.append(_Rehearsal(session, desk, mailbox).of(raw, reading))
        raise _OnlyLooking
    return seen[0]


class _Rehearsal:
    def __init__(self, session: Session, desk: Desk, mailbox: Mailbox) -> None:
        self._session, self._desk, self._mailbox = session, desk, mailbox

    def of(self, raw: bytes, reading: Reading) -> Foreseen:
        """Let a mail be stored and decided; return what became of it."""
        if reading.error:
            reason = f"could not be handled: {reading.error}"
            return Foreseen(reading.mail, None, None, Outcome.QUARANTINE, reason)
        last_letter = self._session.exec(select(func.max(OutboxMail.id))).one() or 0
        message = self._stored(raw)
        self._forget_copies(message, reading)
        Sitting(self._session, self._desk, self._mailbox).decide([replace(reading, message_id=message.id or 0)])
        self._session.flush()
        case = self._session.get(Case, message.case_id) if message.case_id else None
        return Foreseen(
            reading.mail,
            reading.screening,
            reading.verdict,
            message.outcome,
            message.reason,
            self._case(message, case) if case else None,
            tuple(self._letters(last_letter)),
        )

    def _stored(self, raw: bytes) -> Message:
        now = self._desk.now()
        message = Message(
            organisation=self._mailbox.organisation.slug,
            mailbox=self._mailbox.name,
            folder="",
            received_at=now,
            stored_at=now,
            size=len(raw),
            sha256=raw_digest(raw),
            sealed_id=self._desk.vault.keep(self._session, raw),
        )
        self._session.add(message)
        self._session.flush()
        return message

    def _forget_copies(self, message: Message, reading: Reading) -> None:
        """Let the mail be the first of its bytes, and of its Message-ID and body."""
        mail = reading.mail
        identity = identity_digest(mail.message_id, mail.body_digest) if mail else None
        for column, digest in (("original_sha256", message.sha256), ("original_identity", identity)):
            same = (col(Message.organisation) == message.organisation, getattr(Message, column) == digest)
            self._session.exec(update(Message).where(*same).values({column: None}))
        message.original_sha256 = message.sha256
        self._session.flush()

    def _case(self, message: Message, case: Case) -> ForeseenCase:
        query = select(RequestItem).where(col(RequestItem.case_id) == case.id).order_by(col(RequestItem.id))
        items = [ForeseenItem(item.kind, item.due_on) for item in self._session.exec(query) if item.result is None]
        is_new = message.outcome in (Outcome.CASE, Outcome.ARCHIVED)
        return ForeseenCase("" if is_new else case.reference, case.status.value, case.review_reason, tuple(items))

    def _letters(self, last: int) -> Iterator[ForeseenLetter]:
        for letter in self._session.exec(select(OutboxMail).where(col(OutboxMail.id) > last)):
            raw = self._desk.vault.open(self._session, letter.sealed_id)
            yield ForeseenLetter(letter.state, letter.reason, raw.decode("utf-8", "replace"))
