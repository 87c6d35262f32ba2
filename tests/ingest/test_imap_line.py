"""The line to an IMAP server: proven and encrypted or not used at all; odd servers are endured and told."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
import trustme
from dovecot import Dovecot, free_port
from mailboxes import access, imap_access, mailbox
from scripted import Answer, Scripted

from ingest.imap import ImapMailbox
from ingest.source import Gone
from models.errors import DeskError, PermanentFailure, TemporaryFailure
from models.mail import RawMail
from models.organisation import TlsMode

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MAIL = b"Received: by mx.example.org; Mon, 2 Mar 2026 09:30:00 +0000\r\nSubject: x\r\n\r\nDelete my data.\r\n"


def certificates(authority: trustme.CA) -> dict[str, trustme.LeafCert]:
    return {
        "of an unknown authority": trustme.CA().issue_cert("127.0.0.1"),
        "for another name": authority.issue_cert("imap.example.org"),
        "expired": authority.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC)),
    }


@pytest.fixture(scope="module", params=["of an unknown authority", "for another name", "expired"])
def unproven(request: pytest.FixtureRequest, authority: trustme.CA) -> Iterator[Dovecot]:
    server = Dovecot(authority)
    server.use_certificate(certificates(authority)[request.param])
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> Iterator[Dovecot]:
    server = Dovecot(authority)
    server.start()
    yield server
    server.remove()


def modes(server: Dovecot) -> dict[TlsMode, int]:
    return {TlsMode.STARTTLS: server.port, TlsMode.IMPLICIT: server.tls_port}


def listing_error(port: int, **changes: object) -> DeskError:
    source = ImapMailbox(mailbox(imap=access(port, **{"timeout_seconds": 10.0, "user": "desk"} | changes)))
    with pytest.raises(DeskError) as caught:
        source.listing()
    source.close()
    return caught.value


@pytest.mark.parametrize("tls", [TlsMode.IMPLICIT, TlsMode.STARTTLS])
def test_a_certificate_that_holds_opens_the_line(server: Dovecot, tls: TlsMode) -> None:
    reached = imap_access(server, tls=tls, port=modes(server)[tls])
    with closing(ImapMailbox(mailbox(imap=reached))) as source:
        assert source.listing().uids == frozenset()


@pytest.mark.parametrize("tls", [TlsMode.IMPLICIT, TlsMode.STARTTLS])
def test_a_certificate_that_does_not_hold_is_refused_before_anybody_logs_in(unproven: Dovecot, tls: TlsMode) -> None:
    error = listing_error(modes(unproven)[tls], ca_file=unproven.ca_file, tls=tls)
    assert isinstance(error, PermanentFailure)
    assert "shows a certificate that does not hold" in str(error)
    assert "Login:" not in (unproven.folder / "dovecot.log").read_text()


def test_without_an_authority_of_its_own_only_the_systems_count(server: Dovecot) -> None:
    error = listing_error(server.tls_port, tls=TlsMode.IMPLICIT)
    assert "set ca_file" in str(error)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"* CAPABILITY IMAP4rev1\r\n", "offers no STARTTLS, and clear text is never used"),
        (b"* CAPABILITY IMAP4rev1 STARTTLS\r\n", "refused a command"),
    ],
    ids=["not offered", "offered and refused"],
)
def test_without_starttls_no_password_is_sent(server: Dovecot, answer: bytes, told: str) -> None:
    script: dict[str, Answer] = {"CAPABILITY": answer, "STARTTLS": lambda tag: f"{tag} NO not now\r\n".encode()}
    with Scripted(script) as plain:
        error = listing_error(plain.port, ca_file=server.ca_file, password="secret")
    assert told in str(error)
    assert not any("LOGIN" in line or "AUTHENTICATE" in line or "secret" in line for line in plain.lines)


def test_a_port_that_speaks_no_tls_is_told(server: Dovecot) -> None:
    error = listing_error(server.port, ca_file=server.ca_file, tls=TlsMode.IMPLICIT)
    assert "cannot agree on encryption" in str(error)
    assert "check port and tls" in str(error)


def test_an_authority_file_that_is_none_is_told(server: Dovecot) -> None:
    error = listing_error(server.tls_port, ca_file=server.folder / "dovecot.conf", tls=TlsMode.IMPLICIT)
    assert "is no file of certificates" in str(error)


def test_a_closed_port_is_a_temporary_failure() -> None:
    error = listing_error(free_port())
    assert isinstance(error, TemporaryFailure)
    assert "cannot be reached" in str(error)


def test_a_host_that_does_not_exist_is_told() -> None:
    error = listing_error(1, host="no-such-host.invalid")
    assert isinstance(error, TemporaryFailure)
    assert "check host" in str(error)


READY: dict[str, Answer] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    "LOGIN": b"",
    "EXAMINE": b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n",
    "UID SEARCH": b"* SEARCH 1 2\r\n",
    "LOGOUT": b"* BYE\r\n",
}


def served(size: int, raw: bytes = MAIL, date: str = "02-Mar-2026 10:00:00 +0000") -> dict[str, Answer]:
    """What a server says of mail 1: its size and date, the whole and any piece of it, its header."""
    head = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    return {
        "UID FETCH 1 (RFC822.SIZE)": b"* 1 FETCH (UID 1 RFC822.SIZE %d)\r\n" % size,
        "UID FETCH 1 (INTERNALDATE)": b'* 1 FETCH (UID 1 INTERNALDATE "%s")\r\n' % date.encode(),
        "UID FETCH 1 (BODY.PEEK[]<0.": b"* 1 FETCH (UID 1 BODY[]<0> {%d}\r\n%s)\r\n" % (len(raw), raw),
        "UID FETCH 1 (BODY.PEEK[HEADER])": b"* 1 FETCH (UID 1 BODY[HEADER] {%d}\r\n%s)\r\n" % (len(head), head),
    }


def fetched(script: dict[str, Answer], uids: list[int]) -> list[RawMail | Gone]:
    with Scripted(READY | script) as odd:
        source = ImapMailbox(mailbox(imap=access(odd.port, user="desk")))
        source.listing()
        found = [each for batch in source.fetch(uids) for each in batch]
        source.close()
    return found


@pytest.mark.parametrize("script", [{}, READY | {"EXAMINE": lambda _tag: b""}], ids=["at once", "after the log-in"])
def test_a_server_that_says_nothing_is_given_up_in_time(script: dict[str, Answer]) -> None:
    with Scripted(script, greeting=b"* OK\r\n" if script else b"") as silent:
        error = listing_error(silent.port, timeout_seconds=0.3)
    assert isinstance(error, TemporaryFailure)
    assert "does not answer in time" in str(error)


@pytest.mark.parametrize("size", [1, 3, len(MAIL) + 100, 10_000_000])
def test_a_server_whose_sizes_lie_still_gives_every_byte(size: int) -> None:
    found = fetched(served(size), [1])
    assert [(each.raw, each.size, each.received_at, each.uid) for each in found] == [(MAIL, len(MAIL), NOW, 1)]


def test_a_lie_about_the_size_is_noticed_when_several_mails_come_together() -> None:
    together = b'* 1 FETCH (UID 1 INTERNALDATE "02-Mar-2026 10:00:00 +0000" BODY[] {%d}\r\n%s)\r\n' % (9, MAIL[:9])
    sizes = b"* 1 FETCH (UID 1 RFC822.SIZE %d)\r\n" % len(MAIL)
    script = served(len(MAIL)) | {"UID FETCH 1,2 (RFC822.SIZE)": sizes, "UID FETCH 1,2": together}
    found = fetched(script | {"UID FETCH 2": b"", "UID SEARCH UID 2": b"* SEARCH\r\n"}, [1, 2])
    assert [getattr(each, "raw", None) for each in found] == [MAIL, None]
    assert found[1] == Gone(2)


def test_a_mail_that_grows_beyond_the_limit_while_it_is_read_comes_as_its_header() -> None:
    piece = b"x" * 4 * 1024 * 1024
    endless = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\n" % (len(piece), piece)
    script = {"UID FETCH 1 (BODY.PEEK[]<0.": endless, "UID FETCH 1 (BODY.PEEK[]<4194304.": endless}
    with Scripted(READY | served(100) | script) as odd:
        source = ImapMailbox(mailbox(imap=access(odd.port, user="desk"), max_mail_bytes=6 * 1024 * 1024))
        source.listing()
        (found,) = (each for batch in source.fetch([1]) for each in batch)
        source.close()
    assert isinstance(found, RawMail)
    assert (found.is_truncated, found.raw) == (True, MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    assert found.size > 6 * 1024 * 1024


@pytest.mark.parametrize("date", ["nonsense", "99-Abc-2026 77:00:00 +0000"])
def test_without_a_usable_internaldate_the_servers_received_line_counts(date: str) -> None:
    (found,) = fetched(served(len(MAIL), date=date), [1])
    assert isinstance(found, RawMail)
    assert found.received_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "poison",
    [
        lambda tag: f"{tag} NO cannot read that mail\r\n".encode(),
        lambda tag: f"{tag} BAD internal error\r\n".encode(),
        b'* 1 FETCH (UID 1 INTERNALDATE "never ends)\r\n',
        b"* 1 FETCH nonsense\r\n",
        b"* 1 FETCH (UID x)\r\n",
    ],
)
def test_a_mail_that_the_server_will_not_serve_is_left_out_and_the_next_one_comes(poison: Answer) -> None:
    script: dict[str, Answer] = {"UID FETCH 1,2 (RFC822.SIZE)": b"", "UID FETCH 1,2": poison, "UID FETCH 2": poison}
    found = fetched(script | served(len(MAIL)), [1, 2])
    assert [each.uid for each in found] == [1]


def test_a_body_of_nil_is_neither_stored_nor_called_gone_while_the_mail_is_there() -> None:
    script = served(len(MAIL)) | {"UID FETCH 1 (BODY.PEEK[]<0.": b"* 1 FETCH (UID 1 BODY[]<0> NIL)\r\n"}
    assert fetched(script, [1]) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"EXAMINE": b"* 2 EXISTS\r\n"}, "keeps no lasting numbers"),
        ({"EXAMINE": b"* OK [UIDVALIDITY 7] ok\r\n"}, "makes no sense"),
        ({"UID SEARCH": b"* SEARCH one two\r\n"}, "makes no sense"),
        ({"EXAMINE": lambda tag: f"{tag} NO [PERMISSION] ana@mail.example\r\n".encode()}, "does not open the folder"),
        (
            {"LOGIN": lambda tag: f"{tag} NO [UNAVAILABLE] backend of ana@mail.example\r\n".encode()},
            "broke the log-in off",
        ),
        ({"LOGIN": None}, "broke the log-in off"),
        ({"EXAMINE": None}, "closed the line"),
        ({"EXAMINE": b"* BYE ana@mail.example\r\n"}, "closed the line"),
    ],
)
def test_what_an_odd_server_says_ends_in_a_clear_error_without_its_words(change: dict[str, Answer], told: str) -> None:
    with Scripted(READY | change) as odd:
        error = listing_error(odd.port, password="x")
    assert told in str(error)
    assert "mail.example" not in str(error)


def test_a_server_that_is_too_busy_to_greet_is_a_temporary_failure() -> None:
    with Scripted({}, greeting=b"* BYE too many connections\r\n") as busy:
        assert isinstance(listing_error(busy.port), TemporaryFailure)


def test_a_line_that_breaks_while_the_folder_is_looked_for_is_not_called_a_missing_folder() -> None:
    with Scripted({"SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n", "LIST": None} | READY) as odd:
        source = ImapMailbox(mailbox(imap=access(odd.port, user="desk"), after="move:Done"))
        source.listing()
        with pytest.raises(TemporaryFailure, match="closed the line"):
            source.settle([1])
        source.close()
