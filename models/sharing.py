"""The table of links to the figures: what people without an account may look at, and until when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from models.columns import stored_enum


class LinkEnd(StrEnum):
    """Why a link opens nothing any more, before its last day."""

    NOT = "not"
    REVOKED = "revoked"
    MAKER = "maker"
    """Who made it may not share these figures any more."""


class FigureLink(SQLModel, table=True):
    """One link to the dashboard's figures. Erased some time after its end."""

    __tablename__ = "figure_link"
    __table_args__ = {"sqlite_autoincrement": True}
    # The audit chain knows it by its number, which never comes to mean another link.

    id: int | None = Field(default=None, primary_key=True)
    name: str
    digest: str = Field(unique=True)
    """SHA-256 of the secret, which holds 256 random bits; the secret itself is told once and kept nowhere."""
    organisations: list[str] = Field(sa_column=Column(JSON, nullable=False))
    """The slugs of those whose figures it shows."""
    span: str
    """How long the period is: that of the dashboard."""
    first: date | None = None
    """The first day of the period; None for the one in which the link is opened."""
    member_id: int = Field(foreign_key="staff_member.id", ondelete="CASCADE", index=True)
    """Who made it."""
    created_at: datetime
    expires_at: datetime
    opened: int = 0
    """How often."""
    last_opened_at: datetime | None = None
    ended: LinkEnd = Field(default=LinkEnd.NOT, sa_type=stored_enum(LinkEnd))
