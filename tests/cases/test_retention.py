"""What is kept is kept as long as it may be: contents go first, names later, counts stay."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from mailboxes import mailbox, organisation
from sqlmodel import col, func, select
from story import Story, closed

from models.audit import Action
from models.message import Message, SealedMail
from models.outbox import OutboxMail
from models.verdict import Label
from service.retaining import erase_planned, planned
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def story(database: Database, vault: Vault, audit: Audit):  # type: ignore[no-untyped-def]
    presence = Presence(database)
    box = mailbox(organisation=organisation(people_team="people@example.org"))
    yield Story(database, vault, audit, presence, replace(box, timezone="Europe/London"), START)
    presence.leave()


def erased(story: Story) -> list[str]:
    rows = erase_planned(story.database, [story.mailbox], story.vault, story.audit, story.now, "ana")
    return [str(row["extent"]) for row in rows]


def keys(story: Story) -> int:
    with story.database.reading() as session:
        return session.exec(select(func.count()).select_from(SealedMail).where(col(SealedMail.size) > 0)).one()


def test_nothing_is_erased_before_its_time_and_a_plan_erases_nothing(story: Story) -> None:
    closed(story)
    story.at("2026-09-01")
    assert erased(story) == []
    story.at("2026-09-02")
    with story.database.reading() as session:
        assert [row["extent"] for _, _, row in planned(session, [story.mailbox], story.now)] == ["contents"]
    assert keys(story) == 3


def test_six_months_after_closing_the_keys_of_what_was_said_are_gone(story: Story) -> None:
    case = closed(story)
    assert keys(story) == 3
    story.at("2026-09-02")
    assert erased(story) == ["contents"]
    assert keys(story) == 0
    shown = story.shown(case)
    assert shown["requester"] == "mara@brightmail.example", "the record stays, with the name"
    assert Action.CASE_ERASED in story.events(case)
    with story.database.reading() as session:
        (mail,) = session.exec(select(Message))
        assert (mail.sealed_id, mail.sha256) == (None, f"{1:064}"), "known again, never imported twice"
        letters = session.exec(select(OutboxMail)).all()
        assert all(letter.message_id and letter.sent_at for letter in letters), "the proof of sending stays"
        assert {letter.to_address for letter in letters} == {"(erased)"}
    assert erased(story) == []


def test_three_years_after_closing_nobody_is_named_any_more(story: Story) -> None:
    case = closed(story)
    story.at("2029-03-02")
    assert erased(story) == ["contents", "names"]
    shown = story.shown(case)
    assert shown["requester"] == "(erased)"
    assert shown["kinds"] == ["objection_marketing"], "what is left is a count"
    assert erased(story) == []


def test_an_application_is_kept_for_the_set_time_only(story: Story) -> None:
    case = story.receives(Label.JOB_APPLICATION)
    story.post()
    story.at("2026-09-01")
    assert erased(story) == []
    story.at("2026-09-02")
    assert erased(story) == ["contents"]
    assert story.case(case).erase_on is not None


def test_the_chain_holds_after_erasure(story: Story) -> None:
    closed(story)
    story.at("2029-03-02")
    erased(story)
    with story.database.reading() as session:
        assert story.audit.verify(session).is_intact
