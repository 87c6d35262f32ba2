"""The legal clock: from the facts of a request to its due date, with the reasons in words.

In: `Facts`, a `WorkCalendar`, `ClockSettings`. Out: `Due`. Pure: it reads no clock, no file, no
database; the same facts always give the same answer, and a date is never derived from an older date.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from operator import itemgetter

from cases.clock_facts import ClockFlag, ClockState, Due, ExtensionEvent, Facts, PauseEvent, WorkCalendar, zone_named
from cases.clock_kinds import ClockKind, ClockShape
from cases.clock_sheet import ClockSheet, Ending, clock_time, received_on, sheet_of
from cases.day_counting import end_of_day
from cases.plain_clocks import (
    backup_ending,
    chat_ending,
    fast_ending,
    hours_ending,
    month_ending,
    set_ending,
    thirty_days_ending,
)
from cases.right_clock import right_ending
from models.casework import PauseReason
from models.clock_settings import DEFAULT_SETTINGS, ClockSettings
from models.steps import Step, StepCode, step

__all__ = [
    "ClockFlag",
    "ClockKind",
    "ClockSettings",
    "ClockState",
    "Due",
    "ExtensionEvent",
    "Facts",
    "PauseEvent",
    "PauseReason",
    "due",
    "earliest",
    "is_overdue",
    "received_on",
]


def due(facts: Facts, calendar: WorkCalendar, settings: ClockSettings = DEFAULT_SETTINGS) -> Due:
    """Return the due date of one request item and how it was found; SettingsError for an unknown time zone."""
    sheet = sheet_of(facts, calendar, settings)
    ending = set_ending(sheet, facts.set_on) if facts.set_on else _CLOCKS[sheet.rule.shape](sheet)
    due_at = ending.due_at or (end_of_day(ending.due_on, sheet.zone) if ending.due_on else None)
    return Due(
        due_on=ending.due_on,
        due_at=due_at,
        due_without_pause=ending.due_without_pause,
        legal_due=ending.legal_due,
        extension_notice_by=ending.notice_by,
        state=ClockState.RUNNING if ending.due_on else ClockState.WAITING,
        flags=(ClockFlag.EXTENSION_LATE,) if ending.is_extension_late else (),
        steps=(*ending.steps, *_closing_steps(sheet, ending)),
    )


def is_overdue(due_on: date, now: datetime, timezone: str) -> bool:
    """Tell whether a due date has passed: a date lasts until 24:00 local, so what is due today is not overdue.

    A clock in hours is overdue when `now` is later than its `due_at`.
    """
    return now.astimezone(zone_named(timezone)).date() > due_on


def earliest(dues: Iterable[Due]) -> Due | None:
    """Return which of several items of a case is due first; None while all of them wait."""
    running = [(answer.due_at, answer) for answer in dues if answer.due_at]
    return min(running, key=itemgetter(0))[1] if running else None


_CLOCKS: dict[ClockShape, Callable[[ClockSheet], Ending]] = {
    ClockShape.RIGHT: right_ending,
    ClockShape.MONTH: month_ending,
    ClockShape.THIRTY_DAYS: thirty_days_ending,
    ClockShape.FAST: fast_ending,
    ClockShape.HOURS: hours_ending,
    ClockShape.CHAT: chat_ending,
    ClockShape.BACKUP: backup_ending,
}


def _closing_steps(sheet: ClockSheet, ending: Ending) -> list[Step]:
    """Return the last lines: what was ignored, the date without pauses, the answer."""
    steps = []
    if sheet.facts.events and sheet.rule.shape is not ClockShape.RIGHT:
        steps.append(step(StepCode.EVENTS_IGNORED))
    if ending.due_without_pause != ending.due_on:
        steps.append(step(StepCode.WITHOUT_PAUSE, end=ending.due_without_pause))
    return [*steps, _answer_step(sheet, ending)]


def _answer_step(sheet: ClockSheet, ending: Ending) -> Step:
    if not ending.due_on:
        return step(StepCode.WAITING)
    if not ending.due_at:
        return step(StepCode.DUE, end=ending.due_on, timezone=sheet.facts.timezone)
    end_time = clock_time(ending.due_at.astimezone(sheet.zone))
    return step(StepCode.DUE_AT, end=ending.due_on, end_time=end_time, timezone=sheet.facts.timezone)
