"""What we think a mail asks for: kinds, labels, scores, fields, reasons."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What one request item of a case is about."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    OBJECTION_MARKETING = "objection_marketing"
    WITHDRAW_CONSENT = "withdraw_consent"
    AUTOMATED_DECISION = "automated_decision"
    POST_MORTEM = "post_mortem"
    CHAT_ERASURE = "chat_erasure"
    UNSPECIFIED = "unspecified"
    """A rights request that does not say which."""
    COMPLAINT = "complaint"
    JOB_APPLICATION = "job_application"
    AUTHORITY = "authority"
    INCIDENT = "incident"


class Label(StrEnum):
    """What the classifier can say of a mail: every kind, and what opens no item."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    OBJECTION_MARKETING = "objection_marketing"
    WITHDRAW_CONSENT = "withdraw_consent"
    AUTOMATED_DECISION = "automated_decision"
    POST_MORTEM = "post_mortem"
    CHAT_ERASURE = "chat_erasure"
    UNSPECIFIED = "unspecified"
    COMPLAINT = "complaint"
    JOB_APPLICATION = "job_application"
    AUTHORITY = "authority"
    INCIDENT = "incident"
    FOLLOWUP = "followup"
    OTHER = "other"
    AUTO = "auto"
    SPAM = "spam"

    @property
    def kind(self) -> Kind | None:
        """Return the kind of item this label opens, None for followup, other, auto and spam."""
        return None if self in NO_KIND else Kind(self.value)


NO_KIND = frozenset({Label.FOLLOWUP, Label.OTHER, Label.AUTO, Label.SPAM})

RIGHTS = frozenset(set(Kind) - {Kind.COMPLAINT, Kind.JOB_APPLICATION, Kind.AUTHORITY, Kind.INCIDENT})
"""Kinds by which a person uses a data subject right (GDPR Art. 7(3), 15-22; national law for the dead)."""


class Doubt(StrEnum):
    """How unsure a verdict is."""

    NONE = "none"
    KINDS = "kinds"
    """Certainly a request; which kinds is unsure. A neutral acknowledgement may go at once."""
    REQUEST = "request"
    """Unsure whether it asks for anything at all: a person decides before anything is sent."""


class Confidence(StrEnum):
    """How sure it is that somebody asks for something, in bands that a list can be narrowed to."""

    SURE = "sure"
    """Very likely, or said by a person."""
    LESS_SURE = "less_sure"
    """Likely."""
    DOUBTFUL = "doubtful"


_SURE, _LIKELY = 0.8, 0.6


def confidence_in(probability: float) -> Confidence:
    """Return the band that a probability falls into."""
    if probability >= _SURE:
        return Confidence.SURE
    return Confidence.LESS_SURE if probability >= _LIKELY else Confidence.DOUBTFUL


@dataclass(frozen=True, slots=True)
class Fields:
    """What the mail says about its writer, as written; None where not found."""

    full_name: str | None = None
    account_email: str | None = None
    postal_address: str | None = None
    phone: str | None = None
    has_id_document: bool = False
    deadline_mentioned: str | None = None
    authority_named: str | None = None
    customer_company: str | None = None
    regulation: str | None = None


class Hint(StrEnum):
    """What staff should know before they handle a mail: about whom it is, and what it asks beside its kinds."""

    MANDATE = "mandate"
    """Somebody acts for another living person: the mandate is to be proven."""
    CHILD = "child"
    """The data of a minor."""
    DECEASED = "deceased"
    """The data of a person who has died."""
    EMPLOYEE = "employee"
    """The data of our own present or former staff."""
    APPLICANT = "applicant"
    """The data of somebody who applied for a job with us."""
    SOURCE = "source"
    """Asks where the data came from (GDPR Art. 15(1)(g))."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence of the mail (or a signal in words) that caused a label."""

    label: Label
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The classifier's answer for one mail."""

    language: str
    """ISO 639-1, 'und' where it cannot be told."""
    labels: tuple[Label, ...]
    """Never empty; most probable first."""
    scores: dict[Label, float]
    """A calibrated probability for each label, 0 to 1."""
    doubt: Doubt
    model_version: str
    fields: Fields = field(default_factory=Fields)
    reasons: tuple[Reason, ...] = ()
    hints: dict[Hint, str] = field(default_factory=dict)
    """Each with the sentence that caused it, '' where it is the whole mail that says so."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds of item asked for, most probable first."""
        return tuple(kind for label in self.labels if (kind := label.kind))

    @property
    def needs_review(self) -> bool:
        """Tell whether a person should look before this is believed."""
        return self.doubt is not Doubt.NONE
