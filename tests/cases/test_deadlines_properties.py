"""What holds for every due date, whatever the request."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.clock_kinds import ClockKind
from cases.deadlines import ExtensionEvent, Facts, PauseEvent, PauseReason, due, is_overdue
from cases.holiday_calendar import working_days
from models.organisation import Regime

PLACES = [
    (Regime.EU, "FR", "Europe/Paris"),
    (Regime.EU, "DE-BY", "Europe/Berlin"),
    (Regime.EU, "IE", "America/New_York"),
    (Regime.UK, "GB-ENG", "Europe/London"),
    (Regime.UK, "GB-SCT", "Pacific/Chatham"),
]
RIGHTS = (ClockKind.ACCESS, ClockKind.ERASURE, ClockKind.OBJECTION)
UNROLLED = {ClockKind.INCIDENT, ClockKind.CHAT_ERASURE, ClockKind.ERASURE_BACKUP}

# Loading calendars on a busy machine takes its time.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
moments = st.integers(0, 10 * 365 * 86400).map(lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(0, seconds))
spans = st.integers(0, 120).map(timedelta)


@st.composite
def pauses(draw: st.DrawFn, first_on: date) -> PauseEvent:
    asked_on = first_on + draw(spans)
    answered_on = draw(st.none() | st.integers(0, 40).map(lambda days: asked_on + timedelta(days)))
    return PauseEvent(draw(st.sampled_from(PauseReason)), asked_on, answered_on)


@st.composite
def requests(draw: st.DrawFn, kinds: tuple[ClockKind, ...] = tuple(ClockKind)) -> Facts:
    regime, country, zone = draw(st.sampled_from(PLACES))
    received_at = draw(moments)
    # Nobody is asked anything before the message is here, wherever it is.
    first_on = received_at.date() + timedelta(days=1)
    asked = draw(st.lists(pauses(first_on), max_size=4))
    told = draw(st.lists(spans.map(lambda span: ExtensionEvent(first_on + span)), max_size=2))
    return Facts(received_at, zone, regime, country, draw(st.sampled_from(kinds)), (*asked, *told))


def due_date(facts: Facts) -> date:
    """Return the due date, the end of time while there is none."""
    return due(facts, working_days(facts.country)).due_on or date.max


@unhurried
@given(requests(), st.timedeltas(timedelta(0), timedelta(days=40)))
def test_a_later_receipt_never_has_an_earlier_due_date(facts: Facts, delay: timedelta) -> None:
    plain = replace(facts, events=())
    assert due_date(replace(plain, received_at=plain.received_at + delay)) >= due_date(plain)


@unhurried
@given(requests(RIGHTS), st.timedeltas(timedelta(0), timedelta(days=20)))
def test_nor_has_it_one_where_people_are_asked_after_both(facts: Facts, lead: timedelta) -> None:
    earlier = replace(facts, received_at=facts.received_at - lead)
    assert due_date(facts) >= due_date(earlier)


@unhurried
@given(requests(RIGHTS))
def test_a_question_never_shortens_the_time(facts: Facts) -> None:
    assert due_date(facts) >= due(facts, working_days(facts.country)).due_without_pause


@unhurried
@given(requests(RIGHTS), st.data())
def test_one_more_question_never_shortens_the_time_in_the_union(facts: Facts, data: st.DataObject) -> None:
    union = replace(facts, regime=Regime.EU)
    another = data.draw(pauses(facts.received_at.date() + timedelta(days=1)))
    assert due_date(replace(union, events=(*union.events, another))) >= due_date(union)


@unhurried
@given(requests())
def test_a_rolled_date_is_never_a_day_off(facts: Facts) -> None:
    calendar = working_days(facts.country)
    answer = due(facts, calendar)
    if facts.kind not in UNROLLED and answer.due_on:
        assert not calendar.day_off(answer.due_on)


@unhurried
@given(requests())
def test_reckoning_again_changes_nothing(facts: Facts) -> None:
    calendar = working_days(facts.country)
    assert due(facts, calendar) == due(facts, calendar)


@unhurried
@given(requests(RIGHTS), st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(facts: Facts, chance: object) -> None:
    events = list(facts.events)
    chance.shuffle(events)  # type: ignore[attr-defined]
    calendar = working_days(facts.country)
    assert due(replace(facts, events=tuple(events)), calendar) == due(facts, calendar)


@unhurried
@given(requests(RIGHTS))
def test_the_same_event_told_twice_counts_once(facts: Facts) -> None:
    assert due_date(replace(facts, events=facts.events * 2)) == due_date(facts)


@unhurried
@given(requests(tuple(kind for kind in ClockKind if kind is not ClockKind.INCIDENT)))
def test_a_date_is_overdue_from_its_last_instant_on(facts: Facts) -> None:
    answer = due(facts, working_days(facts.country))
    if answer.due_on and answer.due_at:
        assert is_overdue(answer.due_on, answer.due_at, facts.timezone)
        assert not is_overdue(answer.due_on, answer.due_at - timedelta(seconds=1), facts.timezone)


@unhurried
@given(requests())
def test_every_step_reads_as_a_sentence(facts: Facts) -> None:
    sentences = [step.sentence for step in due(facts, working_days(facts.country)).steps]
    assert all(sentence[0].isalnum() and sentence.endswith(".") and "{" not in sentence for sentence in sentences)
