"""What one mail says: plain frozen values, made by `ingest` and read by everybody above.

All texts are clean: no NUL, no surrogates; header values carry no line breaks of any kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

STAMP_HEADER = "X-Rightsdesk-Stamp"
"""The header that every letter of ours carries, so that it is known when it comes back."""


@dataclass(frozen=True, slots=True)
class RawMail:
    """One mail as a source served it, before anybody looked inside."""

    raw: bytes
    received_at: datetime
    """When it reached the mailbox (INTERNALDATE), aware, UTC."""
    uid: int | None = None
    uidvalidity: int | None = None
    size: int = 0
    """Octets on the server; larger than `raw` where only the header was fetched (`is_truncated`)."""
    is_truncated: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox address, lower-cased in its domain part, with its display name ('' if none)."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """The label of an attachment; `name` is a label, never a path."""

    name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that came with a mail, whole."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that lies inside a mail."""

    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RichFace:
    """The HTML of a mail as it came: neither clean nor safe to show, and the pictures that it names inside the mail."""

    html: str
    pictures: Mapping[str, Picture]
    """By Content-ID, without its brackets."""


@dataclass(frozen=True, slots=True)
class ForwardedMail:
    """The mail that somebody forwarded inline, as far as its header block says."""

    sender: Address | None
    sent_on: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """The readable text of a mail, and its parts; the parts together lose nothing of `text`."""

    text: str
    """Everything, as good plain text."""
    written: str
    """What the writer says now: `text` without quotes, signature and disclaimer."""
    quoted: str = ""
    signature: str = ""
    disclaimer: str = ""
    forwarded: ForwardedMail | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A delivery status notification (RFC 3464)."""

    action: str
    """failed, delayed, delivered, relayed, expanded; '' where the report does not say."""
    status: str
    original_message_id: str
    """With its brackets; '' where the report does not say."""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail, readable. `unreadable` is the reason for the quarantine, '' where all is well."""

    message_id: str
    """With its brackets; '' where the mail has none or an unusable one."""
    subject: str
    from_: tuple[Address, ...]
    """Every address of every From header: more than one is suspicious."""
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    """The sender's own clock, for information only, aware; never a legal date."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    """All headers in order, names lower-cased, values unfolded and decoded."""
    body: Body
    attachments: tuple[Attachment, ...] = ()
    report: DeliveryReport | None = None
    body_digest: str = ""
    """sha256 over the normalised readable text and the attachments: equal for copies that took different routes."""
    defects: tuple[str, ...] = field(default=())
    unreadable: str = ""

    def header(self, name: str) -> str:
        """Return the first value of a header, '' where the mail has none."""
        return next((value for key, value in self.headers if key == name.lower()), "")

    def header_values(self, name: str) -> tuple[str, ...]:
        """Return every value of a header, in order."""
        return tuple(value for key, value in self.headers if key == name.lower())


class Nature(StrEnum):
    """Who wrote this: a person or a machine."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    """An out-of-office note or another answer of a machine: never opens a case."""
    DELIVERY_REPORT = "delivery_report"
    """A bounce or another report about a mail of ours: never opens a case."""
    MARKED = "marked"
    """Marked automatic, bulk or list, null return path, broken or several senders, trusted spam mark: classified,
    never acknowledged."""
    OWN = "own"
    """A mail of ours that came back: never opens a case."""


class Dmarc(StrEnum):
    """What the trusted server says about the sender's domain (RFC 8601, RFC 7489)."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Screening:
    """What the envelope of a mail tells, before anybody asks what it wants."""

    nature: Nature
    marks: tuple[str, ...]
    """Why, in words for staff, most telling first; no personal data."""
    requester: Address | None
    """Whom the mail is from for our purposes; None where no usable address exists."""
    is_answerable: bool
    """Whether an automatic letter may go to the requester at all."""
    dmarc: Dmarc = Dmarc.UNKNOWN
    forwarded_by_staff: bool = False
    """The requester was taken from a colleague's forward, and is to be confirmed."""
    proposed_received: str = ""
    """The date line of a colleague's forward, as written: a proposal for staff."""
    reply_to_differs: bool = False
