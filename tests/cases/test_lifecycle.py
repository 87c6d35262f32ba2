"""The life of a case: each deed is done exactly where the table says, and each rule refuses in words."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from conftest import on_sqlite
from sqlmodel import col, select, update
from story import ANA, BEN, Story

from cases.arranging import add_task, correct_receipt, merge, settle_regime, split
from cases.asking import ask, identify, remind_silent, take_answer
from cases.deciding import answer, close, confirm, decide, look_over, reopen
from cases.directory import customer_named, import_customers
from cases.extending import extend, set_date
from cases.forwarding import forward
from cases.lifecycle import MOVES, Deed, RuleName, drawn, move_of, possible_deeds
from cases.office import Office
from cases.rules import RULES
from cases.writing import write
from models.case import Case, CaseState, Ground, Identity, ItemResult, RequestItem
from models.casework import ClockFact, FactSort, PauseReason
from models.errors import NotAllowed
from models.letter import Proof
from models.outbox import Template
from models.staff import Actor, Role
from models.verdict import Doubt, Hint, Kind, Label
from service.casework import case_named
from store.case_index import index_case

EVE = Actor("eve", Role.AUDITOR)
ADA = Actor("ada", Role.ADMINISTRATOR)
TODAY = date(2026, 3, 2)
Doing = Callable[[Office], object]
Prepared = tuple[str, Doing]
Prepare = Callable[[Story], Prepared]


def clarify(office: Office, told_on: date | None = TODAY, text: str = "Which year?") -> None:
    ask(office, PauseReason.CLARIFICATION, why="", text=text, told_on=told_on)


def prove(office: Office, *proofs: Proof, why: str = "unknown address") -> None:
    ask(office, PauseReason.IDENTITY, why=why, proofs=proofs, told_on=TODAY)


def known(office: Office) -> None:
    identify(office, Identity.CONFIRMED, level=2, method="code", why="the code came back")


def lengthen(office: Office) -> None:
    extend(office, why="eleven systems", text="Eleven systems.", told_on=office.today)


def ends(kind: Kind, result: ItemResult = ItemResult.NOT_A_REQUEST) -> Doing:
    return lambda office: decide(office, kind, result)


def refuses(kind: Kind) -> Doing:
    return lambda office: decide(office, kind, ItemResult.REFUSED, ground=Ground.UNFOUNDED, why="a joke")


def into(reference: str) -> Doing:
    return lambda office: merge(office, case_named(office.session, reference))


def plain(doing: Doing, *labels: Label, first: Doing | None = None) -> Prepare:
    """A case with these labels, after a first deed where there is one, and what is done to it then.

    It is in review, so that no letter has gone out.
    """

    def prepare(story: Story) -> Prepared:
        reference = story.receives(*labels, sender=f"p{story.count}@mail.example", doubt=Doubt.REQUEST)
        if first:
            story.does(ANA, reference, first)
        return reference, doing

    return prepare


def merging(story: Story) -> Prepared:
    sender = f"p{story.count}@mail.example"
    target = story.receives(Label.ACCESS, sender=sender)
    return story.receives(Label.COMPLAINT, sender=sender), into(target)


def forwarding(story: Story) -> Prepared:
    row = {"name": "Stride Fitness", "domains": "stride.example", "administrator": "dpo@stride.example"}
    with story.database.transaction() as session:
        import_customers(session, "example", [row])
    return story.receives(Label.ERASURE, sender=f"p{story.count}@mail.example"), lambda office: forward(
        office, customer_named(office.session, "example", "Stride Fitness"), []
    )


READY: dict[Deed, Prepare] = {
    Deed.CONFIRM: plain(confirm, Label.AUTHORITY),
    Deed.LOOK_OVER: plain(look_over, Label.AUTHORITY),
    Deed.ASK: plain(clarify, Label.ACCESS),
    Deed.REMIND: plain(
        lambda office: remind_silent(office, text="Which year do you mean?"), Label.ACCESS, first=clarify
    ),
    Deed.TAKE_ANSWER: plain(take_answer, Label.ACCESS, first=clarify),
    Deed.IDENTIFY: plain(known, Label.AUTHORITY),
    Deed.EXTEND: plain(lengthen, Label.ACCESS),
    Deed.SET_DATE: plain(
        lambda office: set_date(office, Kind.AUTHORITY, date(2026, 3, 20), why="their letter"), Label.AUTHORITY
    ),
    Deed.FORWARD: forwarding,
    Deed.DECIDE: plain(ends(Kind.ACCESS), Label.ACCESS),
    Deed.ANSWER: plain(
        lambda office: answer(office, Template.CLOSING),
        Label.ACCESS,
        first=ends(Kind.ACCESS, ItemResult.WITHDRAWN),
    ),
    Deed.CLOSE: plain(close, Label.AUTHORITY, first=ends(Kind.AUTHORITY)),
    Deed.REOPEN: plain(lambda office: reopen(office, why="there is more"), Label.AUTHORITY),
    Deed.MERGE: merging,
    Deed.SPLIT: plain(lambda office: split(office, Kind.ACCESS), Label.ACCESS, Label.AUTHORITY),
    Deed.CORRECT_RECEIPT: plain(
        lambda office: correct_receipt(office, office.now - timedelta(days=1), why="the postmark"), Label.AUTHORITY
    ),
    Deed.SETTLE_REGIME: plain(lambda office: settle_regime(office, "FR", why="lives in Lyon"), Label.AUTHORITY),
    Deed.WRITE: plain(lambda office: write(office, "We are looking for it."), Label.AUTHORITY),
}
"""For each deed a case in which every rule of it holds, and the deed."""


def put(story: Story, reference: str, state: CaseState) -> None:
    """Let a case be in a state, however it got there; one that waits, waits for a fee."""
    with story.database.transaction() as session:
        session.exec(update(Case).where(col(Case.reference) == reference).values(status=state))
        if state is CaseState.WAITING:
            item = select(RequestItem.id).join(Case).where(col(Case.reference) == reference)
            asked = {"sort": FactSort.PAUSE, "reason": PauseReason.FEE, "on": TODAY, "by": "ana"}
            session.add(ClockFact(item_id=session.exec(item).first() or 0, **asked))
        index_case(session, session.exec(select(Case).where(col(Case.reference) == reference)).one())


def done(story: Story, who: Actor, prepared: Prepared, **options: str) -> str:
    """What became of a deed: '' where it was done, else why not."""
    try:
        story.does(who, *prepared, **options)
    except NotAllowed as error:
        return str(error)
    return ""


# -- the table


def test_every_deed_has_one_row_and_a_case_to_be_tried_on() -> None:
    assert Counter(move.deed for move in MOVES) == Counter(Deed)
    assert set(READY) == set(Deed)


@pytest.mark.parametrize("state", CaseState)
@on_sqlite
def test_a_deed_is_done_exactly_where_the_table_says(uk: Story, state: CaseState) -> None:
    """By somebody of the least role that the table asks for."""
    found, expected = {}, {}
    for deed, prepare in READY.items():
        move, (reference, doing) = move_of(deed), prepare(uk)
        put(uk, reference, state)
        refusal = done(uk, Actor("kim", move.role), (reference, doing))
        found[deed] = refusal.partition(";")[0] or uk.case(reference).status
        name = deed.value.replace("_", " ")
        is_possible = state in move.sources
        expected[deed] = move.target or state if is_possible else f"the case is {state}: {name} is not possible now"
    assert found == expected


@on_sqlite
def test_no_reason_of_anybody_makes_a_deed_possible_in_another_state(uk: Story) -> None:
    reference, doing = READY[Deed.DECIDE](uk)
    put(uk, reference, CaseState.CLOSED)
    assert "not possible now; possible: reopen" in done(uk, ADA, (reference, doing), override="urgent", second="ben")


def test_a_closed_case_can_be_opened_again_and_nothing_else() -> None:
    assert possible_deeds(CaseState.CLOSED) == [Deed.REOPEN]


def test_a_case_is_confirmed_once_and_later_mail_is_looked_over(uk: Story) -> None:
    case = uk.receives(Label.ACCESS, doubt=Doubt.REQUEST)
    uk.does(ANA, case, confirm)
    assert (uk.case(case).status, uk.case(case).needs_review) == (CaseState.OPEN, False)
    assert done(uk, ANA, (case, look_over)) == "nothing waits for a look in this case"
    uk.receives(Label.FOLLOWUP, Label.AUTHORITY, answers="<m1@mail.example>")
    assert uk.case(case).needs_review
    uk.does(ANA, case, look_over)
    assert (uk.case(case).status, uk.case(case).needs_review) == (CaseState.OPEN, False)


def test_no_state_is_a_dead_end() -> None:
    for state in CaseState:
        ways_out = {move.target for move in MOVES if state in move.sources} - {None, state}
        assert ways_out, state


@on_sqlite
def test_an_auditor_may_do_nothing(uk: Story) -> None:
    for deed, prepare in READY.items():
        prepared = prepare(uk)
        state = sorted(move_of(deed).sources)[0]
        put(uk, prepared[0], state)
        before = uk.events(prepared[0])
        refusal = done(uk, EVE, prepared, override="I must", second="ben")
        assert re.search("needs the role (agent|manager)", refusal), deed
        assert (uk.case(prepared[0]).status, uk.events(prepared[0])) == (state, before)


@on_sqlite
def test_only_to_settle_which_law_governs_takes_a_manager(uk: Story) -> None:
    assert [move.deed for move in MOVES if move.role is not Role.AGENT] == [Deed.SETTLE_REGIME]
    assert done(uk, ANA, READY[Deed.SETTLE_REGIME](uk)) == "settle regime needs the role manager"
    assert done(uk, BEN, READY[Deed.SETTLE_REGIME](uk)) == ""


def test_a_refused_deed_leaves_nothing_behind(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    before = uk.shown(case)
    assert done(uk, ANA, (case, lambda office: [add_task(office, "ring them"), close(office)]))
    after = uk.shown(case)
    assert (after["tasks"], after["timeline"]) == (before["tasks"], before["timeline"])


# -- the rules


def _silent(story: Story) -> Prepared:
    case, _ = plain(clarify, Label.ACCESS, first=clarify)(story)
    return case, ends(Kind.ACCESS, ItemResult.LAPSED)


def _late(story: Story) -> Prepared:
    case = story.at("2026-01-05").receives(Label.ACCESS, sender="late@mail.example")
    story.at("2026-03-02")
    return case, lengthen


def _of_a_dead_person(story: Story) -> Prepared:
    case = story.receives(Label.POST_MORTEM, hints=(Hint.DECEASED,))
    story.does(ANA, case, known)
    return case, ends(Kind.POST_MORTEM, ItemResult.FULFILLED)


def _untold(story: Story) -> Prepared:
    return plain(close, Label.OBJECTION, first=ends(Kind.OBJECTION, ItemResult.WITHDRAWN))(story)


def _with_a_task(story: Story) -> Prepared:
    case, closing = READY[Deed.CLOSE](story)
    story.does(ANA, case, lambda office: add_task(office, "ring them"))
    return case, closing


def _of_a_stranger(story: Story) -> Prepared:
    target = story.receives(Label.ACCESS, sender="other@mail.example")
    return story.receives(Label.ACCESS), into(target)


def _merged_away(story: Story) -> Prepared:
    case, merging_it = merging(story)
    story.does(ANA, case, merging_it)
    return case, lambda office: reopen(office, why="there is more")


BROKEN: dict[RuleName, Prepare] = {
    RuleName.HAS_OPEN_ITEM: plain(clarify, Label.ACCESS, first=ends(Kind.ACCESS)),
    RuleName.REASON_GIVEN: plain(lambda office: identify(office, Identity.FAILED, why=" "), Label.ACCESS),
    RuleName.TEXT_GIVEN: plain(lambda office: clarify(office, text=" \n "), Label.ACCESS),
    RuleName.PROOF_CHOSEN: plain(prove, Label.ACCESS),
    RuleName.DOCUMENT_ALLOWED: plain(lambda office: prove(office, Proof.IDENTITY_DOCUMENT), Label.ACCESS),
    RuleName.ASKED_ONCE: plain(clarify, Label.ACCESS, first=clarify),
    RuleName.QUESTION_OPEN: plain(take_answer, Label.ACCESS),
    RuleName.ANSWER_AFTER_QUESTION: plain(
        lambda office: take_answer(office, on=date(2026, 3, 1)), Label.ACCESS, first=clarify
    ),
    RuleName.CAN_BE_EXTENDED: plain(lengthen, Label.COMPLAINT),
    RuleName.NOTICE_IN_TIME: _late,
    RuleName.NOT_EXTENDED_YET: plain(lengthen, Label.ACCESS, first=lengthen),
    RuleName.GROUND_GIVEN: plain(ends(Kind.ACCESS, ItemResult.REFUSED), Label.ACCESS),
    RuleName.LETTER_FITS: plain(
        lambda office: answer(office, Template.NO_DATA), Label.OBJECTION, first=refuses(Kind.OBJECTION)
    ),
    RuleName.REMEDIES_TOLD: plain(
        lambda office: answer(office, Template.AUTHORITY_RECEIPT, text="no"),
        *(Label.OBJECTION, Label.AUTHORITY),
        first=lambda office: [refuses(Kind.OBJECTION)(office), ends(Kind.AUTHORITY, ItemResult.FULFILLED)(office)],
    ),
    RuleName.IDENTITY_ENOUGH: plain(ends(Kind.ACCESS, ItemResult.FULFILLED), Label.ACCESS),
    RuleName.STANDING_PROVEN: _of_a_dead_person,
    RuleName.LAPSE_TOLD: _silent,
    RuleName.ALL_DECIDED: plain(lambda office: answer(office, Template.CLOSING), Label.ACCESS),
    RuleName.PERSON_TOLD: _untold,
    RuleName.TASKS_DONE: _with_a_task,
    RuleName.CUSTOMER_KNOWN: plain(lambda office: forward(office, None, []), Label.ERASURE),
    RuleName.SAME_PERSON: _of_a_stranger,
    RuleName.MORE_THAN_ONE_ITEM: plain(lambda office: split(office, Kind.ACCESS), Label.ACCESS),
    RuleName.TOLD_SINCE_RECEIPT: plain(lambda office: clarify(office, told_on=date(2026, 2, 1)), Label.ACCESS),
    RuleName.ITEMS_NAMED: plain(
        lambda office: reopen(office, why="there is more", kinds=[Kind.ERASURE]),
        Label.AUTHORITY,
        first=lambda office: [ends(Kind.AUTHORITY)(office), close(office)],
    ),
    RuleName.NOT_MERGED: _merged_away,
    RuleName.HAS_SUCH_A_DATE: plain(
        lambda office: set_date(office, Kind.ACCESS, date(2026, 3, 20), why="a letter"), Label.ACCESS
    ),
    RuleName.NOT_IN_FUTURE: plain(
        lambda office: correct_receipt(office, datetime(2026, 3, 4, tzinfo=office.now.tzinfo), why="x"), Label.ACCESS
    ),
}
"""For each rule a case and a deed that breaks this rule and no other."""


def test_every_rule_has_words_is_used_by_a_move_and_is_tried_here() -> None:
    used = {name for move in MOVES for name in move.rules}
    assert set(RuleName) == set(RULES) == used == set(BROKEN)
    words = [rule.says for rule in RULES.values()]
    assert all(words)
    assert len(set(words)) == len(words)


@on_sqlite
def test_a_rule_of_law_is_told_in_its_words_and_nobody_sets_it_aside(uk: Story) -> None:
    for name in (name for name in RuleName if RULES[name].override is None):
        prepared = BROKEN[name](uk)
        assert done(uk, ADA, prepared) == RULES[name].says, "one rule is broken, and one is told"
        assert done(uk, ADA, prepared, override="urgent", second="ben") == RULES[name].says


@pytest.mark.parametrize("name", [name for name in RuleName if RULES[name].override])
@on_sqlite
def test_a_rule_of_the_house_is_set_aside_by_the_right_people_with_a_reason(uk: Story, name: RuleName) -> None:
    rule, prepared = RULES[name], BROKEN[name](uk)
    assert rule.override is not None
    below = Actor("low", list(Role)[list(Role).index(rule.override) - 1])
    told = done(uk, ADA, prepared)
    assert re.fullmatch(
        rf"{re.escape(rule.says)} \((a person|a manager)[\w ]+ may set this aside with a reason\)", told
    )
    assert done(uk, below, prepared, override="urgent", second="ben")
    assert done(uk, Actor("enough", rule.override), prepared, override="urgent", second="ben") == ""
    found = uk.shown(prepared[0])
    noted = [row["details"] for row in found["timeline"] if row["action"] == "rule_overridden"]  # type: ignore[attr-defined]
    assert [details["rule"] for details in noted] == [name]
    assert any(note["words"].endswith(": urgent") for note in found["notes"]), "the reason is kept, sealed"  # type: ignore[attr-defined]


@on_sqlite
def test_a_blank_reason_sets_nothing_aside(uk: Story) -> None:
    prepared = BROKEN[RuleName.ASKED_ONCE](uk)
    assert done(uk, ADA, prepared, override=" \t ").startswith(RULES[RuleName.ASKED_ONCE].says)


@on_sqlite
def test_all_that_is_wrong_is_told_at_once(uk: Story) -> None:
    case = uk.receives(Label.COMPLAINT)
    told = done(uk, ANA, (case, lambda office: extend(office, why="", text="")))
    assert told == "; ".join(
        RULES[name].says for name in (RuleName.CAN_BE_EXTENDED, RuleName.REASON_GIVEN, RuleName.TEXT_GIVEN)
    )


@on_sqlite
def test_what_the_law_forbids_cannot_be_set_aside_together_with_what_may_be(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION)
    told = done(uk, ADA, (case, close), override="urgent", second="ben")
    assert told == RULES[RuleName.ALL_DECIDED].says


# -- the drawing


def test_the_drawing_names_every_deed_that_leads_elsewhere_from_where_to_where() -> None:
    arrows = {
        (source, target, deed)
        for source, target, deeds in re.findall(r"^ {4}(\w+) --> (\w+): (.+)$", drawn(), re.MULTILINE)
        for deed in deeds.split(", ")
    }
    assert arrows == {
        (state.value, move.target.value, move.deed.value.replace("_", " "))
        for move in MOVES
        for state in move.sources
        if move.target not in (None, state)
    }


def test_the_drawing_begins_where_cases_begin_and_ends_where_they_end() -> None:
    lines = drawn().splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert {"    [*] --> review", "    [*] --> open", "    closed --> [*]"} < set(lines)
