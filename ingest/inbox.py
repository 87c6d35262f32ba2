"""Taking delivery: what a source served becomes ledger rows and sealed bytes, in the caller's transaction.

A row is `pending` until the pipeline decides; a UID has a row or it is asked for again. Refuses nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from ingest.fingerprint import raw_digest
from ingest.source import Gone
from models.audit import Action
from models.mail import RawMail
from models.message import MailboxState, Message, Outcome
from models.organisation import Mailbox
from store.audit import Audit
from store.vault import Vault

_MB = 1024 * 1024  # as max_mail_mb counts


@dataclass(frozen=True, slots=True)
class Inbox:
    """Intake of one mailbox folder."""

    mailbox: Mailbox
    folder: str
    vault: Vault
    audit: Audit

    def begin_poll(self, session: Session, uidvalidity: int, now: datetime) -> None:
        """Remember the first poll, and note it when the server has numbered its mails anew."""
        state = session.get(MailboxState, self.mailbox.name)
        if state is None:
            session.add(
                MailboxState(
                    mailbox=self.mailbox.name, first_polled_at=now.replace(microsecond=0), uidvalidity=uidvalidity
                )
            )
            return
        if state.uidvalidity not in (None, uidvalidity):
            self.audit.append(session, Action.MAILBOX_RENUMBERED, at=now, details={"mailbox": self.mailbox.name})
        state.uidvalidity = uidvalidity

    def known_uids(self, session: Session, uidvalidity: int) -> frozenset[int]:
        """Return the UIDs that have a ledger row."""
        query = select(Message.uid).where(*self._place(uidvalidity))
        return frozenset(uid for uid in session.exec(query) if uid is not None)

    def owed_uids(self, session: Session, uidvalidity: int) -> list[int]:
        """Return the UIDs whose flag or move the server has not been told yet; mails not read whole are left as
        they lie."""
        is_owed = (col(Message.settled_at).is_(None), col(Message.sha256).is_not(None))
        query = select(Message.uid).where(*self._place(uidvalidity), *is_owed)
        return [uid for uid in session.exec(query) if uid is not None]

    def note_settled(self, session: Session, uidvalidity: int, uids: Iterable[int], now: datetime) -> None:
        """Remember that the server was told."""
        query = select(Message).where(*self._place(uidvalidity), col(Message.uid).in_(list(uids)))
        for message in session.exec(query):
            message.settled_at = now

    def take_delivery(
        self, session: Session, mails: Sequence[RawMail | Gone], uidvalidity: int | None, now: datetime
    ) -> list[Message]:
        """Store mails as pending rows and return the new rows; mails whose place has a row already are passed
        over."""
        present = self._present(session, uidvalidity, [mail.uid for mail in mails if mail.uid is not None])
        fresh = [mail for mail in mails if mail.uid is None or mail.uid not in present]
        originals = self._originals(session, fresh)
        messages = [self._row(session, mail, uidvalidity, originals, now) for mail in fresh]
        session.add_all(messages)
        session.flush()
        for message in messages:
            self.audit.append(
                session,
                Action.MESSAGE_STORED,
                at=now,
                message_id=message.id,
                details={"sha256": message.sha256, "outcome": message.outcome},
            )
        return messages

    def _row(
        self, session: Session, mail: RawMail | Gone, uidvalidity: int | None, originals: set[str], now: datetime
    ) -> Message:
        message = Message(
            organisation=self.mailbox.organisation.slug,
            mailbox=self.mailbox.name,
            folder=self.folder,
            uidvalidity=uidvalidity,
            uid=mail.uid,
            received_at=now if isinstance(mail, Gone) else mail.received_at,
            stored_at=now,
            size=0 if isinstance(mail, Gone) else mail.size or len(mail.raw),
        )
        if isinstance(mail, Gone):
            message.outcome, message.decided_at = Outcome.VANISHED, now
            message.reason = "gone from the server before it could be read"
        elif mail.is_truncated:
            self._keep_header(session, message, mail, now)
        else:
            self._keep(session, message, mail, originals)
        return message

    def _keep_header(self, session: Session, message: Message, mail: RawMail, now: datetime) -> None:
        message.sealed_id = self.vault.keep(session, mail.raw)
        message.outcome, message.decided_at = Outcome.QUARANTINE, now
        message.reason = (
            f"{mail.size / _MB:.1f} MB is more than the limit of {self.mailbox.max_mail_bytes / _MB:g} MB "
            "(max_mail_mb): only its header was read"
        )

    def _keep(self, session: Session, message: Message, mail: RawMail, originals: set[str]) -> None:
        message.sha256 = raw_digest(mail.raw)
        if message.sha256 not in originals:
            originals.add(message.sha256)
            message.original_sha256 = message.sha256
            message.sealed_id = self.vault.keep(session, mail.raw)

    def _originals(self, session: Session, mails: Sequence[RawMail | Gone]) -> set[str]:
        digests = [raw_digest(mail.raw) for mail in mails if isinstance(mail, RawMail)]
        query = select(Message.original_sha256).where(
            col(Message.organisation) == self.mailbox.organisation.slug, col(Message.original_sha256).in_(digests)
        )
        return {digest for digest in session.exec(query) if digest}

    def _present(self, session: Session, uidvalidity: int | None, uids: list[int]) -> set[int | None]:
        query = select(Message.uid).where(*self._place(uidvalidity), col(Message.uid).in_(uids))
        return set(session.exec(query))

    def _place(self, uidvalidity: int | None) -> tuple[ColumnElement[bool], ...]:
        return (
            col(Message.mailbox) == self.mailbox.name,
            col(Message.folder) == self.folder,
            col(Message.uidvalidity) == uidvalidity,
        )
