"""Whether the days ahead can be done: what falls due against what is answered on a working day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cases.clock_facts import WorkCalendar

LOOKED_BACK = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class DayAhead:
    """One day to come."""

    day: date
    is_working: bool
    due: int
    """Requests that fall due."""
    breaches: int
    """Of these, those that would be late if work went on as it did."""


@dataclass(frozen=True, slots=True)
class Load:
    """The days ahead, and how many requests are answered on a working day."""

    pace: float
    days: Sequence[DayAhead]

    @property
    def due(self) -> int:
        """Return how many requests fall due."""
        return sum(one.due for one in self.days)

    @property
    def breaches(self) -> int:
        """Return how many would be late."""
        return sum(one.breaches for one in self.days)


def pace_of(answered: Counter[date], today: date, calendar: WorkCalendar) -> float:
    """Return how many requests were answered on a working day of the four weeks before today."""
    days = [today - timedelta(days=number) for number in range(1, LOOKED_BACK.days + 1)]
    working = sum(not calendar.day_off(day) for day in days)
    return sum(answered[day] for day in days) / working if working else 0.0


def load_of(owed: Counter[date], pace: float, today: date, count: int, calendar: WorkCalendar) -> Load:
    """Return the days ahead if the earliest due is always answered first, what is overdue before all.

    A working day answers `pace` requests; parts of one are carried over.
    """
    overdue, able, days = float(sum(number for day, number in owed.items() if day < today)), 0.0, []
    for day in (today + timedelta(days=number) for number in range(count)):
        is_working = not calendar.day_off(day)
        able += pace if is_working else 0.0
        done = min(able, overdue)
        able, overdue = able - done, overdue - done
        missed = max(owed[day] - int(able), 0)
        able -= owed[day] - missed
        # What was missed waits before all else; what is left over of today's work begins what falls due later.
        overdue += missed
        days.append(DayAhead(day, is_working, owed[day], missed))
    return Load(pace, days)
