"""A person says what a mail is. Rules alone, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import parsed, stored
from mailboxes import mailbox
from sqlmodel import Session, col, select

from cases.clocks import OfficeClock
from cases.correcting import Correcting
from cases.opening import Evidence, Registry
from models.audit import Action, AuditEntry
from models.case import Case, CaseState, CaseWord, ItemResult, RequestItem
from models.correction import Correction
from models.errors import NotAllowed
from models.letter import LetterOrder
from models.mail import Address, Nature, Screening
from models.message import Message, Outcome
from models.verdict import Doubt, Kind, Label, Verdict
from store.audit import Audit
from store.database import Database

RECEIVED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = RECEIVED + timedelta(days=5)
ANA = Address("Ana Ruiz", "ana@mail.example")


class Office:
    """Takes mails in as the classifier says, and lets a person correct them."""

    def __init__(self, session: Session, audit: Audit) -> None:
        self.session = session
        self.registry = Registry(OfficeClock(mailbox()), audit)
        self.count = 0

    def receive(self, *labels: Label, doubt: Doubt = Doubt.NONE, answers: str = "") -> tuple[Message, Evidence]:
        self.count += 1
        labelled = {"labels": [label.value for label in labels], "model_version": "7"}
        message = stored(self.count, RECEIVED, **labelled)
        self.session.add(message)
        self.session.flush()
        mail = parsed(message.message_id, ANA, answers=answers)
        screening = Screening(Nature.PERSON, (), ANA, is_answerable=True)
        evidence = Evidence(
            mail, screening, Verdict("en", labels, dict.fromkeys(labels, 0.7), doubt, "7"), is_old=False
        )
        self.registry.file_message(self.session, message, evidence, RECEIVED)
        self.session.flush()
        return message, evidence

    def correct(self, received: tuple[Message, Evidence], *labels: Label) -> list[LetterOrder]:
        message, evidence = received
        verdict = Verdict("en", labels, dict.fromkeys(labels, 1.0), Doubt.NONE, "by hand")
        correcting = Correcting(self.registry, "ana")
        orders = correcting.correct(self.session, message, replace(evidence, verdict=verdict), LATER)
        self.session.flush()
        return orders

    def case(self) -> Case:
        (case,) = self.session.exec(select(Case))
        return case

    def items(self) -> dict[Kind, ItemResult | None]:
        found = self.session.exec(select(RequestItem).order_by(col(RequestItem.id)))
        return {item.kind: item.result for item in found}


@pytest.fixture
def office(database: Database, audit: Audit):
    with database.transaction() as session:
        yield Office(session, audit)


def test_a_request_taken_for_ordinary_mail_gets_its_case_with_the_clock_from_its_receipt(office: Office) -> None:
    received = office.receive(Label.OTHER)
    (order,) = office.correct(received, Label.ERASURE)
    case = office.case()
    assert (received[0].outcome, received[0].case_id, case.received_at) == (Outcome.CASE, case.id, RECEIVED)
    assert (order.case_id, order.received_on.isoformat()) == (case.id, "2026-03-02")
    assert office.items() == {Kind.ERASURE: None}


def test_the_wrong_right_ends_and_the_right_one_is_added(office: Office) -> None:
    received = office.receive(Label.ACCESS)
    office.correct(received, Label.ERASURE)
    assert office.items() == {Kind.ACCESS: ItemResult.NOT_A_REQUEST, Kind.ERASURE: None}
    assert office.case().status is CaseState.OPEN


def test_what_a_person_says_is_sure(office: Office) -> None:
    received = office.receive(Label.ACCESS, Label.COMPLAINT)

    def confidence() -> dict[Kind, float | None]:
        return {item.kind: item.confidence for item in office.session.exec(select(RequestItem))}

    assert confidence() == {Kind.ACCESS: 0.7, Kind.COMPLAINT: 0.7}
    office.correct(received, Label.ACCESS, Label.ERASURE)
    assert confidence() == {Kind.ACCESS: 1.0, Kind.COMPLAINT: 0.7, Kind.ERASURE: 1.0}
    words = set(office.session.exec(select(CaseWord.word)))
    assert "confidence:sure" in words
    assert not any(word.startswith("unsure:") for word in words), "what was not asked for is in no doubt any more"


def test_a_mail_that_asks_for_nothing_closes_its_case(office: Office) -> None:
    received = office.receive(Label.ACCESS)
    assert office.correct(received, Label.OTHER) == []
    assert office.case().status is CaseState.CLOSED
    assert office.items() == {Kind.ACCESS: ItemResult.NOT_A_REQUEST}


def test_a_doubtful_request_is_acknowledged_once_a_person_has_confirmed_it(office: Office) -> None:
    received = office.receive(Label.ACCESS, doubt=Doubt.REQUEST)
    assert office.case().status is CaseState.REVIEW
    (order,) = office.correct(received, Label.ACCESS)
    assert [item.kind for item in order.items] == [Kind.ACCESS]
    assert (office.case().status, office.case().needs_review) == (CaseState.OPEN, False)


def test_a_further_mail_adds_kinds_and_ends_none(office: Office) -> None:
    office.receive(Label.ACCESS)
    further = office.receive(Label.FOLLOWUP, answers="<m1@mail.example>")
    assert further[0].outcome is Outcome.THREAD
    assert office.correct(further, Label.ERASURE) == []
    assert office.items() == {Kind.ACCESS: None, Kind.ERASURE: None}


def test_a_further_mail_that_asks_for_nothing_leaves_the_doubt_about_the_first(office: Office) -> None:
    office.receive(Label.ACCESS, doubt=Doubt.REQUEST)
    office.correct(office.receive(Label.FOLLOWUP, answers="<m1@mail.example>"), Label.OTHER)
    assert (office.case().status, office.case().needs_review) == (CaseState.REVIEW, True)
    assert office.items() == {Kind.ACCESS: None}


def test_ordinary_mail_taken_for_a_machines_is_filed(office: Office) -> None:
    received = office.receive(Label.AUTO)
    office.correct(received, Label.OTHER)
    assert (received[0].outcome, received[0].case_id) == (Outcome.FILED, None)


def test_who_said_what_instead_of_what_is_kept_and_audited(office: Office) -> None:
    received = office.receive(Label.OTHER)
    office.correct(received, Label.ERASURE)
    (correction,) = office.session.exec(select(Correction))
    kept = (correction.labels, correction.said, correction.model_version, correction.by, correction.at)
    assert kept == (["erasure"], ["other"], "7", "ana", LATER)
    entry = office.session.exec(select(AuditEntry).where(col(AuditEntry.action) == Action.MESSAGE_CORRECTED)).one()
    assert (entry.actor, entry.message_id) == ("ana", received[0].id)


@pytest.mark.parametrize("outcome", [Outcome.PENDING, Outcome.DUPLICATE, Outcome.VANISHED])
def test_what_was_not_judged_cannot_be_corrected(office: Office, outcome: Outcome) -> None:
    received = office.receive(Label.OTHER)
    received[0].outcome = outcome
    with pytest.raises(NotAllowed, match="cannot be corrected"):
        office.correct(received, Label.ERASURE)
