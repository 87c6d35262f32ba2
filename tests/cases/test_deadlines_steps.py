"""Why a date is what it is: the steps, word for word."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from cases.clock_facts import ClockEvent
from cases.deadlines import ClockKind, ExtensionEvent, Facts, PauseEvent, PauseReason, due
from cases.holiday_calendar import working_days
from models.clock_settings import ClockSettings
from models.organisation import Regime
from models.steps import SENTENCES, StepCode

DEFAULTS = ClockSettings()


def facts_of(received: date, kind: str, *events: ClockEvent, regime: Regime = Regime.EU) -> Facts:
    country, zone = ("IE", "Europe/Dublin") if regime is Regime.EU else ("GB-ENG", "Europe/London")
    received_at = datetime.combine(received, time(10), UTC)
    return Facts(received_at, zone, regime, country, ClockKind(kind), events)


def sentences(facts: Facts, settings: ClockSettings = DEFAULTS) -> list[str]:
    return [step.sentence for step in due(facts, working_days(facts.country), settings).steps]


def codes(facts: Facts, settings: ClockSettings = DEFAULTS) -> list[StepCode]:
    return [step.code for step in due(facts, working_days(facts.country), settings).steps]


def test_a_month_that_ends_on_a_saturday_explains_itself() -> None:
    assert sentences(facts_of(date(2026, 1, 31), "access", regime=Regime.UK)) == [
        "Received on 31 January 2026 (Europe/London); the day of receipt counts whatever day of the week it is.",
        "One month after 31 January 2026 there is no 31 February: the last day of the month, 28 February 2026 "
        "(UK GDPR Art. 12A; ICO guidance on the right of access).",
        "28 February 2026 is a Saturday and 1 March 2026 is a Sunday: moves to Monday 2 March 2026 "
        "(ICO guidance on the right of access).",
        "Due by the end of Monday 2 March 2026 (Europe/London).",
    ]


def test_an_extension_and_a_holiday_explain_themselves() -> None:
    assert sentences(facts_of(date(2022, 1, 31), "erasure", ExtensionEvent(date(2022, 2, 10)))) == [
        "Received on 31 January 2022 (Europe/Dublin); the day of receipt counts whatever day of the week it is.",
        "The person was told of the extension on 10 February 2022, in time (last day for it: 28 February 2022): "
        "three months from the start (GDPR Art. 12(3)).",
        "Three months after 31 January 2022 there is no 31 April: the last day of the month, 30 April 2022 "
        "(GDPR Art. 12(3); Regulation 1182/71 Art. 3(2)(c)).",
        "30 April 2022 is a Saturday, 1 May 2022 is a Sunday and 2 May 2022 is a public holiday (May Bank Holiday): "
        "moves to Tuesday 3 May 2022 (Regulation 1182/71 Art. 3(4)).",
        "Due by the end of Tuesday 3 May 2022 (Europe/Dublin).",
    ]


def test_a_pause_explains_itself_and_the_date_without_it() -> None:
    asked = PauseEvent(PauseReason.IDENTITY, date(2026, 6, 3), date(2026, 6, 10))
    assert sentences(facts_of(date(2026, 6, 1), "access", asked))[2:] == [
        "Proof of identity asked for on 3 June 2026, received on 10 June 2026: 7 days added, which makes 8 July 2026 "
        "(GDPR Art. 12(6); EDPB Guidelines 01/2022 par. 159).",
        "Had nothing been asked, the last day would be Wednesday 1 July 2026.",
        "Due by the end of Wednesday 8 July 2026 (Europe/Dublin).",
    ]


def test_an_open_question_says_that_there_is_no_date() -> None:
    asked = PauseEvent(PauseReason.FEE, date(2027, 3, 3))
    assert sentences(facts_of(date(2027, 3, 1), "access", asked, regime=Regime.UK))[1:] == [
        "A fee asked for on 3 March 2027, not received yet: the time has not started (UK GDPR Art. 12A(2)).",
        "Had nothing been asked, the last day would be Thursday 1 April 2027.",
        "There is no due date until the answer comes in.",
    ]


def test_hours_tell_both_local_times() -> None:
    assert sentences(facts_of(date(2026, 3, 27), "incident"))[1:] == [
        "72 hours of real time after 27 March 2026, 10:00 (Europe/Dublin): 30 March 2026, 11:00 (GDPR Art. 33(1)).",
        "Due by 11:00 on Monday 30 March 2026 (Europe/Dublin).",
    ]


def test_a_question_that_went_out_after_a_week_is_warned_of() -> None:
    asked = PauseEvent(PauseReason.IDENTITY, date(2026, 6, 9), date(2026, 6, 10))
    assert StepCode.ASKED_LATE in codes(facts_of(date(2026, 6, 1), "access", asked))


def test_a_question_within_a_week_is_not_warned_of() -> None:
    asked = PauseEvent(PauseReason.IDENTITY, date(2026, 6, 8), date(2026, 6, 10))
    assert StepCode.ASKED_LATE not in codes(facts_of(date(2026, 6, 1), "access", asked))


def test_every_way_a_clock_can_go_has_its_sentence() -> None:
    """All steps turn up in a handful of requests: none is dead, none lacks a word."""
    early, late = date(2026, 6, 3), date(2026, 7, 20)
    every_reason = tuple(PauseEvent(reason, early, early) for reason in PauseReason)
    too_late = tuple(PauseEvent(reason, late, late) for reason in PauseReason)
    told = ExtensionEvent(early), ExtensionEvent(late)
    day = date(2026, 5, 31)
    seen = {
        *codes(facts_of(day, "access", *every_reason, *told)),
        *codes(facts_of(day, "access", *too_late, told[1])),
        *codes(facts_of(day, "access", *every_reason, *too_late, regime=Regime.UK), ClockSettings(uk_strict=True)),
        *codes(facts_of(day, "access", PauseEvent(PauseReason.CLARIFICATION, late), told[0])),
        *codes(facts_of(day, "erasure", PauseEvent(PauseReason.FEE, early), regime=Regime.UK)),
        *codes(facts_of(day, "complaint", *told, regime=Regime.UK), ClockSettings(receipt_cutoff=time(9))),
        *codes(facts_of(day, "unsubscribe")),
        *codes(facts_of(date(2026, 1, 31), "chat_erasure")),
        *codes(facts_of(day, "erasure_backup")),
        *codes(
            Facts(
                datetime(2026, 5, 31, tzinfo=UTC),
                "UTC",
                Regime.EU,
                "IE",
                ClockKind.INCIDENT,
                aware_at=datetime(2026, 6, 1, tzinfo=UTC),
            )
        ),
        *codes(replace(facts_of(day, "authority_letter"), set_on=date(2026, 7, 1))),
    }
    assert seen == set(StepCode) == set(SENTENCES)
