"""The ledger, the quarantine, corrections, and letters that wait for a person."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Event
from urllib.parse import quote

import pytest
from builders import mail
from compound import compound, outlook
from conftest import on_sqlite
from front_door import Open
from mailboxes import mailbox, organisation
from sqlmodel import col, select, update
from story import BEN, Story

from cases.arranging import assign
from cases.deciding import close, decide
from cases.quarantine import read_as
from models.audit import Action
from models.case import Case, CaseState, ItemResult
from models.message import Message, MessageLabel, Outcome, SealedMail
from models.outbox import OutboxMail, OutboxState
from models.staff import Role
from models.verdict import Doubt, Kind, Label
from service.pipeline import Pipeline
from service.reading import Reader, ReadingOrder
from service.worker import PollReport
from store.audit import Audit
from store.database import Database
from store.label_index import set_labels
from store.presence import Presence
from store.vault import Vault

pytestmark = on_sqlite

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One whose model is loaded: a browser would not wait for that on a busy machine."""
    reader = Reader()
    reader.read(ReadingOrder(organisation(), (), ())).result(180)
    yield reader
    reader.close()


def quarantined(desk: Open, **more: object) -> None:
    """Let the first mail lie in the quarantine."""
    with desk.story.database.transaction() as session:
        message = session.get_one(Message, 1)
        message.outcome, message.reason = Outcome.QUARANTINE, "could not be handled: it is odd"
        set_labels(session, message, [])
        message.model_version, message.attempts = None, 3
        for name, value in more.items():
            setattr(message, name, value)


def message(desk: Open) -> Message:
    with desk.story.database.reading() as session:
        found = session.get_one(Message, 1)
        session.expunge(found)
        return found


def test_the_ledger_is_filtered_by_what_became_of_a_mail_when_and_why(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    quarantined(desk)
    desk.story.now += timedelta(days=3)
    desk.story.receives(Label.COMPLAINT, sender="other@mail.example")
    with desk.story.database.transaction() as session:
        set_labels(session, session.get_one(Message, 2), ["complaint"])
    ana = desk.sits("ana")

    def found(query: str) -> set[str]:
        text = ana.get(f"/mail?{query}").text
        return {number for number in ("1", "2") if f'"/mail/{number}"' in text}

    assert found("") == {"1", "2"}
    assert found("outcome=quarantine") == {"1"}
    assert found("label=complaint") == {"2"}
    assert found("label=%25") == {"1", "2"}
    assert found("since=2026-03-03") == {"2"}
    assert found("until=2026-03-02") == {"1"}
    assert found("since=nonsense") == found("since=0001-01-01&until=9999-12-31") == {"1", "2"}
    assert found("q=IS+odd") == {"1"}
    assert found("q=2") == {"2"}
    assert found("q=m1%40mail") == {"1"}
    assert found("q=%25") == found("q=%00%27%22--") == set()
    assert found("mailbox=contact") == {"1", "2"}
    assert found("mailbox=elsewhere") == set()
    assert "No mail fits." in ana.get("/mail?mailbox=elsewhere").words


def test_how_reading_goes_is_told_for_each_mailbox(desk: Open) -> None:
    ana = desk.sits("ana")
    assert "contact not yet" in ana.get("/mail").words
    problem = PollReport("contact", error="the server refuses the password", read_at=desk.story.now, unaccounted=2)
    desk.reports["contact"] = problem
    assert "contact 2026-03-02 09:00 the server refuses the password – 0 0 2" in ana.get("/mail").words
    assert "contact" not in desk.sits("cleo").get("/mail").words


def test_a_mail_of_the_quarantine_is_tried_again(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    quarantined(desk)
    ana = desk.sits("ana")
    page = ana.get("/mail/1")
    assert "could not be handled: it is odd" in page.words
    done = ana.post("/mail/1/retry", csrf=page.hidden("csrf"))
    assert "handled with the next round" in ana.get(done.goes_to).words
    assert (message(desk).outcome, message(desk).attempts) == (Outcome.PENDING, 0)
    assert ana.post("/mail/1/retry", csrf=page.hidden("csrf")).status == 409, "it is not in the quarantine any more"
    quarantined(desk, sha256=None)
    assert "only its header was read" in ana.post("/mail/1/retry", csrf=page.hidden("csrf")).words
    assert [entry.actor for entry in desk.record(Action.MESSAGE_RETRIED)] == ["ana"]


def test_a_mail_of_the_quarantine_is_set_aside_with_a_reason(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    quarantined(desk)
    ana, dora = desk.sits("ana"), desk.sits("dora")
    csrf = ana.get("/mail/1").hidden("csrf")
    assert ana.post("/mail/1/aside", csrf=csrf, why="because").status == 409
    assert ana.post("/mail/1/aside", csrf="x", why="spam").status == 403
    assert dora.post("/mail/1/aside", csrf=dora.get("/").hidden("csrf"), why="spam").status == 403
    assert "/aside" not in dora.get("/mail/1").text
    assert message(desk).outcome is Outcome.QUARANTINE
    assert ana.post("/mail/1/aside", csrf=csrf, why="not_for_us").status == 303
    assert (message(desk).outcome, message(desk).reason) == (Outcome.FILED, "set aside by a person: not for us")
    assert desk.record(Action.MESSAGE_IGNORED)[0].details == '{"why":"not_for_us"}'


def test_a_mail_of_the_quarantine_becomes_a_case(desk: Open) -> None:
    desk.story.receives(Label.OTHER)
    quarantined(desk, case_id=None)
    ana = desk.sits("ana")
    page = ana.get("/cases/new?mail=1")
    assert 'value="2026-03-02T09:00"' in page.text, "the receipt of the mail"
    given = {"csrf": page.hidden("csrf"), "mail": "1", "mailbox": "contact", "channel": "email", "kinds": "access"}
    done = ana.post("/cases/new", received="2026-03-02T09:00", address="mara@brightmail.example", **given)
    assert "some words" in ana.get(done.goes_to).words, "the mail is part of its conversation"
    assert message(desk).outcome is Outcome.CASE
    assert ana.post("/cases/new", received="2026-03-02T09:00", **given).status == 409, "once only"
    with desk.story.database.reading() as session:
        assert len(session.exec(select(Case)).all()) == 1
    assert desk.sits("cleo").get("/cases/new?mail=1").status == 404
    assert ana.get("/cases/new?mail=x").status == 403


CYRILLIC = "From: Иван <ivan@mail.example>\r\nSubject: Письмо\r\n\r\nУдалите мои данные".encode("koi8-r")


def test_a_mail_is_read_in_another_charset_once_somebody_saw_how_it_would_read(desk: Open) -> None:
    reference = desk.story.receives(Label.ACCESS)
    desk.gives(1, CYRILLIC, scores={"access": 0.9})
    ana, dora = desk.sits("ana"), desk.sits("dora")
    assert "мои" not in ana.get("/mail/1").words
    preview = ana.get("/mail/1?charset=koi8-r")
    assert "Удалите мои данные" in preview.words
    assert "мои" not in ana.get("/mail/1").words, "nothing is changed yet"
    assert "there is no such charset" in ana.get("/mail/1?charset=koi8-r&other=klingon%00").words
    csrf = preview.hidden("csrf")
    assert ana.post("/mail/1/charset", csrf=csrf, charset="klingon").status == 409
    assert ana.post("/mail/1/charset", csrf="x", charset="koi8-r").status == 403
    assert dora.post("/mail/1/charset", csrf=dora.get("/").hidden("csrf"), charset="koi8-r").status == 403
    assert "Read it so" not in dora.get("/mail/1?charset=koi8-r").words
    assert desk.sits("cleo").post("/mail/1/charset", csrf="x", charset="koi8-r").status == 404
    done = ana.post("/mail/1/charset", csrf=csrf, charset="koi8-r")
    assert "as a person chose" in ana.get(done.goes_to).words
    assert "Удалите мои данные" in ana.get("/mail/1").words
    assert message(desk).outcome is Outcome.CASE, "it belongs to a case: what became of it stays"
    assert ana.post("/mail/1/charset", csrf=csrf, charset="koi8-r").status == 409, "once is enough"
    assert ana.get("/mail/1/raw").raw == CYRILLIC
    assert "Удалите мои данные" in ana.get(f"/cases/{reference}").words
    pack = zipfile.ZipFile(io.BytesIO(ana.post(f"/cases/{reference}/evidence", csrf=csrf).raw))
    assert pack.read("received/1.eml") == CYRILLIC
    assert "Удалите мои данные" in pack.read("received/1-read-as-koi8-r.txt").decode()
    assert ana.post("/mail/1/charset", csrf=csrf, charset="own").status == 303
    assert [entry.details for entry in desk.record(Action.MESSAGE_REREAD)] == [
        '{"before":"","charset":"koi8-r"}',
        '{"before":"koi8-r","charset":""}',
    ]


@pytest.mark.parametrize(
    ("outcome", "version", "becomes"),
    [
        (Outcome.QUARANTINE, None, Outcome.PENDING),
        (Outcome.FILED, "7", Outcome.PENDING),
        (Outcome.ARCHIVED, "7", Outcome.PENDING),
        (Outcome.FILED, None, Outcome.FILED),
    ],
    ids=["quarantine", "filed by the machine", "archived", "filed by a person"],
)
def test_what_no_person_decided_on_is_handled_again_in_the_new_charset(
    desk: Open, outcome: Outcome, version: str | None, becomes: Outcome
) -> None:
    desk.story.receives(Label.OTHER)
    quarantined(desk, outcome=outcome, case_id=None, model_version=version)
    with desk.story.database.transaction() as session:
        row = session.get_one(Message, 1, with_for_update=True)
        assert read_as(session, desk.story.audit, row, "cp1251", START, "ana") == (becomes is not outcome)
    assert message(desk).outcome is becomes


def test_a_sender_is_blocked_from_a_mail_and_let_in_again(desk: Open) -> None:
    desk.story.receives(Label.OTHER, sender="offers@shop.example")
    ana, ben, dora, cleo = (desk.sits(name) for name in ("ana", "ben", "dora", "cleo"))
    form = ana.get("/mail/blocked?mail=1")
    assert 'value="offers@shop.example"' in form.text
    assert cleo.get("/mail/blocked?mail=1").status == 404
    given = {"csrf": form.hidden("csrf"), "organisation": "example", "name": "Shop.example", "reason": "the same again"}
    for wrong in (
        {"name": "nonsense"},
        {"name": "\0" + "x" * 9999 + ".example"},
        {"name": "gmail.com"},
        {"name": "example.org"},
        {"name": "contact@example.org"},
        {"reason": " "},
        {"organisation": "elsewhere"},
        {"until": "tomorrow"},
    ):
        assert ana.post("/mail/blocked", **(given | wrong)).status == 409, wrong
    assert ana.post("/mail/blocked", **(given | {"csrf": "x"})).status == 403
    assert dora.post("/mail/blocked", **(given | {"csrf": dora.get("/").hidden("csrf")})).status == 403
    assert "Ordinary mail from there is filed" in ana.get(ana.post("/mail/blocked", **given).goes_to).words
    assert "shop.example the same again 2026-03-02 no end ana" in ben.get("/mail/blocked").words
    assert ana.post("/mail/blocked", **given).status == 409, "twice"
    assert "the same again" not in cleo.get("/mail/blocked").words
    assert "Undo" not in dora.get("/mail/blocked").words
    assert desk.story.receives(Label.OTHER, sender="offers@shop.example") == ""
    assert '"/mail/2"' in ana.get("/mail?outcome=filed&q=sender+blocked").text
    assert cleo.post("/mail/blocked/1/undo", csrf=cleo.get("/").hidden("csrf")).status == 404
    assert ana.post("/mail/blocked/1/undo", csrf=given["csrf"]).status == 303
    assert ana.post("/mail/blocked/1/undo", csrf=given["csrf"]).status == 404
    assert "Nobody is blocked" in ana.get("/mail/blocked").words
    chain = [*desk.record(Action.SENDER_BLOCKED), *desk.record(Action.SENDER_UNBLOCKED)]
    assert [entry.actor for entry in chain] == ["ana", "ana"]
    assert not any("shop" in entry.details for entry in chain), "the chain is never erased: it keeps no names"


@pytest.fixture
def judged(database: Database, vault: Vault, audit: Audit, reader: Reader) -> Iterator[Open]:
    """A desk with the real classifier behind it."""
    presence, box = Presence(database), mailbox(organisation=organisation(languages=("en",)))
    story = Story(database, vault, audit, presence, box, START)
    story.desk = replace(story.desk, reader=reader)
    desk = Open(story)
    yield desk
    desk.server.stop()
    presence.leave()


@pytest.mark.slow
def test_what_a_mail_is_can_be_corrected_and_its_case_follows(judged: Open) -> None:
    desk, story = judged, judged.story
    case = story.receives(Label.ACCESS, text="I want to complain about your call centre.")
    ana = desk.sits("ana")
    page = ana.get(f"/cases/{case}")
    assert 'action="/mail/1/correct"' in page.text
    csrf = page.hidden("csrf")
    assert ana.post("/mail/1/correct", csrf=csrf).status == 409
    assert ana.post("/mail/1/correct", csrf=csrf, labels=["nonsense"]).status == 409
    back = ana.post("/mail/1/correct", csrf=csrf, labels=["complaint", "erasure"], back=f"/cases/{case}")
    assert back.goes_to == f"/cases/{case}"
    items = {item["kind"]: item["result"] for item in story.shown(case)["items"]}  # type: ignore[attr-defined]
    assert items == {"access": "not_a_request", "complaint": None, "erasure": None}
    assert "Taken for complaint , as a person said" in ana.get("/mail/1").words
    quarantined(desk, case_id=None, decided_at=None)
    ana.post("/mail/1/retry", csrf=csrf)
    assert list(Pipeline(story.desk).process_pending(story.mailbox, Event()))
    foresees(desk)


@pytest.mark.slow
def test_many_cases_are_set_right_and_back_but_none_that_changed_or_is_over_or_of_others(judged: Open) -> None:
    desk, story = judged, judged.story
    one, two, moved, over, foreign = (
        story.receives(Label.ACCESS, sender=f"p{number}@mail.example") for number in range(5)
    )
    for case in (over, foreign):
        story.does(BEN, case, lambda office: decide(office, Kind.ACCESS, ItemResult.DUPLICATE))
    story.does(BEN, over, close)
    with story.database.transaction() as session:
        session.exec(update(Case).where(col(Case.reference) == foreign).values(organisation="elsewhere"))
    desk.hire("ana", Role.AGENT, story.mailbox.organisation.slug, is_new=False)
    ana, ben = desk.sits("ana"), desk.sits("ben")
    mine, his = {"csrf": ana.get("/").hidden("csrf")}, {"csrf": ben.get("/").hidden("csrf")}
    asked = ana.post("/bulk", deed="correct", query="", case=[one, two, moved, over, foreign], **mine)
    assert "Set right: 4 cases" in asked.words
    chosen = {"deed": "correct", "cases": asked.hidden("cases"), **mine}
    assert "say what they ask for" in ana.post("/bulk/plan", **chosen).words.lower()
    right = ana.post("/bulk/plan", labels=["erasure"], **chosen).goes_to
    spam = ben.post("/bulk", deed="spam", query="", case=[one, two], **his).goes_to
    assert "2 of them have a clock that runs" in ben.get(spam).words

    story.does(BEN, moved, lambda office: assign(office, "eve"))
    shown = ana.get(right).words
    assert "This would be done to 2 cases" in shown
    assert [f"there is no case {foreign}" in shown, f"{over} : it is closed" in shown] == [True, True]
    done = ana.get(ana.post(right, **mine).goes_to).words
    assert "Done on 2 cases" in done
    assert f"{moved} : it was changed since it was chosen" in done
    assert _results(story, one) == [("access", "not_a_request"), ("erasure", None)]
    assert _results(story, foreign) == [("access", "duplicate")]
    assert "done on no case" in ben.get(ben.post(spam, **his).goes_to).words

    wrongly = ana.post("/bulk", deed="not_a_request", query="", case=[one, two], **mine).goes_to
    ana.post(wrongly, **mine)
    assert [story.case(case).status for case in (one, two)] == [CaseState.CLOSED] * 2
    assert story.case(one).closed_at == story.now
    assert ana.post(f"{wrongly}/undo", query="", **mine).goes_to == "/?undone=2"
    assert (story.case(two).status, story.case(two).closed_at) == (CaseState.OPEN, None)
    assert story.due(moved, Kind.ACCESS) == _open_due(story, two)
    story.does(BEN, two, lambda office: decide(office, Kind.ERASURE, ItemResult.NO_DATA))
    assert ana.post(f"{right}/undo", query="", **mine).goes_to == "/?undone=1"
    assert _results(story, one)[-1] == ("access", None)
    assert _results(story, two)[-1] == ("erasure", "no_data")

    doubtful = story.receives(Label.COMPLAINT, doubt=Doubt.REQUEST, sender="d@mail.example")
    wrongly = ana.post("/bulk", deed="spam", query="", case=[doubtful], **mine).goes_to
    ana.post(wrongly, **mine)
    assert story.case(doubtful).status is CaseState.CLOSED
    ana.post(f"{wrongly}/undo", query="", **mine)
    assert (story.case(doubtful).status, story.case(doubtful).needs_review) == (CaseState.REVIEW, True)
    assert story.letters(doubtful) == []


def _results(story: Story, case: str) -> list[tuple[str, str | None]]:
    return [(item["kind"], item["result"]) for item in story.shown(case)["items"]]  # type: ignore[attr-defined]


def _open_due(story: Story, case: str) -> date:
    (found,) = (item["due_date"] for item in story.shown(case)["items"] if item["result"] is None)  # type: ignore[attr-defined]
    return date.fromisoformat(found)


def foresees(desk: Open) -> None:
    """What would happen to a mail is told, and does not happen."""
    ana, dora, cleo = desk.sits("ana"), desk.sits("dora"), desk.sits("cleo")
    before, csrf = count_all(desk), ana.get("/mail/try").hidden("csrf")
    request = mail("Please delete all data you hold about me under Article 17 GDPR.", sender="Ida <ida@mail.example>")
    new = ana.send("/mail/try", {"a.eml": request}, csrf=csrf, mailbox="contact")
    assert "It becomes case" in new.words
    assert "a new one, open" in new.words
    assert "To Ida <ida@mail.example>: " in new.words
    assert "It would be sent" in new.words
    bounce = mail("I am away", sender="Ida <ida@mail.example>", Auto_Submitted="auto-replied", subject="Out of office")
    away = dora.send("/mail/try", {"a.eml": bounce}, csrf=dora.get("/").hidden("csrf"), mailbox="contact")
    assert "It becomes automatic" in away.words
    assert "No letter would be written" in away.words
    known = ana.post("/mail/1/try", csrf=csrf)
    assert known.status == 200
    assert "It becomes duplicate" not in known.words, "it is taken as if it came for the first time"
    odd = ana.send("/mail/try", {"a.eml": b"\0\xff" * 9999}, csrf=csrf, mailbox="contact")
    assert odd.status == 200
    saved = compound(
        outlook(subject="Delete my data", text="Please delete my account.", sender=("Ida", "ida@mail.example"))
    )
    assert "Ida <ida@mail.example>" in ana.send("/mail/try", {"a.msg": saved}, csrf=csrf, mailbox="contact").words
    assert ana.send("/mail/try", {"a.doc": saved[:600]}, csrf=csrf, mailbox="contact").status == 409
    for wrong in ({"mailbox": "elsewhere"}, {"mailbox": ""}):
        refused = ana.send("/mail/try", {"a.eml": request}, **({"csrf": csrf} | wrong))
        assert refused.status == 409
    assert ana.send("/mail/try", {}, csrf=csrf, mailbox="contact").status == 409
    assert ana.send("/mail/try", {"a.eml": request}, csrf="x", mailbox="contact").status == 403
    assert cleo.post("/mail/1/try", csrf=cleo.get("/").hidden("csrf")).status == 404
    assert count_all(desk) == before
    with desk.story.database.reading() as session:
        assert desk.story.audit.verify(session).problem == ""


def count_all(desk: Open) -> list[int]:
    with desk.story.database.reading() as session:
        return [
            len(session.exec(select(table)).all()) for table in (Message, Case, OutboxMail, SealedMail, MessageLabel)
        ]


def test_a_letter_that_waits_for_a_person_is_let_go_or_held(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    ana, dora = desk.sits("ana"), desk.sits("dora")
    assert "No letter waits for a person" in ana.get("/letters").words
    csrf = ana.get("/letters/1").hidden("csrf")
    assert ana.post("/letters/1/release", csrf=csrf).status == 409, "it was never held"
    assert ana.post("/letters/1/hold", csrf="x").status == 403
    assert dora.post("/letters/1/hold", csrf=dora.get("/").hidden("csrf")).status == 403
    assert ana.post("/letters/1/hold", csrf=csrf).goes_to == "/letters/1?told=hold"
    assert "held by a person" in ana.get("/letters").words
    assert desk.story.post() == []
    assert ana.post("/letters/1/release", csrf=csrf).status == 303
    assert [letter.state for letter in desk.story.post()] == [OutboxState.SENT]
    assert ana.post("/letters/1/hold", csrf=csrf).status == 409, "it is gone"
    assert {entry.actor for entry in desk.record(Action.LETTER_RELEASED)} == {"ana"}
    with desk.story.database.reading() as session:
        assert session.exec(select(OutboxMail.state).where(col(OutboxMail.id) == 1)).one() is OutboxState.SENT


def test_an_attached_message_of_outlook_is_read_in_place(desk: Open) -> None:
    reference = desk.story.receives(Label.ACCESS)
    inner = outlook(subject="My request", text="All you hold about me, please.", files=(("passport.pdf", b"%PDF"),))
    desk.gives(1, mail("See below.", attachments=(("request.msg", compound(inner)),)), scores={"access": 0.9})
    for path in ("/mail/1", f"/cases/{reference}"):
        shown = desk.sits("ana").get(path).words
        assert all(words in shown for words in ("request.msg", "My request", "All you hold about me", "passport.pdf"))


def test_files_inside_attached_messages_are_saved_as_others_are_and_on_record(desk: Open) -> None:
    reference = desk.story.receives(Label.ACCESS)
    deepest = outlook(subject="Third", text="c", files=(("key.pem", b"third"),), is_inner=True)
    inner = outlook(subject="Second", text="b", files=(("passport.pdf", b"%PDF-2"), ("m", deepest)), is_inner=True)
    message = compound(outlook(subject="First", text="a", files=(("m", inner), ("a&b.txt", b"first"))))
    passed_on = mail("See it.", attachments=(("plain.txt", b"beside"), ("request.msg", message)))
    desk.gives(1, mail("See below.", attachments=(("passed.eml", passed_on), ("request.msg", message))))
    ana = desk.sits("ana")
    for page in ("/mail/1", f"/cases/{reference}"):
        shown = ana.get(page)
        assert all(words in shown.words for words in ("First", "Second", "Third", "passport.pdf", "key.pem"))
        assert 'href="/mail/1/attachments/1-0-1-0"' in shown.text
    before = len(desk.record(Action.MAIL_EXPORTED))
    saved = {
        "1-1": b"first",
        "1-0-0": b"%PDF-2",
        "1-0-1-0": b"third",
        "0-0": b"beside",
        "0-1-1": b"first",
        "1": message,
    }
    for place, content in saved.items():
        page = ana.get(f"/mail/1/attachments/{place}")
        assert (page.status, page.raw) == (200, content), place
        assert page.headers["Content-Type"] == "application/octet-stream"
    assert "passport.pdf" in ana.get("/mail/1/attachments/1-0-0").headers["Content-Disposition"]
    assert {entry.message_id for entry in desk.record(Action.MAIL_EXPORTED)[before:]} == {1}
    assert len(desk.record(Action.MAIL_EXPORTED)) == before + len(saved) + 1
    nowhere = ("1-9", "1-1-0", "0-0-0", "1-0-1-0-0", "1-0-1-9", "-1", "1-", "9", "1-99999", "x", "1--1", "٣")
    assert {ana.get(f"/mail/1/attachments/{quote(place)}").status for place in nowhere} == {404}
    assert desk.sits("cleo").get("/mail/1/attachments/1-1").status == 404


def test_attached_messages_that_cannot_be_opened_say_why(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    ana, small = desk.sits("ana"), compound(outlook(text="x"))
    nest = outlook(text="the last", is_inner=True)
    for _ in range(9):
        nest = outlook(text="more", is_inner=True, files=(("m", nest),))
    many = compound(outlook(text="x", files=tuple((f"{number}.bin", b"y") for number in range(60))))
    for files, why in (
        ({"a.msg": small[:700]}, "It could not be opened: it is damaged, or no message"),
        ({"a.msg": b"MZ" * 900}, "Please see the file"),
        ({"a.msg": small + bytes(9 * 1024 * 1024)}, "it is too large to be read here"),
        ({"a.msg": compound(outlook(text="x", files=(("m", nest),)))}, "messages lie too deep inside each other"),
        ({"a.msg": many}, "it holds more than 50 files"),
        ({f"{number}.msg": small for number in range(8)}, "too many mails are attached"),
    ):
        desk.gives(1, mail("Please see the file.", attachments=tuple(files.items())))
        shown = ana.get("/mail/1")
        assert (shown.status, why in shown.words) == (200, True), why
    wrapped = small
    for _ in range(6):
        wrapped = compound(outlook(text="x", files=(("again.msg", wrapped),)))
    desk.gives(1, mail("Please see the file.", attachments=(("a.msg", wrapped),)))
    assert "it lies too deep in other mails" in ana.get("/mail/1").words
    assert ana.get("/mail/1/attachments/0-0-0-0").status == 200, "what is not opened is saved"


@pytest.mark.parametrize("path", ["/mail/0", "/mail/-1", "/mail/99999999999999999999", "/letters/99999999999999999999"])
def test_a_number_that_cannot_be_is_not_found(desk: Open, path: str) -> None:
    assert desk.sits("ana").get(path).status in (404, 422)
