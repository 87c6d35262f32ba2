"""Figures for managers, read off the tallies: where things stand, and how a period went.

Nothing is counted here but rows of the tally: its size follows months, kinds and members, never the number of cases.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, case, cast, func
from sqlalchemy import select as sql_select
from sqlmodel import Session, col

from cases.periods import Period, Span, period_of
from models.tally import Measure, Tally

AGES = ((0, 7), (8, 14), (15, 21), (22, 30), (31, None))
"""Days since receipt of what is not overdue; the last has no end."""
WEEKS = 13
DAYS_AHEAD = 14
_NOW = (Measure.OPEN, Measure.WAITING, Measure.EXTENDED, Measure.ELSEWHERE, Measure.UNOPENED, Measure.OWED)
_KEPT = (Measure.IN_TIME, Measure.LATE)
_TIMES = (Measure.ANSWER_TENTHS, Measure.ACK_TENTHS, Measure.PROOF_DAYS, Measure.PARTY_DAYS)
_A_DAY = 24 * 60


@dataclass(slots=True)
class Standing:
    """Where things stand now."""

    open: int = 0
    overdue: int = 0
    oldest_days: int = 0
    """How many days the longest overdue case is late."""
    due_3: int = 0
    due_7: int = 0
    waiting: int = 0
    extended: int = 0
    elsewhere: int = 0
    unopened: int = 0
    members: dict[str, dict[str, list[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(_two)))
    """By dimension and member: open and overdue cases."""
    ages: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0] * (len(AGES) + 1)))
    """By kind: cases by age, then those that are overdue."""
    owed: Counter[date] = field(default_factory=Counter)
    """Requests that are owed an answer, by due date."""
    owed_by: dict[str, dict[str, Counter[date]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )


def _two() -> list[int]:
    return [0, 0]


@dataclass(frozen=True, slots=True)
class Kept:
    """How the due dates of a period were kept."""

    in_time: int = 0
    late: int = 0
    overdue: int = 0
    """Owed, and the due date is past."""
    ahead: int = 0
    """Owed, and the due date is still to come within the period."""

    @property
    def breached(self) -> int:
        """Return how many were or are late."""
        return self.late + self.overdue

    @property
    def share(self) -> float | None:
        """Return the share in time of what was answered or is overdue, None where that is nothing."""
        judged = self.in_time + self.breached
        return self.in_time / judged if judged else None

    @property
    def best(self) -> float | None:
        """Return the share in time that can still be reached."""
        whole = self.in_time + self.breached + self.ahead
        return (self.in_time + self.ahead) / whole if whole else None


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and nine in ten of a time that was measured."""

    count: int = 0
    median: float | None = None
    ninety: float | None = None


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """How a period went."""

    period: Period
    counts: Counter[tuple[Measure, str, str]]
    """By measure, dimension and member; the dimension '' holds all."""
    kept: Kept
    times: dict[Measure, Spread]

    def count(self, measure: Measure, dimension: str = "", member: str = "") -> int:
        """Return one count."""
        return self.counts[measure, dimension, member]

    def share(self, part: Measure, whole: Measure) -> float | None:
        """Return the share of one count in another, None where that is nothing."""
        return self.count(part) / self.count(whole) if self.count(whole) else None


def standing(session: Session, organisations: Collection[str], today: date, now: datetime) -> Standing:
    """Return where things stand in some organisations."""
    columns = (Tally.measure, Tally.dimension, Tally.on, Tally.member, Tally.value)
    found, long_ago = Standing(), int(now.timestamp()) // 60 - _A_DAY
    for measure, dimension, on, member, value, count in totals(session, organisations, _NOW, columns):
        if measure is Measure.OPEN:
            _add_open(found, (dimension, member), on, today, (value, count))
        elif measure is Measure.OWED:
            (found.owed_by[dimension][member] if dimension else found.owed)[on] += count
        elif measure is not Measure.UNOPENED or value < long_ago:
            setattr(found, measure.value, getattr(found, measure.value) + count)
    return found


def _add_open(found: Standing, member: tuple[str, str], on: date, today: date, counted: tuple[int, int]) -> None:
    (dimension, name), (received, count) = member, counted
    is_overdue = on < today
    if dimension == "kind":
        age = today.toordinal() - received
        place = next((number for number, (_, last) in enumerate(AGES) if last is None or age <= last), 0)
        found.ages[name][len(AGES) if is_overdue else place] += count
    if dimension:
        found.members[dimension][name][0] += count
        found.members[dimension][name][1] += count * is_overdue
        return
    found.open += count
    found.overdue += count * is_overdue
    found.oldest_days = max(found.oldest_days, (today - on).days)
    found.due_3 += count * (today <= on <= today + timedelta(days=3))
    found.due_7 += count * (today <= on <= today + timedelta(days=7))


def period_figures(
    session: Session, organisations: Collection[str], period: Period, now: Standing, today: date
) -> tuple[PeriodFigures, PeriodFigures]:
    """Return how a period went, and the one before it."""
    counts, times = _counts(session, organisations, period), _times(session, organisations, period)
    return tuple(  # type: ignore[return-value]
        PeriodFigures(one, counts[is_now], _kept(counts[is_now], now.owed, one, today), times[is_now])
        for one, is_now in ((period, True), (period.before, False))
    )


def _counts(
    session: Session, organisations: Collection[str], period: Period
) -> dict[bool, Counter[tuple[Measure, str, str]]]:
    wanted = [measure for measure in Measure if measure not in (*_NOW, *_TIMES)]
    found: dict[bool, Counter[tuple[Measure, str, str]]] = {True: Counter(), False: Counter()}
    columns = (Tally.measure, Tally.dimension, Tally.member)
    for *key, count, before in totals(session, organisations, wanted, columns, period):
        found[True][tuple(key)] += count
        found[False][tuple(key)] += before
    return found


def _times(session: Session, organisations: Collection[str], period: Period) -> dict[bool, dict[Measure, Spread]]:
    values: dict[bool, dict[Measure, Counter[int]]] = {
        is_now: {measure: Counter() for measure in _TIMES} for is_now in (True, False)
    }
    columns = (Tally.measure, Tally.value)
    for measure, value, count, before in totals(session, organisations, _TIMES, columns, period):
        values[True][measure][value] += count
        values[False][measure][value] += before
    return {is_now: {measure: spread_of(values[is_now][measure]) for measure in _TIMES} for is_now in (True, False)}


def spread_of(values: Counter[int]) -> Spread:
    """Return median and nine in ten of counted values, in their own unit; of an even number the median is between."""
    count = sum(values.values())
    if not count:
        return Spread()
    middle = (_at(values, (count + 1) // 2) + _at(values, count // 2 + 1)) / 2
    return Spread(count, middle, float(_at(values, -(-count * 9 // 10))))


def _at(values: Counter[int], place: int) -> int:
    """Return the value at a place, counted from 1, among all in order."""
    for value in sorted(values):
        place -= values[value]
        if place <= 0:
            return value
    return 0


def _kept(counts: Counter[tuple[Measure, str, str]], owed: Counter[date], period: Period, today: date) -> Kept:
    return kept_of(counts[Measure.IN_TIME, "", ""], counts[Measure.LATE, "", ""], owed, period, today)


def kept_of(in_time: int, late: int, owed: Counter[date], period: Period, today: date) -> Kept:
    """Return how the due dates of a period were kept, from what was answered and what is owed."""
    first, end = period.first, period.end
    due = {day: count for day, count in owed.items() if first <= day < end}
    overdue = sum(count for day, count in due.items() if day < today)
    return Kept(in_time, late, overdue, sum(due.values()) - overdue)


def shares(session: Session, organisations: Collection[str], now: Standing, today: date) -> dict[Period, Kept]:
    """Return how the due dates of the last twelve months were kept, month by month, and of this quarter and year."""
    months = [period_of(Span.MONTH, today)]
    while len(months) < 12:
        months.insert(0, months[0].before)
    since = (col(Tally.dimension) == "", col(Tally.on) >= min(months[0].first, date(today.year, 1, 1)))
    columns = (Tally.measure, Tally.on)
    rows = totals(session, organisations, _KEPT, columns, where=since)
    found = Counter({(measure, on): count for measure, on, count in rows})
    periods = [*months, period_of(Span.QUARTER, today), period_of(Span.YEAR, today)]
    return {one: kept_of(*_sums(found, one), now.owed, one, today) for one in periods}


def _sums(found: Counter[tuple[Measure, date]], period: Period) -> tuple[int, int]:
    in_time, late = (sum(found[measure, month] for month in period.months) for measure in _KEPT)
    return in_time, late


def days_of(
    session: Session, organisations: Collection[str], measure: Measure, first: date, last: date
) -> Counter[date]:
    """Return how many requests were received or answered on each day."""
    where = (col(Tally.dimension) == "", col(Tally.on).between(first, last))
    return Counter(dict(totals(session, organisations, [measure], (Tally.on,), where=where)))


def weeks(session: Session, organisations: Collection[str], today: date) -> list[tuple[date, int, int]]:
    """Return the last weeks, each by its Monday: how many requests were received, how many answered."""
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=number) for number in reversed(range(WEEKS))]
    kinds = (Measure.RECEIVED, Measure.ANSWERED)
    found = [days_of(session, organisations, measure, mondays[0], today) for measure in kinds]
    return [(one, *(_week(days, one) for days in found)) for one in mondays]  # type: ignore[misc]


def _week(days: Counter[date], monday: date) -> int:
    return sum(days[monday + timedelta(days=number)] for number in range(7))


def totals(
    session: Session,
    organisations: Collection[str],
    measures: Iterable[Measure],
    columns: Sequence[Any],
    period: Period | None = None,
    where: Sequence[Any] = (),
) -> list[Any]:
    """Return sums of the tallies by some columns; with a period, a sum of it and one of the period before."""
    sums = [_sum(col(Tally.count))]
    if period:
        is_in = (col(Tally.on) >= period.before.first, col(Tally.on) < period.end)
        where, is_now = (*where, *is_in), col(Tally.on) >= period.first
        sums = [_sum(case((one, col(Tally.count)), else_=0)) for one in (is_now, ~is_now)]
    kept = (col(Tally.organisation).in_(sorted(organisations)), col(Tally.measure).in_(list(measures)))
    return list(session.connection().execute(sql_select(*columns, *sums).where(*kept, *where).group_by(*columns)))


def _sum(what: Any) -> Any:
    return cast(func.sum(what), BigInteger)
