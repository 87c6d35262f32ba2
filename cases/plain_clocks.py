"""The clocks that no question stops and no notice extends: months, days, working days and hours.

GDPR Art. 7(3), 12(3), 21(3), 28(3)(e), 33(1); Data Protection Act 2018 s. 164A(3); the house policies
on chats and backups.
"""

from datetime import UTC, date, timedelta

from cases.clock_kinds import MONTH_SOURCES, ClockKind
from cases.clock_sheet import ClockSheet, Ending, clock_time, receipt_steps
from cases.day_counting import corresponding_day, working_day_after
from models.steps import Step, StepCode, step

_BREACH_HOURS = 72
_COMPLAINT_DAYS = 30


def set_ending(sheet: ClockSheet, last: date) -> Ending:
    """Return the day that an authority's letter names: it rules, whatever the kind's own clock says."""
    return _ending(sheet, last, [step(StepCode.DATE_SET, end=last)])


def month_ending(sheet: ClockSheet) -> Ending:
    """Return the end of the month after receipt, on a working day."""
    months = sheet.settings.eu_complaint_months if sheet.facts.kind is ClockKind.COMPLAINT else 1
    end = sheet.month_end(sheet.received_on, months)
    due_on = sheet.rolled(end)
    return _ending(sheet, due_on, [*sheet.month_steps(sheet.received_on, months), *sheet.roll_steps(end)])


def thirty_days_ending(sheet: ClockSheet) -> Ending:
    """Return the thirtieth day, on a working day; the day after receipt is the first (ICO)."""
    end = sheet.received_on + timedelta(days=_COMPLAINT_DAYS)
    steps = [_days_step(sheet, _COMPLAINT_DAYS), *sheet.roll_steps(end)]
    return _ending(sheet, sheet.rolled(end), steps)


def fast_ending(sheet: ClockSheet) -> Ending:
    """Return the N-th working day after receipt; the law's outer limit stays the month."""
    count = sheet.settings.fast_working_days
    due_on = working_day_after(sheet.received_on, count, sheet.calendar)
    counted = step(StepCode.WORKING_DAYS, count=count, start=sheet.received_on, end=due_on, source=sheet.rule.source)
    return _ending(sheet, due_on, [counted], legal_due=sheet.first_limit)


def chat_ending(sheet: ClockSheet) -> Ending:
    """Return the thirtieth day, working or not, or the end of the month where that is earlier."""
    promised = sheet.received_on + timedelta(days=sheet.settings.chat_days)
    month = sheet.month_end(sheet.received_on, 1)
    legal = sheet.first_limit
    steps = [
        _days_step(sheet, sheet.settings.chat_days),
        *sheet.month_steps(sheet.received_on, 1, MONTH_SOURCES[sheet.facts.regime]),
        *sheet.roll_steps(month),
        step(StepCode.EARLIER, one=promised, other=legal, end=min(promised, legal)),
    ]
    return _ending(sheet, min(promised, legal), steps, legal_due=legal)


def backup_ending(sheet: ClockSheet) -> Ending:
    """Return the sixtieth day after the month or the ninetieth after receipt, the earlier; never rolled."""
    month = corresponding_day(sheet.received_on, 1)
    after_month = month + timedelta(days=sheet.settings.backup_days)
    in_all = sheet.received_on + timedelta(days=sheet.settings.backup_days_in_all)
    due_on = min(after_month, in_all)
    source = sheet.rule.source
    steps = [
        *sheet.month_steps(sheet.received_on, 1, MONTH_SOURCES[sheet.facts.regime]),
        step(StepCode.DAYS_AFTER_MONTH, days=sheet.settings.backup_days, end=after_month, source=source),
        _days_step(sheet, sheet.settings.backup_days_in_all),
        step(StepCode.EARLIER, one=after_month, other=in_all, end=due_on),
    ]
    return _ending(sheet, due_on, steps)


def hours_ending(sheet: ClockSheet) -> Ending:
    """Return the moment 72 hours of real time after awareness, receipt being the safe start; never rolled.

    Regulation 1182/71 Art. 3(4) leaves hours out, so neither a weekend nor a change of the clocks matters.
    """
    begin = sheet.facts.aware_at or sheet.facts.received_at
    due_at = begin.astimezone(UTC) + timedelta(hours=_BREACH_HOURS)
    start, end = begin.astimezone(sheet.zone), due_at.astimezone(sheet.zone)
    steps = receipt_steps(sheet)
    place = sheet.facts.timezone
    if sheet.facts.aware_at:
        steps.append(step(StepCode.AWARE, day=start.date(), time=clock_time(start), timezone=place))
    counted = step(
        StepCode.HOURS,
        hours=_BREACH_HOURS,
        day=start.date(),
        time=clock_time(start),
        timezone=place,
        end=end.date(),
        end_time=clock_time(end),
        source=sheet.rule.source,
    )
    return Ending(end.date(), end.date(), end.date(), (*steps, counted), due_at=due_at)


def _days_step(sheet: ClockSheet, days: int) -> Step:
    start = sheet.received_on
    end = start + timedelta(days=days)
    return step(StepCode.DAYS_AFTER_RECEIPT, days=days, start=start, end=end, source=sheet.rule.source)


def _ending(sheet: ClockSheet, due_on: date, steps: list[Step], legal_due: date | None = None) -> Ending:
    return Ending(due_on, due_on, legal_due or due_on, (*receipt_steps(sheet), *steps))
