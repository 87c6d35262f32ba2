"""`rightsdesk due`: the machine form, and what is said of lines that cannot be answered."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.due import answer_rows, explain, explain_due, run_due

ROW: dict[str, object] = {
    "id": "r1",
    "received_utc": "2026-01-31T10:00:00Z",
    "timezone": "Europe/London",
    "regime": "uk",
    "country": "GB-ENG",
    "kind": "access",
    "events": [],
}
PROFILE_ROW: dict[str, object] = {
    "id": "p1",
    "received_utc": "2026-03-02T18:00:00Z",
    "timezone": "America/Los_Angeles",
    "country": "US",
    "kind": "access",
    "profile": "ccpa",
}
PAUSE: dict[str, object] = {"type": "pause", "reason": "identity", "from": "2026-02-03", "to": "2026-02-10"}


# Loading calendars on a busy machine takes its time.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
values = st.none() | st.booleans() | st.integers() | st.text("aT0:-Z .é\0\n\ud800")
rows = st.dictionaries(
    st.sampled_from([*ROW, "profile", "x"]), values | st.lists(values) | st.dictionaries(st.just("type"), values)
)


def line(**changes: object) -> str:
    return json.dumps({**ROW, **changes})


def profile_line(**changes: object) -> str:
    return json.dumps({**PROFILE_ROW, **changes})


def without(key: str, row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != key}


def only(text: str | bytes) -> tuple[dict[str, object], bool]:
    (answer,) = run_due([text])
    return answer


def error_of(text: str | bytes) -> object:
    answer, is_good = only(text)
    assert not is_good
    return answer["error"]


def test_an_answer_has_exactly_the_promised_keys() -> None:
    answer, is_good = only(line())
    assert is_good
    keys = ["id", "due_date", "due_at_utc", "due_without_pause", "state", "flags", "steps"]
    assert list(answer) == keys


def test_an_answer_tells_date_instant_state_and_steps() -> None:
    answer, _ = only(line())
    steps = answer.pop("steps")
    assert answer == {
        "id": "r1",
        "due_date": "2026-03-02",
        "due_at_utc": "2026-03-03T00:00:00Z",
        "due_without_pause": "2026-03-02",
        "state": "running",
        "flags": [],
    }
    assert isinstance(steps, list)
    assert all(isinstance(step, str) for step in steps)


def test_a_waiting_clock_has_no_date_and_no_instant() -> None:
    answer, _ = only(line(events=[{**PAUSE, "to": None}]))
    found = [answer[key] for key in ("due_date", "due_at_utc", "due_without_pause", "state")]
    assert found == [None, None, "2026-03-02", "waiting"]


def test_a_late_extension_is_flagged() -> None:
    answer, _ = only(line(events=[{"type": "extension", "notified": "2026-03-03"}]))
    assert (answer["due_date"], answer["flags"]) == ("2026-03-02", ["extension_late"])


def test_a_breach_is_due_at_an_instant() -> None:
    answer, _ = only(line(kind="breach_report", received_utc="2026-03-27T23:30:00Z"))
    assert (answer["due_date"], answer["due_at_utc"]) == ("2026-03-31", "2026-03-30T23:30:00Z")


@pytest.mark.parametrize(
    "kind", ["job_applicant", "authority_letter", "breach_report", "unclassified", "unsubscribe", "processor_forward"]
)
def test_the_names_of_clocks_are_taken(kind: str) -> None:
    assert only(line(kind=kind))[1]


@pytest.mark.parametrize(
    "received", ["2026-01-31T10:00:00Z", "2026-01-31T10:00:00+00:00", "2026-01-31T10:00:00.123456789Z"]
)
def test_the_moment_of_receipt_may_carry_fractions_or_an_offset_of_zero(received: str) -> None:
    assert only(line(received_utc=received))[0]["due_date"] == "2026-03-02"


@pytest.mark.parametrize(
    "row", [without("events", ROW), {**ROW, "events": None}, {**ROW, "note": "kept by the caller"}]
)
def test_events_may_be_missing_and_further_keys_are_passed_over(row: dict[str, object]) -> None:
    assert only(json.dumps(row))[1]


@pytest.mark.parametrize("row_id", ["r1", "", 7, "réf 1"])
def test_the_id_comes_back_as_it_is(row_id: object) -> None:
    assert only(line(id=row_id))[0]["id"] == row_id


@pytest.mark.parametrize("key", [key for key in ROW if key != "events"])
def test_a_missing_key_is_named(key: str) -> None:
    assert error_of(json.dumps(without(key, ROW))) == f"{key}: missing"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": "acess"}, "kind: unknown; the nearest is access"),
        ({"kind": "Access"}, "kind: unknown; the nearest is access"),
        ({"kind": None}, "kind: must be a text that is not empty"),
        ({"regime": "UK"}, "regime: unknown; the nearest is uk"),
        ({"regime": ""}, "regime: must be a text that is not empty"),
        ({"regime": ["uk"]}, "regime: must be a text that is not empty"),
        ({"country": "UK"}, "country: no calendar for this country or region; the nearest code is GB"),
        ({"country": 44}, "country: must be a text that is not empty"),
        ({"timezone": "Europe/Lodon"}, "timezone: no such time zone; the nearest name is Europe/London"),
        ({"events": {}}, "events: must be a list"),
        ({"events": ["pause"]}, "events[0]: must be an object"),
    ],
)
def test_a_value_that_is_not_known_is_answered_with_what_is(changes: dict[str, object], error: str) -> None:
    assert error_of(line(**changes)) == error


@pytest.mark.parametrize(
    "received",
    [
        "2026-01-31",
        "2026-01-31T10:00Z",
        "2026-01-31 10:00:00Z",
        "2026-01-31T10:00:00",
        "2026-01-31T10:00:00z",
        "2026-01-31T10:00:00+01:00",
        "2026-01-31T24:00:00Z",
        "2026-02-30T10:00:00Z",
        "2026-01-31T10:00:60Z",
        "2026-1-31T10:00:00Z",
        "٢٠٢٦-01-31T10:00:00Z",
        "2026-01-31T10:00:00Z\n",
        "1969-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
        "0000-00-00T00:00:00Z",
    ],
)
def test_a_moment_in_another_form_or_out_of_the_calendars_is_refused(received: str) -> None:
    assert str(error_of(line(received_utc=received))).startswith("received_utc: ")


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({**PAUSE, "from": "2026-02-11"}, "events[1].to: before from"),
        ({**PAUSE, "reason": "identiy"}, "events[1].reason: unknown; the nearest is identity"),
        ({**PAUSE, "type": "paus"}, "events[1].type: unknown; the nearest is pause"),
        ({**PAUSE, "from": "2026-02-30"}, "events[1].from: there is no such day"),
        ({**PAUSE, "from": "3 February 2026"}, "events[1].from: must have the form YYYY-MM-DD"),
        ({**PAUSE, "from": "20260203"}, "events[1].from: must have the form YYYY-MM-DD"),
        ({**PAUSE, "from": None}, "events[1].from: must be a text that is not empty"),
        ({**PAUSE, "to": "9999-12-31"}, "events[1].to: the year must be from 1970 to 2099"),
        ({**PAUSE, "to": 20260210}, "events[1].to: must be a text that is not empty"),
        (without("to", PAUSE), "events[1].to: missing"),
        (without("reason", PAUSE), "events[1].reason: missing"),
        (without("type", PAUSE), "events[1].type: missing"),
        ({"type": "extension"}, "events[1].notified: missing"),
        ({"type": "extension", "notified": "2026-02-29"}, "events[1].notified: there is no such day"),
    ],
)
def test_a_malformed_event_is_named_by_its_place_and_key(event: dict[str, object], error: str) -> None:
    assert error_of(line(events=[PAUSE, event])) == error


def test_events_are_checked_for_kinds_that_do_not_count_them() -> None:
    assert error_of(line(kind="complaint", events=[{**PAUSE, "to": "soon"}])) == (
        "events[0].to: must have the form YYYY-MM-DD"
    )


@pytest.mark.parametrize(
    "text",
    ["{", "access", '"r1"', "[]", "null", "NaN", b"\xff\xfe{}", "[" * 100_000, '{"id": ' + "9" * 5000 + "}"],
    ids=["cut off", "word", "text", "list", "null", "not a number", "no UTF-8", "too deep", "too many digits"],
)
def test_an_unreadable_line_has_no_id(text: str | bytes) -> None:
    answer, is_good = only(text)
    assert (answer["id"], list(answer), is_good) == (None, ["id", "error"], False)


@pytest.mark.parametrize("row_id", [None, True, 1.5, [], {}])
def test_an_id_that_is_neither_text_nor_number_is_refused(row_id: object) -> None:
    assert only(line(id=row_id))[0] == {"id": None, "error": "id: must be a text or a whole number"}


def test_a_bad_line_does_not_disturb_the_others() -> None:
    answers = [good for _, good in run_due([line(), "{", "\n", line(kind="x"), line()])]
    assert answers == [True, False, False, True]


def test_lines_are_answered_as_they_come() -> None:
    def endless() -> object:
        while True:
            yield line() + "\n"

    answers = run_due(endless())  # type: ignore[arg-type]
    assert next(answers) == next(answers)


def test_bytes_are_read_as_utf_8_with_or_without_a_mark() -> None:
    text = line(id="é")
    assert only(text.encode()) == only(b"\xef\xbb\xbf" + text.encode()) == only(text)


def test_an_error_never_repeats_the_value() -> None:
    assert "ana@example.org" not in json.dumps(only(line(kind="ana@example.org", country="ana@example.org")))


@unhurried
@given(rows)
def test_no_row_whatever_breaks_the_run(changes: dict[str, object]) -> None:
    answer, is_good = only(line(**changes))
    assert ("error" in answer) is not is_good


@unhurried
@given(rows)
def test_no_row_of_a_profile_whatever_breaks_the_run(changes: dict[str, object]) -> None:
    answer, is_good = only(profile_line(**changes))
    assert ("error" in answer) is not is_good


@unhurried
@given(st.text('[]{}":,aé0e.-\n\0\ufeff\ud800') | st.binary())
def test_no_line_whatever_breaks_the_run(text: str | bytes) -> None:
    assert all(list(answer) == ["id", "error"] for answer, _ in run_due([text]))


def test_people_read_a_heading_and_numbered_steps() -> None:
    (answer,) = answer_rows([line(events=[{"type": "extension", "notified": "2026-03-03"}])])
    assert answer.due is not None
    told = explain(answer.due)
    assert told[0] == "due Monday 2 March 2026 (extension late)"
    assert [row.split(".")[0] for row in told[1:]] == ["1", "2", "3", "4", "5"]


def test_people_read_of_a_waiting_clock() -> None:
    (answer,) = answer_rows([line(events=[{**PAUSE, "to": None}])])
    assert answer.due is not None
    assert explain(answer.due)[0] == "waiting: no due date"


def test_people_read_each_row_under_its_id_and_errors_too() -> None:
    texts = [text.splitlines()[:2] for text, _ in explain_due([line(), "{"])]
    assert texts == [["r1", "  due Monday 2 March 2026"], ["unreadable row", "  error: not readable as JSON"]]


def test_every_country_reckons_its_own_holidays() -> None:
    answers = [only(line(country=code, regime="eu", received_utc="2024-02-29T10:00:00Z"))[0] for code in ("DE", "IE")]
    assert [date.fromisoformat(str(answer["due_date"])) for answer in answers] == [date(2024, 4, 2), date(2024, 3, 29)]


def test_a_profile_needs_no_regime_and_adds_one_key_at_the_end() -> None:
    answer, is_good = only(profile_line())
    steps = answer.pop("steps")
    assert is_good
    assert answer == {
        "id": "p1",
        "due_date": "2026-04-16",
        "due_at_utc": "2026-04-17T07:00:00Z",
        "due_without_pause": "2026-04-16",
        "state": "running",
        "flags": [],
        "acknowledge_by": "2026-03-16",
    }
    assert list(answer)[-1] == "acknowledge_by"
    assert isinstance(steps, list)
    assert all(isinstance(step, str) for step in steps)


@pytest.mark.parametrize(
    ("changes", "due_date", "acknowledge_by", "flags"),
    [
        ({"kind": "unsubscribe"}, "2026-03-23", None, []),
        ({"kind": "unclassified"}, "2026-04-16", "2026-03-16", []),
        ({"regime": "eu"}, "2026-04-16", "2026-03-16", []),
        ({"regime": None}, "2026-04-16", "2026-03-16", []),
        ({"events": None}, "2026-04-16", "2026-03-16", []),
        ({"events": [{**PAUSE, "from": "2026-03-03", "to": None}]}, "2026-04-16", "2026-03-16", []),
        ({"events": [{"type": "extension", "notified": "2026-04-16"}]}, "2026-05-31", "2026-03-16", []),
        ({"events": [{"type": "extension", "notified": "2026-04-17"}]}, "2026-04-16", "2026-03-16", ["extension_late"]),
        ({"profile": "lgpd", "country": "BR", "timezone": "America/Sao_Paulo"}, "2026-03-17", None, []),
        ({"profile": "dsg", "country": "CH-ZH", "timezone": "Europe/Zurich"}, "2026-04-01", None, []),
        ({"profile": "pipeda", "country": "CA-ON", "timezone": "America/Toronto"}, "2026-04-01", None, []),
        ({"country": "US-CA", "received_utc": "2026-03-20T18:00:00Z"}, "2026-05-04", "2026-04-06", []),
    ],
    ids=[
        "to stop has 15 business days and no confirmation",
        "what nobody has looked at has the usual time",
        "a regime changes nothing",
        "no regime",
        "no events",
        "an open question stops nothing",
        "told on the 45th day",
        "told on the 46th day",
        "Brazil",
        "Switzerland",
        "Canada",
        "31 March is a holiday in California",
    ],
)
def test_a_profile_counts_by_its_own_law(
    changes: dict[str, object], due_date: str, acknowledge_by: str | None, flags: list[str]
) -> None:
    answer, _ = only(profile_line(**changes))
    assert answer["due_date"] == answer["due_without_pause"] == due_date
    assert (answer["acknowledge_by"], answer["state"], answer["flags"]) == (acknowledge_by, "running", flags)


def test_a_row_whose_profile_is_null_is_a_row_without_one() -> None:
    assert only(line(profile=None)) == only(line())


@pytest.mark.parametrize("key", [key for key in PROFILE_ROW if key != "profile"])
def test_a_missing_key_of_a_profile_row_is_named(key: str) -> None:
    assert error_of(json.dumps(without(key, PROFILE_ROW))) == f"{key}: missing"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"profile": "cpra"}, "profile: unknown; the nearest is ccpa"),
        ({"profile": "CCPA"}, "profile: unknown; the nearest is ccpa"),
        ({"profile": ""}, "profile: must be a text that is not empty"),
        ({"profile": ["ccpa"]}, "profile: must be a text that is not empty"),
        ({"regime": "us"}, "regime: unknown; the nearest is uk"),
        ({"kind": "acess"}, "kind: unknown; the nearest is access"),
        (
            {"kind": "breach_report"},
            "kind: has no clock under a profile; it must be one of access, rectification, erasure, restriction, "
            "portability, objection, objection_marketing, withdraw_consent, automated_decision, unspecified",
        ),
        ({"country": "UK"}, "country: no calendar for this country or region; the nearest code is GB"),
        ({"timezone": "Europe/Zurick"}, "timezone: no such time zone; the nearest name is Europe/Zurich"),
        ({"events": [{"type": "extension", "notified": "2026-02-29"}]}, "events[0].notified: there is no such day"),
    ],
)
def test_a_row_of_a_profile_is_checked_as_strictly(changes: dict[str, object], error: str) -> None:
    assert error_of(profile_line(**changes)) == error


def test_people_read_of_a_profile_when_to_acknowledge() -> None:
    told = [text.splitlines()[1] for text, _ in explain_due([profile_line(), profile_line(kind="objection")])]
    assert told == ["  due Thursday 16 April 2026, acknowledge by Monday 16 March 2026", "  due Monday 23 March 2026"]


def test_people_read_of_a_late_notice_under_a_profile() -> None:
    late = [{"type": "extension", "notified": "2026-04-02"}]
    ((text, _),) = explain_due([profile_line(profile="dsg", country="CH", timezone="Europe/Zurich", events=late)])
    heading, *steps = text.splitlines()[1:]
    assert heading == "  due Wednesday 1 April 2026 (extension late)"
    assert [step.split(".")[0] for step in steps] == ["  1", "  2", "  3", "  4"]
