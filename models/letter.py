"""What a letter is to say: values that casework orders and `responders` writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from models.case import Ground, ItemResult
from models.mail import Address
from models.outbox import OutboxState, Template
from models.steps import Step
from models.verdict import Kind


class Proof(StrEnum):
    """What a person can be asked for, to prove who they are or that they may act; staff choose."""

    KNOWN_ADDRESS = "known_address"
    CODE = "code"
    LOGIN = "login"
    DETAILS = "details"
    IDENTITY_DOCUMENT = "identity_document"
    MANDATE = "mandate"
    PARENT = "parent"
    HEIR = "heir"


class Effect(StrEnum):
    """What a question does to the clock, as its letter explains it."""

    NOTHING = "nothing"
    STOPS = "stops"
    """The time stands still until the answer."""
    MOVES_START = "moves_start"
    """The time starts with the answer."""


class AlarmKind(StrEnum):
    """What staff are warned of."""

    DUE_SOON = "due_soon"
    DUE_VERY_SOON = "due_very_soon"
    BREACHED = "breached"
    SILENT = "silent"
    UNOPENED = "unopened"


@dataclass(frozen=True, slots=True)
class LetterItem:
    """One request as the letter names it."""

    kind: Kind
    due_on: date | None
    extended_on: date | None = None
    """The last day an extension could lead to (GDPR Art. 12(3)); None for kinds that know no extension."""
    result: ItemResult | None = None
    ground: Ground | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a letter."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One case in a report to staff; holds no personal data."""

    reference: str
    kinds: tuple[Kind, ...]
    due_on: date | None


@dataclass(frozen=True, slots=True)
class LetterOrder:
    """A letter to be written about one case. All dates are local to the mailbox."""

    template: Template
    case_id: int | None
    """None for a report on many cases."""
    reference: str
    mailbox: str
    language: str
    """Of the letter: one the organisation writes."""
    to: Address
    received_on: date
    items: tuple[LetterItem, ...]
    """What was recognised, most urgent first; empty where the letter must not guess (a neutral acknowledgement)."""
    answer_by: date | None
    """The date promised, or asked of a third party; None where the law asks for none (UK complaints)."""
    state: OutboxState
    """queued, held (the reason says why) or shadow."""
    ordered_at: datetime
    answer_by_extended: date | None = None
    missing: tuple[str, ...] = ()
    """What a request should say and this one does not: full_name, account_email, postal_address, phone."""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    reason: str = ""
    """Why it is held."""
    once_key: str | None = None
    """What this letter may be written for only once."""
    is_automatic: bool = False
    """No person wrote or released it (RFC 3834)."""
    text: tuple[str, ...] = ()
    """What staff add, paragraph by paragraph, in the language of the letter."""
    proofs: tuple[Proof, ...] = ()
    effect: Effect = Effect.NOTHING
    steps: tuple[Step, ...] = ()
    """How the date was counted, where the letter says it."""
    rest_by: date | None = None
    """The date of what the question does not stop; None where there is nothing else, or it has no date."""
    third_party: str = ""
    sent_on: date | None = None
    """When the person or third party was first written to."""
    was_due_on: date | None = None
    close_on: date | None = None
    delete_by: date | None = None
    backups_until: date | None = None
    outcome: ItemResult | None = None
    """Why a case is closed."""
    enclosures: tuple[Enclosure, ...] = ()
    encloses_request: bool = False
    """The mail that caused it goes with it."""
    alarm: AlarmKind | None = None
    figures: Mapping[str, int] = field(default_factory=dict)
    lines: tuple[ReportLine, ...] = ()
    page_address: str = ""
    """Of the requester's page or, in the letter that goes to the address on file, of the page that shows a code."""
    page_until: date | None = None
    """The last day on which that page can be opened."""
    proof_nonce: str = ""
    """The number of the proof whose link this letter carries."""
    proves_by_page: bool = False
    """The code that is asked for is entered on the requester's page."""
