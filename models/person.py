"""Tables of the requester's own page: its links, what was handed in on it, proofs by code; and how it is set up."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.casework import PauseReason
from models.columns import sealed_key, stored_enum
from models.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class PageSettings:
    """How requesters reach their page, and how much they may hand in."""

    base_url: str = ""
    """The public address of this service, without a path; '' where there are no pages for requesters."""
    link_days: int = 120
    upload_files: int = 10
    """In one case, those that were erased not counted."""
    upload_mb: int = 20
    """All files of one sending together."""


NO_PAGE = PageSettings()
"""Requesters have no pages."""


class PersonLink(SQLModel, table=True):
    """One link to a requester's page. What is kept is a random number; the link is that number signed by the vault.

    Written with the first letter that carries it, prolonged by later ones. Erased with the contents of its case.
    """

    __tablename__ = "person_link"

    nonce: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE", index=True)
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None


class SubmissionSort(StrEnum):
    """What can be handed in on the requester's page."""

    FILE = "file"
    MESSAGE = "message"
    WITHDRAWAL = "withdrawal"
    """The person does not want to go on: staff look, and end the items."""


class Submission(SQLModel, table=True):
    """Something that a requester handed in on their page. The row stays as a fact; its words are erased."""

    __tablename__ = "submission"
    __table_args__ = (
        Index("ix_submission_case", "case_id"),
        UniqueConstraint("case_id", "once_key", name="uq_submission_once"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE")
    sort: SubmissionSort = Field(sa_type=stored_enum(SubmissionSort))
    at: datetime
    once_key: str | None = None
    """Tells the same thing sent twice; forgotten with the contents."""
    sealed_id: str | None = Field(default=None, sa_column=sealed_key(nullable=True))
    sealed_name: bytes | None = None
    """The name of a file, encrypted under its key: people put their names into it."""
    content_type: str = ""
    size: int = 0
    question: PauseReason | None = Field(default=None, sa_type=stored_enum(PauseReason))
    """What was asked for when a file came in; an answer on identity is erased soon after the check."""
    checked_at: datetime | None = None
    """When staff decided on the identity that it was to prove."""
    erased_at: datetime | None = None


class AddressProof(SQLModel, table=True):
    """A proof by code: a link went to the address in the controller's records; it shows a code for the person's page.

    Written by staff's question; ends when the code was entered, after too many tries, or in time. Erased with the
    contents of its case.
    """

    __tablename__ = "address_proof"

    nonce: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="case.id", ondelete="CASCADE", index=True)
    made_at: datetime
    ends_at: datetime
    """The last moment at which the link shows a code; moved forward when it ends early."""
    codes_shown: int = 0
    code_digest: str = ""
    """Of the code shown last, keyed by the vault; '' where none is good."""
    code_until: datetime | None = None
    wrong_tries: int = 0
    proven_at: datetime | None = None


class Refusal(StrEnum):
    """Why something that a requester tries on their page is not done; the page says it in their language."""

    NOT_ASKED = "not_asked"
    NO_FILE = "no_file"
    TOO_MANY_FILES = "too_many_files"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    UNSAFE = "unsafe"
    """A file that can act, hides another one, or unpacks without end."""
    EMPTY_FILE = "empty_file"
    NO_MESSAGE = "no_message"
    LONG_MESSAGE = "long_message"
    TOO_MANY_MESSAGES = "too_many_messages"
    NOTHING_TO_WITHDRAW = "nothing_to_withdraw"
    WRONG_LANGUAGE = "wrong_language"
    WRONG_CODE = "wrong_code"
    NO_CODE_LEFT = "no_code_left"
    FORM_FROM_ELSEWHERE = "form_from_elsewhere"
    NOT_NOW = "not_now"


class Refused(NotAllowed):
    """The requester's page does not do this, for a reason that it can tell."""

    def __init__(self, why: Refusal) -> None:
        """Take the reason."""
        super().__init__(why.value.replace("_", " "))
        self.why = why
