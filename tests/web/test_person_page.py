"""The requester's page over a real socket, on both databases: what it shows, what it takes, and what it never tells."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from conftest import on_sqlite
from handed_files import DOCX, JPEG, ODT, PDF, PNG
from requester import PAGE, Answer, Public, public_desk
from sqlmodel import col, select
from story import ANA

from cases.arranging import merge
from cases.asking import ask, identify, take_answer
from cases.clocks import OfficeClock
from cases.deciding import answer, close, decide, look_over
from cases.handing_in import accept_withdrawal
from cases.person_links import make_link, revoke_links
from cases.retention import Erasure, Extent, erase, plan
from models.case import Case, Identity, ItemResult
from models.casework import PauseReason
from models.letter import Proof
from models.outbox import Template
from models.person import NO_PAGE, SubmissionSort
from models.verdict import Doubt, Kind, Label
from service.retaining import erase_planned
from store.audit import Audit
from store.database import Database
from store.vault import Vault
from web.person.words import LANGUAGES

pytestmark = on_sqlite


@pytest.fixture
def public(database: Database, vault: Vault, audit: Audit) -> Iterator[Public]:
    with public_desk(database, vault, audit) as opened:
        yield opened


@pytest.fixture
def case(public: Public) -> str:
    reference = public.story.receives(Label.ACCESS, text="Please send me everything about Mara Lindqvist.")
    public.story.post()
    return reference


# -- what it shows


def test_the_link_in_the_letter_opens_the_page(public: Public, case: str) -> None:
    said = public.story.said(Template.ACKNOWLEDGEMENT_RIGHTS)
    path = public.path(case)
    assert PAGE.base_url + path in said
    page = public.get(path)
    assert page.status == 200
    for wanted in (case, "2 March 2026", "2 April 2026", "Access to your personal data", "Acknowledgement"):
        assert wanted in page.words
    assert "Information Commissioner" in page.words
    assert "privacy@example.org" in page.words
    assert "opened until 1 May 2026" in page.words


def test_the_page_names_nobody_and_quotes_nothing(public: Public, case: str) -> None:
    public.asks_identity(case)
    public.story.does(ANA, case, lambda o: decide(o, Kind.ACCESS, ItemResult.NO_DATA, why="nobody of that name"))
    page = public.get(public.path(case))
    for secret in ("mara", "lindqvist", "brightmail", "please send me everything", "ana", "no_data", "nobody of that"):
        assert not re.search(rf"\b{secret}\b", page.words.lower()), secret


def test_nothing_of_a_person_is_in_address_title_cookie_or_log(
    public: Public, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    path = public.path(case)
    page = public.get(path)
    public.post(f"{path}/message", message="I am Mara", form="1")
    public.send(path, ("mara-lindqvist.exe", b"MZ"))
    assert re.fullmatch(r"/s/[A-Za-z0-9_-]{43}", path)
    assert "<title>Your request</title>" in page.text
    assert "set-cookie" not in page.headers
    logged = " ".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    )
    assert "mara" not in logged.lower()
    assert path.removeprefix("/s/") not in logged


def test_every_answer_of_the_page_keeps_to_itself(public: Public, case: str) -> None:
    path = public.path(case)
    for where in (path, f"{path}/withdraw", "/s/nonsense", "/p/nonsense"):
        page = public.get(where)
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert page.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "<script" not in page.text
        assert " style=" not in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_shows_every_standing(public: Public, language: str) -> None:
    story = public.story
    story.language = language
    case = story.receives(Label.ACCESS, Label.COMPLAINT)
    doubtful = story.receives(Label.ERASURE, sender="other@mail.example", doubt=Doubt.KINDS)
    story.post()
    path, seen = public.path(case), []

    def look(at: str = path) -> str:
        page = public.get(at)
        assert page.status == 200
        assert f'<html lang="{language}">' in page.text
        assert not re.search(r"\{\w*\}|None|_[a-z]", page.words), page.words
        lead = re.search(r'class="lead">([^<]*)<', page.text)
        assert lead
        seen.append(lead[1])
        return page.words

    look(public.path(doubtful))
    look()
    public.asks_identity(case, *(set(Proof) - {Proof.IDENTITY_DOCUMENT, Proof.DETAILS}))
    look()
    story.does(ANA, case, lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="Which year?"))
    story.does(ANA, case, lambda o: ask(o, PauseReason.MANDATE, why="x", proofs=[Proof.MANDATE]))
    story.does(ANA, case, lambda o: ask(o, PauseReason.FEE, why="x", text="Ten pounds."))
    story.post()
    look()
    public.send(path, ("a.pdf", PDF))
    public.post(f"{path}/message", message="Hello", form="1")
    public.post(f"{path}/withdraw")
    look()
    assert f'<html lang="{language}">' in public.get(f"{public.path(doubtful)}/withdraw").text
    story.does(ANA, case, accept_withdrawal)
    story.does(ANA, case, lambda o: answer(o, Template.CLOSING))
    story.post()
    look()
    story.does(ANA, case, close)
    look()
    assert len(set(seen)) == 6, seen


def test_what_is_unsure_is_not_guessed(public: Public) -> None:
    case = public.story.receives(Label.ERASURE, doubt=Doubt.KINDS)
    page = public.get(public.path(case))
    assert "eras" not in page.words.lower()
    assert "2 April 2026 at the latest" in page.words


def test_the_page_says_what_is_asked_since_when_and_that_the_time_stands_still(public: Public, case: str) -> None:
    public.story.now += timedelta(days=3)
    public.asks_identity(case, Proof.KNOWN_ADDRESS)
    words = public.get(public.path(case)).words
    assert "from the email address under which we know you" in words
    assert "Asked on 5 March 2026." in words
    assert "The time stands still" in words


def test_a_question_whose_letter_has_not_gone_out_is_not_told(public: Public, case: str) -> None:
    public.story.does(ANA, case, lambda o: ask(o, PauseReason.IDENTITY, why="x", proofs=[Proof.LOGIN]))
    assert "What we still need" not in public.get(public.path(case)).words
    assert public.send(public.path(case), ("a.pdf", PDF)).status == 409


def test_an_answer_is_told_by_its_day_and_not_by_its_outcome(public: Public, case: str) -> None:
    public.story.does(ANA, case, lambda o: decide(o, Kind.ACCESS, ItemResult.NO_DATA))
    public.story.does(ANA, case, lambda o: answer(o, Template.NO_DATA))
    assert "We are working on it" in public.get(public.path(case)).words
    public.story.post()
    words = public.get(public.path(case)).words
    assert "answered on 2 March 2026" in words
    assert "no data" not in words.lower()


def test_the_language_of_the_page_can_be_switched_and_nonsense_changes_nothing(public: Public, case: str) -> None:
    path = public.path(case)
    assert "Ihr Anliegen" in public.get(f"{path}?lang=de").words
    for nonsense in ("xx", "../../etc", "%00", "de%0d%0aX: y"):
        assert "Your request" in public.get(f"{path}?lang={nonsense}").words


# -- who comes in


def test_a_wrong_an_old_a_revoked_and_an_erased_link_look_alike(public: Public, case: str) -> None:
    story = public.story
    good = public.path(case)
    changed = good[:-1] + ("A" if good[-1] != "A" else "E")
    seen = {
        (page.status, page.text) for page in (public.get("/s/x"), public.get(changed), public.get("/s/" + "A" * 43))
    }
    story.does(ANA, case, revoke_links)
    seen |= {(page.status, page.text) for page in (public.get(good), public.get(f"{good}/withdraw"))}
    seen |= {(page.status, page.text) for page in (public.post(f"{good}/message", message="x", form="1"),)}
    story.does(ANA, case, make_link)
    second = public.path(case)
    story.now += timedelta(days=61)
    seen.add((public.get(second).status, public.get(second).text))
    story.does(ANA, case, make_link)
    third = public.path(case)
    with story.database.transaction() as session:
        row = session.exec(select(Case)).one()
        erase(session, Erasure(row, Extent.CONTENTS, date(2026, 5, 2), "x"), story.vault, story.audit, story.now, "x")
    seen.add((public.get(third).status, public.get(third).text))
    assert len(seen) == 1
    assert next(iter(seen))[0] == 404
    assert not public.handed(case)


def test_a_link_opens_its_own_case_alone_and_nothing_of_the_desk(public: Public, case: str) -> None:
    other = public.story.receives(Label.ERASURE, sender="other@mail.example")
    page = public.get(public.path(case))
    assert other not in page.text
    assert "Erasure" not in page.words
    assert public.get("/", Cookie="desk=x").status == 303
    assert "/cases/" not in page.text


def test_a_link_lives_on_after_a_restart(public: Public, case: str) -> None:
    path = public.path(case)
    again = Public(public.story)
    assert again.get(path).status == 200
    again.line.close()
    again.server.stop()


def test_who_asks_too_often_is_asked_to_wait(public: Public, case: str) -> None:
    path = public.path(case)
    answers = [public.get("/s/guess").status for _ in range(121)]
    assert (answers[0], answers[-1]) == (404, 429)
    again = Public(public.story)
    assert again.get(path).status == 429, "wrong links count for all processes"
    again.line.close()
    again.server.stop()
    page = public.get(path)
    assert page.status == 429
    assert page.headers["Retry-After"] == "300"
    public.story.now += timedelta(minutes=5)
    assert public.get(path).status == 200


def test_a_link_takes_only_so_many_acts_in_a_while(public: Public, case: str) -> None:
    path = public.path(case)
    again = Public(public.story)
    answers = [(public, again)[number % 2].post(f"{path}/message", message="", form="1") for number in range(31)]
    assert [answer.status for answer in answers] == [409] * 30 + [429], "counted for all processes"
    assert answers[-1].headers["Retry-After"] == "600"
    again.line.close()
    again.server.stop()


def test_where_the_pages_are_switched_off_again_no_link_opens_anything(public: Public, case: str) -> None:
    path = public.path(case)
    public.story.page = NO_PAGE
    public.story.__post_init__()
    again = Public(public.story)
    assert again.get(path).status == 404
    again.line.close()
    again.server.stop()


# -- files


def test_files_that_were_asked_for_come_in_sealed_and_staff_are_shown_the_case(public: Public, case: str) -> None:
    public.asks_identity(case)
    path = public.path(case)
    done = public.send(path, ("Mara's passport.pdf", PDF), ("photo.jpeg", JPEG), lang="en")
    assert done.goes_to == f"{path}?told=files&lang=en"
    assert "We have received your files" in public.get(done.goes_to).words
    rows = public.handed(case)
    assert [(row.content_type, row.size) for row in rows] == [("application/pdf", len(PDF)), ("image/jpeg", len(JPEG))]
    assert public.opened(rows[0]) == PDF
    assert b"passport" not in (rows[0].sealed_name or b"")
    found = public.story.case(case)
    assert found.needs_review
    assert "sent files" in found.review_reason
    assert found.status == "waiting", "the clock is staff's to start again"
    assert found.first_opened_at is not None, "staff asked"
    entry = public.story.shown(case)["timeline"][-1]  # type: ignore[index]
    assert (entry["actor"], entry["action"]) == ("requester", "handed_in")


def test_the_answer_counts_from_the_day_on_which_the_files_came(public: Public, case: str) -> None:
    public.story.now += timedelta(days=4)
    public.asks_identity(case)
    public.story.now += timedelta(days=6)
    public.send(public.path(case), ("a.png", PNG))
    public.story.now += timedelta(days=3)
    public.story.does(ANA, case, take_answer)
    answered = [row["answered_on"] for row in public.story.shown(case)["questions"]]  # type: ignore[attr-defined]
    assert answered == ["2026-03-12"]


def test_the_same_file_twice_is_kept_once(public: Public, case: str) -> None:
    public.asks_identity(case)
    path = public.path(case)
    for _ in range(2):
        assert public.send(path, ("a.pdf", PDF), ("b.pdf", PDF)).status == 303
    assert len(public.handed(case)) == 1
    assert public.story.events(case).count("handed_in") == 1


def test_files_are_taken_only_while_something_is_asked_for(public: Public, case: str) -> None:
    page = public.send(public.path(case), ("a.pdf", PDF))
    assert page.status == 409
    assert "not waiting for files" in page.words
    assert 'type="file"' not in page.text
    assert not public.handed(case)


def test_too_many_files_too_large_ones_and_none_are_refused_in_words(public: Public, case: str) -> None:
    public.asks_identity(case)
    path = public.path(case)
    three = [(f"{number}.pdf", PDF + b"\n%%EOF " + str(number).encode()) for number in range(3)]
    assert public.send(path, *three, ("4.pdf", PDF)).status == 409
    assert not public.handed(case), "all or none"
    assert public.send(path, *three).status == 303
    assert "too many files" in public.send(path, ("4.pdf", PDF)).words
    assert "too large" in public.send(path, ("large.txt", b"a" * (2 * 1024 * 1024 + 70_000))).words
    assert "choose at least one file" in public.send(path).words
    assert "empty" in public.send(path, ("empty.txt", b"")).words
    assert "too many files" in public.send(path, *[(f"{number}.txt", b"x") for number in range(25)]).words
    seen = Answer(public.line.get(f"{path}?lang=fr"))
    action = re.search(r'action="(/s/[^"]+/files\?lang=fr)"', seen.text)
    assert action, "what is not read cannot say its language: the address does"
    large = {"files": ("large.txt", b"a" * (30 * 1024 * 1024))}
    assert "trop volumineux" in Answer(public.line.post(action[1], files=large, data={"lang": "fr"})).words
    assert len(public.handed(case)) == 3
    line = HTTPConnection(urlsplit(public.server.url).netloc, timeout=30)
    line.putrequest("POST", f"{path}/files")
    line.putheader("Content-Type", "multipart/form-data; boundary=x")
    line.putheader("Content-Length", str(10**9))
    line.endheaders()
    assert line.getresponse().status == 409, "told before any of it was read"
    line.close()


def test_a_body_that_says_no_size_is_not_read(public: Public, case: str) -> None:
    public.asks_identity(case)
    endless = Answer(public.line.post(f"{public.path(case)}/files", content=(b"x" for _ in range(3))))
    assert endless.status == 409
    assert "too large" in endless.words


def test_files_on_identity_are_erased_a_day_after_the_check(public: Public, case: str) -> None:
    story = public.story
    public.asks_identity(case)
    public.send(public.path(case), ("a.pdf", PDF), ("b.odt", ODT))
    story.now += timedelta(days=2)
    story.does(ANA, case, lambda o: identify(o, Identity.CONFIRMED, level=3, method="passport", why="seen"))

    def due() -> list[Extent]:
        with story.database.reading() as session:
            return [one.extent for one in plan(session, OfficeClock(story.mailbox), story.now)]

    assert due() == []
    story.now += timedelta(hours=24)
    assert due() == [Extent.IDENTITY_FILES]
    (row,) = erase_planned(story.database, (story.mailbox,), story.vault, story.audit, story.now, "ana")
    assert row["extent"] == "identity_files"
    assert [(one.sealed_id, one.sealed_name, one.erased_at) for one in public.handed(case)] == [
        (None, None, story.now)
    ] * 2
    assert "file_erased" in story.events(case)
    assert "2 March 2026: File" in public.get(public.path(case)).words, "that it came in is still told"


def test_files_on_identity_that_nobody_checks_are_erased_after_thirty_days(public: Public, case: str) -> None:
    story = public.story
    public.asks_identity(case)
    public.send(public.path(case), ("a.docx", DOCX))
    story.now += timedelta(days=29)
    assert not erase_planned(story.database, (story.mailbox,), story.vault, story.audit, story.now, "ana")
    story.now += timedelta(days=1)
    assert len(erase_planned(story.database, (story.mailbox,), story.vault, story.audit, story.now, "ana")) == 1


# -- messages, language, withdrawal


def test_a_message_reaches_staff_once_though_it_was_sent_twice(public: Public, case: str) -> None:
    path = public.path(case)
    key = public.get(path).hidden("form")
    for _ in range(2):
        assert public.post(f"{path}/message", message="I moved.\r\nNo hurry \0.", form=key).status == 303
    (row,) = public.handed(case)
    assert public.opened(row) == b"I moved.\nNo hurry ."
    again = public.get(path).hidden("form")
    assert public.post(f"{path}/message", message="I moved.\nNo hurry .", form=again).status == 303
    assert len(public.handed(case)) == 2, "said again on purpose"
    assert public.story.case(case).first_opened_at is None, "nobody of the staff has looked yet"
    assert "wrote a message" in public.story.case(case).review_reason


@pytest.mark.parametrize(("words", "told"), [(" \n ", "write something"), ("x" * 4001, "too long")])
def test_a_message_that_cannot_go_is_kept_on_the_page(public: Public, case: str, words: str, told: str) -> None:
    page = public.post(f"{public.path(case)}/message", message=words, form="1")
    assert page.status == 409
    assert told in page.words
    assert words.strip() in page.text
    assert not public.handed(case)


def test_markup_in_a_message_is_text(public: Public, case: str) -> None:
    page = public.post(f"{public.path(case)}/message", message="<script>alert(1)</script>" + "x" * 4000, form="1")
    assert "<script" not in page.text


def test_there_is_an_end_to_messages(public: Public, case: str) -> None:
    path = public.path(case)
    answers = [public.post(f"{path}/message", message="Hello", form=str(number)).status for number in range(21)]
    assert answers == [303] * 20 + [409]


def test_a_message_after_closing_brings_the_case_back_to_staff(public: Public, case: str) -> None:
    story = public.story
    story.does(ANA, case, lambda o: decide(o, Kind.ACCESS, ItemResult.NO_DATA))
    story.does(ANA, case, lambda o: answer(o, Template.NO_DATA))
    story.post()
    story.does(ANA, case, close)
    public.post(f"{public.path(case)}/message", message="But you have my address.", form="1")
    found = story.case(case)
    assert (found.status, found.needs_review, found.closed_at) == ("review", True, None)


def test_the_person_chooses_the_language_of_the_letters(public: Public, case: str) -> None:
    path = public.path(case)
    assert public.post(f"{path}/contact_language", language="fr").status == 303
    assert public.story.case(case).language == "fr"
    assert "Votre demande" in public.get(path).words
    public.asks_identity(case)
    assert "Ce que nous vous demandons" in public.story.said(Template.IDENTITY_QUESTION)
    assert public.post(f"{path}/contact_language", language="tlh").status == 409
    assert public.story.events(case).count("language_changed") == 1


def test_a_request_is_withdrawn_in_two_steps_and_staff_end_it(public: Public, case: str) -> None:
    story = public.story
    path = public.path(case)
    assert public.get(f"{path}/withdraw?lang=en").status == 200
    assert not public.handed(case), "asking is not doing"
    for _ in range(2):
        assert public.post(f"{path}/withdraw", lang="en").status == 303
    assert [row.sort for row in public.handed(case)] == [SubmissionSort.WITHDRAWAL]
    page = public.get(path)
    assert "You have withdrawn your request" in page.words
    assert "/withdraw" not in page.text
    assert public.get(f"{path}/withdraw").status == 303
    assert story.due(case, Kind.ACCESS) == date(2026, 4, 2), "the clock runs until staff have looked"
    story.does(ANA, case, accept_withdrawal)
    assert story.shown(case)["items"][0]["result"] == "withdrawn"  # type: ignore[index]
    assert "no longer pursued" in public.get(path).words


def test_a_withdrawal_that_staff_leave_aside_can_be_made_again(public: Public, case: str) -> None:
    path = public.path(case)
    public.post(f"{path}/withdraw")
    public.story.does(ANA, case, look_over)
    assert "We are working on it" in public.get(path).words
    public.post(f"{path}/withdraw")
    assert public.story.case(case).needs_review
    assert len(public.handed(case)) == 2


def test_what_has_ended_cannot_be_withdrawn(public: Public, case: str) -> None:
    public.story.does(ANA, case, lambda o: decide(o, Kind.ACCESS, ItemResult.NO_DATA))
    page = public.post(f"{public.path(case)}/withdraw")
    assert page.status == 409
    assert "nothing left to withdraw" in page.words


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_a_form_of_another_site_does_nothing(public: Public, case: str, headers: dict[str, str]) -> None:
    page = public.post(f"{public.path(case)}/withdraw", headers)
    assert page.status == 409
    assert not public.handed(case)


@pytest.mark.parametrize("act", ["close", "decide", "code", "x" * 500, "%2e%2e%2f"])
def test_other_deeds_are_not_to_be_had(public: Public, case: str, act: str) -> None:
    before = public.story.events(case)
    assert public.post(f"{public.path(case)}/{act}", kind="access", result="fulfilled").status in (307, 404, 405, 409)
    assert public.story.events(case) == before


def test_a_page_follows_its_case_into_the_one_it_was_merged_with(public: Public, case: str) -> None:
    first = public.path(case)
    other = public.story.receives(Label.ERASURE, sender="mara@elsewhere.example")
    with public.story.database.transaction() as session:
        row = session.exec(select(Case).where(col(Case.reference) == other)).one()
        row.requester_address = public.story.case(case).requester_address
    for path in (first, public.path(other)):
        public.post(f"{path}/message", message="the same", form="same")
    public.story.does(
        ANA, case, lambda o: merge(o, o.session.exec(select(Case).where(col(Case.reference) == other)).one())
    )
    assert other in public.get(first).words
    assert [row.sort for row in public.handed(other)] == [SubmissionSort.MESSAGE] * 2


def test_names_in_templates_of_an_organisation_are_text(public: Public, case: str) -> None:
    firm = replace(public.story.mailbox.organisation, name="<b>Example & Söhne</b>")
    public.story.mailbox = replace(public.story.mailbox, organisation=firm)
    public.story.__post_init__()
    again = Public(public.story)
    assert "<b>" not in again.get(again.path(case)).text
    again.line.close()
    again.server.stop()
