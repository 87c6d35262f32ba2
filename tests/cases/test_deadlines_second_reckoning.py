"""The clocks reckoned a second time, by walking from day to day over sets of days, must agree on random requests.

20,000 requests received from 2020 to 2035, in every member state of the European Union and every nation of the United
Kingdom. Nothing of the arithmetic in `cases` is used here.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays
import pytest
from clock_rows import ZONES

from cases.clock_facts import ClockEvent
from cases.clock_kinds import ClockKind
from cases.deadlines import Due, ExtensionEvent, Facts, PauseEvent, PauseReason, due
from cases.holiday_calendar import working_days
from models.organisation import Regime

DAY = timedelta(days=1)
MEMBER_STATES = tuple(sorted(ZONES.keys() - {"GB"}))
NATIONS = ("GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR")
UNION = [
    *((Regime.EU, country, ZONES[country]) for country in MEMBER_STATES),
    (Regime.EU, "DE-BY", "Europe/Berlin"),
    (Regime.EU, "ES-MD", "Europe/Madrid"),
    (Regime.EU, "PT", "Atlantic/Azores"),
    (Regime.EU, "IE", "America/New_York"),
]
KINGDOM = [
    *((Regime.UK, nation, ZONES["GB"]) for nation in NATIONS),
    (Regime.UK, "GB-NIR", "Asia/Kathmandu"),
    (Regime.UK, "GB-SCT", "Pacific/Chatham"),
]
RIGHTS = ("access", "rectification", "erasure", "restriction", "portability", "objection", "automated_decision")
FAST = ("objection_marketing", "withdraw_consent", "authority", "processor_forward")
SEEDS = range(20)
REQUESTS_PER_SEED = 1000
FIRST_RECEIPT = datetime(2020, 1, 1, tzinfo=UTC)
DAYS_OF_RECEIPT = 16 * 365 + 4
"""2020 to 2035, with four leap days."""


class Reckoned(NamedTuple):
    """What both reckonings must agree on."""

    due_on: date | None
    due_without_pause: date
    legal_due: date | None
    notice_by: date | None
    is_told_too_late: bool

    @classmethod
    def of(cls, answer: Due) -> "Reckoned":
        is_late = "extension_late" in answer.flags
        return cls(
            answer.due_on,
            answer.due_without_pause,
            answer.legal_due,
            answer.extension_notice_by,
            is_told_too_late=is_late,
        )


@cache
def holidays_of(country: str, year: int) -> frozenset[date]:
    code, _, region = country.partition("-")
    return frozenset(holidays.country_holidays(code, subdiv=region or None, years=year, expand=False))


@cache
def rolled(day: date, country: str) -> date:
    while day.strftime("%w") in "06" or day in holidays_of(country, day.year):
        day += DAY
    return day


@cache
def month_later(start: date, months: int) -> date:
    """Walk forward until the day number comes round in the month meant, or that month is over."""
    changes, day = 0, start
    while changes < months or day.day < start.day:
        following = day + DAY
        if changes == months and following.day == 1:
            return day
        changes += following.day == 1
        day = following
    return day


def local_midnight_after(day: date, zone: ZoneInfo) -> datetime:
    """Walk the hours, then the seconds, to the first instant of the next local day."""
    moment = datetime(day.year, day.month, day.day, 6, tzinfo=UTC) - 30 * timedelta(hours=1)
    for pace in (timedelta(hours=1), timedelta(minutes=15), timedelta(seconds=1)):
        while moment.astimezone(zone).date() <= day:
            moment += pace
        moment -= pace
    return moment + timedelta(seconds=1)


def stops(facts: Facts, start: date, months: int) -> tuple[set[date], bool]:
    """Return the days that do not count, and whether a question is open."""
    counting = {"identity", "mandate"} if facts.regime == "eu" else set()
    if facts.kind == "access":
        counting.add("clarification")
    questions = [event for event in facts.events if isinstance(event, PauseEvent) and event.reason in counting]
    stopped: set[date] = set()
    for question in sorted(questions, key=lambda event: event.asked_on):
        if question.asked_on >= month_later(start, months) + len(stopped) * DAY:
            continue
        if question.answered_on is None:
            return stopped, True
        length = (question.answered_on - question.asked_on).days
        stopped |= {question.asked_on + (number + 1) * DAY for number in range(length)}
        stopped = {day for day in stopped if day > start}
    return stopped, False


def uk_start(facts: Facts, received: date) -> date | None:
    limit = rolled(month_later(received, 1), facts.country)
    start = received
    for event in facts.events:
        if isinstance(event, ExtensionEvent) or event.reason == "clarification" or event.asked_on > limit:
            continue
        if event.answered_on is None:
            return None
        start = max(start, event.answered_on)
    return start


def paused_end(facts: Facts, start: date, months: int) -> date | None:
    """Return the end on a working day; None while a question is open."""
    stopped, is_open = stops(facts, start, months)
    return None if is_open else rolled(month_later(start, months) + len(stopped) * DAY, facts.country)


def month_of_right(facts: Facts, received: date) -> tuple[date | None, date | None, bool]:
    """Return the due date, the last day to tell of an extension, and whether that was told too late."""
    start = received if facts.regime == "eu" else uk_start(facts, received)
    if start is None:
        return None, None, False
    if facts.regime == "eu":
        notice_by: date | None = rolled(month_later(received, 1), facts.country)
    else:
        notice_by = paused_end(facts, start, 1)
    told = [event.notified_on for event in facts.events if isinstance(event, ExtensionEvent)]
    is_in_time = bool(told) and (notice_by is None or min(told) <= notice_by)
    return paused_end(facts, start, 3 if is_in_time else 1), notice_by, bool(told) and not is_in_time


def right_again(facts: Facts, received: date) -> Reckoned:
    notices = tuple(event for event in facts.events if isinstance(event, ExtensionEvent))
    without_pause, _, _ = month_of_right(replace(facts, events=notices), received)
    assert without_pause, facts
    due_on, notice_by, is_late = month_of_right(facts, received)
    return Reckoned(due_on, without_pause, due_on, notice_by, is_late)


def other_again(facts: Facts, received: date) -> Reckoned:
    month = rolled(month_later(received, 1), facts.country)
    due_on, legal_due = month, month
    if facts.kind == "complaint" and facts.regime == "uk":
        due_on = legal_due = rolled(received + 30 * DAY, facts.country)
    if facts.kind == "chat_erasure":
        due_on = min(received + 30 * DAY, month)
    if facts.kind == "erasure_backup":
        due_on = legal_due = min(month_later(received, 1) + 60 * DAY, received + 90 * DAY)
    if facts.kind in FAST:
        due_on = rolled(rolled(received + DAY, facts.country) + DAY, facts.country)
    return Reckoned(due_on, due_on, legal_due, None, is_told_too_late=False)


def random_event(chance: random.Random, received: date) -> ClockEvent:
    day = received + chance.randrange(-3, 110) * DAY
    if chance.random() < 0.3:
        return ExtensionEvent(received + chance.randrange(0, 60) * DAY)
    answered = None if chance.random() < 0.1 else day + chance.randrange(0, 25) * DAY
    return PauseEvent(chance.choice(list(PauseReason)), day, answered)


def random_facts(chance: random.Random) -> Facts:
    regime, country, zone = chance.choice(UNION if chance.random() < 0.65 else KINGDOM)
    moment = FIRST_RECEIPT + timedelta(seconds=chance.randrange(DAYS_OF_RECEIPT * 86400))
    if chance.random() < 0.3:
        # The days around the end of a month are where months differ.
        moment = max(moment.replace(day=1) + chance.randrange(-4, 1) * DAY, FIRST_RECEIPT)
    # Access has the most to it: only there a clarification counts.
    kinds = chance.choice([RIGHTS, RIGHTS, ["access"], list(ClockKind)])
    events = tuple(random_event(chance, moment.date()) for _ in range(chance.randrange(0, 5)))
    return Facts(moment, zone, regime, country, ClockKind(chance.choice(kinds)), events)


def random_requests(seed: int) -> Iterator[Facts]:
    chance = random.Random(seed)
    return (random_facts(chance) for _ in range(REQUESTS_PER_SEED))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_second_reckoning_finds_the_same_dates(seed: int) -> None:
    for facts in random_requests(seed):
        received = facts.received_at.astimezone(ZoneInfo(facts.timezone)).date()
        answer = due(facts, working_days(facts.country))
        if facts.kind == "incident":
            assert answer.due_at == facts.received_at + timedelta(hours=72), facts
        else:
            again = right_again(facts, received) if facts.kind in RIGHTS else other_again(facts, received)
            assert Reckoned.of(answer) == again, facts


def test_the_random_requests_reach_every_place_kind_and_year() -> None:
    requests = [facts for seed in SEEDS for facts in random_requests(seed)]
    assert len(requests) >= 20_000
    assert {(facts.regime, facts.country, facts.timezone) for facts in requests} == {*UNION, *KINGDOM}
    assert {(facts.regime, facts.kind) for facts in requests} == {
        (regime, kind) for regime in Regime for kind in ClockKind
    }
    assert {facts.received_at.year for facts in requests} == set(range(2020, 2036))


def test_the_places_are_the_member_states_and_the_nations() -> None:
    countries = {country for _, country, _ in UNION + KINGDOM}
    assert len(MEMBER_STATES) == 27
    assert countries >= {*MEMBER_STATES, *NATIONS}


def test_a_second_reckoning_finds_the_same_end_of_the_day() -> None:
    chance = random.Random(1182)
    for _ in range(150):
        facts = random_facts(chance)
        answer = due(facts, working_days(facts.country))
        if answer.due_on and facts.kind != "incident":
            assert answer.due_at == local_midnight_after(answer.due_on, ZoneInfo(facts.timezone)), facts
