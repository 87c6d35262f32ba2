"""Redacting on the desk and by programs: who may, what is shown before, and that it is gone from every page after."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import quote

from browser import Browser, Page
from builders import mail
from front_door import Open
from program import Answer, Program
from sqlmodel import col, select, update
from story import BEN

from cases.arranging import write_note
from models.audit import Action
from models.message import SealedChunk, SealedMail
from models.staff import Role
from models.tokens import DoneDeed, Scope
from models.verdict import Label
from web.tokens import Wish, add_token

IBAN = "DE02 1203 0000 0000 2020 51"
RAW = mail(
    f"Send me my data.\nMy sister's account is {IBAN}, by the way.",
    message_id="<m1@mail.example>",
    attachments=(("passport.png", b"\x89PNG a face"),),
)


def opened(desk: Open) -> str:
    case = desk.story.receives(Label.ACCESS)
    desk.story.post()
    desk.gives(1, RAW, scores={"access": 0.9}, reasons=[["access", f"My sister's account is {IBAN}, by the way."]])
    return case


def asked(browser: Browser, case: str, **values: object) -> Page:
    csrf = browser.get(f"/cases/{case}/redact").hidden("csrf")
    return browser.post(f"/cases/{case}/redact", csrf=csrf, ground="other_person", **values)


def test_a_manager_sees_where_it_stands_and_then_it_is_gone_from_every_page(desk: Open) -> None:
    case, ben = opened(desk), desk.sits("ben")
    assert IBAN in ben.get(f"/cases/{case}").text
    assert f"/cases/{case}/redact" in ben.get(f"/cases/{case}").text
    assert "passport.png" in ben.get(f"/cases/{case}/redact").text
    shown = asked(ben, case, passages=IBAN.lower(), files="m1:0", why="her sister")
    assert shown.status == 200
    assert "cannot be undone" in shown.words
    assert "mail 1 : text, once" in shown.words
    assert desk.record(Action.CONTENT_REDACTED) == [], "nothing is done yet"
    sure = {name: shown.hidden(name) for name in ("csrf", "version", "passages", "files", "ground", "why")} | {
        "sure": "1"
    }
    assert ben.post(f"/cases/{case}/redact", **sure).goes_to == f"/cases/{case}?told=redact"
    for path in (f"/cases/{case}", f"/cases/{case}/redact", "/mail/1", "/mail/1?face=headers", "/mail/1/raw", "/mail"):
        page = ben.get(path)
        assert "1203" not in page.text, path
        assert "passport" not in page.text, path
    assert "[redacted]" in ben.get(f"/cases/{case}").text
    assert "content redacted" in ben.get(f"/cases/{case}").words
    again = ben.post(f"/cases/{case}/redact", **sure)
    assert again.status == 409
    assert "changed this case meanwhile" in again.words
    assert "nothing is left to redact" in asked(ben, case, passages=IBAN).words
    (entry,) = desk.record(Action.CONTENT_REDACTED)
    assert (entry.actor, entry.message_id) == ("ben", 1)
    assert "1203" not in entry.details


def test_only_who_may_redact_does_and_others_do_not_even_learn_that_it_is_there(desk: Open) -> None:
    case = opened(desk)
    for name, status in (("ana", 403), ("dora", 403), ("cleo", 404)):
        browser = desk.sits(name)
        assert browser.get(f"/cases/{case}/redact").status == status, name
        csrf = browser.get("/account").hidden("csrf")
        values = {"csrf": csrf, "passages": IBAN, "ground": "other_person", "sure": "1", "version": "1"}
        assert browser.post(f"/cases/{case}/redact", **values).status in (status, 409), name
    ben = desk.sits("ben")
    assert ben.post(f"/cases/{case}/redact", passages=IBAN, ground="other_person", sure="1").status in (403, 409)
    assert desk.record(Action.CONTENT_REDACTED) == []


def test_nonsense_is_told_in_words_and_changes_nothing(desk: Open) -> None:
    case, ben = opened(desk), desk.sits("ben")
    for passages, files, words in (
        ("", "", "say what is to go"),
        ("x", "", "at least 3 letters"),
        ("\0\0", "", "say what is to go"),
        ("%_%", "", "at least 3 letters"),
        ("y" * 30_000, "", "at most 20000 characters"),
        ("\n\n".join(f"word{number}" for number in range(21)), "", "at most 20 passages"),
        ("", "m1:99", "no such file"),
        ("", "m999999999:0", "no such file"),
        ("", "m1:-1", "named by its mail"),
    ):
        page = asked(ben, case, passages=passages, files=files)
        assert page.status == 409, passages[:20]
        assert words in page.words
    assert asked(ben, case, passages="y" * 1_100_000).status == 403
    assert desk.record(Action.CONTENT_REDACTED) == []


def program(desk: Open, role: Role, name: str, of: str = "") -> Program:
    wish = Wish(
        name, role, of, (Scope.CASES_READ, Scope.CASES_WRITE, Scope.MAIL_READ), desk.story.now.replace(year=2027)
    )
    with desk.story.database.transaction() as session:
        return Program(desk.server.url, add_token(session, desk.story.audit, wish, "ana", desk.story.now))


def test_each_file_and_each_note_leads_to_the_form_filled_in(desk: Open) -> None:
    case, other, ben = opened(desk), desk.story.receives(Label.ACCESS, sender="eva@mail.example"), desk.sits("ben")
    note = desk.story.does(BEN, case, lambda office: write_note(office, desk.story.vault, f"Rang: {IBAN}"))
    page = ben.get(f"/cases/{case}").text
    assert f'href="/cases/{case}/redact?file=m1:0"' in page
    assert f'href="/cases/{case}/redact?note={note.id}"' in page  # type: ignore[attr-defined]
    assert 'value="m1:0" checked' in ben.get(f"/cases/{case}/redact?file=m1:0").text
    assert f"Rang: {IBAN}" in ben.get(f"/cases/{case}/redact?note={note.id}").text  # type: ignore[attr-defined]
    assert IBAN not in ben.get(f"/cases/{other}/redact?note={note.id}").text, "of another case"  # type: ignore[attr-defined]
    for absurd in ("-1", "99999999999999999999", "%00", "\u0661"):
        assert ben.get(f"/cases/{case}/redact?note={quote(absurd)}").status == 200
    assert "/redact" not in desk.sits("ana").get(f"/cases/{case}").text


def test_a_mail_whose_bytes_are_damaged_or_gone_is_refused_in_words(desk: Open) -> None:
    case, ben = opened(desk), desk.sits("ben")
    for is_gone in (False, True):
        with desk.story.database.transaction() as session:
            if is_gone:
                session.exec(update(SealedMail).values(wrapped_key=b"gone"))
            else:
                session.exec(update(SealedChunk).values(ciphertext=b"damaged" * 9))
        assert ben.get(f"/cases/{case}/redact").status == 200
        page = asked(ben, case, passages=IBAN)
        assert page.status == 409
        assert "cannot be opened" in page.words
    assert desk.record(Action.CONTENT_REDACTED) == []


def test_programs_of_managers_redact_once_and_what_is_kept_of_the_request_tells_nobody_its_words(desk: Open) -> None:
    case = opened(desk)
    agent, manager = program(desk, Role.AGENT, "agent"), program(desk, Role.MANAGER, "manager")
    for robot, is_offered in ((agent, False), (manager, True)):
        names = [row["name"] for row in robot.get(f"/cases/{case}/deeds").rows]
        assert ("redact" in names) is is_offered
    wanted = {"passages": IBAN, "ground": "payment_data", "sure": True}
    assert agent.post(f"/cases/{case}/deeds/redact", wanted).status == 409
    start = Barrier(2)

    def redact(_number: int) -> Answer:
        start.wait(20)
        return manager.post(f"/cases/{case}/deeds/redact", wanted, Idempotency_Key="k")

    with ThreadPoolExecutor(2) as pool:
        answers = [
            *pool.map(redact, range(2)),
            manager.post(f"/cases/{case}/deeds/redact", wanted, Idempotency_Key="k"),
        ]
    assert [answer.status for answer in answers] == [200] * 3, answers
    assert len({entry.at for entry in desk.record(Action.CONTENT_REDACTED)}) == 1
    assert len([one for one in desk.record(Action.CONTENT_REDACTED) if one.message_id == 1]) == 1
    with desk.story.database.transaction() as session:
        (kept,) = session.exec(select(DoneDeed).where(col(DoneDeed.deed) == "redact"))
        filled = [("ground", "payment_data"), ("passages", IBAN), ("sure", "1")]
        plain = [repr((case, "redact", *one)) for one in (filled, [("files", ""), *filled], [*filled, ("why", "")])]
        assert kept.request_digest not in {hashlib.sha256(one.encode()).hexdigest() for one in plain}
    answer = manager.post(f"/cases/{case}/deeds/redact", wanted | {"passages": "else"}, Idempotency_Key="k")
    assert answer.status == 422


def test_programs_list_and_save_files_as_the_desk_does(desk: Open) -> None:
    case = opened(desk)
    inner = mail("inner words", attachments=(("deep.bin", b"\x01deep"),))
    desk.gives(1, mail("outer", attachments=(("letter.eml", inner), ("plain.bin", b"\x02plain"))))
    robot, other = program(desk, Role.AGENT, "robot"), program(desk, Role.AGENT, "other", of="elsewhere")
    rows = robot.get("/messages/1/files").rows
    assert [(row["place"], row["name"]) for row in rows] == [
        ("0", "letter.eml"),
        ("0-0", "deep.bin"),
        ("1", "plain.bin"),
    ]
    assert rows[2]["size"] == 6
    saved = robot.get("/messages/1/files/0-0")
    assert (saved.status, saved.text) == (200, "\x01deep")
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert "deep.bin" in saved.headers["Content-Disposition"]
    taken = desk.record(Action.MAIL_EXPORTED)
    assert [(one.actor, one.message_id, json.loads(one.details)["part"]) for one in taken] == [
        ("api:robot", 1, "attachment")
    ]
    assert robot.get("/letters/1/files").rows == []
    for path, status in (
        ("1/files/9", 404),
        ("1/files/0-0-0", 404),
        ("1/files/x", 422),
        ("99/files", 404),
        ("1/files/1-1-1-1-1", 422),
    ):
        assert robot.get(f"/messages/{path}").status == status, path
    for path in ("/messages/1/files", "/messages/1/files/1", "/letters/1/files"):
        assert other.get(path).status == 404
    assert {one.actor for one in desk.record(Action.MAIL_EXPORTED)} == {"api:robot"}
    assert case not in json.dumps(other.get("/messages").json)
