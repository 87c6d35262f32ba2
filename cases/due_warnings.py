"""Dates around a due date that help to keep it: the internal target, warnings, and how long an applicant's file stays.

None of them is a date of the law, which asks for an answer without undue delay (EDPB Guidelines 01/2022 par. 158).
"""

from datetime import date, timedelta

from cases.clock_facts import Facts, WorkCalendar
from cases.clock_sheet import received_on
from cases.day_counting import ONE_DAY, corresponding_day, working_day_before
from models.clock_settings import DEFAULT_SETTINGS, ClockSettings

_APPLICANT_MONTHS_AT_MOST = 24


def target_on(facts: Facts, settings: ClockSettings = DEFAULT_SETTINGS) -> date:
    """Return the day on which we want to have answered: a constant number of days after receipt (ICO)."""
    return received_on(facts, settings) + timedelta(days=settings.target_days)


def warning_days(due_on: date, calendar: WorkCalendar, settings: ClockSettings = DEFAULT_SETTINGS) -> tuple[date, ...]:
    """Return the days on which staff are warned of a due date, the first warning first."""
    counts = sorted(settings.warning_working_days, reverse=True)
    return tuple(working_day_before(due_on, count, calendar) for count in counts)


def working_days_left(today: date, due_on: date, calendar: WorkCalendar) -> int:
    """Return how many working days follow today up to the due date, which is counted; 0 once it has passed."""
    days = (today + number * ONE_DAY for number in range(1, (due_on - today).days + 1))
    return sum(not calendar.day_off(day) for day in days)


def is_thin(today: date, due_on: date, calendar: WorkCalendar, settings: ClockSettings = DEFAULT_SETTINGS) -> bool:
    """Tell whether holidays and weekends leave few working days until a due date."""
    return working_days_left(today, due_on, calendar) < settings.thin_working_days


def applicant_file_until(facts: Facts, settings: ClockSettings = DEFAULT_SETTINGS) -> date:
    """Return how long the file of an unsuccessful applicant may stay, never above two years without consent (CNIL)."""
    months = min(settings.applicant_months, _APPLICANT_MONTHS_AT_MOST)
    return corresponding_day(received_on(facts, settings), months)
