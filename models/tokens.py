"""Tables of the programming interface: the tokens by which programs come in, and what they have done already."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from models.columns import stored_enum
from models.staff import Role


class Scope(StrEnum):
    """What a token opens; its role and organisation narrow that further."""

    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    MAIL_READ = "mail:read"
    FIGURES_READ = "figures:read"
    CALENDAR_READ = "calendar:read"


class ApiToken(SQLModel, table=True):
    """One program that may come in. Never erased while the timeline names it: revoked instead."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    digest: str = Field(unique=True)
    """SHA-256 of the token, which holds 256 random bits; the token itself is told once and kept nowhere."""
    organisation: str = ""
    """The slug of the organisation whose cases it sees; '' for all."""
    role: Role = Field(sa_type=stored_enum(Role))
    scopes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    created_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    """To the minute."""
    revoked_at: datetime | None = None


class DoneDeed(SQLModel, table=True):
    """A deed that a program did under an Idempotency-Key, written with it; erased after some days."""

    __tablename__ = "done_deed"

    token_id: int = Field(foreign_key="api_token.id", ondelete="CASCADE", primary_key=True)
    key_digest: str = Field(primary_key=True)
    request_digest: str
    """Of what was asked for: the same key with another request is a mistake of the program."""
    reference: str
    deed: str
    done_at: datetime
