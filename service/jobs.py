"""The running service: APScheduler says when; the steps are those of `worker.py`.

Each mailbox is read by a job of its own, which waits (IDLE or clock) and is then due again; deciding and sending run
every few seconds and whenever there is something for them, web hooks are told every few seconds; warnings and figures
every five minutes, housekeeping once an hour, and all due dates anew once a day. Every job may be cut off and run
again.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Condition, Event
from uuid import uuid4

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from cases.deleting import lapse_deletions
from ingest.source import MailSource
from models.errors import DeskError
from models.organisation import Mailbox
from responders.hooks import Hooks
from service.alarming import raise_alarms
from service.counting import count_all
from service.desk import Desk
from service.reckoning import reckon_all
from service.watching import Watch
from service.worker import MailboxWorker, PollReport, open_source
from store.housekeeping import tidy_up
from web.desk.figure_links import forget_links
from web.throttle import forget_tries

_LONGEST_PAUSE = 900.0
_SEND_PAUSE = timedelta(seconds=30)
_GIVE_WAY = 0.02  # seconds
_MOST_THREADS = 500
_EVER = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Line:
    """One mailbox as it is being read: told to stop, it ends its wait, and its source is closed."""

    mailbox: Mailbox
    source: MailSource
    stop: Event = field(default_factory=Event)


class Service:
    """All jobs of one process."""

    def __init__(self, desk: Desk, on_report: Callable[[Mailbox, PollReport], None] | None = None) -> None:
        """Take the parts; `on_report` is told what each step did."""
        self.desk = desk
        self.stop = Event()
        self.reports: dict[str, PollReport] = {}
        self.watch = Watch(desk, self.reports)
        self._on_report = on_report or (lambda _mailbox, _report: None)
        self._lines: dict[str, _Line] = {}
        self._waiting: dict[str, str] = {}
        """By mailbox: the job that is to read it next. Each is a job of its own: one of the same id would be left out
        while the one before comes to its end."""
        self._failures: dict[str, int] = {}
        self._idle, self._busy = Condition(), 0
        self._send_again: dict[str, datetime] = {}
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(_MOST_THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )

    def start(self) -> None:
        """Start all jobs."""
        every = {"trigger": "interval", "next_run_time": self.desk.now()}
        self._scheduler.add_job(self._guarded(self.look_around), id="look around", seconds=2, **every)
        self._scheduler.add_job(self._guarded(self.decide), id="decide", seconds=5, **every)
        self._scheduler.add_job(self._guarded(self.send), id="send", seconds=5, **every)
        self._scheduler.add_job(self._guarded(self.housekeep), id="housekeeping", hours=1, **every)
        self._scheduler.add_job(self._guarded(self.raise_alarms), id="alarms", minutes=5, **every)
        self._scheduler.add_job(self._guarded(self.count), id="figures", minutes=5, **every)
        self._scheduler.add_job(self._guarded(self.tell_hooks), id="webhooks", seconds=3, **every)
        self._scheduler.add_job(self._guarded(self.reckon), id="reckoning", hours=24, **every)
        self._scheduler.start()

    def shut_down(self) -> None:
        """Let every job come to the end of its step, then end."""
        self.stop.set()
        for line in list(self._lines.values()):
            line.stop.set()
        self._scheduler.pause()  # no further job is begun while the last ones end
        # The scheduler would wait with its own lock held, which an ending job may ask for: we wait ourselves.
        self._scheduler.shutdown(wait=False)
        with self._idle:
            self._idle.wait_for(lambda: not self._busy)
        for line in self._lines.values():
            line.source.close()

    def look_around(self) -> None:
        """Begin to read mailboxes that are new; let go of those that changed, were switched off or are gone."""
        if self.desk.offices:
            self.desk.offices.refresh()
        wanted = {mailbox.name: mailbox for mailbox in self.desk.mailboxes if mailbox.is_read}
        for name, line in list(self._lines.items()):
            if wanted.get(name) != line.mailbox:
                line.stop.set()
                self._end(line)  # it is begun anew at the next look
        for name, mailbox in wanted.items():
            if name not in self._lines and not self.stop.is_set():
                self._lines[name] = _Line(mailbox, open_source(mailbox))
                self._again(self._lines[name], 0)

    def read(self, line: _Line) -> None:
        """Read one mailbox, then wait until it may have something new."""
        source, mailbox, report = line.source, line.mailbox, PollReport(line.mailbox.name)
        MailboxWorker(self.desk, mailbox).drain(source, report, line.stop)
        self._tell(mailbox, report)
        if report.fetched:
            self._nudge("decide")
        if report.error is None:
            try:
                source.wait(mailbox.poll_seconds, line.stop)
            except DeskError as error:
                report.fail(str(error))
        self._again(line, self._pause(mailbox, report))

    def decide(self) -> None:
        """Decide what is pending in every mailbox."""
        for mailbox in self.desk.mailboxes:
            report = PollReport(mailbox.name)
            MailboxWorker(self.desk, mailbox).decide(report, self.stop)
            if report.outcomes or report.error:
                self._on_report(mailbox, report)
        self._nudge("send")

    def send(self) -> None:
        """Hand over the letters that are due in every mailbox."""
        for mailbox in self.desk.mailboxes:
            if self.desk.now() < self._send_again.get(mailbox.name, _EVER):
                continue
            report = PollReport(mailbox.name)
            MailboxWorker(self.desk, mailbox).send(report, self.stop)
            if report.error:
                self._send_again[mailbox.name] = self.desk.now() + _SEND_PAUSE
            if report.sent or report.error:
                self._on_report(mailbox, report)

    def raise_alarms(self) -> None:
        """Write the warnings and digests that are due, and have them sent."""
        if raise_alarms(self.desk):
            self._nudge("send")

    def count(self) -> None:
        """Count what changed since the figures were counted last; between two bits others may write."""
        count_all(self.desk.database, self.desk.mailboxes, self.desk.now, lambda: self.stop.wait(_GIVE_WAY))

    def reckon(self) -> None:
        """Compute all open due dates anew: the calendar may have another holiday since."""
        changed = reckon_all(self.desk)
        if changed:
            _log.warning("%d due dates changed: see the timelines of their cases", changed)

    def tell_hooks(self) -> None:
        """Tell other programs what happened since."""
        Hooks(self.desk.database, self.desk.webhooks, self.desk.now).deliver(self.stop)

    def housekeep(self) -> None:
        """Write forgotten keys out of the write-ahead log, sweep what dead processes left, forget old wrong tries and
        links to figures, let deletions lapse that nobody decided on."""
        with self.desk.database.transaction() as session:
            forget_tries(session, self.desk.now())
            forget_links(session, self.desk.now())
        with self.desk.database.transaction() as session:
            lapse_deletions(session, self.desk.audit, self.desk.now())
        tidy_up(self.desk.database)

    def _tell(self, mailbox: Mailbox, report: PollReport) -> None:
        before, report.read_at = self.reports.get(mailbox.name), self.desk.now()
        report.good_at = (before.good_at if before else None) if report.error else report.read_at
        self.reports[mailbox.name] = report
        self._on_report(mailbox, report)

    def _pause(self, mailbox: Mailbox, report: PollReport) -> float:
        """Return the seconds to wait before reading again: none after a good wait, growing ones after failures."""
        if report.error is None:
            self._failures[mailbox.name] = 0
            return 0
        failures = self._failures[mailbox.name] = self._failures.get(mailbox.name, 0) + 1
        pause = min(2.0 ** min(failures, 10), _LONGEST_PAUSE)
        return pause * random.uniform(0.8, 1.2)  # noqa: S311 - no secret hangs on it

    def _again(self, line: _Line, seconds: float) -> None:
        if self.stop.is_set():
            return
        if line.stop.is_set():
            self._let_go(line)
            return
        when = self.desk.now() + timedelta(seconds=seconds)
        job_id = self._waiting[line.mailbox.name] = uuid4().hex
        self._scheduler.add_job(
            self._guarded(lambda: self.read(line), lambda: self._again(line, 60)),
            "date",
            run_date=when,
            id=job_id,
            name=f"read {line.mailbox.name}",
        )

    def _end(self, line: _Line) -> None:
        """Let go of a line that only waits for its turn; one that is at work lets go of itself at its end."""
        try:
            self._scheduler.remove_job(self._waiting[line.mailbox.name])
        except (JobLookupError, KeyError):
            return
        self._let_go(line)

    def _let_go(self, line: _Line) -> None:
        name = line.mailbox.name
        line.source.close()
        self.reports.pop(name, None)
        self._failures.pop(name, None)
        self._waiting.pop(name, None)
        self._lines.pop(name, None)

    def _nudge(self, job: str) -> None:
        if self.stop.is_set():
            return
        try:
            self._scheduler.modify_job(job, next_run_time=self.desk.now())
        except JobLookupError:
            _log.debug("job %s is not there to be nudged", job)

    def _guarded(self, step: Callable[[], None], afterwards: Callable[[], None] | None = None) -> Callable[[], None]:
        """Return a job that outlives any error of its step: told by type, tried again when it is next due."""

        def job() -> None:
            """Take the step once, unless the service ends; an error is logged, and tried again."""
            with self._idle:
                self._busy += 1
            try:
                if not self.stop.is_set():
                    step()
            except Exception as error:  # noqa: BLE001 - the loop's one guard: a job that ends is a mailbox not read
                _log.error("a step failed and will be tried again: %s", type(error).__name__)
                if afterwards:
                    afterwards()
            finally:
                with self._idle:
                    self._busy -= 1
                    self._idle.notify_all()

        return job
