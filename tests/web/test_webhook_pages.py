"""The page of web hooks, and the job that sends: who may look, what is shown, what its buttons do."""

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browser import Browser, Page
from conftest import on_sqlite
from mailboxes import mailbox, organisation
from receiver import Receiver
from sqlmodel import col, select
from story import ANA, Story

from cases.arranging import tag
from models.audit import Action, AuditEntry
from models.errors import SettingsError
from models.made_offices import MadeWebhook
from models.staff import Role
from models.verdict import Label
from models.webhook import HookEvent, Webhook
from service.desk_pages import desk_parts
from service.jobs import Service
from service.listening import WebServer
from service.offices import Offices
from service.settings import load_settings
from service.staff import add_member
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault
from web.health import Readiness

pytestmark = on_sqlite

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = b"a secret that nobody guesses"


class Hooked:
    """A desk with two hooks to one receiver: for all, and for an organisation."""

    def __init__(self, story: Story, receiver: Receiver) -> None:
        self.story, self.receiver = story, receiver
        hooks = (
            Webhook("crm", receiver.url, SECRET),
            Webhook("theirs", receiver.url, SECRET, frozenset({HookEvent.CASE_OPENED}), "elsewhere"),
        )
        desk = replace(story.desk, webhooks=hooks)
        self.service = Service(desk)
        self.server = WebServer("127.0.0.1", 0, Readiness, desk_parts(desk))
        self.server.start()

    def sits(self, name: str, role: Role, of: str = "") -> Browser:
        with self.story.database.transaction() as session:
            given = add_member(session, self.story.vault, name, role, of, with_codes=False, must_choose=False)
        browser = Browser(self.server.url)
        assert browser.log_in(name, given.password).status == 303
        return browser


@pytest.fixture
def desk(database: Database, vault: Vault, audit: Audit) -> Iterator[Hooked]:
    presence, receiver = Presence(database), Receiver(SECRET)
    receiver.start()
    box = mailbox(organisation=organisation(languages=("en",)))
    hooked = Hooked(Story(database, vault, audit, presence, box, START), receiver)
    yield hooked
    hooked.server.stop()
    receiver.stop()
    presence.leave()


def test_a_hook_shows_how_it_does_and_is_sent_to_again(desk: Hooked) -> None:
    root = desk.sits("root", Role.ADMINISTRATOR)
    page = root.get("/webhooks")
    assert "begins when the service runs" in page.words
    assert "secret-path" not in page.text
    csrf = page.hidden("csrf")
    desk.service.tell_hooks()
    desk.story.receives(Label.ACCESS)
    assert "Something is on its way" in root.get("/webhooks").words
    desk.receiver.answers = [500]
    desk.service.tell_hooks()
    words = root.get("/webhooks").words
    assert "retrying It answered 500; asked 1 time since 2026-03-02 09:00 UTC." in words
    assert root.post("/webhooks/crm/again", csrf="wrong").status == 403
    assert root.post("/webhooks/crm/again", csrf=csrf).goes_to == "/webhooks"
    desk.service.tell_hooks()
    assert desk.receiver.types[0] == "case.opened"
    words = root.get("/webhooks").words
    assert "working" in words
    assert "answered 500" not in words


def test_a_hook_that_was_given_up_is_counted_for_those_who_watch(desk: Hooked) -> None:
    desk.service.tell_hooks()
    desk.story.receives(Label.ACCESS)
    assert desk.service.watch.look().counts["stopped_web_hooks"] == 0
    desk.receiver.answers = [410]
    desk.service.tell_hooks()
    assert desk.service.watch.look().counts["stopped_web_hooks"] == 1
    root = desk.sits("root", Role.ADMINISTRATOR)
    assert "stopped It answered 410: it wants no more events" in root.get("/webhooks").words


def test_a_test_is_sent_at_once_and_tells_how_it_went(desk: Hooked) -> None:
    root = desk.sits("root", Role.ADMINISTRATOR)
    csrf = root.get("/webhooks").hidden("csrf")
    desk.receiver.answers = [204, 503]
    assert "crm took the test" in root.post("/webhooks/crm/test", csrf=csrf).words
    assert "did not reach crm: it answered 503" in root.post("/webhooks/crm/test", csrf=csrf).words
    assert desk.receiver.types == ["test"]
    assert root.post("/webhooks/crm/test", csrf="wrong").status == 403
    assert root.post("/webhooks/none/test", csrf=csrf).status == 404
    assert root.post("/webhooks/crm/again", csrf=csrf).status == 404, "it never ran"


def test_only_administrators_and_each_in_their_organisation(desk: Hooked) -> None:
    manager = desk.sits("ben", Role.MANAGER)
    csrf = manager.get("/").hidden("csrf")
    assert manager.get("/webhooks").status == manager.post("/webhooks/crm/test", csrf=csrf).status == 403
    other = desk.sits("cleo", Role.ADMINISTRATOR, "elsewhere")
    page = other.get("/webhooks")
    assert "theirs" in page.words
    assert "crm" not in page.words
    assert other.post("/webhooks/crm/test", csrf=page.hidden("csrf")).status == 404
    assert other.post("/webhooks/theirs/test", csrf=page.hidden("csrf")).status == 200
    assert "No program is told" in desk.sits("dan", Role.ADMINISTRATOR, "third").get("/webhooks").words


FILE = """
[database]
url = "sqlite:///unused.db"
[[webhook]]
name = "filed"
url = "https://crm.example.org/"
secret_file = "hook.secret"
"""


class Making(Hooked):
    """A desk with a hook of the file, on which others can be made."""

    def __init__(self, story: Story, receiver: Receiver, folder: Path) -> None:
        self.story, self.receiver, self.folder = story, receiver, folder
        (folder / "hook.secret").write_bytes(SECRET)
        (folder / "rightsdesk.toml").write_text(FILE)
        offices = self.offices()
        desk = replace(story.desk, webhooks=offices.webhooks, offices=offices)
        self.service = Service(desk)
        self.server = WebServer("127.0.0.1", 0, Readiness, desk_parts(desk))
        self.server.start()
        self.root = self.sits("root", Role.ADMINISTRATOR)

    def offices(self) -> Offices:
        settings = replace(
            load_settings(self.folder / "rightsdesk.toml", {}), organisations=(self.story.mailbox.organisation,)
        )
        return Offices(settings, self.story.database, self.story.vault)

    def send(self, path: str, **values: object) -> Page:
        return self.root.post(path, csrf=self.root.get("/webhooks").hidden("csrf"), **values)

    def make(self, name: str = "crm", **values: object) -> Page:
        """Make a hook; let the receiver know its secret."""
        page = self.send("/webhooks/hook", **({"name": name, "url": self.receiver.url} | values))
        self.learn(page)
        return page

    def learn(self, page: Page) -> None:
        found = re.search(r">whsec_([^<]+)<", page.text)
        if found:
            self.receiver.secret = base64.b64decode(found[1])

    def record(self) -> list[str]:
        with self.story.database.reading() as session:
            chosen = select(AuditEntry.details).where(col(AuditEntry.action) == Action.WEBHOOK_CHANGED)
            return list(session.exec(chosen.order_by(col(AuditEntry.seq))))


@pytest.fixture
def making(database: Database, vault: Vault, audit: Audit, tmp_path: Path) -> Iterator[Making]:
    presence, receiver = Presence(database), Receiver(SECRET)
    receiver.start()
    box = mailbox(organisation=organisation(languages=("en",)))
    desk = Making(Story(database, vault, audit, presence, box, START), receiver, tmp_path)
    yield desk
    desk.server.stop()
    receiver.stop()
    presence.leave()


def test_a_hook_is_made_tried_held_back_given_another_secret_and_removed(making: Making) -> None:
    page = making.make(events=["case.opened", "case.changed"], organisation="example")
    assert page.status == 200
    assert "shown this once" in page.words
    form = making.root.get("/webhooks/hook?name=crm")
    assert 'value="case.opened" checked' in form.text
    assert "whsec_" not in making.root.get("/webhooks").text + form.text
    assert "crm took the test" in making.send("/webhooks/crm/test").words
    making.receiver.answers = [503]
    assert "did not reach crm: it answered 503" in making.send("/webhooks/crm/test").words
    case = making.story.receives(Label.ACCESS)
    making.service.tell_hooks()
    assert "case.opened" in making.receiver.types

    assert making.send("/webhooks/crm/pause").goes_to == "/webhooks"
    making.story.does(ANA, case, lambda office: tag(office, add=("x",)))
    making.service.tell_hooks()
    told = len(making.receiver.got)
    assert "paused Its events wait." in making.root.get("/webhooks").words
    assert "Go on" in making.root.get("/webhooks/hook?name=crm").words
    making.send("/webhooks/crm/resume")
    making.service.tell_hooks()
    assert len(making.receiver.got) == told + 1

    before = making.receiver.secret
    page = making.send("/webhooks/crm/secret")
    making.story.does(ANA, case, lambda office: tag(office, add=("y",)))
    making.service.tell_hooks()
    making.learn(page)
    assert making.receiver.secret != before
    assert "took the test" in making.send("/webhooks/crm/test").words

    making.story.does(ANA, case, lambda office: tag(office, add=("z",)))
    taken = len(making.receiver.got)
    making.send("/webhooks/crm/remove")
    making.service.tell_hooks()
    assert len(making.receiver.got) == taken
    assert f"crm removed 2026-03-02 09:00 UTC {taken - 2} 1" in making.root.get("/webhooks").words, "all but two tests"
    assert making.send("/webhooks/crm/test").status == making.send("/webhooks/crm/pause").status == 404
    assert [entry.split('"')[3] for entry in making.record()] == [
        *("made", "paused", "resumed", "new secret", "removed"),
    ]
    assert not any("whsec" in entry or "127.0.0.1" in entry for entry in making.record())


def test_a_hook_keeps_the_rules_of_the_file(making: Making) -> None:
    for url, why in (
        ("http://crm.example.org/", "http:// is for loopback addresses only"),
        ("https://me:secret@crm.example.org/", "must be an address like"),
        ("https://" + "a" * 3000, "at most 2000 characters"),
        ("", "is missing"),
    ):
        page = making.make(url=url)
        assert (page.status, why in page.words) == (409, True), why
    for values, why in (
        ({"name": "A b"}, "small letters"),
        ({"name": "filed"}, "stands in the configuration file"),
        ({"organisation": "elsewhere"}, "there is no organisation"),
        ({"events": ["case.exploded"]}, "Input should be"),
        ({"ca_pem": "nonsense"}, "no certificates"),
    ):
        page = making.make(**values)  # type: ignore[arg-type]
        assert (page.status, why in page.words) == (409, True), why
    assert making.make().status == 200
    assert "there is crm already" in making.make().words
    making.send("/webhooks/hook?name=crm", url="https://other.example/", name="else")
    words = making.root.get("/webhooks").words
    assert "other.example" in words
    assert "else" not in words
    assert making.send("/webhooks/filed/remove").status == making.send("/webhooks/filed/pause").status == 404
    (making.folder / "rightsdesk.toml").write_text(FILE.replace('"filed"', '"crm"'))
    with pytest.raises(SettingsError, match="web hook 'crm' was made on the desk already"):
        making.offices()


def test_hooks_are_made_by_administrators_of_the_whole_desk(making: Making) -> None:
    making.make(organisation="example")
    cleo, ben = making.sits("cleo", Role.ADMINISTRATOR, "example"), making.sits("ben", Role.MANAGER)
    assert "crm" in cleo.get("/webhooks").words
    assert "Make a web hook" not in cleo.get("/webhooks").words
    for browser in (cleo, ben):
        csrf = browser.get("/account").hidden("csrf")
        assert browser.get("/webhooks/hook").status == browser.get("/webhooks/hook?name=crm").status == 403
        for path in ("hook", "crm/pause", "crm/resume", "crm/secret", "crm/remove"):
            assert browser.post(f"/webhooks/{path}", csrf=csrf, name="x", url="https://x.example/").status == 403
    for path in ("hook", "crm/pause", "crm/resume", "crm/secret", "crm/remove"):
        assert making.root.post(f"/webhooks/{path}", csrf="wrong").status == 403
    with making.story.database.reading() as session:
        row = session.get_one(MadeWebhook, "crm")
        assert making.receiver.secret not in row.secret
