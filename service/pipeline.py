"""From a stored message to its end: read, file, compose. The only place that knows the order.

A batch is read and judged first, without a transaction; then each message is decided in one of its own, together with
its case and letters. Safe to run twice: what is no longer pending is passed over. One message's trouble never stops
the next.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from threading import Event

from sqlmodel import Session, col, select

from cases.clocks import OfficeClock
from cases.opening import Evidence, Registry
from ingest.fingerprint import identity_digest
from models.audit import Action
from models.errors import DeskError, PermanentFailure, TemporaryFailure
from models.mail import Nature, ParsedMail, Screening
from models.message import MailboxState, Message, Outcome
from models.organisation import Mailbox
from models.verdict import Verdict
from service.desk import Desk
from service.reading import Reading, ReadingOrder

BATCH = 64
BATCH_BYTES = 8 * 1024 * 1024
_MOST_ATTEMPTS = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages on their way through the reader; what needs no reading is in `ready`."""

    message_ids: tuple[int, ...]
    ready: dict[int, Reading]
    order: ReadingOrder
    coming: Future[list[Reading]]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Decides pending messages."""

    desk: Desk

    def process_pending(self, mailbox: Mailbox, stop: Event) -> Iterator[Outcome]:
        """Decide every pending message of a mailbox, oldest first; yield each outcome once it is committed."""
        batch = self._begin_batch(mailbox, 0)
        while batch is not None:
            # The next batch is read and judged while this one is written.
            coming = self._begin_batch(mailbox, batch.message_ids[-1])
            for reading in self._readings(batch):
                if stop.is_set():
                    return
                outcome = self._decide_guarded(mailbox, reading)
                if outcome is not None:
                    yield outcome
            batch = coming

    def _begin_batch(self, mailbox: Mailbox, after_id: int) -> Batch | None:
        """Open the next pending messages and hand them to the reader; None where there are none."""
        mails: list[tuple[int, bytes]] = []
        ready: dict[int, Reading] = {}
        ids: list[int] = []
        with self.desk.database.reading() as session:
            for message in self._pending(session, mailbox, after_id):
                ids.append(message.id or 0)
                self._open(session, message, mails, ready)
                if sum(len(raw) for _, raw in mails) > BATCH_BYTES:
                    break
        if not ids:
            return None
        order = ReadingOrder(mailbox.organisation, self.desk.own_addresses, tuple(mails))
        return Batch(tuple(ids), ready, order, self.desk.reader.read(order))

    def _pending(self, session: Session, mailbox: Mailbox, after_id: int) -> Sequence[Message]:
        is_next = (col(Message.mailbox) == mailbox.name, col(Message.id) > after_id)
        query = select(Message).where(col(Message.outcome) == Outcome.PENDING, *is_next).order_by(col(Message.id))
        return session.exec(query.limit(BATCH)).all()

    def _open(
        self, session: Session, message: Message, mails: list[tuple[int, bytes]], ready: dict[int, Reading]
    ) -> None:
        number = message.id or 0
        if message.sealed_id is None:  # a copy of bytes that are kept already: filed unread
            ready[number] = Reading(number)
            return
        try:
            mails.append((number, self.desk.vault.open(session, message.sealed_id)))
        except PermanentFailure as error:
            ready[number] = Reading(number, problem=str(error))

    def _readings(self, batch: Batch) -> Iterator[Reading]:
        read = {reading.message_id: reading for reading in self.desk.reader.result(batch.order, batch.coming)}
        for number in batch.message_ids:
            yield read.get(number) or batch.ready[number]

    def _decide_guarded(self, mailbox: Mailbox, reading: Reading) -> Outcome | None:
        """Decide one message in one transaction; what goes wrong with it alone is counted, in the end quarantined."""
        problem = reading.error
        if not problem:
            try:
                with self.desk.database.transaction() as session:
                    return self._decide(session, mailbox, reading)
            except TemporaryFailure:
                raise
            except Exception as error:  # noqa: BLE001 - the one guard of the loop: logged by id, set aside, not dropped
                problem = _what(error)
        _log.error("message %s could not be handled: %s", reading.message_id, problem)
        with self.desk.database.transaction() as session:
            return self._count_failure(session, reading.message_id, problem)

    def _count_failure(self, session: Session, message_id: int, problem: str) -> Outcome | None:
        message = session.get(Message, message_id, with_for_update=True)
        if message is None or message.outcome is not Outcome.PENDING:
            return None
        message.attempts += 1
        message.reason = f"could not be handled yet: {problem}"
        if message.attempts < _MOST_ATTEMPTS:
            return None
        message.outcome, message.reason = Outcome.QUARANTINE, f"could not be handled: {problem}"
        return self._close(session, message)

    def _decide(self, session: Session, mailbox: Mailbox, reading: Reading) -> Outcome | None:
        message = session.get(Message, reading.message_id, with_for_update=True)
        if message is None or message.outcome is not Outcome.PENDING:
            return None
        if reading.mail:
            message.message_id = reading.mail.message_id
        registry = Registry(OfficeClock(mailbox), self.desk.audit)
        original = self._original(session, message, reading.mail)
        if original is not None or message.original_sha256 is None:
            if original is None or original.outcome is Outcome.PENDING:
                return None  # another process has the original in hand: the copy comes next time
            registry.file_copy(session, message, original, self.desk.now())
        elif reading.mail is None or reading.screening is None or reading.verdict is None:
            message.outcome, message.reason = Outcome.QUARANTINE, reading.problem or "nothing to read"
        else:
            self._file(session, registry, message, reading.mail, reading.screening, reading.verdict)
        return self._close(session, message)

    def _file(
        self,
        session: Session,
        registry: Registry,
        message: Message,
        mail: ParsedMail,
        screening: Screening,
        verdict: Verdict,
    ) -> None:
        desk, now = self.desk, self.desk.now()
        message.original_identity = identity_digest(mail.message_id, mail.body_digest)
        self._keep_verdict(session, message, verdict, mail.defects)
        if screening.nature is Nature.DELIVERY_REPORT and mail.report:
            letter = desk.outbox.note_report(session, mail.report)
            message.case_id = letter.case_id if letter else None
        evidence = Evidence(mail, screening, verdict, self._is_old(session, registry.clock.mailbox, message))
        for order in registry.file_message(session, message, evidence, now):
            letter_text = desk.letters.compose(order, registry.clock.mailbox)
            desk.outbox.enqueue(session, order, letter_text, message.organisation)

    def _keep_verdict(self, session: Session, message: Message, verdict: Verdict, defects: tuple[str, ...]) -> None:
        message.language, message.labels = verdict.language, [label.value for label in verdict.labels]
        message.needs_review, message.model_version = verdict.needs_review, verdict.model_version
        details = {
            "fields": asdict(verdict.fields),
            "scores": {label.value: round(score, 4) for label, score in verdict.scores.items()},
            "reasons": [[reason.label.value, reason.sentence] for reason in verdict.reasons],
            "defects": defects,
        }
        sealed = json.dumps(details, ensure_ascii=False).encode()
        message.sealed_details = self.desk.vault.seal_beside(session, message.sealed_id or "", sealed)

    def _original(self, session: Session, message: Message, mail: ParsedMail | None) -> Message | None:
        """Return the first message of the same bytes, or of the same Message-ID and body, within the organisation."""
        if message.original_sha256 is None:
            same = col(Message.original_sha256) == message.sha256
        elif mail and (identity := identity_digest(mail.message_id, mail.body_digest)):
            same = col(Message.original_identity) == identity
        else:
            return None
        query = select(Message).where(col(Message.organisation) == message.organisation, same)
        return session.exec(query.where(col(Message.id) != message.id)).first()

    def _is_old(self, session: Session, mailbox: Mailbox, message: Message) -> bool:
        organisation = mailbox.organisation
        if organisation.answers_everything:
            return False
        state = session.get(MailboxState, mailbox.name)
        first = state.first_polled_at if state else self.desk.now()
        return message.received_at < (organisation.archive_before or first)

    def _close(self, session: Session, message: Message) -> Outcome:
        message.decided_at = self.desk.now()
        self.desk.audit.append(
            session,
            Action.MESSAGE_DECIDED,
            at=message.decided_at,
            case_id=message.case_id,
            message_id=message.id,
            details={"outcome": message.outcome},
        )
        return message.outcome


def _what(error: Exception) -> str:
    # Only our own errors are known to carry no personal data; of others, the type alone.
    return str(error) if isinstance(error, DeskError) else type(error).__name__
