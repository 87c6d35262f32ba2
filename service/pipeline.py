"""From a stored message to its end: parse, screen, judge, file, compose. The only place that knows the order.

A batch is read and judged first, without a transaction; then each message is decided in one of its own, together
with its case and
letters. Safe to run twice: what is no longer pending is passed over. One message's trouble never stops the next.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from threading import Event

from sqlmodel import Session, col, select

from cases.clocks import OfficeClock
from cases.opening import Evidence, Registry
from ingest.fingerprint import identity_digest
from ingest.parse import parse
from ingest.screen import screen
from models.audit import Action
from models.errors import DeskError, PermanentFailure, TemporaryFailure
from models.mail import Nature, ParsedMail, Screening
from models.message import MailboxState, Message, Outcome
from models.organisation import Mailbox
from models.verdict import Verdict
from service.desk import Desk

BATCH = 64
_MOST_ATTEMPTS = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A pending message, read; `mail` is None for copies, which are filed unread, and for what the vault cannot
    open."""

    message_id: int
    mail: ParsedMail | None = None
    screening: Screening | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Decides pending messages."""

    desk: Desk

    def process_pending(self, mailbox: Mailbox, stop: Event) -> Iterator[Outcome]:
        """Decide every pending message of a mailbox, oldest first; yield each outcome once it is committed."""
        with ThreadPoolExecutor(1) as pool:
            coming = pool.submit(self._prepare, mailbox, 0)
            while batch := coming.result():
                # The next batch is read and judged while this one is written.
                coming = pool.submit(self._prepare, mailbox, batch[-1][0].message_id)
                for opened, verdict in batch:
                    if stop.is_set():
                        return
                    outcome = self._decide_guarded(mailbox, opened, verdict)
                    if outcome is not None:
                        yield outcome

    def _prepare(self, mailbox: Mailbox, after_id: int) -> list[tuple[Opened, Verdict | Exception | None]]:
        """Read and judge the next batch of pending messages."""
        opened = self._open(mailbox, self._pending_ids(mailbox, after_id))
        return list(zip(opened, self._judged(mailbox, opened), strict=True))

    def _pending_ids(self, mailbox: Mailbox, after_id: int) -> Sequence[int]:
        query = (
            select(Message.id)
            .where(
                col(Message.outcome) == Outcome.PENDING,
                col(Message.mailbox) == mailbox.name,
                col(Message.id) > after_id,
            )
            .order_by(col(Message.id))
            .limit(BATCH)
        )
        with self.desk.database.reading() as session:
            return [message_id for message_id in session.exec(query) if message_id is not None]

    def _open(self, mailbox: Mailbox, message_ids: Sequence[int]) -> list[Opened]:
        with self.desk.database.reading() as session:
            return [self._open_one(session, mailbox, message_id) for message_id in message_ids]

    def _open_one(self, session: Session, mailbox: Mailbox, message_id: int) -> Opened:
        message = session.get(Message, message_id)
        if message is None or message.sealed_id is None:
            return Opened(message_id)
        try:
            raw = self.desk.vault.open(session, message.sealed_id)
        except PermanentFailure as error:
            return Opened(message_id, problem=str(error))
        mail = parse(raw)
        if mail.unreadable:
            return Opened(message_id, mail, problem=mail.unreadable)
        own = self.desk.own_addresses
        return Opened(message_id, mail, screen(mail, own_addresses=own, organisation=mailbox.organisation))

    def _judged(self, mailbox: Mailbox, opened: Sequence[Opened]) -> list[Verdict | Exception | None]:
        """Return the verdicts of a batch; where one mail upsets the judge, each is judged alone."""
        wanted = [message for message in opened if message.screening and message.mail]
        customers = mailbox.organisation.customers
        try:
            found = self.desk.judge.judge_many([message.mail for message in wanted if message.mail], customers)
            verdicts: dict[int, Verdict | Exception] = dict(
                zip((message.message_id for message in wanted), found, strict=True)
            )
        except Exception as error:  # noqa: BLE001 - a bug in judging must not stop the mails beside the one it hit
            _log.error("judging a batch failed (%s): one by one", type(error).__name__)
            verdicts = {message.message_id: self._judged_alone(message, customers) for message in wanted}
        return [verdicts.get(message.message_id) for message in opened]

    def _judged_alone(self, message: Opened, customers: tuple[str, ...]) -> Verdict | Exception:
        try:
            return self.desk.judge.judge_many([message.mail] if message.mail else [], customers)[0]
        except Exception as error:  # noqa: BLE001 - handed on: the message is tried again, then quarantined
            return error

    def _decide_guarded(self, mailbox: Mailbox, opened: Opened, verdict: Verdict | Exception | None) -> Outcome | None:
        """Decide one message in one transaction; what goes wrong with it alone is counted, and in the end
        quarantined."""
        try:
            if isinstance(verdict, Exception):
                raise verdict
            with self.desk.database.transaction() as session:
                return self._decide(session, mailbox, opened, verdict)
        except TemporaryFailure:
            raise
        except Exception as error:  # noqa: BLE001 - the one guard of the loop: logged by id, set aside, never dropped
            _log.error("message %s could not be handled: %s", opened.message_id, _what(error))
            with self.desk.database.transaction() as session:
                return self._count_failure(session, opened.message_id, _what(error))

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

    def _decide(self, session: Session, mailbox: Mailbox, opened: Opened, verdict: Verdict | None) -> Outcome | None:
        message = session.get(Message, opened.message_id, with_for_update=True)
        if message is None or message.outcome is not Outcome.PENDING:
            return None
        if opened.mail:
            message.message_id = opened.mail.message_id
        registry = Registry(OfficeClock(mailbox), self.desk.audit)
        original = self._original(session, message, opened)
        if original is not None or message.original_sha256 is None:
            if original is None or original.outcome is Outcome.PENDING:
                return None  # another process has the original in hand: the copy comes next time
            registry.file_copy(session, message, original, self.desk.now())
        elif opened.problem or opened.mail is None or opened.screening is None or verdict is None:
            message.outcome, message.reason = Outcome.QUARANTINE, opened.problem or "nothing to read"
        else:
            self._file(session, registry, message, opened.mail, opened.screening, verdict)
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

    def _original(self, session: Session, message: Message, opened: Opened) -> Message | None:
        """Return the first message of the same bytes, or of the same Message-ID and body, within the organisation."""
        if message.original_sha256 is None:
            same = col(Message.original_sha256) == message.sha256
        elif opened.mail and (identity := identity_digest(opened.mail.message_id, opened.mail.body_digest)):
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
