"""Proof by code, and what staff see and do about a requester's page; over a real socket, on both databases."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from conftest import on_postgresql
from handed_files import PDF
from requester import PAGE, Answer, Public, public_desk
from sqlmodel import col, select
from story import ANA

from cases.asking import ask, identify, remind_silent, take_answer
from cases.deciding import decide
from models.case import Identity, ItemResult
from models.casework import PauseReason
from models.errors import NotAllowed
from models.letter import Proof
from models.outbox import OutboxMail, Template
from models.staff import Role
from models.verdict import Kind, Label
from store.audit import Audit
from store.database import Database
from store.vault import Vault

pytestmark = on_postgresql

ON_FILE = "mara.lindqvist@records.example"


@pytest.fixture
def public(database: Database, vault: Vault, audit: Audit) -> Iterator[Public]:
    with public_desk(database, vault, audit) as opened:
        yield opened


@pytest.fixture
def case(public: Public) -> str:
    reference = public.story.receives(Label.ERASURE)
    public.story.post()
    return reference


def sends_proof(public: Public, case: str, address: str = ON_FILE) -> str:
    """Let staff ask for a code; return the path in the letter to the address on file."""
    asked = {"why": "the mail is from another address", "proofs": [Proof.CODE], "address_on_file": address}
    public.story.does(ANA, case, lambda o: ask(o, PauseReason.IDENTITY, **asked))
    public.story.post()
    found = re.search(r"/p/[A-Za-z0-9_-]{43}", public.story.said(Template.PROOF_LINK))
    assert found
    return found[0]


def code_on(page: Answer) -> str:
    found = re.search(r'class="code"[^>]*>([\d ]+)<', page.text)
    assert found, page.words
    return found[1]


# -- proof by code


def test_a_code_from_the_address_on_file_confirms_the_person_and_starts_the_clock(public: Public, case: str) -> None:
    story = public.story
    proof = sends_proof(public, case)
    assert story.due(case, Kind.ERASURE) is None
    story.now += timedelta(days=3)
    page = public.get(proof)
    assert "Show the code" in page.words
    assert not re.search(r"\d{4} \d{4}", page.words), "opening a link shows no code: scanners of mail open links"
    code = code_on(public.post(proof))
    path = public.path(case)
    assert "Enter the code" in public.get(path).words
    done = public.post(f"{path}/code", code=code)
    assert done.status == 303
    assert "We now know that it is you" in public.get(done.goes_to).words
    found, shown = story.case(case), story.shown(case)
    assert (found.identity, found.identity_level, found.identity_method) == (
        Identity.CONFIRMED,
        2,
        "code to the address on file",
    )
    assert {row["answered_on"] for row in shown["questions"]} == {"2026-03-05"}  # type: ignore[attr-defined]
    assert story.due(case, Kind.ERASURE) is not None
    assert found.status == "open"
    deeds = [(row["actor"], row["action"]) for row in shown["timeline"]]  # type: ignore[attr-defined]
    for deed in ("proof_code_shown", "identity_decided", "answer_received"):
        assert ("requester", deed) in deeds
    assert "Enter the code" not in public.get(path).words
    assert public.get(proof).status == 404, "the link is good once"
    story.does(ANA, case, lambda o: decide(o, Kind.ERASURE, ItemResult.FULFILLED))


def test_the_letter_to_the_address_on_file_discloses_nothing_but_the_link(public: Public, case: str) -> None:
    sends_proof(public, case)
    with public.story.database.reading() as session:
        letter = session.exec(select(OutboxMail).where(col(OutboxMail.template) == Template.PROOF_LINK)).one()
        raw = public.story.vault.open(session, letter.sealed_id).decode()
        assert letter.to_address == ON_FILE
    said = public.story.said(Template.PROOF_LINK).lower()
    for secret in (case.lower(), "eras", "mara", "brightmail", "2 march", "/s/", "request"):
        assert secret not in said, secret
    assert case not in raw
    assert "brightmail" not in raw
    assert "In-Reply-To" not in raw


def test_the_question_to_the_person_says_where_to_enter_the_code(public: Public, case: str) -> None:
    sends_proof(public, case)
    said = public.story.said(Template.IDENTITY_QUESTION)
    assert "please enter that code on your page" in said
    assert PAGE.base_url + public.path(case) in said
    assert ON_FILE not in said
    assert ON_FILE not in public.get(public.path(case)).text
    public.story.now += timedelta(days=5)
    public.story.does(ANA, case, remind_silent)
    assert "please enter that code on your page" in public.story.said(Template.STATUS)


def test_a_code_is_good_for_ten_minutes_and_only_the_last_one(public: Public, case: str) -> None:
    proof, path = sends_proof(public, case), public.path(case)
    first, second = code_on(public.post(proof)), code_on(public.post(proof))
    assert "not right, or no longer valid" in public.post(f"{path}/code", code=first).words
    public.story.now += timedelta(minutes=10)
    assert public.post(f"{path}/code", code=second).status == 409
    third = code_on(public.post(proof))
    public.story.now += timedelta(minutes=9, seconds=59)
    assert public.post(f"{path}/code", code=f" {third.replace(' ', '-')} ").status == 303


def test_five_wrong_codes_are_the_end_and_staff_are_told(public: Public, case: str) -> None:
    proof, path = sends_proof(public, case), public.path(case)
    code = code_on(public.post(proof)).replace(" ", "")
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    answers = [public.post(f"{path}/code", code=wrong) for _ in range(5)]
    assert "wrong" not in answers[0].headers.get("location", "")
    assert "No further code" in answers[-1].words
    assert public.post(f"{path}/code", code=code).status == 409, "the right one comes too late"
    assert public.get(proof).status == 404
    found = public.story.case(case)
    assert found.identity is Identity.ASKED
    assert "wrong codes" in found.review_reason
    assert public.story.events(case).count("proof_code_wrong") == 5


@pytest.mark.parametrize("code", ["", "0", "x" * 5000, "１２３４５６７８", "\0", "' or 1=1 --"])
def test_nonsense_is_no_code_also_before_any_was_shown(public: Public, case: str, code: str) -> None:
    sends_proof(public, case)
    assert public.post(f"{public.path(case)}/code", code=code).status == 409
    assert public.story.case(case).identity is Identity.ASKED


def test_a_code_of_one_case_proves_nothing_in_another(public: Public, case: str) -> None:
    other = public.story.receives(Label.ACCESS, sender="thief@mail.example")
    public.story.post()
    code = code_on(public.post(sends_proof(public, case)))
    sends_proof(public, other, "somebody@records.example")
    assert public.post(f"{public.path(other)}/code", code=code).status == 409
    assert public.story.case(other).identity is Identity.ASKED


def test_a_link_to_a_code_ends_after_a_week_and_when_another_is_sent(public: Public, case: str) -> None:
    first = sends_proof(public, case)
    with pytest.raises(NotAllowed, match="ask once"):
        sends_proof(public, case)
    public.story.does(ANA, case, lambda o: identify(o, Identity.FAILED, why="no answer"))
    public.story.does(ANA, case, take_answer)
    second = sends_proof(public, case)
    assert public.get(first).status == 404
    assert public.get(second).status == 200
    public.story.now += timedelta(days=8)
    assert public.get(second).status == 404
    assert public.post(second).status == 404


def test_a_page_link_is_no_proof_link_and_the_other_way_round(public: Public, case: str) -> None:
    proof, path = sends_proof(public, case), public.path(case)
    assert public.get(proof.replace("/p/", "/s/")).status == 404
    assert public.get(path.replace("/s/", "/p/")).status == 404


@pytest.mark.parametrize(
    ("address", "proofs", "told"),
    [
        ("not an address", [Proof.CODE], "one mail address"),
        ("a@b.example\r\nBcc: x@y.example", [Proof.CODE], "one mail address"),
        (ON_FILE, [Proof.LOGIN], "choose the proof code"),
    ],
)
def test_an_address_on_file_that_cannot_be_meant_is_refused(
    public: Public, case: str, address: str, proofs: list[Proof], told: str
) -> None:
    with pytest.raises(NotAllowed, match=told):
        public.story.does(
            ANA, case, lambda o: ask(o, PauseReason.IDENTITY, why="x", proofs=proofs, address_on_file=address)
        )
    assert Template.IDENTITY_QUESTION not in public.story.letters(case)


def test_without_an_address_on_file_a_code_is_asked_for_as_before(public: Public, case: str) -> None:
    public.asks_identity(case, Proof.CODE)
    assert "One of our staff sends a code to the address that we have on file" in public.story.said(
        Template.IDENTITY_QUESTION
    )
    assert Template.PROOF_LINK not in public.story.letters(case)


def test_a_better_proof_is_not_lowered_by_a_code(public: Public, case: str) -> None:
    proof = sends_proof(public, case)
    public.story.does(ANA, case, lambda o: identify(o, Identity.CONFIRMED, level=3, why="logged in", has_standing=True))
    assert public.post(f"{public.path(case)}/code", code=code_on(public.post(proof))).status == 303
    found = public.story.case(case)
    assert (found.identity_level, found.has_standing) == (3, True)


# -- staff


def test_staff_see_the_link_hand_it_over_and_revoke_it(public: Public, case: str) -> None:
    ana, path = public.sits("ana"), public.path(case)
    page = ana.get(f"/cases/{case}")
    assert PAGE.base_url + path in page.text
    assert 'name="address_on_file"' in page.text
    csrf = page.hidden("csrf")
    assert ana.post(f"/cases/{case}/person/link", csrf=csrf).goes_to == f"/cases/{case}#persons-page"
    second = public.path(case)
    assert second != path
    assert (public.get(path).status, public.get(second).status) == (404, 200)
    assert ana.post(f"/cases/{case}/person/revoke", csrf=csrf).status == 303
    assert public.get(second).status == 404
    assert "No link opens the page now" in ana.get(f"/cases/{case}").words


def test_staff_read_messages_download_files_and_that_is_on_record(public: Public, case: str) -> None:
    public.asks_identity(case)
    path = public.path(case)
    public.send(path, ('Mara "pass<port>".pdf', PDF))
    public.post(f"{path}/message", message="<b>Here</b> it is", form="1")
    ana = public.sits("ana")
    page = ana.get(f"/cases/{case}")
    assert "&lt;b&gt;Here&lt;/b&gt; it is" in page.text
    assert "sent files on their page" in page.words
    (number,) = re.findall(rf"/cases/{case}/person/files/(\d+)", page.text)
    file = ana.get(f"/cases/{case}/person/files/{number}")
    assert file.status == 200
    assert file.text == PDF.decode()
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Mara%20_22pass_port__22.pdf"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    entry = public.story.shown(case)["timeline"][-1]  # type: ignore[index]
    assert (entry["actor"], entry["action"]) == ("ana", "file_opened")
    csrf = page.hidden("csrf")
    assert ana.post(f"/cases/{case}/person/erase", csrf=csrf, file=number).status == 303
    assert ana.get(f"/cases/{case}/person/files/{number}").status == 404
    assert "File, erased" in ana.get(f"/cases/{case}").words


def test_staff_end_what_was_withdrawn_with_one_button(public: Public, case: str) -> None:
    public.post(f"{public.path(case)}/withdraw")
    ana = public.sits("ana")
    page = ana.get(f"/cases/{case}")
    assert "The person has withdrawn the request" in page.words
    assert ana.post(f"/cases/{case}/person/withdrawal", csrf=page.hidden("csrf")).status == 303
    assert public.story.shown(case)["items"][0]["result"] == "withdrawn"  # type: ignore[index]
    assert not public.story.case(case).needs_review


def test_others_and_auditors_and_forged_forms_get_nowhere(public: Public, case: str) -> None:
    public.asks_identity(case)
    public.send(public.path(case), ("a.pdf", PDF))
    number = public.handed(case)[0].id
    ana, cleo = public.sits("ana"), public.sits("cleo", Role.ADMINISTRATOR, "elsewhere")
    dora = public.sits("dora", Role.AUDITOR)
    before = public.story.events(case)
    for name in ("link", "revoke", "withdrawal", "erase"):
        assert ana.post(f"/cases/{case}/person/{name}", csrf="forged", file=number).status == 403
        assert cleo.post(f"/cases/{case}/person/{name}", csrf=cleo.get("/").hidden("csrf"), file=number).status == 404
        assert dora.post(f"/cases/{case}/person/{name}", csrf=dora.get("/").hidden("csrf"), file=number).status == 403
    assert cleo.get(f"/cases/{case}/person/files/{number}").status == 404
    for odd in ("0", "-1", "999999999999999999999", "99"):
        assert ana.get(f"/cases/{case}/person/files/{odd}").status == 404
    other = public.story.receives(Label.ACCESS, sender="other@mail.example")
    assert ana.get(f"/cases/{other}/person/files/{number}").status == 404
    csrf = ana.get("/").hidden("csrf")
    assert ana.post(f"/cases/{case}/person/erase", csrf=csrf, file="x").status == 403
    assert ana.post(f"/cases/{case}/person/nothing", csrf=csrf).status == 404
    assert public.story.events(case) == before
    assert "Revoke" not in dora.get(f"/cases/{case}").text


def test_staff_ask_for_a_code_on_the_case_page(public: Public, case: str) -> None:
    ana = public.sits("ana")
    asked = {"question": "identity", "proofs": "code", "why": "unknown address", "address_on_file": ON_FILE}
    preview = ana.fill(case, "ask", preview="1", **asked)
    assert "Please confirm that you wrote to us" in preview.text
    assert ana.fill(case, "ask", **asked).status == 303
    assert public.story.letters(case)[-2:] == [Template.IDENTITY_QUESTION, Template.PROOF_LINK]
    assert "shows a code was sent" in ana.get(f"/cases/{case}").words


def test_nobody_of_the_staff_is_called_like_the_requester(public: Public) -> None:
    for name in ("requester", " Requester", "rightsdesk"):
        with pytest.raises(NotAllowed):
            public.sits(name)
