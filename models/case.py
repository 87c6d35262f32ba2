"""Tables of casework: a case and its request items."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from models.columns import BYTEWISE, stored_enum
from models.verdict import Kind

UNDATED, ENDED = date(9999, 12, 30), date(9999, 12, 31)
"""Stand behind all real days, in this order."""


class CaseState(StrEnum):
    """Where a case stands in its life."""

    REVIEW = "review"
    """A person must decide what it is; the clock runs."""
    OPEN = "open"
    WAITING = "waiting"
    """For an answer of the person."""
    ANSWERED = "answered"
    CLOSED = "closed"


class ItemResult(StrEnum):
    """How a request item ended."""

    FULFILLED = "fulfilled"
    PARTLY = "partly"
    NO_DATA = "no_data"
    REFUSED = "refused"
    NOT_IDENTIFIED = "not_identified"
    FORWARDED = "forwarded"
    WITHDRAWN = "withdrawn"
    NOT_A_REQUEST = "not_a_request"
    DUPLICATE = "duplicate"
    LAPSED = "lapsed"
    """Only after a letter said so."""


TOLD_BY_LETTER = frozenset(
    {ItemResult.FULFILLED, ItemResult.PARTLY, ItemResult.NO_DATA, ItemResult.REFUSED, ItemResult.NOT_IDENTIFIED}
)
"""Results that the person is owed an answer on: until it has gone out, the due date stands."""


ENDED_STATES = (CaseState.ANSWERED, CaseState.CLOSED)


class Ground(StrEnum):
    """Why something is declined; a person chooses, with words of their own beside it (GDPR Art. 12(4))."""

    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    LEGAL_DUTY = "legal_duty"
    LEGAL_CLAIMS = "legal_claims"
    FREE_EXPRESSION = "free_expression"
    PUBLIC_INTEREST = "public_interest"
    RIGHTS_OF_OTHERS = "rights_of_others"
    CONTRACT = "contract"
    COMPELLING_GROUNDS = "compelling_grounds"
    DATA_CORRECT = "data_correct"
    NOT_PORTABLE = "not_portable"
    NOT_IDENTIFIABLE = "not_identifiable"
    NO_STANDING = "no_standing"
    NATIONAL_LAW = "national_law"


class Identity(StrEnum):
    """How far we know who the requester is."""

    NONE = "none"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    FAILED = "failed"


class Channel(StrEnum):
    """How a request reached us."""

    EMAIL = "email"
    PHONE = "phone"
    POST = "post"
    CHAT = "chat"
    FORM = "form"
    IN_PERSON = "in_person"


class Case(SQLModel, table=True):
    """What staff work on: one requester's matter, with items, messages and letters.

    Opened by `cases/opening.py`. Name, address and subject stay readable until the case is purged.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_requester", "organisation", "requester_address"),
        # Holds the receipt, too, so that the queue is narrowed to days of receipt without reading rows beside it.
        Index("ix_case_queue", "queue_on", "id", "received_at"),
        Index("ix_case_status", "status", "queue_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True)
    organisation: str
    mailbox: str
    status: CaseState = Field(sa_type=stored_enum(CaseState))
    requester_address: str
    """In lower case, as one person writes it in many ways; '' where the mail had no usable sender."""
    requester_name: str = ""
    subject: str = ""
    language: str
    received_at: datetime
    """The earliest receipt among the copies of the opening message: the clock's start."""
    opened_at: datetime
    needs_review: bool = False
    review_reason: str = ""
    """In words for staff, without personal data."""
    suggested_case_id: int | None = Field(default=None, foreign_key="case.id")
    """A case that this one names without being from its requester: shown to staff, never attached by itself."""
    proposed_received: str = ""
    """The day of receipt that a colleague's forward shows, as written, for staff to confirm."""
    acknowledged_at: datetime | None = None
    """When the SMTP server accepted the acknowledgement."""
    channel: Channel = Field(default=Channel.EMAIL, sa_type=stored_enum(Channel))
    assigned_to: str = ""
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    first_opened_at: datetime | None = None
    """When somebody of staff first looked at it."""
    replied_at: datetime | None = None
    """When the person last wrote; None once somebody of staff has looked since."""
    mentioned: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Whom a note mentions who has not looked since."""
    identity: Identity = Field(default=Identity.NONE, sa_type=stored_enum(Identity))
    identity_level: int = 0
    """0 nothing; 1 the mail is proven to come from the address on file; 2 a code or link sent there came back;
    3 logged in, or a stronger proof."""
    identity_method: str = ""
    has_standing: bool = False
    """It is proven that the requester may act in this matter (mandate, heir, parent)."""
    hints: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """What the classifier noticed: mandate, child, deceased, employee, applicant, source."""
    second_country: str = ""
    """The person's country, where its law may govern too; the earlier date counts until staff settle it."""
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    """The customer whose data it seems to be about: a suggestion to forward."""
    merged_into_id: int | None = Field(default=None, foreign_key="case.id")
    answered_at: datetime | None = None
    """When it was last answered; each item knows when its own result was told."""
    closed_at: datetime | None = None
    erase_on: date | None = None
    """The last day on which its mails may be kept."""
    contents_erased_at: datetime | None = None
    queue_on: date = UNDATED
    """Where it stands in the queue: its earliest date that is owed, UNDATED while none runs, ENDED once it is over."""
    kinds: str = ""
    """The kinds of its items, each between bars: |access|erasure|. Kept with `queue_on` by `store/case_index.py`."""


class RequestItem(SQLModel, table=True):
    """One kind of request within a case, with its own clock.

    The due date is computed from facts each time they change and kept here for lists; nobody edits it.
    """

    __tablename__ = "request_item"
    __table_args__ = (Index("ix_request_item_case", "case_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE")
    kind: Kind = Field(sa_type=stored_enum(Kind))
    received_at: datetime
    due_on: date | None = None
    due_at: datetime | None = None
    """The end of the due date (24:00 local) or, for clocks in hours, the instant."""
    target_on: date | None = None
    """The day on which we want to have answered: no date of the law."""
    confidence: float | None = None
    """How probable it is that this is asked for: 1 where a person said so, None where nobody kept it."""
    result: ItemResult | None = Field(default=None, sa_type=stored_enum(ItemResult))
    ground: Ground | None = Field(default=None, sa_type=stored_enum(Ground))
    decided_at: datetime | None = None
    decided_by: str = ""
    told_at: datetime | None = None
    """When the person was told of the result: the server accepted the letter, or staff told it in another way."""

    @property
    def is_owed(self) -> bool:
        """Tell whether it still owes the person something: it is open, or its answer has not gone out."""
        return self.result is None or (self.told_at is None and self.result in TOLD_BY_LETTER)


class CaseWord(SQLModel, table=True):
    """A word by which a case is found: of its reference, name, address or subject; or a fact, like "kind:access".

    Each carries the place of its case in the queue, so that the cases of a word are read in the queue's order. Kept by
    `store/case_index.py`; erased with what it was taken from.
    """

    __tablename__ = "case_word"
    # SQLite keeps the rows in the order of the key themselves: one tree less to be written.
    __table_args__ = (Index("ix_case_word_case", "case_id", "word"), {"sqlite_with_rowid": False})

    word: str = Field(sa_column=Column(BYTEWISE, primary_key=True))
    queue_on: date = Field(primary_key=True)
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE", primary_key=True)
    names_person: bool = False
    """It is of the requester's name or address."""
