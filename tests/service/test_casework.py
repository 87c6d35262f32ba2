"""Deeds in their transactions: opened by hand, shown before they are done, done whole or not at all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from mailboxes import mailbox, organisation
from sqlmodel import func, select
from story import ANA, Story

from cases.arranging import note_country
from cases.asking import ask
from cases.deciding import answer, decide
from cases.forwarding import requests_of
from models.audit import AuditEntry
from models.by_hand import HandRequest
from models.case import Case, CaseState, Channel, ItemResult
from models.casework import ClockFact, PauseReason
from models.errors import NotAllowed, NotFound, PermanentFailure
from models.outbox import OutboxMail, Template
from models.verdict import Kind, Label
from service.by_hand import open_by_hand
from service.case_records import due_rows
from service.casework import Casework
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def story(database: Database, vault: Vault, audit: Audit) -> Iterator[Story]:
    presence = Presence(database)
    yield Story(database, vault, audit, presence, mailbox(organisation=organisation()), START)
    presence.leave()


def by_hand(story: Story, *kinds: Kind, **more: object) -> str:
    request: dict[str, object] = {"received_at": story.now, "channel": Channel.PHONE} | more
    return open_by_hand(story.desk, HandRequest("contact", kinds, **request), "ana")  # type: ignore[arg-type]


def rows_in(story: Story) -> list[int]:
    with story.database.reading() as session:
        return [
            session.exec(select(func.count()).select_from(table)).one()
            for table in (Case, ClockFact, OutboxMail, AuditEntry)
        ]


def clarify(office: object) -> None:
    ask(office, PauseReason.CLARIFICATION, why="", text="Which year?")  # type: ignore[arg-type]


# -- by hand


def test_the_clock_of_a_call_runs_from_the_call(story: Story) -> None:
    rang = story.now - timedelta(days=3)
    case = by_hand(
        story, Kind.ACCESS, Kind.COMPLAINT, Kind.ACCESS, received_at=rang, name=" Mara ", address="Mara@X.example"
    )
    found = story.case(case)
    assert (found.status, found.channel, found.requester_name) == (CaseState.OPEN, Channel.PHONE, "Mara")
    assert found.requester_address == "mara@x.example"
    assert story.shown(case)["kinds"] == ["access", "complaint"], "each once"
    assert story.due(case, Kind.ACCESS) == date(2026, 3, 27)
    assert story.shown(case)["recognised_days_after_receipt"] == 3
    assert story.letters(case) == [], "nobody is written to by itself"
    assert story.events(case)[0] == "case_opened"


def test_what_cannot_have_happened_is_refused_and_leaves_nothing(story: Story) -> None:
    before = rows_in(story)
    with pytest.raises(NotAllowed, match="the receipt lies in the future"):
        by_hand(story, Kind.ACCESS, received_at=story.now + timedelta(minutes=1))
    with pytest.raises(NotAllowed, match="say what is asked for"):
        by_hand(story)
    with pytest.raises(NotFound, match="there is no mailbox 'junk'; there are contact"):
        open_by_hand(story.desk, HandRequest("junk", (Kind.ACCESS,), story.now, Channel.POST), "ana")
    assert rows_in(story) == before


def test_who_left_no_address_is_told_in_another_way(story: Story) -> None:
    case = by_hand(story, Kind.ACCESS)
    with pytest.raises(NotAllowed, match="no address to write to: tell the person in another way"):
        story.does(ANA, case, clarify)
    told = lambda office: ask(office, PauseReason.CLARIFICATION, why="", text="Which year?", told_on=date(2026, 3, 2))  # noqa: E731
    story.does(ANA, case, told)
    assert (story.case(case).status, story.due(case, Kind.ACCESS)) == (CaseState.WAITING, None)


# -- before it is done


def test_a_preview_shows_the_letters_and_writes_nothing(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    before = rows_in(story)
    (letter,) = Casework(story.desk, ANA).preview(case, clarify)
    assert "Subject: A question about your request" in letter
    assert "Which year?" in letter
    assert (rows_in(story), story.case(case).status, story.case(case).first_opened_at) == (before, CaseState.OPEN, None)


def test_a_preview_passes_over_no_rule(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    with pytest.raises(NotAllowed, match="an item has no result yet"):
        Casework(story.desk, ANA).preview(case, lambda office: answer(office, Template.ANSWER, text="Here it is."))


def test_a_preview_of_a_deed_without_letters_shows_none(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    assert Casework(story.desk, ANA).preview(case, lambda o: decide(o, Kind.ACCESS, ItemResult.WITHDRAWN)) == []


# -- whole or not at all


def test_a_case_is_named_in_any_letters_and_an_unknown_one_is_told(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    story.does(ANA, f" {case.lower()} ", clarify)
    with pytest.raises(NotFound, match="there is no case RD-0; `rightsdesk case list` shows them all"):
        story.does(ANA, "RD-0", clarify)


def test_a_deed_whose_letter_cannot_be_written_is_not_done(story: Story, tmp_path: Path) -> None:
    case = story.receives(Label.ACCESS)
    before = rows_in(story)
    (tmp_path / "en" / "clarification").mkdir(parents=True)
    (tmp_path / "en" / "clarification" / "body.md").write_text("{{ letter.shoe_size }}")
    spoilt = replace(story.mailbox, organisation=replace(story.mailbox.organisation, templates=tmp_path))
    desk = replace(story.desk, mailboxes=(spoilt,))
    with pytest.raises(PermanentFailure, match="en/clarification cannot be filled"):
        Casework(desk, ANA).do(case, clarify)
    assert (rows_in(story), story.case(case).status) == (before, CaseState.OPEN)


def test_a_question_that_came_back_is_asked_again(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    story.does(ANA, case, clarify)
    (letter,) = [one for one in story.post() if one.template is Template.CLARIFICATION]
    story.bounce(letter)
    assert story.case(case).status is CaseState.OPEN
    story.does(ANA, case, clarify)
    assert story.letters(case).count(Template.CLARIFICATION) == 2


@pytest.mark.parametrize("country", ["US", "XX", ""])
def test_a_country_whose_law_cannot_govern_is_refused(story: Story, country: str) -> None:
    case = story.receives(Label.ACCESS)
    with pytest.raises(NotAllowed, match="no country of the European Economic Area"):
        story.does(ANA, case, lambda office: note_country(office, country))


def test_the_first_deed_shows_that_somebody_has_looked(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    story.at("2026-03-03").does(ANA, case, clarify)
    first = story.case(case).first_opened_at
    story.at("2026-03-04").does(ANA, case, lambda office: decide(office, Kind.ACCESS, ItemResult.WITHDRAWN))
    assert first is not None
    assert story.case(case).first_opened_at == first


def test_a_case_of_a_mailbox_that_is_gone_can_be_read_and_not_changed(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    without = replace(story.desk, mailboxes=())
    with pytest.raises(NotAllowed, match="the mailbox contact of this case is not configured any more"):
        Casework(without, ANA).do(case, clarify)
    with story.database.reading() as session, pytest.raises(NotFound, match="not configured any more"):
        due_rows(session, case, (), answers=None)


def test_the_mails_of_a_case_are_its_files_oldest_first(story: Story) -> None:
    case = story.receives(Label.ACCESS, text="first")
    story.receives(Label.FOLLOWUP, text="second", answers="<m1@mail.example>")
    files = story.does(ANA, case, requests_of)
    assert isinstance(files, list)
    assert [(file.name, file.content.split(b"\r\n\r\n")[1].strip()) for file in files] == [
        ("request-1.eml", b"first"),
        ("request-2.eml", b"second"),
    ]


# -- what if


def test_supposing_an_answer_changes_nothing_and_never_goes_before_the_question(story: Story) -> None:
    case = story.at("2026-03-02").receives(Label.ACCESS)
    story.at("2026-03-10").does(ANA, case, clarify)
    story.post()
    before = rows_in(story)
    with story.database.reading() as session:
        found = {
            day: due_rows(session, case, (story.mailbox,), answers=day and date.fromisoformat(day))[0]["due_date"]
            for day in ("", "2026-03-01", "2026-03-10", "2026-03-12")
        }
    # 2 April is the Thursday before Easter: whatever is later moves to Tuesday, 7 April.
    assert found == {"": None, "2026-03-01": "2026-04-02", "2026-03-10": "2026-04-02", "2026-03-12": "2026-04-07"}
    assert rows_in(story) == before
