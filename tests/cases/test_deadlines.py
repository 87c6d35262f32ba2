"""Rows of the law, each reckoned by hand; the reason is in the id.

A row: local day of receipt at noon (or an instant with Z), "regime calendar kind", events, due date. Events read
"identity 2026-06-03/2026-06-10" (asked/answered, nothing after the slash while open) or "told 2026-06-10".
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from cases.clock_facts import ClockEvent
from cases.deadlines import (
    ClockFlag,
    ClockKind,
    ClockState,
    Due,
    ExtensionEvent,
    Facts,
    PauseEvent,
    PauseReason,
    due,
    earliest,
    is_overdue,
    received_on,
)
from cases.holiday_calendar import working_days
from models.organisation import Regime

ZONES = {
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "FR": "Europe/Paris",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
}


def event_of(text: str) -> ClockEvent:
    word, days = text.split()
    if word == "told":
        return ExtensionEvent(date.fromisoformat(days))
    asked, answered = days.split("/")
    return PauseEvent(PauseReason(word), date.fromisoformat(asked), date.fromisoformat(answered) if answered else None)


def facts_of(received: str, what: str, events: str = "", timezone: str = "") -> Facts:
    regime, country, kind = what.split()
    zone = timezone or ZONES[country[:2]]
    if received.endswith("Z"):
        received_at = datetime.fromisoformat(received)
    else:
        received_at = datetime.combine(date.fromisoformat(received), time(12), ZoneInfo(zone))
    known = tuple(event_of(text) for text in events.split(";") if text.strip())
    return Facts(received_at, zone, Regime(regime), country, ClockKind(kind), known)


def reckon(received: str, what: str, events: str = "", timezone: str = "") -> Due:
    facts = facts_of(received, what, events, timezone)
    return due(facts, working_days(facts.country))


def rows(*lines: tuple[str, ...]) -> pytest.MarkDecorator:
    names = ("received", "what", "events", "expected")
    return pytest.mark.parametrize(names, [pytest.param(*line[:-1], id=line[-1]) for line in lines])


@rows(
    ("2024-03-05", "eu FR access", "", "2024-04-05", "same day number: 5 April is a Friday"),
    ("2021-08-31", "eu DE access", "", "2021-09-30", "September has no 31st"),
    ("2024-09-03", "uk GB-ENG access", "", "2024-10-03", "the ICO's own example"),
    ("2024-01-01", "uk GB-ENG access", "", "2024-02-01", "received on a bank holiday counts that day (ICO)"),
    ("2019-11-25", "uk GB-ENG erasure", "", "2019-12-27", "25 and 26 December are holidays, 27 is a Friday"),
    ("2021-01-31", "uk GB-ENG access", "", "2021-03-01", "28 February 2021 is a Sunday"),
    ("2022-01-31", "eu IE erasure", "told 2022-02-10", "2022-05-03", "30 April Saturday, 2 May holiday"),
    ("2022-03-01", "eu FR access", "identity 2022-03-03/2022-03-10", "2022-04-08", "1 April and 7 days"),
    ("2027-03-01", "uk GB-ENG access", "identity 2027-03-03/2027-03-10", "2027-04-12", "starts 10 March; 10 April Sat"),
    ("2027-02-15", "uk GB-ENG access", "clarification 2027-02-20/2027-02-27", "2027-03-22", "15 March and 7 days"),
    ("2022-06-30T22:30:00Z", "eu FR access", "", "2022-08-01", "in Paris it is 1 July"),
)
def test_the_published_examples_hold(received: str, what: str, events: str, expected: str) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


@rows(
    ("2024-01-31", "eu FR access", "", "2024-02-29", "leap year: the last day is the 29th, a Thursday"),
    ("2023-01-31", "eu FR access", "", "2023-02-28", "common year: the 28th, a Tuesday"),
    ("2024-01-30", "eu FR access", "", "2024-02-29", "no 30 February in a leap year either"),
    ("2023-01-29", "eu FR access", "", "2023-02-28", "no 29 February in a common year"),
    ("2024-01-29", "eu FR access", "", "2024-02-29", "29 February exists in a leap year"),
    ("2024-02-29", "eu FR access", "", "2024-03-29", "29 March, not the end of March; no holiday in France"),
    ("2024-02-29", "eu DE access", "", "2024-04-02", "Good Friday, weekend, Easter Monday"),
    ("2024-02-29", "uk GB-ENG access", "", "2024-04-02", "Good Friday, weekend, Easter Monday in England"),
    ("2024-02-29", "uk GB-NIR access", "", "2024-04-02", "the same in Northern Ireland"),
    ("2024-02-29", "uk GB-SCT access", "", "2024-04-01", "Scotland has no Easter Monday"),
    ("2024-02-29", "uk GB access", "", "2024-04-01", "Easter Monday is not common to the whole Kingdom"),
    ("2024-02-29", "eu ES-MD access", "", "2024-04-01", "Madrid has Good Friday, not Easter Monday"),
    ("2024-02-29", "eu ES-CT access", "", "2024-04-02", "Catalonia has Easter Monday"),
    ("2024-02-29", "eu IE access", "", "2024-03-29", "Good Friday is a working day in Ireland"),
    ("2023-12-31", "eu FR access", "", "2024-01-31", "over the turn of the year"),
    ("2025-12-31", "eu DE access", "", "2026-02-02", "31 January 2026 is a Saturday"),
    ("2026-08-31", "eu DE access", "", "2026-09-30", "froide's month rule says 1 October: too late"),
    ("2026-06-12T21:00:00Z", "eu DE access", "", "2026-07-13", "Friday 23:00 is still that day; 12 July is a Sunday"),
)
def test_a_month_ends_on_the_same_day_number_or_the_last_day(
    received: str, what: str, events: str, expected: str
) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


@rows(
    ("2026-07-31", "uk GB-ENG access", "", "2026-09-01", "31 August 2026 is the summer bank holiday"),
    ("2026-07-31", "uk GB-SCT access", "", "2026-08-31", "which Scotland has earlier"),
    ("2026-07-03", "uk GB-SCT access", "", "2026-08-04", "on 3 August"),
    ("2026-07-03", "uk GB-ENG access", "", "2026-08-03", "when England works"),
    ("2026-02-17", "uk GB-NIR access", "", "2026-03-18", "Saint Patrick's Day, a Tuesday"),
    ("2026-02-17", "uk GB-ENG access", "", "2026-03-17", "which is no holiday in England"),
    ("2026-06-12", "uk GB-NIR access", "", "2026-07-14", "12 July a Sunday, so Monday 13 is its substitute"),
    ("2026-06-12", "uk GB-ENG access", "", "2026-07-13", "England works that Monday"),
    ("2026-11-28", "uk GB-ENG access", "", "2026-12-29", "28 December 2026 stands in for Boxing Day, a Saturday"),
    ("2027-11-27", "uk GB-ENG access", "", "2027-12-29", "27 and 28 December 2027 stand in for Saturday and Sunday"),
    ("2021-11-25", "uk GB-ENG access", "", "2021-12-29", "Christmas on a Saturday: four days off"),
    ("2021-11-25", "eu FR access", "", "2021-12-27", "France has no substitute days"),
    ("2022-12-01", "uk GB-ENG access", "", "2023-01-03", "1 January 2023 a Sunday, 2 its substitute"),
    ("2022-12-01", "uk GB-SCT access", "", "2023-01-04", "2 January is a holiday itself in Scotland, 3 its substitute"),
    ("2026-12-06", "eu DE-BY access", "", "2027-01-07", "Epiphany in Bavaria, a Wednesday"),
    ("2026-12-06", "eu DE access", "", "2027-01-06", "not in the whole of Germany"),
    ("2026-05-04", "eu DE-BY access", "", "2026-06-05", "Corpus Christi, 60 days after Easter 5 April"),
    ("2026-05-04", "eu DE-BE access", "", "2026-06-04", "not in Berlin"),
    ("2027-10-01", "eu DE-BY access", "", "2027-11-02", "All Saints, a Monday"),
    ("2027-02-08", "eu DE-BE access", "", "2027-03-09", "Women's Day in Berlin"),
    ("2027-02-08", "eu DE-BY access", "", "2027-03-08", "not in Bavaria"),
    ("2025-04-02", "eu ES-MD access", "", "2025-05-05", "Madrid's day, 2 May, a Friday"),
    ("2025-04-02", "eu ES access", "", "2025-05-02", "no holiday of the whole of Spain"),
    ("2026-08-11", "eu ES-CT access", "", "2026-09-14", "Catalonia's day, 11 September, a Friday"),
    ("2026-06-14", "eu FR access", "", "2026-07-15", "14 July, a Tuesday"),
    ("2026-04-08", "eu FR access", "", "2026-05-11", "8 May, a Friday"),
    ("2026-04-14", "eu FR access", "", "2026-05-15", "Ascension, 39 days after Easter 5 April"),
    ("2026-01-02", "eu IE access", "", "2026-02-03", "Saint Brigid's Day, the first Monday of February"),
    ("2026-07-03", "eu IE access", "", "2026-08-04", "the August holiday, its first Monday"),
    ("2026-09-26", "eu IE access", "", "2026-10-27", "the October holiday, its last Monday"),
)
def test_the_end_moves_to_a_working_day_of_the_place(received: str, what: str, events: str, expected: str) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


@rows(
    # Received Monday 1 June 2026: the month ends on Wednesday 1 July.
    ("2026-06-01", "eu FR access", "identity 2026-06-03/2026-06-03", "2026-07-01", "asked and answered on one day: 0"),
    ("2026-06-01", "eu FR access", "identity 2026-06-03/2026-06-04", "2026-07-02", "answered the next day: 1"),
    (
        "2026-06-01",
        "eu FR access",
        "identity 2026-06-03/2026-06-10; mandate 2026-06-05/2026-06-12",
        "2026-07-10",
        "overlapping pauses count each day once: 4 to 12 June are 9 days",
    ),
    (
        "2026-06-01",
        "eu FR access",
        "identity 2026-06-03/2026-06-20; mandate 2026-06-05/2026-06-08",
        "2026-07-20",
        "a pause within another adds nothing: 17 days, 18 July is a Saturday",
    ),
    (
        "2026-06-01",
        "eu FR access",
        "mandate 2026-06-05/2026-06-08; identity 2026-06-03/2026-06-05",
        "2026-07-06",
        "one pause after another, in any order: 2 and 3 days",
    ),
    (
        "2026-06-01",
        "eu FR access",
        "identity 2026-06-03/2026-06-05; clarification 2026-06-10/2026-06-13",
        "2026-07-06",
        "2 and 3 days apart from each other",
    ),
    (
        "2026-06-01",
        "eu FR access",
        "identity 2026-06-30/2026-07-03",
        "2026-07-06",
        "asked a day before the end: 4 July",
    ),
    ("2026-06-01", "eu FR access", "identity 2026-07-01/2026-07-08", "2026-07-01", "asked on the last day: too late"),
    ("2026-06-01", "eu FR access", "identity 2026-07-01/", "2026-07-01", "an open question too late stops nothing"),
    ("2026-06-04", "eu FR access", "identity 2026-07-04/2026-07-08", "2026-07-06", "4 July is the end before rolling"),
    (
        "2026-06-01",
        "eu FR access",
        "identity 2026-06-03/2026-06-10; mandate 2026-07-05/2026-07-07",
        "2026-07-10",
        "the second question is in time thanks to the first: 8 July and 2 days",
    ),
    ("2026-06-01", "eu FR access", "clarification 2026-06-03/2026-06-10", "2026-07-08", "access may be clarified"),
    ("2026-06-01", "eu FR erasure", "clarification 2026-06-03/2026-06-10", "2026-07-01", "other rights may not"),
    ("2026-06-01", "eu FR erasure", "identity 2026-06-03/2026-06-10", "2026-07-08", "identity counts for all rights"),
    ("2026-06-01", "eu FR objection", "mandate 2026-06-03/2026-06-10", "2026-07-08", "so does a mandate"),
    ("2026-06-01", "eu FR access", "fee 2026-06-03/2026-06-10", "2026-07-01", "a fee has no effect in the Union"),
    ("2026-06-01", "eu FR access", "fee 2026-06-03/", "2026-07-01", "an unpaid fee neither"),
    (
        "2026-06-10",
        "eu FR access",
        "identity 2026-06-05/2026-06-12",
        "2026-07-13",
        "only 11 and 12 June: 12 July, Sunday",
    ),
    (
        "2026-05-28",
        "eu DE access",
        "identity 2026-06-01/2026-06-06",
        "2026-07-03",
        "Sunday 28 June and 5 days, no roll between",
    ),
    (
        "2026-05-28",
        "eu DE access",
        "identity 2026-06-01/2026-06-03; mandate 2026-06-08/2026-06-11",
        "2026-07-03",
        "two pauses of 5 days in all come to the same date as one",
    ),
    ("2024-01-31", "eu FR access", "identity 2024-02-01/2024-02-02", "2024-03-01", "29 February and 1 day"),
)
def test_in_the_union_a_pause_adds_its_days(received: str, what: str, events: str, expected: str) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


@rows(
    # Received Monday 1 March 2027: the first month ends on Thursday 1 April.
    ("2027-03-01", "uk GB-ENG erasure", "fee 2027-03-03/2027-03-10", "2027-04-12", "a fee moves the start to 10 March"),
    ("2027-03-01", "uk GB-ENG erasure", "mandate 2027-03-03/2027-03-10", "2027-04-12", "so does a mandate"),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-03-03/2027-03-10; fee 2027-03-05/2027-03-08",
        "2027-04-12",
        "the latest of several answers counts",
    ),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-04-01/2027-04-09",
        "2027-05-10",
        "asked on the last day: 9 May, Sunday",
    ),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-04-02/2027-04-09",
        "2027-04-01",
        "asked after the month: no effect",
    ),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-04-02/",
        "2027-04-01",
        "asked after the month and open: no effect",
    ),
    (
        "2027-02-28",
        "uk GB-ENG access",
        "identity 2027-03-29/2027-03-30",
        "2027-04-30",
        "28 March Sunday, 29 Easter Monday",
    ),
    ("2027-02-28", "uk GB-ENG access", "identity 2027-03-30/2027-04-05", "2027-05-05", "asked on the rolled last day"),
    ("2027-02-28", "uk GB-ENG access", "identity 2027-03-31/2027-04-05", "2027-03-30", "asked the day after it"),
    (
        "2027-03-10",
        "uk GB-ENG access",
        "identity 2027-03-01/2027-03-05",
        "2027-04-12",
        "answered before receipt: starts then",
    ),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-03-03/2027-03-10; clarification 2027-03-05/2027-03-15",
        "2027-04-15",
        "the clarification counts after the moved start: 11 to 15 March, 10 April and 5 days",
    ),
    ("2027-03-01", "uk GB-ENG erasure", "clarification 2027-03-05/2027-03-15", "2027-04-01", "access only"),
    ("2027-03-31", "uk GB-ENG access", "identity 2027-03-31/2027-03-31", "2027-04-30", "answered at once"),
    (
        "2026-01-05",
        "uk GB-ENG access",
        "identity 2026-01-06/2026-01-12",
        "2026-02-12",
        "the same before 5 February 2026",
    ),
)
def test_in_the_kingdom_proof_and_fee_move_the_start(received: str, what: str, events: str, expected: str) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


@rows(
    ("2026-01-31", "eu IE access", "told 2026-03-02", "2026-04-30", "28 February is a Saturday: 2 March is in time"),
    ("2026-01-31", "eu IE access", "told 2026-03-03", "2026-03-02", "a day later is late"),
    ("2025-11-30", "eu FR access", "told 2025-12-15", "2026-03-02", "three months to 28 February, a Saturday"),
    (
        "2022-03-01",
        "eu FR access",
        "identity 2022-03-03/2022-03-10; told 2022-04-01",
        "2022-06-08",
        "in time on 1 April; 1 June and 7 days",
    ),
    (
        "2022-03-01",
        "eu FR access",
        "identity 2022-03-03/2022-03-10; told 2022-04-04",
        "2022-04-08",
        "late on 4 April: in the Union a pause does not move this limit",
    ),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-03-03/2027-03-10; told 2027-04-12",
        "2027-06-10",
        "in the Kingdom it moves with the start: 10 April is a Saturday",
    ),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-03-03/2027-03-10; told 2027-04-13",
        "2027-04-12",
        "and is missed a day later",
    ),
    (
        "2027-02-15",
        "uk GB-ENG access",
        "clarification 2027-02-20/2027-02-27; told 2027-03-22",
        "2027-05-24",
        "and with the clarification: 15 May and 7 days, a Saturday",
    ),
    (
        "2027-02-15",
        "uk GB-ENG access",
        "clarification 2027-02-20/2027-02-27; told 2027-03-23",
        "2027-03-22",
        "and is missed a day later",
    ),
    (
        "2027-02-15",
        "uk GB-ENG access",
        "clarification 2027-03-20/2027-03-25; told 2027-03-10",
        "2027-05-20",
        "a question after the first month counts in an extended one: 15 May and 5 days",
    ),
    ("2026-06-01", "eu FR access", "told 2026-06-20; told 2026-06-10", "2026-09-01", "one extension at most"),
    ("2026-06-01", "eu FR access", "told 2026-08-20; told 2026-06-10", "2026-09-01", "the first one is judged"),
    (
        "2026-06-01",
        "eu FR access",
        "told 2026-06-10; identity 2026-07-15/2026-07-20",
        "2026-09-07",
        "1 Sep and 5 days, Sunday",
    ),
    ("2026-06-01", "uk GB-ENG access", "told 2026-07-01", "2026-09-01", "on the last lawful day"),
    ("2026-06-01", "uk GB-ENG access", "told 2026-07-02", "2026-07-01", "a day after it"),
)
def test_an_extension_makes_three_months_from_the_start(received: str, what: str, events: str, expected: str) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


@rows(
    ("2026-01-31", "eu FR post_mortem", "told 2026-02-10", "2026-03-02", "a month that nothing extends"),
    (
        "2026-06-01",
        "eu DE job_applicant",
        "identity 2026-06-03/2026-06-10",
        "2026-07-01",
        "a month that nothing pauses",
    ),
    ("2026-06-01", "eu DE unclassified", "identity 2026-06-03/", "2026-07-01", "an open question does not stop it"),
    ("2026-01-31", "eu FR complaint", "", "2026-03-02", "in the Union a month"),
    ("2025-06-05", "uk GB-ENG complaint", "", "2025-07-07", "thirty days in the Kingdom; 5 July is a Saturday"),
    ("2026-06-01", "uk GB-ENG complaint", "told 2026-06-02", "2026-07-01", "day one is the day after receipt"),
    ("2025-11-26", "uk GB-ENG complaint", "", "2025-12-29", "26 December and a weekend"),
    ("2022-04-14", "eu DE unsubscribe", "", "2022-04-20", "Good Friday, weekend, Easter Monday"),
    ("2026-04-03", "eu DE withdraw_consent", "", "2026-04-08", "received on Good Friday: Tuesday is the first"),
    ("2026-12-24", "uk GB-ENG processor_forward", "", "2026-12-30", "Christmas, weekend, Boxing Day's substitute"),
    ("2026-08-01", "eu FR authority_letter", "", "2026-08-04", "received on a Saturday"),
    ("2026-06-10", "eu IE objection_marketing", "told 2026-06-10", "2026-06-12", "Thursday and Friday"),
    ("2022-07-01T13:00:00Z", "eu DE breach_report", "", "2022-07-04", "72 hours over a weekend"),
    ("2026-06-01", "eu DE chat_erasure", "", "2026-07-01", "thirty days and the month end together"),
    ("2026-07-02", "eu DE chat_erasure", "", "2026-08-01", "the thirtieth day is a Saturday and stays"),
    ("2026-01-31", "eu DE chat_erasure", "", "2026-03-02", "28 February, Saturday, rolls to the thirtieth day"),
    ("2025-01-31", "eu DE chat_erasure", "", "2025-02-28", "the month ends before the thirtieth day"),
    ("2026-07-01", "eu DE erasure_backup", "", "2026-09-29", "ninety days end before 1 August and sixty"),
    ("2026-01-31", "eu DE erasure_backup", "", "2026-04-29", "28 February and sixty days end before ninety"),
    ("2026-02-01", "eu DE erasure_backup", "", "2026-04-30", "1 March and sixty days"),
    ("2026-05-04", "eu DE erasure_backup", "", "2026-08-02", "a Sunday stays a Sunday"),
)
def test_every_other_kind_has_its_own_clock(received: str, what: str, events: str, expected: str) -> None:
    answer = reckon(received, what, events)
    assert (answer.due_on, answer.due_without_pause) == (date.fromisoformat(expected),) * 2


@pytest.mark.parametrize(
    ("received", "timezone", "expected"),
    [
        pytest.param("2026-03-31T21:59:59Z", "Europe/Paris", "2026-03-31", id="23:59:59 counts as that day"),
        pytest.param("2026-03-31T22:00:00Z", "Europe/Paris", "2026-04-01", id="midnight is the next day"),
        pytest.param("2026-02-28T22:59:59Z", "Europe/Paris", "2026-02-28", id="in winter the offset is one hour"),
        pytest.param("2026-05-09T18:14:59Z", "Asia/Kathmandu", "2026-05-09", id="UTC+5:45, a second before midnight"),
        pytest.param("2026-05-09T18:15:00Z", "Asia/Kathmandu", "2026-05-10", id="UTC+5:45, midnight"),
        pytest.param("2026-05-09T12:00:00Z", "Pacific/Auckland", "2026-05-10", id="already tomorrow in Auckland"),
        pytest.param("2026-05-09T11:15:00Z", "Pacific/Chatham", "2026-05-10", id="UTC+12:45, midnight"),
        pytest.param("2026-05-09T10:00:00Z", "Pacific/Kiritimati", "2026-05-10", id="UTC+14, midnight"),
        pytest.param("2026-05-10T03:59:59Z", "America/New_York", "2026-05-09", id="still yesterday in New York"),
    ],
)
def test_the_day_of_receipt_is_the_local_day(received: str, timezone: str, expected: str) -> None:
    assert received_on(facts_of(received, "eu IE access", timezone=timezone)) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("received", "timezone", "expected"),
    [
        pytest.param("2026-02-27", "Europe/London", "2026-03-28T00:00:00Z", id="27 March: winter time in London"),
        pytest.param("2026-03-02", "Europe/London", "2026-04-02T23:00:00Z", id="2 April: summer time in London"),
        pytest.param("2026-09-23", "Europe/Berlin", "2026-10-23T22:00:00Z", id="23 October: summer time in Berlin"),
        pytest.param("2026-09-28", "Europe/Berlin", "2026-10-28T23:00:00Z", id="28 October: winter time in Berlin"),
        pytest.param(
            "2026-03-23", "Africa/Cairo", "2026-04-23T22:00:00Z", id="Cairo skips the midnight after 23 April"
        ),
        pytest.param("2026-02-10", "Asia/Kathmandu", "2026-03-10T18:15:00Z", id="UTC+5:45"),
    ],
)
def test_a_due_date_ends_where_the_next_local_day_begins(received: str, timezone: str, expected: str) -> None:
    answer = reckon(received, "eu GB access", timezone=timezone)
    assert answer.due_at == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("received", "due_at", "due_on"),
    [
        pytest.param(
            "2026-03-27T12:00:00Z", "2026-03-30T12:00:00Z", "2026-03-30", id="13:00 in winter, 14:00 in summer"
        ),
        pytest.param(
            "2026-10-23T22:30:00Z", "2026-10-26T22:30:00Z", "2026-10-26", id="24 October 00:30, 26 October 23:30"
        ),
        pytest.param("2026-12-24T12:00:00Z", "2026-12-27T12:00:00Z", "2026-12-27", id="Christmas is no reason to wait"),
    ],
)
def test_hours_are_hours_of_real_time(received: str, due_at: str, due_on: str) -> None:
    answer = reckon(received, "eu DE incident")
    assert (answer.due_at, answer.due_on) == (datetime.fromisoformat(due_at), date.fromisoformat(due_on))


@pytest.mark.parametrize(
    ("what", "events"),
    [
        ("eu FR access", "identity 2026-06-03/"),
        ("eu FR access", "clarification 2026-06-03/"),
        ("eu FR erasure", "identity 2026-06-03/2026-06-04; mandate 2026-06-20/"),
        ("uk GB-ENG access", "identity 2026-06-03/"),
        ("uk GB-ENG erasure", "fee 2026-06-03/"),
        ("uk GB-ENG access", "clarification 2026-06-03/"),
        ("uk GB-ENG access", "clarification 2026-06-03/; told 2026-08-20"),
    ],
)
def test_a_question_without_an_answer_leaves_no_due_date_but_the_one_without_it(what: str, events: str) -> None:
    answer = reckon("2026-06-01", what, events)
    found = (answer.due_on, answer.due_at, answer.legal_due, answer.state, answer.due_without_pause)
    assert found == (None, None, None, ClockState.WAITING, date(2026, 7, 1))


def test_the_date_without_the_pause_keeps_the_extension() -> None:
    answer = reckon("2022-03-01", "eu FR access", "identity 2022-03-03/2022-03-10; told 2022-04-01")
    assert answer.due_without_pause == date(2022, 6, 1)


def test_an_extension_told_too_late_is_flagged() -> None:
    assert reckon("2022-03-01", "eu FR access", "told 2022-04-04").flags == (ClockFlag.EXTENSION_LATE,)


def test_an_extension_in_time_is_not_flagged() -> None:
    assert reckon("2022-03-01", "eu FR access", "told 2022-04-01").flags == ()


def test_the_last_day_for_the_notice_of_an_extension_is_told() -> None:
    answer = reckon("2027-03-01", "uk GB-ENG access", "identity 2027-03-03/2027-03-10")
    assert answer.extension_notice_by == date(2027, 4, 12)


def test_a_kind_without_extension_has_no_last_day_for_its_notice() -> None:
    assert reckon("2027-03-01", "uk GB-ENG complaint").extension_notice_by is None


def test_a_fast_clock_keeps_the_month_as_the_limit_of_the_law() -> None:
    answer = reckon("2026-06-10", "eu IE unsubscribe")
    assert (answer.due_on, answer.legal_due) == (date(2026, 6, 12), date(2026, 7, 10))


def test_a_case_shows_the_earliest_of_its_dates() -> None:
    answers = [reckon("2026-06-10", f"eu IE {kind}") for kind in ("access", "unsubscribe", "erasure_backup")]
    assert earliest(answers) == answers[1]


def test_a_case_in_which_all_items_wait_shows_no_date() -> None:
    assert earliest([reckon("2026-06-10", "eu IE access", "identity 2026-06-11/")]) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-07-01T21:59:59Z", False),
        ("2026-07-01T22:00:00Z", True),
        ("2026-06-30T12:00:00Z", False),
    ],
)
def test_due_today_is_not_overdue(now: str, expected: bool) -> None:  # noqa: FBT001
    assert is_overdue(date(2026, 7, 1), datetime.fromisoformat(now), "Europe/Paris") is expected
