"""The audit chain: every deed, in order, each entry sealed to the one before."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import stored_enum


class Action(StrEnum):
    """What was done."""

    MESSAGE_STORED = "message_stored"
    MESSAGE_DECIDED = "message_decided"
    MAILBOX_RENUMBERED = "mailbox_renumbered"
    """The server changed UIDVALIDITY."""
    CASE_OPENED = "case_opened"
    ITEM_OPENED = "item_opened"
    RECEIPT_MOVED = "receipt_moved"
    """A copy with an earlier receipt turned up: the clock starts earlier."""
    MESSAGE_JOINED = "message_joined"
    MESSAGE_CORRECTED = "message_corrected"
    """A person said what a mail is."""
    ITEM_ENDED = "item_ended"
    CASE_CLOSED = "case_closed"
    CASE_CONFIRMED = "case_confirmed"
    """A person looked and says what it is."""
    CASE_VIEWED = "case_viewed"
    """Somebody saw personal data of it."""
    MAIL_VIEWED = "mail_viewed"
    """Somebody saw a mail or a letter by itself."""
    MAIL_EXPORTED = "mail_exported"
    """A mail, a letter or a file in one was downloaded."""
    MESSAGE_RETRIED = "message_retried"
    """A person had a mail of the quarantine handled once more."""
    MESSAGE_REREAD = "message_reread"
    """A person said in which charset a mail is to be read."""
    MESSAGE_IGNORED = "message_ignored"
    """A person set a mail of the quarantine aside, with a reason."""
    SENDER_BLOCKED = "sender_blocked"
    """Staff do not want to look at the ordinary mail of a sender any more."""
    SENDER_UNBLOCKED = "sender_unblocked"
    CASE_ASSIGNED = "case_assigned"
    CASE_TAGGED = "case_tagged"
    CASE_NOTED = "case_noted"
    CASE_LINKED = "case_linked"
    CASE_MERGED = "case_merged"
    CASE_ANSWERED = "case_answered"
    CASE_REOPENED = "case_reopened"
    ITEM_DECIDED = "item_decided"
    ITEM_MOVED = "item_moved"
    """An item was split off into a case of its own."""
    PERSON_WRITTEN_TO = "person_written_to"
    """A letter in words of staff."""
    QUESTION_ASKED = "question_asked"
    ANSWER_RECEIVED = "answer_received"
    TIME_EXTENDED = "time_extended"
    DATE_SET = "date_set"
    IDENTITY_DECIDED = "identity_decided"
    REGIME_SETTLED = "regime_settled"
    DUE_CHANGED = "due_changed"
    """A due date was computed anew and came out otherwise."""
    PARTY_ASKED = "party_asked"
    PARTY_CHASED = "party_chased"
    PARTY_ANSWERED = "party_answered"
    TASK_ADDED = "task_added"
    TASK_DONE = "task_done"
    RULE_OVERRIDDEN = "rule_overridden"
    """A rule was set aside by a person who may, with a reason."""
    BREACH_EXPLAINED = "breach_explained"
    """A manager says why a request was late."""
    PAGE_LINK_MADE = "page_link_made"
    PAGE_LINK_REVOKED = "page_link_revoked"
    HANDED_IN = "handed_in"
    """The person sent a file or a message, or withdrew, on their page."""
    FILE_OPENED = "file_opened"
    """Somebody downloaded what the person had handed in."""
    FILE_ERASED = "file_erased"
    LANGUAGE_CHANGED = "language_changed"
    PROOF_SENT = "proof_sent"
    """A link that shows a code went to the address in the controller's records."""
    PROOF_CODE_SHOWN = "proof_code_shown"
    PROOF_CODE_WRONG = "proof_code_wrong"
    ALARM_RAISED = "alarm_raised"
    CASE_ERASED = "case_erased"
    DELETION_ASKED = "deletion_asked"
    """Somebody wants a case deleted now; a second person has to agree."""
    DELETION_TAKEN_BACK = "deletion_taken_back"
    DELETION_REFUSED = "deletion_refused"
    DELETION_LAPSED = "deletion_lapsed"
    """Nobody decided on it in time."""
    DELETION_CONFIRMED = "deletion_confirmed"
    """The second person agreed; the case is erased with it."""
    CONTENT_REDACTED = "content_redacted"
    """A passage or a file was taken out of what is kept of a case, for good."""
    RECEIPT_CORRECTED = "receipt_corrected"
    """A person says when it really came in."""
    LETTER_RELEASED = "letter_released"
    EVIDENCE_EXPORTED = "evidence_exported"
    LETTER_WRITTEN = "letter_written"
    LETTER_SENT = "letter_sent"
    LETTER_UNCERTAIN = "letter_uncertain"
    LETTER_HELD = "letter_held"
    LETTER_BOUNCED = "letter_bounced"
    LOGGED_IN = "logged_in"
    LOGIN_FAILED = "login_failed"
    """Somebody gave the name of a member, and a wrong password or code."""
    ACCOUNT_CHANGED = "account_changed"
    """A member changed their own password, codes or sessions."""
    STAFF_CHANGED = "staff_changed"
    """An administrator added or changed a member."""
    OFFICE_CHANGED = "office_changed"
    """An organisation or a mailbox was made, changed or switched on the desk."""
    WEBHOOK_CHANGED = "webhook_changed"
    """A web hook was made, changed, held back, sent to again or removed."""
    DIRECTORY_CHANGED = "directory_changed"
    CASES_EXPORTED = "cases_exported"
    """Somebody took a list of cases away."""
    FIGURES_SHARED = "figures_shared"
    """A link to figures was made, for people without an account."""
    FIGURES_OPENED = "figures_opened"
    """Such a link was opened, for the first time of a day."""
    SHARING_ENDED = "sharing_ended"
    PROGRAM_ADDED = "program_added"
    """A program was let in."""
    PROGRAM_REVOKED = "program_revoked"


LOOKS = (Action.CASE_VIEWED, Action.MAIL_VIEWED, Action.MAIL_EXPORTED, Action.EVIDENCE_EXPORTED)
"""What changes nothing: somebody saw something, or took a copy."""


class AuditEntry(SQLModel, table=True):
    """One deed: who, when, what, about which rows. Appended by `store/audit.py`, never changed, never erased.

    A case's timeline is its entries in order. Details hold keys, dates and states, never personal data.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_case", "case_id", "seq"),)

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    actor: str
    action: Action = Field(sa_type=stored_enum(Action))
    case_id: int | None = None
    message_id: int | None = None
    outbox_id: int | None = None
    details: str = "{}"
    """Canonical JSON."""
    digest: str
    """HMAC-SHA256, under a key outside the database, over the previous digest and this entry."""


class AuditHead(SQLModel, table=True):
    """The single row that says where the chain ends: entries cut off its tail are missed."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    seq: int
    digest: str
    seal: str
    """HMAC-SHA256 over seq and digest."""
