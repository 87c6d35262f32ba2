"""Where the law leaves room, a setting decides; the defaults are tested with the rows of the law."""

from datetime import UTC, date, datetime, time

import pytest

from cases.clock_facts import ClockEvent
from cases.deadlines import ClockKind, ClockState, ExtensionEvent, Facts, PauseEvent, PauseReason, due, received_on
from cases.due_warnings import applicant_file_until, is_thin, target_on, warning_days, working_days_left
from cases.holiday_calendar import working_days
from models.clock_settings import ClockSettings, EuPause, UkClarificationDays
from models.organisation import Regime

IDENTITY = PauseEvent(PauseReason.IDENTITY, date(2026, 6, 3), date(2026, 6, 10))
CLARIFICATION = PauseEvent(PauseReason.CLARIFICATION, date(2026, 6, 3), date(2026, 6, 10))


def request(kind: str, *events: ClockEvent, regime: Regime = Regime.EU, day: int = 1) -> Facts:
    country, zone = ("FR", "Europe/Paris") if regime is Regime.EU else ("GB-ENG", "Europe/London")
    return Facts(datetime(2026, 6, day, 10, tzinfo=UTC), zone, regime, country, ClockKind(kind), events)


def due_on(facts: Facts, settings: ClockSettings) -> date | None:
    return due(facts, working_days(facts.country), settings).due_on


@pytest.mark.parametrize(
    ("eu_pause", "expected"),
    [
        pytest.param(EuPause.PAUSE, date(2026, 7, 8), id="1 July and 7 days"),
        pytest.param(EuPause.RESTART, date(2026, 7, 10), id="a month from 10 June"),
        pytest.param(EuPause.NONE, date(2026, 7, 1), id="a month from 1 June"),
    ],
)
def test_identity_in_the_union_pauses_restarts_or_does_nothing(eu_pause: EuPause, expected: date) -> None:
    assert due_on(request("access", IDENTITY), ClockSettings(eu_pause=eu_pause)) == expected


@pytest.mark.parametrize(
    ("eu_pause", "expected"),
    [
        pytest.param(EuPause.PAUSE, date(2026, 7, 8), id="pause"),
        pytest.param(EuPause.RESTART, date(2026, 7, 8), id="a clarification never restarts"),
        pytest.param(EuPause.NONE, date(2026, 7, 1), id="nothing stops the clock"),
    ],
)
def test_a_clarification_in_the_union_pauses_unless_nothing_does(eu_pause: EuPause, expected: date) -> None:
    assert due_on(request("access", CLARIFICATION), ClockSettings(eu_pause=eu_pause)) == expected


def test_an_open_question_that_restarts_the_clock_waits() -> None:
    facts = request("erasure", PauseEvent(PauseReason.MANDATE, date(2026, 6, 3)))
    answer = due(facts, working_days("FR"), ClockSettings(eu_pause=EuPause.RESTART))
    assert answer.state is ClockState.WAITING


def test_an_open_question_that_does_nothing_runs() -> None:
    facts = request("erasure", PauseEvent(PauseReason.MANDATE, date(2026, 6, 3)))
    assert due_on(facts, ClockSettings(eu_pause=EuPause.NONE)) == date(2026, 7, 1)


def test_a_restart_in_the_union_does_not_move_the_limit_of_the_extension() -> None:
    facts = request("access", IDENTITY, ExtensionEvent(date(2026, 7, 2)))
    answer = due(facts, working_days("FR"), ClockSettings(eu_pause=EuPause.RESTART))
    assert (answer.due_on, answer.extension_notice_by) == (date(2026, 7, 10), date(2026, 7, 1))


def test_the_strict_month_of_the_kingdom_ends_a_day_earlier() -> None:
    assert due_on(request("access", regime=Regime.UK), ClockSettings(uk_strict=True)) == date(2026, 6, 30)


def test_the_strict_month_leaves_the_union_alone() -> None:
    assert due_on(request("access"), ClockSettings(uk_strict=True)) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [(UkClarificationDays.DIFFERENCE, date(2026, 7, 8)), (UkClarificationDays.INCLUSIVE, date(2026, 7, 9))],
)
def test_a_clarification_in_the_kingdom_may_count_both_its_days(counted: UkClarificationDays, expected: date) -> None:
    facts = request("access", CLARIFICATION, regime=Regime.UK)
    assert due_on(facts, ClockSettings(uk_clarification_days=counted)) == expected


def test_two_inclusive_clarifications_that_touch_count_the_shared_day_once() -> None:
    # 3 to 10 June and 10 to 12 June leave out the ten days from 3 to 12 June: 1 July and 10 days, a Saturday.
    second = PauseEvent(PauseReason.CLARIFICATION, date(2026, 6, 10), date(2026, 6, 12))
    facts = request("access", CLARIFICATION, second, regime=Regime.UK)
    assert due_on(facts, ClockSettings(uk_clarification_days=UkClarificationDays.INCLUSIVE)) == date(2026, 7, 13)


def test_the_fast_clock_counts_as_many_working_days_as_set() -> None:
    assert due_on(request("unsubscribe", day=5), ClockSettings(fast_working_days=5)) == date(2026, 6, 12)


def test_a_complaint_in_the_union_takes_as_many_months_as_set() -> None:
    assert due_on(request("complaint"), ClockSettings(eu_complaint_months=2)) == date(2026, 8, 3)


@pytest.mark.parametrize(("cutoff", "expected"), [(time(12, 0), 2), (time(12, 1), 1)])
def test_a_message_at_or_after_the_cut_off_counts_for_the_next_day(cutoff: time, expected: int) -> None:
    # 10:00 UTC is 12:00 in Paris.
    assert received_on(request("access"), ClockSettings(receipt_cutoff=cutoff)) == date(2026, 6, expected)


def test_the_cut_off_does_not_touch_clocks_in_hours() -> None:
    facts = request("incident")
    answer = due(facts, working_days("FR"), ClockSettings(receipt_cutoff=time(9)))
    assert answer.due_at == datetime(2026, 6, 4, 10, tzinfo=UTC)


def test_a_breach_runs_from_awareness_where_staff_have_entered_it() -> None:
    facts = request("incident")
    aware = Facts(
        facts.received_at,
        facts.timezone,
        facts.regime,
        facts.country,
        facts.kind,
        aware_at=datetime(2026, 6, 2, 8, tzinfo=UTC),
    )
    assert due(aware, working_days("FR")).due_at == datetime(2026, 6, 5, 8, tzinfo=UTC)


def test_the_internal_target_is_28_days_after_receipt() -> None:
    assert target_on(request("access")) == date(2026, 6, 29)


def test_staff_are_warned_seven_and_two_working_days_before() -> None:
    # Back from Wednesday 1 July 2026; 14 July is far away.
    assert warning_days(date(2026, 7, 1), working_days("FR")) == (date(2026, 6, 22), date(2026, 6, 29))


def test_the_working_days_left_count_the_due_date_and_not_today() -> None:
    assert working_days_left(date(2026, 6, 26), date(2026, 7, 1), working_days("FR")) == 3


def test_no_working_days_are_left_after_the_due_date() -> None:
    assert working_days_left(date(2026, 7, 2), date(2026, 7, 1), working_days("FR")) == 0


@pytest.mark.parametrize(("today", "expected"), [(date(2026, 6, 10), False), (date(2026, 6, 11), True)])
def test_fewer_than_fifteen_working_days_deserve_a_warning(today: date, expected: bool) -> None:  # noqa: FBT001
    # 11 June to 1 July 2026 are fifteen working days in France.
    assert is_thin(today, date(2026, 7, 1), working_days("FR")) is expected


@pytest.mark.parametrize(("months", "expected"), [(6, date(2026, 12, 1)), (36, date(2028, 6, 1))])
def test_an_applicants_file_stays_as_set_but_never_above_two_years(months: int, expected: date) -> None:
    facts = request("job_application")
    assert applicant_file_until(facts, ClockSettings(applicant_months=months)) == expected


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Facts(datetime(2026, 6, 1, tzinfo=UTC).replace(tzinfo=None), "Europe/Paris", Regime.EU, "FR", ClockKind.ACCESS)


def test_an_answer_before_its_question_is_refused() -> None:
    with pytest.raises(ValueError, match="before the question"):
        PauseEvent(PauseReason.IDENTITY, date(2026, 6, 3), date(2026, 6, 2))
