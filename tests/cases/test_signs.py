"""What the queue tells of a case at a glance, and is narrowed to by it, on both databases."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select
from story import ANA, Story

from cases.arranging import assign, merge, split
from cases.asking import ask, identify, take_answer
from cases.clocks import OfficeClock
from cases.deciding import close, confirm, decide
from cases.handing_in import HandedFile, erase_file, hand_in_files
from cases.narrowing import Narrowing
from cases.next_steps import next_steps
from cases.retention import Erasure, Extent, erase, plan
from cases.signs import NO_SIGNS, Signs
from cases.worklist import Filters, queue
from models.case import Case, Identity, ItemResult
from models.casework import PauseReason
from models.files import FileSort, sort_of, sorts_of
from models.letter import Proof
from models.mail import Attachment
from models.staff import REQUESTER
from models.verdict import Doubt, Kind, Label
from responders.releasing import hold_letter, release_letter

TODAY = date(2026, 3, 2)


def signs(story: Story, day: date = TODAY, words: str = "", **more: str) -> Mapping[str, Signs]:
    """Return the cases that fit, and what the list tells of each."""
    filters = Filters(status="all", words=words, more=Narrowing(**more))
    with story.database.reading() as session:
        return {row.reference: row.signs for row in queue(session, filters, day).rows}


def test_a_letter_that_came_back_or_waits_for_a_person_is_told_until_it_goes_out_again(uk: Story) -> None:
    case, other = uk.receives(Label.ACCESS), uk.receives(Label.ACCESS, sender="kim@mail.example")
    letter, *_ = uk.post()
    assert signs(uk, bounced="1") == signs(uk, words="has:bounce") == {}
    uk.bounce(letter)
    assert list(signs(uk, bounced="1")) == list(signs(uk, words="has:bounce")) == [case]
    assert signs(uk)[case].is_bounced
    assert not signs(uk)[other].is_bounced
    with uk.database.transaction() as session:
        release_letter(session, uk.audit, letter.id or 0, uk.now, "ana")
    assert signs(uk, bounced="1") == {}
    with uk.database.transaction() as session:
        hold_letter(session, uk.audit, letter.id or 0, uk.now, "ana")
    assert list(signs(uk, held="1")) == list(signs(uk, words="has:held")) == [case]
    assert signs(uk)[case].is_held


def test_a_letter_held_when_it_is_written_is_told(uk: Story) -> None:
    cases = []
    for _ in range(6):  # more than are acknowledged to one address within a day
        cases.append(uk.receives(Label.ACCESS, sender="kim@mail.example"))
        uk.does(ANA, cases[-1], lambda office: decide(office, Kind.ACCESS, ItemResult.NOT_A_REQUEST))
        uk.does(ANA, cases[-1], close)
    assert list(signs(uk, held="1")) == [cases[-1]]


def test_files_are_told_by_their_sort_wherever_the_mail_goes_and_until_it_is_erased(uk: Story) -> None:
    one = uk.receives(Label.ACCESS, files=(FileSort.PDF, FileSort.IDENTITY))
    two = uk.receives(Label.ERASURE, sender="kim@mail.example", files=(FileSort.PICTURE,))
    none = uk.receives(Label.ERASURE, sender="lou@mail.example")
    assert signs(uk)[one].files == ("identity", "pdf")
    assert signs(uk)[none] == Signs(target_on=date(2026, 3, 30))
    assert list(signs(uk, files="some")) == list(signs(uk, words="has:attachment")) == [one, two]
    assert list(signs(uk, files="identity")) == list(signs(uk, words="has:pdf")) == [one]
    assert signs(uk, files="archive") == signs(uk, words="has:everything") == {}
    uk.receives(Label.FOLLOWUP, answers=one, files=(FileSort.OFFICE,))
    assert signs(uk)[one].files == ("identity", "office", "pdf")
    with uk.database.transaction() as session:
        row = session.exec(select(Case).where(Case.reference == two)).one()
        erase(session, Erasure(row, Extent.CONTENTS, TODAY, "a test"), uk.vault, uk.audit, uk.now, "ana")
    assert list(signs(uk, files="some")) == [one]


def test_files_of_the_requesters_page_are_told_until_they_are_erased(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, lambda office: ask(office, PauseReason.IDENTITY, why="unknown", proofs=[Proof.CODE]))
    uk.post()
    files = [HandedFile("me.jpg", "image/jpeg", b"x"), HandedFile("me.pdf", "application/pdf", b"y")]
    uk.does(REQUESTER, case, lambda office: hand_in_files(office, files))
    assert signs(uk, files="identity")[case].files == ("identity", "pdf", "picture")
    uk.does(ANA, case, lambda office: erase_file(office, 1))
    assert signs(uk)[case].files == ("identity", "pdf")
    with uk.database.transaction() as session:
        (erasure,) = plan(session, OfficeClock(uk.mailbox), uk.now + timedelta(days=31))
        erase(session, erasure, uk.vault, uk.audit, uk.now, "ana")
    assert signs(uk, files="some") == {}


@pytest.mark.parametrize(
    ("content_type", "name", "sort"),
    [
        ("application/pdf", "x", FileSort.PDF),
        ("application/octet-stream", "Scan.PDF", FileSort.PDF),
        ("image/heic", "", FileSort.PICTURE),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "x.docx", FileSort.OFFICE),
        ("APPLICATION/ZIP", "pictures.jpg", FileSort.ARCHIVE),
        ("message/rfc822", "", FileSort.MAIL),
        ("", "\0.msg", FileSort.MAIL),
        ("application/x-ms-dos-executable", "setup.exe", FileSort.OTHER),
        ("", "", FileSort.OTHER),
    ],
)
def test_the_sort_of_a_file_is_told_by_its_type_and_else_by_its_name(
    content_type: str, name: str, sort: FileSort
) -> None:
    assert sort_of(content_type, name) is sort


def test_ornaments_and_signatures_of_a_mail_are_no_files() -> None:
    logo = Attachment("image001.png", "image/png", 4_000, "")
    photo = Attachment("image002.png", "image/png", 400_000, "")
    signature = Attachment("smime.p7s", "application/pkcs7-signature", 4_000, "")
    assert sorts_of([logo, signature], has_identity=False) == []
    assert sorts_of([logo, photo, signature], has_identity=True) == ["identity", "picture"]


def test_what_is_not_sure_is_told_until_a_person_says_that_it_is(uk: Story) -> None:
    scores = {Label.ACCESS: 0.97, Label.ERASURE: 0.7}
    case = uk.receives(Label.ACCESS, Label.ERASURE, doubt=Doubt.KINDS, scores=scores)
    sure = uk.receives(Label.COMPLAINT, sender="kim@mail.example", scores={Label.COMPLAINT: 0.8})
    perhaps = uk.receives(Label.OTHER, sender="lou@mail.example", doubt=Doubt.REQUEST, scores={Label.UNSPECIFIED: 0.2})
    unknown = uk.receives(Label.COMPLAINT, sender="max@mail.example")
    assert signs(uk)[case].unsure == {"erasure"}
    assert signs(uk)[perhaps].unsure == {"unspecified"}
    assert not signs(uk)[sure].unsure | signs(uk)[unknown].unsure
    for band, fits in {"less_sure": [case], "doubtful": [perhaps], "sure": [sure]}.items():
        assert list(signs(uk, confidence=band)) == list(signs(uk, words=f"confidence:{band}")) == fits
    assert signs(uk, words="confidence:high") == {}
    uk.does(ANA, case, confirm)
    assert set(signs(uk, confidence="sure")) == {case, sure}
    assert not signs(uk)[case].unsure


def test_a_right_takes_its_doubt_along_to_another_case(uk: Story) -> None:
    case = uk.receives(Label.ACCESS, Label.ERASURE, scores={Label.ACCESS: 0.9, Label.ERASURE: 0.7})
    new = uk.does(ANA, case, lambda office: split(office, Kind.ERASURE).reference)
    assert set(signs(uk, confidence="sure")) == {case}
    assert set(signs(uk, confidence="less_sure")) == {new}


def test_our_own_target_is_told_while_a_clock_runs_and_narrows_the_queue(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    target = date(2026, 3, 30)
    assert signs(uk)[case].target_on == target
    for days, fits in ((-4, []), (-3, ["within_3_days"]), (0, ["within_3_days"]), (1, ["passed"]), (400, ["passed"])):
        day = target + timedelta(days=days)
        assert [name for name in ("passed", "within_3_days") if signs(uk, day, target=name)] == fits
    assert list(signs(uk, target, words="target:today")) == list(signs(uk, words="target:28d target:>27d")) == [case]
    assert list(signs(uk, words="target:<2026-03-31")) == list(signs(uk, date(2026, 4, 1), words="target:passed"))
    for nonsense in ("target:soon", "target:passed", "target:<2026-03-30", "target:>2026-03-30", "target:9999d"):
        assert signs(uk, words=nonsense) == {}
    uk.does(ANA, case, lambda office: ask(office, PauseReason.CLARIFICATION, why="which account", text="Which?"))
    uk.post()
    assert signs(uk)[case] == NO_SIGNS
    uk.does(ANA, case, lambda office: take_answer(office, on=TODAY))
    assert signs(uk)[case].target_on == target
    uk.does(ANA, case, lambda office: decide(office, Kind.ACCESS, ItemResult.WITHDRAWN))
    assert signs(uk, date(2026, 5, 1), target="passed") == {}


def test_a_target_behind_the_date_of_the_law_is_not_told(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION_MARKETING)
    assert signs(uk)[case].target_on is None
    assert signs(uk, date(2026, 12, 1), target="passed") == {}


def test_targets_are_filled_in_for_cases_of_an_older_version_with_the_daily_reckoning(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    with uk.database.transaction() as session:
        session.connection().exec_driver_sql("update request_item set target_on = null")
    uk.does(ANA, case, lambda office: assign(office, "ana"))
    assert signs(uk)[case].target_on is None
    assert uk.celebrates() == 0
    assert signs(uk)[case].target_on == date(2026, 3, 30)


def first_steps(session: Session, story: Story) -> dict[str, str]:
    cases = {case.id or 0: case.reference for case in session.exec(select(Case))}
    found = next_steps(session, list(cases), [story.mailbox], story.now)
    return {cases[number]: step.says for number, step in found.items()}


def test_the_next_step_of_many_cases_is_the_first_that_the_page_of_each_suggests(uk: Story) -> None:
    known, waiting, review, over, into = (
        uk.receives(Label.ACCESS, sender=f"{name}@mail.example", doubt=doubt)
        for name, doubt in zip("abcde", (Doubt.NONE, Doubt.NONE, Doubt.REQUEST, Doubt.NONE, Doubt.NONE), strict=True)
    )
    uk.does(ANA, known, lambda o: identify(o, Identity.CONFIRMED, level=2, method="reply", why="wrote from it"))
    uk.does(ANA, waiting, lambda office: ask(office, PauseReason.CLARIFICATION, why="which account", text="Which?"))
    uk.bounce(uk.post()[-1])
    with uk.database.transaction() as session:
        row = session.exec(select(Case).where(Case.reference == over)).one()
        row.requester_address = "e@mail.example"
    uk.does(ANA, over, lambda office: merge(office, _case(office.session, into)))
    for days in (0, 12, 25, 60):
        uk.now += timedelta(days=days)
        with uk.database.reading() as session:
            found = first_steps(session, uk)
        shown = {case: uk.shown(case)["next"] for case in (known, waiting, review, over, into)}
        assert found == {case: steps[0]["says"] for case, steps in shown.items() if steps}  # type: ignore[index]
        assert len(found) == 4


def _case(session: Session, reference: str) -> Case:
    return session.exec(select(Case).where(Case.reference == reference)).one()
