"""The first run: who can read what `serve` prints makes the first administrator, once, and nobody else ever."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from browser import Browser, Page
from front_door import START, Open
from mailboxes import mailbox, organisation
from sqlmodel import select
from story import Story

from models.accounts import SetUpCode, StaffMember
from models.staff import LoginRules, Role
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault
from web.desk.set_up_door import SetUpDoor

PASSWORD = "three green kettles sing"


@pytest.fixture
def told() -> list[str]:
    """The codes that were printed."""
    return []


@pytest.fixture
def desk(database: Database, vault: Vault, audit: Audit, told: list[str]) -> Iterator[Open]:
    presence = Presence(database)
    story = Story(database, vault, audit, presence, mailbox(organisation=organisation()), START)
    door = SetUpDoor(database, vault, told.append)
    door.announce(START)
    opened = Open(story, LoginRules(requires_codes=True), door)
    yield opened
    opened.server.stop()
    presence.leave()


def second_step(browser: Browser, code: str) -> Page:
    page = browser.post("/setup", door=code)
    assert page.status == 200, page.words
    return page


def make(browser: Browser, page: Page, desk: Open, **values: str) -> Page:
    key = re.search(r'<code class="secret">(\w+)</code>', page.text)
    assert key
    filled = {
        "door": page.hidden("door"),
        "sealed": page.hidden("sealed"),
        "name": "Gwen",
        "password": PASSWORD,
        "again": PASSWORD,
        "code": pyotp.TOTP(key[1]).at(desk.story.now),
    }
    return browser.post("/setup/administrator", **(filled | values))


def everybody(desk: Open) -> list[tuple[str, Role, str]]:
    with desk.story.database.reading() as session:
        return [(one.name, one.role, one.organisation) for one in session.exec(select(StaffMember))]


def test_with_the_code_that_was_printed_the_first_administrator_is_made(desk: Open, told: list[str]) -> None:
    browser = desk.browser()
    for path in ("/", "/mail", "/cases/RD-1", "/account", "/login"):
        assert browser.get(path).goes_to == "/setup", path
    assert "Nobody may log in here yet" in browser.get("/setup").words
    page = second_step(browser, told[0].lower().replace("-", " "))
    assert " style=" not in page.text
    done = make(browser, page, desk)
    recovery = re.findall(r"<li><code>(\w+)</code>", done.text)
    assert len(recovery) == 8
    assert everybody(desk) == [("Gwen", Role.ADMINISTRATOR, "")]
    assert browser.log_in("Gwen", PASSWORD).status == 401, "the codes count from the start"
    assert browser.log_in("Gwen", PASSWORD, recovery[0]).status == 303
    assert browser.get("/admin/people").status == 200


def test_afterwards_the_pages_are_gone(desk: Open, told: list[str]) -> None:
    browser = desk.browser()
    page = second_step(browser, told[0])
    make(browser, page, desk)
    assert browser.get("/setup").status == 404
    assert browser.post("/setup", door=told[0]).status == 404
    assert make(browser, page, desk, name="Mallory").status == 404
    assert browser.get("/").goes_to == "/login"
    assert len(everybody(desk)) == 1


def test_where_somebody_may_log_in_already_there_is_no_set_up(desk: Open, told: list[str]) -> None:
    desk.hire("ana")
    browser = desk.browser()
    assert browser.post("/setup", door=told[0]).status == 404
    assert browser.get("/").goes_to == "/login"


def test_of_two_browsers_at_once_exactly_one_wins(desk: Open, told: list[str]) -> None:
    pages: dict[str, Page] = {}
    begun = threading.Barrier(4)

    def run(name: str) -> None:
        browser = desk.browser()
        page = second_step(browser, told[0])
        begun.wait(30)
        pages[name] = make(browser, page, desk, name=name)

    threads = [threading.Thread(target=run, args=(f"Gwen {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(page.status for page in pages.values()) == [200, 404, 404, 404]
    (winner,) = (name for name, page in pages.items() if page.status == 200)
    assert everybody(desk) == [(winner, Role.ADMINISTRATOR, "")]


def test_after_ten_wrong_codes_another_one_is_printed(desk: Open, told: list[str]) -> None:
    browser = desk.browser()
    for wrong in ("", "ABCD-EFGH-JKLM", "½", "x" * 5000, *("no",) * 5):
        page = browser.post("/setup", door=wrong)
        assert (page.status, len(told)) == (401, 1)
    assert browser.post("/setup", door="no").status == 401
    assert len(told) == 2
    assert browser.post("/setup", door=told[0]).status == 401
    assert second_step(browser, told[1]).status == 200


def test_all_processes_print_one_code_and_count_wrong_ones_together(
    desk: Open, told: list[str], database: Database, vault: Vault
) -> None:
    theirs: list[str] = []
    second = SetUpDoor(database, vault, theirs.append)
    second.announce(START + timedelta(hours=1))
    other = Open(desk.story, LoginRules(requires_codes=True), second)
    assert theirs == told
    with database.reading() as session:
        assert told[0].replace("-", "") not in repr(session.exec(select(SetUpCode)).one()).upper()
    for opened in (desk, other) * 5:
        assert opened.browser().post("/setup", door="no").status == 401
    assert (len(told), len(theirs)) == (1, 2), "the process that met the tenth prints another"
    assert [one.browser().post("/setup", door=told[0]).status for one in (desk, other)] == [401, 401]
    assert make(desk.browser(), second_step(other.browser(), theirs[1]), desk).status == 200
    assert [one.browser().get("/setup").status for one in (desk, other)] == [404, 404]
    other.server.stop()


def test_a_process_that_starts_days_later_prints_another_code(
    desk: Open, told: list[str], database: Database, vault: Vault
) -> None:
    SetUpDoor(database, vault, told.append).announce(START + timedelta(days=2))
    assert told[1] != told[0]
    assert desk.browser().post("/setup", door=told[0]).status == 401
    assert second_step(desk.browser(), told[1]).status == 200


def test_who_tries_on_and_on_has_to_wait(desk: Open, told: list[str]) -> None:
    browser = desk.browser(X_Forwarded_For="192.0.2.66")
    assert {browser.post("/setup", door="no").status for _ in range(30)} == {401}
    assert browser.post("/setup", door=told[-1]).status == 429
    assert second_step(desk.browser(), told[-1]).status == 200


@pytest.mark.parametrize(
    ("values", "status", "why"),
    [
        ({"again": "another one"}, 409, "the two passwords differ"),
        ({"password": "short", "again": "short"}, 409, "15 to 256 characters"),
        ({"password": "passwordpassword", "again": "passwordpassword"}, 409, "too easy to guess"),
        ({"name": "  "}, 409, "a name has 1 to 80 characters"),
        ({"code": "000000"}, 409, "this code does not fit"),
        ({"sealed": "bm9uc2Vuc2U="}, 403, "begin again at /setup"),
        ({"sealed": "½"}, 403, "begin again at /setup"),
        ({"door": "ABCD-EFGH-JKLM"}, 401, "This is not the code"),
        ({"origin": "https://evil.example"}, 403, "not sent from this desk"),
    ],
)
def test_what_does_not_fit_is_told_and_makes_nobody(
    desk: Open, told: list[str], values: dict[str, str], status: int, why: str
) -> None:
    browser = desk.browser()
    page = make(browser, second_step(browser, told[0]), desk, **values)
    assert (page.status, why in page.words) == (status, True), page.words
    assert PASSWORD not in page.text
    assert everybody(desk) == []
