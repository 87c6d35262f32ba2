"""What a clock is reckoned from, and what it answers: plain frozen values.

Only facts are kept (receipt, questions asked, the notice of an extension); the due date is worked out
from them anew each time and never edited.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

from cases.clock_kinds import ClockKind
from cases.clock_steps import Step
from cases.nearest_name import nearest_name
from models.errors import SettingsError
from models.organisation import Regime


class PauseReason(StrEnum):
    """What the controller asked the person for."""

    IDENTITY = "identity"
    MANDATE = "mandate"
    CLARIFICATION = "clarification"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class PauseEvent:
    """A question to the person; both dates are local dates of the mailbox. Refuses an answer before its question."""

    reason: PauseReason
    asked_on: date
    answered_on: date | None = None
    """The day the needed answer or payment came in; None while there is none."""

    def __post_init__(self) -> None:
        if self.answered_on is not None and self.answered_on < self.asked_on:
            raise ValueError("the answer is dated before the question")


@dataclass(frozen=True, slots=True)
class ExtensionEvent:
    """The person was told, with reasons, that the answer takes up to three months."""

    notified_on: date


ClockEvent = PauseEvent | ExtensionEvent


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides one due date, but for the calendar of the place. Refuses a receipt without a time zone."""

    received_at: datetime
    """When the message reached a mailbox of the controller, never the sender's date; aware."""
    timezone: str
    """IANA zone of the mailbox, in which days are counted."""
    regime: Regime
    country: str
    """ISO 3166-1 or 3166-2 code of the place where the controller must act: names its public holidays."""
    kind: ClockKind
    events: tuple[ClockEvent, ...] = ()
    """In any order; they count for data subject rights only."""
    aware_at: datetime | None = None
    """When staff became reasonably certain of a breach, where that was later than the report."""

    def __post_init__(self) -> None:
        if any(moment and moment.tzinfo is None for moment in (self.received_at, self.aware_at)):
            raise ValueError("a moment without a time zone decides nothing")


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


DEFAULT_SETTINGS = ClockSettings()


class WorkCalendar(Protocol):
    """Which days are no working days, and why."""

    def day_off(self, day: date) -> str:
        """Return why this is no working day ("a Saturday"), '' where it is one."""


class ClockState(StrEnum):
    """Whether time runs."""

    RUNNING = "running"
    WAITING = "waiting"
    """A question that stops the clock has no answer yet: there is no due date."""


class ClockFlag(StrEnum):
    """What went wrong with a clock and changed its date."""

    EXTENSION_LATE = "extension_late"
    """The person was told of the extension too late: it does not count."""


@dataclass(frozen=True, slots=True)
class Due:
    """The answer of a clock, and how it was found."""

    due_on: date | None
    """The last day to answer; it lasts until 24:00 local. None while waiting."""
    due_at: datetime | None
    """The end of that day as an instant, or for a clock in hours the instant itself; UTC."""
    due_without_pause: date
    """The date had no question been asked; always shown beside a paused one."""
    legal_due: date | None
    """The outer limit of the law: differs from `due_on` for the fast clocks and for chats."""
    extension_notice_by: date | None
    """The last day to tell the person of an extension; None where none is possible or the start is open."""
    state: ClockState
    flags: tuple[ClockFlag, ...]
    steps: tuple[Step, ...]


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name; SettingsError names the nearest one where it is unknown."""
    if name not in _zone_names():
        raise SettingsError(f"no such time zone; the nearest name is {nearest_name(name, _zone_names())}")
    return ZoneInfo(name)
