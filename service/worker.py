"""The work of one mailbox: fetch, decide, send. Loops over steps that can be taken alone; nothing is handed on in
memory.

A part that fails is reported and waited for; the parts and mailboxes beside it go on.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event

from sqlmodel import col, func, select

from ingest.files import mails_in
from ingest.imap import ImapMailbox
from ingest.inbox import Inbox
from ingest.maildir import Maildir
from ingest.source import Gone, MailSource
from models.errors import DeskError, Taken
from models.mail import RawMail
from models.message import Message, Outcome
from models.organisation import Mailbox
from service.desk import Desk
from service.pipeline import Pipeline
from service.reckoning import reckon_told

_MOST_PENDING = 10_000_000
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class PollReport:
    """What one run did for one mailbox."""

    mailbox: str
    fetched: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    pending: int = 0
    sent: int = 0
    unaccounted: int = 0
    error: str | None = None
    read_at: datetime | None = None
    """When it was last read, as the running service knows it."""
    good_at: datetime | None = None
    """When it was last read without a problem."""

    def fail(self, problem: str) -> None:
        """Note a problem; the first one is told, since it usually causes the others."""
        self.error = self.error or problem
        _log.warning("mailbox %s: %s", self.mailbox, problem)

    def row(self) -> dict[str, object]:
        """Return the machine form."""
        count = self.outcomes
        return {
            "mailbox": self.mailbox,
            "fetched": self.fetched,
            "cases": count[Outcome.CASE],
            "threads": count[Outcome.THREAD],
            "filed": count[Outcome.FILED],
            "automatic": count[Outcome.AUTOMATIC],
            "duplicates": count[Outcome.DUPLICATE],
            "archived": count[Outcome.ARCHIVED],
            "quarantined": count[Outcome.QUARANTINE],
            "pending": self.pending,
            "sent": self.sent,
            "unaccounted": self.unaccounted,
            "error": self.error,
        }


def open_source(mailbox: Mailbox) -> MailSource:
    """Return how a mailbox is read."""
    return ImapMailbox(mailbox) if mailbox.imap else Maildir(mailbox)


@dataclass(frozen=True, slots=True)
class MailboxWorker:
    """Everything that is done for one mailbox."""

    desk: Desk
    mailbox: Mailbox
    on_progress: Callable[[int], None] = lambda _count: None
    """Told how many mails went one step further."""

    def import_files(self, paths: Sequence[Path], stop: Event) -> PollReport:
        """Take in mail from files, then decide and send; a file that cannot be read is reported, the others go on."""
        report = PollReport(self.mailbox.name)
        inbox = Inbox(self.mailbox, "", self.desk.vault, self.desk.audit)
        for path in paths:
            try:
                for mail in mails_in(path, self.mailbox.max_mail_bytes):
                    self._take(inbox, [mail], None, report)
                    if stop.is_set():
                        break
            except DeskError as error:
                report.fail(str(error))
        self.finish(report, stop)
        return report

    def read(self, report: PollReport, stop: Event) -> None:
        """Connect, drain the mailbox, and hang up."""
        source = open_source(self.mailbox)
        try:
            self.drain(source, report, stop)
        finally:
            source.close()

    def drain(self, source: MailSource, report: PollReport, stop: Event) -> None:
        """Store every mail that has no ledger row yet, then compare the server's UIDs with ours."""
        try:
            self._drain(source, report, stop)
        except Taken:
            report.fail("another process stored the same mails at the same moment; looking again at the next poll")
        except DeskError as error:
            report.fail(str(error))

    def _drain(self, source: MailSource, report: PollReport, stop: Event) -> None:
        inbox = Inbox(self.mailbox, source.folder, self.desk.vault, self.desk.audit)
        uidvalidity, missing = self._missing(source, inbox)
        with self.desk.database.transaction() as session:
            inbox.begin_poll(session, uidvalidity, self.desk.now())
        report.unaccounted = len(missing)
        if missing:
            self.desk.reader.wake()
        while missing and not stop.is_set():
            for batch in source.fetch(sorted(missing)):
                self._take(inbox, batch, uidvalidity, report)
                if stop.is_set():
                    break
            # What came in while we read is read too; what the server will not serve is an alarm.
            before, (uidvalidity, missing) = missing, self._missing(source, inbox)
            if missing <= before:
                break
        report.unaccounted = len(missing)
        self._settle(source, inbox, uidvalidity)

    def _missing(self, source: MailSource, inbox: Inbox) -> tuple[int, frozenset[int]]:
        """Return UIDVALIDITY and the UIDs on the server that have no ledger row, compared as sets."""
        listing = source.listing()
        with self.desk.database.reading() as session:
            return listing.uidvalidity, listing.uids - inbox.known_uids(session, listing.uidvalidity)

    def _take(self, inbox: Inbox, batch: Sequence[RawMail | Gone], uidvalidity: int | None, report: PollReport) -> None:
        with self.desk.database.transaction() as session:
            stored = inbox.take_delivery(session, batch, uidvalidity, self.desk.now())
        report.unaccounted = max(report.unaccounted - len(stored), 0)
        report.fetched += sum(message.outcome is not Outcome.VANISHED for message in stored)
        report.outcomes.update(
            message.outcome for message in stored if message.outcome in (Outcome.QUARANTINE, Outcome.VANISHED)
        )
        self.on_progress(len(batch))

    def _settle(self, source: MailSource, inbox: Inbox, uidvalidity: int) -> None:
        """Tell the server of mails that are stored: never before their commit, and again where it was not
        recorded."""
        if self.mailbox.after == "keep":
            return
        with self.desk.database.reading() as session:
            owed = inbox.owed_uids(session, uidvalidity)
        for start in range(0, len(owed), 500):
            some = owed[start : start + 500]
            source.settle(some)
            with self.desk.database.transaction() as session:
                inbox.note_settled(session, uidvalidity, some, self.desk.now())

    def decide(self, report: PollReport, stop: Event) -> None:
        """Decide every pending message."""
        try:
            for outcome in Pipeline(self.desk).process_pending(self.mailbox, stop):
                report.outcomes[outcome] += 1
                self.on_progress(1)
        except DeskError as error:
            report.fail(str(error))

    def send(self, report: PollReport, stop: Event, is_more_coming: Callable[[], bool] = lambda: False) -> None:
        """Hand over the letters that are due, and those that come while more are coming."""
        try:
            delivery = self.desk.outbox.deliver_due(self.mailbox, stop, is_more_coming)
        except DeskError as error:
            report.fail(str(error))
            return
        report.sent += delivery.sent
        if delivery.error:
            report.fail(delivery.error)
        try:
            reckon_told(self.desk, self.mailbox)
        except DeskError as error:
            report.fail(str(error))

    def finish(self, report: PollReport, stop: Event) -> None:
        """Decide what is pending, send what is due, and count what is left."""
        _decide_and_send(self, report, stop)
        report.pending = self.count_pending()

    def count_pending(self) -> int:
        """Return how many messages are not decided yet."""
        # In the order of their ids, so that SQLite reads what is pending and not the whole mailbox.
        pending = select(Message.mailbox).where(col(Message.outcome) == Outcome.PENDING).order_by(col(Message.id))
        some = pending.limit(_MOST_PENDING).subquery()
        query = select(func.count()).where(some.c.mailbox == self.mailbox.name)
        try:
            with self.desk.database.reading() as session:
                return session.exec(query).one()
        except DeskError:
            return 0


def poll_once(
    desk: Desk, mailboxes: Sequence[Mailbox], stop: Event, on_progress: Callable[[int], None]
) -> list[PollReport]:
    """Read every mailbox to its end, decide what is pending, send what is due; problems are in the reports."""
    workers = [MailboxWorker(desk, mailbox, on_progress) for mailbox in mailboxes]
    reports = [PollReport(mailbox.name) for mailbox in mailboxes]
    for worker, report in zip(workers, reports, strict=True):
        if not stop.is_set() and worker.mailbox.is_read:
            worker.read(report, stop)
    for worker, report in zip(workers, reports, strict=True):
        _decide_and_send(worker, report, stop)
    for worker, report in zip(workers, reports, strict=True):
        if worker.count_pending():  # copies whose original lay in a mailbox that came later
            _decide_and_send(worker, report, stop)
        report.pending = worker.count_pending()
    return reports


def _decide_and_send(worker: MailboxWorker, report: PollReport, stop: Event) -> None:
    """Decide in one thread and send in another: while a server thinks about a letter, the next mail is read."""
    is_decided = Event()
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(worker.send, report, stop, lambda: not is_decided.is_set())
        try:
            worker.decide(report, stop)
        finally:
            is_decided.set()
        sending.result()
