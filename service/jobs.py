"""The running service: APScheduler says when; the steps are those of `worker.py`.

Each mailbox is read by a job of its own, which waits (IDLE or clock) and is then due again; deciding and sending run
every few seconds and whenever there is something for them, web hooks are told every few seconds; warnings and figures
every five minutes, housekeeping once an hour, and all due dates anew once a day. Every job may be cut off and run
again.
"""

import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Condition, Event

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

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

_LONGEST_PAUSE = 900.0
_SEND_PAUSE = timedelta(seconds=30)
_GIVE_WAY = 0.02  # seconds
_EVER = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)


class Service:
    """All jobs of one process."""

    def __init__(self, desk: Desk, on_report: Callable[[Mailbox, PollReport], None] | None = None) -> None:
        """Take the parts; `on_report` is told what each step did."""
        self.desk = desk
        self.stop = Event()
        self.reports: dict[str, PollReport] = {}
        self.watch = Watch(desk, self.reports)
        self._on_report = on_report or (lambda _mailbox, _report: None)
        self._sources: dict[str, MailSource] = {}
        self._failures: dict[str, int] = {}
        self._idle, self._busy = Condition(), 0
        self._send_again: dict[str, datetime] = {}
        threads = len(desk.mailboxes) + 4
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(threads)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )

    def start(self) -> None:
        """Start all jobs."""
        for mailbox in self.desk.mailboxes:
            self._sources[mailbox.name] = open_source(mailbox)
            self._again(mailbox, 0)
        every = {"trigger": "interval", "next_run_time": self.desk.now()}
        self._scheduler.add_job(self._guarded(self.decide), id="decide", seconds=5, **every)
        self._scheduler.add_job(self._guarded(self.send), id="send", seconds=5, **every)
        self._scheduler.add_job(self._guarded(self.housekeep), id="housekeeping", hours=1, **every)
        self._scheduler.add_job(self._guarded(self.raise_alarms), id="alarms", minutes=5, **every)
        self._scheduler.add_job(self._guarded(self.count), id="figures", minutes=5, **every)
        if self.desk.webhooks:
            self._scheduler.add_job(self._guarded(self.tell_hooks), id="webhooks", seconds=3, **every)
        self._scheduler.add_job(self._guarded(self.reckon), id="reckoning", hours=24, **every)
        self._scheduler.start()

    def shut_down(self) -> None:
        """Let every job come to the end of its step, then end."""
        self.stop.set()
        self._scheduler.pause()  # no further job is begun while the last ones end
        # The scheduler would wait with its own lock held, which an ending job may ask for: we wait ourselves.
        self._scheduler.shutdown(wait=False)
        with self._idle:
            self._idle.wait_for(lambda: not self._busy)
        for source in self._sources.values():
            source.close()

    def read(self, mailbox: Mailbox) -> None:
        """Read one mailbox, then wait until it may have something new."""
        source, report = self._sources[mailbox.name], PollReport(mailbox.name)
        MailboxWorker(self.desk, mailbox).drain(source, report, self.stop)
        self._tell(mailbox, report)
        if report.fetched:
            self._nudge("decide")
        if report.error is None:
            try:
                source.wait(mailbox.poll_seconds, self.stop)
            except DeskError as error:
                report.fail(str(error))
        self._again(mailbox, self._pause(mailbox, report))

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
        """Write forgotten keys out of the write-ahead log, and sweep what dead processes left."""
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

    def _again(self, mailbox: Mailbox, seconds: float) -> None:
        if self.stop.is_set():
            return
        when = self.desk.now() + timedelta(seconds=seconds)
        self._scheduler.add_job(
            self._guarded(lambda: self.read(mailbox), lambda: self._again(mailbox, 60)),
            "date",
            run_date=when,
            name=f"read {mailbox.name}",
        )

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
