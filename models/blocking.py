"""Senders whose mail staff do not want to look at."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class BlockedSender(SQLModel, table=True):
    """An address or a domain whose ordinary mail is filed unread by staff.

    Written by staff, and erased when they undo it; that it was there stays in the audit chain, without the name.
    """

    __tablename__ = "blocked_sender"
    __table_args__ = (UniqueConstraint("organisation", "name", name="uq_blocked_sender"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    name: str
    """The address, or the domain (those below it too), in lower case."""
    reason: str
    by: str
    at: datetime
    until: date | None = None
    """The last day, as the organisation counts days; None for no end."""
