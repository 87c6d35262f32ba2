"""Tables of figures: what was counted, kept so that a dashboard need not count a million cases anew.

Nothing in them is about a person. They outlive the erasure of what they count.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from models.columns import stored_enum


class Measure(StrEnum):
    """What is counted, and on which day; `cases/contributions.py` says exactly how."""

    OPEN = "open"
    """Cases of the queue, on their due date."""
    WAITING = "waiting"
    EXTENDED = "extended"
    ELSEWHERE = "elsewhere"
    """Cases in which a third party has not answered."""
    UNOPENED = "unopened"
    """Cases that nobody of staff has looked at; the value is the minute of opening since 1970."""
    OWED = "owed"
    """Requests that are owed an answer, on their due date."""
    RECEIVED = "received"
    """Requests, on the day of receipt."""
    ANSWERED = "answered"
    """Requests, on the day of the answer."""
    IN_TIME = "in_time"
    """Answered requests, on their due date."""
    LATE = "late"
    ANSWER_TENTHS = "answer_tenths"
    """Answered requests; the value is the tenths of days from receipt to answer."""
    ACK_TENTHS = "ack_tenths"
    """Acknowledged cases; the value is the tenths of hours from receipt."""
    PROOF_DAYS = "proof_days"
    """Proofs of identity or mandate that came in; the value is the days since they were asked for."""
    PARTY_ASKED = "party_asked"
    PARTY_DAYS = "party_days"
    """Third parties that answered; the value is the days since they were asked."""
    STOOD = "stood"
    """Requests, on the day of receipt, by whether they were answered within a month, later but in time, or late."""
    RESULT = "result"
    GROUND = "ground"
    EXTENSION = "extension"
    PROOF_ASKED = "proof_asked"
    LETTERS = "letters"
    """Letters that were accepted by the server, those that came back included."""
    BOUNCED = "bounced"
    ACKS = "acks"
    ACKS_BOUNCED = "acks_bounced"
    OVERRIDE = "override"
    """Rules set aside."""
    ERASED = "erased"
    """Cases whose contents, or also names, were erased."""
    JUDGED = "judged"
    """Mails that the classifier took for something."""
    REVIEWED = "reviewed"
    """Of these, those whose case it opened for a person to look at first."""
    CORRECTED = "corrected"
    """Of these, those of which a person said that they are something else."""
    MISSED = "missed"
    """Of the corrected, those that asked for something where the classifier had seen nothing."""


class Tally(SQLModel, table=True):
    """How often something occurred in one organisation. Written by `cases/tally_book.py` alone; never erased.

    `on` is a local day, or the first of its month where days are not kept apart.
    """

    __tablename__ = "tally"

    organisation: str = Field(primary_key=True)
    measure: Measure = Field(primary_key=True, sa_type=stored_enum(Measure))
    dimension: str = Field(primary_key=True)
    """'' for all, or what is told apart: kind, mailbox, owner, language, result, ground, rule, outcome, extent."""
    on: date = Field(primary_key=True)
    member: str = Field(primary_key=True)
    value: int = Field(primary_key=True)
    """What was measured, e.g. days; 0 where things are only counted."""
    count: int = Field(sa_type=BigInteger)


class CountedCase(SQLModel, table=True):
    """What of a case has been counted, so that a change counts as one; it stays when the case is erased.

    Written by `cases/tally_book.py`. Holds states and days, no personal data.
    """

    __tablename__ = "counted_case"

    case_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    organisation: str
    look_on: date | None = Field(default=None, index=True)
    """The day on which it is looked at anew although nothing was done: each open case once a day."""
    facts: str = Field(sa_type=Text)
    """As JSON."""


class TallyBook(SQLModel, table=True):
    """The single row that says how far the counting has come. Written by `cases/tally_book.py`."""

    __tablename__ = "tally_book"

    id: int = Field(default=1, primary_key=True)
    version: int
    """Of the way of counting: another one counts all anew."""
    seq: int
    """Changes up to this entry of the audit chain are counted."""
    mail_seq: int = 0
    """Mails and their corrections up to this entry are."""
    cases_id: int = 0
    """Cases up to this one are."""
    at: datetime
    """When something was counted last."""


class BreachCause(StrEnum):
    """Why a request was not answered in time; `cases/breaches.py` has the rule."""

    RECOGNITION = "recognition"
    """It was taken for a request late."""
    MAIL = "mail"
    """The answer was written in time, and its letter did not get through."""
    IDENTITY = "identity"
    """Proof of identity or mandate came late or never."""
    THIRD_PARTY = "third_party"
    """Somebody else had not answered."""
    CAPACITY = "capacity"
    """Nothing of this: it was simply not done in time."""


class Breach(SQLModel, table=True):
    """A request that was not answered by its due date. Written by the counting; the cause also by staff."""

    __tablename__ = "breach"
    __table_args__ = (
        Index("ix_breach_due", "organisation", "due_on", "cause"),
        Index("ix_breach_received", "organisation", "received_on", "cause"),
        Index("ix_breach_case", "case_id"),
    )

    item_id: int = Field(
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        foreign_key="request_item.id",
        ondelete="CASCADE",
    )
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE")
    organisation: str
    received_on: date
    due_on: date
    answered_on: date | None = None
    """None while it is owed."""
    cause: BreachCause = Field(sa_type=stored_enum(BreachCause))
    cause_by: str = ""
    """Who of staff gave the cause; '' where the rule did. Why they did is a note of the case."""
