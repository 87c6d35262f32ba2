"""Reading an IMAP folder, on a real Dovecot: what lies there is served once, whole, and left as it was."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest
import trustme
from builders import mail
from dovecot import PASSWORD, USER, Dovecot
from imapclient import DELETED, SEEN
from mailboxes import imap_access, mailbox

from ingest.imap import ImapMailbox
from ingest.source import Gone
from models.errors import PermanentFailure, TemporaryFailure
from models.mail import RawMail
from models.organisation import Mailbox

PLAIN = b"From: ana@mail.example\r\nSubject: Hello\r\n\r\nDelete my data.\r\n"


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> Iterator[Dovecot]:
    server = Dovecot(authority)
    server.start()
    yield server
    server.remove()


@pytest.fixture
def folder(server: Dovecot) -> str:
    """A folder of its own for each test, on one server for all."""
    name = f"f{secrets.token_hex(4)}"
    with server.client() as client:
        client.create_folder(name)
    return name


@pytest.fixture
def box(server: Dovecot, folder: str) -> Mailbox:
    return mailbox(imap=imap_access(server), folder=folder)


def read_all(box: Mailbox) -> list[RawMail | Gone]:
    with closing(ImapMailbox(box)) as source:
        uids = sorted(source.listing().uids)
        return [found for batch in source.fetch(uids) for found in batch]


def flags(server: Dovecot, folder: str) -> list[tuple[bytes, ...]]:
    with server.client(folder) as client:
        found = client.get_flags(client.search())
    return [tuple(flag for flag in flags if flag != b"\\Recent") for flags in found.values()]


def test_bytes_are_kept_exactly_as_the_server_serves_them(server: Dovecot, box: Mailbox) -> None:
    odd = (
        b"Subject: \xfcml\xe4ut\r\nX: \x01\t \r\n\r\n\xff\xfe.\r\n..\r\nFrom here on\r\n"
        + bytes(range(1, 10))
        + b"\r\n"
    )
    server.append(odd, folder=box.folder)
    found = read_all(box)
    assert [(each.raw, each.size, each.is_truncated) for each in found] == [(odd, len(odd), False)]


def test_the_time_of_receipt_is_internaldate_never_the_senders_date(server: Dovecot, box: Mailbox) -> None:
    received = datetime(2026, 1, 31, 23, 59, 58, tzinfo=timezone(timedelta(hours=-3)))
    server.append(b"Date: Mon, 1 Jan 2001 00:00:00 +0000\r\n" + PLAIN, folder=box.folder, received_at=received)
    (found,) = read_all(box)
    assert found.received_at == datetime(2026, 2, 1, 2, 59, 58, tzinfo=UTC)
    assert found.received_at.tzinfo is UTC


def test_mails_that_people_have_read_or_flagged_are_listed_like_others(server: Dovecot, box: Mailbox) -> None:
    server.append(PLAIN, PLAIN, PLAIN, folder=box.folder)
    with server.client(box.folder) as client:
        client.add_flags([1], [SEEN, b"\\Flagged"])
        client.add_flags([2], [DELETED, b"\\Answered"])
    with closing(ImapMailbox(box)) as source:
        assert source.listing().uids == {1, 2, 3}


def test_reading_leaves_the_mailbox_as_it_was(server: Dovecot, box: Mailbox) -> None:
    server.append(PLAIN, PLAIN, folder=box.folder)
    with closing(ImapMailbox(box)) as source:
        list(source.fetch(sorted(source.listing().uids)))
        source.settle([1, 2])
    assert flags(server, box.folder) == [(), ()]


def test_an_empty_folder_is_an_empty_listing(box: Mailbox) -> None:
    assert read_all(box) == []


def test_a_mail_of_no_bytes_is_served_as_such(server: Dovecot, box: Mailbox) -> None:
    server.append(PLAIN, folder=box.folder)
    server.put_file(b"", box.folder)
    assert [found.raw for found in read_all(box)] == [PLAIN, b""]


def test_a_mail_of_twelve_megabytes_comes_whole_and_in_pieces(server: Dovecot, box: Mailbox) -> None:
    line = b"0123456789abcdef" * 4 + b"\r\n"
    large = PLAIN + line * (12 * 1024 * 1024 // len(line))
    server.append(PLAIN, large, PLAIN, folder=box.folder)
    found = read_all(box)
    assert [each.size for each in found] == [len(PLAIN), len(large), len(PLAIN)]
    assert found[1].raw == large


def test_a_mail_over_the_limit_comes_as_its_header_with_its_true_size(server: Dovecot, box: Mailbox) -> None:
    large = mail("x" * 70 + "\n" * 3000)
    server.append(PLAIN, large, PLAIN, folder=box.folder)
    found = read_all(mailbox(imap=box.imap, folder=box.folder, max_mail_bytes=1000))
    assert [(each.size, each.is_truncated) for each in found] == [
        (len(PLAIN), False),
        (len(large), True),
        (len(PLAIN), False),
    ]
    assert found[1].raw == large.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def test_more_mails_than_one_question_holds_come_once_each_in_order(server: Dovecot, box: Mailbox) -> None:
    with server.client(box.folder) as client:
        client.multiappend(box.folder, [b"Subject: %d\r\n\r\nx\r\n" % number for number in range(1, 531)])
    found = read_all(box)
    assert [each.uid for each in found] == list(range(1, 531))
    assert [each.raw for each in found] == [b"Subject: %d\r\n\r\nx\r\n" % number for number in range(1, 531)]


@pytest.mark.parametrize("chosen", [[1], [1, 2], [1, 2, 3]])
def test_what_is_expunged_between_listing_and_fetching_is_gone_and_the_rest_comes(
    server: Dovecot, box: Mailbox, chosen: list[int]
) -> None:
    server.append(PLAIN, PLAIN, PLAIN, folder=box.folder)
    with closing(ImapMailbox(box)) as source:
        uids = sorted(source.listing().uids)
        with server.client(box.folder) as client:
            client.delete_messages(chosen)
            client.expunge()
        found = [each for batch in source.fetch(uids) for each in batch]
    left = source.listing().uids
    source.close()
    assert {each.uid for each in found if isinstance(each, Gone)} <= set(chosen)
    assert {each.uid for each in found if isinstance(each, RawMail)} >= left
    assert all(each.raw == PLAIN for each in found if isinstance(each, RawMail))


def test_a_uid_that_never_was_is_gone(server: Dovecot, box: Mailbox) -> None:
    server.append(PLAIN, folder=box.folder)
    with closing(ImapMailbox(box)) as source:
        source.listing()
        assert list(source.fetch([7])) == [[Gone(7)]]


def test_breaking_off_a_fetch_keeps_the_line(server: Dovecot, box: Mailbox) -> None:
    server.append(*[PLAIN] * 60, folder=box.folder)
    with closing(ImapMailbox(box)) as source:
        batches = source.fetch(sorted(source.listing().uids))
        next(batches)
        batches.close()
        assert len(list(source.fetch([1, 2]))) == 1


def test_after_seen_marks_what_is_settled_and_nothing_else(server: Dovecot, box: Mailbox) -> None:
    server.append(PLAIN, PLAIN, folder=box.folder)
    with closing(ImapMailbox(mailbox(imap=box.imap, folder=box.folder, after="seen"))) as source:
        source.listing()
        source.settle([1])
    assert flags(server, box.folder) == [(SEEN,), ()]


OFFERED = ["", "IMAP4rev1 UIDPLUS", "IMAP4rev1"]


@pytest.mark.parametrize("capability", OFFERED, ids=["MOVE", "UIDPLUS alone", "neither"])
def test_after_move_takes_mails_to_a_folder_that_is_made_where_needed(authority: trustme.CA, capability: str) -> None:
    server = Dovecot(authority, capability=capability)
    server.start()
    try:
        server.append(PLAIN, PLAIN, mail("another"))
        with closing(ImapMailbox(mailbox(imap=imap_access(server), after="move:Erledigte Fälle"))) as source:
            source.listing()
            source.settle([1, 2, 99])
            left = source.listing().uids
        with server.client("Erledigte Fälle") as client:
            moved = client.fetch(client.search(), ["BODY.PEEK[]"])
        assert [found[b"BODY[]"] for found in moved.values()] == [PLAIN, PLAIN]
        if capability != "IMAP4rev1":
            assert left == {3}
        else:  # a bare EXPUNGE would take along what people had marked
            assert flags(server, "INBOX") == [(DELETED,), (DELETED,), ()]
    finally:
        server.remove()


def test_a_folder_to_move_to_that_cannot_be_made_is_told(server: Dovecot, box: Mailbox) -> None:
    server.append(PLAIN, folder=box.folder)
    with closing(ImapMailbox(mailbox(imap=box.imap, folder=box.folder, after="move:a//b"))) as source:
        source.listing()
        with pytest.raises(PermanentFailure, match="check `after`"):
            source.settle([1])


def test_the_server_numbering_its_mails_anew_is_noticed(dovecot: Dovecot) -> None:
    dovecot.append(PLAIN, PLAIN)
    with closing(ImapMailbox(mailbox(imap=imap_access(dovecot)))) as source:
        before = source.listing()
        dovecot.renumber()
        with pytest.raises(TemporaryFailure):
            source.listing()
        after = source.listing()
    assert len(after.uids) == 2
    assert after.uidvalidity != before.uidvalidity


def test_what_the_server_offers_and_holds_is_told_for_the_doctor(server: Dovecot, box: Mailbox) -> None:
    server.append(PLAIN, folder=box.folder)
    with closing(ImapMailbox(box)) as source:
        offers, count = source.probe()
    assert (offers.idle, offers.move, offers.uidplus, offers.condstore, count) == (True, True, True, True, 1)


class Waiting:
    """A source that waits in a thread of its own."""

    def __init__(self, source: ImapMailbox) -> None:
        self.stop, self.error = threading.Event(), None
        self._thread = threading.Thread(target=self._wait, args=(source,))
        self._thread.start()

    def _wait(self, source: ImapMailbox) -> None:
        try:
            source.wait(600, self.stop)
        except TemporaryFailure as error:
            self.error = error

    def ends(self) -> bool:
        self._thread.join(20)
        return not self._thread.is_alive()


def test_new_mail_ends_the_wait_at_once(server: Dovecot, box: Mailbox) -> None:
    with closing(ImapMailbox(box)) as source:
        source.listing()
        waiting = Waiting(source)
        server.append(PLAIN, folder=box.folder)
        assert waiting.ends()
        assert source.listing().uids == {1}


@pytest.mark.parametrize("capability", ["", "IMAP4rev1"], ids=["IDLE", "by the clock"])
def test_stopping_ends_the_wait_and_leaves_the_line_usable(authority: trustme.CA, capability: str) -> None:
    server = Dovecot(authority, capability=capability)
    server.start()
    try:
        with closing(ImapMailbox(mailbox(imap=imap_access(server)))) as source:
            source.listing()
            waiting = Waiting(source)
            waiting.stop.set()
            assert waiting.ends()
            assert waiting.error is None
            assert source.listing().uids == frozenset()
    finally:
        server.remove()


@pytest.mark.parametrize("end", [Dovecot.stop, Dovecot.kill], ids=["stopped", "killed"])
def test_a_server_that_goes_while_we_idle_is_a_temporary_failure_and_is_read_again_when_it_is_back(
    dovecot: Dovecot, end: Callable[[Dovecot], None]
) -> None:
    with closing(ImapMailbox(mailbox(imap=imap_access(dovecot)))) as source:
        source.listing()
        waiting = Waiting(source)
        end(dovecot)
        assert waiting.ends()
        assert waiting.error is not None
        with pytest.raises(TemporaryFailure, match="cannot be reached"):
            source.listing()
        dovecot.start()
        dovecot.append(PLAIN)
        assert source.listing().uids == {1}


def test_fetching_after_the_line_broke_is_a_temporary_failure(dovecot: Dovecot) -> None:
    dovecot.append(PLAIN)
    source = ImapMailbox(mailbox(imap=imap_access(dovecot)))
    source.listing()
    dovecot.kill()
    for _ in range(2):
        with pytest.raises(TemporaryFailure):
            list(source.fetch([1]))
    source.close()


def test_a_wrong_password_is_told_without_the_users_name(server: Dovecot) -> None:
    source = ImapMailbox(mailbox(imap=imap_access(server, password="wrong")))
    with pytest.raises(PermanentFailure, match="refuses the log-in: check user and password") as caught:
        source.listing()
    assert USER not in str(caught.value)
    assert "wrong" not in str(caught.value)


def test_a_password_beyond_plain_words_opens_the_mailbox(dovecot: Dovecot) -> None:
    odd = 'pässwörd "quoted" \\back {5} 密'
    users = dovecot.folder / "users"
    users.write_text(users.read_text().replace(PASSWORD, odd))
    with closing(ImapMailbox(mailbox(imap=imap_access(dovecot, password=odd)))) as source:
        assert source.listing().uids == frozenset()


def test_a_folder_that_is_not_there_is_named(server: Dovecot) -> None:
    source = ImapMailbox(mailbox(imap=imap_access(server), folder="Bewerbungen"))
    with pytest.raises(PermanentFailure, match="does not open the folder Bewerbungen: check folder"):
        source.listing()
