"""What a clock is reckoned from, and what it answers: plain frozen values.

Only facts are kept (receipt, questions asked, the notice of an extension); the due date is worked out
from them anew each time and never edited.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

from cases.clock_kinds import ClockKind
from cases.nearest_name import nearest_name
from models.casework import PauseReason
from models.errors import SettingsError
from models.organisation import Regime
from models.steps import Step


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
    set_on: date | None = None
    """The last day that an authority's letter names."""

    def __post_init__(self) -> None:
        if any(moment and moment.tzinfo is None for moment in (self.received_at, self.aware_at)):
            raise ValueError("a moment without a time zone decides nothing")


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
