"""The facts of one clock, with the calendar and settings they are counted by, and the ways to count them.

Every clock works on such a sheet and comes to an `Ending`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cases.clock_facts import ExtensionEvent, Facts, PauseEvent, WorkCalendar, zone_named
from cases.clock_kinds import ClockRule, rule_of
from cases.day_counting import ONE_DAY, corresponding_day, next_working_day
from models.clock_settings import DEFAULT_SETTINGS, ClockSettings
from models.organisation import Regime
from models.steps import DayOff, MissingDay, Step, StepCode, step

_COUNTING = {Regime.EU: "Regulation 1182/71 Art. 3(2)(c)", Regime.UK: "ICO guidance on the right of access"}
_ROLLING = {Regime.EU: "Regulation 1182/71 Art. 3(4)", Regime.UK: "ICO guidance on the right of access"}


@dataclass(frozen=True, slots=True)
class Ending:
    """What one clock comes to, before the common parts of the answer are added."""

    due_on: date | None
    """None while the clock waits."""
    due_without_pause: date
    legal_due: date | None
    steps: tuple[Step, ...]
    due_at: datetime | None = None
    """Only where the clock ends within a day."""
    notice_by: date | None = None
    is_extension_late: bool = False


@dataclass(frozen=True, slots=True)
class ClockSheet:
    """All that one date is reckoned from."""

    facts: Facts
    calendar: WorkCalendar
    settings: ClockSettings
    zone: ZoneInfo
    rule: ClockRule
    received_on: date

    @property
    def pauses(self) -> list[PauseEvent]:
        """Return the questions asked, in order."""
        asked = [event for event in self.facts.events if isinstance(event, PauseEvent)]
        return sorted(asked, key=lambda pause: (pause.asked_on, pause.answered_on or date.max, pause.reason))

    @property
    def notices(self) -> list[date]:
        """Return the days on which the person was told of an extension, in order."""
        return sorted(event.notified_on for event in self.facts.events if isinstance(event, ExtensionEvent))

    @property
    def first_limit(self) -> date:
        """Return the end of the first month after receipt, on a working day."""
        return self.rolled(self.month_end(self.received_on, 1))

    def month_end(self, start: date, months: int) -> date:
        """Return the day on which a number of months ends, before it is rolled."""
        end = corresponding_day(start, months)
        return end - ONE_DAY if self._is_strict else end

    def rolled(self, day: date) -> date:
        """Return the first working day on or after a day."""
        return next_working_day(day, self.calendar)

    def month_steps(self, start: date, months: int, source: str = "") -> list[Step]:
        """Explain `month_end`; the source is the rule of this clock unless another is given."""
        end = corresponding_day(start, months)
        source = f"{source or self.rule.source}; {_COUNTING[self.facts.regime]}"
        if end.day == start.day:
            steps = [step(StepCode.MONTHS, months=months, start=start, end=end, source=source)]
        else:
            missing = MissingDay(start.day, end.month)
            steps = [step(StepCode.MONTHS_SHORT, months=months, start=start, missing=missing, end=end, source=source)]
        return [*steps, step(StepCode.DAY_BEFORE, end=end - ONE_DAY)] if self._is_strict else steps

    def roll_steps(self, day: date) -> list[Step]:
        """Explain `rolled`: nothing to say of a working day."""
        skipped = []
        while why := self.calendar.day_off(day):
            skipped.append(DayOff(day, why))
            day += ONE_DAY
        if not skipped:
            return []
        return [step(StepCode.ROLLED, skipped=tuple(skipped), end=day, source=_ROLLING[self.facts.regime])]

    @property
    def _is_strict(self) -> bool:
        return self.settings.uk_strict and self.facts.regime is Regime.UK


def sheet_of(facts: Facts, calendar: WorkCalendar, settings: ClockSettings) -> ClockSheet:
    """Return the sheet of a clock; SettingsError for an unknown time zone."""
    rule = rule_of(facts.kind, facts.regime)
    return ClockSheet(facts, calendar, settings, zone_named(facts.timezone), rule, received_on(facts, settings))


def received_on(facts: Facts, settings: ClockSettings = DEFAULT_SETTINGS) -> date:
    """Return the local date that counts as the day of receipt; SettingsError for an unknown time zone."""
    local = facts.received_at.astimezone(zone_named(facts.timezone))
    cutoff = settings.receipt_cutoff
    return local.date() + ONE_DAY if cutoff is not None and local.time() >= cutoff else local.date()


def receipt_steps(sheet: ClockSheet) -> list[Step]:
    """Explain the day of receipt."""
    local_on = sheet.facts.received_at.astimezone(sheet.zone).date()
    steps = [step(StepCode.RECEIVED, day=local_on, timezone=sheet.facts.timezone)]
    if local_on != sheet.received_on:
        cutoff = f"{sheet.settings.receipt_cutoff:%H:%M}"
        steps.append(step(StepCode.CUT_OFF, cutoff=cutoff, day=sheet.received_on))
    return steps


def clock_time(moment: datetime) -> str:
    """Return the time of a moment as 15:00, with its seconds where it has some."""
    return f"{moment:%H:%M:%S}".removesuffix(":00")
