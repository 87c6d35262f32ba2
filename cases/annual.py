"""The annual report of a data protection officer, as tables: one organisation, one year, beside the year before."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from cases.board import TIMES, percent, tenths
from cases.figure_words import REPORT_WORDS, WORDS, Words
from cases.figures import PeriodFigures, period_figures, standing, totals
from cases.periods import Period, Span
from models.steps import MONTH_NAMES
from models.tally import Breach, BreachCause, Measure, Tally
from models.verdict import Kind

_OUTSIDE = (Kind.COMPLAINT, Kind.AUTHORITY, Kind.INCIDENT)


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the report: its words, its columns, and rows that begin with a name."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def words(self) -> Words:
        """Return what it is called, and how its figures are counted."""
        return REPORT_WORDS[self.name]


@dataclass(frozen=True, slots=True)
class Annual:
    """The report."""

    organisation: str
    """Its slug."""
    title: str
    year: int
    as_of: date
    sections: Sequence[Section]

    @property
    def is_whole(self) -> bool:
        """Tell whether the year is over."""
        return self.as_of.year > self.year


@dataclass(frozen=True, slots=True)
class _Years:
    """The figures of the year and of the one before."""

    session: Session
    organisation: str
    now: PeriodFigures
    before: PeriodFigures

    @property
    def both(self) -> tuple[PeriodFigures, PeriodFigures]:
        """Return the figures of the year, and of the one before."""
        return self.now, self.before

    def counts(self, name: str, measure: Measure, dimension: str = "", member: str = "") -> list[str]:
        """Return a row of counts."""
        return [name, *(str(one.count(measure, dimension, member)) for one in self.both)]

    def shares(self, name: str, part: Measure, whole: Measure, dimension: str = "") -> list[str]:
        """Return a row of shares of one count in another."""
        pairs = ((_all(one, part), _all(one, whole, dimension)) for one in self.both)
        return [name, *(percent(count / of if of else None) for count, of in pairs)]

    def by_member(self, measure: Measure, dimension: str) -> list[list[str]]:
        """Return a row for each member that occurred, the most frequent first, then a sum."""
        keys = (key for one in self.both for key, count in one.counts.items() if count)
        found = {key[2] for key in keys if _is(key, measure, dimension)}
        names = sorted(found, key=lambda name: (-self.now.count(measure, dimension, name), name))
        rows = [self.counts(name.replace("_", " "), measure, dimension, name) for name in names]
        return [*rows, ["all", *(str(_all(one, measure, dimension)) for one in self.both)]]


def annual(session: Session, organisation: str, title: str, year: int, now: datetime, today: date) -> Annual:
    """Return the report; figures are those counted so far (`tally_book`)."""
    period = Period(Span.YEAR, date(year, 1, 1))
    stands = standing(session, [organisation], today, now)
    went, before = period_figures(session, [organisation], period, stands, today)
    years = _Years(session, organisation, went, before)
    return Annual(organisation, title, year, today, list(_sections(years, today)))


def _sections(years: _Years, today: date) -> Iterator[Section]:
    year = years.now.period.first.year
    head = (str(year), str(year - 1))
    yield _kinds(years)
    for name, rows in (
        ("results", years.by_member(Measure.RESULT, "result")),
        ("stood", _stood(years, today)),
        ("causes", _causes(years)),
        ("extensions", list(_extensions(years))),
        ("grounds", years.by_member(Measure.GROUND, "ground")),
        ("outside", [years.counts(_words(kind), Measure.RECEIVED, "kind", kind) for kind in _OUTSIDE]),
        ("times", list(_times(years))),
        ("letters", list(_letters(years))),
        ("recognition", list(_recognition(years))),
        ("rules", years.by_member(Measure.OVERRIDE, "rule")),
        ("erased", years.by_member(Measure.ERASED, "extent")),
    ):
        yield Section(name, head, rows)


def _kinds(years: _Years) -> Section:
    period, columns = years.now.period, (Tally.member, Tally.on)
    where = (col(Tally.dimension) == "kind", col(Tally.on) >= period.first, col(Tally.on) < period.end)
    counted = totals(years.session, [years.organisation], [Measure.RECEIVED], columns, where=where)
    found = Counter({(kind, on): count for kind, on, count in counted})
    rows = [
        [_words(kind), *(str(found[kind.value, month]) for month in period.months), *_two_years(years, kind)]
        for kind in Kind
        if any(one.count(Measure.RECEIVED, "kind", kind) for one in years.both)
    ]
    sums = (sum(count for (_, on), count in found.items() if on == month) for month in period.months)
    rows.append(["all", *map(str, sums), *(str(one.count(Measure.RECEIVED)) for one in years.both)])
    head = [MONTH_NAMES[month.month - 1][:3] for month in period.months]
    return Section("kinds", (*head, str(period.first.year), str(period.first.year - 1)), rows)


def _two_years(years: _Years, kind: Kind) -> list[str]:
    return [str(one.count(Measure.RECEIVED, "kind", kind)) for one in years.both]


def _stood(years: _Years, today: date) -> list[list[str]]:
    columns = [list(_stood_in(years, one, today)) for one in years.both]
    return [[name, now, before] for (name, now), (_, before) in zip(*columns, strict=True)]


def _stood_in(years: _Years, one: PeriodFigures, today: date) -> Iterator[tuple[str, str]]:
    within, later, late = (
        one.count(Measure.STOOD, "outcome", how) for how in ("within_month", "later_in_time", "late")
    )
    received, overdue = one.count(Measure.RECEIVED), _overdue(years, one.period, today)
    judged = within + later + late + overdue
    yield "received", str(received)
    yield "within one month", str(within)
    yield "later in time, within three months or by another clock", str(later)
    yield "late", str(late)
    yield "overdue", str(overdue)
    yield "open", str(max(received - judged, 0))
    yield "share in time", percent((within + later) / judged if judged else None)
    yield "share within one month", percent(within / judged if judged else None)


def _overdue(years: _Years, period: Period, today: date) -> int:
    owed = (col(Breach.answered_on).is_(None), col(Breach.due_on) < today)
    query = select(func.count()).select_from(Breach).where(col(Breach.organisation) == years.organisation, *owed)
    return years.session.exec(query.where(col(Breach.received_on).between(period.first, period.last))).one()


def _causes(years: _Years) -> list[list[str]]:
    columns = [_causes_in(years, one.period) for one in years.both]
    rows = [[_words(cause), *(str(column[cause]) for column in columns)] for cause in BreachCause]
    return [*rows, ["all", *(str(sum(column.values())) for column in columns)]]


def _causes_in(years: _Years, period: Period) -> Counter[BreachCause]:
    query = select(Breach.cause, func.count()).where(col(Breach.organisation) == years.organisation)
    within = query.where(col(Breach.received_on).between(period.first, period.last)).group_by(Breach.cause)
    return Counter({BreachCause(cause): count for cause, count in years.session.exec(within)})


def _extensions(years: _Years) -> Iterator[list[str]]:
    for name, measure in (("extended", Measure.EXTENSION), ("proof asked for", Measure.PROOF_ASKED)):
        yield years.counts(name, measure)
        yield years.shares(f"{name}, share", measure, Measure.RECEIVED)


def _times(years: _Years) -> Iterator[list[str]]:
    for measure, units in TIMES.items():
        spreads = [one.times[measure] for one in years.both]
        title = WORDS[measure.value].title
        yield [f"{title}, median", *(tenths(spread.median, units) for spread in spreads)]
        yield [f"{title}, 9 in 10", *(tenths(spread.ninety, units) for spread in spreads)]


def _letters(years: _Years) -> Iterator[list[str]]:
    for measure in (Measure.LETTERS, Measure.BOUNCED, Measure.ACKS, Measure.ACKS_BOUNCED):
        yield years.counts(WORDS[measure.value].title, measure)


def _recognition(years: _Years) -> Iterator[list[str]]:
    for measure in (Measure.JUDGED, Measure.REVIEWED, Measure.CORRECTED, Measure.MISSED):
        yield years.counts(WORDS[measure.value].title, measure)
    yield years.shares("corrected, share", Measure.CORRECTED, Measure.JUDGED)


def _all(one: PeriodFigures, measure: Measure, dimension: str = "") -> int:
    return sum(count for key, count in one.counts.items() if _is(key, measure, dimension))


def _is(key: tuple[Measure, str, str], measure: Measure, dimension: str) -> bool:
    return key[:2] == (measure, dimension)


def _words(value: str) -> str:
    return value.replace("_", " ")


def years_counted(session: Session, organisations: Iterable[str]) -> dict[str, list[int]]:
    """Return the years in which each organisation received requests, the latest first."""
    columns, where = (Tally.organisation, Tally.on), [col(Tally.dimension) == "kind"]
    found: dict[str, set[int]] = {slug: set() for slug in organisations}
    for slug, on, _ in totals(session, list(found), [Measure.RECEIVED], columns, where=where):
        found[slug].add(on.year)
    return {slug: sorted(years, reverse=True) for slug, years in found.items()}
