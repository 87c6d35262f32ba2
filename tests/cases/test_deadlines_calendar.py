"""Holiday calendars: which days are off where, and what is said of a code that does not exist."""

from datetime import date, timedelta

import holidays
import pytest

from cases.clock_facts import zone_named
from cases.clock_kinds import ClockKind
from cases.day_counting import corresponding_day, next_working_day, working_day_after, working_day_before
from cases.holiday_calendar import working_days
from models.errors import SettingsError
from models.verdict import Kind

CHRISTMAS = date(2026, 12, 25)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 12, 24), ""),
        (CHRISTMAS, "a public holiday (Christmas Day)"),
        (date(2026, 12, 26), "a Saturday"),
        (date(2026, 12, 27), "a Sunday"),
        (date(2026, 12, 28), "a public holiday (Boxing Day (observed))"),
        (date(2026, 12, 31), "a local holiday"),
    ],
)
def test_a_day_off_has_a_reason(day: date, reason: str) -> None:
    assert working_days("GB-ENG", ["2026-12-31"]).day_off(day) == reason


def test_local_holidays_may_be_dates_or_texts() -> None:
    assert working_days("FR", [date(2026, 12, 31)]) == working_days("FR", ["2026-12-31"])


def test_a_local_holiday_that_is_no_date_is_refused() -> None:
    with pytest.raises(SettingsError, match="YYYY-MM-DD"):
        working_days("FR", ["31.12.2026"])


def test_a_holiday_added_afterwards_counts_for_a_running_clock() -> None:
    end = date(2026, 7, 1)
    assert next_working_day(end, working_days("FR", ["2026-07-01"])) == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("UK", "GB"),
        ("UK-ENG", "GB-ENG"),
        ("EL", "GR"),
        ("gb-eng", "GB-ENG"),
        ("GB_SCT", "GB-SCT"),
        ("GB-SCO", "GB-SCT"),
        ("DE-BAY", "DE-BY"),
        ("fr", "FR"),
        ("IE-D", "IE"),
    ],
)
def test_an_unknown_code_is_answered_with_the_nearest(wrong: str, nearest: str) -> None:
    with pytest.raises(SettingsError, match=f"the nearest code is {nearest}$"):
        working_days(wrong)


@pytest.mark.parametrize("wrong", ["", "X", "XX", "GB-", "-", "FR\n", "FRANCE", "DE-BY-M", "É"])
def test_nonsense_is_no_country(wrong: str) -> None:
    with pytest.raises(SettingsError):
        working_days(wrong)


@pytest.mark.parametrize("code", sorted(holidays.list_supported_countries(include_aliases=False)))
def test_every_country_has_a_calendar(code: str) -> None:
    calendar = working_days(code)
    assert all(isinstance(calendar.day_off(date(year, 5, 4)), str) for year in (1970, 2026, 2101))


def test_all_of_the_public_category_is_off() -> None:
    calendar = working_days("DE-BY")
    public = holidays.country_holidays("DE", subdiv="BY", years=2026, categories=("public",))
    assert all(calendar.day_off(day) for day in public)


def test_same_day_numbers_are_counted_from_the_first_start() -> None:
    months = [corresponding_day(date(2026, 1, 31), count) for count in (1, 2, 3, 12, 13)]
    assert months == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2027, 1, 31), date(2027, 2, 28)]


@pytest.mark.parametrize("start", [date(2026, 6, 5), date(2026, 6, 6), date(2026, 6, 7)])
def test_working_days_after_skip_weekends_and_do_not_count_the_start(start: date) -> None:
    # From Friday, Saturday or Sunday the first working day is Monday 8 June 2026.
    assert working_day_after(start, 1, working_days("FR")) == date(2026, 6, 8)


def test_working_days_before_mirror_those_after() -> None:
    calendar, end = working_days("FR"), date(2026, 7, 15)
    assert working_day_before(working_day_after(end, 9, calendar), 9, calendar) == end


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("job_applicant", ClockKind.JOB_APPLICATION),
        ("authority_letter", ClockKind.AUTHORITY),
        ("breach_report", ClockKind.INCIDENT),
        ("unclassified", ClockKind.UNSPECIFIED),
        ("unsubscribe", ClockKind.OBJECTION_MARKETING),
    ],
)
def test_both_names_of_a_clock_are_taken(name: str, kind: ClockKind) -> None:
    assert ClockKind(name) is ClockKind(kind.value) is kind


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_request_has_a_clock(kind: Kind) -> None:
    assert ClockKind(kind) == kind.value


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [("Europe/Pari", "Europe/Paris"), ("europe/berlin", "Europe/Berlin"), ("london", "Europe/London")],
)
def test_an_unknown_time_zone_is_answered_with_the_nearest(wrong: str, nearest: str) -> None:
    with pytest.raises(SettingsError, match=f"the nearest name is {nearest}$"):
        zone_named(wrong)


@pytest.mark.parametrize("wrong", ["", "Europe", "../etc/passwd", "/etc/localtime", "Europe/Paris\0"])
def test_a_time_zone_is_never_a_path(wrong: str) -> None:
    with pytest.raises(SettingsError):
        zone_named(wrong)


def test_a_year_of_days_agrees_with_the_holidays_package() -> None:
    calendar, public = working_days("ES-MD"), holidays.country_holidays("ES", subdiv="MD", years=2026)
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert [bool(calendar.day_off(day)) for day in days] == [day.weekday() >= 5 or day in public for day in days]
