"""The charts of the dashboard: which numbers each shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sqlmodel import Session

from cases.board import age_names, ages, load
from cases.figure_words import WORDS
from cases.figures import DAYS_AHEAD, Kept, Standing, shares, weeks
from cases.load import Load
from cases.periods import Period, Span
from models.errors import NotFound
from models.steps import MONTH_NAMES, WEEKDAY_NAMES
from web.desk.charts import Chart, Series
from web.desk.figure_choice import Choice


@dataclass(frozen=True)
class Numbers:
    """Where the numbers come from; each is read once, when it is asked for."""

    session: Session
    choice: Choice
    now: Standing

    @cached_property
    def load(self) -> Load:
        """Return the days ahead."""
        choice = self.choice
        return load(self.session, choice.slugs, self.now, choice.today, DAYS_AHEAD, choice.calendar)

    @cached_property
    def shares(self) -> dict[Period, Kept]:
        """Return how due dates were kept lately."""
        return shares(self.session, self.choice.slugs, self.now, self.choice.today)


def _ages(numbers: Numbers) -> Chart:
    rows = ages(numbers.now, numbers.choice.today)
    columns = [[float(cells[place][0]) for _, cells in rows] for place in range(len(age_names()))]
    series = [Series(name, values) for name, values in zip(age_names(), columns, strict=True)]
    return _chart("ages", [kind.replace("_", " ") for kind, _ in rows], series)


def _weeks(numbers: Numbers) -> Chart:
    rows = weeks(numbers.session, numbers.choice.slugs, numbers.choice.today)
    ends = [(monday, monday + timedelta(days=6)) for monday, _, _ in rows]
    series = [
        Series("received", [row[1] for row in rows], [_between("received", *end) for end in ends]),
        Series("answered", [row[2] for row in rows], [_between("answered", *end) for end in ends]),
    ]
    return _chart("weeks", [_day(monday) for monday, _, _ in rows], series)


def _ahead(numbers: Numbers) -> Chart:
    days = numbers.load.days
    names = [f"{WEEKDAY_NAMES[one.day.weekday()][:3]} {_day(one.day)}" for one in days]
    queries = [{"due_from": one.day.isoformat(), "due_to": one.day.isoformat()} for one in days]
    series = [
        Series("due", [one.due for one in days], queries),
        Series("would be late", [one.breaches for one in days]),
    ]
    return _chart("ahead", names, series)


def _shares(numbers: Numbers) -> Chart:
    months = {period: kept for period, kept in numbers.shares.items() if period.span is Span.MONTH}
    values = [None if kept.share is None else round(100 * kept.share, 1) for kept in months.values()]
    names = [f"{MONTH_NAMES[one.first.month - 1][:3]} {one.first.year}" for one in months]
    late = [_between("late", one.first, one.last) for one in months]
    return _chart("shares", names, [Series("in time, in %", values, late)], is_share=True)


def _chart(name: str, labels: list[str], series: list[Series], *, is_share: bool = False) -> Chart:
    words = WORDS[name]
    title = words.title[:1].upper() + words.title[1:]
    return Chart(name, title, words.formula, labels, series, is_share=is_share)


def _between(what: str, first: date, last: date) -> dict[str, str]:
    return {"status": "all", f"{what}_from": first.isoformat(), f"{what}_to": last.isoformat()}


def _day(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1][:3]}"


CHARTS: Mapping[str, Callable[[Numbers], Chart]] = {
    "ages": _ages,
    "weeks": _weeks,
    "ahead": _ahead,
    "shares": _shares,
}


def chart_named(name: str, numbers: Numbers) -> Chart:
    """Return a chart; raises NotFound."""
    if name not in CHARTS:
        raise NotFound("there is no such chart")
    return CHARTS[name](numbers)
