"""A case is deleted at once by two people: one asks, another one looks and agrees, and nothing that is owed vanishes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from mailboxes import mailbox, organisation
from sqlmodel import col, func, select
from story import ANA, BEN, Story, closed

from cases.arranging import add_task, assign, write_note
from cases.deciding import decide
from cases.deleting import (
    ask_deletion,
    confirm_deletion,
    lapse_deletions,
    refuse_deletion,
    take_back_deletion,
)
from cases.narrowing import Narrowing
from cases.worklist import Filters, queue, tiles
from models.accounts import StaffMember
from models.audit import Action
from models.case import ItemResult
from models.deletion import DeletionGround as Ground
from models.errors import NotAllowed
from models.message import Message, SealedMail
from models.outbox import OutboxMail, OutboxState
from models.staff import Actor, Role
from models.tokens import ApiToken
from models.verdict import Kind, Label
from service.casework import Casework
from service.counting import count_all
from service.reports import sla_rows
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLEO = Actor("cleo", Role.ADMINISTRATOR)
DORA = Actor("dora", Role.MANAGER)


@pytest.fixture
def story(database: Database, vault: Vault, audit: Audit):  # type: ignore[no-untyped-def]
    presence = Presence(database)
    box = mailbox(organisation=organisation())
    told = Story(database, vault, audit, presence, replace(box, timezone="Europe/London"), START)
    with database.transaction() as session:
        for who, of in ((ANA, ""), (BEN, ""), (CLEO, ""), (DORA, "elsewhere")):
            member = StaffMember(name=who.name, role=who.role, organisation=of, password_hash="", created_at=START)
            session.add(member)
    yield told
    presence.leave()


def asks(story: Story, case: str, ground: Ground = Ground.PERSON_ASKS, who: Actor = BEN, why: str = "says so") -> None:
    story.does(who, case, lambda o: ask_deletion(o, ground, why))


def agrees(story: Story, case: str, who: Actor = CLEO, *, seen: bool = False) -> None:
    story.does(who, case, lambda o: confirm_deletion(o, changes_seen=seen))


def keys(story: Story) -> int:
    with story.database.reading() as session:
        return session.exec(select(func.count()).select_from(SealedMail).where(col(SealedMail.size) > 0)).one()


def figures(story: Story) -> list[dict[str, object]]:
    count_all(story.database, [story.mailbox], lambda: story.now)
    with story.database.reading() as session:
        return list(sla_rows(session, story.mailbox.organisation, None, None, story.now))


def refused(deed: Callable[[], object], words: str) -> None:
    with pytest.raises(NotAllowed, match=words):
        deed()


def test_two_people_delete_a_closed_case_and_leave_what_retention_leaves(story: Story) -> None:
    case = closed(story)
    story.does(ANA, case, lambda o: write_note(o, story.vault, "Mara rang."))
    story.does(ANA, case, lambda o: add_task(o, "ring Mara"))
    asks(story, case, why="Mara Lindqvist wants it gone")
    deletion = story.shown(case)["deletion"]
    assert isinstance(deletion, dict)
    assert deletion["destroys"] == {"mails": 1, "letters": 2, "handed_in": 0, "notes": 2}
    assert (deletion["why"], deletion["changes"]) == ("Mara Lindqvist wants it gone", [])
    assert keys(story) == 5
    before = figures(story)
    agrees(story, case)
    assert keys(story) == 0
    assert figures(story) == before, "counts survive"
    shown = story.shown(case)
    assert (shown["requester"], shown["status"], shown["kinds"]) == ("(erased)", "closed", ["objection_marketing"])
    assert shown["deleted"] == {
        "ground": "person_asks",
        "asked_by": "ben",
        "confirmed_by": "cleo",
        "at": "2026-03-02T09:00:00Z",
    }
    assert story.events(case)[-3:] == ["deletion_asked", "deletion_confirmed", "case_erased"]
    assert "Mara" not in str(shown)
    with story.database.reading() as session:
        assert story.audit.verify(session).is_intact
        (mail,) = session.exec(select(Message))
        assert (mail.sealed_id, mail.sha256) == (None, f"{1:064}"), "known again, never imported twice"
    refused(lambda: agrees(story, case), "nobody asks")
    refused(lambda: asks(story, case), "erased already")


def test_nobody_agrees_to_what_they_asked_for_nor_who_may_not(story: Story) -> None:
    case = closed(story)
    refused(lambda: asks(story, case, who=ANA), "needs the role manager")
    refused(lambda: asks(story, case, why="  "), "say why")
    asks(story, case)
    refused(lambda: asks(story, case, who=CLEO), "ben has asked for that already")
    refused(lambda: agrees(story, case, BEN), "a second person")
    refused(lambda: agrees(story, case, Actor("Ben", Role.ADMINISTRATOR)), "a second person")
    refused(lambda: agrees(story, case, ANA), "needs the role manager")
    refused(lambda: agrees(story, case, DORA), "logs in to the desk")
    refused(lambda: agrees(story, case, Actor("root", Role.ADMINISTRATOR)), "logs in to the desk")
    assert keys(story) == 4


def test_a_program_may_ask_and_its_maker_answers_for_it(story: Story) -> None:
    case, program = closed(story), Actor("api:cleaner", Role.MANAGER)
    with story.database.transaction() as session:
        token = {"name": "cleaner", "digest": "d", "role": Role.MANAGER, "created_by": "cleo"}
        session.add(ApiToken(**token, created_at=START, expires_at=START))
    asks(story, case, who=program)
    refused(lambda: agrees(story, case, CLEO), "you asked for it yourself")
    refused(lambda: agrees(story, case, program), "a second person")
    story.does(CLEO, case, take_back_deletion)
    asks(story, case)
    refused(lambda: agrees(story, case, program), "no program")


def test_what_is_still_owed_an_answer_does_not_vanish(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    refused(lambda: asks(story, case, Ground.TEST_DATA), "letter 1 is on its way")
    story.post()
    for ground in (Ground.PERSON_ASKS, Ground.ORDER, Ground.UNLAWFULLY_RECEIVED, Ground.OTHER):
        refused(lambda ground=ground: asks(story, case, ground), "still owed an answer")
    asks(story, case, Ground.RECORDED_BY_MISTAKE)
    agrees(story, case)
    shown = story.shown(case)
    assert (shown["status"], shown["items"][0]["result"]) == ("closed", "not_a_request")  # type: ignore[index]
    assert "case_closed" in story.events(case)
    with story.database.transaction() as session:
        assert queue(session, Filters(), story.now.date()).rows == []


def test_what_was_decided_on_was_no_mistake(story: Story) -> None:
    case = story.receives(Label.OBJECTION_MARKETING)
    story.post()
    story.does(ANA, case, lambda o: decide(o, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    refused(lambda: asks(story, case, Ground.RECORDED_BY_MISTAKE), "decided on as a request")
    asks(story, case, Ground.TEST_DATA)


def test_a_letter_that_waits_holds_the_deletion_up(story: Story) -> None:
    case = closed(story)
    asks(story, case)
    with story.database.transaction() as session:
        letter = session.exec(select(OutboxMail).order_by(col(OutboxMail.id))).first()
        assert letter is not None
        letter.state = OutboxState.SENDING
    assert "on its way" in str(story.shown(case)["deletion"])
    refused(lambda: agrees(story, case), "letter 1 is on its way: wait until it has gone out, or hold it back")


def test_what_changed_meanwhile_is_looked_at_first(story: Story) -> None:
    case = closed(story)
    asks(story, case)
    story.does(ANA, case, lambda o: assign(o, "ana"))
    refused(lambda: agrees(story, case), "changed since")
    (change,) = story.shown(case)["deletion"]["changes"]  # type: ignore[index]
    assert change["action"] == "case_assigned"
    agrees(story, case, seen=True)


def test_it_is_refused_taken_back_or_lapses_and_each_is_on_record(story: Story) -> None:
    case = closed(story)
    asks(story, case)
    refused(lambda: story.does(BEN, case, lambda o: refuse_deletion(o, "no")), "take it back")
    refused(lambda: story.does(CLEO, case, take_back_deletion), "refuse it")
    refused(lambda: story.does(CLEO, case, lambda o: refuse_deletion(o, " ")), "say why it stays")
    story.does(CLEO, case, lambda o: refuse_deletion(o, "a court may ask"))
    asks(story, case)
    story.does(BEN, case, take_back_deletion)
    asks(story, case)
    with story.database.transaction() as session:
        assert tiles(session, "", story.now.date(), sees_deletions=True)["deletion"] == 1
        assert lapse_deletions(session, story.audit, story.now) == 0
    story.at("2026-03-17")
    assert story.shown(case)["deletion"] is None
    refused(lambda: agrees(story, case), "it lapsed")
    with story.database.transaction() as session:
        assert lapse_deletions(session, story.audit, story.now) == 1
        assert queue(session, Filters(status="all", more=Narrowing(deletion="1")), story.now.date()).rows == []
    told = [event for event in story.events(case) if event.startswith("deletion")]
    one = Action.DELETION_ASKED
    assert told == [one, "deletion_refused", one, "deletion_taken_back", one, "deletion_lapsed"]
    asks(story, case)


def test_of_two_who_agree_at_once_one_deletes_and_the_other_is_told(story: Story) -> None:
    with story.database.transaction() as session:
        fred = StaffMember(name="fred", role=Role.MANAGER, password_hash="", created_at=START)
        session.add(fred)
    case, start, told = closed(story), Barrier(2), []
    asks(story, case)

    def go(who: Actor) -> None:
        start.wait()
        try:
            Casework(story.desk, who).do(case, confirm_deletion)
            told.append("deleted")
        except NotAllowed as error:
            told.append(str(error)[:11])

    threads = [Thread(target=go, args=(who,)) for who in (CLEO, Actor("fred", Role.MANAGER))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["deleted", "nobody asks"]
    assert story.events(case).count("case_erased") == 1


def test_a_deletion_that_is_cut_off_in_the_middle_leaves_all_as_it_was(story: Story) -> None:
    case = closed(story)
    asks(story, case)

    def cut_off(office) -> None:  # type: ignore[no-untyped-def]
        confirm_deletion(office)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Casework(story.desk, CLEO).do(case, cut_off)
    assert (keys(story), story.shown(case)["requester"]) == (4, "mara@brightmail.example")
    assert story.events(case)[-1] == "deletion_asked"
