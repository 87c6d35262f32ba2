"""The outbox: letters we owe, finished and sealed when they are written, then handed to SMTP."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import sealed_key, stored_enum

ERASED = "(erased)"
"""What stands in the place of words and addresses that were erased."""


class OutboxState(StrEnum):
    """Where a letter stands."""

    QUEUED = "queued"
    SENDING = "sending"
    """Claimed by a living process, which hands it over just now."""
    SENT = "sent"
    """The server accepted it."""
    UNCERTAIN = "uncertain"
    """Perhaps accepted: the process or the line died before the server's answer was recorded. Offered again, same
    Message-ID."""
    HELD = "held"
    """A person must decide (cap reached, refused for good, too often uncertain)."""
    FAILED = "failed"
    """Accepted, but a delivery report came back."""
    SHADOW = "shadow"
    """Written for show; never sent."""


class Template(StrEnum):
    """The letters there are."""

    ACKNOWLEDGEMENT_RIGHTS = "acknowledgement_rights"
    ACKNOWLEDGEMENT_COMPLAINT = "acknowledgement_complaint"
    ACKNOWLEDGEMENT_JOB = "acknowledgement_job"
    IDENTITY_QUESTION = "identity_question"
    PROOF_LINK = "proof_link"
    """To the address in the controller's records: a link that shows a code, and nothing else."""
    CLARIFICATION = "clarification"
    FEE_NOTICE = "fee_notice"
    EXTENSION = "extension"
    FORWARDED = "forwarded"
    """To the requester: whom the request was passed on to."""
    CONTROLLER_REQUEST = "controller_request"
    """To a customer's administrator, with the request attached."""
    ANSWER = "answer"
    REFUSAL = "refusal"
    NO_DATA = "no_data"
    CLOSING = "closing"
    UNSUBSCRIBE_DONE = "unsubscribe_done"
    COMPLAINT_ANSWER = "complaint_answer"
    AUTHORITY_RECEIPT = "authority_receipt"
    INCIDENT_RECEIPT = "incident_receipt"
    PEOPLE_TEAM = "people_team"
    """To the people team, with the application attached."""
    RECIPIENTS_NOTICE = "recipients_notice"
    """To who received the data (GDPR Art. 19)."""
    THIRD_PARTY_REMINDER = "third_party_reminder"
    STATUS = "status"
    """To a requester who has not replied."""
    MESSAGE = "message"
    """To the requester, in words of staff."""
    PARTY_QUESTION = "party_question"
    """To a partner, an authority or a recipient, in words of staff."""
    DIGEST = "digest"
    """To managers, on working days."""
    WARNING = "warning"
    """To staff, about one case."""


ACKNOWLEDGEMENTS = frozenset(
    {Template.ACKNOWLEDGEMENT_RIGHTS, Template.ACKNOWLEDGEMENT_COMPLAINT, Template.ACKNOWLEDGEMENT_JOB}
)


TELLS_REMEDIES = ACKNOWLEDGEMENTS | {
    *(Template.FEE_NOTICE, Template.EXTENSION, Template.FORWARDED, Template.ANSWER, Template.REFUSAL),
    *(Template.NO_DATA, Template.CLOSING, Template.UNSUBSCRIBE_DONE, Template.COMPLAINT_ANSWER, Template.STATUS),
}
"""Letters that name the right to complain and to go to court (GDPR Art. 12(4), 13(2)(d))."""


CARRIES_PAGE = ACKNOWLEDGEMENTS | {Template.IDENTITY_QUESTION, Template.CLARIFICATION, Template.STATUS}
"""Letters that hold the link to the requester's page, where there is one."""


ANSWERS = frozenset(
    {
        *(Template.ANSWER, Template.REFUSAL, Template.NO_DATA, Template.CLOSING),
        *(Template.UNSUBSCRIBE_DONE, Template.COMPLAINT_ANSWER, Template.FORWARDED),
        *(Template.AUTHORITY_RECEIPT, Template.INCIDENT_RECEIPT),
    }
)
"""Letters by which a case counts as answered, from the moment the server accepts them."""


class OutboxMail(SQLModel, table=True):
    """One letter: finished bytes (sealed), its fixed Message-ID, and what happened on the way out.

    Written in the transaction of what caused it. Erased with its case.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        Index("ix_outbox_state", "state", "next_try_at"),
        Index("ix_outbox_to", "organisation", "to_address", "created_at"),
        Index("ix_outbox_case", "case_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    mailbox: str
    case_id: int | None = Field(default=None, foreign_key="case.id")
    once_key: str | None = Field(default=None, unique=True)
    """Names what this letter may be written for only once, e.g. the acknowledgement of a case."""
    template: Template = Field(sa_type=stored_enum(Template))
    language: str
    to_address: str
    subject: str
    message_id: str = Field(unique=True)
    sealed_id: str = Field(sa_column=sealed_key(nullable=False))
    state: OutboxState = Field(default=OutboxState.QUEUED, sa_type=stored_enum(OutboxState))
    reason: str = ""
    """Why it is held, uncertain or waiting, without personal data."""
    attempts: int = 0
    doubtful_handovers: int = 0
    """How often the line broke while the server may have accepted it. Deaths of processes are in the audit chain."""
    owner: str | None = None
    """The process that claimed it."""
    created_at: datetime
    next_try_at: datetime
    sent_at: datetime | None = None
