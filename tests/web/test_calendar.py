"""The calendar of due dates: what programs find in it, and what they never do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from ics import events
from mailboxes import mailbox, organisation
from program import Answer, Program
from story import ANA, BEN, Story

from cases.asking import ask
from cases.deciding import close, decide
from models.case import ItemResult
from models.casework import PauseReason
from models.errors import NotAllowed
from models.staff import Role
from models.tokens import Scope
from models.verdict import Kind, Label
from service.desk_pages import desk_parts
from service.listening import WebServer
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault
from web.health import Readiness
from web.ics_text import DayEvent, calendar_lines
from web.tokens import Wish, add_token

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def story(database: Database, vault: Vault, audit: Audit) -> Iterator[Story]:
    presence = Presence(database)
    yield Story(database, vault, audit, presence, mailbox(organisation=organisation(languages=("en",))), START)
    presence.leave()


@pytest.fixture
def server(story: Story) -> Iterator[WebServer]:
    server = WebServer("127.0.0.1", 0, Readiness, desk_parts(story.desk))
    server.start()
    yield server
    server.stop()


def token(story: Story, name: str, *scopes: Scope, of: str = "") -> str:
    wish = Wish(name, Role.AUDITOR, of, scopes, story.now + timedelta(days=700))
    with story.database.transaction() as session:
        return add_token(session, story.audit, wish, "ana", story.now)


def fetched(server: WebServer, given: str) -> Answer:
    return Program(server.url, "").get(f"/calendar.ics?token={given}")


def test_each_due_date_is_a_day_that_moves_stops_and_ends_with_its_case(story: Story, server: WebServer) -> None:
    case, other = story.receives(Label.ACCESS, Label.ERASURE), story.receives(Label.ACCESS, sender="b@mail.example")
    given = token(story, "wall", Scope.CALENDAR_READ)
    answer = fetched(server, given)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    first, second = events(answer.text)
    assert (first["UID"], first["SUMMARY"]) == (f"{case}@rightsdesk", f"{case} access, erasure")
    assert (first["DTSTART"], first["DTEND"], first["STATUS"]) == ("20260402", "20260403", "CONFIRMED")
    assert first["URL"] == f"{server.url}/cases/{case}"
    assert second["UID"] == f"{other}@rightsdesk"
    assert "mara" not in answer.text.lower()
    story.does(ANA, other, lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="Which year?"))
    story.post()
    assert [event["UID"] for event in events(fetched(server, given).text)] == [first["UID"]], "its clock waits"
    for kind in (Kind.ACCESS, Kind.ERASURE):
        story.does(ANA, case, lambda o, kind=kind: decide(o, kind, ItemResult.WITHDRAWN))
    story.does(BEN, case, close, override="told on the phone")
    (ended,) = events(fetched(server, given).text)
    assert (ended["UID"], ended["DTSTART"], ended["STATUS"]) == (first["UID"], "20260402", "CANCELLED")
    story.now += timedelta(days=61)
    assert events(fetched(server, given).text) == []


def test_the_calendar_is_opened_by_a_token_for_it_alone(story: Story, server: WebServer) -> None:
    story.receives(Label.ACCESS)
    assert fetched(server, token(story, "robot", Scope.CASES_READ)).status == 403
    assert fetched(server, "wrong").status == fetched(server, "").status == 401
    assert events(fetched(server, token(story, "theirs", Scope.CALENDAR_READ, of="elsewhere")).text) == []
    wall = token(story, "wall", Scope.CALENDAR_READ)
    assert Program(server.url, wall).get("/cases").status == 403, "nor does it open anything else"
    with pytest.raises(NotAllowed, match="stands alone"):
        token(story, "both", Scope.CALENDAR_READ, Scope.CASES_READ)


def test_odd_characters_are_escaped_and_long_lines_folded() -> None:
    summary = "a;b,c\\d\ne " + "ü€😀" * 40
    event = DayEvent("u", date(2026, 12, 31), summary, "http://127.0.0.1/")
    (found,) = events("".join(calendar_lines("x", [event], START)))
    assert found["SUMMARY"] == summary
    assert found["DTEND"] == "20270101"


def test_a_calendar_without_anything_is_a_calendar() -> None:
    assert events("".join(calendar_lines("x", [], START))) == []
