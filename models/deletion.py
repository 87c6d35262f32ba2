"""Deleting a case at once: why, and how far the two people are."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import stored_enum


class DeletionGround(StrEnum):
    """Why a case is to be deleted before its time."""

    RECORDED_BY_MISTAKE = "recorded_by_mistake"
    """It never was a request: a slip, or mail that is for somebody else."""
    TEST_DATA = "test_data"
    """Nobody stands behind it."""
    UNLAWFULLY_RECEIVED = "unlawfully_received"
    """We should not have been sent this (GDPR Art. 17(1)(d))."""
    PERSON_ASKS = "person_asks"
    """The person wants the record of their request gone (GDPR Art. 17(1))."""
    ORDER = "order"
    """Of a court or an authority (GDPR Art. 58(2)(g))."""
    OTHER = "other"


NEVER_A_REQUEST = frozenset({DeletionGround.RECORDED_BY_MISTAKE, DeletionGround.TEST_DATA})
"""Grounds by which nobody is owed an answer."""


class DeletionState(StrEnum):
    """How far a request for deletion is."""

    ASKED = "asked"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"
    DONE = "done"


class DeletionRequest(SQLModel, table=True):
    """That somebody asked for a case to be deleted, and what became of it. Written by `cases/deleting.py`.

    Holds names of staff, a ground and times, so it stays with what is left of the case; the reason in words is a note,
    and goes when the notes do.
    """

    __tablename__ = "deletion_request"
    __table_args__ = (
        Index("ix_deletion_case", "case_id", "state"),
        Index("ix_deletion_ends", "state", "ends_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE")
    ground: DeletionGround = Field(sa_type=stored_enum(DeletionGround))
    note_id: int | None = Field(default=None, foreign_key="note.id", ondelete="SET NULL")
    """The reason in words."""
    state: DeletionState = Field(default=DeletionState.ASKED, sa_type=stored_enum(DeletionState))
    asked_by: str
    person: str
    """Who answers for the asking: the one who asked, or who made the token of the program that did."""
    asked_at: datetime
    asked_seq: int
    """The entry of the audit chain by which it was asked for: what came after it is new to both."""
    ends_at: datetime
    """When it lapses."""
    decided_by: str = ""
    decided_at: datetime | None = None
