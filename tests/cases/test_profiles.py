"""Rows of other laws, each reckoned by hand; the reason is in the id.

A row: local day of receipt at noon (or an instant with Z), "profile calendar kind", events, what must come out. Events
read "identity 2026-03-03/2026-03-20" (asked/answered, nothing after the slash while open) or "told 2026-04-16".
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from cases.clock_facts import ClockEvent, ClockFlag, ExtensionEvent, PauseEvent
from cases.clock_kinds import ClockKind
from cases.holiday_calendar import working_days
from cases.profiles import Profile, ProfileDue, ProfileError, ProfileFacts, profile_due
from models.casework import PauseReason
from models.errors import SettingsError

ZONES = {"US": "America/Los_Angeles", "BR": "America/Sao_Paulo", "CH": "Europe/Zurich", "CA": "America/Toronto"}
PLACES = {Profile.CCPA: "US", Profile.LGPD: "BR", Profile.DSG: "CH", Profile.PIPEDA: "CA"}
RIGHTS = [
    ClockKind.ACCESS,
    ClockKind.RECTIFICATION,
    ClockKind.ERASURE,
    ClockKind.RESTRICTION,
    ClockKind.PORTABILITY,
    ClockKind.OBJECTION,
    ClockKind.OBJECTION_MARKETING,
    ClockKind.WITHDRAW_CONSENT,
    ClockKind.AUTOMATED_DECISION,
    ClockKind.UNSPECIFIED,
]
OPT_OUTS = [
    ClockKind.OBJECTION,
    ClockKind.OBJECTION_MARKETING,
    ClockKind.RESTRICTION,
    ClockKind.WITHDRAW_CONSENT,
]
SOURCES = {
    Profile.CCPA: ("11 CCR 7021", "11 CCR 7026"),
    Profile.LGPD: ("LGPD Art. 18", "LGPD Art. 19"),
    Profile.DSG: ("DSG Art. 25", "DSV Art. 18", "OR Art. 78"),
    Profile.PIPEDA: ("PIPEDA s. 8",),
}


def event_of(text: str) -> ClockEvent:
    word, days = text.split()
    if word == "told":
        return ExtensionEvent(date.fromisoformat(days))
    asked, answered = days.split("/")
    return PauseEvent(PauseReason(word), date.fromisoformat(asked), date.fromisoformat(answered) if answered else None)


def reckon(received: str, what: str, events: str = "", *, dsg_rolls: bool = False) -> ProfileDue:
    profile, country, kind = what.split()
    zone = ZONES[country[:2]]
    if received.endswith("Z"):
        received_at = datetime.fromisoformat(received)
    else:
        received_at = datetime.combine(date.fromisoformat(received), time(12), ZoneInfo(zone))
    known = tuple(event_of(text) for text in events.split(";") if text.strip())
    facts = ProfileFacts(Profile(profile), received_at, zone, ClockKind(kind), known)
    return profile_due(facts, working_days(country), dsg_rolls=dsg_rolls)


def told(answer: ProfileDue) -> str:
    """Return the last day, and "late" where a notice came too late."""
    return " ".join([str(answer.due_on), *(flag.removeprefix("extension_") for flag in answer.flags)])


def rows(*lines: tuple[str, ...]) -> pytest.MarkDecorator:
    names = ("received", "what", "events", "expected")
    return pytest.mark.parametrize(names, [pytest.param(*line[:-1], id=line[-1]) for line in lines])


@rows(
    ("2026-03-02", "ccpa US access", "", "2026-04-16", "29 days to 31 March and 16 more"),
    ("2026-02-06", "ccpa US erasure", "", "2026-03-23", "22 days to 28 February and 23 more; holidays do not matter"),
    ("2026-03-07", "ccpa US access", "", "2026-04-21", "received on a Saturday: counted from that day all the same"),
    ("2026-01-01", "ccpa US access", "", "2026-02-15", "received on a holiday; 15 February is a Sunday and stays"),
    ("2025-12-19", "ccpa US access", "", "2026-02-02", "year end: 12 days to 31 December, 31 in January, 2 more"),
    ("2026-11-10", "ccpa US access", "", "2026-12-25", "20 days to 30 November and 25 more: Christmas, which stays"),
    ("2024-01-20", "ccpa US access", "", "2024-03-05", "leap year: 11 and 29 days to 29 February and 5 more"),
    ("2025-01-20", "ccpa US access", "", "2025-03-06", "common year: 11 and 28 days to 28 February and 6 more"),
    ("2024-02-29", "ccpa US access", "", "2024-04-14", "from the leap day: 31 to 31 March and 14 more, a Sunday"),
    ("2024-01-15", "ccpa US access", "", "2024-02-29", "16 days to 31 January and 29 more: the leap day itself"),
    ("2026-03-03T07:59:00Z", "ccpa US access", "", "2026-04-16", "23:59 in Los Angeles is still 2 March"),
    ("2026-03-03T08:00:00Z", "ccpa US access", "", "2026-04-17", "midnight in Los Angeles is 3 March"),
    ("2026-03-02", "ccpa US access", "identity 2026-03-03/2026-03-20", "2026-04-16", "verification adds nothing"),
    ("2026-03-02", "ccpa US access", "identity 2026-03-03/", "2026-04-16", "the clock never waits for verification"),
    ("2026-03-02", "ccpa US access", "fee 2026-03-03/; clarification 2026-03-04/", "2026-04-16", "nor for the rest"),
    ("2026-03-02", "ccpa US access", "told 2026-03-02", "2026-05-31", "29, 30 and 31 days: 90 in all, a Sunday"),
    ("2026-03-02", "ccpa US access", "told 2026-04-16", "2026-05-31", "told on the 45th day is in time"),
    ("2026-03-02", "ccpa US access", "told 2026-04-17", "2026-04-16 late", "told on the 46th day is late"),
    (
        "2026-03-02",
        "ccpa US access",
        "identity 2026-03-03/2026-03-20; told 2026-04-17",
        "2026-04-16 late",
        "a question does not give more time for the notice",
    ),
    ("2026-03-02", "ccpa US access", "told 2026-05-20; told 2026-04-10", "2026-05-31", "a second notice adds nothing"),
    ("2026-01-01", "ccpa US access", "told 2026-02-16", "2026-02-15 late", "the 45th day, a Sunday, does not move"),
    ("2025-11-20", "ccpa US access", "told 2026-01-04", "2026-02-18", "10 and 31 days to year end, 31 and 18: 90"),
    ("2023-12-15", "ccpa US access", "told 2024-01-29", "2024-03-14", "told on day 45; 16, 31, 29 (leap) and 14: 90"),
)
def test_california_gives_forty_five_days_and_as_many_again(
    received: str, what: str, events: str, expected: str
) -> None:
    assert told(reckon(received, what, events)) == expected


@rows(
    ("2026-03-02", "ccpa US objection", "", "2026-03-23", "4, 5 and 5 days to Friday 20 March, and Monday"),
    ("2026-03-07", "ccpa US objection_marketing", "", "2026-03-27", "received on a Saturday: three whole weeks"),
    ("2026-02-06", "ccpa US restriction", "", "2026-03-02", "Washington's Birthday, 16 February, is left out"),
    ("2026-06-12", "ccpa US withdraw_consent", "", "2026-07-07", "without 19 June and Friday 3 July (observed)"),
    ("2025-12-19", "ccpa US objection", "", "2026-01-13", "year end: without 25 December and 1 January"),
    ("2026-11-06", "ccpa US objection", "", "2026-12-01", "without Veterans Day and Thanksgiving"),
    ("2026-11-06", "ccpa US-CA objection", "", "2026-12-02", "California has the day after Thanksgiving off too"),
    ("2024-02-28", "ccpa US objection", "", "2024-03-20", "the leap day, a Thursday, is a business day like others"),
    ("2026-03-02", "ccpa US objection", "told 2026-03-10", "2026-03-23", "no extension, so none is late either"),
    ("2026-03-02", "ccpa US objection", "told 2026-06-10", "2026-03-23", "whenever it was told"),
    ("2026-03-02", "ccpa US restriction", "identity 2026-03-03/2026-03-20", "2026-03-23", "a question adds nothing"),
)
def test_california_gives_fifteen_business_days_to_stop(received: str, what: str, events: str, expected: str) -> None:
    assert told(reckon(received, what, events)) == expected


@rows(
    ("2026-03-02", "ccpa US access", "", "2026-03-16", "two weeks of five days"),
    ("2026-02-06", "ccpa US access", "", "2026-02-23", "Washington's Birthday, 16 February, is left out"),
    ("2026-03-07", "ccpa US access", "", "2026-03-20", "received on a Saturday: Monday is the first"),
    ("2026-03-08", "ccpa US access", "", "2026-03-20", "received on a Sunday: the same"),
    ("2026-01-01", "ccpa US access", "", "2026-01-15", "received on a holiday, a Thursday: Friday is the first"),
    ("2025-12-19", "ccpa US access", "", "2026-01-06", "year end: without 25 December and 1 January"),
    ("2026-03-20", "ccpa US access", "", "2026-04-03", "31 March is a business day in the whole country"),
    ("2026-03-20", "ccpa US-CA access", "", "2026-04-06", "but Cesar Chavez Day in California"),
    ("2024-02-29", "ccpa US access", "", "2024-03-14", "from the leap day, a Thursday"),
    ("2026-03-03T07:59:00Z", "ccpa US access", "", "2026-03-16", "23:59 in Los Angeles is still 2 March"),
    ("2026-03-03T08:00:00Z", "ccpa US access", "", "2026-03-17", "midnight in Los Angeles is 3 March"),
    ("2026-03-02", "ccpa US access", "identity 2026-03-03/2026-03-20", "2026-03-16", "no question moves it"),
    ("2026-03-02", "ccpa US access", "told 2026-03-03", "2026-03-16", "nor does an extension"),
)
def test_california_has_the_receipt_confirmed_in_ten_business_days(
    received: str, what: str, events: str, expected: str
) -> None:
    assert str(reckon(received, what, events).acknowledge_by) == expected


@rows(
    ("2026-03-02", "lgpd BR access", "", "2026-03-17", "15 days on"),
    ("2026-03-02", "lgpd BR erasure", "", "2026-03-17", "the same for every other right"),
    ("2024-02-14", "lgpd BR portability", "", "2024-02-29", "ends on the leap day"),
    ("2024-02-20", "lgpd BR access", "", "2024-03-06", "leap year: 9 days to 29 February and 6 more"),
    ("2025-02-20", "lgpd BR access", "", "2025-03-07", "common year: 8 days to 28 February and 7 more"),
    ("2025-12-20", "lgpd BR access", "", "2026-01-04", "year end: 11 days and 4; a Sunday stays"),
    ("2026-12-10", "lgpd BR access", "", "2026-12-25", "Christmas stays"),
    ("2026-03-07", "lgpd BR objection", "", "2026-03-22", "received on a Saturday; 22 March is a Sunday and stays"),
    ("2026-03-03T02:59:00Z", "lgpd BR access", "", "2026-03-17", "23:59 in Sao Paulo is still 2 March"),
    ("2026-03-03T03:00:00Z", "lgpd BR access", "", "2026-03-18", "midnight in Sao Paulo is 3 March"),
    ("2026-03-02", "lgpd BR access", "told 2026-03-10", "2026-03-17", "no extension, so none is late either"),
    ("2026-03-02", "lgpd BR access", "told 2026-03-20", "2026-03-17", "whenever it was told"),
    ("2026-03-02", "lgpd BR access", "identity 2026-03-03/", "2026-03-17", "the clock never waits"),
)
def test_brazil_gives_fifteen_days_and_no_more(received: str, what: str, events: str, expected: str) -> None:
    assert told(reckon(received, what, events)) == expected


@rows(
    ("2026-03-02", "dsg CH access", "", "2026-04-01", "29 days to 31 March and one more"),
    ("2026-01-30", "dsg CH access", "", "2026-03-01", "1 and 28 days to 28 February and one more: a Sunday stays"),
    ("2024-01-30", "dsg CH access", "", "2024-02-29", "leap year: the 30th day is the leap day"),
    ("2026-12-02", "dsg CH access", "", "2027-01-01", "year end: 29 days to 31 December; New Year stays"),
    ("2026-03-01T22:59:00Z", "dsg CH access", "", "2026-03-31", "23:59 in Zurich is still 1 March"),
    ("2026-03-01T23:00:00Z", "dsg CH access", "", "2026-04-01", "midnight in Zurich is 2 March"),
    ("2026-03-02", "dsg CH access", "told 2026-04-01", "2026-05-01", "told on the 30th day: 29, 30 and 1 make 60"),
    ("2026-03-02", "dsg CH access", "told 2026-04-02", "2026-04-01 late", "told on the 31st day is late"),
    ("2026-01-30", "dsg CH access", "told 2026-03-02", "2026-03-01 late", "the 30th day, a Sunday, does not move"),
    ("2026-03-02", "dsg CH erasure", "mandate 2026-03-03/2026-03-09", "2026-04-01", "a question adds nothing"),
)
def test_switzerland_gives_thirty_days_and_as_many_again(received: str, what: str, events: str, expected: str) -> None:
    assert told(reckon(received, what, events)) == expected


@rows(
    ("2026-03-02", "dsg CH access", "", "2026-04-01", "a Wednesday needs no roll"),
    ("2026-01-30", "dsg CH access", "", "2026-03-02", "Sunday to Monday"),
    ("2026-07-02", "dsg CH access", "", "2026-08-03", "National Day, a Saturday, and Sunday"),
    ("2026-12-02", "dsg CH access", "", "2027-01-04", "New Year, a Friday, and the weekend"),
    ("2026-03-02", "dsg CH access", "told 2026-04-01", "2026-05-01", "1 May is a working day of the whole country"),
    ("2026-03-02", "dsg CH-ZH access", "told 2026-04-01", "2026-05-04", "but a holiday, a Friday, in Zurich"),
    ("2026-01-30", "dsg CH access", "told 2026-03-02", "2026-03-31", "told on the moved day; 60 count from receipt"),
    ("2026-01-30", "dsg CH access", "told 2026-03-03", "2026-03-02 late", "told after the moved day"),
    ("2026-01-01", "ccpa US access", "", "2026-02-15", "the setting is for Switzerland: a Sunday stays elsewhere"),
    ("2026-03-04", "pipeda CA access", "", "2026-04-03", "Good Friday stays in Canada"),
    ("2026-12-10", "lgpd BR access", "", "2026-12-25", "Christmas stays in Brazil"),
)
def test_a_swiss_last_day_moves_to_a_working_day_where_a_setting_says_so(
    received: str, what: str, events: str, expected: str
) -> None:
    assert told(reckon(received, what, events, dsg_rolls=True)) == expected


@rows(
    ("2026-03-02", "pipeda CA access", "", "2026-04-01", "29 days to 31 March and one more"),
    ("2026-03-04", "pipeda CA access", "", "2026-04-03", "27 and 3 days: Good Friday stays"),
    ("2026-06-01", "pipeda CA rectification", "", "2026-07-01", "Canada Day stays"),
    ("2025-12-15", "pipeda CA access", "", "2026-01-14", "year end: 16 days to 31 December and 14 more"),
    ("2024-02-15", "pipeda CA access", "", "2024-03-16", "leap year: 14 and 16 days; a Saturday stays"),
    ("2023-02-15", "pipeda CA access", "", "2023-03-17", "common year: 13 and 17 days"),
    ("2026-06-01", "pipeda CA access", "told 2026-07-01", "2026-07-31", "told on the 30th day: 29 and 31 make 60"),
    ("2026-06-01", "pipeda CA access", "told 2026-07-02", "2026-07-01 late", "Canada Day gives no more time for it"),
    ("2025-12-15", "pipeda CA access", "told 2026-01-14", "2026-02-13", "over the year end: 16, 31 and 13 make 60"),
    ("2026-03-02", "pipeda CA access", "fee 2026-03-03/2026-03-20", "2026-04-01", "a question adds nothing"),
)
def test_canada_gives_thirty_days_and_as_many_again(received: str, what: str, events: str, expected: str) -> None:
    assert told(reckon(received, what, events)) == expected


@pytest.mark.parametrize(
    ("received", "what", "expected"),
    [
        pytest.param("2026-03-02", "ccpa US access", "2026-04-17T07:00Z", id="summer time in California"),
        pytest.param("2026-09-17", "ccpa US access", "2026-11-02T08:00Z", id="the day on which summer time ends"),
        pytest.param("2026-03-02", "lgpd BR access", "2026-03-18T03:00Z", id="three hours behind"),
        pytest.param("2026-03-02", "dsg CH access", "2026-04-01T22:00Z", id="summer time in Zurich"),
        pytest.param("2025-12-15", "pipeda CA access", "2026-01-15T05:00Z", id="winter in Toronto"),
    ],
)
def test_the_last_day_lasts_until_midnight_in_the_zone(received: str, what: str, expected: str) -> None:
    due_at = reckon(received, what).due_at
    assert due_at == datetime.fromisoformat(expected)
    assert due_at.tzinfo is UTC


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("kind", RIGHTS)
def test_every_right_has_its_time_under_every_profile(profile: Profile, kind: ClockKind) -> None:
    answer = reckon("2026-03-02", f"{profile} {PLACES[profile]} {kind}")
    days = {Profile.CCPA: 21 if kind in OPT_OUTS else 45, Profile.LGPD: 15, Profile.DSG: 30, Profile.PIPEDA: 30}
    assert (answer.due_on - date(2026, 3, 2)).days == days[profile]
    assert (answer.acknowledge_by is not None) is (profile is Profile.CCPA and kind not in OPT_OUTS)


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("kind", sorted(set(ClockKind) - set(RIGHTS)))
def test_any_other_kind_is_refused_with_the_kinds_there_are(profile: Profile, kind: ClockKind) -> None:
    with pytest.raises(ProfileError, match=r"no clock under a profile; it must be one of access, .*, unspecified$"):
        reckon("2026-03-02", f"{profile} {PLACES[profile]} {kind}")


@pytest.mark.parametrize("events", ["", "told 2026-03-10", "told 2026-08-10; identity 2026-03-03/"])
@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("kind", RIGHTS)
def test_every_step_names_the_source_of_its_rule(profile: Profile, kind: ClockKind, events: str) -> None:
    answer = reckon("2026-03-08", f"{profile} {PLACES[profile]} {kind}", events, dsg_rolls=True)
    assert all(any(source in step for source in SOURCES[profile]) for step in answer.steps)
    assert all(step.endswith(".") for step in answer.steps)


def test_the_steps_tell_how_the_day_was_found() -> None:
    answer = reckon("2026-03-02", "ccpa US access", "identity 2026-03-03/; told 2026-04-17; told 2026-04-20")
    assert answer.flags == (ClockFlag.EXTENSION_LATE,)
    assert answer.steps == (
        "Received on 2 March 2026 (America/Los_Angeles); the day of receipt is not counted (11 CCR 7021(b)).",
        "The receipt must be confirmed within 10 business days: by Monday 16 March 2026 (11 CCR 7021(a)).",
        "The time runs whatever is asked of the person and however long that takes (11 CCR 7021(b)).",
        "The person was told of the extension on 17 April 2026, but the last day for that was 16 April 2026: "
        "it does not count (11 CCR 7021(b); Cal. Civ. Code 1798.130(a)(2)(A)).",
        "45 calendar days after 2 March 2026: Thursday 16 April 2026 (11 CCR 7021(b)).",
        "Due by the end of Thursday 16 April 2026 (America/Los_Angeles; 11 CCR 7021(b)).",
    )


@pytest.mark.parametrize(
    ("received", "what", "events", "sentence"),
    [
        (
            "2026-03-02",
            "pipeda CA access",
            "told 2026-03-20; told 2026-04-20",
            "The person was told of the extension on 20 March 2026, in time (last day for it: 1 April 2026): "
            "30 days more, 60 in all (PIPEDA s. 8(4)).",
        ),
        (
            "2026-03-02",
            "pipeda CA access",
            "told 2026-03-20; told 2026-04-20",
            "A further extension, told on 20 April 2026, does not count: there is one at most (PIPEDA s. 8(4)).",
        ),
        (
            "2026-03-02",
            "lgpd BR access",
            "told 2026-03-20",
            "No extension is known for this time: the notice does not count (LGPD Art. 19(II)).",
        ),
        (
            "2026-12-10",
            "lgpd BR access",
            "",
            "25 December 2026 is a public holiday (Christmas Day): the last day stays, "
            "which is the cautious reading (LGPD Art. 19(II)).",
        ),
        (
            "2026-01-30",
            "dsg CH access",
            "",
            "1 March 2026 is a Sunday: the last day moves to Monday 2 March 2026 (OR Art. 78; SR 173.110.3).",
        ),
    ],
)
def test_a_step_tells_what_counted_and_what_did_not(received: str, what: str, events: str, sentence: str) -> None:
    assert sentence in reckon(received, what, events, dsg_rolls=True).steps


def test_brazil_asks_for_an_answer_at_once_but_for_full_answers() -> None:
    at_once = {kind for kind in RIGHTS if "at once" in " ".join(reckon("2026-03-02", f"lgpd BR {kind}").steps)}
    assert at_once == set(RIGHTS) - {ClockKind.ACCESS, ClockKind.PORTABILITY}


def test_a_receipt_without_a_time_zone_and_an_unknown_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ProfileFacts(Profile.DSG, datetime(2026, 3, 2), "Europe/Zurich", ClockKind.ACCESS)  # noqa: DTZ001
    facts = ProfileFacts(Profile.DSG, datetime(2026, 3, 2, tzinfo=UTC), "Europe/Zurick", ClockKind.ACCESS)
    with pytest.raises(SettingsError, match="Europe/Zurich"):
        profile_due(facts, working_days("CH"))
