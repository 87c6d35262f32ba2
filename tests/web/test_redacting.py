"""Redacting on the desk and by programs: who may, what is shown before, and that it is gone from every page after."""

from browser import Browser, Page
from builders import mail
from front_door import Open

from models.audit import Action
from models.verdict import Label

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
