"""Tables of received mail: where it lay, what became of it, and its sealed bytes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import sealed_key, stored_enum


class Outcome(StrEnum):
    """What became of a message. All but `pending` are final unless staff change them."""

    PENDING = "pending"
    CASE = "case"
    """It opened a case."""
    THREAD = "thread"
    """It joined a case."""
    FILED = "filed"
    """Ordinary mail, spam included; the reason says which."""
    AUTOMATIC = "automatic"
    DUPLICATE = "duplicate"
    """A further copy; its case is that of the original."""
    ARCHIVED = "archived"
    """Older than `archive_before`: recorded and classified, never answered."""
    QUARANTINE = "quarantine"
    """Could not be handled; the reason says why; a person looks."""
    VANISHED = "vanished"
    """Gone from the server before it could be read."""


class SetAside(StrEnum):
    """Why a person set a mail of the quarantine aside."""

    SPAM = "spam"
    TEST = "test"
    NOT_FOR_US = "not_for_us"
    HANDLED_ELSEWHERE = "handled_elsewhere"
    NOTHING_IN_IT = "nothing_in_it"


class MailboxState(SQLModel, table=True):
    """What is remembered of one mailbox between polls. Written by intake; never erased."""

    __tablename__ = "mailbox_state"

    mailbox: str = Field(primary_key=True)
    first_polled_at: datetime
    """To the second, as INTERNALDATE is: mail received before it is old mail."""
    uidvalidity: int | None = Field(default=None, sa_type=BigInteger)


class SealedMail(SQLModel, table=True):
    """The encrypted bytes of one mail, received or sent, with its own wrapped key.

    Written once by the vault. Erased with its chunks when the case is purged: without the row the key is gone.
    """

    __tablename__ = "sealed_mail"

    id: str = Field(primary_key=True)
    """Random: rows can be written together, without asking the database for a number each."""
    wrapped_key: bytes
    master_key_id: str
    size: int


class SealedChunk(SQLModel, table=True):
    """A piece of a sealed mail of at most one mebibyte, so that a large mail is never held several times."""

    __tablename__ = "sealed_chunk"

    sealed_id: str = Field(sa_column=sealed_key(primary_key=True, ondelete="CASCADE"))
    position: int = Field(primary_key=True)
    ciphertext: bytes


class Message(SQLModel, table=True):
    """One ledger row: a UID ever seen on a server, or a file ever imported.

    Written by intake as `pending`, finished by the pipeline. Erased never; what it points to (sealed bytes) is.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("mailbox", "folder", "uidvalidity", "uid", name="uq_message_place"),
        UniqueConstraint("organisation", "original_sha256", name="uq_message_bytes"),
        UniqueConstraint("organisation", "original_identity", name="uq_message_identity"),
        Index("ix_message_outcome", "outcome", "id"),
        Index("ix_message_case", "case_id"),
        Index("ix_message_message_id", "message_id", "organisation"),
        # The ledger in the order of receipt: of all mails, and of those that fit one filter.
        Index("ix_message_received", "received_at", "id"),
        Index("ix_message_of_organisation", "organisation", "received_at", "id"),
        Index("ix_message_of_mailbox", "mailbox", "received_at", "id"),
        Index("ix_message_of_outcome", "outcome", "received_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    mailbox: str
    folder: str
    uidvalidity: int | None = Field(default=None, sa_type=BigInteger)  # unsigned 32 bits (RFC 9051, 2.3.1.1)
    uid: int | None = Field(default=None, sa_type=BigInteger)
    """None for imported files."""
    received_at: datetime
    stored_at: datetime
    size: int = Field(sa_type=BigInteger)
    sha256: str | None = None
    """Over the bytes as served; None where they were never read."""
    original_sha256: str | None = None
    """Equals sha256 on the first row of these bytes in the organisation, None on copies: the database keeps it
    unique."""
    original_identity: str | None = None
    """Digest of Message-ID and body on the first row that has both, None on copies."""
    sealed_id: str | None = Field(default=None, sa_column=sealed_key(nullable=True))
    sealed_details: bytes | None = None
    """Fields, scores and reasons, encrypted under the key of the mail."""
    message_id: str = ""
    charset: str = ""
    """What a person says that its text is in; '' where the mail is believed."""
    outcome: Outcome = Field(default=Outcome.PENDING, sa_type=stored_enum(Outcome))
    reason: str = ""
    """In words for staff, without personal data."""
    case_id: int | None = Field(default=None, foreign_key="case.id")
    duplicate_of: int | None = Field(default=None, foreign_key="message.id")
    language: str | None = None
    labels: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    files: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """What sorts of files came with it (`models/files.py`); never their names."""
    needs_review: bool = False
    model_version: str | None = None
    attempts: int = 0
    """How often handling it failed by an unforeseen error."""
    decided_at: datetime | None = None
    settled_at: datetime | None = None
    """When the server was told (seen flag, move), None where that is still owed."""


class MessageLabel(SQLModel, table=True):
    """What one mail is taken for, so that the ledger finds it by that.

    Written with `Message.labels`, by `store/label_index.py` alone; never erased, as the message is not.
    """

    __tablename__ = "message_label"
    __table_args__ = (Index("ix_message_label", "label", "received_at", "message_id"),)

    message_id: int = Field(primary_key=True, foreign_key="message.id", ondelete="CASCADE")
    label: str = Field(primary_key=True)
    received_at: datetime
