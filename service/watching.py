"""What a look at a running service finds: for /readyz."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session, col, func, select

from models.case import Case, CaseState
from models.errors import DeskError
from models.message import Message, Outcome
from models.organisation import Mailbox
from models.outbox import OutboxMail, OutboxState
from models.webhook import HookState, WebhookState
from service.desk import Desk
from service.worker import PollReport
from web.health import Readiness

_LATE = timedelta(minutes=10)
_LOW_DISK = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks at the database and at the last report of every mailbox."""

    desk: Desk
    reports: Mapping[str, PollReport]

    def look(self) -> Readiness:
        """Return what does not work, and what waits for staff."""
        issues = [*self._mailbox_issues(), *self._disk_issues()]
        try:
            with self.desk.database.reading() as session:
                late = self._late_messages(session)
                counts = _counts(session, [hook.name for hook in self.desk.webhooks])
        except DeskError as error:
            return Readiness((*issues, f"database: {error}"))
        if late:
            issues.append(f"{late} messages have been waiting for more than {_LATE.seconds // 60} minutes")
        return Readiness(tuple(issues), counts)

    def issue_of(self, mailbox: Mailbox) -> str:
        """Return what is wrong with a mailbox, '' where nothing is."""
        report = self.reports.get(mailbox.name)
        if not mailbox.is_read:
            return ""
        if report is None:
            return "not read yet"
        return report.error or (
            f"{report.unaccounted} mails on the server could not be read" * bool(report.unaccounted)
        )

    def _mailbox_issues(self) -> list[str]:
        issues = list(self.desk.offices.known.problems) if self.desk.offices else []
        found = ((mailbox.name, self.issue_of(mailbox)) for mailbox in self.desk.mailboxes)
        return issues + [f"mailbox {name}: {issue}" for name, issue in found if issue]

    def _disk_issues(self) -> list[str]:
        if not self.desk.database.is_sqlite:
            return []
        free = shutil.disk_usage(Path(self.desk.database.engine.url.database or ".").parent).free
        return [f"disk: only {free // 2**20} MB are free beside the database"] if free < _LOW_DISK else []

    def _late_messages(self, session: Session) -> int:
        is_late = col(Message.stored_at) < self.desk.now() - _LATE
        query = select(func.count()).where(col(Message.outcome) == Outcome.PENDING, is_late)
        return session.exec(query).one()


def _counts(session: Session, hooks: Sequence[str]) -> dict[str, int]:
    is_stopped = (col(WebhookState.name).in_(hooks), col(WebhookState.state) == HookState.STOPPED)
    held = col(OutboxMail.state).in_([OutboxState.HELD, OutboxState.FAILED])
    questions = {
        "quarantined_messages": select(func.count()).where(col(Message.outcome) == Outcome.QUARANTINE),
        "cases_for_review": select(func.count()).where(col(Case.status) == CaseState.REVIEW),
        "letters_for_staff": select(func.count()).where(held),
        "stopped_web_hooks": select(func.count()).where(*is_stopped),
    }
    return {name: session.exec(query).one() for name, query in questions.items()}
