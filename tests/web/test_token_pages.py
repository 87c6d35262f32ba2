"""The page of tokens, and its command: who may, what is told once, what is on record."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from browser import Browser, Page
from conftest import Command
from mailboxes import mailbox, organisation
from program import Program
from sqlmodel import col, select
from story import Story

from models.audit import Action, AuditEntry
from models.errors import NotAllowed
from models.staff import Role
from models.verdict import Label
from service.desk_pages import desk_parts
from service.listening import WebServer
from service.staff import add_member
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault
from web.health import Readiness

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WISH = {"scopes": ["cases:read"], "role": "agent", "organisation": "", "expires": "2026-12-31"}


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


def sits(story: Story, server: WebServer, name: str, role: Role, of: str = "") -> Browser:
    with story.database.transaction() as session:
        given = add_member(session, story.vault, name, role, of, with_codes=False, must_choose=False)
    browser = Browser(server.url)
    assert browser.log_in(name, given.password).status == 303
    return browser


def made(browser: Browser, **changes: object) -> Page:
    csrf = browser.get("/").hidden("csrf")
    return browser.post("/tokens", **({"csrf": csrf, "name": "crm"} | WISH | changes))


def told(page: Page) -> str:
    found = re.search(r'value="(rd_[^"]+)"', page.text)
    assert found, page.words
    return found[1]


def test_a_token_is_shown_once_works_and_ends(story: Story, server: WebServer) -> None:
    root = sits(story, server, "root", Role.ADMINISTRATOR)
    assert "No program comes in yet" in root.get("/tokens").words
    robot = Program(server.url, told(made(root)))
    assert robot.get("/whoami").json["scopes"] == ["cases:read"]
    again = root.get("/tokens")
    assert robot.token not in again.text
    assert "crm valid cases:read agent all 2026-12-31 2026-03-02 09:00 UTC root" in again.words
    csrf = again.hidden("csrf")
    assert root.post("/tokens/crm/revoke", csrf="wrong").status == 403
    assert robot.get("/whoami").status == 200
    assert root.post("/tokens/crm/revoke", csrf=csrf).goes_to == "/tokens"
    assert robot.get("/whoami").status == 401
    with story.database.reading() as session:
        found = session.exec(select(AuditEntry).where(col(AuditEntry.actor) == "root").order_by(col(AuditEntry.seq)))
        entries = [(entry.action, json.loads(entry.details)) for entry in found if entry.action != Action.LOGGED_IN]
    assert entries[0] == (
        Action.PROGRAM_ADDED,
        {"token": "crm", "expires_at": "2026-12-31T23:59:59Z"} | {key: WISH[key] for key in WISH if key != "expires"},
    )
    assert entries[1] == (Action.PROGRAM_REVOKED, {"token": "crm"})


def test_the_address_of_a_calendar_is_told_with_its_token(story: Story, server: WebServer) -> None:
    root = sits(story, server, "root", Role.ADMINISTRATOR)
    page = made(root, name="wall", scopes=["calendar:read"], role="auditor")
    assert f"{server.url}/calendar.ics?token={told(page)}" in page.text
    assert "calendar.ics" not in made(root).text


def test_what_cannot_be_is_told_and_what_was_filled_in_stays(story: Story, server: WebServer) -> None:
    root = sits(story, server, "root", Role.ADMINISTRATOR)
    for words, changes in (
        ("1 to 60 letters", {"name": "a b"}),
        ("1 to 60 letters", {"name": ""}),
        ("1 to 60 letters", {"name": "x" * 61}),
        ("say what it opens", {"scopes": []}),
        ("choose from the list", {"scopes": ["all:all"]}),
        ("choose from the list", {"role": "king"}),
        ("one of the organisations", {"organisation": "elsewhere"}),
        ("only looks", {"role": "auditor", "scopes": ["cases:write"]}),
        ("stands alone", {"scopes": ["cases:read", "calendar:read"]}),
        ("written YYYY-MM-DD", {"expires": ""}),
        ("two years", {"expires": "9999-12-31"}),
        ("between tomorrow", {"expires": "2026-03-01"}),
    ):
        page = made(root, **changes)
        assert page.status == 409, changes
        assert words in page.words
        assert "shown this once" not in page.words
    assert 'value="2026-03-01"' in page.text
    assert made(root).status == 200
    assert "there is or was a token called crm" in made(root).words


def test_only_administrators_and_each_in_their_organisation(story: Story, server: WebServer) -> None:
    root = sits(story, server, "root", Role.ADMINISTRATOR)
    made(root, name="ours")
    for role in (Role.AUDITOR, Role.AGENT, Role.MANAGER):
        browser = sits(story, server, role.value, role)
        assert browser.get("/tokens").status == 403
        assert made(browser, name=role.value).status == 403
        assert "Tokens" not in browser.get("/").words
    other = sits(story, server, "cleo", Role.ADMINISTRATOR, "elsewhere")
    assert "ours" not in other.get("/tokens").text
    csrf = other.get("/").hidden("csrf")
    assert other.post("/tokens/ours/revoke", csrf=csrf).status == 404
    assert other.post("/tokens/none/revoke", csrf=csrf).status == 404
    assert made(other, name="theirs").status == 409, "not for all"
    assert Program(server.url, told(made(other, name="theirs", organisation="elsewhere"))).get("/cases").rows == []
    assert "theirs" in root.get("/tokens").text


def test_nobody_is_called_as_a_program_is(story: Story) -> None:
    with story.database.transaction() as session, pytest.raises(NotAllowed, match="not of the staff"):
        add_member(session, story.vault, "API:crm", Role.AGENT, "", with_codes=False)


def test_the_list_as_a_file_needs_somebody_and_shows_their_cases_alone(story: Story, server: WebServer) -> None:
    case = story.receives(Label.ACCESS)
    ana = sits(story, server, "ana", Role.AGENT)
    assert "/cases.csv?kind=access" in ana.get("/?kind=access").text
    page = ana.get("/cases.csv?kind=access")
    assert case in page.text
    assert page.headers["Content-Disposition"] == 'attachment; filename="cases-2026-03-02.csv"'
    assert case not in ana.get("/cases.csv?kind=erasure").text
    cleo = sits(story, server, "cleo", Role.AGENT, "elsewhere")
    assert case not in cleo.get("/cases.csv").text
    assert case not in cleo.get("/print").text


def test_the_list_for_paper_names_its_filters_and_day_and_is_on_record(story: Story, server: WebServer) -> None:
    case = story.receives(Label.ACCESS)
    dora = sits(story, server, "dora", Role.AUDITOR)
    assert "/print?kind=access&amp;q=mara" in dora.get("/?kind=access&q=mara").text
    page = dora.get("/print?kind=access&q=mara")
    assert [said in page.words for said in (case, "kind: access; words: mara", "2026-03-02", "dora")] == [True] * 4
    assert "<button" not in page.text
    assert case not in dora.get("/print?kind=erasure").text
    with story.database.reading() as session:
        query = select(AuditEntry).where(col(AuditEntry.action) == Action.CASES_EXPORTED)
        first = session.exec(query.order_by(col(AuditEntry.seq))).first()
        assert first is not None
        assert (first.actor, '"cases":1' in first.details, "mara" in first.details) == ("dora", True, False)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_tokens_by_command(rightsdesk: Command) -> None:
    wish = ("--scope", "cases:read", "--scope", "mail:read", "--expires", "2027-01-31")
    done = rightsdesk("token", "add", "crm", *wish)
    assert re.fullmatch(r"token crm, told only now: rd_[\w-]{43}\n", done.stdout), done.stderr
    (row,) = (json.loads(line) for line in rightsdesk("token", "list", "--json").stdout.splitlines())
    assert (row["name"], row["state"], row["role"], row["organisation"]) == ("crm", "valid", "auditor", "all")
    assert row["scopes"] == ["cases:read", "mail:read"]
    assert "there is or was" in rightsdesk("token", "add", "crm", *wish).stderr
    assert rightsdesk("token", "add", "x", "--scope", "cases:read", "--expires", "soon").returncode == 2
    assert rightsdesk("token", "revoke", "crm").returncode == 0
    assert json.loads(rightsdesk("token", "list", "--json").stdout)["state"] == "revoked"
