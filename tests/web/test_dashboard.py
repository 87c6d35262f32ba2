"""The dashboard and the reports over a real socket, on both databases: whose numbers, what they link to, what is refused."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from urllib.parse import urlsplit

import pytest
from browser import Browser, Page
from mailboxes import mailbox, organisation
from sqlmodel import select
from story import ANA, Story

from cases.arranging import assign
from cases.asking import ask
from cases.deciding import answer, decide
from cases.extending import extend
from models.case import ItemResult
from models.casework import PauseReason
from models.outbox import Template
from models.staff import Role
from models.tally import Breach, BreachCause
from models.verdict import Kind, Label
from service.desk_pages import desk_parts
from service.listening import WebServer
from service.staff import add_member
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault
from web.health import Readiness

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LINK = re.compile(r'href="(/\?[^"]*)">([^<]+)</a>')


class Office:
    """A desk of two organisations with a story behind it, and browsers in which people are logged in."""

    def __init__(self, story: Story) -> None:
        self.story = story
        other = mailbox("hola", organisation=organisation("elsewhere", name="Elsewhere | SL", timezone="Europe/Madrid"))
        story.desk = replace(story.desk, mailboxes=(story.mailbox, other))
        self.server = WebServer("127.0.0.1", 0, Readiness, desk_parts(story.desk))
        self.server.start()

    def sits(self, name: str, role: Role, of: str = "") -> Browser:
        with self.story.database.transaction() as session:
            given = add_member(session, self.story.vault, name, role, of, with_codes=False, must_choose=False)
        browser = Browser(self.server.url)
        assert browser.log_in(name, given.password).status == 303
        return browser


@pytest.fixture
def office(database: Database, vault: Vault, audit: Audit) -> Iterator[Office]:
    presence = Presence(database)
    box = mailbox(organisation=organisation(languages=("en",)))
    opened = Office(Story(database, vault, audit, presence, box, START))
    yield opened
    opened.server.stop()
    presence.leave()


def a_spring(story: Story) -> str:
    """One answered late, one overdue, one ahead, one that waits, one extended; return the overdue one."""
    late = story.at("2026-03-02").receives(Label.OBJECTION, sender="a@mail.example")
    overdue = story.receives(Label.OBJECTION, sender="b@mail.example")
    asked = story.at("2026-03-09").receives(Label.ACCESS, sender="c@mail.example")
    longer = story.receives(Label.OBJECTION, sender="d@mail.example")
    story.post()
    story.does(ANA, asked, lambda office: ask(office, PauseReason.CLARIFICATION, why="", text="Which year?"))
    story.does(ANA, longer, lambda office: extend(office, why="complex", text="It is complex."))
    story.post()
    story.at("2026-04-10").does(ANA, late, lambda office: decide(office, Kind.OBJECTION, ItemResult.NO_DATA))
    story.does(ANA, late, lambda office: answer(office, Template.NO_DATA, text="Nothing."))
    story.does(ANA, overdue, lambda office: assign(office, "ana"))
    story.receives(Label.ERASURE, sender="e@mail.example")
    story.at("2026-04-12").post()
    return overdue


def card(page: Page, title: str) -> str:
    """Return the number on a card."""
    found = re.search(rf'card-name">{re.escape(title)}</p>\s*<p class="card-value">(?:<a [^>]*>)?([^<]+)', page.text)
    assert found, title
    return found[1].strip()


def test_every_number_opens_a_list_with_as_many_cases(office: Office) -> None:
    a_spring(office.story)
    browser = office.sits("dora", Role.AUDITOR, "example")
    page = browser.get("/dashboard?period=quarter")
    assert (card(page, "open"), card(page, "overdue"), card(page, "breached"), card(page, "received")) == (
        *("4", "1", "2", "1"),
    )
    links = {unescape(path): text for path, text in LINK.findall(page.text) if text.isdecimal()}
    assert len(links) > 20
    for path, text in links.items():
        listed = re.search(r"(\d+) cases?, earliest", browser.get(path).words)
        assert (listed[1] if listed else "0") == text, path


def test_the_figures_of_others_are_as_if_they_were_not_there(office: Office) -> None:
    overdue = a_spring(office.story)
    theirs = office.sits("cleo", Role.ADMINISTRATOR, "elsewhere")
    page = theirs.get("/dashboard")
    assert (card(page, "open"), card(page, "overdue")) == ("0", "0")
    assert overdue not in page.text
    assert "Example Ltd" not in page.text
    paths = ("/dashboard", "/dashboard/figures.csv", "/dashboard/chart/ages.svg", "/reports/annual", "/reports")
    assert [theirs.get(f"{path}?of=example").status for path in paths] == [404] * len(paths)
    assert "objection" not in theirs.get("/dashboard/chart/ages.svg").text
    assert not re.search(r"[1-9]\d* cases?, earliest", theirs.get("/?of=example&status=all").words)
    page = theirs.get("/dashboard")
    fields = {"csrf": page.hidden("csrf") or csrf_of(theirs), "case": overdue, "kind": "objection"}
    assert theirs.post("/dashboard/cause", **fields, cause="mail", why="so").status == 404


def csrf_of(browser: Browser) -> str:
    return browser.get("/password").hidden("csrf")


def test_who_sees_all_chooses_one_and_sees_each_beside_the_other(office: Office) -> None:
    a_spring(office.story)
    browser = office.sits("ben", Role.MANAGER)
    every, one = browser.get("/dashboard"), browser.get("/dashboard?of=elsewhere")
    assert (card(every, "open"), card(one, "open")) == ("4", "0")
    assert "By organisation" in every.text
    assert "By organisation" not in one.text
    assert "of=elsewhere" in one.text


def test_an_empty_desk_has_a_dashboard_and_a_report(office: Office) -> None:
    browser = office.sits("dora", Role.AUDITOR, "example")
    page = browser.get("/dashboard?period=year&on=2026-12-31")
    assert (page.status, card(page, "in time"), card(page, "open")) == (200, "–", "0")
    for name in ("ages", "weeks", "ahead", "shares"):
        assert "<svg" in browser.get(f"/dashboard/chart/{name}.svg").text
    assert browser.get("/reports/annual").status == 200


def test_a_manager_puts_a_cause_right_and_nobody_else_does(office: Office) -> None:
    overdue = a_spring(office.story)
    browser = office.sits("ben", Role.MANAGER, "example")
    page = browser.get("/dashboard?period=month&on=2026-04-01")
    assert overdue in page.text
    fields = {"csrf": page.hidden("csrf"), "case": overdue, "kind": "objection", "cause": "third_party"}
    assert browser.post("/dashboard/cause", **fields, why=" ").status == 403
    assert browser.post("/dashboard/cause", **(fields | {"csrf": "x"}), why="slow vendor").status == 403
    assert browser.post("/dashboard/cause", **(fields | {"cause": "weather"}), why="slow vendor").status == 403
    done = browser.post("/dashboard/cause", **fields, why="slow vendor", on="2026-04-01", period="month")
    assert (done.status, done.goes_to) == (303, "/dashboard?period=month&on=2026-04-01&told=cause#breaches")
    assert "as ben says" in browser.get(done.goes_to).words
    assert "slow vendor" in browser.get(f"/cases/{overdue}").words
    auditor = office.sits("dora", Role.AUDITOR, "example")
    assert 'action="/dashboard/cause"' not in auditor.get("/dashboard?on=2026-04-01").text
    assert auditor.post("/dashboard/cause", **(fields | {"csrf": csrf_of(auditor)}), why="no").status == 403
    with office.story.database.reading() as session:
        assert sorted(one.cause for one in session.exec(select(Breach))) == [
            BreachCause.CAPACITY,
            BreachCause.THIRD_PARTY,
        ]


def test_charts_can_load_and_run_nothing(office: Office) -> None:
    a_spring(office.story)
    browser = office.sits("dora", Role.AUDITOR, "example")
    for look in ("", "?look=dark"):
        chart = browser.get(f"/dashboard/chart/ages.svg{look}")
        assert chart.headers["Content-Type"].startswith("image/svg+xml")
        assert (
            chart.headers["Content-Security-Policy"]
            == "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        )
        assert not re.search(r"<script|\son\w+=|javascript:|url\((?!#)", chart.text)
        assert {urlsplit(one).netloc for one in re.findall(r'https?://[^"\s<]+', chart.text)} == {"www.w3.org"}
        assert "<title>Open cases by age and kind</title>" in chart.text
        assert re.search(r">5</text>", chart.text)
        assert not re.search(r">\d+\.\d+</text>", chart.text), "there is no fifth of a case"
    assert browser.get("/dashboard/chart/nothing.svg").status == 404
    assert "style=" not in browser.get("/dashboard").text


def test_absurd_addresses_show_this_month_or_are_refused(office: Office) -> None:
    browser = office.sits("dora", Role.AUDITOR, "example")
    this_month = browser.get("/dashboard").words
    for asked in (
        "period=decade",
        "on=0000-00-00",
        "on=9999-12-31",
        "on=-1",
        "period=%00",
        "on=0001-01-01",
        "on=2026-W01-1x",
    ):
        assert browser.get(f"/dashboard?{asked}").words == this_month, asked
    for year in ("0", "9999", "-1", "20x6", "٢٠٢٦", "1e3"):
        assert browser.get(f"/reports/annual?year={quoted(year)}").status == 404, year
    absurd = (
        "received_from=x",
        "late_from=0001-01-01",
        "unopened=2026-01-01",
        "extended=2",
        "of=%25",
        "mailbox=%00'",
        "due_to=9999-12-31",
    )
    assert [browser.get(f"/?{one}").status for one in absurd] == [200] * len(absurd)


def quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def test_the_numbers_come_as_csv(office: Office) -> None:
    a_spring(office.story)
    found = office.sits("dora", Role.AUDITOR, "example").get("/dashboard/figures.csv?on=2026-04-01")
    assert found.headers["Content-Disposition"] == 'attachment; filename="figures-example-2026-04-01.csv"'
    rows = found.text.splitlines()
    assert rows[0] == "section,of,figure,value,before"
    assert {"now,example,open,4,", "now,example,overdue,1,", "April 2026,example,breached,2,0"} <= set(rows)
    assert "by owner,ana,overdue,1," in rows


def test_the_annual_report_says_the_same_in_every_form(office: Office) -> None:
    a_spring(office.story)
    browser = office.sits("dora", Role.AUDITOR, "example")
    page, table = browser.get("/reports/annual?year=2026"), browser.get("/reports/annual?year=2026&format=csv")
    text, alone = (browser.get(f"/reports/annual?year=2026&format={form}") for form in ("md", "html"))
    assert "Example Ltd: data protection report for 2026" in page.words
    expected = {
        "received": ("In time", "5"),
        "late": ("In time", "1"),
        "overdue": ("In time", "1"),
        "share in time": ("In time", "0.0 %"),
        "extended": ("Extensions and questions", "1"),
        "letters sent": ("Letters", str(len(office.story.letters()))),
    }
    for figure, (section, value) in expected.items():
        assert f"{section},{figure},2026,{value}" in table.text.splitlines()
        assert f"| {figure} | {value} |" in text.text
        for html in (page, alone):
            assert re.search(rf'<th scope="row">{figure}</th><td data-label="2026">{value}</td>', html.text), figure
    assert "Requests by kind and month,objection,Mar,3" in table.text.splitlines()
    assert alone.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert [one.status for one in (page, table, text, alone)] == [200] * 4


def test_names_of_organisations_do_no_harm_in_reports(office: Office) -> None:
    browser = office.sits("cleo", Role.ADMINISTRATOR, "elsewhere")
    assert browser.get("/reports/annual?format=md").text.startswith("# Elsewhere \\| SL: data protection report")
    assert date(2026, 3, 2).isoformat() in browser.get("/reports/annual").text
