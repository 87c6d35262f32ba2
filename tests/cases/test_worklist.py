"""The queue: what stands where, and what words find, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert
from sqlmodel import Session, col, select
from story import ANA, Story

from cases.arranging import assign, tag
from cases.asking import ask, take_answer
from cases.deciding import answer, close, decide
from cases.finding import MANY_WORDS
from cases.local_days import LocalDays
from cases.looking import look_at
from cases.narrowing import Narrowing
from cases.retention import Erasure, Extent, erase
from cases.worklist import PAGE, Filters, fitting_ids, opened_after, queue, tiles
from models.case import UNDATED, Case, CaseState, CaseWord, ItemResult
from models.casework import PauseReason
from models.outbox import Template
from models.staff import Actor, Role
from models.verdict import Kind, Label
from store.case_index import index_case

TODAY = date(2026, 3, 2)


def listed(story: Story, **filters: object) -> list[str]:
    with story.database.reading() as session:
        return [row.reference for row in queue(session, Filters(**filters), TODAY).rows]  # type: ignore[arg-type]


def found(story: Story, words: str) -> list[str]:
    return listed(story, words=words, status="all")


def test_the_earliest_date_comes_first_what_waits_stands_behind_and_what_is_over_is_not_listed(uk: Story) -> None:
    access, marketing, job = (
        uk.receives(label, sender=f"{label}@mail.example")
        for label in (Label.ACCESS, Label.OBJECTION_MARKETING, Label.JOB_APPLICATION)
    )
    over = uk.receives(Label.ERASURE, sender="gone@mail.example")
    uk.does(ANA, over, lambda office: decide(office, Kind.ERASURE, ItemResult.NOT_A_REQUEST))
    uk.does(ANA, over, close)
    waiting = uk.receives(Label.ACCESS, sender="waits@mail.example")
    uk.does(ANA, waiting, lambda office: ask(office, PauseReason.CLARIFICATION, why="which account", text="Which?"))
    uk.post()
    rows = listed(uk)
    assert rows.index(marketing) < rows.index(access) < rows.index(waiting)
    assert over not in rows
    assert job in rows
    assert listed(uk, status="closed") == [over]


def test_an_answer_that_has_not_gone_out_stays_in_the_queue_with_its_date(uk: Story) -> None:
    case = uk.receives(Label.COMPLAINT)
    uk.does(ANA, case, lambda office: decide(office, Kind.COMPLAINT, ItemResult.FULFILLED))
    uk.does(ANA, case, lambda office: answer(office, Template.COMPLAINT_ANSWER, text="We have put it right."))
    assert uk.case(case).status is CaseState.ANSWERED
    assert listed(uk) == [case]
    uk.post()
    assert listed(uk) == []


@pytest.mark.parametrize(
    "words", ["lindqvist", "LINDQV", "mara lind", "brightmail", "mara@brightmail.example", "lïndqvïst", "some mara"]
)
def test_a_case_is_found_by_beginnings_of_its_words(uk: Story, words: str) -> None:
    case = uk.receives(Label.ACCESS)
    with uk.database.transaction() as session:
        row = session.exec(select(Case)).one()
        row.subject = "Some words"
        index_case(session, row)
    assert found(uk, words) == [case]
    assert found(uk, case.lower()) == found(uk, case[3:]) == [case]


@pytest.mark.parametrize("words", ["qvist", "lindqvist nobody", "%", "_", "'", "tag:mara", "\U0010ffff", "***"])
def test_what_is_in_no_case_finds_none(uk: Story, words: str) -> None:
    uk.receives(Label.ACCESS)
    assert found(uk, words) == []


def test_a_case_is_found_by_its_tags_until_they_are_taken_away(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, lambda office: tag(office, add=("Press",)))
    assert found(uk, "tag:press") == [case]
    assert found(uk, "press") == []
    uk.does(ANA, case, lambda office: tag(office, remove=("Press",)))
    assert found(uk, "tag:press") == []


def test_who_was_erased_is_not_found_any_more(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    with uk.database.transaction() as session:
        row = session.exec(select(Case)).one()
        erase(session, Erasure(row, Extent.NAMES, TODAY, "a test"), uk.vault, uk.audit, uk.now, "ana")
    with uk.database.reading() as session:
        words = set(session.exec(select(CaseWord.word)))
    assert not words & {"mara", "lindqvist", "brightmail"}
    assert found(uk, case) == [case]


def fill(session: Session, story: Story, count: int) -> None:
    """Let there be many cases called Smith, each due a day after the one before, of which each hundredth asks for
    erasure, every other one is odd, and each third is called Smithers, too."""
    rows = [
        {
            "id": number,
            "reference": f"RD-{number:06}",
            "organisation": story.mailbox.organisation.slug,
            "mailbox": story.mailbox.name,
            "status": CaseState.OPEN,
            "requester_address": f"{number}@mail.example",
            "language": "en",
            "received_at": story.now + timedelta(days=number % 50),
            "opened_at": story.now,
            "queue_on": TODAY + timedelta(days=number) if number % 7 else UNDATED,
            "kinds": "|erasure|" if number % 100 == 0 else "|access|",
        }
        for number in range(1, count + 1)
    ]
    session.execute(insert(Case), rows)  # type: ignore[call-overload]
    words = [
        {"case_id": number, "queue_on": row["queue_on"], "word": word, "names_person": word == "smith"}
        for number, row in enumerate(rows, 1)
        for word in ("smith", f"n{number}x", f"kind:{str(row['kinds']).strip('|')}", *several(number))
    ]
    session.execute(insert(CaseWord), words)  # type: ignore[call-overload]


def several(number: int) -> list[str]:
    target = f"target:{TODAY - timedelta(days=number)}"
    return [*(["odd"] if number % 2 else []), *(["smithers"] if number % 3 == 0 else []), target]


def ids(session: Session, most: int | None = None, **filters: object) -> list[int]:
    return fitting_ids(session, Filters(**filters), TODAY, most)  # type: ignore[arg-type]


def in_order(*numbers: int) -> list[int]:
    return sorted(numbers, key=lambda number: (number % 7 == 0, number))


def test_words_of_many_cases_and_of_few_find_the_same_in_the_same_order(uk: Story) -> None:
    count = 4_200
    with uk.database.transaction() as session:
        fill(session, uk, count)
    with uk.database.reading() as session:
        many = queue(session, Filters(words="smith"), TODAY)
        assert (many.counted, many.pages) == ("1,000+", 1000 // PAGE)
        assert [row.id for row in many.rows[:7]] == [1, 2, 3, 4, 5, 6, 8]
        assert ids(session, words="smith") == in_order(*range(1, count + 1)), (
            "once, though each third has two such words"
        )
        assert ids(session, words="smi odd", most=3) == [1, 3, 5]
        assert ids(session, words="smith", kind="erasure") == in_order(*range(100, count + 1, 100))
        assert ids(session, words="n77x smith") == [77]
        assert ids(session, words="n") == in_order(*range(1, count + 1)), "more words than are named one by one"
        assert ids(session, words="n1 odd", most=4) == [1, 11, 13, 15]
        assert ids(session, words="odd n1 n", kind="access", most=4) == [1, 11, 13, 15]
        last = queue(session, Filters(page=10**6), TODAY)
        assert (last.page, last.counted, last.rows[-1].id) == (20, "1,000+", 1166), "the thousandth that has a date"


@pytest.mark.parametrize("few", [0, 10, 10**6])
def test_whichever_way_cases_are_looked_up_they_are_the_same(uk: Story, few: int, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    for name in ("FEW", "FEW_SORTED"):
        monkeypatch.setattr(f"cases.finding.{name}", few)
    with uk.database.transaction() as session:
        fill(session, uk, 3 * MANY_WORDS)
    in_march = Narrowing(received_from="2026-03-12", received_to="2026-03-21")
    with uk.database.reading() as session:
        received = {number for number in range(1, 97) if 10 <= number % 50 < 20}
        assert ids(session, words="n", more=in_march) == in_order(*received)
        assert ids(session, words="smithers", more=in_march) == in_order(*(n for n in received if n % 3 == 0))
        assert ids(session, words="n odd", kind="access") == in_order(*range(1, 97, 2))
        assert ids(session, words="smith n9", due="7") == []
        passed = Narrowing(target="passed")
        assert ids(session, more=passed) == in_order(*range(1, 97)), "more days than are named one by one"
        assert ids(session, words="odd target:<2026-02-20", more=passed, most=2) == [11, 13]
        after = opened_after(session, Filters(words="smithers odd"), TODAY, 9, 3)
        assert [case.id for case in after] == [15, 21, 27]


def test_all_that_fits_is_listed_once_in_the_order_of_the_queue(uk: Story) -> None:
    with uk.database.transaction() as session:
        fill(session, uk, 3 * PAGE + 1)
    with uk.database.reading() as session:
        found = ids(session)
        assert len(found) == len(set(found)) == 3 * PAGE + 1
        assert found[:7] == [1, 2, 3, 4, 5, 6, 8]
        assert ids(session, PAGE + 5, words="smith") == found[: PAGE + 5]
        assert tiles(session, "", TODAY)["3"] == 3


def test_the_kinds_of_a_case_are_its_items(uk: Story) -> None:
    case = uk.receives(Label.ACCESS, Label.ERASURE)
    with uk.database.reading() as session:
        (row,) = queue(session, Filters(), TODAY).rows
        assert row.kinds == [Kind.ACCESS, Kind.ERASURE]
        assert session.exec(select(Case.reference).where(col(Case.kinds).contains("|erasure|"))).all() == [case]


def test_a_search_reads_typed_parts_and_finds_nothing_for_those_that_say_nothing(uk: Story) -> None:
    access = uk.receives(Label.ACCESS, sender="mara@brightmail.example")
    job = uk.receives(Label.JOB_APPLICATION, sender="kim@postbag.example")
    uk.does(ANA, access, lambda office: assign(office, "ana"))
    with uk.database.transaction() as session:
        row = session.exec(select(Case).where(col(Case.reference) == job)).one()
        row.requester_name, row.subject = "Kim Olsen", f"Re: {access} for Mara"
        index_case(session, row)
    assert set(found(uk, "mara")) == {access, job}
    assert found(uk, "from:mara") == found(uk, "from:MARA@bright") == [access]
    assert set(found(uk, access)) == {access, job}
    assert found(uk, f"case:{access.lower()}") == [access]
    assert (
        found(uk, "right:access")
        == found(uk, "owner:ana")
        == found(uk, "from:mara right:access state:open")
        == [access]
    )
    assert found(uk, "right:erasure") == found(uk, "from:mara owner:nobody") == []
    assert (
        found(uk, "due:2026-04-02 from:mara")
        == found(uk, "due:31d from:mara")
        == found(uk, "due:<2026-04-03 due:>30d from:mara")
        == [access]
    )
    assert found(uk, "due:<31d from:mara") == found(uk, "due:overdue") == []
    for nonsense in ("due:soon", "due:<", "due:9999d", "due:0001-01-01", "right:all", "from:", "from:@", "due:<99999d"):
        assert found(uk, f"{nonsense}") == []
    assert found(uk, "re:mara") == [job], "a part whose name is none of ours is words"


def test_what_a_case_is_and_what_became_of_it_are_filters(uk: Story) -> None:
    case, other = uk.receives(Label.ACCESS), uk.receives(Label.JOB_APPLICATION, sender="kim@postbag.example")

    def fits(**more: str) -> bool:
        rows = listed(uk, status="all", more=Narrowing(**more))
        assert other not in rows or more["role"] == "controller"
        return case in rows

    assert fits(role="controller")
    assert not fits(role="processor")
    assert not fits(stopped="clarification")
    uk.does(ANA, case, lambda office: ask(office, PauseReason.CLARIFICATION, why="which account", text="Which?"))
    uk.post()
    assert fits(stopped="clarification")
    assert not fits(stopped="identity")
    uk.does(ANA, case, lambda office: take_answer(office, on=TODAY))
    assert not fits(stopped="clarification")
    uk.does(ANA, case, lambda office: tag(office, add=("Press",)))
    assert fits(tag="press")
    uk.does(ANA, case, lambda office: decide(office, Kind.ACCESS, ItemResult.WITHDRAWN))
    assert fits(result="withdrawn")
    assert not fits(result="refused")


def test_a_reply_is_new_until_somebody_who_works_looks_and_an_auditor_does_not(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)

    def is_new() -> bool:
        with uk.database.reading() as session:
            return bool(tiles(session, "", TODAY)["replied"]) and listed(uk, more=Narrowing(replied="1")) == [case]

    def looks(who: Actor) -> None:
        with uk.database.transaction() as session:
            look_at(session, session.exec(select(Case)).one(), who, uk.now)

    assert not is_new()
    uk.receives(Label.FOLLOWUP, answers=uk.case(case).reference)
    assert is_new()
    looks(Actor("dora", Role.AUDITOR))
    uk.does(ANA, case, lambda office: assign(office, "ben"))
    assert is_new()
    looks(ANA)
    assert not is_new()


def test_due_today_is_so_by_the_clocks_of_each_cases_own_mailbox(uk: Story) -> None:
    here, there = (uk.receives(Label.ACCESS, sender=f"{name}@mail.example") for name in ("here", "there"))
    with uk.database.transaction() as session:
        moved = session.exec(select(Case).where(col(Case.reference) == there)).one()
        moved.mailbox = "tokyo"
        index_case(session, moved)
    due, target = date(2026, 4, 2), date(2026, 3, 30)

    def on(day: date, **filters: object) -> set[str]:
        """Return what is listed at an hour when in Tokyo it is a day later."""
        days = LocalDays(day, {"contact": day, "tokyo": day + timedelta(days=1)})
        with uk.database.reading() as session:
            rows = queue(session, Filters(**filters), days).rows  # type: ignore[arg-type]
            ids = fitting_ids(session, Filters(**filters), days)  # type: ignore[arg-type]
            assert [row.id for row in rows] == ids
            if filters.keys() == {"due"} and filters["due"] in ("overdue", "today", "3"):
                assert tiles(session, "", days)[str(filters["due"])] == len(rows)
            return {row.reference for row in rows}

    aday = timedelta(days=1)
    assert (on(due, due="today"), on(due - aday, due="today")) == ({here}, {there})
    assert (on(due, due="overdue"), on(due + aday, due="overdue")) == ({there}, {here, there})
    assert (on(due - 3 * aday, due="3"), on(due - 4 * aday, due="3")) == ({here, there}, {there})
    assert (on(due, due="ahead"), on(due, words="due:today"), on(due, words="due:<1d")) == (
        {here},
        {here},
        {here, there},
    )
    assert on(due, due="today", kind="access", words="mail") == {here}
    assert (on(target, words="target:today"), on(target, words="target:passed")) == ({here}, {there})
    assert on(target, more=Narrowing(target="passed")) == {there}
    assert on(target, more=Narrowing(target="within_3_days")) == {here}
    assert on(due) == {here, there}
