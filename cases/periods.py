"""Months, quarters and years of local days, each with the one before."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cases.day_counting import corresponding_day
from models.steps import MONTH_NAMES


class Span(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Return its months."""
        return {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[self]


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months: the first day, and the first day that is no longer in it."""

    span: Span
    first: date

    @property
    def end(self) -> date:
        """Return the first day after it."""
        return corresponding_day(self.first, self.span.months)

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.end - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """Return the one before."""
        return Period(self.span, corresponding_day(self.first, -self.span.months))

    @property
    def after(self) -> "Period":
        """Return the next one."""
        return Period(self.span, self.end)

    @property
    def months(self) -> list[date]:
        """Return the first day of each of its months."""
        return [corresponding_day(self.first, number) for number in range(self.span.months)]

    @property
    def name(self) -> str:
        """Return how people call it."""
        if self.span is Span.YEAR:
            return str(self.first.year)
        if self.span is Span.QUARTER:
            return f"{(self.first.month + 2) // 3}. quarter of {self.first.year}"
        return f"{MONTH_NAMES[self.first.month - 1]} {self.first.year}"

    def has(self, day: date) -> bool:
        """Tell whether a day is in it."""
        return self.first <= day < self.end


def period_of(span: Span, day: date) -> Period:
    """Return the period that a day is in."""
    month = (day.month - 1) // span.months * span.months + 1
    return Period(span, date(day.year, month, 1))
