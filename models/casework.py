"""Tables beside a case: what stops or moves its clocks, who else was asked, what is to be done, what was noted."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import sealed_key, stored_enum


class PauseReason(StrEnum):
    """What the controller asked the person for."""

    IDENTITY = "identity"
    MANDATE = "mandate"
    CLARIFICATION = "clarification"
    FEE = "fee"


class FactSort(StrEnum):
    """What happened to a clock."""

    PAUSE = "pause"
    """The person was asked for something."""
    EXTENSION = "extension"
    """The person was told that the answer takes up to three months."""
    AWARE = "aware"
    """Staff became reasonably certain of a breach."""
    DATE_SET = "date_set"
    """An authority's letter names the date."""


class ClockFact(SQLModel, table=True):
    """One fact that a due date is computed from. What was told by letter counts from the day the letter was accepted.

    Written by staff through `cases/`; never changed but for the day of the answer; erased with its case.
    """

    __tablename__ = "clock_fact"
    __table_args__ = (Index("ix_clock_fact_item", "item_id"), Index("ix_clock_fact_letter", "letter_id"))

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="request_item.id", ondelete="CASCADE")
    sort: FactSort = Field(sa_type=stored_enum(FactSort))
    reason: PauseReason | None = Field(default=None, sa_type=stored_enum(PauseReason))
    letter_id: int | None = Field(default=None, foreign_key="outbox_mail.id", ondelete="SET NULL")
    """The letter that told it; None where it was told in another way, on `on`."""
    on: date | None = None
    """The local day, where no letter of ours decides it."""
    at: datetime | None = None
    """The instant, for `aware`."""
    answered_on: date | None = None
    """The local day on which the needed answer or payment came in."""
    proofs: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Which proofs were asked for."""
    by: str = ""


class PartyRole(StrEnum):
    """What a third party is to a case."""

    CUSTOMER = "customer"
    """The controller whose data it is; we are its processor (GDPR Art. 28(3)(e))."""
    RECIPIENT = "recipient"
    """Received the data from us and is to be told (GDPR Art. 19)."""
    PARTNER = "partner"
    AUTHORITY = "authority"


class ThirdParty(SQLModel, table=True):
    """Somebody else who was asked or told something in a case: asked, due, chased, answered."""

    __tablename__ = "third_party"
    __table_args__ = (Index("ix_third_party_case", "case_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE")
    role: PartyRole = Field(sa_type=stored_enum(PartyRole))
    name: str
    address: str = ""
    """Of e-mail; '' where they are reached in another way."""
    language: str = "en"
    letter_id: int | None = Field(default=None, foreign_key="outbox_mail.id", ondelete="SET NULL")
    asked_on: date
    due_on: date | None = None
    chased_on: date | None = None
    answered_on: date | None = None


class Task(SQLModel, table=True):
    """Something to be done in a case."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_case", "case_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE")
    item_id: int | None = Field(default=None, foreign_key="request_item.id", ondelete="CASCADE")
    title: str
    due_on: date | None = None
    done_at: datetime | None = None
    done_by: str = ""


class Note(SQLModel, table=True):
    """What staff wrote down for each other; the words are sealed, since they are about somebody."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_case", "case_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE")
    at: datetime
    by: str
    sealed_id: str = Field(sa_column=sealed_key(nullable=False))
    mentions: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class CaseLink(SQLModel, table=True):
    """Two cases that have to do with each other; the lower id first."""

    __tablename__ = "case_link"
    __table_args__ = (UniqueConstraint("case_id", "other_id", name="uq_case_link"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE")
    other_id: int = Field(foreign_key="case.id", ondelete="CASCADE")


class CaseLook(SQLModel, table=True):
    """When somebody last had a case open on the desk: so that two people do not work on it unknowingly.

    Written by each look; of use for minutes only.
    """

    __tablename__ = "case_look"

    case_id: int = Field(foreign_key="case.id", primary_key=True, ondelete="CASCADE")
    member_id: int = Field(foreign_key="staff_member.id", primary_key=True, ondelete="CASCADE")
    at: datetime


class Customer(SQLModel, table=True):
    """A company on whose behalf an organisation processes data, and who decides there. Imported from CSV."""

    __tablename__ = "customer"
    __table_args__ = (UniqueConstraint("organisation", "name", name="uq_customer_name"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    name: str
    domains: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    administrator: str
    """The e-mail address of who decides on requests."""
    language: str = "en"


class RaisedAlarm(SQLModel, table=True):
    """An alarm that managers were told of: each is told once. Erased with its case."""

    __tablename__ = "raised_alarm"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    """Names what is told only once: the sort of alarm, the case, and the due date where there is one."""
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE", index=True)
    at: datetime
