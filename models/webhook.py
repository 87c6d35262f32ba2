"""Web hooks: where events are told to other programs, which events there are, and how far each hook has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlmodel import Field, SQLModel

from models.columns import stored_enum


class HookEvent(StrEnum):
    """What other programs are told of."""

    CASE_OPENED = "case.opened"
    CASE_CHANGED = "case.changed"
    CASE_ANSWERED = "case.answered"
    CASE_CLOSED = "case.closed"
    CASE_REOPENED = "case.reopened"
    CASE_ERASED = "case.erased"
    DUE_CHANGED = "due.changed"
    ALARM_RAISED = "alarm.raised"
    MESSAGE_QUARANTINED = "message.quarantined"
    LETTER_SENT = "letter.sent"
    LETTER_HELD = "letter.held"
    LETTER_BOUNCED = "letter.bounced"


class HookState(StrEnum):
    """How a hook does."""

    WORKING = "working"
    RETRYING = "retrying"
    """The receiver did not take the next event: it is offered again, later and later."""
    STOPPED = "stopped"
    """Given up until somebody says "send again"; its events wait."""
    PAUSED = "paused"
    """Somebody has it wait; it goes on where it stopped."""
    REMOVED = "removed"
    """There is no such hook any more; what it had not been told by then is told to nobody."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver of events, as the configuration or an administrator names it. The secret is never shown."""

    name: str
    url: str
    secret: bytes
    events: frozenset[HookEvent] = frozenset(HookEvent)
    organisation: str = ""
    """The slug of the organisation whose events it gets; '' for all."""
    ca_file: Path | None = None
    ca_pem: str = ""
    """Certificates of an authority of its own; '' for those of the system."""
    is_made: bool = False
    """Made on the desk, so that it can be changed there."""
    old_secret: bytes = b""
    """The secret before this one signs, too, until a time: the receiver may change over meanwhile."""
    old_until: datetime | None = None

    def __repr__(self) -> str:
        return f"Webhook({self.name})"


class WebhookState(SQLModel, table=True):
    """How far a hook has come along the audit chain, and how it does. Written when it begins; never erased."""

    __tablename__ = "webhook_state"

    name: str = Field(primary_key=True)
    seq: int
    """The last audit entry that is settled: told to the receiver, or of no concern to it."""
    state: HookState = Field(default=HookState.WORKING, sa_type=stored_enum(HookState))
    attempts: int = 0
    """How often the next event was offered in vain."""
    failing_since: datetime | None = None
    next_try_at: datetime
    claimed_until: datetime | None = None
    """A process sends just now; a dead one's claim runs out."""
    last_error: str = ""
    """In words, without what the receiver answered."""
    last_sent_at: datetime | None = None
    sent: int = 0
    removed_at: datetime | None = None
    untold: int = 0
    """How many events waited for it when it was removed."""
