"""Blocked senders: ordinary mail is filed, and what may be a request still reaches a person."""

from datetime import date

import pytest
from sqlmodel import col, select
from story import Story

from cases.blocking import Block, block, is_from_blocked
from cases.clocks import OfficeClock
from models.case import Case
from models.mail import Address, Nature, Screening
from models.message import Message, Outcome
from models.outbox import OutboxMail
from models.verdict import Doubt, Label

PEST = "offers@news.shop.example"


def blocks(uk: Story, name: str, until: date | None = None) -> None:
    with uk.database.transaction() as session:
        organisation = uk.mailbox.organisation
        block(session, uk.audit, organisation, Block(name, "pest", until), (), uk.now, "ana")


def last(uk: Story) -> tuple[Outcome, str]:
    with uk.database.reading() as session:
        message = session.exec(select(Message).order_by(col(Message.id).desc())).first()
        assert message
        return message.outcome, message.reason


def letters(uk: Story) -> int:
    with uk.database.reading() as session:
        return len(session.exec(select(OutboxMail)).all())


@pytest.mark.parametrize("name", [PEST, PEST.upper(), "news.shop.example", "@shop.example"])
def test_ordinary_mail_of_a_blocked_sender_is_filed(uk: Story, name: str) -> None:
    blocks(uk, name)
    for label in (Label.OTHER, Label.SPAM, Label.FOLLOWUP, Label.JOB_APPLICATION):
        assert uk.receives(label, sender=PEST) == ""
        assert last(uk) == (Outcome.FILED, "sender blocked")
    uk.receives(Label.OTHER, sender="offers@othershop.example")
    assert last(uk) == (Outcome.FILED, "ordinary mail")
    assert letters(uk) == 0


@pytest.mark.parametrize(
    ("labels", "doubt"),
    [((Label.ERASURE,), Doubt.NONE), ((Label.COMPLAINT,), Doubt.NONE), ((Label.OTHER,), Doubt.REQUEST)],
    ids=["a right", "a complaint", "perhaps something"],
)
def test_what_may_be_a_request_of_a_blocked_sender_is_looked_at_and_not_answered(
    uk: Story, labels: tuple[Label, ...], doubt: Doubt
) -> None:
    blocks(uk, PEST)
    reference = uk.receives(*labels, sender=PEST, doubt=doubt)
    with uk.database.reading() as session:
        case = session.exec(select(Case)).one()
        assert (case.reference, case.status.value, case.needs_review) == (reference, "review", True)
        assert "blocked" in case.review_reason
    assert letters(uk) == 0


def test_an_answer_in_a_case_that_runs_joins_it_though_its_sender_is_blocked(uk: Story) -> None:
    reference = uk.receives(Label.ACCESS, sender=PEST)
    blocks(uk, PEST)
    assert uk.receives(Label.OTHER, sender=PEST, answers="<m1@mail.example>") == reference
    assert last(uk)[0] is Outcome.THREAD


def test_a_block_ends_with_its_last_day(uk: Story) -> None:
    blocks(uk.at("2026-03-02"), PEST, until=date(2026, 3, 3))
    uk.at("2026-03-03 23:59").receives(Label.OTHER, sender=PEST)
    assert last(uk) == (Outcome.FILED, "sender blocked")
    uk.at("2026-03-04 00:00").receives(Label.OTHER, sender=PEST)
    assert last(uk) == (Outcome.FILED, "ordinary mail")


def test_a_mail_that_a_colleague_passed_on_is_never_blocked(uk: Story) -> None:
    blocks(uk, PEST)
    clock = OfficeClock(uk.mailbox)
    who = Address("", PEST)
    with uk.database.reading() as session:
        for forwarded in (False, True):
            seen = Screening(Nature.PERSON, (), who, is_answerable=True, forwarded_by_staff=forwarded)
            assert is_from_blocked(session, clock, seen, uk.now) is not forwarded
