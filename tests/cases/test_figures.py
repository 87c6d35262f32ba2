"""The dashboard's figures, counted by hand on short stories; on both databases."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlmodel import col, select
from story import ANA, BEN, Story

from cases.arranging import assign, split
from cases.asking import ask, take_answer
from cases.breaches import explain_breach
from cases.case_facts import places_of
from cases.deciding import answer, close, decide, reopen
from cases.extending import extend
from cases.figures import Spread, period_figures, shares, spread_of, standing, weeks
from cases.holiday_calendar import working_days
from cases.load import load_of, pace_of
from cases.periods import Period, Span, period_of
from cases.tally_book import progress
from models.audit import Action
from models.case import Case, ItemResult
from models.casework import PauseReason
from models.correction import Correction
from models.errors import NotAllowed
from models.letter import Proof
from models.message import Message
from models.outbox import ERASED, Template
from models.tally import Breach, BreachCause, CountedCase, Measure, Tally
from models.verdict import Doubt, Kind, Label
from service.counting import count_all, count_anew
from service.jobs import Service
from service.retaining import erase_planned
from store.database import Database

MARCH = Period(Span.MONTH, date(2026, 3, 1))
APRIL = Period(Span.MONTH, date(2026, 4, 1))


def counted(story: Story) -> None:
    count_all(story.database, story.desk.mailboxes, lambda: story.now)


def now_of(story: Story, *organisations: str) -> Any:
    counted(story)
    today = story.now.astimezone(places_of(story.desk.mailboxes)["contact"].zone).date()
    with story.database.reading() as session:
        return standing(session, organisations or ("example",), today, story.now)


def went(story: Story, period: Period) -> Any:
    now, today = now_of(story), story.now.date()
    with story.database.reading() as session:
        return period_figures(session, ["example"], period, now, today)[0]


def answers(story: Story, case: str, kind: Kind = Kind.OBJECTION, result: ItemResult = ItemResult.NO_DATA) -> None:
    story.does(ANA, case, lambda office: decide(office, kind, result))
    story.does(ANA, case, lambda office: answer(office, Template.NO_DATA, text="There is nothing."))
    story.post()


def tallies(database: Database) -> Counter[tuple[object, ...]]:
    with database.reading() as session:
        rows = session.exec(select(Tally)).all()
        assert all(row.count > 0 for row in rows), "what is not there any more has no row"
        return Counter({(r.organisation, r.measure, r.dimension, r.on, r.member, r.value): r.count for r in rows})


def test_an_empty_desk_has_figures_and_no_shares(uk: Story) -> None:
    found = now_of(uk)
    assert (found.open, found.overdue, found.oldest_days, found.unopened) == (0, 0, 0, 0)
    month = went(uk, MARCH)
    assert (month.kept.share, month.kept.best, month.times[Measure.ANSWER_TENTHS].median) == (None, None, None)


def test_where_things_stand_counted_by_hand(uk: Story) -> None:
    late = uk.at("2026-03-02").receives(Label.OBJECTION, sender="a@mail.example")  # due 2 April
    soon = uk.at("2026-03-08").receives(Label.OBJECTION, sender="b@mail.example")  # due 8 April
    asked = uk.at("2026-03-09").receives(Label.ACCESS, sender="c@mail.example")
    longer = uk.receives(Label.OBJECTION, sender="d@mail.example")
    uk.post()
    uk.does(ANA, asked, lambda office: ask(office, PauseReason.CLARIFICATION, why="", text="Which year?"))
    uk.does(ANA, longer, lambda office: extend(office, why="complex", text="It is complex."))
    uk.does(ANA, soon, lambda office: assign(office, "ana"))
    uk.post()
    assert (uk.due(late, Kind.OBJECTION), uk.due(soon, Kind.OBJECTION)) == (date(2026, 4, 2), date(2026, 4, 8))

    found = now_of(uk.at("2026-04-05"))
    assert (found.open, found.overdue, found.oldest_days) == (4, 1, 3)
    assert (found.due_3, found.due_7, found.waiting, found.extended, found.unopened) == (1, 1, 1, 1, 1)
    assert found.members["owner"] == {"": [3, 1], "ana": [1, 0]}
    assert found.members["mailbox"] == {"contact": [4, 1]}
    assert found.ages["access"] == [0, 0, 0, 1, 0, 0]
    assert found.ages["objection"] == [0, 0, 0, 2, 0, 1], "two ahead, one overdue"

    found = now_of(uk.at("2026-04-02 23:59"))
    assert found.overdue == 0, "due today is not overdue"
    assert now_of(uk.at("2026-04-03 00:00")).overdue == 1


def test_how_a_month_went_counted_by_hand(uk: Story) -> None:
    quick = uk.at("2026-03-02 10:00").receives(Label.OBJECTION, sender="a@mail.example")
    uk.at("2026-03-02 10:30").post()  # acknowledged after half an hour
    slow = uk.at("2026-03-04 10:00").receives(Label.OBJECTION, sender="b@mail.example")  # due 7 April: Easter
    uk.receives(Label.OBJECTION, sender="c@mail.example")  # stays overdue
    uk.at("2026-03-04 12:00").post()
    none = uk.receives(Label.OBJECTION, sender="d@mail.example")
    answers(uk.at("2026-03-12 10:00"), quick)  # ten days
    uk.does(ANA, none, lambda office: decide(office, Kind.OBJECTION, ItemResult.WITHDRAWN))
    ahead = uk.at("2026-03-24 10:00").receives(Label.OBJECTION, sender="e@mail.example")  # due 24 April
    answers(uk.at("2026-04-10 10:00"), slow)  # 37 days
    assert [uk.due(one, Kind.OBJECTION) for one in (slow, ahead)] == [date(2026, 4, 7), date(2026, 4, 24)]

    march, april = went(uk, MARCH), went(uk, APRIL)
    assert (march.count(Measure.RECEIVED), march.count(Measure.ANSWERED), april.count(Measure.ANSWERED)) == (4, 1, 1)
    assert march.count(Measure.RESULT, "result", "withdrawn") == 1
    kept = april.kept
    assert (kept.in_time, kept.late, kept.overdue, kept.ahead) == (1, 1, 1, 1)
    assert (kept.share, kept.best) == (1 / 3, 1 / 2)
    assert march.times[Measure.ANSWER_TENTHS] == Spread(1, 100, 100)
    assert april.times[Measure.ANSWER_TENTHS].median == pytest.approx(370, abs=1)
    assert march.times[Measure.ACK_TENTHS] == Spread(4, 20, 1900)  # half an hour, twice two hours, eight days
    with uk.database.reading() as session:
        found = shares(session, ["example"], now_of(uk), date(2026, 4, 10))
        rows = weeks(session, ["example"], date(2026, 4, 10))
    assert (found[APRIL].breached, found[period_of(Span.YEAR, date(2026, 4, 10))].breached) == (2, 2)
    assert rows[-1] == (date(2026, 4, 6), 0, 1)
    assert rows[-6] == (date(2026, 3, 2), 3, 0)


def test_counting_twice_or_anew_changes_nothing(uk: Story) -> None:
    """And whatever happened in between, the tallies are those of counting it all at the end."""
    one = uk.at("2026-03-02").receives(Label.ACCESS, Label.ERASURE, sender="a@mail.example")
    other = uk.receives(Label.ACCESS, sender="a@mail.example", answers="<unknown@mail.example>")
    counted(uk)
    uk.at("2026-03-03").post()
    uk.does(ANA, one, lambda office: split(office, Kind.ERASURE))
    counted(uk)
    third = uk.receives(Label.OBJECTION, sender="b@mail.example", doubt=Doubt.REQUEST)
    uk.does(ANA, third, lambda office: assign(office, "ben"))
    counted(uk)
    answers(uk.at("2026-03-09"), third)
    counted(uk)
    uk.does(BEN, third, lambda office: reopen(office, why="they wrote again"))
    uk.does(ANA, one, lambda office: ask(office, PauseReason.IDENTITY, why="new address", proofs=[Proof.CODE]))
    counted(uk)
    uk.at("2026-03-12").post()
    uk.at("2026-03-20").does(ANA, one, take_answer)
    counted(uk.at("2026-06-01"))
    step_by_step = tallies(uk.database)
    counted(uk)
    assert tallies(uk.database) == step_by_step
    count_anew(uk.database, uk.desk.mailboxes, lambda: uk.now)
    assert tallies(uk.database) == step_by_step
    assert other


def test_processes_that_count_at_once_count_each_thing_once(uk: Story) -> None:
    for number in range(12):
        uk.receives(Label.OBJECTION, sender=f"p{number}@mail.example")
    counting = [Thread(target=counted, args=(uk,)) for _ in range(4)]
    for thread in counting:
        thread.start()
    for thread in counting:
        thread.join()
    assert now_of(uk).open == 12
    found = tallies(uk.database)
    count_anew(uk.database, uk.desk.mailboxes, lambda: uk.now)
    assert tallies(uk.database) == found


def test_a_case_that_is_not_there_any_more_stays_counted(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.OBJECTION)
    uk.post()
    answers(uk.at("2026-03-09"), case)
    counted(uk)
    before = tallies(uk.database)
    with uk.database.transaction() as session:
        session.get(CountedCase, 1).case_id = 77  # as if case 77 had been deleted
        found = session.exec(select(Case)).one()
        found.organisation = "elsewhere"
    count_anew(uk.database, uk.desk.mailboxes, lambda: uk.now)
    after = tallies(uk.database)
    cases_only = {key: count for key, count in before.items() if key[1] not in (Measure.JUDGED, Measure.REVIEWED)}
    assert {key: count for key, count in after.items() if key[0] == "example" and key in cases_only} == cases_only


def test_statistics_survive_erasure(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.OBJECTION)
    uk.post()
    answers(uk.at("2026-03-09"), case)
    uk.does(ANA, case, close)
    counted(uk)
    before = tallies(uk.database)
    uk.at("2029-04-01")
    erase_planned(uk.database, uk.desk.mailboxes, uk.vault, uk.audit, uk.now, "ana")
    assert uk.case(case).requester_address == ERASED
    counted(uk)
    after = tallies(uk.database)
    assert after - before == Counter({("example", Measure.ERASED, "extent", date(2029, 4, 1), "names", 0): 1})
    assert not before - after
    count_anew(uk.database, uk.desk.mailboxes, lambda: uk.now)
    assert tallies(uk.database) == after


def test_the_running_service_counts_by_itself(uk: Story) -> None:
    uk.receives(Label.ACCESS)
    Service(uk.desk).count()
    with uk.database.reading() as session:
        assert progress(session, uk.now).is_done
        assert standing(session, ["example"], uk.now.date(), uk.now).open == 1


def test_progress_is_told(uk: Story) -> None:
    with uk.database.reading() as session:
        assert progress(session, uk.now).is_done, "an empty desk is counted"
    uk.receives(Label.ACCESS)
    with uk.database.reading() as session:
        found = progress(session, uk.now)
    assert (found.is_done, found.cases_left) == (False, 1)
    counted(uk)
    with uk.database.reading() as session:
        assert progress(session, uk.now).is_done


def test_a_request_just_after_midnight_belongs_to_the_day_there(tell: Any) -> None:
    spain = tell("es", country="ES")
    spain.at("2026-03-01 00:30").receives(Label.OBJECTION)  # still February in UTC
    assert (went(spain, MARCH).count(Measure.RECEIVED), went(spain, MARCH.before).count(Measure.RECEIVED)) == (1, 0)


def test_the_end_of_a_year_parts_months_quarters_and_years(uk: Story) -> None:
    uk.at("2025-12-31 23:59").receives(Label.OBJECTION, sender="a@mail.example")
    uk.at("2026-01-01 00:00").receives(Label.OBJECTION, sender="b@mail.example")
    for span in Span:
        period = period_of(span, date(2026, 1, 1))
        assert (went(uk, period).count(Measure.RECEIVED), went(uk, period.before).count(Measure.RECEIVED)) == (1, 1)
    assert (period_of(Span.QUARTER, date(2025, 12, 31)).after.first) == date(2026, 1, 1)


def test_people_of_another_organisation_are_not_counted(uk: Story) -> None:
    uk.receives(Label.ACCESS)
    assert (now_of(uk, "elsewhere").open, now_of(uk, "example", "elsewhere").open) == (0, 1)


def test_corrections_and_reviews_measure_the_classifier(uk: Story) -> None:
    uk.at("2026-03-02").receives(Label.ACCESS, sender="a@mail.example")
    uk.receives(Label.ACCESS, sender="b@mail.example", doubt=Doubt.REQUEST)
    uk.receives(Label.OTHER, sender="c@mail.example")
    with uk.database.transaction() as session:
        for message in session.exec(select(Message).order_by(col(Message.id))):
            said, now, outcome = {"message_id": message.id}, uk.now, {"outcome": message.outcome}
            uk.audit.append(session, Action.MESSAGE_DECIDED, at=now, details=outcome, **said)
        # The last one asked for something, as a person says; then that person thinks better of it.
        for version, before, after in (("7", "other", "access"), (None, "access", "erasure")):
            labels = {"said": [before], "labels": [after]}
            session.add(Correction(**said, **labels, model_version=version, by="ana", at=now))
            uk.audit.append(session, Action.MESSAGE_CORRECTED, at=now, details=labels, **said)
            now += timedelta(minutes=1)
    found = went(uk, MARCH)
    measures = (Measure.JUDGED, Measure.REVIEWED, Measure.CORRECTED, Measure.MISSED)
    assert [found.count(measure) for measure in measures] == [3, 1, 1, 1]


# Breaches


def breaches(story: Story) -> dict[str, tuple[BreachCause, date | None]]:
    counted(story)
    with story.database.reading() as session:
        rows = session.exec(select(Breach, Case).join(Case).order_by(col(Breach.item_id))).all()
        return {case.reference: (breach.cause, breach.answered_on) for breach, case in rows}


def test_each_breach_has_the_cause_that_its_story_tells(uk: Story) -> None:
    plain = uk.at("2026-03-02").receives(Label.OBJECTION, sender="a@mail.example")
    unproven = uk.receives(Label.OBJECTION, sender="b@mail.example")
    unsent = uk.receives(Label.OBJECTION, sender="c@mail.example")
    doubtful = uk.receives(Label.OBJECTION, sender="d@mail.example", doubt=Doubt.REQUEST)
    uk.post()
    ask_mandate = lambda office: ask(office, PauseReason.MANDATE, why="for another", proofs=[Proof.MANDATE])  # noqa: E731
    uk.at("2026-03-03").does(ANA, unproven, ask_mandate)
    uk.post()
    uk.at("2026-03-30").does(ANA, unproven, lambda office: take_answer(office, on=date(2026, 3, 30)))
    uk.at("2026-04-01").does(ANA, unsent, lambda office: decide(office, Kind.OBJECTION, ItemResult.NO_DATA))
    uk.does(ANA, unsent, lambda office: answer(office, Template.NO_DATA))
    assert breaches(uk.at("2026-04-02")) == {}
    uk.at("2026-05-20").post()
    answers(uk, doubtful)
    assert breaches(uk) == {
        plain: (BreachCause.CAPACITY, None),
        unproven: (BreachCause.IDENTITY, None),
        unsent: (BreachCause.MAIL, date(2026, 5, 20)),
        doubtful: (BreachCause.CAPACITY, date(2026, 5, 20)),
    }


def test_a_request_that_was_recognised_late_says_so(uk: Story) -> None:
    case = uk.at("2026-04-20").receives(Label.OBJECTION, received=datetime(2026, 3, 2, 10, tzinfo=UTC))
    assert breaches(uk) == {case: (BreachCause.RECOGNITION, None)}


def test_a_manager_puts_a_cause_right_with_a_reason_and_counting_keeps_it(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.OBJECTION)
    counted(uk.at("2026-04-20"))
    put_right = lambda office, why: explain_breach(office, Kind.OBJECTION, BreachCause.THIRD_PARTY, why=why)  # noqa: E731
    with pytest.raises(NotAllowed, match="manager"):
        uk.does(ANA, case, lambda office: put_right(office, "the vendor was slow"))
    with pytest.raises(NotAllowed, match="say why"):
        uk.does(BEN, case, lambda office: put_right(office, " "))
    uk.does(BEN, case, lambda office: put_right(office, "the vendor was slow"))
    assert "breach_explained" in uk.events(case)
    assert breaches(uk.at("2026-04-25")) == {case: (BreachCause.THIRD_PARTY, None)}
    count_anew(uk.database, uk.desk.mailboxes, lambda: uk.now)
    assert breaches(uk) == {case: (BreachCause.THIRD_PARTY, None)}


def test_what_is_late_no_more_is_no_breach(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.OBJECTION)
    assert breaches(uk.at("2026-04-20"))
    uk.does(ANA, case, lambda office: decide(office, Kind.OBJECTION, ItemResult.WITHDRAWN))
    assert breaches(uk) == {}


# Values


def test_median_and_nine_in_ten_of_counted_values() -> None:
    assert spread_of(Counter()) == Spread()
    assert spread_of(Counter({3: 1})) == Spread(1, 3, 3)
    assert spread_of(Counter({1: 1, 4: 1})) == Spread(2, 2.5, 4)
    assert spread_of(Counter({2: 9, 50: 1})) == Spread(10, 2, 2)
    assert spread_of(Counter({2: 8, 50: 2})) == Spread(10, 2, 50)


def test_the_days_ahead_are_done_in_the_order_of_their_dates() -> None:
    calendar, monday = working_days("GB-ENG", ()), date(2026, 3, 2)
    answered = Counter({date(2026, 2, 26): 30, date(2026, 2, 27): 10})
    assert pace_of(answered, monday, calendar) == 2  # forty on twenty working days
    owed = Counter({date(2026, 2, 20): 1, monday: 1, date(2026, 3, 3): 5, date(2026, 3, 8): 1, date.max: 9})
    found = load_of(owed, 2.0, monday, 7, calendar)
    assert [day.due for day in found.days] == [1, 5, 0, 0, 0, 0, 1]
    # Monday: the overdue one and the one due. Tuesday: two of five. Wednesday and Thursday: the rest of them.
    assert [day.breaches for day in found.days] == [0, 3, 0, 0, 0, 0, 0]
    assert (found.due, found.breaches) == (7, 3)


def test_a_desk_that_answers_nothing_misses_all() -> None:
    found = load_of(Counter({date(2026, 3, 3): 2}), 0.0, date(2026, 3, 2), 14, working_days("GB-ENG", ()))
    assert (found.breaches, len(found.days)) == (2, 14)
