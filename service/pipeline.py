"""From a stored message to its end: read, decide, commit. The only place that knows the order.

A batch is read and judged first, without a transaction; then its messages are decided, a few to a commit, each
together with its case and letters. Safe to run twice: what is no longer pending is passed over. One message's trouble
never stops the next: where a few fail together, each is decided alone.
"""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from threading import Event

from sqlmodel import Session, col, select

from models.errors import DeskError, PermanentFailure, TemporaryFailure
from models.message import Message, Outcome, SealedMail
from models.organisation import Mailbox
from service.deciding import Sitting
from service.desk import Desk
from service.reading import Opened, Reading, ReadingOrder
from store.database import despite_deadlocks

BATCH = 64
BATCH_BYTES = 8 * 1024 * 1024
_TOGETHER = 8
"""Messages to a commit: more would be quicker still, but the letters of the first wait for the last."""
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
            readings = self._readings(batch)
            while (together := list(islice(readings, _TOGETHER))) and not stop.is_set():
                yield from self._decide_together(mailbox, together)
            batch = None if stop.is_set() else coming

    def _begin_batch(self, mailbox: Mailbox, after_id: int) -> Batch | None:
        """Open the next pending messages and hand them to the reader; None where there are none."""
        mails: list[Opened] = []
        ready: dict[int, Reading] = {}
        ids: list[int] = []
        with self.desk.database.reading() as session:
            # The keys come along in one query, and stay known to the session as long as the rows do.
            rows = _pending(session, mailbox, after_id)
            for message, _ in rows:
                ids.append(message.id or 0)
                self._open(session, message, mails, ready)
                if sum(len(mail.raw) for mail in mails) > BATCH_BYTES:
                    break
        if not ids:
            return None
        order = ReadingOrder(mailbox.organisation, self.desk.own_addresses, tuple(mails))
        return Batch(tuple(ids), ready, order, self.desk.reader.read(order))

    def _open(self, session: Session, message: Message, mails: list[Opened], ready: dict[int, Reading]) -> None:
        number = message.id or 0
        if message.sealed_id is None:  # a copy of bytes that are kept already: filed unread
            ready[number] = Reading(number)
            return
        try:
            mails.append(Opened(number, self.desk.vault.open(session, message.sealed_id), message.charset))
        except PermanentFailure as error:
            ready[number] = Reading(number, problem=str(error))

    def _readings(self, batch: Batch) -> Iterator[Reading]:
        read = {reading.message_id: reading for reading in self.desk.reader.result(batch.order, batch.coming)}
        for number in batch.message_ids:
            yield read.get(number) or batch.ready[number]

    def _decide_together(self, mailbox: Mailbox, readings: Sequence[Reading]) -> list[Outcome]:
        """Decide messages in one transaction; where one of them goes wrong, each in a transaction of its own."""
        if not any(reading.error for reading in readings):
            try:
                return self._decide(mailbox, readings)
            except TemporaryFailure:
                raise
            except Exception as error:  # noqa: BLE001 - whose it is shows below, where each is guarded alone
                _log.info("messages are decided one by one: %s", _what(error))
        decided = (self._decide_guarded(mailbox, reading) for reading in readings)
        return [outcome for outcome in decided if outcome is not None]

    def _decide_guarded(self, mailbox: Mailbox, reading: Reading) -> Outcome | None:
        """Decide one message; what goes wrong with it alone is counted, in the end quarantined."""
        problem = reading.error
        if not problem:
            try:
                return next(iter(self._decide(mailbox, [reading])), None)
            except TemporaryFailure:
                raise
            except Exception as error:  # noqa: BLE001 - the one guard of the loop: logged by id, set aside, not dropped
                problem = _what(error)
        _log.error("message %s could not be handled: %s", reading.message_id, problem)
        with self.desk.database.transaction() as session:
            return Sitting(session, self.desk, mailbox).count_failure(reading.message_id, problem)

    def _decide(self, mailbox: Mailbox, readings: Sequence[Reading]) -> list[Outcome]:
        def sit() -> list[Outcome]:
            """Be this one transaction, which may have to be tried again."""
            with self.desk.database.transaction() as session:
                return Sitting(session, self.desk, mailbox).decide(readings)

        return despite_deadlocks(sit)


def _pending(session: Session, mailbox: Mailbox, after_id: int) -> Sequence[tuple[Message, SealedMail | None]]:
    query = select(Message, SealedMail).join(SealedMail, isouter=True).order_by(col(Message.id)).limit(BATCH)
    is_pending = (col(Message.mailbox) == mailbox.name, col(Message.outcome) == Outcome.PENDING)
    return session.exec(query.where(*is_pending, col(Message.id) > after_id)).all()


def _what(error: Exception) -> str:
    # Only our own errors are known to carry no personal data; of others, the type alone.
    return str(error) if isinstance(error, DeskError) else type(error).__name__
