"""Taking delivery: each mail has one row for each place it lay in, and its bytes are kept once."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from mailboxes import mailbox, organisation
from sqlmodel import Session, select

from ingest.inbox import Inbox
from ingest.source import Gone
from models.audit import Action, AuditEntry
from models.errors import Taken
from models.mail import RawMail
from models.message import MailboxState, Message, Outcome, SealedMail
from models.organisation import Mailbox
from store.audit import Audit
from store.database import Database
from store.vault import Vault

MAIL = b"Subject: Hello\r\n\r\nDelete my data.\r\n"
OTHER = b"Subject: Hello\r\n\r\nDelete my data, too.\r\n"


@pytest.fixture
def inbox_of(vault: Vault, audit: Audit) -> Callable[[Mailbox], Inbox]:
    return lambda box: Inbox(box, box.folder, vault, audit)


@pytest.fixture
def inbox(inbox_of: Callable[[Mailbox], Inbox]) -> Inbox:
    return inbox_of(mailbox())


@pytest.fixture
def mails(now: datetime) -> Callable[..., list[RawMail]]:
    return lambda *raws, first=1: [RawMail(raw, now, first + place, 7, len(raw)) for place, raw in enumerate(raws)]


def take(
    database: Database, inbox: Inbox, mails: Sequence[RawMail | Gone], now: datetime, *, uidvalidity: int | None = 7
) -> int:
    with database.transaction() as session:
        return len(inbox.take_delivery(session, mails, uidvalidity, now))


def rows(database: Database) -> list[Message]:
    with database.reading() as session:
        found = list(session.exec(select(Message).order_by(Message.id)))
        session.expunge_all()
        return found


def sealed(database: Database) -> int:
    with database.reading() as session:
        return len(session.exec(select(SealedMail)).all())


def entries(session: Session) -> list[AuditEntry]:
    return list(session.exec(select(AuditEntry).order_by(AuditEntry.seq)))


def test_a_mail_becomes_a_pending_row_with_the_digest_and_the_sealed_bytes_of_what_was_served(
    database: Database, inbox: Inbox, vault: Vault, mails: Callable[..., list[RawMail]], now: datetime
) -> None:
    assert take(database, inbox, mails(MAIL), now + timedelta(hours=1)) == 1
    (row,) = rows(database)
    assert (row.organisation, row.mailbox, row.folder, row.uidvalidity, row.uid) == (
        "example",
        "contact",
        "INBOX",
        7,
        1,
    )
    assert (row.outcome, row.size, row.sha256) == (Outcome.PENDING, len(MAIL), hashlib.sha256(MAIL).hexdigest())
    assert (row.received_at, row.stored_at) == (now, now + timedelta(hours=1))
    with database.reading() as session:
        assert vault.open(session, row.sealed_id) == MAIL


def test_a_mail_of_no_bytes_is_stored_like_any_other(
    database: Database, inbox: Inbox, vault: Vault, mails: Callable[..., list[RawMail]], now: datetime
) -> None:
    take(database, inbox, mails(b""), now)
    (row,) = rows(database)
    with database.reading() as session:
        assert (row.size, vault.open(session, row.sealed_id)) == (0, b"")


def test_each_row_has_an_entry_in_the_audit_chain_and_the_chain_holds(
    database: Database, inbox: Inbox, audit: Audit, mails: Callable[..., list[RawMail]], now: datetime
) -> None:
    take(database, inbox, [*mails(MAIL, OTHER, MAIL), Gone(9)], now)
    with database.reading() as session:
        found = [(entry.action, entry.message_id) for entry in entries(session)]
        assert audit.verify(session).problem == ""
    assert found == [(Action.MESSAGE_STORED, row.id) for row in rows(database)]
    assert len(found) == 4


def test_the_same_bytes_twice_are_two_rows_and_one_sealed_mail(
    database: Database, inbox: Inbox, mails: Callable[..., list[RawMail]], now: datetime
) -> None:
    take(database, inbox, mails(MAIL, MAIL, OTHER), now)
    take(database, inbox, mails(MAIL, first=4), now)
    assert [bool(row.sealed_id) for row in rows(database)] == [True, False, True, False]
    assert [bool(row.original_sha256) for row in rows(database)] == [True, False, True, False]
    assert sealed(database) == 2


def test_a_copy_in_another_mailbox_of_the_organisation_shares_the_sealed_mail(
    database: Database,
    inbox_of: Callable[[Mailbox], Inbox],
    mails: Callable[..., list[RawMail]],
    now: datetime,
) -> None:
    for name in ("contact", "privacy"):
        assert take(database, inbox_of(mailbox(name)), mails(MAIL), now) == 1
    assert (len(rows(database)), sealed(database)) == (2, 1)


def test_two_organisations_share_nothing(
    database: Database,
    inbox_of: Callable[[Mailbox], Inbox],
    mails: Callable[..., list[RawMail]],
    now: datetime,
) -> None:
    for slug in ("one", "two"):
        take(database, inbox_of(mailbox(slug, organisation=organisation(slug))), mails(MAIL), now)
    assert (len(rows(database)), sealed(database)) == (2, 2)
    assert all(row.original_sha256 for row in rows(database))


def test_a_second_delivery_from_the_same_place_changes_nothing(
    database: Database, inbox: Inbox, mails: Callable[..., list[RawMail]], now: datetime
) -> None:
    take(database, inbox, mails(MAIL, OTHER), now)
    before = [row.model_dump() for row in rows(database)]
    assert take(database, inbox, [*mails(MAIL), Gone(2)], now + timedelta(days=1)) == 0
    assert [row.model_dump() for row in rows(database)] == before


def test_an_imported_file_has_no_place_and_is_a_row_each_time(database: Database, inbox: Inbox, now: datetime) -> None:
    for _ in range(2):
        take(database, inbox, [RawMail(MAIL, now)], now, uidvalidity=None)
    assert [(row.uid, row.size) for row in rows(database)] == [(None, len(MAIL))] * 2
    assert sealed(database) == 1


def test_a_batch_is_stored_whole_or_not_at_all(
    database: Database, inbox: Inbox, mails: Callable[..., list[RawMail]], now: datetime
) -> None:
    with pytest.raises(KeyError), database.transaction() as session:
        inbox.take_delivery(session, mails(MAIL, OTHER, b"x" * 3_000_000), 7, now)
        raise KeyError
    with database.reading() as session:
        assert entries(session) == []
    assert (rows(database), sealed(database)) == ([], 0)


def test_two_workers_cannot_both_store_the_mails_of_one_place(
    database: Database, inbox: Inbox, mails: Callable[..., list[RawMail]], now: datetime
) -> None:
    take(database, inbox, mails(MAIL), now)
    (row,) = rows(database)
    with pytest.raises(Taken), database.transaction() as session:
        session.add(Message(**(row.model_dump() | {"id": None, "original_sha256": None, "sealed_id": None})))
    assert len(rows(database)) == 1


def test_a_mail_over_the_limit_is_a_clear_entry_for_staff_with_its_header(
    database: Database, inbox: Inbox, vault: Vault, now: datetime
) -> None:
    take(database, inbox, [RawMail(b"Subject: x\r\n\r\n", now, 1, 7, 90_000_000, is_truncated=True)], now)
    (row,) = rows(database)
    assert (row.outcome, row.size, row.sha256) == (Outcome.QUARANTINE, 90_000_000, None)
    assert row.reason == "85.8 MB is more than the limit of 64 MB (max_mail_mb): only its header was read"
    with database.reading() as session:
        assert vault.open(session, row.sealed_id) == b"Subject: x\r\n\r\n"


def test_what_went_before_it_could_be_read_is_recorded_as_vanished(
    database: Database, inbox: Inbox, now: datetime
) -> None:
    take(database, inbox, [Gone(3)], now)
    (row,) = rows(database)
    assert (row.uid, row.outcome, row.sha256, row.sealed_id) == (3, Outcome.VANISHED, None, None)
    assert (row.received_at, row.decided_at) == (now, now)


def test_a_server_that_numbers_anew_gives_copies_and_a_note_in_the_chain(
    database: Database, inbox: Inbox, mails: Callable[..., list[RawMail]], now: datetime
) -> None:
    for uidvalidity in (7, 8):
        with database.transaction() as session:
            inbox.begin_poll(session, uidvalidity, now)
            assert inbox.known_uids(session, uidvalidity) == frozenset()
        take(database, inbox, mails(MAIL, OTHER), now, uidvalidity=uidvalidity)
    assert [(row.uidvalidity, bool(row.original_sha256)) for row in rows(database)] == [
        (7, True),
        (7, True),
        (8, False),
        (8, False),
    ]
    with database.reading() as session:
        assert [entry.action for entry in entries(session)].count(Action.MAILBOX_RENUMBERED) == 1


def test_the_first_poll_is_remembered_to_the_second_and_never_moved(
    database: Database, inbox: Inbox, now: datetime
) -> None:
    for later in (0, 1, 2):
        with database.transaction() as session:
            inbox.begin_poll(session, 7, now + timedelta(days=later, microseconds=5))
    with database.reading() as session:
        state = session.get(MailboxState, "contact")
        assert (state.first_polled_at, state.uidvalidity) == (now, 7)


def test_uids_as_large_as_servers_make_them_are_kept(database: Database, inbox: Inbox, now: datetime) -> None:
    largest = 2**63 - 1  # Maildir digests; IMAP's own end at 32 bits
    take(database, inbox, [RawMail(MAIL, now, largest, 2**32 - 1)], now, uidvalidity=2**32 - 1)
    with database.reading() as session:
        assert inbox.known_uids(session, 2**32 - 1) == {largest}


def test_the_server_is_owed_a_word_for_what_is_stored_until_it_was_told(
    database: Database, inbox: Inbox, mails: Callable[..., list[RawMail]], now: datetime
) -> None:
    header = RawMail(b"\r\n", now, 3, 7, 90_000_000, is_truncated=True)
    take(database, inbox, [*mails(MAIL, MAIL), header, Gone(4)], now)
    with database.transaction() as session:
        assert inbox.owed_uids(session, 7) == [1, 2]
        inbox.note_settled(session, 7, [1], now)
    with database.reading() as session:
        assert inbox.owed_uids(session, 7) == [2]
        assert inbox.owed_uids(session, 8) == []
