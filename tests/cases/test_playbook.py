"""What a case asks for next: the right thing, by the right day, the most pressing first."""

from collections.abc import Callable
from datetime import date

import pytest
from conftest import on_sqlite
from mailboxes import organisation
from sqlmodel import col, update
from story import ANA, BEN, Story

from cases.arranging import add_task, finish_task, split
from cases.asking import ask, identify, remind_silent, take_answer
from cases.deciding import answer, close, decide
from cases.extending import extend
from cases.identity_levels import NEEDED, may_ask_document, needed_level, needs_standing
from cases.lifecycle import possible_deeds
from cases.office import Office
from cases.playbook import answer_template
from cases.rules import EXTENDABLE
from cases.situation import Situation
from models.case import Case, CaseState, Ground, Identity, ItemResult, RequestItem
from models.casework import PauseReason
from models.errors import NotAllowed
from models.letter import Proof
from models.organisation import Regime
from models.outbox import OutboxMail, OutboxState, Template
from models.verdict import Doubt, Hint, Kind, Label

Tell = Callable[..., Story]
BESIDE = {"receipt", "remind", "task", "letter"}
"""What is suggested beside the deeds of the table."""
A_LETTER_OF_ITS_OWN = {
    Kind.OBJECTION_MARKETING: Template.UNSUBSCRIBE_DONE,
    Kind.COMPLAINT: Template.COMPLAINT_ANSWER,
    Kind.AUTHORITY: Template.AUTHORITY_RECEIPT,
    Kind.INCIDENT: Template.INCIDENT_RECEIPT,
}


def following(story: Story, reference: str) -> list[dict[str, str]]:
    found = story.shown(reference)["next"]
    assert isinstance(found, list)
    return found


def named(story: Story, reference: str, do: str) -> list[dict[str, str]]:
    return [step for step in following(story, reference) if step["do"] == do]


def clarify(office: Office) -> None:
    ask(office, PauseReason.CLARIFICATION, why="", text="Which year?")


def known(office: Office) -> None:
    identify(office, Identity.CONFIRMED, level=2, method="code", why="the code came back")


def withdraws(kind: Kind) -> Callable[[Office], object]:
    return lambda office: decide(office, kind, ItemResult.WITHDRAWN)


# -- from the receipt to the end


@on_sqlite
def test_a_new_request_wants_to_know_who_it_is_today_and_a_result_by_its_due_date(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.ACCESS)
    assert [(step["do"], step["by"], step["template"]) for step in following(uk, case)] == [
        ("identify", "2026-03-02", "identity_question"),
        ("decide", "2026-04-02", "answer"),
    ]


@on_sqlite
def test_each_kind_wants_a_result_by_its_own_date_and_names_its_letter(uk: Story) -> None:
    case = uk.receives(*(Label(kind.value) for kind in Kind))
    steps = {step["kind"]: step for step in named(uk, case, "decide")}
    assert set(steps) == {kind.value for kind in Kind}
    for kind in Kind:
        due = uk.due(case, kind)
        assert steps[kind]["by"] == (due and due.isoformat())
        assert steps[kind]["template"] == A_LETTER_OF_ITS_OWN.get(kind, Template.ANSWER)
        assert steps[kind]["says"] == f"decide on: {kind.value.replace('_', ' ')}"


@on_sqlite
def test_once_all_is_decided_the_answer_is_due_and_then_the_case_is_closed(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.OBJECTION_MARKETING)
    uk.does(ANA, case, lambda office: decide(office, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    assert [(step["do"], step["by"], step["template"]) for step in following(uk, case)] == [
        ("answer", "2026-03-04", "unsubscribe_done")
    ]
    uk.does(ANA, case, lambda office: answer(office, Template.UNSUBSCRIBE_DONE))
    assert [(step["do"], step["by"]) for step in following(uk, case)] == [("letter", "2026-03-04")], "nobody has it yet"
    uk.post()
    assert [step["do"] for step in following(uk, case)] == ["close"]
    uk.does(ANA, case, close)
    assert following(uk, case) == []


@on_sqlite
def test_a_task_that_is_left_stands_before_the_end(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION_MARKETING)
    task = uk.does(BEN, case, lambda office: add_task(office, "ring the branch", date(2026, 3, 5)).title)
    assert named(uk, case, "task")[0]["by"] == "2026-03-05"
    uk.does(ANA, case, lambda office: decide(office, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    uk.does(ANA, case, lambda office: answer(office, Template.UNSUBSCRIBE_DONE))
    uk.post()
    assert [(step["do"], step["says"]) for step in following(uk, case)] == [("task", task)]
    (number,) = (row["id"] for row in uk.shown(case)["tasks"])  # type: ignore[attr-defined]
    uk.does(ANA, case, lambda office: finish_task(office, number))
    assert [step["do"] for step in following(uk, case)] == ["close"]


@on_sqlite
def test_the_most_pressing_comes_first_and_what_has_no_day_last(uk: Story) -> None:
    case = uk.receives(Label.ACCESS, Label.OBJECTION_MARKETING, Label.COMPLAINT)
    uk.does(ANA, case, lambda office: add_task(office, "some time"))
    days = [step["by"] for step in following(uk, case)]
    assert days[-1] is None
    assert days[:-1] == sorted(days[:-1])
    assert len(set(days)) > 2


@pytest.mark.parametrize("labels", [(Label.ACCESS,), (Label.AUTHORITY, Label.OBJECTION), (Label.INCIDENT,)])
@on_sqlite
def test_what_is_suggested_can_be_done(uk: Story, labels: tuple[Label, ...]) -> None:
    case = uk.receives(*labels, doubt=Doubt.KINDS, hints=(Hint.SOURCE, Hint.CHILD))
    for state in (CaseState.REVIEW, CaseState.OPEN):
        assert uk.case(case).status in (CaseState.REVIEW, CaseState.OPEN)
        with uk.database.transaction() as session:
            changed = {"status": state, "needs_review": state is CaseState.REVIEW}
            session.exec(update(Case).where(col(Case.reference) == case).values(**changed))
        steps = {step["do"] for step in following(uk, case)}
        assert steps <= BESIDE | set(possible_deeds(state))


# -- who it is


@on_sqlite
def test_nobody_is_asked_who_they_are_where_the_kind_does_not_need_it(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION_MARKETING, Label.COMPLAINT)
    assert named(uk, case, "identify") == []


@on_sqlite
def test_the_highest_level_that_an_item_needs_is_named(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION, Label.ACCESS)
    assert "(level 2)" in named(uk, case, "identify")[0]["says"]
    uk.does(ANA, case, lambda office: identify(office, Identity.CONFIRMED, level=1, why="from the address on file"))
    assert "(level 2)" in named(uk, case, "identify")[0]["says"], "enough for one of the two is not enough"
    uk.does(ANA, case, known)
    assert named(uk, case, "identify") == []


@on_sqlite
def test_an_organisation_may_ask_for_more_or_less(tell: Tell) -> None:
    strict = tell(identity_levels={"objection_marketing": 3, "access": 0})
    assert "(level 3)" in named(strict, strict.receives(Label.OBJECTION_MARKETING), "identify")[0]["says"]
    assert named(strict, strict.receives(Label.ACCESS, sender="x@mail.example"), "identify") == []


@on_sqlite
def test_nobody_is_asked_twice_who_they_are(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, lambda office: ask(office, PauseReason.IDENTITY, why="new address", proofs=[Proof.CODE]))
    assert named(uk, case, "identify") == []


@on_sqlite
def test_who_acts_for_somebody_else_proves_that_they_may(uk: Story) -> None:
    case = uk.receives(Label.ERASURE, hints=(Hint.CHILD,))
    assert [step["says"] for step in named(uk, case, "ask")] == ["ask for proof that they may act in this matter"]
    uk.does(ANA, case, lambda office: identify(office, Identity.CONFIRMED, level=2, why="deed", has_standing=True))
    assert named(uk, case, "ask") == []


@pytest.mark.parametrize(
    ("kind", "hints", "is_needed"),
    [
        (Kind.ACCESS, [Hint.MANDATE], True),
        (Kind.ERASURE, [Hint.EMPLOYEE, Hint.CHILD], True),
        (Kind.POST_MORTEM, [], True),
        (Kind.ACCESS, [Hint.EMPLOYEE, Hint.APPLICANT, Hint.SOURCE], False),
        (Kind.OBJECTION_MARKETING, [Hint.MANDATE], False),
        (Kind.COMPLAINT, [Hint.CHILD], False),
    ],
)
def test_only_what_needs_a_known_person_needs_proof_of_standing(
    kind: Kind, hints: list[Hint], *, is_needed: bool
) -> None:
    assert needs_standing(kind, [hint.value for hint in hints]) is is_needed


def test_what_each_kind_needs_is_laid_down_for_every_kind() -> None:
    assert set(NEEDED) == set(Kind)
    plain = organisation()
    assert {kind for kind in Kind if needed_level(kind, plain) == 0} == {
        *(Kind.OBJECTION_MARKETING, Kind.WITHDRAW_CONSENT, Kind.COMPLAINT),
        *(Kind.JOB_APPLICATION, Kind.AUTHORITY, Kind.INCIDENT),
    }
    assert max(NEEDED.values()) == 2, "nobody must log in unless the organisation says so"
    assert not may_ask_document(Kind, plain), "no identity document is asked for unless policy says so"


# -- what the person owes


@on_sqlite
def test_after_a_question_the_answer_is_waited_for_ten_days_then_the_person_is_reminded_then_it_may_lapse(
    uk: Story,
) -> None:
    case = uk.at("2026-03-02").receives(Label.ACCESS)
    uk.does(ANA, case, clarify)
    assert named(uk, case, "take_answer") == [], "the letter is not out yet"
    uk.post()
    assert named(uk, case, "take_answer")[0]["by"] == "2026-03-12"
    assert named(uk.at("2026-03-11 23:59"), case, "remind") == []
    reminding = named(uk.at("2026-03-12"), case, "remind")[0]
    assert (reminding["by"], reminding["template"]) == ("2026-03-12", "status")
    uk.does(ANA, case, lambda office: remind_silent(office, text="Which year?"))
    assert named(uk, case, "remind"), "a letter that nobody has got reminds nobody"
    uk.post()
    assert named(uk, case, "remind") == []
    assert any("decide whether it lapses" in step["says"] for step in named(uk, case, "decide"))


@on_sqlite
def test_once_the_answer_is_there_nobody_is_reminded(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.ACCESS)
    uk.does(ANA, case, clarify)
    uk.post()
    uk.at("2026-03-20").does(ANA, case, take_answer)
    assert {step["do"] for step in following(uk, case)} == {"identify", "decide"}


# -- time


@on_sqlite
def test_an_extension_is_thought_of_in_the_week_before_its_last_lawful_day(france: Story) -> None:
    case = france.at("2026-03-04").receives(Label.ACCESS)
    assert named(france.at("2026-03-30"), case, "extend") == []
    found = named(france.at("2026-03-31"), case, "extend")
    assert [(step["by"], step["template"]) for step in found] == [("2026-04-07", "extension")]
    assert named(france.at("2026-04-07"), case, "extend")
    assert named(france.at("2026-04-08"), case, "extend") == []


@on_sqlite
def test_no_extension_is_thought_of_where_there_was_one(france: Story) -> None:
    case = france.at("2026-03-04").receives(Label.ACCESS)
    france.at("2026-04-01").does(ANA, case, lambda office: extend(office, why="complex", text="Complexe."))
    france.post()
    assert named(france, case, "extend") == []


@on_sqlite
def test_no_extension_is_thought_of_where_the_law_knows_none(france: Story) -> None:
    labels = [Label(kind.value) for kind in Kind if kind not in EXTENDABLE]
    case = france.at("2026-03-04").receives(*labels)
    for day in ("2026-03-06", "2026-03-31", "2026-04-07"):
        assert named(france.at(day), case, "extend") == []


# -- what else


@on_sqlite
def test_a_case_in_review_is_looked_at_first_and_says_why(uk: Story) -> None:
    case = uk.receives(Label.ACCESS, doubt=Doubt.KINDS)
    assert (following(uk, case)[0]["do"], following(uk, case)[0]["says"]) == (
        "confirm",
        "look at it: which rights are meant is unsure",
    )


@on_sqlite
def test_a_day_of_receipt_that_a_forward_shows_is_to_be_confirmed(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    with uk.database.transaction() as session:
        session.exec(update(Case).where(col(Case.reference) == case).values(proposed_received="Fri, 27 Feb 2026"))
    (step,) = named(uk, case, "receipt")
    assert step["says"].endswith("Fri, 27 Feb 2026")


@on_sqlite
def test_who_asks_where_the_data_came_from_is_to_be_told(uk: Story) -> None:
    case = uk.receives(Label.ACCESS, hints=(Hint.SOURCE,))
    assert [step["by"] for step in named(uk, case, "task")] == ["2026-04-02"]


@on_sqlite
def test_a_letter_that_is_held_is_told_with_its_reason(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    held = {"state": OutboxState.HELD, "reason": "the server refuses the address"}
    with uk.database.transaction() as session:
        session.exec(update(OutboxMail).values(**held))
    (step,) = named(uk, case, "letter")
    assert step["says"].endswith("did not arrive: the server refuses the address")


# -- which letter answers

ANSWERS = [
    ({Kind.ACCESS: ItemResult.FULFILLED}, Template.ANSWER),
    ({Kind.ACCESS: ItemResult.PARTLY}, Template.ANSWER),
    ({Kind.ACCESS: ItemResult.REFUSED}, Template.REFUSAL),
    ({Kind.ACCESS: ItemResult.REFUSED, Kind.ERASURE: ItemResult.REFUSED}, Template.REFUSAL),
    ({Kind.ACCESS: ItemResult.REFUSED, Kind.ERASURE: ItemResult.FULFILLED}, Template.ANSWER),
    ({Kind.ACCESS: ItemResult.REFUSED, Kind.ERASURE: ItemResult.WITHDRAWN}, Template.REFUSAL),
    ({Kind.ACCESS: ItemResult.REFUSED, Kind.COMPLAINT: ItemResult.DUPLICATE}, Template.REFUSAL),
    ({Kind.ACCESS: ItemResult.NO_DATA}, Template.NO_DATA),
    ({Kind.ACCESS: ItemResult.NO_DATA, Kind.ERASURE: ItemResult.NO_DATA}, Template.NO_DATA),
    ({Kind.ACCESS: ItemResult.NO_DATA, Kind.ERASURE: ItemResult.REFUSED}, Template.ANSWER),
    ({Kind.OBJECTION_MARKETING: ItemResult.FULFILLED}, Template.UNSUBSCRIBE_DONE),
    ({Kind.OBJECTION_MARKETING: ItemResult.FULFILLED, Kind.ACCESS: ItemResult.FULFILLED}, Template.ANSWER),
    ({Kind.COMPLAINT: ItemResult.FULFILLED}, Template.COMPLAINT_ANSWER),
    ({Kind.COMPLAINT: ItemResult.REFUSED}, Template.COMPLAINT_ANSWER),
    ({Kind.AUTHORITY: ItemResult.FULFILLED}, Template.AUTHORITY_RECEIPT),
    ({Kind.INCIDENT: ItemResult.FULFILLED}, Template.INCIDENT_RECEIPT),
    *(
        ({Kind.ACCESS: result}, Template.CLOSING)
        for result in (ItemResult.WITHDRAWN, ItemResult.LAPSED, ItemResult.DUPLICATE)
    ),
]


@pytest.mark.parametrize(("results", "template"), ANSWERS)
def test_the_answer_fits_what_became_of_all_items(results: dict[Kind, ItemResult], template: Template) -> None:
    received = date(2026, 3, 2)
    case = Case(reference="RD-1", organisation="example", mailbox="contact", status=CaseState.OPEN)
    items = [RequestItem(case_id=1, kind=kind, received_at=received, result=result) for kind, result in results.items()]
    assert (
        answer_template(Situation(case, items, {}, {}, (), (), (), received, organisation(), "Europe/London"))
        is template
    )


@on_sqlite
def test_what_is_refused_is_told_with_its_ground_whatever_became_of_the_rest(uk: Story) -> None:
    because = {"ground": Ground.COMPELLING_GROUNDS, "why": "fraud"}
    for rest in (ItemResult.WITHDRAWN, ItemResult.DUPLICATE, ItemResult.FORWARDED):
        case = uk.receives(Label.ACCESS, Label.OBJECTION, sender=f"{rest}@mail.example")
        uk.does(ANA, case, lambda office, rest=rest: decide(office, Kind.ACCESS, rest))  # type: ignore[misc]
        uk.does(ANA, case, lambda office: decide(office, Kind.OBJECTION, ItemResult.REFUSED, **because))  # type: ignore[arg-type]
        uk.does(ANA, case, lambda office: answer(office, answer_template(office.situation()), text="Words of ours."))
        assert "compelling legitimate grounds" in uk.said(uk.letters(case)[-1]), rest


@on_sqlite
def test_who_could_not_be_identified_is_told_so_and_gets_no_copy(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, lambda office: decide(office, Kind.ACCESS, ItemResult.NOT_IDENTIFIED))
    uk.does(ANA, case, lambda office: answer(office, answer_template(office.situation()), text="The code never came."))
    said = uk.said(uk.letters(case)[-1])
    assert "could not be sure who you are" in said
    assert "You will find a copy" not in said


@pytest.mark.parametrize("result", [ItemResult.LAPSED, ItemResult.WITHDRAWN, ItemResult.NOT_IDENTIFIED])
@on_sqlite
def test_who_owed_an_answer_can_be_told_of_the_end(uk: Story, result: ItemResult) -> None:
    case = uk.at("2026-03-02").receives(Label.ACCESS)
    uk.does(ANA, case, clarify)
    uk.post()
    uk.at("2026-03-17").does(ANA, case, lambda office: remind_silent(office, text="Which year?"))
    uk.post()
    uk.at("2026-04-07").does(ANA, case, lambda office: decide(office, Kind.ACCESS, result))
    (step,) = named(uk, case, "answer")
    uk.does(ANA, case, lambda office: answer(office, Template(step["template"]), text="Nothing came."))
    uk.post()
    uk.does(ANA, case, close)


@on_sqlite
def test_nothing_lapses_before_the_day_that_the_reminder_named(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.ACCESS)
    uk.does(ANA, case, clarify)
    uk.post()
    uk.at("2026-03-20").does(ANA, case, lambda office: remind_silent(office, text="Which year?"))
    uk.post()
    assert "3 April 2026" in uk.said(Template.STATUS)
    with pytest.raises(NotAllowed, match="can lapse only"):
        uk.at("2026-04-02").does(ANA, case, lambda office: decide(office, Kind.ACCESS, ItemResult.LAPSED))
    uk.at("2026-04-04").does(ANA, case, lambda office: decide(office, Kind.ACCESS, ItemResult.LAPSED))


@on_sqlite
def test_the_letter_of_a_part_is_that_of_what_is_left(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION_MARKETING, Label.COMPLAINT)
    uk.does(ANA, case, lambda office: split(office, Kind.COMPLAINT))
    uk.does(ANA, case, lambda office: decide(office, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    assert named(uk, case, "answer")[0]["template"] == "unsubscribe_done"


@on_sqlite
def test_a_holiday_that_is_added_moves_the_day_by_which_a_result_is_wanted(tell: Tell) -> None:
    spain = tell("es", regime=Regime.EU, country="ES-MD", lead_authority="ES")
    case = spain.at("2026-03-02").receives(Label.ERASURE)
    assert named(spain, case, "decide")[0]["by"] == "2026-04-06"  # 2 April is Maundy Thursday in Madrid, 3 Good Friday
    spain.celebrates("2026-04-06")
    assert named(spain, case, "decide")[0]["by"] == "2026-04-07"
