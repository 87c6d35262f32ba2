"""What a letter is to say: values that casework orders and `responders` writes."""

from dataclasses import dataclass
from datetime import date, datetime

from models.mail import Address
from models.outbox import OutboxState, Template
from models.verdict import Kind


@dataclass(frozen=True, slots=True)
class LetterItem:
    """One request as the letter names it."""

    kind: Kind
    due_on: date | None
    extended_on: date | None = None
    """The last day an extension could lead to (GDPR Art. 12(3)); None for kinds that know no extension."""


@dataclass(frozen=True, slots=True)
class LetterOrder:
    """A letter to be written about one case. All dates are local to the mailbox."""

    template: Template
    case_id: int
    reference: str
    mailbox: str
    language: str
    """Of the letter: one the organisation writes."""
    to: Address
    received_on: date
    items: tuple[LetterItem, ...]
    """What was recognised, most urgent first; empty where the letter must not guess (a neutral acknowledgement)."""
    answer_by: date | None
    """The date promised; None where the law asks for none (UK complaints)."""
    answer_by_extended: date | None
    missing: tuple[str, ...]
    """What a request should say and this one does not: full_name, account_email, postal_address, phone."""
    in_reply_to: str
    references: tuple[str, ...]
    state: OutboxState
    """queued, held (the reason says why) or shadow."""
    reason: str
    ordered_at: datetime
