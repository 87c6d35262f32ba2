"""Deciding: a few mails to a commit, and one mail's trouble stays with that mail."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from threading import Event
from typing import Any

import pytest
from builders import mail
from mailboxes import mailbox
from sqlmodel import col, select

from cases.redacting import Redaction, redact
from cases.worklist import Filters, fitting_ids
from ingest import redacting
from ingest.inbox import Inbox
from models.case import Case, RequestItem
from models.errors import NotAllowed
from models.letter import LetterOrder
from models.mail import RawMail
from models.message import Message, Outcome, SealedMail
from models.organisation import Mailbox
from models.outbox import OutboxMail
from models.redaction import Passages, RedactionGround
from models.staff import Actor, Role
from models.verdict import Label
from responders.letters import Letter, LetterWriter
from responders.outbox import Outbox
from service.casework import Casework
from service.correcting import correct
from service.desk import Desk
from service.pipeline import Pipeline
from service.reading import Reader, ReadingOrder
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

BOX = mailbox()
REQUEST = "Please delete all the personal data you hold about me, under Article 17 GDPR.\n\nKind regards"


class Moody(LetterWriter):
    """Writes letters, to one address only when it feels like it."""

    is_moody = True

    def compose(self, order: LetterOrder, mailbox: Mailbox) -> Letter:
        if self.is_moody and order.to.address == "person3@mail.example":
            raise ZeroDivisionError
        return super().compose(order, mailbox)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.close()


@pytest.fixture
def desk(database: Database, vault: Vault, audit: Audit, reader: Reader, now: datetime) -> Iterator[Desk]:
    presence, clock = Presence(database), lambda: now
    outbox = Outbox(database, vault, audit, presence, clock)
    yield Desk((BOX,), database, vault, audit, presence, reader, Moody(), outbox, clock)
    presence.leave()


@pytest.fixture
def take(desk: Desk, now: datetime) -> Callable[..., None]:
    def deliver(*raws: bytes) -> None:
        inbox = Inbox(BOX, "INBOX", desk.vault, desk.audit)
        mails = [RawMail(raw, now, uid=number) for number, raw in enumerate(raws, 1)]
        with desk.database.transaction() as session:
            inbox.begin_poll(session, 1, now)
            inbox.take_delivery(session, mails, 1, now)

    return deliver


def person(number: int, **headers: str) -> bytes:
    sender, subject = f"person{number}@mail.example", f"Erasure request number {number}"
    return mail(REQUEST, sender=sender, subject=subject, message_id=f"<{number}@mail.example>", **headers)


def decide(desk: Desk) -> list[Outcome]:
    return list(Pipeline(desk).process_pending(BOX, Event()))


def test_a_mail_whose_letter_cannot_be_written_holds_up_none_beside_it(
    desk: Desk, take: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    take(*(person(number) for number in range(1, 6)))
    assert decide(desk) == [Outcome.CASE] * 4
    assert decide(desk) == []
    assert decide(desk) == [Outcome.QUARANTINE]
    with desk.database.reading() as session:
        messages = session.exec(select(Message).order_by(col(Message.id))).all()
        assert [message.outcome for message in messages] == [
            Outcome.CASE,
            Outcome.CASE,
            Outcome.QUARANTINE,
            Outcome.CASE,
            Outcome.CASE,
        ]
        assert messages[2].reason == "could not be handled: ZeroDivisionError"
        senders = {f"person{number}@mail.example" for number in (1, 2, 4, 5)}
        assert {case.requester_address for case in session.exec(select(Case))} == senders
        assert sorted(letter.to_address for letter in session.exec(select(OutboxMail))) == sorted(senders)
        assert desk.audit.verify(session).is_intact
    assert "mail.example" not in caplog.text


def test_a_mail_that_was_trouble_once_is_handled_when_the_trouble_is_over(
    desk: Desk, take: Callable[..., None]
) -> None:
    take(person(2), person(3))
    decide(desk)
    letters = Moody()
    letters.is_moody = False
    assert decide(replace(desk, letters=letters)) == [Outcome.CASE]


def test_copies_and_replies_decided_in_one_commit_find_what_came_just_before_them(
    desk: Desk, take: Callable[..., None]
) -> None:
    copy = person(1, X_Copy="yes")  # other bytes, the same Message-ID and body
    again = mail(
        "When will you delete my personal data? I still wait for the erasure.",
        sender="person1@mail.example",
        subject="Re: Erasure request number 1",
        message_id="<again@mail.example>",
        In_Reply_To="<1@mail.example>",
    )
    take(person(1), copy, again)
    assert decide(desk) == [Outcome.CASE, Outcome.DUPLICATE, Outcome.THREAD]
    with desk.database.reading() as session:
        (case,) = session.exec(select(Case))
        assert {message.case_id for message in session.exec(select(Message))} == {case.id}
        assert len(session.exec(select(OutboxMail)).all()) == 1


def test_what_came_with_a_mail_and_how_sure_it_is_are_kept_where_the_queue_finds_them(
    desk: Desk, take: Callable[..., None]
) -> None:
    files = (("Passport_Mara.pdf", b"%PDF-1.7"), ("logo.png", b"small"), ("all.zip", b"PK"))
    take(mail(REQUEST, message_id="<1@mail.example>", attachments=files), person(2))
    assert decide(desk) == [Outcome.CASE] * 2
    with desk.database.reading() as session:
        message = session.get_one(Message, 1)
        assert message.files == ["archive", "identity", "pdf"]
        assert fitting_ids(session, Filters(words="has:pdf has:archive"), date(2026, 3, 2)) == [message.case_id]
        assert all(0.8 <= (item.confidence or 0) <= 1 for item in session.exec(select(RequestItem)))
        assert len(fitting_ids(session, Filters(words="confidence:sure"), date(2026, 3, 2))) == 2
        assert "Passport" not in str(session.exec(select(Message.files)).all())


def test_a_run_that_is_told_to_stop_decides_nothing_more_and_loses_nothing(
    desk: Desk, take: Callable[..., None]
) -> None:
    take(*(person(number) for number in range(10, 30)))
    stop, outcomes = Event(), []
    for outcome in Pipeline(desk).process_pending(BOX, stop):
        outcomes.append(outcome)
        stop.set()
    assert 0 < len(outcomes) < 20
    assert len(outcomes) + len(decide(desk)) == 20


def test_a_redacted_mail_that_comes_again_brings_nothing_back(desk: Desk, take: Callable[..., None]) -> None:
    raw = mail(f"{REQUEST} My card is 4111 1111 1111 1234.", message_id="<1@mail.example>")
    take(raw)
    assert decide(desk) == [Outcome.CASE]
    with desk.database.reading() as session:
        reference = session.exec(select(Case.reference)).one()
    wanted = Redaction(Passages(["4111 1111 1111 1234"]), (), RedactionGround.PAYMENT_DATA)
    Casework(desk, Actor("ben", Role.MANAGER)).do(reference, lambda office: redact(office, wanted, redacting))
    take(raw, raw, b"Received: from elsewhere.example; Mon, 02 Mar 2026 09:00:01 +0000\r\n" + raw)
    assert decide(desk) == [Outcome.DUPLICATE] * 2
    with desk.database.reading() as session:
        assert len(session.exec(select(Message)).all()) == 3
        assert len(session.exec(select(Case)).all()) == 1
        kept = [desk.vault.open(session, sealed) for sealed in session.exec(select(SealedMail.id))]
        assert not any(b"4111" in one for one in kept)


def test_a_correction_that_was_reading_a_mail_while_it_was_redacted_is_refused(
    desk: Desk, take: Callable[..., None]
) -> None:
    take(mail(f"{REQUEST} My card is 4111 1111 1111 1234.", message_id="<1@mail.example>"))
    decide(desk)
    with desk.database.reading() as session:
        reference = session.exec(select(Case.reference)).one()
    wanted = Redaction(Passages(["4111 1111 1111 1234"]), (), RedactionGround.PAYMENT_DATA)

    class Interrupted:
        """Reads, and lets somebody redact before what was read is told."""

        def read(self, order: ReadingOrder) -> object:
            return desk.reader.read(order)

        def result(self, order: ReadingOrder, future: Any) -> object:
            read = desk.reader.result(order, future)
            Casework(desk, Actor("ben", Role.MANAGER)).do(reference, lambda office: redact(office, wanted, redacting))
            return read

    with pytest.raises(NotAllowed, match="changed meanwhile"):
        correct(replace(desk, reader=Interrupted()), 1, [Label.ACCESS], "ana")  # type: ignore[arg-type]
    correct(desk, 1, [Label.ACCESS], "ana")
    with desk.database.reading() as session:
        kept = [desk.vault.open(session, sealed) for sealed in session.exec(select(SealedMail.id))]
        assert not any(b"4111" in one for one in kept)
