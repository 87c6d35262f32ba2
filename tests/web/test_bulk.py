"""Deeds on many cases that are shown before they are done: letters and merging. Setting right is in test_mail_page."""

from dataclasses import replace
from threading import Thread

import pytest
from browser import Browser, Page
from conftest import on_postgresql
from front_door import START, Open
from mailboxes import mailbox, organisation
from sqlmodel import col, select
from story import ANA, BEN, Story

from cases.arranging import assign
from cases.asking import ask
from cases.deciding import close, decide
from models.audit import Action
from models.case import CaseState, ItemResult
from models.casework import PauseReason
from models.letter import Proof
from models.outbox import OutboxMail, Template
from models.verdict import Kind, Label
from service.desk_pages import desk_parts
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault
from web.desk.accounts import Visitor
from web.desk.many.plans import carry_out

WORDS = {"letter": "information", "text": "We were away.\n\nWe are back.", "language": "en"}


def cases(desk: Open, count: int = 3, label: Label = Label.ACCESS) -> list[str]:
    return [desk.story.receives(label, sender=f"p{number}@mail.example") for number in range(count)]


def plans(sitting: Browser, deed: str, chosen: list[str], **values: object) -> Page:
    """Choose cases in the queue, then what asks for a choice; return where that leads, or the page that says why not."""
    csrf = sitting.get("/").hidden("csrf")
    page = sitting.post("/bulk", csrf=csrf, query="", deed=deed, case=chosen)
    if values and page.status == 200:
        page = sitting.post("/bulk/plan", csrf=csrf, deed=deed, cases=page.hidden("cases"), **values)
    return page


def goes_on(sitting: Browser, plan: str) -> Page:
    """Confirm a plan as it stands; return what became of it."""
    sent = sitting.post(plan, csrf=sitting.get("/").hidden("csrf"))
    return sitting.get(sent.goes_to) if sent.status == 303 else sent


def letters(desk: Open, template: Template) -> list[str]:
    with desk.story.database.reading() as session:
        query = select(OutboxMail.to_address).where(col(OutboxMail.template) == template)
        return sorted(session.exec(query))


def test_a_letter_to_many_is_read_one_by_one_and_then_sent_once_to_each(desk: Open) -> None:
    chosen, ana = cases(desk), desk.sits("ana")
    plan = plans(ana, "letter", chosen, **WORDS).goes_to
    shown = ana.get(plan)
    assert shown.text.count('<section class="preview">') == 3
    assert all(f"{case}" in shown.words for case in chosen)
    assert shown.words.count("We are back.") == 3
    assert letters(desk, Template.MESSAGE) == []
    assert {entry.case_id for entry in desk.record(Action.CASE_VIEWED)} == {1, 2, 3}
    assert "3 letters: on the way" in goes_on(ana, plan).words
    assert goes_on(ana, plan).status == 200
    assert letters(desk, Template.MESSAGE) == [f"p{number}@mail.example" for number in range(3)]
    assert "We are back." in desk.story.said(Template.MESSAGE)
    assert "person_written_to" in desk.story.events(chosen[0])


@on_postgresql
def test_a_letter_that_cannot_go_is_named_with_its_case_and_the_others_go(desk: Open) -> None:
    asked, unasked, decided = cases(desk)
    desk.story.does(ANA, asked, lambda o: ask(o, PauseReason.IDENTITY, why="unknown", proofs=[Proof.CODE]))
    desk.story.post()
    desk.story.does(ANA, decided, lambda o: decide(o, Kind.ACCESS, ItemResult.NO_DATA))
    ana = desk.sits("ana")
    plan = plans(ana, "letter", [asked, unasked, decided], letter="reminder").goes_to
    words = ana.get(plan).words
    assert "Left alone: 2" in words
    assert f"{unasked} : nothing was asked that is not answered" in words
    assert "Left alone: 2" in goes_on(ana, plan).words
    assert letters(desk, Template.STATUS) == ["p0@mail.example"]
    answers = goes_on(ana, plans(ana, "letter", [decided, unasked], letter="no_data").goes_to).words
    assert f"{unasked} : an item has no result yet" in answers
    assert letters(desk, Template.NO_DATA) == ["p2@mail.example"]


@on_postgresql
def test_words_that_are_the_same_for_all_go_only_to_those_who_are_written_to_in_their_language(
    database: Database, vault: Vault, audit: Audit
) -> None:
    presence, box = Presence(database), mailbox(organisation=organisation(languages=("en", "de")))
    desk = Open(Story(database, vault, audit, presence, box, START))
    chosen = cases(desk, 2)
    desk.story.language = "de"
    german = desk.story.receives(Label.ACCESS, sender="g@mail.example")
    ana, words = desk.sits("ana"), {"letter": "extension", "text": "So many wrote.", "language": "en"}
    lacking = plans(ana, "letter", chosen, **words)
    assert (lacking.status, "needs a reason for colleagues" in lacking.words) == (409, True)
    assert "So many wrote." in lacking.text
    done = goes_on(ana, plans(ana, "letter", [*chosen, german], why="a wave", **words).goes_to).words
    assert f"{german} : letters to this person are written in de, your words are in en" in done
    assert letters(desk, Template.EXTENSION) == ["p0@mail.example", "p1@mail.example"]
    desk.server.stop()
    presence.leave()


@on_postgresql
def test_more_letters_than_anybody_reads_are_refused(desk: Open) -> None:
    refused = plans(desk.sits("ana"), "letter", [f"RD-{number}" for number in range(51)])
    assert (refused.status, "51 cases are too many at once, 50 are the most" in refused.words) == (409, True)


@on_postgresql
def test_a_case_that_changed_between_the_look_and_the_letter_is_named_and_left_alone(desk: Open) -> None:
    one, two = cases(desk, 2)
    ana = desk.sits("ana")
    plan = plans(ana, "letter", [one, two], **WORDS).goes_to
    ana.get(plan)
    desk.story.does(BEN, two, lambda office: assign(office, "ben"))
    done = goes_on(ana, plan).words
    assert "1 letter: on the way" in done
    assert f"{two} : it was changed since it was chosen" in done
    assert letters(desk, Template.MESSAGE) == ["p0@mail.example"]


def test_what_was_interrupted_is_finished_by_sending_it_again_and_nothing_goes_twice(desk: Open) -> None:
    chosen, ana = cases(desk, 4), desk.sits("ana")
    plan = plans(ana, "letter", chosen, **WORDS).goes_to
    whole, member = desk_parts(desk.story.desk), desk.member("ana")
    who = Visitor(member.id or 0, "ana", member.role, "", "", must_change_password=False, seen_at=desk.story.now)
    times = iter(range(10))

    def do(*given: object) -> object:
        """Die between the second case and the third."""
        if next(times) == 2:
            raise KeyboardInterrupt
        return whole.do(*given)  # type: ignore[arg-type]

    with pytest.raises(KeyboardInterrupt):
        carry_out(replace(whole, do=do), who, int(plan.removeprefix("/bulk/")))
    assert len(letters(desk, Template.MESSAGE)) == 2
    assert "2 are still to be done" in ana.get(plan).words
    assert "4 letters" in goes_on(ana, plan).words
    assert letters(desk, Template.MESSAGE) == [f"p{number}@mail.example" for number in range(4)]


def test_sent_twice_at_once_each_letter_goes_once(desk: Open) -> None:
    chosen, ana = cases(desk, 6), desk.sits("ana")
    plan = plans(ana, "letter", chosen, **WORDS).goes_to
    csrf = ana.get("/").hidden("csrf")
    both = [Thread(target=ana.post, args=(plan,), kwargs={"csrf": csrf}) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert letters(desk, Template.MESSAGE) == [f"p{number}@mail.example" for number in range(6)]
    assert "6 letters" in ana.get(plan).words


def test_cases_of_one_person_are_merged_into_the_oldest_that_is_not_closed(desk: Open) -> None:
    story = desk.story
    closed = story.receives(Label.COMPLAINT)
    story.does(BEN, closed, lambda office: decide(office, Kind.COMPLAINT, ItemResult.NOT_A_REQUEST))
    story.does(BEN, closed, close)
    oldest, second, third = (
        story.at(f"2026-03-{day}").receives(label)
        for day, label in (("03", Label.ACCESS), ("05", Label.ERASURE), ("06", Label.OBJECTION))
    )
    ana = desk.sits("ana")
    plan = plans(ana, "merge", [third, closed, oldest, second]).goes_to
    shown = ana.get(plan).words
    assert f"Merge into {oldest}" in shown
    assert "This would be done to 2 cases" in shown
    assert f"{closed} : it is closed" in shown
    assert "Done on 2 cases" in goes_on(ana, plan).words
    assert [story.shown(case)["merged_into"] for case in (second, third, closed)] == [oldest, oldest, None]
    assert {item["kind"] for item in story.shown(oldest)["items"]} == {"access", "erasure", "objection"}  # type: ignore[attr-defined]
    assert ana.post(f"{plan}/undo", csrf=ana.get("/").hidden("csrf"), query="").status == 403


def test_cases_of_several_people_are_merged_person_by_person(desk: Open) -> None:
    story = desk.story
    mara, milo, alone = ("mara@mail.example", "milo@mail.example", "alone@mail.example")
    oldest, second, third = (story.receives(label, sender=mara) for label in (Label.ACCESS, Label.ERASURE, Label.SPAM))
    his, later = (story.receives(label, sender=milo) for label in (Label.ACCESS, Label.OBJECTION))
    single = story.receives(Label.ACCESS, sender=alone)
    ana = desk.sits("ana")
    plan = plans(ana, "merge", [second, later, single, his, third, oldest]).goes_to
    shown = ana.get(plan)
    assert "Merge the cases of 2 people" in shown.words
    assert f"Into {oldest} {mara} {second}" in shown.words
    assert f"Into {his} {milo} {later}" in shown.words
    assert f"{single} : no other of the chosen cases is of the same person" in shown.words
    assert f'href="/cases/{single}"' in shown.text
    done = goes_on(ana, plan).words
    assert f"{second} into {oldest}" in done
    assert f"{later} into {his}" in done
    assert [story.shown(case)["merged_into"] for case in (second, later, single, his)] == [oldest, his, None, None]
    assert f"{second} into {oldest}" in goes_on(ana, plan).words, "done again, it says the same"


@on_postgresql
def test_where_no_two_cases_are_of_one_person_nothing_is_merged(desk: Open) -> None:
    one, two = cases(desk, 2)
    ana = desk.sits("ana")
    refused = plans(ana, "merge", [one, two])
    assert (refused.status, "of 2 different people" in refused.words) == (409, True)
    assert "two cases or more" in plans(ana, "merge", [one]).words


@on_postgresql
def test_nobody_else_sees_or_does_what_somebody_planned(desk: Open) -> None:
    chosen, ana = cases(desk, 1), desk.sits("ana")
    plan = plans(ana, "letter", chosen, **WORDS).goes_to
    ben, dora, cleo = desk.sits("ben"), desk.sits("dora"), desk.sits("cleo")
    assert [other.get(plan).status for other in (ben, dora, cleo)] == [404, 404, 404]
    assert [goes_on(other, plan).status for other in (ben, dora, cleo)] == [404, 403, 404]
    assert ana.post(plan, csrf="wrong").status == 403
    assert plans(dora, "letter", chosen).status == 403
    assert plans(cleo, "letter", chosen, **WORDS).status == 409
    assert letters(desk, Template.MESSAGE) == []
    assert desk.story.case(chosen[0]).status is CaseState.OPEN
    assert "there is no case" in plans(cleo, "merge", chosen).words
