"""Tables of the queue: views that staff saved, columns they chose, and what was done to many cases at once."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel


class SavedView(SQLModel, table=True):
    """Filters of the queue under a name, for one of the staff or for all who see the same cases."""

    __tablename__ = "saved_view"

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="staff_member.id", ondelete="CASCADE", index=True)
    organisation: str = ""
    """Whose staff sees it where it is shared; '' for all."""
    name: str
    query: str
    """The filters, as they stand in the address."""
    is_shared: bool = False


class QueueLayout(SQLModel, table=True):
    """Which columns of the queue somebody chose, in their order. Without a row they see those that all see first."""

    __tablename__ = "queue_layout"

    member_id: int = Field(foreign_key="staff_member.id", ondelete="CASCADE", primary_key=True)
    columns: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class BulkDeed(SQLModel, table=True):
    """A deed on many cases: what was chosen, what was done so far, and what was there before, to take it back.

    Written before the first case, and renewed in the transaction of each: what stands here as done is done, and only
    that. Words of a letter are kept in it until it is through; one that was never begun is erased after a day.
    """

    __tablename__ = "bulk_deed"
    __table_args__ = {"sqlite_autoincrement": True}
    # A number that was seen never comes to mean another plan.

    id: int | None = Field(default=None, primary_key=True)
    member_id: int | None = Field(default=None, foreign_key="staff_member.id", ondelete="CASCADE", index=True)
    """Whose it is; None where a program planned it."""
    token_id: int | None = Field(default=None, foreign_key="api_token.id", ondelete="CASCADE", index=True)
    """Which program planned it."""
    at: datetime
    deed: str
    value: str
    before: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Of the cases that it was done to, by reference: who worked on it, whether it had the tag, what it was."""
    undone_at: datetime | None = None
    versions: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """By reference: the last change of each chosen case when the choice was made."""
    filled: dict[str, list[str]] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """What was filled in for all of them."""
    refused: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Why it was not done, by reference."""
    begun_at: datetime | None = None
    """When it was confirmed."""
