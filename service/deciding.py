"""Deciding messages that were read, within one open transaction: what each becomes, its case, its letters.

Comes in: readings. Goes out: outcomes. Nothing is kept unless the caller's transaction is.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from cases.clocks import OfficeClock
from cases.opening import Evidence, Registry
from cases.redacting import was_redacted
from ingest.fingerprint import identity_digest
from models.audit import Action
from models.files import sorts_of
from models.mail import Nature, ParsedMail
from models.message import MailboxState, Message, Outcome, SealedMail
from models.organisation import Mailbox
from models.verdict import Verdict
from service.desk import Desk
from service.posting import post
from service.reading import Reading
from store.label_index import set_labels

_MOST_ATTEMPTS = 3
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Messages of one mailbox on the table, in one transaction."""

    session: Session
    desk: Desk
    mailbox: Mailbox

    def decide(self, readings: Sequence[Reading]) -> list[Outcome]:
        """Decide those messages that are still pending; return their outcomes in the order of the readings."""
        # Their keys come along in one query: what is found in a mail is sealed under its key.
        query = select(Message, SealedMail).join(SealedMail, isouter=True).order_by(col(Message.id))
        query = query.where(col(Message.id).in_([reading.message_id for reading in readings]))
        rows = self.session.exec(query.with_for_update(of=Message)).all()
        pending = {message.id: message for message, _ in rows if message.outcome is Outcome.PENDING}
        old_before = self._old_before()
        found = [(pending[reading.message_id], reading) for reading in readings if reading.message_id in pending]
        decided = [self._decide(message, reading, old_before) for message, reading in found]
        return [outcome for outcome in decided if outcome is not None]

    def count_failure(self, message_id: int, problem: str) -> Outcome | None:
        """Note that a message could not be handled; after three times it is set aside for staff."""
        message = self.session.get(Message, message_id, with_for_update=True)
        if message is None or message.outcome is not Outcome.PENDING:
            return None
        message.attempts += 1
        message.reason = f"could not be handled yet: {problem}"
        if message.attempts < _MOST_ATTEMPTS:
            return None
        message.outcome, message.reason = Outcome.QUARANTINE, f"could not be handled: {problem}"
        return self._close(message)

    def _decide(self, message: Message, reading: Reading, old_before: datetime) -> Outcome | None:
        if reading.mail:
            message.message_id = reading.mail.message_id
        registry = Registry(OfficeClock(self.mailbox), self.desk.audit)
        original = self._original(message, reading.mail)
        if original is not None or message.original_sha256 is None:
            if original is None or original.outcome is Outcome.PENDING:
                return None  # another process has the original in hand: the copy comes next time
            registry.file_copy(self.session, message, original, self.desk.now())
            if was_redacted(self.session, original):
                self._let_go(message)
        elif reading.mail is None or reading.screening is None or reading.verdict is None:
            message.outcome, message.reason = Outcome.QUARANTINE, reading.problem or "nothing to read"
        else:
            is_old = message.received_at < old_before
            evidence = Evidence(reading.mail, reading.screening, reading.verdict, is_old)
            self._file(registry, message, evidence)
        return self._close(message)

    def _let_go(self, message: Message) -> None:
        """Keep nothing of a copy that holds what was taken out of the original."""
        if message.sealed_id:
            sealed, message.sealed_id, message.sealed_details = message.sealed_id, None, None
            self.session.flush()
            self.desk.vault.shred(self.session, sealed)

    def _file(self, registry: Registry, message: Message, evidence: Evidence) -> None:
        desk, mail = self.desk, evidence.mail
        message.original_identity = identity_digest(mail.message_id, mail.body_digest)
        self._keep_verdict(message, evidence.verdict, mail)
        if evidence.screening.nature is Nature.DELIVERY_REPORT and mail.report:
            letter = desk.outbox.note_report(self.session, mail.report)
            message.case_id = letter.case_id if letter else None
        for order in registry.file_message(self.session, message, evidence, desk.now()):
            post(desk, self.session, order, self.mailbox, message.sealed_id)

    def _keep_verdict(self, message: Message, verdict: Verdict, mail: ParsedMail) -> None:
        message.language = verdict.language
        set_labels(self.session, message, [label.value for label in verdict.labels])
        message.files = sorts_of(mail.attachments, has_identity=verdict.fields.has_id_document)
        message.needs_review, message.model_version = verdict.needs_review, verdict.model_version
        details = {
            "fields": asdict(verdict.fields),
            "scores": {label.value: round(score, 4) for label, score in verdict.scores.items()},
            "reasons": [[reason.label.value, reason.sentence] for reason in verdict.reasons],
            "hints": {hint.value: sentence for hint, sentence in verdict.hints.items()},
            "defects": mail.defects,
        }
        sealed = json.dumps(details, ensure_ascii=False).encode()
        message.sealed_details = self.desk.vault.seal_beside(self.session, message.sealed_id or "", sealed)

    def _original(self, message: Message, mail: ParsedMail | None) -> Message | None:
        """Return the first message of the same bytes, or of the same Message-ID and body, within the organisation."""
        if message.original_sha256 is None:
            same = col(Message.original_sha256) == message.sha256
        elif mail and (identity := identity_digest(mail.message_id, mail.body_digest)):
            same = col(Message.original_identity) == identity
        else:
            return None
        query = select(Message).where(col(Message.organisation) == message.organisation, same)
        return self.session.exec(query.where(col(Message.id) != message.id)).first()

    def _old_before(self) -> datetime:
        """Return the instant before which mail is recorded and never answered."""
        organisation = self.mailbox.organisation
        if organisation.answers_everything:
            return _LONG_AGO
        if organisation.archive_before:
            return organisation.archive_before
        state = self.session.get(MailboxState, self.mailbox.name)
        return state.first_polled_at if state else self.desk.now()

    def _close(self, message: Message) -> Outcome:
        message.decided_at = self.desk.now()
        self.desk.audit.append(
            self.session,
            Action.MESSAGE_DECIDED,
            at=message.decided_at,
            case_id=message.case_id,
            message_id=message.id,
            details={"outcome": message.outcome},
        )
        self.session.flush()  # the next message may be a copy of this one, or belong to its case
        return message.outcome
