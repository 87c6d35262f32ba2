"""The outbox: every letter that is owed arrives, once, or more often only with a record and the same Message-ID."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
import trustme
from dovecot import free_port
from hypothesis import given
from hypothesis import strategies as st
from listener import Listener
from mailboxes import access, mailbox
from sqlmodel import col, select

from models.audit import Action, AuditEntry
from models.case import Case, CaseState
from models.letter import LetterOrder
from models.mail import Address, DeliveryReport
from models.message import SealedChunk
from models.organisation import Mailbox
from models.outbox import OutboxMail, OutboxState, Template
from responders.letters import Letter
from responders.outbox import Outbox, pause_after
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def presence(database: Database) -> Iterator[Presence]:
    presence = Presence(database)
    yield presence
    presence.leave()


@pytest.fixture
def outbox(database: Database, vault: Vault, audit: Audit, presence: Presence, clock: Clock) -> Outbox:
    return Outbox(database, vault, audit, presence, clock)


@pytest.fixture
def box(listener: Listener, authority: trustme.CA, tmp_path: Path) -> Mailbox:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return mailbox(smtp=access(listener.port, tmp_path / "ca.pem"))


@pytest.fixture
def write(outbox: Outbox, clock: Clock) -> Callable[..., int]:
    """Writes an acknowledgement with its case, as the pipeline does; returns its id."""
    return lambda to="ana@mail.example", **changes: enqueue(outbox, clock.now, to, **changes)


def enqueue(outbox: Outbox, now: datetime, to: str, **changes: object) -> int:
    with outbox.database.transaction() as session:
        case = Case(
            reference=f"RD-{len(session.exec(select(Case)).all()):03d}",
            organisation="example",
            mailbox="contact",
            status=CaseState.OPEN,
            requester_address=to,
            language="en",
            received_at=now,
            opened_at=now,
        )
        session.add(case)
        session.flush()
        message_id = f"<{case.reference}@example.org>"
        raw = f"Message-ID: {message_id}\r\nSubject: Your request\r\n\r\nWe have it.\r\n".encode()
        letter = Letter(message_id, "Your request", raw)
        return outbox.enqueue(session, order_for(case, to, now, **changes), letter, "example").id or 0


def order_for(case: Case, to: str, now: datetime, **changes: object) -> LetterOrder:
    facts: dict[str, object] = {
        "template": Template.ACKNOWLEDGEMENT_RIGHTS,
        "case_id": case.id,
        "reference": case.reference,
        "mailbox": "contact",
        "language": "en",
        "to": Address("", to),
        "received_on": now.date(),
        "items": (),
        "answer_by": None,
        "answer_by_extended": None,
        "missing": (),
        "in_reply_to": "",
        "references": (),
        "state": OutboxState.QUEUED,
        "reason": "",
        "ordered_at": now,
    }
    return LetterOrder(**(facts | changes))


def rows(database: Database) -> list[OutboxMail]:
    with database.reading() as session:
        found = list(session.exec(select(OutboxMail).order_by(col(OutboxMail.id))))
        session.expunge_all()
        return found


def states(database: Database) -> list[str]:
    return [row.state for row in rows(database)]


def deeds(database: Database, audit: Audit) -> list[Action]:
    """What the chain says was done with letters, once it is known to hold."""
    with database.reading() as session:
        assert audit.verify(session).problem == ""
        return list(session.exec(select(AuditEntry.action).order_by(col(AuditEntry.seq))))


def change(database: Database, letter: int, **values: object) -> None:
    with database.transaction() as session:
        row = session.get(OutboxMail, letter)
        for name, value in values.items():
            setattr(row, name, value)


def message_ids(listener: Listener) -> list[str]:
    return [str(mail.mail["Message-ID"]) for mail in listener.mails]


Write = Callable[..., int]


def test_a_letter_is_kept_with_what_caused_it_or_not_at_all(database: Database, outbox: Outbox, now: datetime) -> None:
    with pytest.raises(KeyError), database.transaction() as session:
        session.add(
            case := Case(
                reference="RD-1",
                organisation="example",
                mailbox="contact",
                status=CaseState.OPEN,
                requester_address="a@b.example",
                language="en",
                received_at=now,
                opened_at=now,
            )
        )
        session.flush()
        outbox.enqueue(session, order_for(case, "a@b.example", now), Letter("<1@x>", "s", b"raw"), "example")
        raise KeyError
    assert rows(database) == []


def test_due_letters_leave_over_one_line_and_their_cases_are_acknowledged(
    database: Database, outbox: Outbox, audit: Audit, box: Mailbox, listener: Listener, write: Write, clock: Clock
) -> None:
    for number in range(5):
        write(f"p{number}@mail.example")
    clock.now += timedelta(minutes=1)
    delivery = outbox.deliver_due(box, Event())
    assert (delivery.sent, delivery.error) == (5, "")
    assert [(row.state, row.attempts, row.sent_at, row.owner) for row in rows(database)] == [
        (OutboxState.SENT, 1, clock.now, None)
    ] * 5
    assert [mail.recipients for mail in listener.mails] == [[f"p{number}@mail.example"] for number in range(5)]
    assert {mail.sender for mail in listener.mails} == {"contact@example.org"}
    assert listener.connections == 1
    with database.reading() as session:
        assert list(session.exec(select(Case.acknowledged_at))) == [clock.now] * 5
    assert Counter(deeds(database, audit)) == {Action.LETTER_WRITTEN: 5, Action.LETTER_SENT: 5}


def test_what_was_sent_is_not_sent_again(
    outbox: Outbox, box: Mailbox, listener: Listener, write: Write, clock: Clock
) -> None:
    write()
    outbox.deliver_due(box, Event())
    clock.now += timedelta(days=30)
    assert outbox.deliver_due(box, Event()).sent == 0
    assert len(listener.mails) == 1


def test_letters_of_other_mailboxes_held_letters_and_shadows_stay(
    database: Database, outbox: Outbox, box: Mailbox, listener: Listener, write: Write, clock: Clock
) -> None:
    write(mailbox="other")
    write(state=OutboxState.HELD, reason="cap")
    write(state=OutboxState.SHADOW)
    write(ordered_at=clock.now + timedelta(hours=1))
    assert outbox.deliver_due(box, Event()).sent == 0
    assert listener.mails == []
    assert states(database) == ["queued", "held", "shadow", "queued"]


def test_a_mailbox_that_sends_nothing_keeps_its_letters(database: Database, outbox: Outbox, write: Write) -> None:
    write()
    assert outbox.deliver_due(mailbox(), Event()).error == ""
    assert states(database) == ["queued"]


def test_a_temporary_refusal_waits_longer_each_time_while_others_go_on(
    database: Database, outbox: Outbox, box: Mailbox, listener: Listener, write: Write, clock: Clock
) -> None:
    listener.handler.answers["busy@mail.example"] = "450 4.2.1 busy@mail.example is busy"
    write("busy@mail.example")
    write("ana@mail.example")
    delivery = outbox.deliver_due(box, Event())
    assert (delivery.sent, states(database)) == (1, ["queued", "sent"])
    waits = []
    for attempt in range(2, 7):
        waits.append(rows(database)[0].next_try_at - clock.now)
        outbox.deliver_due(box, Event())
        assert rows(database)[0].attempts == attempt - 1  # not before its time
        clock.now += waits[-1]
        outbox.deliver_due(box, Event())
        assert (rows(database)[0].attempts, rows(database)[0].reason) == (attempt, "the server answered 450")
    assert waits == sorted(waits)
    del listener.handler.answers["busy@mail.example"]
    clock.now += timedelta(hours=5)
    assert outbox.deliver_due(box, Event()).sent == 1
    assert states(database) == ["sent", "sent"]


def test_a_letter_that_is_refused_for_five_days_waits_for_staff(
    database: Database, outbox: Outbox, audit: Audit, box: Mailbox, listener: Listener, write: Write, clock: Clock
) -> None:
    listener.handler.answers[""] = "450 busy"
    write()
    clock.now += timedelta(days=5)
    outbox.deliver_due(box, Event())
    assert states(database) == ["queued"]
    clock.now += timedelta(hours=5)
    outbox.deliver_due(box, Event())
    assert states(database) == ["held"]
    assert deeds(database, audit)[-1] is Action.LETTER_HELD


def test_a_refusal_for_good_waits_for_staff_and_is_told_while_others_go_on(
    database: Database, outbox: Outbox, audit: Audit, box: Mailbox, listener: Listener, write: Write, clock: Clock
) -> None:
    listener.handler.answers["gone@mail.example"] = "550 5.1.1 gone@mail.example unknown"
    for recipient in ("gone@mail.example", "ana@mail.example", "not an address", "ben@mail.example"):
        write(recipient)
    delivery = outbox.deliver_due(box, Event())
    assert (delivery.sent, states(database)) == (2, ["held", "sent", "held", "sent"])
    assert delivery.error.startswith("a letter is held for staff: ")
    assert rows(database)[0].reason == "the server answered 550"
    clock.now += timedelta(days=1)
    assert outbox.deliver_due(box, Event()).sent == 0
    assert deeds(database, audit).count(Action.LETTER_HELD) == 2


def test_an_unanswered_letter_is_uncertain_and_offered_again_with_the_same_message_id(
    database: Database, outbox: Outbox, audit: Audit, box: Mailbox, listener: Listener, write: Write, clock: Clock
) -> None:
    listener.handler.after_data.append("drop")
    write("ana@mail.example")
    write("ben@mail.example")
    outbox.deliver_due(box, Event())
    assert states(database) == ["uncertain", "sent"]
    clock.now += timedelta(hours=1)
    assert outbox.deliver_due(box, Event()).sent == 1
    assert states(database) == ["sent", "sent"]
    assert Counter(message_ids(listener)) == {"<RD-000@example.org>": 2, "<RD-001@example.org>": 1}
    assert deeds(database, audit).count(Action.LETTER_UNCERTAIN) == 1


def test_after_two_repeats_a_letter_that_nobody_confirms_waits_for_staff(
    database: Database, outbox: Outbox, audit: Audit, box: Mailbox, listener: Listener, write: Write, clock: Clock
) -> None:
    listener.handler.after_data.extend(["drop"] * 9)
    write()
    for _ in range(6):
        outbox.deliver_due(box, Event())
        clock.now += timedelta(hours=5)
    assert states(database) == ["held"]
    assert message_ids(listener) == ["<RD-000@example.org>"] * 3
    assert Counter(deeds(database, audit)) == {
        Action.LETTER_WRITTEN: 1,
        Action.LETTER_UNCERTAIN: 3,
        Action.LETTER_HELD: 1,
    }


def test_while_the_server_is_down_letters_stay_due_and_no_attempt_is_counted(
    database: Database, outbox: Outbox, audit: Audit, box: Mailbox, write: Write
) -> None:
    first = write()
    change(database, first, state=OutboxState.UNCERTAIN, attempts=1)
    write()
    closed = free_port()
    for _ in range(3):
        delivery = outbox.deliver_due(mailbox(smtp=access(closed)), Event())
        assert (delivery.sent, f"127.0.0.1:{closed} cannot be reached" in delivery.error) == (0, True)
    assert [(row.state, row.attempts) for row in rows(database)] == [("uncertain", 1), ("queued", 0)]
    assert outbox.deliver_due(box, Event()).sent == 2
    assert Action.LETTER_UNCERTAIN not in deeds(database, audit)


def test_a_server_that_closes_the_line_after_some_letters_gets_the_rest_on_a_new_one_in_the_same_run(
    database: Database, outbox: Outbox, box: Mailbox, listener: Listener, write: Write
) -> None:
    for number in range(6):
        write(f"p{number}@mail.example")
    listener.handler.letters_a_line = 2
    change(database, 3, state=OutboxState.UNCERTAIN)
    assert outbox.deliver_due(box, Event()).sent == 6
    assert [row.attempts for row in rows(database)] == [1] * 6
    assert listener.connections == 3


def test_a_dead_processs_letter_is_taken_over_at_once_with_a_record(
    database: Database, outbox: Outbox, audit: Audit, box: Mailbox, listener: Listener, write: Write, clock: Clock
) -> None:
    letter, other = write(), Presence(database)
    change(database, letter, state=OutboxState.SENDING, owner=other.name, attempts=1, next_try_at=clock.now)
    outbox.deliver_due(box, Event())
    assert states(database) == ["sending"]  # it lives: perhaps it only sleeps
    other.leave()
    assert outbox.deliver_due(box, Event()).sent == 1
    assert [(row.state, row.attempts) for row in rows(database)] == [("sent", 2)]
    assert deeds(database, audit) == [Action.LETTER_WRITTEN, Action.LETTER_UNCERTAIN, Action.LETTER_SENT]
    assert message_ids(listener) == ["<RD-000@example.org>"]


def test_what_we_could_not_settle_ourselves_is_taken_up_again_with_a_record(
    database: Database, outbox: Outbox, audit: Audit, presence: Presence, box: Mailbox, write: Write
) -> None:
    change(database, write(), state=OutboxState.SENDING, owner=presence.name, attempts=1)
    assert outbox.deliver_due(box, Event()).sent == 1
    assert deeds(database, audit) == [Action.LETTER_WRITTEN, Action.LETTER_UNCERTAIN, Action.LETTER_SENT]


def test_who_slept_through_its_claim_does_not_settle_what_another_took_over(
    database: Database, outbox: Outbox, audit: Audit, box: Mailbox, listener: Listener, write: Write
) -> None:
    letter, other = write(), Presence(database)
    listener.handler.before_answer = lambda: change(database, letter, owner=other.name)
    outbox.deliver_due(box, Event())
    assert [(row.state, row.owner) for row in rows(database)] == [("sending", other.name)]
    assert deeds(database, audit) == [Action.LETTER_WRITTEN]
    other.leave()


def test_two_threads_of_one_process_hand_each_letter_over_once(
    database: Database, outbox: Outbox, box: Mailbox, listener: Listener, write: Write
) -> None:
    ids = [write(f"p{number}@mail.example") for number in range(20)]
    run_together([outbox, outbox, outbox], box)
    assert states(database) == ["sent"] * len(ids)
    assert Counter(message_ids(listener)).most_common(1)[0][1] == 1


def test_two_processes_hand_each_letter_over_once(
    database: Database,
    outbox: Outbox,
    vault: Vault,
    audit: Audit,
    clock: Clock,
    box: Mailbox,
    listener: Listener,
    write: Write,
) -> None:
    ids = [write(f"p{number}@mail.example") for number in range(20)]
    other = Presence(database)
    run_together([outbox, Outbox(database, vault, audit, other, clock)], box)
    other.leave()
    assert states(database) == ["sent"] * len(ids)
    assert sorted(message_ids(listener)) == sorted(row.message_id for row in rows(database))
    assert deeds(database, audit).count(Action.LETTER_SENT) == len(ids)


def run_together(outboxes: list[Outbox], box: Mailbox) -> None:
    threads = [threading.Thread(target=outbox.deliver_due, args=(box, Event())) for outbox in outboxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_stopping_ends_between_two_letters(
    database: Database, outbox: Outbox, box: Mailbox, listener: Listener, write: Write
) -> None:
    stop = Event()
    for _ in range(3):
        write()
    listener.handler.before_answer = stop.set
    assert outbox.deliver_due(box, stop).sent == 1
    assert outbox.deliver_due(box, stop).sent == 0
    assert states(database) == ["sent", "queued", "queued"]


def test_letters_that_come_while_the_line_is_open_leave_over_it(
    outbox: Outbox, box: Mailbox, listener: Listener, write: Write
) -> None:
    coming = iter(["a@mail.example", "b@mail.example", None])

    def is_more_coming() -> bool:
        to = next(coming)
        return to is not None and bool(write(to))

    assert outbox.deliver_due(box, Event(), is_more_coming).sent == 2
    assert (len(listener.mails), listener.connections) == (2, 1)


def test_a_letter_whose_bytes_were_altered_waits_for_staff_and_the_next_leaves(
    database: Database, outbox: Outbox, box: Mailbox, listener: Listener, write: Write
) -> None:
    write("ana@mail.example")
    write("ben@mail.example")
    with database.transaction() as session:
        chunk = session.get(SealedChunk, (rows(database)[0].sealed_id, 0))
        chunk.ciphertext = chunk.ciphertext[:-1] + bytes([chunk.ciphertext[-1] ^ 1])
    assert outbox.deliver_due(box, Event()).sent == 1
    assert states(database) == ["held", "sent"]
    assert [mail.recipients for mail in listener.mails] == [["ben@mail.example"]]


def test_an_address_beyond_ascii_is_reached(
    database: Database, outbox: Outbox, box: Mailbox, listener: Listener, write: Write
) -> None:
    write("jürgen@bücher.example")
    assert outbox.deliver_due(box, Event()).sent == 1
    assert listener.mails[0].recipients == ["jürgen@bücher.example"]


def report(message_id: str, action: str = "failed") -> DeliveryReport:
    return DeliveryReport(action, "5.1.1", message_id)


@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.UNCERTAIN])
def test_a_delivery_report_fails_the_letter_it_names(
    database: Database, outbox: Outbox, audit: Audit, write: Write, state: OutboxState
) -> None:
    letter = write()
    change(database, letter, state=state)
    with database.transaction() as session:
        assert outbox.note_report(session, report("<RD-000@example.org>")).id == letter
    (row,) = rows(database)
    assert (row.state, row.reason) == (OutboxState.FAILED, "a delivery report came back: 5.1.1")
    assert deeds(database, audit)[-1] is Action.LETTER_BOUNCED


@pytest.mark.parametrize("named", ["<forged@example.org>", "", "RD-000@example.org", "<rd-000@example.org>"])
def test_a_report_that_names_no_letter_of_ours_changes_nothing(
    database: Database, outbox: Outbox, audit: Audit, write: Write, named: str
) -> None:
    change(database, write(), state=OutboxState.SENT)
    with database.transaction() as session:
        assert outbox.note_report(session, report(named)) is None
    assert states(database) == ["sent"]
    assert deeds(database, audit) == [Action.LETTER_WRITTEN]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", ""])
def test_a_report_that_says_no_failure_is_matched_and_changes_nothing(
    database: Database, outbox: Outbox, write: Write, action: str
) -> None:
    change(database, write(), state=OutboxState.SENT)
    with database.transaction() as session:
        assert outbox.note_report(session, report("<RD-000@example.org>", action)) is not None
    assert states(database) == ["sent"]


@given(st.integers(min_value=1, max_value=10_000))
def test_pauses_grow_from_seconds_to_hours_and_no_further(attempts: int) -> None:
    assert timedelta(seconds=8) <= pause_after(attempts) <= timedelta(hours=4.8)
    assert pause_after(attempts + 1) >= pause_after(attempts) * 0.6
