"""The dashboard as values: each number with its name and the list behind it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from cases.clock_facts import WorkCalendar
from cases.figure_words import WORDS, Words
from cases.figures import AGES, Kept, PeriodFigures, Spread, Standing, days_of, kept_of, totals
from cases.load import LOOKED_BACK, Load, load_of, pace_of
from cases.periods import Period
from models.case import Case, RequestItem
from models.tally import Breach, BreachCause, Measure, Tally

Query = Mapping[str, str]
MOST_BREACHES = 50
DIMENSIONS = ("mailbox", "owner", "language")
TIMES = {
    Measure.ACK_TENTHS: 10,
    Measure.PROOF_DAYS: 1,
    Measure.ANSWER_TENTHS: 10,
    Measure.PARTY_DAYS: 1,
}
"""Times that are measured, and how many of their units make an hour or day."""
_NOW = (Measure.OPEN, Measure.OWED)
_WENT = (Measure.RECEIVED, Measure.ANSWERED, Measure.IN_TIME, Measure.LATE)
_QUALITY = (
    (Measure.JUDGED, None),
    (Measure.REVIEWED, Measure.JUDGED),
    (Measure.CORRECTED, Measure.JUDGED),
    (Measure.MISSED, Measure.CORRECTED),
    (Measure.ACKS, None),
    (Measure.ACKS_BOUNCED, Measure.ACKS),
    (Measure.LETTERS, None),
    (Measure.BOUNCED, Measure.LETTERS),
    (Measure.PARTY_ASKED, None),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it was before, and the list it counts."""

    name: str
    value: str
    before: str = ""
    """The same of the period before; '' for what only the present has."""
    note: str = ""
    query: Query | None = None
    """Of the queue; None where there is no list."""
    is_bad: bool = False

    @property
    def words(self) -> Words:
        """Return what it is called, and how it is counted."""
        return WORDS[self.name]


@dataclass(frozen=True, slots=True)
class Member:
    """One mailbox, owner, language or organisation."""

    name: str
    query: Query
    open: int
    overdue: int
    received: int
    answered: int
    kept: Kept


@dataclass(frozen=True, slots=True)
class Late:
    """One breach."""

    reference: str
    kind: str
    due_on: date
    days: int
    cause: BreachCause
    cause_by: str
    owner: str
    is_owed: bool


def percent(share: float | None) -> str:
    """Return a share in words; a dash where there is none."""
    return "–" if share is None else f"{100 * share:.1f} %"


def tenths(value: float | None, units: int) -> str:
    """Return a measured time in hours or days; a dash where there is none."""
    return "–" if value is None else f"{value / units:.1f}"


def now_figures(now: Standing, at: datetime) -> list[Figure]:
    """Return where things stand."""
    day_ago = (at - timedelta(days=1)).astimezone(UTC)
    oldest = f"oldest {now.oldest_days} d late" if now.overdue else ""
    return [
        Figure("open", str(now.open), query={}),
        Figure("overdue", str(now.overdue), note=oldest, query={"due": "overdue"}, is_bad=now.overdue > 0),
        Figure("due_3", str(now.due_3), query={"due": "3"}),
        Figure("due_7", str(now.due_7), query={"due": "7"}),
        Figure("waiting", str(now.waiting), query={"due": "waiting"}),
        Figure("extended", str(now.extended), query={"extended": "1"}),
        Figure("elsewhere", str(now.elsewhere), query={"status": "all", "elsewhere": "1"}),
        Figure("unopened", str(now.unopened), query={"unopened": f"{day_ago:%Y-%m-%dT%H:%M:%SZ}"}),
    ]


def period_board(now: PeriodFigures, before: PeriodFigures) -> list[Figure]:
    """Return how a period went, beside the one before."""
    first, last = now.period.first.isoformat(), now.period.last.isoformat()
    late = {"status": "all", "late_from": first, "late_to": last}
    kept, old = now.kept, before.kept
    received, answered = Measure.RECEIVED, Measure.ANSWERED
    return [
        Figure("breached", str(kept.breached), str(old.breached), query=late, is_bad=kept.breached > 0),
        Figure("share", percent(kept.share), percent(old.share), query=late),
        Figure("best", percent(kept.best), percent(old.best), query=late),
        Figure(
            *("received", str(now.count(received)), str(before.count(received))),
            query={"status": "all", "received_from": first, "received_to": last},
        ),
        Figure(
            *("answered", str(now.count(answered)), str(before.count(answered))),
            query={"status": "all", "answered_from": first, "answered_to": last},
        ),
    ]


def quality(now: PeriodFigures, before: PeriodFigures) -> list[Figure]:
    """Return how well mails were recognised, letters arrived, and third parties answered."""
    days = now.period.first.isoformat(), now.period.last.isoformat()
    lists: dict[Measure, Query] = {
        Measure.ACKS: {"status": "all", "acknowledged_from": days[0], "acknowledged_to": days[1]},
        Measure.BOUNCED: {"status": "all", "bounced_from": days[0], "bounced_to": days[1]},
        Measure.PARTY_ASKED: {"status": "all", "asked_from": days[0], "asked_to": days[1]},
    }
    return [
        Figure(
            *(part.value, str(now.count(part)), str(before.count(part))),
            note=percent(now.share(part, whole)) if whole else "",
            query=lists.get(part),
        )
        for part, whole in _QUALITY
    ]


def times(now: PeriodFigures, before: PeriodFigures) -> list[tuple[str, int, Spread, Spread]]:
    """Return each measured time: its name, its units, how it was and how it was before."""
    return [(measure.value, units, now.times[measure], before.times[measure]) for measure, units in TIMES.items()]


def ages(now: Standing, today: date) -> list[tuple[str, list[tuple[int, Query]]]]:
    """Return the open cases of each kind by age, then those that are overdue; each number with its list."""
    return [
        (kind, [(count, {"kind": kind} | _age(place, today)) for place, count in enumerate(now.ages[kind])])
        for kind in sorted(now.ages, key=lambda kind: (-sum(now.ages[kind]), kind))
    ]


def age_names() -> list[str]:
    """Return the heads of the columns of ages."""
    return [f"{first}–{last} d" if last else f"over {first - 1} d" for first, last in AGES] + ["overdue"]


def _age(place: int, today: date) -> dict[str, str]:
    if place == len(AGES):
        return {"due": "overdue"}
    youngest, oldest = AGES[place]
    found = {"due": "ahead", "received_to": (today - timedelta(days=youngest)).isoformat()}
    return found | ({"received_from": (today - timedelta(days=oldest)).isoformat()} if oldest else {})


def members(now: Standing, went: PeriodFigures, today: date) -> dict[str, list[Member]]:
    """Return the figures by mailbox, owner and language; who has nothing is left out."""
    return {dimension: _members(dimension, now, went, today) for dimension in DIMENSIONS}


def _members(dimension: str, now: Standing, went: PeriodFigures, today: date) -> list[Member]:
    names = {name for name, counts in now.members[dimension].items() if counts[0]}
    names |= {member for (_, place, member), count in went.counts.items() if place == dimension and count}
    return [_member(dimension, name, now, went, today) for name in sorted(names)]


def _member(dimension: str, name: str, now: Standing, went: PeriodFigures, today: date) -> Member:
    open_, overdue = now.members[dimension][name]
    in_time, late, received, answered = (
        went.count(measure, dimension, name)
        for measure in (Measure.IN_TIME, Measure.LATE, Measure.RECEIVED, Measure.ANSWERED)
    )
    kept = kept_of(in_time, late, now.owed_by[dimension][name], went.period, today)
    is_nobody = dimension == "owner" and not name
    query = {dimension: "nobody" if is_nobody else name}
    return Member("nobody" if is_nobody else name, query, open_, overdue, received, answered, kept)


def by_organisation(session: Session, slugs: Collection[str], period: Period, today: date) -> list[Member]:
    """Return the figures of each of several organisations."""
    columns, is_all = (Tally.organisation, Tally.measure, Tally.on), col(Tally.dimension) == ""
    in_period = (is_all, col(Tally.on).between(period.first, period.last))
    found: dict[str, list[tuple[Measure, date, int]]] = {slug: [] for slug in slugs}
    for measures, where in ((_NOW, (is_all,)), (_WENT, in_period)):
        for slug, measure, on, count in totals(session, slugs, measures, columns, where=where):
            found[slug].append((measure, on, count))
    return [_organisation(slug, rows, period, today) for slug, rows in sorted(found.items())]


def _organisation(slug: str, rows: Sequence[tuple[Measure, date, int]], period: Period, today: date) -> Member:
    def count(wanted: Measure, *, first: date = period.first, end: date = period.end) -> int:
        """Add up a measure over some of the days."""
        return sum(number for measure, on, number in rows if measure is wanted and first <= on < end)

    overdue = count(Measure.OWED, end=min(period.end, max(today, period.first)))
    kept = Kept(count(Measure.IN_TIME), count(Measure.LATE), overdue, count(Measure.OWED) - overdue)
    opened = [(on, number) for measure, on, number in rows if measure is Measure.OPEN]
    return Member(
        *(slug, {"of": slug}, sum(number for _, number in opened), sum(number for on, number in opened if on < today)),
        *(count(Measure.RECEIVED), count(Measure.ANSWERED), kept),
    )


def load(
    session: Session, slugs: Collection[str], now: Standing, today: date, days: int, calendar: WorkCalendar
) -> Load:
    """Return whether the days ahead can be done."""
    answered = days_of(session, slugs, Measure.ANSWERED, today - LOOKED_BACK, today)
    return load_of(now.owed, pace_of(answered, today, calendar), today, days, calendar)


def causes(session: Session, slugs: Collection[str], period: Period) -> dict[BreachCause, int]:
    """Return the breaches of a period by cause."""
    query = select(Breach.cause, func.count()).where(*_in_period(slugs, period)).group_by(Breach.cause)
    return {BreachCause(cause): count for cause, count in session.exec(query)}


def breaches(session: Session, slugs: Collection[str], period: Period, today: date) -> list[Late]:
    """Return the last breaches of a period, the latest due date first."""
    # Each organisation by itself: its last ones stand together in the index, and none of the others need be sorted.
    last = [breach for slug in slugs for breach in _last_breaches(session, slug, period)]
    ids = [one.item_id for one in sorted(last, key=lambda one: (one.due_on, one.item_id))[-MOST_BREACHES:]]
    query = (
        select(Breach, Case, RequestItem)
        .join(Case, col(Case.id) == col(Breach.case_id))
        .join(RequestItem, col(RequestItem.id) == col(Breach.item_id))
    )
    query = query.where(col(Breach.item_id).in_(ids)).order_by(col(Breach.due_on).desc(), col(Breach.item_id).desc())
    return [_late(*row, today) for row in session.exec(query)]


def _last_breaches(session: Session, slug: str, period: Period) -> Sequence[Breach]:
    query = select(Breach).where(*_in_period([slug], period))
    return session.exec(query.order_by(col(Breach.due_on).desc(), col(Breach.cause).desc()).limit(MOST_BREACHES)).all()


def _late(breach: Breach, case: Case, item: RequestItem, today: date) -> Late:
    days = ((breach.answered_on or today) - breach.due_on).days
    return Late(
        *(case.reference, item.kind.value, breach.due_on, max(days, 0), breach.cause, breach.cause_by),
        *(case.assigned_to, breach.answered_on is None),
    )


def _in_period(slugs: Collection[str], period: Period) -> Sequence[ColumnElement[bool]]:
    return col(Breach.organisation).in_(sorted(slugs)), col(Breach.due_on).between(period.first, period.last)
