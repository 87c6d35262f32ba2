"""The clocks reckoned a second time, by walking from day to day over sets of days, must agree on random requests."""

import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import pytest

from cases.clock_facts import ClockEvent
from cases.clock_kinds import ClockKind
from cases.deadlines import ExtensionEvent, Facts, PauseEvent, PauseReason, due
from cases.holiday_calendar import working_days
from models.organisation import Regime

DAY = timedelta(days=1)
PLACES = [
    (Regime.EU, "FR", "Europe/Paris"),
    (Regime.EU, "DE-BY", "Europe/Berlin"),
    (Regime.EU, "ES-MD", "Europe/Madrid"),
    (Regime.EU, "IE", "Europe/Dublin"),
    (Regime.EU, "PT", "Atlantic/Azores"),
    (Regime.UK, "GB-ENG", "Europe/London"),
    (Regime.UK, "GB-SCT", "Europe/London"),
    (Regime.UK, "GB-NIR", "Asia/Kathmandu"),
]
RIGHTS = ("access", "rectification", "erasure", "restriction", "portability", "objection", "automated_decision")


@cache
def is_day_off(country: str, day: date) -> bool:
    code, _, region = country.partition("-")
    return day.strftime("%a") in ("Sat", "Sun") or day in holidays.country_holidays(
        code, subdiv=region or None, years=day.year
    )


def rolled(day: date, country: str) -> date:
    return rolled(day + DAY, country) if is_day_off(country, day) else day


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


def right_again(facts: Facts, received: date) -> tuple[date | None, bool]:
    """Return the due date and whether an extension was told too late."""
    start = received if facts.regime == "eu" else uk_start(facts, received)
    told = [event.notified_on for event in facts.events if isinstance(event, ExtensionEvent)]
    if start is None:
        return None, False
    limit = rolled(month_later(received, 1), facts.country)
    if facts.regime == "uk":
        stopped, is_open = stops(facts, start, 1)
        limit = date.max if is_open else rolled(month_later(start, 1) + len(stopped) * DAY, facts.country)
    months = 3 if told and min(told) <= limit else 1
    stopped, is_open = stops(facts, start, months)
    is_late = bool(told) and months == 1
    end = month_later(start, months) + len(stopped) * DAY
    return (None if is_open else rolled(end, facts.country)), is_late


def other_again(facts: Facts, received: date) -> date:
    month = rolled(month_later(received, 1), facts.country)
    if facts.kind == "complaint" and facts.regime == "uk":
        return rolled(received + 30 * DAY, facts.country)
    if facts.kind == "chat_erasure":
        return min(received + 30 * DAY, month)
    if facts.kind == "erasure_backup":
        return min(month_later(received, 1) + 60 * DAY, received + 90 * DAY)
    if facts.kind in ("objection_marketing", "withdraw_consent", "authority", "processor_forward"):
        first = rolled(received + DAY, facts.country)
        return rolled(first + DAY, facts.country)
    return month


def random_event(chance: random.Random, received: date) -> ClockEvent:
    day = received + chance.randrange(-3, 110) * DAY
    if chance.random() < 0.3:
        return ExtensionEvent(received + chance.randrange(0, 60) * DAY)
    answered = None if chance.random() < 0.1 else day + chance.randrange(0, 25) * DAY
    return PauseEvent(chance.choice(list(PauseReason)), day, answered)


def random_facts(chance: random.Random) -> Facts:
    regime, country, zone = chance.choice(PLACES)
    moment = datetime(2016, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(15 * 365 * 86400))
    if chance.random() < 0.3:
        # The days around the end of a month are where months differ.
        moment = moment.replace(day=1) + chance.randrange(-4, 1) * DAY
    kind = ClockKind(chance.choice(RIGHTS if chance.random() < 0.75 else list(ClockKind)))
    events = tuple(random_event(chance, moment.date()) for _ in range(chance.randrange(0, 5)))
    return Facts(moment, zone, regime, country, kind, events)


@pytest.mark.parametrize("seed", range(10))
def test_a_second_reckoning_finds_the_same_dates(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(400):
        facts = random_facts(chance)
        received = facts.received_at.astimezone(ZoneInfo(facts.timezone)).date()
        answer = due(facts, working_days(facts.country))
        if facts.kind == "incident":
            assert answer.due_at == facts.received_at + timedelta(hours=72), facts
        elif facts.kind in RIGHTS:
            assert (answer.due_on, "extension_late" in answer.flags) == right_again(facts, received), facts
        else:
            assert answer.due_on == other_again(facts, received), facts


def test_a_second_reckoning_finds_the_same_end_of_the_day() -> None:
    chance = random.Random(1182)
    for _ in range(150):
        facts = random_facts(chance)
        answer = due(facts, working_days(facts.country))
        if answer.due_on and facts.kind != "incident":
            assert answer.due_at == local_midnight_after(answer.due_on, ZoneInfo(facts.timezone)), facts
