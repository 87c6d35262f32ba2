"""Rows of the law, each reckoned by hand; the reason is in the id. Those of places are in `test_deadlines_places.py`."""

from datetime import date

import pytest
from clock_rows import reckon, rows

from cases.deadlines import ClockFlag, ClockState, earliest


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
    ("2023-12-31", "eu FR access", "", "2024-01-31", "over the turn of the year"),
    ("2025-12-31", "eu DE access", "", "2026-02-02", "31 January 2026 is a Saturday"),
    ("2026-08-31", "eu DE access", "", "2026-09-30", "froide's month rule says 1 October: too late"),
    ("2026-06-12T21:00:00Z", "eu DE access", "", "2026-07-13", "Friday 23:00 is still that day; 12 July is a Sunday"),
    ("2028-01-31", "uk GB-WLS access", "", "2028-02-29", "leap year in the Kingdom: the 29th, a Tuesday"),
    ("2028-01-29", "eu IT erasure", "", "2028-02-29", "29 February 2028 exists"),
    ("2028-02-28", "eu IT erasure", "", "2028-03-28", "28 March, not the day before the end of March"),
    ("2027-01-30", "eu FR access", "", "2027-03-01", "28 February 2027 is a Sunday"),
    ("2026-01-28", "eu FR erasure", "", "2026-03-02", "28 February 2026 is a Saturday"),
    ("2027-02-28", "eu FR access", "", "2027-03-30", "28 March 2027 is Easter Sunday, then Easter Monday"),
    ("2027-02-28", "uk GB-SCT access", "", "2027-03-29", "the same Sunday; Scotland has no Easter Monday"),
    ("2026-04-30", "eu FR access", "", "2026-06-01", "30 May, not the end of May: a Saturday"),
    ("2026-03-31", "eu DE portability", "", "2026-04-30", "April has no 31st"),
    ("2026-05-31", "eu PL restriction", "", "2026-06-30", "June has no 31st"),
    ("2026-10-31", "eu NL objection", "", "2026-11-30", "November has no 31st"),
    ("2026-12-31", "eu FR rectification", "", "2027-02-01", "31 January 2027 is a Sunday"),
    ("2026-11-30", "eu SE automated_decision", "", "2026-12-30", "30 December, not the end of the year"),
    ("2026-12-01", "eu DE access", "", "2027-01-04", "New Year's Day is a Friday"),
    ("2026-12-25", "eu DE access", "", "2027-01-25", "received at Christmas counts that day"),
    ("2026-11-25", "eu DE access", "", "2026-12-28", "Christmas on a Friday; no substitute days in Germany"),
)
def test_a_month_ends_on_the_same_day_number_or_the_last_day(
    received: str, what: str, events: str, expected: str
) -> None:
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
    ("2028-01-31", "eu FR access", "identity 2028-02-28/2028-03-01", "2028-03-02", "over the leap day: 2 days"),
    ("2026-01-31", "eu FR access", "identity 2026-02-27/2026-03-05", "2026-03-06", "28 February and 6 days"),
    ("2026-06-01", "eu FR access", "identity 2026-06-01/2026-06-08", "2026-07-08", "asked on the day of receipt: 7"),
    ("2026-06-10", "eu FR access", "identity 2026-06-05/2026-06-09", "2026-07-10", "all of it before receipt: 0"),
    ("2026-06-10", "eu FR access", "identity 2026-06-05/2026-06-10", "2026-07-10", "answered on the day of receipt: 0"),
    ("2026-10-05", "eu PL access", "identity 2026-10-08/2026-10-14", "2026-11-12", "5 November and 6 days: a holiday"),
    ("2026-11-20", "eu DE erasure", "mandate 2026-11-25/2026-11-30", "2026-12-28", "Sunday 20 and 5 days: Christmas"),
    (
        "2026-06-04",
        "eu FR access",
        "identity 2026-07-03/2026-07-08",
        "2026-07-09",
        "in time on Friday 3 July: 4 and 5 days",
    ),
    (
        "2026-06-04",
        "eu FR access",
        "identity 2026-07-05/2026-07-20",
        "2026-07-06",
        "too late, though before the rolled end",
    ),
    ("2026-06-01", "eu FR rectification", "identity 2026-06-03/2026-06-10", "2026-07-08", "identity: rectification"),
    ("2026-06-01", "eu FR restriction", "identity 2026-06-03/2026-06-10", "2026-07-08", "identity: restriction"),
    ("2026-06-01", "eu FR portability", "identity 2026-06-03/2026-06-10", "2026-07-08", "identity: portability"),
    ("2026-06-01", "eu FR automated_decision", "mandate 2026-06-03/2026-06-10", "2026-07-08", "mandate: Art. 22"),
    (
        "2026-06-01",
        "eu FR access",
        "identity 2026-06-03/2026-06-10; mandate 2026-06-08/2026-06-15; clarification 2026-06-14/2026-06-18",
        "2026-07-16",
        "a chain of three: 4 to 18 June are 15 days",
    ),
    (
        "2026-06-01",
        "eu FR erasure",
        "identity 2026-06-03/2026-06-10; mandate 2026-06-08/2026-06-15; clarification 2026-06-14/2026-06-18",
        "2026-07-13",
        "the clarification is out for an erasure: 4 to 15 June are 12 days",
    ),
    (
        "2026-06-01",
        "eu FR access",
        "identity 2026-06-29/2026-07-20; mandate 2026-07-10/2026-07-25",
        "2026-07-27",
        "asked within the first pause: 30 June to 25 July are 26 days",
    ),
    (
        "2026-06-01",
        "eu FR access",
        "identity 2026-06-10/2026-06-12; mandate 2026-07-03/2026-07-10",
        "2026-07-03",
        "2 days make it 3 July; asked on that day is too late",
    ),
    (
        "2026-06-01",
        "eu FR access",
        "identity 2026-06-10/2026-06-12; mandate 2026-07-02/2026-07-10",
        "2026-07-13",
        "asked a day before is in time: 2 and 8 days, a Saturday",
    ),
    (
        "2026-06-01",
        "eu FR access",
        "identity 2026-06-03/2026-06-10; mandate 2026-07-08/",
        "2026-07-08",
        "open, but asked on the end that 7 days made",
    ),
    (
        "2026-06-01",
        "eu FR access",
        "fee 2026-06-03/2026-06-20; clarification 2026-06-10/2026-06-13",
        "2026-07-06",
        "the fee is nothing, the clarification 3 days: a Saturday",
    ),
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
    (
        "2027-03-01",
        "uk GB-ENG erasure",
        "identity 2027-03-03/2027-03-10; mandate 2027-03-12/2027-03-19",
        "2027-04-19",
        "one proof after another: starts 19 March",
    ),
    ("2027-03-01", "uk GB-ENG erasure", "mandate 2027-04-01/2027-04-30", "2027-06-01", "30 May Sunday, spring holiday"),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "fee 2027-04-02/2027-04-05",
        "2027-04-01",
        "a fee asked after the month: nothing",
    ),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-03-20/2027-04-10; fee 2027-04-05/2027-04-12",
        "2027-05-10",
        "the month for asking is that of receipt, not the moved one",
    ),
    (
        "2027-01-15",
        "uk GB-ENG access",
        "identity 2027-01-20/2027-01-31",
        "2027-03-01",
        "starts 31 January: 28 Feb, Sun",
    ),
    ("2028-02-10", "uk GB-ENG access", "identity 2028-02-15/2028-02-29", "2028-03-29", "starts on the leap day"),
    ("2026-08-10", "uk GB-ENG access", "fee 2026-08-12/2026-08-31", "2026-09-30", "starts 31 August, a bank holiday"),
    ("2025-11-20", "uk GB-SCT access", "identity 2025-11-25/2025-12-02", "2026-01-05", "starts 2 December: 2 January"),
    ("2025-11-20", "uk GB-ENG access", "identity 2025-11-25/2025-12-02", "2026-01-02", "which is worked in England"),
    ("2027-05-20", "uk GB-NIR access", "mandate 2027-05-25/2027-06-12", "2027-07-13", "starts 12 June: 12 July"),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-03-03/2027-03-10; clarification 2027-03-03/2027-03-08",
        "2027-04-12",
        "a clarification over before the start adds nothing",
    ),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-03-03/2027-03-10; clarification 2027-03-08/2027-03-16",
        "2027-04-16",
        "of one that overlaps it, 11 to 16 March: 10 April and 6 days",
    ),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-03-03/2027-03-10; clarification 2027-03-12/2027-03-19",
        "2027-04-19",
        "one after it counts whole: 17 April is a Saturday",
    ),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "clarification 2027-03-05/2027-03-12; clarification 2027-03-10/2027-03-16",
        "2027-04-12",
        "two that overlap: 6 to 16 March are 11 days",
    ),
    ("2027-03-01", "uk GB-ENG access", "clarification 2027-03-31/2027-04-09", "2027-04-12", "1 April and 9 days: Sat"),
    ("2027-03-01", "uk GB-ENG access", "clarification 2027-04-01/2027-04-09", "2027-04-01", "asked on the last day"),
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
    ("2026-11-25", "uk GB-ENG access", "told 2026-12-29", "2027-02-25", "25 December: in time until Tuesday 29"),
    ("2026-11-25", "uk GB-ENG access", "told 2026-12-30", "2026-12-29", "and late on Wednesday 30"),
    ("2026-10-30", "uk GB-SCT access", "told 2026-12-01", "2027-02-01", "Saint Andrew: in time; 30 January a Saturday"),
    ("2026-10-30", "uk GB-ENG access", "told 2026-12-01", "2026-11-30", "late in England, which has no such day"),
    ("2026-01-30", "uk GB-ENG erasure", "told 2026-03-02", "2026-04-30", "28 February a Saturday: in time on Monday"),
    ("2026-01-30", "uk GB-ENG erasure", "told 2026-03-03", "2026-03-02", "late on Tuesday"),
    ("2026-11-30", "uk GB-ENG erasure", "told 2026-12-15", "2027-03-01", "three months to 28 February, a Sunday"),
    ("2026-04-08", "eu FR erasure", "told 2026-05-11", "2026-07-08", "8 May a holiday: in time on Monday 11"),
    ("2026-04-08", "eu FR erasure", "told 2026-05-12", "2026-05-11", "late on Tuesday 12"),
    ("2026-10-11", "eu PL access", "told 2026-11-12", "2027-01-11", "11 November a holiday: in time on the 12th"),
    ("2026-10-11", "eu PL access", "told 2026-11-13", "2026-11-12", "late on the 13th"),
    ("2026-08-31", "eu DE objection", "told 2026-09-30", "2026-11-30", "in time on 30 September; November has no 31st"),
    ("2026-08-31", "eu DE objection", "told 2026-10-01", "2026-09-30", "late on 1 October"),
    ("2027-11-30", "eu FR portability", "told 2027-12-10", "2028-02-29", "three months to the leap day"),
    ("2026-06-01", "eu FR access", "told 2026-06-01", "2026-09-01", "told on the day of receipt"),
    (
        "2026-06-01",
        "eu FR access",
        "told 2026-06-10; identity 2026-06-15/2026-06-20; mandate 2026-08-31/2026-09-05",
        "2026-09-11",
        "1 September, 5 days, and 5 asked in time on 31 August",
    ),
    (
        "2026-06-01",
        "eu FR access",
        "told 2026-06-10; identity 2026-09-01/2026-09-10",
        "2026-09-01",
        "asked on the last day of the third month",
    ),
    (
        "2027-03-01",
        "uk GB-ENG erasure",
        "fee 2027-03-05/2027-03-31; told 2027-04-30",
        "2027-06-30",
        "starts 31 March: in time on 30 April, due 30 June",
    ),
    ("2027-03-01", "uk GB-ENG erasure", "fee 2027-03-05/2027-03-31; told 2027-05-01", "2027-04-30", "late on 1 May"),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-03-03/2027-03-10; clarification 2027-03-12/2027-03-19; told 2027-04-19",
        "2027-06-17",
        "10 April and 7 days a Saturday, in time on Monday; 10 June and 7 days",
    ),
    (
        "2027-03-01",
        "uk GB-ENG access",
        "identity 2027-03-03/2027-03-10; clarification 2027-03-12/2027-03-19; told 2027-04-20",
        "2027-04-19",
        "and late on Tuesday",
    ),
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
    ("2026-06-01", "uk GB-ENG job_applicant", "identity 2026-06-03/2026-06-10", "2026-07-01", "in the Kingdom neither"),
    ("2026-12-02", "uk GB-SCT unclassified", "", "2027-01-05", "2 January a Saturday, Monday 4 its substitute"),
    ("2026-09-12", "eu ES-MD post_mortem", "", "2026-10-13", "12 October, a holiday, moves this month too"),
    ("2026-07-01", "eu FR complaint", "", "2026-08-03", "a month in the Union: 1 August is a Saturday"),
    ("2026-06-01", "eu DE complaint", "identity 2026-06-03/; told 2026-06-10", "2026-07-01", "which nothing moves"),
    ("2026-09-26", "eu AT complaint", "", "2026-10-27", "Austria's 26 October, a Monday"),
    ("2026-07-01", "uk GB-ENG complaint", "", "2026-07-31", "thirty days, not a month"),
    ("2026-06-19", "uk GB-ENG complaint", "", "2026-07-20", "the first day of s. 164A: 19 July is a Sunday"),
    ("2026-11-25", "uk GB-ENG complaint", "", "2026-12-29", "the thirtieth day is Christmas"),
    ("2027-02-26", "uk GB-ENG complaint", "", "2027-03-30", "28 March is Easter Sunday, then Easter Monday"),
    ("2027-02-26", "uk GB-SCT complaint", "", "2027-03-29", "which Scotland works"),
    ("2028-02-01", "uk GB-WLS complaint", "", "2028-03-02", "28 days to the leap day, and two"),
    ("2027-06-12", "uk GB-NIR complaint", "", "2027-07-13", "12 July in Northern Ireland"),
    ("2026-10-31", "uk GB-SCT complaint", "", "2026-12-01", "Saint Andrew, a Monday"),
)
def test_every_other_kind_has_its_own_clock(received: str, what: str, events: str, expected: str) -> None:
    answer = reckon(received, what, events)
    assert (answer.due_on, answer.due_without_pause) == (date.fromisoformat(expected),) * 2


@rows(
    ("2027-02-01", "eu DE chat_erasure", "", "2027-03-01", "28 days: the month ends first, on a Monday"),
    ("2028-02-01", "eu DE chat_erasure", "", "2028-03-01", "29 days: the month still ends first"),
    ("2024-01-31", "eu DE chat_erasure", "", "2024-02-29", "the leap day is the 29th day after"),
    ("2028-01-30", "eu DE chat_erasure", "", "2028-02-29", "the leap day is the thirtieth and the month's last"),
    ("2026-01-30", "eu DE chat_erasure", "", "2026-03-01", "the thirtieth is Sunday 1 March, the month rolls to 2"),
    ("2026-01-29", "eu DE chat_erasure", "", "2026-02-28", "the thirtieth is Saturday 28 February and stays"),
    ("2027-02-28", "eu DE chat_erasure", "", "2027-03-30", "28 March rolls over Easter Monday to the thirtieth"),
    ("2027-02-27", "eu DE chat_erasure", "", "2027-03-29", "the thirtieth is Easter Monday and stays"),
    ("2026-07-31", "eu FR chat_erasure", "", "2026-08-30", "long months: the thirtieth, a Sunday, before 31 August"),
    ("2026-12-31", "eu FR chat_erasure", "", "2027-01-30", "the thirtieth, a Saturday, before 31 January"),
    ("2026-04-30", "eu FR chat_erasure", "", "2026-05-30", "both on Saturday 30 May: only the month would roll"),
    ("2026-11-26", "uk GB-ENG chat_erasure", "", "2026-12-26", "Boxing Day stays"),
    ("2027-02-10", "eu FR erasure_backup", "", "2027-05-09", "28 days and sixty: 88, before ninety"),
    ("2028-02-10", "eu FR erasure_backup", "", "2028-05-09", "29 days and sixty: 89, before ninety"),
    ("2024-01-31", "eu FR erasure_backup", "", "2024-04-29", "29 February and sixty; ninety are 30 April"),
    ("2026-06-15", "eu FR erasure_backup", "", "2026-09-13", "30 days and sixty are ninety, a Sunday"),
    ("2026-12-10", "eu FR erasure_backup", "", "2027-03-10", "31 days and sixty: ninety end before"),
    ("2026-10-31", "eu FR erasure_backup", "", "2027-01-29", "30 November and sixty are ninety too"),
    ("2026-09-27", "uk GB-ENG erasure_backup", "", "2026-12-26", "Boxing Day stays here too"),
)
def test_a_house_promise_is_never_rolled(received: str, what: str, events: str, expected: str) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


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
