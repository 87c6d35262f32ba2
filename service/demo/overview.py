"""What became of each mail, read from the database: the demo watches the service, it does not take part."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from ingest.parse import parse
from models.case import Case, RequestItem
from models.message import Message, Outcome
from models.outbox import OutboxMail, OutboxState
from service.desk import Desk

_ON_ITS_WAY = {OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNCERTAIN}
_LETTER_WORDS = {
    OutboxState.QUEUED: "coming",
    OutboxState.SENDING: "coming",
    OutboxState.UNCERTAIN: "coming",
    OutboxState.SENT: "sent",
    OutboxState.FAILED: "bounced",
    OutboxState.HELD: "held",
    OutboxState.SHADOW: "shadow",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One mail as the demo shows it; '' where there is nothing to say."""

    mailbox: str
    uid: int | None
    sender: str
    subject: str
    outcome: Outcome
    taken_for: str
    language: str
    reference: str = ""
    due: str = ""
    acknowledged: str = ""
    acknowledgement_id: str = ""
    """The Message-ID of the acknowledgement."""
    is_settled: bool = False
    """Decided, and its acknowledgement handed over."""


class Overview:
    """Reads rows; remembers who wrote what, so that each mail is opened once."""

    def __init__(self, desk: Desk) -> None:
        """Take the parts of a running desk."""
        self._desk = desk
        self._heads: dict[int, tuple[str, str]] = {}

    def rows(self) -> list[Row]:
        """Return every mail in the order of its arrival."""
        with self._desk.database.reading() as session:
            messages = session.exec(select(Message).order_by(col(Message.id))).all()
            return [self._row(session, message) for message in messages]

    def letter_ids(self) -> frozenset[str]:
        """Return the Message-ID of every letter that was written."""
        with self._desk.database.reading() as session:
            return frozenset(session.exec(select(OutboxMail.message_id)))

    def _row(self, session: Session, message: Message) -> Row:
        case = session.get(Case, message.case_id) if message.case_id else None
        items = _items(session, case)
        letter = _acknowledgement(session, message)
        sender, subject = self._head(session, message)
        dates = [item.due_on for item in items if item.due_on] if message.outcome is Outcome.CASE else []
        return Row(
            mailbox=message.mailbox,
            uid=message.uid,
            sender=sender,
            subject=subject,
            outcome=message.outcome,
            taken_for=_taken_for(message, case, items),
            language=message.language or "",
            reference=case.reference if case else "",
            due=min(dates).isoformat() if dates else "",
            acknowledged=_acknowledged(message, letter),
            acknowledgement_id=letter.message_id if letter else "",
            is_settled=message.outcome is not Outcome.PENDING and (letter is None or letter.state not in _ON_ITS_WAY),
        )

    def _head(self, session: Session, message: Message) -> tuple[str, str]:
        """Return who wrote a mail and about what; a further copy has the words of its original."""
        number = message.id or 0
        if number not in self._heads:
            source = message
            if message.sealed_id is None:
                same = select(Message).where(
                    col(Message.organisation) == message.organisation, col(Message.original_sha256) == message.sha256
                )
                source = session.exec(same).first() or message
            if source.sealed_id is None:
                return "?", "?"
            mail = parse(self._desk.vault.open(session, source.sealed_id), source.charset)
            sender = mail.from_[0].name or mail.from_[0].address if mail.from_ else "?"
            self._heads[number] = (sender, mail.subject)
        return self._heads[number]


def _items(session: Session, case: Case | None) -> list[RequestItem]:
    if case is None:
        return []
    return list(session.exec(select(RequestItem).where(col(RequestItem.case_id) == case.id)))


def _acknowledgement(session: Session, message: Message) -> OutboxMail | None:
    if message.outcome is not Outcome.CASE:
        return None
    return session.exec(select(OutboxMail).where(col(OutboxMail.case_id) == message.case_id)).first()


def _acknowledged(message: Message, letter: OutboxMail | None) -> str:
    if letter is not None:
        return _LETTER_WORDS[letter.state]
    return "staff" if message.outcome is Outcome.CASE else ""


def _taken_for(message: Message, case: Case | None, items: list[RequestItem]) -> str:
    """Say in a few words what a mail was taken for."""
    if message.outcome is Outcome.CASE and case:
        kinds = ", ".join(_words(item) for item in items if item.received_at == case.received_at)
        return f"{kinds}; for review: {case.review_reason}" if case.needs_review else kinds
    if message.outcome is Outcome.THREAD:
        new = [_words(item) for item in items if item.received_at == message.received_at]
        return f"joins the case{'; adds ' + ', '.join(new) if new else ''}"
    if message.outcome is Outcome.PENDING:
        return "…"
    return f"{message.outcome}: {message.reason}"


def _words(item: RequestItem) -> str:
    return item.kind.value.replace("_", " ")
