"""The whole desk as an office has it: a real mailbox, a real service, people in a browser, letters that really leave."""

import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest
from browser import Browser
from builders import mail
from chromium import Chromium, Window, act
from conftest import Command, on_sqlite
from dovecot import Dovecot, free_port
from listener import Listener
from playwright.sync_api import Page
from sqlmodel import col, select
from walk import desk_routes, filled, is_page

from models.audit import Action, AuditEntry
from models.case import Case, CaseState
from models.outbox import OutboxMail, OutboxState, Template
from store.database import Database
from web.desk.forms import FORMS

pytestmark = pytest.mark.slow

REQUEST = mail(
    "Please send me a copy of all the personal data you hold about me (Article 15 GDPR).\n\nIda Holm",
    sender="Ida Holm <ida@mail.example>",
    subject="GDPR Rights Request",
    message_id="<ida@mail.example>",
)
ANOTHER_FIRM = """
[[organisation]]
slug = "other"
name = "Other Ltd"
address = "2 High Street, London"
regime = "uk"
country = "GB-ENG"
timezone = "Europe/London"
contact = "privacy@other.example"
lead_authority = "GB"
[[mailbox]]
name = "other"
organisation = "other"
address = "contact@other.example"
maildir = "Mail"
"""
PEOPLE = {"ana": ("agent", "example"), "ben": ("manager", "example"), "cleo": ("administrator", "other")}


class Office:
    """A service that runs, and the people who work with it."""

    def __init__(self, rightsdesk: Command, database: Database, listener: Listener) -> None:
        self.rightsdesk, self.database, self.listener = rightsdesk, database, listener
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        settings = rightsdesk.folder / "rightsdesk.toml"
        settings.write_text(settings.read_text().replace("port = 1\n", f"port = {port}\n") + ANOTHER_FIRM)
        for folder in ("cur", "new", "tmp"):
            (rightsdesk.folder / "Mail" / folder).mkdir(parents=True)
        given = {name: _hired(rightsdesk, name, *PEOPLE[name]) for name in PEOPLE}
        self.process: subprocess.Popen[str] = rightsdesk.start("serve")
        assert self.process.stderr is not None
        assert self.url in self.process.stderr.readline()
        self.passwords = {name: f"{name} and three green kettles" for name in PEOPLE}
        for name, own in self.passwords.items():
            assert Browser(self.url).choose_password(name, given[name], own).status == 303

    def browser(self, name: str = "") -> Browser:
        """A browser, in which somebody is logged in where named."""
        browser = Browser(self.url)
        assert not name or browser.log_in(name, self.passwords[name]).status == 303
        return browser

    @property
    def case(self) -> Case:
        with self.database.reading() as session:
            case = session.exec(select(Case)).one()
            session.expunge(case)
            return case

    def letter(self, number: int) -> EmailMessage:
        """The letter of a number, once it has left and that is on record."""

        def is_sent() -> bool:
            with self.database.reading() as session:
                states = session.exec(select(OutboxMail.state)).all()
            return list(states) == [OutboxState.SENT] * number

        until(is_sent)
        letter = self.listener.mails[number - 1]
        assert letter.recipients == ["ida@mail.example"]
        return letter.mail

    def done(self, case: Case) -> list[str]:
        """What is on record of a case, without looks."""
        with self.database.reading() as session:
            query = select(AuditEntry.action).where(col(AuditEntry.case_id) == case.id)
            return list(session.exec(query.where(col(AuditEntry.action) != Action.CASE_VIEWED)))


def _hired(rightsdesk: Command, name: str, role: str, of: str) -> str:
    done = rightsdesk("user", "add", name, "--role", role, "--organisation", of, "--no-codes")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().rpartition(" ")[2]


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def until_shown(page: Page, text: str) -> None:
    """Load a page again and again until a text is on it."""

    def is_shown() -> bool:
        page.reload()
        return text in page.inner_text("main")

    until(is_shown)


@pytest.fixture
def office(rightsdesk: Command, database: Database, listener: Listener) -> Iterator[Office]:
    office = Office(rightsdesk, database, listener)
    yield office
    office.process.terminate()
    office.process.communicate(timeout=30)


@on_sqlite
def test_a_request_is_worked_on_from_the_mail_to_the_answer_and_is_nobody_elses_business(
    chromium: Chromium, office: Office, dovecot: Dovecot
) -> None:
    with chromium.window(office.browser()) as window:
        page = window.go("/")
        log_in(page, "ana", office.passwords["ana"])
        assert "Nothing is waiting." in page.inner_text("main")
        dovecot.append(REQUEST)
        page.get_by_text("Ida Holm").wait_for(timeout=60_000)  # the list renews itself
        work_on(window, office, dovecot)
        assert (window.elsewhere, window.complaints) == ([], [])
    case = office.case
    assert (case.status, case.assigned_to) == (CaseState.CLOSED, "ana")

    ben = office.browser("ben").get(f"/cases/{case.reference}")
    assert "ana: case closed" in ben.words

    before = office.done(case)
    assert seen_by(office.browser("cleo"), case) == []
    assert office.done(case) == before


def log_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def work_on(window: Window, office: Office, dovecot: Dovecot) -> None:
    """Ana's work on the only case: one question, one answer, an extension, a decision, the answer, the end."""
    page = window.page
    assert office.case.reference in office.letter(1)["Subject"]
    page.get_by_role("link", name=office.case.reference).click()
    assert "Please send me a copy" in page.inner_text("main")
    correct(page)
    act(page, "Who works on it", Name="ana")

    act(page, "Ask the person", "Ask", For_what="identity", code="tick", Reason="we know no such address")
    question = office.letter(2)
    assert office.case.status is CaseState.WAITING
    dovecot.append(reply(question, "It is really me."))
    until_shown(page, "It is really me.")
    act(page, "What we asked for has come in")
    act(page, "Identity", Who_it_is="confirmed", Level="2", How_it_was="code", Reason="it came back")
    assert office.case.status is CaseState.OPEN

    act(page, "Extend to three months", Reason="many archives", Your_words="There are many archives to look through.")
    assert "many archives" in said(office.letter(3))
    page.reload()
    act(page, "Decide on an item", Item="access", Result="no_data")
    act(page, "Send the answer", Letter=Template.NO_DATA, Your_words="We have looked everywhere.")
    assert "looked everywhere" in said(office.letter(4))
    page.reload()
    act(page, "Close the case")
    assert_evidence(page, office)


def correct(page: Page) -> None:
    """Say what the mail is: access, and nothing else."""
    page.locator("summary").filter(has_text="It is something else").first.click()
    form = page.locator("form[action$='/correct']").first
    for box in form.get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("value") == "access")
    with page.expect_navigation():
        form.locator("button").click()


def assert_evidence(page: Page, office: Office) -> None:
    """The pack holds what came and what went, and whoever has the key can prove that it is whole."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the evidence pack").click()
    path = download.value.path()
    with zipfile.ZipFile(path) as pack:
        names = pack.namelist()
    assert {name.partition("/")[0] for name in names} == {"case.json", "received", "sent", "manifest.json", "seal.txt"}
    assert sum(name.startswith("sent/") for name in names) == 4
    assert office.rightsdesk("evidence", "verify", str(path)).returncode == 0


def said(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def reply(letter: EmailMessage, text: str) -> bytes:
    """What a mail program sends as the answer to a letter."""
    return mail(
        text,
        sender="Ida Holm <ida@mail.example>",
        subject=f"Re: {letter['Subject']}",
        message_id="<ida2@mail.example>",
        In_Reply_To=letter["Message-ID"],
    )


def seen_by(sitting: Browser, case: Case) -> list[str]:
    """The addresses, of all that the desk has, at which somebody learns of a case or can do something in it."""
    csrf = sitting.get("/").hidden("csrf")
    found = []
    for path in desk_routes():
        answer = sitting.get(filled(path, reference=case.reference))
        told = answer.text.replace(f"there is no case {case.reference}", "")
        is_shown = "{" in path and is_page(answer) and answer.status == 200
        found += [path] * (is_shown or any(word in told for word in (case.reference, "Ida", "ida@mail.example")))
    for path in (one for one in desk_routes("POST") if "{" in one):
        for name in [form.name for form in FORMS] if "{name}" in path else [""]:
            answer = sitting.post(filled(path, reference=case.reference, name=name), csrf=csrf, version="0")
            found += [f"POST {path}"] * (answer.status not in (403, 404))
    return found
