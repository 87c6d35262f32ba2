"""What would happen to a mail: values that the service fills in and a page shows."""

from dataclasses import dataclass
from datetime import date

from models.mail import ParsedMail, Screening
from models.message import Outcome
from models.outbox import OutboxState
from models.verdict import Kind, Verdict


@dataclass(frozen=True, slots=True)
class ForeseenItem:
    """Something that a case would owe."""

    kind: Kind
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ForeseenCase:
    """The case that a mail would open or join."""

    reference: str
    """'' for one that it would open."""
    state: str
    review_reason: str
    items: tuple[ForeseenItem, ...]


@dataclass(frozen=True, slots=True)
class ForeseenLetter:
    """A letter that would be written."""

    state: OutboxState
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """All that would happen; what was not reached is None or empty."""

    mail: ParsedMail | None
    screening: Screening | None
    verdict: Verdict | None
    outcome: Outcome
    reason: str
    case: ForeseenCase | None = None
    letters: tuple[ForeseenLetter, ...] = ()
