"""The page of web hooks, and the job that sends: who may look, what is shown, what its buttons do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from browser import Browser
from conftest import on_sqlite
from mailboxes import mailbox, organisation
from receiver import Receiver
from story import Story

from models.staff import Role
from models.verdict import Label
from models.webhook import HookEvent, Webhook
from service.desk_pages import desk_parts
from service.jobs import Service
from service.listening import WebServer
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
            given = add_member(session, self.story.vault, name, role, of, with_codes=False)
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
