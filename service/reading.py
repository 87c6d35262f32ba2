"""Reading mails in a process of its own: parse, screen, judge.

Comes in: raw bytes and whose mailbox they lay in. Goes out: a `Reading` for each. A mail that brings the reader down
brings nothing else down, and while it reads, the main process writes. The reader starts when there is mail, keeps no
state and ends with its parent, however that ends.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Collection, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path

from classify.judge import Judge, Judging
from ingest.parse import parse
from ingest.screen import screen
from models.mail import ParsedMail, Screening
from models.organisation import Organisation
from models.verdict import Verdict

_BATCH_SECONDS = 180.0
"""Loading the model on a slow machine included; a usual batch takes a second."""
_MAIL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one message: all three, or the reason why not."""

    message_id: int
    mail: ParsedMail | None = None
    screening: Screening | None = None
    verdict: Verdict | None = None
    problem: str = ""
    """Why it belongs into the quarantine, in words for staff."""
    error: str = ""
    """The type of an unforeseen error: worth another try."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail taken out of the vault, to be read."""

    message_id: int
    raw: bytes
    charset: str = ""
    """What a person says that its text is in."""


@dataclass(frozen=True, slots=True)
class ReadingOrder:
    """Mails of one mailbox to be read together."""

    organisation: Organisation
    own_addresses: Collection[str]
    mails: tuple[Opened, ...]


class Reader:
    """The reading process, as seen from the main one."""

    def __init__(self, model: Path | None = None) -> None:
        """Take the folder of the model, the packaged one unless told; nothing is started yet."""
        self._model = model
        self._pool: ProcessPoolExecutor | None = None

    def wake(self) -> None:
        """Let the process load its model already: there is mail to come."""
        self._running().submit(os.getpid)

    def read(self, order: ReadingOrder) -> Future[list[Reading]]:
        """Return the readings to come, in the order of the mails."""
        try:
            return self._running().submit(read_mails, order)
        except BrokenProcessPool:
            self.close()
            return self._running().submit(read_mails, order)

    def result(self, order: ReadingOrder, coming: Future[list[Reading]]) -> list[Reading]:
        """Wait for readings; where the process died over them, each mail is read alone, and the deadly one is named."""
        try:
            return coming.result(_BATCH_SECONDS)
        except (BrokenProcessPool, CancelledError, TimeoutError):
            self.close()
        return [self._read_alone(replace(order, mails=(mail,))) for mail in order.mails]

    def close(self) -> None:
        """End the process at once: it keeps no state, and what it was reading is read again."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.kill()
                process.join()
            pool.shutdown(wait=True)

    def _read_alone(self, order: ReadingOrder) -> Reading:
        try:
            return self.read(order).result(_MAIL_SECONDS)[0]
        except (BrokenProcessPool, CancelledError, TimeoutError):
            self.close()
            return Reading(order.mails[0].message_id, error="it brings the reading process down, or to a halt")

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Not forked: the main process has threads and open connections.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                1, mp_context=context, initializer=_begin, initargs=(os.getpid(), self._model)
            )
        return self._pool


def read_mails(order: ReadingOrder, judge: Judging | None = None) -> list[Reading]:
    """Read mails with a judge, that of the reading process unless told."""
    opened = [_read(order, mail) for mail in order.mails]
    wanted = [reading.mail for reading in opened if reading.mail and reading.screening]
    verdicts = iter(_verdicts(judge or _judge[0], wanted, order.organisation.customers))
    return [_judged(reading, next(verdicts)) if reading.mail and reading.screening else reading for reading in opened]


_judge: list[Judge] = []
"""The judge of the reading process; empty in the main one."""


def _begin(parent: int, model: Path | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent says when to end
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _judge.append(Judge.load(model))


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _read(order: ReadingOrder, opened: Opened) -> Reading:
    mail = parse(opened.raw, opened.charset)
    if mail.unreadable:
        return Reading(opened.message_id, mail, problem=mail.unreadable)
    seen = screen(mail, own_addresses=order.own_addresses, organisation=order.organisation)
    return Reading(opened.message_id, mail, seen)


def _verdicts(judge: Judging, mails: Sequence[ParsedMail], customers: Sequence[str]) -> list[Verdict | str]:
    """Return the verdicts of a batch; where one mail upsets the judge, each is judged alone."""
    try:
        return list(judge.judge_many(mails, customers))
    except Exception as error:  # noqa: BLE001 - a bug in judging must not stop the mails beside the one it hit
        if len(mails) == 1:
            return [type(error).__name__]
        return [verdict for mail in mails for verdict in _verdicts(judge, [mail], customers)]


def _judged(reading: Reading, verdict: Verdict | str) -> Reading:
    return replace(reading, error=verdict) if isinstance(verdict, str) else replace(reading, verdict=verdict)
