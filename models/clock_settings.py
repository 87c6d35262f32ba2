"""Where the law leaves room: how one organisation counts."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class EuPause(StrEnum):
    """What a question about identity or mandate does to the clock in the European Union."""

    PAUSE = "pause"
    """The days between question and answer are added (EDPB Guidelines 01/2022 par. 159)."""
    RESTART = "restart"
    """The month starts on the day of the answer."""
    NONE = "none"
    """No question of any sort stops the clock: Art. 12(3) names none."""


class UkClarificationDays(StrEnum):
    """How the days of a clarification are counted in the United Kingdom."""

    DIFFERENCE = "difference"
    """From question to answer; never later than the law allows."""
    INCLUSIVE = "inclusive"
    """Both days too, as UK GDPR Art. 12A(5)(b) reads literally."""


@dataclass(frozen=True, slots=True)
class ClockSettings:
    """Where the law leaves room: each default is the cautious or the usual reading."""

    eu_pause: EuPause = EuPause.PAUSE
    eu_complaint_months: int = 1
    uk_strict: bool = False
    """The UK month 'beginning with' the relevant time ends one day before the same day number."""
    uk_clarification_days: UkClarificationDays = UkClarificationDays.DIFFERENCE
    fast_working_days: int = 2
    receipt_cutoff: time | None = None
    """Local time from which a message counts as received on the next day; does not touch clocks in hours."""
    ask_within_days: int = 7
    """A question that goes out later than this after receipt gets a warning among the steps."""
    target_days: int = 28
    """The internal target, in days after receipt."""
    warning_working_days: tuple[int, ...] = (7, 2)
    """How many working days before the due date staff are warned."""
    thin_working_days: int = 15
    """A due date with fewer working days left than this deserves a warning."""
    applicant_months: int = 6
    """How long the file of an unsuccessful applicant is kept."""
    contents_months: int = 6
    """How long mails, letters and notes of a closed case are kept."""
    record_months: int = 36
    """How long the record of a closed case keeps its names; afterwards only counts are left."""
    chat_days: int = 30
    """Within how many days conversations with a chat assistant are promised to be wiped."""
    backup_days: int = 60
    """Within how many days after the month backup copies of erased data are promised to be gone."""
    backup_days_in_all: int = 90
    """The same, counted from receipt; the earlier of the two holds."""


DEFAULT_SETTINGS = ClockSettings()
