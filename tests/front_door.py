"""A desk that is open to browsers: a story behind it, a real server before it, and people who may log in."""

from datetime import UTC, datetime

from browser import Browser
from sqlmodel import col, select
from story import Story

from models.accounts import StaffMember
from models.staff import PLAIN_RULES, LoginRules, OidcRules, Role
from service.desk_pages import desk_parts
from service.listening import WebServer
from service.staff import Given, add_member
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


class Open:
    """A desk that is open: a story behind it, and people who may log in."""

    def __init__(
        self,
        story: Story,
        rules: LoginRules = PLAIN_RULES,
        door: SetUpDoor | None = None,
        oidc: OidcRules | None = None,
    ) -> None:
        self.story = story
        self.server = WebServer("127.0.0.1", 0, Readiness, desk_parts(story.desk, rules, door, oidc=oidc))
        self.server.start()
        self.given: dict[str, Given] = {}

    def hire(self, name: str, role: Role = Role.AGENT, of: str = "", *, with_codes: bool = False) -> Given:
        with self.story.database.transaction() as session:
            self.given[name] = add_member(session, self.story.vault, name, role, of, with_codes=with_codes)
        return self.given[name]

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
