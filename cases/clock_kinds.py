"""The kinds of clock: what they are called, how they run, and which rule of law each one follows.

Every request kind has one clock of its name; `processor_forward` and `erasure_backup` are clocks beside them.
A complaint runs by the regime: a month in the European Union, thirty days in the United Kingdom.
"""

from dataclasses import dataclass
from enum import StrEnum

from models.organisation import Regime

ALIASES = {
    "job_applicant": "job_application",
    "authority_letter": "authority",
    "breach_report": "incident",
    "unclassified": "unspecified",
    "unsubscribe": "objection_marketing",
}
"""Further names of clock kinds, as lawyers use them; accepted wherever a kind is named."""


class ClockKind(StrEnum):
    """One kind of clock. `ClockKind(name)` takes a request kind, a clock kind, or one of `ALIASES`."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    AUTOMATED_DECISION = "automated_decision"
    OBJECTION_MARKETING = "objection_marketing"
    WITHDRAW_CONSENT = "withdraw_consent"
    POST_MORTEM = "post_mortem"
    CHAT_ERASURE = "chat_erasure"
    ERASURE_BACKUP = "erasure_backup"
    UNSPECIFIED = "unspecified"
    COMPLAINT = "complaint"
    JOB_APPLICATION = "job_application"
    AUTHORITY = "authority"
    PROCESSOR_FORWARD = "processor_forward"
    INCIDENT = "incident"

    @classmethod
    def _missing_(cls, value: object) -> "ClockKind | None":
        return cls(ALIASES[value]) if isinstance(value, str) and value in ALIASES else None


class ClockShape(StrEnum):
    """How a clock runs."""

    RIGHT = "right"
    """One month, which questions may stop or move and a notice may extend to three (GDPR Art. 12(3))."""
    MONTH = "month"
    """One month, whatever happens."""
    THIRTY_DAYS = "thirty_days"
    """Thirty days, then to a working day (Data Protection Act 2018 s. 164A(3))."""
    FAST = "fast"
    """A few working days: the law says at once."""
    HOURS = "hours"
    """Seventy-two hours of real time (GDPR Art. 33(1))."""
    CHAT = "chat"
    """Thirty days or the month, whichever ends first."""
    BACKUP = "backup"
    """Sixty days after the month or ninety days after receipt, whichever ends first."""


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How a kind of clock runs, and the rule it follows, in words."""

    shape: ClockShape
    source: str


MONTH_SOURCES = {Regime.EU: "GDPR Art. 12(3)", Regime.UK: "UK GDPR Art. 12A"}
"""Where the month of every data subject right stands."""
_HEIRS = "policy; French law 78-17 Art. 85, Spanish LOPDGDD Art. 3"

_RULES = {
    ClockKind.OBJECTION_MARKETING: ClockRule(ClockShape.FAST, "GDPR Art. 21(3): no longer, so at once"),
    ClockKind.WITHDRAW_CONSENT: ClockRule(ClockShape.FAST, "GDPR Art. 7(3): no longer, so at once"),
    ClockKind.AUTHORITY: ClockRule(ClockShape.FAST, "policy: read at once, the letter sets the date"),
    ClockKind.PROCESSOR_FORWARD: ClockRule(ClockShape.FAST, "GDPR Art. 28(3)(e): assist, so forward at once"),
    ClockKind.INCIDENT: ClockRule(ClockShape.HOURS, "GDPR Art. 33(1)"),
    ClockKind.POST_MORTEM: ClockRule(ClockShape.MONTH, _HEIRS),
    ClockKind.JOB_APPLICATION: ClockRule(ClockShape.MONTH, "policy"),
    ClockKind.UNSPECIFIED: ClockRule(ClockShape.MONTH, "the safe default until a person has looked"),
    ClockKind.CHAT_ERASURE: ClockRule(ClockShape.CHAT, "policy: conversations are wiped within 30 days"),
    ClockKind.ERASURE_BACKUP: ClockRule(ClockShape.BACKUP, "policy: backups within 60 days, 90 in all"),
}
_COMPLAINTS = {
    Regime.EU: ClockRule(ClockShape.MONTH, "policy"),
    Regime.UK: ClockRule(ClockShape.THIRTY_DAYS, "Data Protection Act 2018 s. 164A(3)"),
}
_RIGHTS = {regime: ClockRule(ClockShape.RIGHT, source) for regime, source in MONTH_SOURCES.items()}


def rule_of(kind: ClockKind, regime: Regime) -> ClockRule:
    """Return how this kind of clock runs under a regime, and after which rule."""
    if kind is ClockKind.COMPLAINT:
        return _COMPLAINTS[regime]
    return _RULES.get(kind) or _RIGHTS[regime]
