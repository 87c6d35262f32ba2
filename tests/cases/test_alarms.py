"""Warnings and the digest: who is told what, when, and once."""

from collections.abc import Callable
from datetime import time

import pytest
from sqlmodel import col, select
from story import ANA, Story

from cases.arranging import assign
from cases.asking import ask, take_answer
from cases.deciding import answer, decide
from models.case import ItemResult
from models.casework import PauseReason
from models.organisation import Regime
from models.outbox import OutboxMail, Template
from models.verdict import Kind, Label

Tell = Callable[..., Story]
BOSS, DEPUTY = "boss@example.org", "deputy@example.org"
DAWN = "06:00"
"""Before the digest goes out."""


@pytest.fixture
def story(tell: Tell) -> Story:
    return tell(managers=(BOSS,))


def opened(story: Story, *labels: Label, sender: str = "mara@mail.example") -> str:
    """A case that somebody has looked at."""
    case = story.receives(*labels, sender=sender)
    story.does(ANA, case, lambda office: assign(office, "ana"))
    return case


def warned(story: Story) -> str:
    """What the last warning says, in small letters."""
    return story.said(Template.WARNING).lower()


def receivers(story: Story, template: Template) -> list[str]:
    with story.database.reading() as session:
        return sorted(session.exec(select(OutboxMail.to_address).where(col(OutboxMail.template) == template)))


def test_nobody_is_warned_where_no_manager_is_named(tell: Tell) -> None:
    story = tell()
    story.at("2026-01-02").receives(Label.ACCESS)
    assert story.at("2026-03-02 09:00").rings() == 0


def test_each_manager_is_warned_and_gets_a_digest(tell: Tell) -> None:
    story = tell(managers=(BOSS, DEPUTY))
    opened(story.at("2026-03-02"), Label.ACCESS)
    assert story.at("2026-04-03 09:00").rings() == 2  # Good Friday: no digest
    assert receivers(story, Template.WARNING) == [BOSS, DEPUTY]
    assert story.at("2026-04-07 09:00").rings() == 2
    assert receivers(story, Template.DIGEST) == [BOSS, DEPUTY]


def test_a_date_has_passed_at_the_midnight_after_it(story: Story) -> None:
    case = opened(story.at("2026-03-02"), Label.ACCESS)  # due 2 April, and an hour earlier in UTC
    story.at("2026-03-31 06:00").rings()
    assert story.at("2026-04-02 23:59").rings() == 1  # the digest
    assert story.at("2026-04-03 00:00").rings() == 1
    assert "the time limit has passed" in warned(story)
    assert case.lower() in warned(story)


def test_a_breach_is_late_at_its_hour(tell: Tell) -> None:
    story = tell(managers=(BOSS,), regime=Regime.EU, country="FR", lead_authority="FR")
    opened(story.at("2026-03-06 17:00"), Label.INCIDENT)
    story.rings()
    story.at("2026-03-09 16:59").rings()
    assert "the time limit has passed" not in warned(story)
    story.at("2026-03-09 17:00").rings()
    assert "the time limit has passed" in warned(story)


def test_a_date_that_moved_warns_again(story: Story) -> None:
    opened(story.at("2026-03-02"), Label.ACCESS)
    assert story.at(f"2026-03-24 {DAWN}").rings() == 1
    assert story.rings() == 0
    assert story.celebrates("2026-04-02") == 1  # now due on 7 April, after Easter
    assert story.at(f"2026-03-27 {DAWN}").rings() == 1


def test_a_case_is_warned_of_by_its_earliest_open_date_and_what_is_decided_is_quiet(story: Story) -> None:
    case = opened(story.at("2026-03-02"), Label.OBJECTION_MARKETING, Label.ACCESS)
    assert story.at(f"2026-03-05 {DAWN}").rings() == 1
    assert "objection to direct marketing" in warned(story)
    story.does(ANA, case, lambda office: decide(office, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    assert story.at(f"2026-03-06 {DAWN}").rings() == 0


def test_a_person_who_does_not_reply_for_two_weeks_is_told_of_once(story: Story) -> None:
    case = opened(story.at("2026-03-02"), Label.ACCESS)
    story.does(ANA, case, lambda office: ask(office, PauseReason.CLARIFICATION, why="", text="Which year?"))
    story.post()
    assert story.at(f"2026-03-15 {DAWN}").rings() == 0
    assert story.at(f"2026-03-16 {DAWN}").rings() == 1
    assert "the person has not replied" in warned(story)
    assert story.at(f"2026-03-17 {DAWN}").rings() == 0
    story.does(ANA, case, take_answer)
    assert story.at(f"2026-03-18 {DAWN}").rings() == 0


def test_a_case_that_nobody_opened_for_a_day_is_told_of(story: Story) -> None:
    case = story.at("2026-03-02 10:00").receives(Label.ACCESS)
    assert story.at("2026-03-03 05:00").rings() == 0
    assert story.at("2026-03-07 10:01").rings() == 1
    assert "not opened by anybody for a day" in warned(story)
    assert case.lower() in warned(story)


def test_the_digest_counts_what_presses_and_names_what_is_late_or_due_within_a_week(story: Story) -> None:
    late = opened(story.at("2026-02-02"), Label.ACCESS, sender="a@mail.example")  # due 2 March
    today = opened(story.at("2026-02-09"), Label.ACCESS, sender="b@mail.example")  # due 9 March
    soon = opened(story.at("2026-02-16"), Label.ACCESS, sender="c@mail.example")  # due 16 March
    far = opened(story.at("2026-02-17"), Label.ACCESS, sender="d@mail.example")  # due 17 March
    unseen = story.at("2026-03-05").receives(Label.ACCESS, sender="e@mail.example")
    story.at("2026-03-09 08:00").rings()
    said = story.said(Template.DIGEST)
    for figure in ("overdue: 1", "due today: 1", "due within seven days: 1", "open in all: 5", "more than a day: 1"):
        assert figure in said
    assert [case in said for case in (late, today, soon, far, unseen)] == [True, True, True, False, False]
    assert "@mail.example" not in said


def test_there_is_one_digest_a_day_from_its_hour_on_and_none_on_a_day_off(tell: Tell) -> None:
    story = tell(managers=(BOSS,), digest_at=time(7, 30))
    rung = [story.at(moment).rings() for moment in ("2026-03-06 07:29", "2026-03-06 07:30", "2026-03-06 18:00",
                                                    "2026-03-07 09:00", "2026-03-09 07:30")]  # fmt: skip
    assert rung == [0, 1, 0, 0, 1]


def test_a_quiet_desk_has_a_digest_that_says_so(story: Story) -> None:
    story.at("2026-03-09 08:00").rings()
    assert "Nothing is late, and nothing is due within seven days." in story.said(Template.DIGEST)


def test_in_shadow_nothing_is_sent_to_managers_either(tell: Tell) -> None:
    story = tell(managers=(BOSS,), shadow=True)
    story.at("2026-03-02 09:30").receives(Label.ACCESS)
    assert story.rings() == 1
    assert story.post() == []


def test_a_case_that_nobody_opened_does_not_wait_for_the_person(story: Story) -> None:
    story.at("2026-03-02 10:00").receives(Label.ACCESS)
    story.at("2026-03-07 10:01").rings()
    assert "waiting for the person" not in warned(story)
    assert "due 2 april 2026" in warned(story)


def test_an_answer_that_never_went_out_keeps_its_date(story: Story) -> None:
    case = story.at("2026-03-02 07:00").receives(Label.OBJECTION_MARKETING)
    story.does(ANA, case, lambda office: decide(office, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    story.does(ANA, case, lambda office: answer(office, Template.UNSUBSCRIBE_DONE))
    assert story.at(f"2026-03-05 {DAWN}").rings() == 1
    assert "the time limit has passed" in warned(story)
