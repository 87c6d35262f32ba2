"""Clocks of other laws than the General Data Protection Regulations: profiles that a caller has to ask for.

CCPA and CPRA (11 CCR 7021, 7026, 7027), LGPD (Art. 18 and 19), DSG (Art. 25(7), DSV Art. 18), PIPEDA (s. 8(3)-(4)).
In: `ProfileFacts` and a `WorkCalendar`. Out: `ProfileDue`. Pure, like the clock of `cases/deadlines.py`, which
knows nothing of profiles: no day of a profile depends on a regime, and no question to the person stops it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cases.clock_facts import ClockEvent, ClockFlag, ExtensionEvent, PauseEvent, WorkCalendar, zone_named
from cases.clock_kinds import ClockKind
from cases.day_counting import end_of_day, next_working_day, working_day_after
from models.errors import DeskError
from models.steps import WEEKDAY_NAMES, day_in_words

_PROFILE_KINDS = (
    ClockKind.ACCESS,
    ClockKind.RECTIFICATION,
    ClockKind.ERASURE,
    ClockKind.RESTRICTION,
    ClockKind.PORTABILITY,
    ClockKind.OBJECTION,
    ClockKind.OBJECTION_MARKETING,
    ClockKind.WITHDRAW_CONSENT,
    ClockKind.AUTOMATED_DECISION,
    ClockKind.UNSPECIFIED,
)
_OPT_OUTS = {ClockKind.OBJECTION, ClockKind.OBJECTION_MARKETING, ClockKind.RESTRICTION, ClockKind.WITHDRAW_CONSENT}
_FULL_ANSWERS = {ClockKind.ACCESS, ClockKind.PORTABILITY}
_SWISS_ROLLING = "OR Art. 78; SR 173.110.3"


class Profile(StrEnum):
    """A law whose time limits can be asked for."""

    CCPA = "ccpa"
    """California: CCPA as amended by the CPRA, and its regulations."""
    LGPD = "lgpd"
    """Brazil: Lei 13.709/2018."""
    DSG = "dsg"
    """Switzerland: the Federal Act on Data Protection and its ordinance."""
    PIPEDA = "pipeda"
    """Canada: Personal Information Protection and Electronic Documents Act."""


class ProfileError(DeskError):
    """A profile has no clock for this kind of request; the text says which kinds it has."""


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """All that decides one due date under a profile, but for the calendar.

    Refuses a receipt without a time zone, and with ProfileError a kind that no profile knows.
    """

    profile: Profile
    received_at: datetime
    """When the message reached a mailbox, never the sender's date; aware."""
    timezone: str
    """IANA zone in which days are counted."""
    kind: ClockKind
    events: tuple[ClockEvent, ...] = ()
    """In any order; pauses change nothing."""

    def __post_init__(self) -> None:
        if self.received_at.tzinfo is None:
            raise ValueError("a moment without a time zone decides nothing")
        if self.kind not in _PROFILE_KINDS:
            raise ProfileError(f"has no clock under a profile; it must be one of {', '.join(_PROFILE_KINDS)}")

    @property
    def notices(self) -> list[date]:
        """Return the days on which the person was told of an extension, in order."""
        return sorted(event.notified_on for event in self.events if isinstance(event, ExtensionEvent))

    @property
    def has_pauses(self) -> bool:
        """Tell whether the person was asked anything."""
        return any(isinstance(event, PauseEvent) for event in self.events)


@dataclass(frozen=True, slots=True)
class ProfileDue:
    """The answer of a profile's clock, and how it was found."""

    due_on: date
    """The last day to answer; it lasts until 24:00 local."""
    due_at: datetime
    """The end of that day; UTC."""
    acknowledge_by: date | None
    """The last day to confirm the receipt; None where the law sets none."""
    flags: tuple[ClockFlag, ...]
    steps: tuple[str, ...]
    """Plain English sentences, each with the source of its rule."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """How long a profile gives for one kind. No further days: it knows no extension."""

    source: str
    days: int
    is_business: bool = False
    further_days: int = 0
    extension_source: str = ""
    acknowledge_days: int = 0
    remark: str = ""


_REQUESTS_CCPA = _Terms(
    "11 CCR 7021(b)",
    45,
    further_days=45,
    extension_source="11 CCR 7021(b); Cal. Civ. Code 1798.130(a)(2)(A)",
    acknowledge_days=10,
)
_OPT_OUTS_CCPA = _Terms(
    "11 CCR 7026(f), 7027(g)",
    15,
    is_business=True,
    remark="The law asks for this as soon as feasibly possible; these days are the limit (11 CCR 7026(f), 7027(g)).",
)
_FULL_ANSWERS_LGPD = _Terms("LGPD Art. 19(II)", 15)
_MEASURES_LGPD = _Terms(
    "LGPD Art. 18(3)-(5), 19(II)",
    15,
    remark="The law asks for an answer at once; the days of a full answer are the outer limit (LGPD Art. 18(3)-(5)).",
)
_DSG = _Terms("DSG Art. 25(7); DSV Art. 18(1)", 30, further_days=30, extension_source="DSV Art. 18(2)")
_PIPEDA = _Terms("PIPEDA s. 8(3)", 30, further_days=30, extension_source="PIPEDA s. 8(4)")


def profile_due(facts: ProfileFacts, calendar: WorkCalendar, *, dsg_rolls: bool = False) -> ProfileDue:
    """Return the due date of one request under a profile; SettingsError for an unknown time zone.

    The day of receipt is the local date and is not counted. A last day that is no working day stays, but under
    the DSG where `dsg_rolls` says so (OR Art. 78; SR 173.110.3 for Saturdays); the last day for a notice moves alike.
    """
    zone = zone_named(facts.timezone)
    received_on = facts.received_at.astimezone(zone).date()
    terms = _terms_of(facts.profile, facts.kind)
    rolling = calendar if dsg_rolls and facts.profile is Profile.DSG else None
    notice_by = _rolled(received_on + timedelta(days=terms.days), rolling)
    days = _days_granted(terms, facts.notices, notice_by)
    counted_to = _last_day(received_on, days, calendar if terms.is_business else None)
    due_on = _rolled(counted_to, rolling)
    acknowledge_by = _acknowledge_by(received_on, terms, calendar)
    is_late = bool(facts.notices and terms.further_days) and days == terms.days
    received = f"Received on {day_in_words(received_on)} ({facts.timezone})"
    steps = (
        f"{received}; the day of receipt is not counted ({terms.source}).",
        *_acknowledge_steps(terms, acknowledge_by),
        *_event_steps(facts, terms, notice_by),
        *_counting_steps(received_on, days, counted_to, terms),
        *_rolling_steps(counted_to, due_on, terms, calendar),
        f"Due by the end of {_weekday(due_on)} ({facts.timezone}; {terms.source}).",
    )
    flags = (ClockFlag.EXTENSION_LATE,) if is_late else ()
    return ProfileDue(due_on, end_of_day(due_on, zone), acknowledge_by, flags, steps)


def _terms_of(profile: Profile, kind: ClockKind) -> _Terms:
    """Return the time a law gives: 11 CCR 7021, 7026(f), 7027(g); LGPD Art. 18, 19; DSV Art. 18; PIPEDA s. 8."""
    if profile is Profile.CCPA:
        return _OPT_OUTS_CCPA if kind in _OPT_OUTS else _REQUESTS_CCPA
    if profile is Profile.LGPD:
        return _FULL_ANSWERS_LGPD if kind in _FULL_ANSWERS else _MEASURES_LGPD
    return _DSG if profile is Profile.DSG else _PIPEDA


def _days_granted(terms: _Terms, notices: list[date], notice_by: date) -> int:
    """Return the days there are: more for who was told in time (11 CCR 7021(b); DSV Art. 18(2); PIPEDA s. 8(4))."""
    return terms.days + terms.further_days if notices and notices[0] <= notice_by else terms.days


def _last_day(received_on: date, days: int, business: WorkCalendar | None) -> date:
    """Return the last day as counted from receipt: calendar days, or business days (11 CCR 7026(f), 7027(g))."""
    return working_day_after(received_on, days, business) if business else received_on + timedelta(days=days)


def _rolled(day: date, calendar: WorkCalendar | None) -> date:
    """Return the first working day on or after a day (OR Art. 78; SR 173.110.3); the day itself where nothing rolls."""
    return next_working_day(day, calendar) if calendar else day


def _acknowledge_by(received_on: date, terms: _Terms, calendar: WorkCalendar) -> date | None:
    """Return the last day to confirm the receipt of a request to know, delete or correct (11 CCR 7021(a))."""
    return working_day_after(received_on, terms.acknowledge_days, calendar) if terms.acknowledge_days else None


def _acknowledge_steps(terms: _Terms, acknowledge_by: date | None) -> list[str]:
    if not acknowledge_by:
        return []
    last = _weekday(acknowledge_by)
    return [f"The receipt must be confirmed within {terms.acknowledge_days} business days: by {last} (11 CCR 7021(a))."]


def _event_steps(facts: ProfileFacts, terms: _Terms, notice_by: date) -> list[str]:
    """Explain what questions and notices do (11 CCR 7021(b); DSV Art. 18(2); PIPEDA s. 8(4))."""
    steps = []
    if facts.has_pauses:
        steps.append(f"The time runs whatever is asked of the person and however long that takes ({terms.source}).")
    if facts.notices and not terms.further_days:
        steps.append(f"No extension is known for this time: the notice does not count ({terms.source}).")
    elif facts.notices:
        steps += _notice_steps(facts.notices, terms, notice_by)
    return steps


def _notice_steps(notices: list[date], terms: _Terms, notice_by: date) -> list[str]:
    """Judge the first notice; there is one extension at most."""
    first, *others = notices
    told, limit, source = day_in_words(first), day_in_words(notice_by), terms.extension_source
    if first > notice_by:
        return [
            f"The person was told of the extension on {told}, but the last day for that was {limit}: "
            f"it does not count ({source})."
        ]
    judged = (
        f"The person was told of the extension on {told}, in time (last day for it: {limit}): "
        f"{terms.further_days} days more, {terms.days + terms.further_days} in all ({source})."
    )
    repeated = "A further extension, told on {}, does not count: there is one at most ({})."
    return [judged, *(repeated.format(day_in_words(day), source) for day in others)]


def _counting_steps(received_on: date, days: int, counted_to: date, terms: _Terms) -> list[str]:
    unit = "business days" if terms.is_business else "calendar days"
    counted = f"{days} {unit} after {day_in_words(received_on)}: {_weekday(counted_to)} ({terms.source})."
    return [counted, terms.remark] if terms.remark else [counted]


def _rolling_steps(counted_to: date, due_on: date, terms: _Terms, calendar: WorkCalendar) -> list[str]:
    """Say of a last day that is no working day where it moves, or that it stays."""
    why = calendar.day_off(counted_to)
    if not why:
        return []
    found = f"{day_in_words(counted_to)} is {why}"
    if due_on != counted_to:
        return [f"{found}: the last day moves to {_weekday(due_on)} ({_SWISS_ROLLING})."]
    return [f"{found}: the last day stays, which is the cautious reading ({terms.source})."]


def _weekday(day: date) -> str:
    return f"{WEEKDAY_NAMES[day.weekday()]} {day_in_words(day)}"
