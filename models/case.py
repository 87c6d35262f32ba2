"""Tables of casework: a case and its request items."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import stored_enum
from models.verdict import Kind


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


class Case(SQLModel, table=True):
    """What staff work on: one requester's matter, with items, messages and letters.

    Opened by `cases/opening.py`. Name, address and subject stay readable until the case is purged.
    """

    __tablename__ = "case"
    __table_args__ = (Index("ix_case_requester", "organisation", "requester_address"),)

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
    result: ItemResult | None = Field(default=None, sa_type=stored_enum(ItemResult))
