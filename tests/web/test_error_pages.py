"""Pages that tell of an error, on both databases: a way on, a number that the log tells, and words that are not lost."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from front_door import Open
from program import Program
from sqlalchemy import create_engine, event, text

from models.staff import Role
from models.tokens import Scope
from models.verdict import Label
from store.database import Database
from web.desk.kept_words import WORDS
from web.tokens import Wish, add_token

MENU = 'aria-label="Main"'


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Let another program hold the audit chain, and nobody wait long for it."""
    quickly = "PRAGMA busy_timeout = 50" if database.is_sqlite else "SET lock_timeout = '50ms'"

    def impatient(connection: object, *_: object) -> None:
        connection.execute(quickly)  # type: ignore[attr-defined]

    other = create_engine(database.engine.url)
    event.listen(database.engine, "checkout", impatient)
    with other.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("LOCK TABLE audit_head IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()
    event.remove(database.engine, "checkout", impatient)
    other.dispose()


@contextmanager
def spoilt(database: Database, statement: str, undone: str) -> Iterator[None]:
    """Let a database be in a way that nobody foresaw."""
    with database.engine.begin() as connection:
        connection.execute(text(statement))
    yield
    with database.engine.begin() as connection:
        connection.execute(text(undone))


def token_at(desk: Open) -> str:
    story = desk.story
    with story.database.transaction() as session:
        wish = Wish("crm", Role.AGENT, "", [Scope.CASES_READ], story.now + timedelta(days=9))
        return add_token(session, story.audit, wish, "gwen", story.now)


def test_an_error_page_keeps_the_menu_and_the_way_back_for_who_is_logged_in(desk: Open) -> None:
    ana = desk.sits("ana", Referer=f"{desk.server.url}/mail?outcome=case")
    for path, status in (("/nowhere", 404), ("/cases/RD-222-222-222", 404), ("/admin", 403), ("/mail/abc", 404)):
        page = ana.get(path)
        assert (page.status, MENU in page.text) == (status, True), path
        assert 'href="/mail?outcome=case">Back to where you were' in page.text, path
        stranger = desk.browser().get("/nowhere")
        assert MENU not in stranger.text
    elsewhere = desk.sits("ana", Referer="https://evil.example/mail")
    assert "evil" not in elsewhere.get("/nowhere").text


def test_an_error_that_nobody_foresaw_has_a_number_that_stands_in_the_log_without_anything_of_a_person(
    desk: Open, caplog: pytest.LogCaptureFixture
) -> None:
    case = desk.story.receives(Label.ACCESS, sender="ida@mail.example")
    ana, program = desk.sits("ana"), Program(desk.server.url, token_at(desk))
    wrong, right = (f"UPDATE \"case\" SET status = '{value}'" for value in ("ida@mail.example", "open"))
    with spoilt(desk.story.database, wrong, right), caplog.at_level(logging.ERROR):
        page, problem = ana.get(f"/cases/{case}"), program.get(f"/cases/{case}")
    assert (page.status, page.headers.get_content_type(), MENU in page.text) == (500, "text/html", True)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert (problem.status, problem.headers.get_content_type()) == (500, "application/problem+json")
    for told in (page.text, problem.text):
        number = re.search(r"E-[0-9a-f]{8}", told)
        assert number
        logged = [record.getMessage() for record in caplog.records if number[0] in record.getMessage()]
        assert len(logged) == 1
        assert "GET /cases/{reference} failed: LookupError at " in logged[0]
        assert "LookupError" not in told
    assert [word for word in ("ida", case) if word in caplog.text] == []


def test_an_error_page_does_not_fail_where_nobody_can_be_recognised(desk: Open) -> None:
    ana = desk.sits("ana")
    gone, back = ("ALTER TABLE staff_session RENAME TO gone", "ALTER TABLE gone RENAME TO staff_session")
    with spoilt(desk.story.database, gone, back):
        for path in ("/", "/nowhere", "/mail"):
            page = ana.get(path)
            assert page.status in (404, 500, 503), path
            assert (page.headers.get_content_type(), MENU in page.text) == ("text/html", False), path
    problem = desk.browser().get("/api/v1/nowhere")
    assert problem.headers.get_content_type() == "application/problem+json"


def test_words_that_could_not_be_saved_stand_on_the_page_and_can_be_sent_again(
    desk: Open, caplog: pytest.LogCaptureFixture
) -> None:
    case, ana = desk.story.receives(Label.ACCESS), desk.sits("ana")
    words = 'Rang <b>twice</b>.\n\n"Call back" after five.'
    shown = ana.get(f"/cases/{case}")
    hidden = {"csrf": shown.hidden("csrf"), "version": shown.hidden("version")}
    with locked(desk.story.database):
        page = ana.post(f"/cases/{case}/note", words=words, **hidden)
    assert (page.status, MENU in page.text) == (503, True)
    assert "Nothing was saved. Your text:" in page.text
    assert "Rang &lt;b&gt;twice&lt;/b&gt;.\n\n&#34;Call back&#34; after five.</textarea>" in page.text
    assert "Rang" not in caplog.text
    again = {name: page.hidden(name) for name in ("csrf", "version")}
    assert f'action="/cases/{case}/note"' in page.text
    assert ana.post(f"/cases/{case}/note", words=words, **again).status == 303
    assert "Call back" in ana.get(f"/cases/{case}").words


def test_who_was_logged_out_while_writing_keeps_the_words(desk: Open) -> None:
    case, ana = desk.story.receives(Label.ACCESS), desk.sits("ana")
    ana.cookies.clear()
    page = ana.post(f"/cases/{case}/note", words="Rang twice.", csrf="x")
    assert (page.status, "Rang twice.</textarea>" in page.text, "<form" in page.text) == (403, True, False)
    assert ana.post(f"/cases/{case}/assign", name="ana").goes_to == "/login"


def test_a_form_that_another_was_quicker_than_keeps_its_words(desk: Open) -> None:
    case, ana = desk.story.receives(Label.ACCESS), desk.sits("ana")
    page = ana.get(f"/cases/{case}")
    desk.sits("ben").fill(case, "assign", name="ben")
    refused = ana.post(
        f"/cases/{case}/note", csrf=page.hidden("csrf"), version=page.hidden("version"), words="Rang twice."
    )
    assert refused.status == 409
    assert "ben changed this case meanwhile" in refused.words
    assert "Rang twice.</textarea>" in refused.text


def test_files_that_were_lost_are_told_and_passwords_never_come_back(desk: Open) -> None:
    case, ana = desk.story.receives(Label.ACCESS), desk.sits("ana")
    page = ana.get(f"/cases/{case}")
    fields = {"csrf": page.hidden("csrf"), "version": page.hidden("version"), "text": "Please see the table."}
    csrf = ana.get("/password").hidden("csrf")
    with locked(desk.story.database):
        lost = ana.send(f"/cases/{case}/write", {"table.csv": b"a,b"}, **fields)
        password = ana.post("/password", csrf=csrf, old=desk.password("ana"), new="x y z secret", again="x y z secret")
    assert lost.status == 503
    assert "choose the files again" in lost.words
    assert "Send it again" not in lost.words
    assert "x y z secret" not in password.text
    assert not {"password", "old", "new", "again", "code", "secret", "csrf"} & set(WORDS)


def test_too_many_fields_are_refused_with_what_to_do(desk: Open) -> None:
    ana = desk.sits("ana")
    page = ana.post("/bulk", csrf=ana.get("/").hidden("csrf"), deed="spam", case=["RD-222-222-222"] * 250)
    assert (page.status, "Choose or fill in less at once." in page.words) == (403, True)
