"""Tables of staff: who may log in, who is logged in, and who tries in vain."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from models.columns import stored_enum
from models.staff import Role


class StaffMember(SQLModel, table=True):
    """Somebody who may log in. Never erased while the timeline names them: switched off instead."""

    __tablename__ = "staff_member"
    __table_args__ = (Index("uq_staff_subject", "oidc_issuer", "oidc_subject", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    organisation: str = ""
    """The slug of the organisation whose cases they see; '' for all."""
    role: Role = Field(sa_type=stored_enum(Role))
    password_hash: str
    """Argon2id, with its parameters; '' for who logs in by the identity provider."""
    totp_sealed: bytes | None = None
    """The secret of the one-time codes (RFC 6238), sealed; None where none are asked for."""
    totp_used_step: int = 0
    """The last time step whose code was used: each counts once."""
    totp_pending: bytes | None = None
    """A secret that was shown to be enrolled and not yet confirmed by a code, sealed."""
    recovery_hashes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    failed_logins: int = 0
    locked_until: datetime | None = None
    must_change_password: bool = True
    is_active: bool = True
    created_at: datetime
    last_login_at: datetime | None = None
    oidc_issuer: str = ""
    oidc_subject: str | None = None
    """How the identity provider calls them (OpenID Connect Core, 2); None for who logs in with a password."""


class StaffSession(SQLModel, table=True):
    """One log-in of one browser. The token itself is only in the cookie."""

    __tablename__ = "staff_session"

    token_digest: str = Field(primary_key=True)
    member_id: int = Field(foreign_key="staff_member.id", ondelete="CASCADE", index=True)
    csrf: str
    created_at: datetime
    last_seen_at: datetime
    browser: str = ""
    """Which browser it says it is, in two words, so that people know their own."""


class SetUpCode(SQLModel, table=True):
    """What the code of the first run is made from, for all processes. One row, erased with the first administrator."""

    __tablename__ = "set_up_code"

    id: int = Field(default=1, primary_key=True)
    nonce: str
    """The code is made from it by a key of the vault: from this row alone nobody learns the code."""
    made_at: datetime
    wrong: int = 0
    """Wrong tries of it."""


class WrongTries(SQLModel, table=True):
    """Wrong tries from one place, whichever process they came to; deeds of a requester by one link, too. Erased once
    the place need not wait."""

    __tablename__ = "wrong_tries"

    place: str = Field(primary_key=True)
    """A keyed digest of an address or a link, and of what was tried: neither can be read from it."""
    count: int
    until: datetime
