"""The page of a case: its conversation, the reasons, all its deeds, what-if, evidence, and who else looks."""

import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest
from builders import mail
from conftest import on_postgresql
from front_door import START, Open
from mailboxes import mailbox, organisation
from sqlmodel import col, select
from story import ANA, Story

from cases.asking import ask
from cases.deciding import decide
from cases.directory import import_customers
from models.audit import Action
from models.case import Case, ItemResult
from models.casework import CaseLook, Note, PauseReason, ThirdParty
from models.message import Message
from models.outbox import OutboxMail, OutboxState, Template
from models.verdict import Kind, Label
from service.evidence import problems_in
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import MasterKey, Vault

pytestmark = on_postgresql

RICH = mail(
    "Please send me my data.",
    html='<p>Please send me <b>my data</b>.</p><img src="https://track.example/p.gif"><script>alert(1)</script>',
    attachments=(('Report "<x>;.html', b"<script>alert(1)</script>"), ("../../etc/paß.pdf", b"%PDF-1.4")),
)
STRIDE = {"name": "Stride Fitness", "domains": "stride.example", "administrator": "dpo@stride.example"}


def letters_of(desk: Open, template: Template) -> list[OutboxMail]:
    with desk.story.database.reading() as session:
        query = select(OutboxMail).where(col(OutboxMail.template) == template).order_by(col(OutboxMail.id))
        found = list(session.exec(query))
        session.expunge_all()
        return found


# -- the conversation


def test_mails_and_letters_stand_by_time_and_letters_say_how_far_they_came(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS, text="Please send me my data.")
    (sent,) = desk.story.post()
    desk.story.now += timedelta(days=1)
    desk.story.receives(Label.FOLLOWUP, text="Have you got it?", answers="<m1@mail.example>")
    ana = desk.sits("ana")
    words = ana.get(f"/cases/{case}").words
    assert words.index("Please send me my data.") < words.index("We received it on") < words.index("Have you got it?")
    assert "Accepted by the mail server 2026-03-02 09:00" in words
    desk.story.bounce(sent)
    assert "It came back" in ana.get(f"/cases/{case}").words
    letter = ana.get(f"/letters/{sent.id}")
    assert "We received it on 2 March 2026" in letter.words
    assert [entry.outbox_id for entry in desk.record(Action.MAIL_VIEWED)] == [sent.id]


def test_the_html_of_a_mail_stands_in_a_frame_that_may_do_nothing(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    desk.gives(1, RICH)
    ana = desk.sits("ana")
    page = ana.get(f"/cases/{case}?mail=m1&face=html")
    assert '<iframe class="html" sandbox="" ' in page.text
    assert "1 picture from elsewhere was not loaded." in page.words
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    frame = ana.get("/mail/1/html")
    assert "<b>my data</b>" in frame.text
    assert "track.example" not in frame.text
    assert "<script" not in frame.text
    policy = frame.headers["Content-Security-Policy"]
    assert {"default-src 'none'", "img-src data:", "frame-ancestors 'self'", "sandbox"} <= set(policy.split("; "))
    assert "unsafe" not in policy
    assert desk.record(Action.MAIL_VIEWED)[-1].details == '{"part":"html"}'
    headers = ana.get("/mail/1?face=headers").words
    assert "Mara Lindqvist <mara@brightmail.example>" in headers


def test_files_are_saved_and_never_opened_and_each_download_is_on_record(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    desk.gives(1, RICH)
    ana = desk.sits("ana")
    for path, content in (
        ("attachments/0", b"<script>alert(1)</script>"),
        ("attachments/1", b"%PDF-1.4"),
        ("raw", RICH),
    ):
        page = ana.get(f"/mail/1/{path}")
        assert page.raw == content
        assert page.headers["Content-Type"] == "application/octet-stream"
        assert page.headers["Content-Disposition"].startswith("attachment; ")
        assert not re.search(r"[/<>\r\n]|\.\.", page.headers["Content-Disposition"])
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in page.headers["Content-Security-Policy"]
    assert [entry.actor for entry in desk.record(Action.MAIL_EXPORTED)] == ["ana"] * 3
    for path in ("/mail/1/attachments/2", "/mail/1/attachments/-1", "/mail/99/raw", "/letters/99/raw"):
        assert ana.get(path).status == 404, path


def test_an_attached_mail_can_be_read_where_it_is_attached(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    desk.gives(1, (Path(__file__).parents[1] / "mails/050-attached-mail-beside-text.eml").read_bytes())
    page = desk.sits("ana").get(f"/cases/{case}")
    assert "What is in it" in page.words
    assert 'href="/mail/1/attachments/0"' in page.text


def test_a_long_conversation_comes_in_parts_and_loses_nothing(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS, text="The very first")
    for number in range(24):
        desk.story.now += timedelta(hours=1)
        desk.story.receives(Label.FOLLOWUP, text=f"Mail {number:02}.", answers="<m1@mail.example>")
    ana = desk.sits("ana")
    newest, earlier = ana.get(f"/cases/{case}").words, ana.get(f"/cases/{case}?page=2").words
    assert "Mail 23." in newest
    assert "The very first" not in newest
    assert "The very first" in earlier
    assert all((f"Mail {number:02}." in newest) != (f"Mail {number:02}." in earlier) for number in range(24))
    assert ana.get(f"/cases/{case}?page=99").status == 200


@pytest.mark.parametrize("place", ["mail", "letters"])
def test_mails_letters_and_files_of_another_organisation_are_not_there(desk: Open, place: str) -> None:
    case = desk.story.receives(Label.ACCESS)
    cleo = desk.sits("cleo")
    csrf = cleo.get("/").hidden("csrf")
    for path in ("", "/html", "/raw", "/attachments/0"):
        assert cleo.get(f"/{place}/1{path}").status == 404
    for deed in ("correct", "retry", "aside") if place == "mail" else ("release", "hold"):
        assert cleo.post(f"/{place}/1/{deed}", csrf=csrf, labels="spam", why="spam").status == 404
    assert cleo.post(f"/cases/{case}/evidence", csrf=csrf).status == 404
    assert not desk.record(Action.MAIL_VIEWED) + desk.record(Action.MAIL_EXPORTED)
    assert "acknowledgement" not in cleo.get("/letters?state=all").words


# -- the reasons


def test_what_spoke_for_each_label_is_marked_in_the_text_and_the_fields_stand_beside_the_person(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    text = "Hello,\n\nplease send me all\nthe data <you> hold.\n\nMara"
    desk.gives(
        1,
        mail(text),
        scores={"access": 0.97},
        reasons=[["access", "please send me all the data <you> hold."], ["access", "The subject asks for data"]],
        fields={"phone": "+44 20 <b>7946</b>", "full_name": None},
    )
    page = desk.sits("ana").get(f"/cases/{case}")
    mark = re.search(r"<mark>(.*?)</mark>", page.text, re.DOTALL)
    assert mark
    assert mark[1].startswith("please send me all\nthe data &lt;you&gt; hold.")
    assert "access" in mark[1]
    assert "Taken for access (almost certain)" in page.words
    assert "The subject asks for data" in page.words
    assert "Phone +44 20 <b>7946</b>" in page.words
    assert "<b>7946" not in page.text


# -- letters of staff


def test_a_letter_in_own_words_goes_into_the_thread_with_its_files(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    preview = ana.fill(case, "write", text="We found two accounts.\n\nWhich one?", preview="1")
    assert "What would go out" in preview.words
    assert "We found two accounts." in preview.words
    assert not letters_of(desk, Template.MESSAGE)
    refused = ana.upload(case, "write", {"tool.exe": b"MZ"}, text="Look at this.")
    assert (refused.status, "files of this sort are not sent" in refused.words) == (409, True)
    assert "Look at this." in refused.text, "what was filled in stays"
    assert ana.upload(case, "write", {"list.csv": b"a,b\r\n"}, text="We found two accounts.").status == 303
    (letter,) = letters_of(desk, Template.MESSAGE)
    with desk.story.database.reading() as session:
        sent = message_from_bytes(desk.story.vault.open(session, letter.sealed_id), policy=SMTP)
    assert sent["In-Reply-To"] == "<m1@mail.example>"
    assert [part.get_filename() for part in sent.iter_attachments()] == ["list.csv"]  # type: ignore[attr-defined]
    shown = ana.get(f"/cases/{case}")
    assert "We found two accounts." in shown.words
    assert ana.get(f"/letters/{letter.id}/attachments/0").raw == b"a,b\r\n"
    assert desk.story.due(case, Kind.ACCESS) is not None, "it stops no clock"
    assert desk.record(Action.PERSON_WRITTEN_TO)[0].actor == "ana"


def test_a_form_sent_twice_at_once_sends_one_letter(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    page = ana.get(f"/cases/{case}")
    values = {"csrf": page.hidden("csrf"), "version": page.hidden("version"), "text": "Only once, please."}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ana.post(f"/cases/{case}/write", **values).status, range(4)))
    assert sorted(answers) == [303, 409, 409, 409]
    assert len(letters_of(desk, Template.MESSAGE)) == 1


def test_too_much_in_a_form_is_refused_in_words(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    assert ana.fill(case, "note", words="x" * 1_200_000).status == 403
    assert ana.post("/mail/1/retry", csrf="x" * 1_200_000).status == 403
    assert ana.upload(case, "write", {f"{n}.pdf": b"x" * 6_000_000 for n in range(3)}, text="x").status == 403
    assert not letters_of(desk, Template.MESSAGE)


# -- others


def test_a_case_is_passed_on_to_a_customer_of_the_directory(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    assert "do-forward" not in ana.get(f"/cases/{case}").text, "there is nobody to pass it on to"
    with desk.story.database.transaction() as session:
        import_customers(session, "example", [STRIDE])
        import_customers(session, "elsewhere", [STRIDE | {"name": "Somebody else's"}])
    page = ana.get(f"/cases/{case}")
    assert '<option value="Stride Fitness">' in page.text
    assert "Somebody else" not in page.text
    assert ana.fill(case, "forward", customer="Somebody else's").status == 409
    assert ana.fill(case, "forward", customer="Stride Fitness").status == 303
    assert [letter.to_address for letter in letters_of(desk, Template.CONTROLLER_REQUEST)] == ["dpo@stride.example"]
    assert "Stride Fitness (customer): asked 2026-03-02" in ana.get(f"/cases/{case}").words


def test_a_partner_is_asked_reminded_and_answers(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    asked = {"role": "partner", "name": "Paper Post", "text": "Which letters did you send?"}
    assert ana.fill(case, "party", address="no address", **asked).status == 409
    assert ana.fill(case, "party", address="dpo@paper.example", role="customer", name="x", text="x").status == 409
    assert ana.fill(case, "party", address="dpo@paper.example", **asked).status == 303
    assert ana.fill(case, "party", **(asked | {"name": "The archive"})).status == 303
    (letter,) = letters_of(desk, Template.PARTY_QUESTION)
    assert (letter.to_address, letter.state) == ("dpo@paper.example", OutboxState.QUEUED)
    with desk.story.database.reading() as session:
        first, second = (party.id for party in session.exec(select(ThirdParty).order_by(col(ThirdParty.id))))
    assert ana.fill(case, "chase", party=second).status == 409, "there is no address"
    assert ana.fill(case, "chase", party=first).status == 303
    assert ana.fill(case, "party_answered", party=first, on="2026-03-02").status == 303
    assert ana.fill(case, "chase", party=first).status == 409
    assert "Paper Post (partner): asked 2026-03-02, answered 2026-03-02" in ana.get(f"/cases/{case}").words


# -- other cases


def test_cases_are_linked_merged_and_split_and_never_across_organisations(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS, Label.COMPLAINT)
    other = desk.story.receives(Label.ERASURE, sender="other@mail.example")
    ana, ben = desk.sits("ana"), desk.sits("ben")
    assert ana.fill(case, "link", other=other.lower()).status == 303
    assert f'href="/cases/{other}"' in ana.get(f"/cases/{case}").text
    assert "the other case is of somebody else" in ana.fill(case, "merge", other=other).words
    with desk.story.database.transaction() as session:
        session.exec(select(Case).where(col(Case.reference) == other)).one().organisation = "elsewhere"
    refused = ben.fill(case, "merge", other=other, override="the same person")
    unknown = ben.fill(case, "merge", other="RD-222-222-222", override="the same person")
    assert refused.status == unknown.status == 409
    assert f"there is no case {other}" in refused.words
    assert ana.fill(case, "split", kind="complaint").status == 303
    assert desk.story.shown(case)["kinds"] == ["access"]


# -- time and small things


def test_dates_are_corrected_entered_and_settled_on_the_page(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS, Label.INCIDENT, Label.AUTHORITY)
    desk.story.now += timedelta(hours=5)
    ana, ben = desk.sits("ana"), desk.sits("ben")
    assert ana.fill(case, "aware", at="2026-03-02T11:30", why="the log says so").goes_to.endswith("?told=aware")
    assert ana.fill(case, "receipt", at="2026-02-27T16:00", why="support had it").status == 303
    assert str(desk.story.due(case, Kind.ACCESS)) == "2026-03-27"
    for at in ("soon", "0001-01-02T00:00", "9999-12-31T23:59"):
        assert ana.fill(case, "receipt", at=at, why="x").status == 409
    assert "cannot be meant" in ana.fill(case, "set_date", kind="authority", on="9999-12-31", why="x").words
    assert ana.fill(case, "set_date", kind="authority", on="2026-03-20", why="their letter").status == 303
    assert ana.fill(case, "country", country="FR").status == 303
    assert "needs the role manager" in ana.fill(case, "settle", country="", why="lives in London").words
    assert ben.fill(case, "settle", country="", why="lives in London").status == 303


def test_notes_tags_and_tasks(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    ana.fill(case, "note", words="@ben please look, she <rang> twice")
    ana.fill(case, "task", title="look into the archive")
    ana.fill(case, "tag", tag="vip")
    page = ana.get(f"/cases/{case}")
    assert "@ben please look, she <rang> twice" in page.words
    assert '<option value="vip">' in page.text
    assert ana.fill(case, "untag", tag="vip").status == 303
    task = re.search(r'name="task" value="(\d+)"', page.text)
    assert task
    assert ana.fill(case, "finish_task", task=task[1]).status == 303
    with desk.story.database.reading() as session:
        assert session.exec(select(Note)).one().mentions == ["ben"]
        assert session.exec(select(Case)).one().tags == []


def test_days_left_are_those_where_the_case_is_whoever_looks(database: Database, vault: Vault, audit: Audit) -> None:
    zones = {"contact": "Pacific/Auckland", "far": "America/Los_Angeles"}
    near, far = (mailbox(name, timezone=zone, organisation=organisation(timezone=zone)) for name, zone in zones.items())
    story = Story(database, vault, audit, Presence(database), near, START)
    story.desk = replace(story.desk, mailboxes=(far, near))
    desk = Open(story)
    case = story.at("2026-03-02").receives(Label.ACCESS)
    story.at("2026-04-03 09:00")  # in Los Angeles it is still the second
    assert "2026-04-02 1 day late" in desk.sits("gwen").get(f"/cases/{case}").words
    desk.server.stop()
    story.presence.leave()


def test_a_case_whose_mailbox_is_configured_no_more_is_still_shown(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    with desk.story.database.transaction() as session:
        session.exec(select(Case)).one().mailbox = "taken-from-the-file"
    for name in ("ana", "dora", "gwen"):
        shown = desk.sits(name).get(f"/cases/{case}")
        assert shown.status == 200
        assert "2026-04-02" in shown.words
    refused = desk.sits("ana").fill(case, "note", words="Where is it?")
    assert refused.status == 409
    assert "taken-from-the-file" in refused.words


def test_the_card_tells_the_date_of_the_law_the_target_and_why_a_clock_stands(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    words = ana.get(f"/cases/{case}").words
    assert "2026-04-02 31 days left The date of the law. Our own target: 2026-03-30, 28 days left." in words
    assert "identity: level 2 is needed; known so far: nothing" in words
    desk.story.does(ANA, case, lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="Which year?"))
    desk.story.post()
    assert "Stopped since 2026-03-02: the person was asked for a clarification" in ana.get(f"/cases/{case}").words
    desk.story.now += timedelta(days=40)
    late = desk.sits("ana")
    late.fill(case, "take_answer", on="2026-03-03")
    assert "days late" in late.get(f"/cases/{case}").words


def test_what_if_shows_other_dates_and_changes_nothing(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    desk.story.does(ANA, case, lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="Which year?"))
    desk.story.post()
    ana = desk.sits("ana")
    assert "access: due 2026-04-09" in ana.get(f"/cases/{case}?answered=2026-03-09").words
    assert "due 2026-06-02" in ana.get(f"/cases/{case}?answered=2026-03-02&extended=2026-03-03").words
    assert desk.story.due(case, Kind.ACCESS) is None
    assert "a day is written YYYY-MM-DD" in ana.get(f"/cases/{case}?answered=soon").words
    assert ana.get(f"/cases/{case}?answered=9999-12-31&extended=9999-12-31").status == 200


def test_a_next_step_opens_its_form_filled_in(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS, Label.ERASURE)
    ana = desk.sits("ana")
    page = ana.get(f"/cases/{case}")
    assert f'href="/cases/{case}?do=decide&amp;kind=erasure#do-decide"' in page.text
    opened = ana.get(f"/cases/{case}?do=decide&kind=erasure").text
    assert '<details class="deed" id="do-decide" open>' in opened
    assert '<option value="erasure" selected>' in opened
    for kind in (Kind.ACCESS, Kind.ERASURE):
        desk.story.does(ANA, case, lambda o, kind=kind: decide(o, kind, ItemResult.NO_DATA))
    assert "?do=answer&amp;template=no_data#do-answer" in ana.get(f"/cases/{case}").text


@pytest.mark.parametrize(
    "query", ["do=x&face=x&mail=x&page=x", "do=decide&kind=%00%3Cscript%3E", "mail=m99999999999&face=html", "told=x"]
)
def test_an_odd_address_shows_the_case_and_no_error(desk: Open, query: str) -> None:
    case = desk.story.receives(Label.ACCESS)
    page = desk.sits("ana").get(f"/cases/{case}?{query}")
    assert page.status == 200
    assert "<script>" not in page.text


# -- evidence, looking, opening by hand


def test_the_evidence_pack_is_whole_and_on_record(desk: Open, master: MasterKey, tmp_path: Path) -> None:
    case = desk.story.receives(Label.ACCESS, text="Please send me my data.")
    dora = desk.sits("dora")
    assert dora.post(f"/cases/{case}/evidence", csrf="wrong").status == 403
    page = dora.post(f"/cases/{case}/evidence", csrf=dora.get("/").hidden("csrf"))
    assert page.headers["Content-Disposition"].startswith(f'attachment; filename="{case}.zip"')
    (tmp_path / "case.zip").write_bytes(page.raw)
    assert problems_in(tmp_path / "case.zip", master) == []
    assert b"Please send me my data" in zipfile.ZipFile(io.BytesIO(page.raw)).read("received/1.eml")
    assert [entry.actor for entry in desk.record(Action.EVIDENCE_EXPORTED)] == ["dora"]


def test_who_else_has_the_case_open_is_told_for_a_quarter_of_an_hour(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana, ben = desk.sits("ana"), desk.sits("ben")
    ben.get(f"/cases/{case}")
    assert "looked here" not in ben.get(f"/cases/{case}").words
    desk.story.now += timedelta(minutes=2)
    assert "ben looked here 2 minutes ago" in ana.get(f"/cases/{case}").words
    assert "ana looked here just now" in ben.get(f"/cases/{case}").words
    assert ana.fill(case, "tag", tag="x").status == 303, "a look of somebody else changes nothing"
    desk.story.now += timedelta(minutes=16)
    assert "looked here" not in ana.get(f"/cases/{case}").words
    with desk.story.database.reading() as session:
        assert len(session.exec(select(CaseLook)).all()) == 2


def test_a_case_is_opened_by_hand_with_the_clock_of_its_receipt(desk: Open) -> None:
    ana = desk.sits("ana")
    csrf = ana.get("/cases/new").hidden("csrf")
    given = {"csrf": csrf, "mailbox": "contact", "channel": "phone", "received": "2026-02-27T15:00", "language": "en"}
    said = {"name": "Mara <b>", "words": "She wants all her data.", "kinds": ["access", "erasure"]}
    refused = ana.post("/cases/new", **(given | said | {"address": "not one"}))
    assert (refused.status, "the address has not the form of one" in refused.words) == (409, True)
    assert "She wants all her data." in refused.text
    assert ana.post("/cases/new", **(given | said | {"kinds": []})).status == 409
    assert ana.post("/cases/new", **(given | said | {"mailbox": "x"})).status == 409
    assert ana.post("/cases/new", **(given | said | {"received": "2027-01-01T00:00"})).status == 409
    assert ana.post("/cases/new", **(given | said | {"csrf": "x"})).status == 409
    done = ana.post("/cases/new", **given, **said)
    page = ana.get(done.goes_to)
    assert "The case is open." in page.words
    assert "due 2026-03-27" in page.words
    assert "She wants all her data." in page.words
    assert desk.sits("dora").get("/cases/new").status == 403
    assert desk.sits("cleo").post("/cases/new", **given, **said).status == 409
    with desk.story.database.reading() as session:
        assert len(session.exec(select(Case)).all()) == 1
        assert session.exec(select(Message)).all() == []
