"""Two who make the same thing at the same moment: one of them does, the other is told so in words."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, Page
from builders import MADE_ORGANISATION
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from models.accounts import StaffMember
from models.staff import Role
from models.views import QueueLayout, SavedView
from service.desk import Desk
from service.desk_pages import desk_parts
from service.listening import WebServer
from service.settings import load_settings
from service.staff import add_member
from service.wiring import opened_desk
from store.audit import hold_chain
from store.vault import write_key_file
from web.health import Readiness

CONFIGURATION = """
[vault]
key_file = "rightsdesk.key"
[[organisation]]
slug = "example"
name = "Example Ltd"
address = "1 High Street, London"
regime = "uk"
country = "GB-ENG"
timezone = "Europe/London"
contact = "privacy@example.org"
lead_authority = "GB"
[[mailbox]]
name = "contact"
organisation = "example"
address = "contact@example.org"
maildir = "mail"
"""
MAILBOX = {
    "name": "second",
    "organisation": "example",
    "address": "second@example.org",
    "imap.host": "127.0.0.1",
    "imap.port": "993",
    "imap.tls": "implicit",
    "imap.user": "second",
    "imap.folder": "INBOX",
    "imap_password": "a password",
}
TOKEN = {"name": "crm", "role": "auditor", "organisation": "", "scopes": "cases:read", "expires": "2027-01-31"}
BLOCKED = {"organisation": "example", "name": "noise@mail.example", "reason": "noise"}
MADE = {
    "/webhooks/hook": ({"name": "crm", "url": "https://crm.example/hook"}, "there is crm already"),
    "/admin/organisation": (MADE_ORGANISATION, "there is bright already"),
    "/admin/mailbox": (MAILBOX, "there is second already"),
    "/admin/people": ({"name": "Noa", "role": "agent", "organisation": ""}, "there is somebody called Noa already"),
    "/tokens": (TOKEN, "there is or was a token called crm"),
    "/mail/blocked": (BLOCKED, "that sender is blocked already"),
}


class Two:
    """A desk, and one administrator of it in two browsers."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.server = WebServer("127.0.0.1", 0, Readiness, desk_parts(desk))
        self.server.start()
        self.browsers = [self._sits(name) for name in ("gwen", "hugo")]

    def _sits(self, name: str) -> Browser:
        with self.desk.database.transaction() as session:
            given = add_member(
                session, self.desk.vault, name, Role.ADMINISTRATOR, "", with_codes=False, must_choose=False
            )
        browser = Browser(self.server.url)
        assert browser.log_in(name, given.password).status == 303
        return browser

    def send(self, path: str, browsers: list[Browser], values: dict[str, str]) -> list[Page]:
        """Send a form from several browsers, so that all have begun before the first one is through."""
        tokens, pages = [each.get("/").hidden("csrf") for each in browsers], []

        def send(browser: Browser, csrf: str) -> None:
            pages.append(browser.post(path, csrf=csrf, **values))

        threads = [threading.Thread(target=send, args=given) for given in zip(browsers, tokens, strict=True)]
        with self.desk.database.transaction() as session:
            self._hold(session)
            for thread in threads:
                thread.start()
            self._until_all_wait(session, len(threads))
        for thread in threads:
            thread.join(60)
        return sorted(pages, key=lambda page: page.status)

    def _hold(self, session: Session) -> None:
        """Keep everybody from the audit chain and from keeping something for one of the staff."""
        hold_chain(session)
        session.exec(select(StaffMember).with_for_update()).all()

    def _until_all_wait(self, session: Session, count: int) -> None:
        """Go on once all wait; on SQLite they cannot begin before this transaction ends."""
        deadline = time.monotonic() + 60
        query = text("select count(distinct pid) from pg_locks where not granted")
        while not self.desk.database.is_sqlite and session.connection().execute(query).scalar_one() < count:
            assert time.monotonic() < deadline
            time.sleep(0.01)


@pytest.fixture
def two(tmp_path: Path, database_url: str) -> Iterator[Two]:
    write_key_file(tmp_path / "rightsdesk.key")
    path = tmp_path / "rightsdesk.toml"
    path.write_text(f'{CONFIGURATION}[database]\nurl = "{database_url}"\n')
    with opened_desk(load_settings(path, {})) as desk:
        opened = Two(desk)
        yield opened
        opened.server.stop()


def test_of_two_who_take_one_name_at_once_the_second_is_told_that_it_is_taken(two: Two) -> None:
    for path, (values, why) in MADE.items():
        made, refused = two.send(path, two.browsers, values)
        assert (path, made.status in (200, 303), refused.status) == (path, True, 409)
        assert why in refused.words, path
        assert two.browsers[0].post(path, csrf=two.browsers[0].get("/").hidden("csrf"), **values).status == 409


def test_what_two_tabs_of_one_person_keep_at_once_is_there_once(two: Two) -> None:
    gwen, other = two.browsers[0], Browser(two.server.url, dict(two.browsers[0].cookies))
    for path, values in (
        ("/columns", {"column": "case", "query": ""}),
        ("/views", {"name": "late", "query": "due=overdue"}),
    ):
        assert [page.status for page in two.send(path, [gwen, other], values)] == [303, 303]
    with two.desk.database.reading() as session:
        assert session.exec(select(func.count()).select_from(QueueLayout)).one() == 1
        assert session.exec(select(func.count()).where(col(SavedView.name) == "late")).one() == 1
