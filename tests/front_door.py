"""A desk that is open to browsers: a story behind it, a real server before it, and people who may log in."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher
from browser import Browser
from mailboxes import mailbox
from sqlmodel import col, select
from story import Story

from models.accounts import StaffMember
from models.audit import Action, AuditEntry
from models.message import Message
from models.organisation import Mailbox
from models.staff import PLAIN_RULES, LoginRules, OidcRules, Role
from service.desk_pages import desk_parts
from service.listening import WebServer
from service.offices import Offices
from service.settings import Settings, load_settings
from service.staff import Given, add_member
from service.watching import Watch
from service.worker import PollReport
from store.audit import Audit
from store.database import open_database
from store.presence import Presence
from store.schema import upgrade_schema
from store.vault import MasterKey, Vault
from web.desk.set_up_door import SetUpDoor
from web.health import Readiness

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STAFF = {
    "ana": (Role.AGENT, ""),
    "ben": (Role.MANAGER, ""),
    "cleo": (Role.ADMINISTRATOR, "elsewhere"),
    "dora": (Role.AUDITOR, ""),
    "gwen": (Role.ADMINISTRATOR, ""),
}


CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A hash names its own cost, and the desk goes by that: people hired here log in at once."""


class Open:
    """A desk that is open: a story behind it, and people who may log in."""

    def __init__(
        self,
        story: Story,
        rules: LoginRules = PLAIN_RULES,
        door: SetUpDoor | None = None,
        oidc: OidcRules | None = None,
        offices: Offices | None = None,
    ) -> None:
        self.story = story
        self.reports: dict[str, PollReport] = {}
        desk = story.desk
        if offices:
            desk = replace(desk, mailboxes=offices.mailboxes, webhooks=offices.webhooks, offices=offices)
        parts = desk_parts(desk, rules, door, Watch(desk, self.reports), oidc)
        self.server = WebServer("127.0.0.1", 0, Readiness, parts)
        self.server.start()
        self.given: dict[str, Given] = {}

    def hire(
        self, name: str, role: Role = Role.AGENT, of: str = "", *, with_codes: bool = False, is_new: bool = False
    ) -> Given:
        """Add somebody; who is not new has chosen a password already."""
        with self.story.database.transaction() as session:
            if with_codes:
                self.given[name] = add_member(
                    session, self.story.vault, name, role, of, with_codes=True, must_choose=is_new
                )
            else:
                self.given[name] = Given(secrets.token_urlsafe(18))
                session.add(self._member(name, role, of, is_new=is_new))
        return self.given[name]

    def _member(self, name: str, role: Role, of: str, *, is_new: bool) -> StaffMember:
        return StaffMember(
            name=name,
            role=role,
            organisation=of,
            password_hash=CHEAP.hash(self.given[name].password),
            must_change_password=is_new,
            created_at=self.story.now,
        )

    def browser(self, **headers: str) -> Browser:
        return Browser(self.server.url, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def sits(self, name: str, **headers: str) -> Browser:
        """Return a browser in which one of the staff is logged in."""
        browser = self.browser(**headers)
        assert browser.log_in(name, self.password(name)).status == 303
        return browser

    def password(self, name: str) -> str:
        """Return the password of one of the staff, who is hired when first asked for."""
        if name not in self.given:
            self.hire(name, *STAFF[name])
        return self.given[name].password

    def member(self, name: str) -> StaffMember:
        with self.story.database.reading() as session:
            found = session.exec(select(StaffMember).where(col(StaffMember.name) == name)).one()
            session.expunge(found)
            return found

    def gives(self, number: int, raw: bytes, **details: object) -> None:
        """Let a mail have other bytes, and what a classifier found in them."""
        with self.story.database.transaction() as session:
            message = session.get_one(Message, number)
            message.sealed_id = self.story.vault.keep(session, raw)
            session.flush()
            found = json.dumps(details).encode()
            message.labels, message.model_version = list(details.get("scores", {})), "7"  # type: ignore[call-overload]
            message.sealed_details = self.story.vault.seal_beside(session, message.sealed_id, found)

    def record(self, action: Action) -> list[AuditEntry]:
        """Return the entries of one sort, oldest first."""
        with self.story.database.reading() as session:
            query = select(AuditEntry).where(col(AuditEntry.action) == action).order_by(col(AuditEntry.seq))
            found = list(session.exec(query))
            session.expunge_all()
            return found


def _settings_with(box: Mailbox, path: Path) -> Settings:
    """Return the settings of a configuration file in which a mailbox and its organisation stand."""
    file = path.with_suffix(".toml")
    file.write_text(f'[database]\nurl = "sqlite:///{path}"\n')
    return replace(load_settings(file, {}), organisations=(box.organisation,), mailboxes=(box,))


@contextmanager
def open_desk(path: Path) -> Iterator[Open]:
    """A desk on a SQLite database, which is made where there is none; administrators make offices and hooks on it."""
    database, master = open_database(f"sqlite:///{path}"), MasterKey(b"m" * 32)
    upgrade_schema(database)
    presence, box = Presence(database), mailbox(maildir=Path("/srv/mail"))
    story = Story(database, Vault(master), Audit(master), presence, box, START)
    desk = Open(story, offices=Offices(_settings_with(box, path), database, story.vault))
    yield desk
    desk.server.stop()
    presence.leave()
    database.close()
