"""Administration: what the desk rests on, to look at and, in small forms, to change."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from browser import Page
from conftest import on_postgresql
from front_door import START, Open
from mailboxes import mailbox, organisation
from sqlmodel import select
from story import ANA, BEN, Story

from cases.deciding import answer, close, decide
from models.audit import Action, AuditEntry
from models.case import ItemResult
from models.outbox import Template
from models.verdict import Kind, Label
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

pytestmark = on_postgresql

PAGES = ("", "/people", "/letters", "/letters/answer?organisation=example&language=en", "/holidays", "/directory")
TABLE = "name,domains,administrator,language\nStride,stride.example|stride.test,dpo@stride.example,es\n"


@pytest.fixture
def desk(database: Database, vault: Vault, audit: Audit) -> Iterator[Open]:
    presence = Presence(database)
    box = mailbox(organisation=organisation(languages=("en", "de"), local_holidays=("2026-08-17",)))
    opened = Open(Story(database, vault, audit, presence, box, START))
    yield opened
    opened.server.stop()
    presence.leave()


def send(desk: Open, path: str, name: str = "gwen", **values: object) -> Page:
    browser = desk.sits(name)
    return browser.post(path, csrf=browser.get("/admin").hidden("csrf"), **values)


def test_every_page_of_administration_opens_for_administrators_alone(desk: Open) -> None:
    ben, gwen, cleo = desk.sits("ben"), desk.sits("gwen"), desk.sits("cleo")
    for path in (*PAGES, "/retention", "/audit"):
        assert ben.get(f"/admin{path}").status == 403, path
        page = gwen.get(f"/admin{path}")
        assert page.status == 200, path
        assert " style=" not in page.text
        assert "Example Ltd" not in cleo.get(f"/admin{path}").words, path
    for path in ("/directory", "/retention", "/audit"):
        assert (
            ben.post(f"/admin{path}", csrf=ben.get("/").hidden("csrf"), sure="1", organisation="example").status == 403
        )
        assert gwen.post(f"/admin{path}", csrf="wrong", sure="1", organisation="example").status == 403
    assert send(desk, "/admin/directory", "cleo", organisation="example", table=TABLE, sure="1").status == 404
    assert send(desk, "/admin/audit", "cleo").status == 403
    assert cleo.get("/admin/letters/answer?organisation=example&language=en").status == 404


def test_the_first_page_tells_versions_and_how_mailboxes_stand(desk: Open) -> None:
    words = desk.sits("gwen").get("/admin").words
    assert "Program 0." in words
    assert "contact" in words
    assert ("SQLite" in words) or ("PostgreSQL" in words)


def test_letters_are_shown_as_the_organisation_would_write_them(desk: Open) -> None:
    gwen = desk.sits("gwen")
    assert "/admin/letters/answer?organisation=example&amp;language=de" in gwen.get("/admin/letters").text
    assert "UK GDPR" in gwen.get("/admin/letters/refusal?organisation=example&language=en").words
    for nonsense in ("nonsense?organisation=example&language=en", "answer?organisation=example&language=fr", "answer"):
        assert gwen.get(f"/admin/letters/{nonsense}").status == 404


def test_holidays_are_those_of_the_place_and_ones_own(desk: Open) -> None:
    words = desk.sits("gwen").get("/admin/holidays").words
    assert "2026-12-25 a public holiday (Christmas Day)" in words
    assert "2027-01-01" in words
    assert "2026-08-17 a local holiday" in words


def test_a_table_of_customers_is_looked_over_before_it_counts(desk: Open) -> None:
    shown = send(desk, "/admin/directory", organisation="example", table=TABLE)
    assert (shown.status, "Stride new stride.example, stride.test" in shown.words) == (200, True)
    assert "No customers yet" in shown.words, "looking changes nothing"
    done = send(desk, "/admin/directory", organisation="example", table=TABLE, sure="1")
    assert done.goes_to == "/admin/directory?organisation=example&told=taken"
    again = send(desk, "/admin/directory", organisation="example", table=TABLE.replace(",es", ",fr"))
    assert "Stride changed" in again.words
    assert "Stride the same" in send(desk, "/admin/directory", organisation="example", table=TABLE).words
    with desk.story.database.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == Action.DIRECTORY_CHANGED)).all()
        assert [entry.details for entry in entries] == ['{"added":1,"changed":0,"organisation":"example"}']


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("", "the table has no column administrator, domains, name"),
        ("name,domains\nx,y\n", "the table has no column administrator"),
        ("name,domains,administrator\nStride,x,nobody\n", "line 2: a customer needs a name"),
        ("name,domains,administrator\nx\n", "line 2: a customer needs a name"),
    ],
)
def test_a_table_that_does_not_fit_is_told_with_its_line(desk: Open, table: str, why: str) -> None:
    page = send(desk, "/admin/directory", organisation="example", table=table, sure="1")
    assert (page.status, why in page.words) == (409, True), page.words


def test_what_is_to_be_erased_is_shown_and_erased_once_it_was_confirmed(desk: Open) -> None:
    assert "Nothing is to be erased" in desk.sits("gwen").get("/admin/retention").words
    case = desk.story.receives(Label.ACCESS)
    desk.story.post()
    desk.story.does(ANA, case, lambda office: decide(office, Kind.ACCESS, ItemResult.NO_DATA))
    desk.story.does(ANA, case, lambda office: answer(office, Template.NO_DATA))
    desk.story.post()
    desk.story.does(BEN, case, close)
    desk.story.now += timedelta(days=200)
    page = desk.sits("gwen").get("/admin/retention")
    assert case in page.words
    assert send(desk, "/admin/retention").status == 409
    assert case not in desk.sits("cleo").get("/admin/retention").words
    assert send(desk, "/admin/retention", "cleo", sure="1").goes_to == "/admin/retention?done=0"
    assert send(desk, "/admin/retention", sure="1").goes_to == "/admin/retention?done=1"
    erased = next(row for row in desk.story.shown(case)["timeline"] if row["action"] == Action.CASE_ERASED)  # type: ignore[attr-defined]
    assert erased["actor"] == "gwen"
    assert "Nothing is to be erased" in desk.sits("gwen").get("/admin/retention").words


def test_the_record_is_found_by_case_person_deed_and_day(desk: Open) -> None:
    case, other = desk.story.receives(Label.ACCESS), desk.story.receives(Label.ERASURE, sender="other@mail.example")
    desk.sits("ana").fill(case, "assign", name="ana")
    gwen = desk.sits("gwen")

    def found(query: str) -> str:
        page = gwen.get(f"/admin/audit?{query}")
        assert page.status == 200
        return page.words.partition("Number When Who")[2]

    assert case in found("")
    assert other not in found(f"case={case}")
    assert "case assigned" in found("actor=ana")
    assert "case opened" not in found("actor=ana")
    assert "logged in" not in found("action=case_opened")
    assert case in found("day=2026-03-02")
    for nothing in ("day=2026-03-03", "case=RD-1", "actor=%25", "page=99"):
        assert "case opened" not in found(nothing)
    for nonsense in ("day=yesterday", "day=9999-12-31", "action=x", "page=-1", "case=%00%27", "actor=" + "x" * 5000):
        assert gwen.get(f"/admin/audit?{nonsense}").status == 200
    cleo = desk.sits("cleo").get("/admin/audit").words
    assert case not in cleo
    assert "gwen" not in cleo, "who administrates one organisation sees its record alone"


def test_whether_the_record_is_whole_is_checked_on_the_page(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    assert "The chain is whole" in send(desk, "/admin/audit").words
    with desk.story.database.transaction() as session:
        session.get_one(AuditEntry, 2).actor = "mallory"
    assert "The chain is broken: entry 2 was altered" in send(desk, "/admin/audit").words
