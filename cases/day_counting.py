"""How days and months are counted: the arithmetic of periods, free of any kind of request.

Regulation (EEC, Euratom) 1182/71 Art. 2 and 3; CJEU C-171/03 Toeters; the ICO counts alike.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cases.clock_facts import WorkCalendar

ONE_DAY = timedelta(days=1)


def corresponding_day(day: date, months: int) -> date:
    """Return the same day number some months on, or that month's last day where it has no such number.

    Reg. 1182/71 Art. 3(2)(c). Always count from the first start: a month after a month is another date.
    """
    ahead, month = divmod(day.month - 1 + months, 12)
    last = days_in_month(day.year + ahead, month + 1)
    return date(day.year + ahead, month + 1, min(day.day, last))


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has."""
    ahead, following = divmod(month, 12)
    return (date(year + ahead, following + 1, 1) - ONE_DAY).day


def next_working_day(day: date, calendar: WorkCalendar) -> date:
    """Return the first working day on or after a day (Reg. 1182/71 Art. 3(4))."""
    while calendar.day_off(day):
        day += ONE_DAY
    return day


def working_day_after(day: date, count: int, calendar: WorkCalendar) -> date:
    """Return the count-th working day after a day, which itself is not counted."""
    for _ in range(count):
        day = next_working_day(day + ONE_DAY, calendar)
    return day


def working_day_before(day: date, count: int, calendar: WorkCalendar) -> date:
    """Return the count-th working day before a day, which itself is not counted."""
    for _ in range(count):
        day -= ONE_DAY
        while calendar.day_off(day):
            day -= ONE_DAY
    return day


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return 24:00 of a local day as an instant: where the next local day begins, in UTC."""
    # In a zone that skips midnight, the offset before the gap gives the very instant of the change.
    return datetime.combine(day + ONE_DAY, datetime.min.time(), zone).astimezone(UTC)
