"""Tables of what was set up on the desk: organisations, mailboxes and web hooks that stand in no configuration file.

Their keys are those of the file's sections, checked by the same rules, so that a desk can move from one to the other.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel


class MadeOrganisation(SQLModel, table=True):
    """An organisation made on the desk. Written by administrators; never erased: cases carry its slug."""

    __tablename__ = "made_organisation"

    slug: str = Field(primary_key=True)
    keys: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """As in [[organisation]]."""
    changed_at: datetime
    changed_by: str


class MadeMailbox(SQLModel, table=True):
    """A mailbox made on the desk. Written by administrators; erased only while no mail came from it."""

    __tablename__ = "made_mailbox"

    name: str = Field(primary_key=True)
    keys: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """As in [[mailbox]], without passwords."""
    imap_password: bytes | None = None
    """Sealed; None where there is none."""
    smtp_password: bytes | None = None
    ca_pem: str = ""
    """Certificates of an authority of one's own, for both servers; '' for those of the system."""
    is_read: bool = True
    """False: switched off. It is not read; what came from it is still worked on, and answered through it."""
    changed_at: datetime
    changed_by: str


class MadeWebhook(SQLModel, table=True):
    """A web hook made on the desk. Written by administrators; erased when it is removed."""

    __tablename__ = "made_webhook"

    name: str = Field(primary_key=True)
    keys: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """As in [[webhook]], without the files."""
    secret: bytes
    """Sealed."""
    old_secret: bytes | None = None
    """Sealed; signs along with the new one until `old_until`."""
    old_until: datetime | None = None
    ca_pem: str = ""
    changed_at: datetime
    changed_by: str
