"""What a careful colleague would try: things done twice, too early, in the wrong case, by the wrong person."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event

import pytest
from story import ANA, Story

from cases.arranging import add_task, assign, merge, note_country, split, tag
from cases.asking import ask, identify, remind_silent, take_answer
from cases.deciding import answer, close, decide, reopen
from cases.directory import import_customers
from cases.extending import extend
from cases.lifecycle import Deed, drawn
from cases.office import Office
from cases.sla import sla
from models.by_hand import HandRequest
from models.case import CaseState, Channel, Ground, Identity, ItemResult
from models.casework import PauseReason
from models.clock_settings import ClockSettings
from models.errors import DeskError, NotAllowed
from models.letter import Proof
from models.outbox import Template
from models.staff import Actor, Role
from models.verdict import Kind, Label
from service.by_hand import open_by_hand
from service.casework import case_named

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVE = Actor("eve", Role.AUDITOR)
Tell = Callable[..., Story]
Deeded = Callable[[Office], object]


def known(office: Office) -> None:
    identify(office, Identity.CONFIRMED, level=2, method="code", why="the code came back")


def clarify(office: Office) -> None:
    ask(office, PauseReason.CLARIFICATION, why="", text="Which year?")


def test_a_reply_that_comes_in_during_a_deed_waits_for_it(uk: Story) -> None:
    case, begun = uk.receives(Label.ACCESS), Event()

    def slowly(office: Office) -> None:
        begun.set()
        time.sleep(0.5)
        tag(office, add=("press",))

    with ThreadPoolExecutor(1) as pool:
        deed = pool.submit(uk.does, ANA, case, slowly)
        assert begun.wait(5)
        assert uk.receives(Label.FOLLOWUP, answers="<m1@mail.example>") == case
        deed.result(10)
    assert uk.case(case).tags == ["press"]
    assert uk.case(case).replied_at == uk.now


def remind(office: Office) -> None:
    remind_silent(office, text="Which year?")


def by_phone(story: Story, **more: str) -> str:
    return open_by_hand(story.desk, HandRequest("contact", (Kind.ERASURE,), story.now, Channel.PHONE, **more), "ana")


def test_a_right_that_came_after_the_answer_must_be_answered_too(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION_MARKETING)
    uk.does(ANA, case, lambda o: decide(o, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    uk.does(ANA, case, lambda o: answer(o, Template.UNSUBSCRIBE_DONE))
    uk.post()
    uk.does(ANA, case, close)
    uk.at("2026-03-09").receives(Label.OBJECTION, answers="<m1@mail.example>")
    uk.does(
        ANA,
        case,
        lambda o: decide(o, Kind.OBJECTION, ItemResult.REFUSED, ground=Ground.COMPELLING_GROUNDS, why="fraud"),
    )
    assert [step["do"] for step in uk.shown(case)["next"] if step["do"] in ("answer", "close")] == ["answer"]
    with pytest.raises(NotAllowed, match="has not been told"):
        uk.does(ANA, case, close)


def test_no_figure_is_negative_where_a_right_came_after_the_answer(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION_MARKETING)
    uk.does(ANA, case, lambda o: decide(o, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    uk.does(ANA, case, lambda o: answer(o, Template.UNSUBSCRIBE_DONE))
    uk.post()
    uk.at("2026-03-30").receives(Label.OBJECTION, answers="<m1@mail.example>")
    uk.at("2026-03-31").does(ANA, case, known)
    uk.does(ANA, case, lambda o: decide(o, Kind.OBJECTION, ItemResult.FULFILLED))
    with uk.database.reading() as session:
        rows = {
            row.kind: row
            for row in sla(session, "example", START.replace(day=1), START.replace(month=4, day=1), uk.now)
        }
    assert rows["objection"].mean_days in (None, 1.0), rows["objection"]


def test_a_request_merged_into_an_answered_case_stays_in_sight(uk: Story) -> None:
    first = uk.receives(Label.OBJECTION_MARKETING)
    uk.does(ANA, first, lambda o: decide(o, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    uk.does(ANA, first, lambda o: answer(o, Template.UNSUBSCRIBE_DONE))
    second = uk.receives(Label.ERASURE)
    assert second != first
    uk.does(ANA, second, lambda o: merge(o, case_named(o.session, first)))
    assert uk.case(first).status not in (CaseState.ANSWERED, CaseState.CLOSED), "an open item nobody is warned of"
    uk.does(ANA, first, lambda o: decide(o, Kind.ERASURE, ItemResult.WITHDRAWN))


def test_two_callers_without_an_address_are_not_the_same_person(uk: Story) -> None:
    one, other = by_phone(uk, name="Mara"), by_phone(uk, name="Ben")
    with pytest.raises(NotAllowed, match="somebody else"):
        uk.does(ANA, other, lambda o: merge(o, case_named(o.session, one)))


def test_an_extension_whose_letter_came_back_can_be_told_again(france: Story) -> None:
    case = france.at("2026-03-04").receives(Label.ACCESS)
    france.does(ANA, case, lambda o: extend(o, why="complex", text="Complexe."))
    (letter,) = [one for one in france.post() if one.template is Template.EXTENSION]
    france.bounce(letter)
    assert france.due(case, Kind.ACCESS) == date(2026, 4, 7)
    france.at("2026-03-20").does(
        ANA, case, lambda o: extend(o, why="complex", text="Complexe.", told_on=date(2026, 3, 20))
    )
    assert france.due(case, Kind.ACCESS) == date(2026, 6, 4)


def test_an_extension_that_came_back_is_not_counted_as_told(france: Story) -> None:
    case = france.at("2026-03-04").receives(Label.ACCESS)
    france.does(ANA, case, lambda o: extend(o, why="complex", text="Complexe."))
    (letter,) = [one for one in france.post() if one.template is Template.EXTENSION]
    france.bounce(letter)
    with france.database.reading() as session:
        row = sla(session, "example", START.replace(day=1), START.replace(month=4, day=1), france.now)[0]
    assert row.extended == 0, "FORMULAS: with an extension told to the person"


def test_the_last_day_for_an_extension_is_told_though_a_question_has_moved_the_date(france: Story) -> None:
    case = france.at("2026-03-04").receives(Label.ACCESS)
    france.does(ANA, case, lambda o: ask(o, PauseReason.IDENTITY, why="x", proofs=[Proof.CODE]))
    france.post()
    france.at("2026-03-16").does(ANA, case, lambda o: take_answer(o, on=date(2026, 3, 16)))
    assert france.due(case, Kind.ACCESS) == date(2026, 4, 16)
    assert france.shown(case)["items"][0]["extension_notice_by"] == "2026-04-07"
    france.at("2026-04-02")
    assert "extend" in [step["do"] for step in france.shown(case)["next"]]


@pytest.mark.parametrize(
    "deed",
    [
        lambda o: assign(o, "eve"),
        lambda o: tag(o, add=("urgent",)),
        lambda o: add_task(o, "ring the branch"),
        lambda o: note_country(o, "FR"),
        remind,
    ],
    ids=["assign", "tag", "task", "country", "remind"],
)
def test_an_auditor_does_nothing_beside_the_table_either(uk: Story, deed: Deeded) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, clarify)
    uk.post()
    with pytest.raises(NotAllowed, match="role"):
        uk.does(EVE, case, deed)


def test_an_item_that_is_split_off_keeps_the_earlier_date_of_the_other_law(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.ACCESS, Label.OBJECTION)
    uk.does(ANA, case, lambda o: note_country(o, "fr"))
    uk.does(ANA, case, lambda o: ask(o, PauseReason.FEE, why="third copy", text="10 pounds."))
    uk.post()
    assert uk.due(case, Kind.ACCESS) == date(2026, 4, 2)
    new = uk.does(ANA, case, lambda o: split(o, Kind.ACCESS).reference)
    assert uk.shown(new)["items"][0]["due_by_the_other_law"] == ["2026-04-02"]


def test_staff_are_warned_on_each_day_that_is_set(tell: Tell) -> None:
    story = tell(managers=("boss@example.org",), clock=ClockSettings(warning_working_days=(14, 7, 2)))
    case = story.at("2026-03-02 07:00").receives(Label.ACCESS)  # due 2 April
    story.does(ANA, case, lambda o: assign(o, "ana"))
    rung = []
    for day in ("2026-03-13 07:00", "2026-03-24 07:00", "2026-03-31 07:00"):
        rung.append(story.at(day).rings())
    assert rung == [1, 1, 1]


def test_a_warning_names_the_right_number_of_days(tell: Tell) -> None:
    story = tell(managers=("boss@example.org",), clock=ClockSettings(warning_working_days=(10, 5)))
    case = story.at("2026-03-02 07:00").receives(Label.ACCESS)  # due 2 April
    story.does(ANA, case, lambda o: assign(o, "ana"))
    story.at("2026-03-26 07:00").rings()
    assert "two working days" not in story.said(Template.WARNING)


def test_a_second_silence_rings_again(tell: Tell) -> None:
    story = tell(managers=("boss@example.org",))
    case = story.at("2026-03-02 07:00").receives(Label.ACCESS)
    story.does(ANA, case, clarify)
    story.post()
    assert story.at("2026-03-21 06:00").rings() == 1
    story.does(ANA, case, take_answer)
    story.does(ANA, case, clarify)
    story.post()
    assert story.at("2026-04-11 06:00").rings() == 1


def test_a_closed_case_is_not_reminded(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, clarify)
    uk.post()
    uk.does(ANA, case, lambda o: decide(o, Kind.ACCESS, ItemResult.NOT_A_REQUEST))
    uk.does(ANA, case, close)
    with pytest.raises(NotAllowed):
        uk.does(ANA, case, remind)


def test_only_a_question_that_is_open_can_be_answered(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, clarify)
    uk.post()
    with pytest.raises(NotAllowed):
        uk.does(ANA, case, lambda o: take_answer(o, question=PauseReason.FEE))


def test_reopening_names_items_of_the_case(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, lambda o: decide(o, Kind.ACCESS, ItemResult.NOT_A_REQUEST))
    uk.does(ANA, case, close)
    with pytest.raises(NotAllowed):
        uk.does(ANA, case, lambda o: reopen(o, why="x", kinds=[Kind.ERASURE]))


def test_a_merged_case_is_not_reopened_beside_the_one_that_took_it(uk: Story) -> None:
    first = uk.receives(Label.ACCESS)
    second = by_phone(uk, address="mara@brightmail.example")
    uk.does(ANA, second, lambda o: merge(o, case_named(o.session, first)))
    with pytest.raises(NotAllowed):
        uk.does(ANA, second, lambda o: reopen(o, why="x"))


def test_asking_for_a_mandate_does_not_forget_who_the_person_is(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, known)
    uk.does(ANA, case, lambda o: ask(o, PauseReason.MANDATE, why="for her son", proofs=[Proof.PARENT]))
    assert uk.case(case).identity is Identity.CONFIRMED


def test_nothing_was_told_before_the_request_came(france: Story) -> None:
    case = france.at("2026-03-04").receives(Label.ACCESS)
    with pytest.raises(NotAllowed):
        france.does(ANA, case, lambda o: extend(o, why="x", text="x", told_on=date(2026, 2, 1)))


def test_nothing_was_asked_before_the_request_came(france: Story) -> None:
    case = france.at("2026-03-04").receives(Label.ACCESS)
    with pytest.raises(NotAllowed):
        france.does(ANA, case, lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="x", told_on=date(2026, 2, 1)))


def test_a_letter_says_that_time_stops_only_for_what_it_stops(france: Story) -> None:
    case = france.at("2026-03-04").receives(Label.ACCESS, Label.ERASURE)
    france.does(ANA, case, clarify)
    france.post()
    assert france.due(case, Kind.ACCESS) is None
    assert france.due(case, Kind.ERASURE) == date(2026, 4, 7)
    assert "7 avril 2026" in france.said(Template.CLARIFICATION), "the erasure is still due then"


def test_the_drawing_names_every_deed() -> None:
    missing = [deed.value for deed in Deed if deed.value.replace("_", " ") not in drawn()]
    assert missing == []


def test_a_customers_name_within_another_word_is_no_name(uk: Story) -> None:
    with uk.database.transaction() as session:
        import_customers(session, "example", [{"name": "Bo", "domains": "", "administrator": "dpo@bo.example"}])
    case = uk.receives(Label.ERASURE, text="Please delete everything about me.")
    assert uk.shown(case)["customer"] is None


def test_a_mistyped_address_is_told_when_a_case_is_opened(uk: Story) -> None:
    with pytest.raises(DeskError):
        by_phone(uk, address="mara at brightmail")


@pytest.mark.parametrize("country", ["Great Britain", "nowhere"])
def test_a_word_is_no_country_code(uk: Story, country: str) -> None:
    case = uk.receives(Label.ACCESS)
    with pytest.raises(NotAllowed):
        uk.does(ANA, case, lambda o: note_country(o, country))  # taken for GR (Greece) and NO (Norway)
