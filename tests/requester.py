"""A desk whose pages for requesters are open, and a browser for somebody with a link."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import unescape

import httpx
from browser import Browser
from mailboxes import mailbox, organisation
from sqlmodel import col, select
from story import ANA, Story

from cases.asking import ask
from cases.person_links import address_of, live_link
from models.case import Case
from models.casework import PauseReason
from models.letter import Proof
from models.person import PageSettings, Submission
from models.staff import Role
from service.desk_pages import desk_parts
from service.listening import WebServer
from service.staff import add_member
from store.audit import Audit
from store.database import Database
from store.link_tokens import LinkPurpose
from store.presence import Presence
from store.vault import Vault
from web.health import Readiness
from web.person.words import LANGUAGES

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAGE = PageSettings(base_url="https://privacy.example.org", link_days=60, upload_files=3, upload_mb=2)


class Answer:
    def __init__(self, answer: httpx.Response) -> None:
        self.status, self.text, self.headers = answer.status_code, answer.text, answer.headers
        self.words = " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
        self.goes_to = answer.headers.get("location", "")

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return found[1] if found else ""


class Public:
    """A desk whose pages for requesters are open."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.server = WebServer("127.0.0.1", 0, Readiness, desk_parts(story.desk))
        self.server.start()
        self.line = httpx.Client(base_url=self.server.url, timeout=20)

    def path(self, case: str) -> str:
        with self.story.database.reading() as session:
            link = live_link(session, self.story.case(case), self.story.now)
            assert link is not None
            return address_of(self.story.vault, PAGE, LinkPurpose.PAGE, link.nonce).removeprefix(PAGE.base_url)

    def get(self, path: str, **headers: str) -> Answer:
        return Answer(self.line.get(path, headers=headers))

    def send(self, path: str, *files: tuple[str, bytes], **words: str) -> Answer:
        parts = [("files", (name, content, "application/octet-stream")) for name, content in files]
        return Answer(self.line.post(f"{path}/files", files=parts or [("files", ("", b""))], data=words))

    def post(self, path: str, headers: dict[str, str] | None = None, **words: str) -> Answer:
        return Answer(self.line.post(path, data=words, headers=headers))

    def asks_identity(self, case: str, *proofs: Proof) -> None:
        asked = proofs or (Proof.LOGIN,)
        self.story.does(ANA, case, lambda o: ask(o, PauseReason.IDENTITY, why="x", proofs=asked))
        self.story.post()

    def handed(self, case: str) -> list[Submission]:
        with self.story.database.reading() as session:
            query = select(Submission).join(Case).where(col(Case.reference) == case).order_by(col(Submission.id))
            found = list(session.exec(query))
            session.expunge_all()
            return found

    def opened(self, row: Submission) -> bytes:
        with self.story.database.reading() as session:
            return self.story.vault.open(session, row.sealed_id or "")

    def sits(self, name: str, role: Role = Role.AGENT, of: str = "") -> Browser:
        """Return a browser in which somebody of the staff is logged in."""
        with self.story.database.transaction() as session:
            given = add_member(session, self.story.vault, name, role, of, with_codes=False, must_choose=False)
        browser = Browser(self.server.url)
        assert browser.log_in(name, given.password).status == 303
        return browser


@contextmanager
def public_desk(database: Database, vault: Vault, audit: Audit) -> Iterator[Public]:
    presence = Presence(database)
    box = mailbox(organisation=organisation(languages=LANGUAGES, authorities=("FR",)))
    opened = Public(Story(database, vault, audit, presence, box, START, page=PAGE))
    yield opened
    opened.line.close()
    opened.server.stop()
    presence.leave()
