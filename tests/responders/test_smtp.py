"""Handing letters over, to a real listener: proven and encrypted, many on one line, each end known for what it is."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from dovecot import free_port
from listener import Listener
from mailboxes import access
from scripted import Answer, Scripted

from models.errors import DeskError, PermanentFailure, TemporaryFailure
from models.organisation import ServerAccess, TlsMode
from responders.smtp import Handover, HandoverState, SmtpSender

LETTER = b"Subject: Acknowledgement\r\nMessage-ID: <a@example.org>\r\n\r\n.one dot\r\n..two\r\nEnd.\r\n"
SENDER, RECIPIENT = "contact@example.org", "ana@mail.example"
Start = Callable[..., Listener]


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def start(authority: trustme.CA) -> Iterator[Start]:
    running: list[Listener] = []

    def start(**options: object) -> Listener:
        running.append(Listener(authority, **options))
        running[-1].start()
        return running[-1]

    yield start
    for listener in running:
        listener.stop()


@pytest.fixture
def reached(listener: Listener, ca_file: Path) -> ServerAccess:
    return access(listener.port, ca_file)


def send_all(reached: ServerAccess, *recipients: str, letter: bytes = LETTER) -> list[Handover]:
    with SmtpSender(reached) as sender:
        return [sender.send(letter, SENDER, recipient) for recipient in recipients]


def connect_error(reached: ServerAccess) -> DeskError:
    with SmtpSender(reached) as sender, pytest.raises(DeskError) as caught:
        sender.connect()
    return caught.value


def test_a_letter_arrives_byte_for_byte(listener: Listener, reached: ServerAccess) -> None:
    assert send_all(reached, RECIPIENT) == [Handover(HandoverState.ACCEPTED)]
    (mail,) = listener.mails
    assert (mail.sender, mail.recipients, mail.raw) == (SENDER, [RECIPIENT], LETTER)


def test_many_letters_leave_over_one_line(listener: Listener, reached: ServerAccess) -> None:
    handovers = send_all(reached, *(f"p{number}@mail.example" for number in range(40)))
    assert {handover.state for handover in handovers} == {HandoverState.ACCEPTED}
    assert [mail.recipients for mail in listener.mails] == [[f"p{number}@mail.example"] for number in range(40)]
    assert listener.connections == 1


@pytest.mark.parametrize("tls", [TlsMode.IMPLICIT, TlsMode.STARTTLS])
def test_each_way_of_encryption_works(start: Start, ca_file: Path, tls: TlsMode) -> None:
    listener = start(tls=str(tls))
    assert send_all(access(listener.port, ca_file, tls=tls), RECIPIENT)[0].state is HandoverState.ACCEPTED


@pytest.mark.parametrize("tls", [TlsMode.IMPLICIT, TlsMode.STARTTLS])
@pytest.mark.parametrize("fault", ["unknown authority", "another name", "expired"])
def test_a_certificate_that_does_not_hold_is_refused(
    start: Start, authority: trustme.CA, ca_file: Path, tls: TlsMode, fault: str
) -> None:
    certificates = {
        "unknown authority": trustme.CA().issue_cert("127.0.0.1"),
        "another name": authority.issue_cert("smtp.example.org"),
        "expired": authority.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC)),
    }
    listener = start(tls=str(tls), certificate=certificates[fault])
    error = connect_error(access(listener.port, ca_file, tls=tls))
    assert isinstance(error, PermanentFailure)
    assert "shows a certificate that does not hold" in str(error)


def said(text: str) -> Answer:
    return lambda _tag: f"{text}\r\n".encode()


GREETING = b"220 ready\r\n"
READY: dict[str, Answer] = {
    "EHLO": said("250-here\r\n250 SMTPUTF8"),
    "MAIL": said("250 ok"),
    "RCPT": said("250 ok"),
    "RSET": said("250 ok"),
    "QUIT": said("221 bye"),
}


def test_without_starttls_nothing_is_sent_in_clear(ca_file: Path) -> None:
    with Scripted({"EHLO": said("250 here")}, greeting=GREETING) as plain:
        error = connect_error(access(plain.port, ca_file, user="desk", password="secret"))
    assert isinstance(error, PermanentFailure)
    assert "offers no STARTTLS, and clear text is never used" in str(error)
    assert [line.partition(" ")[0] for line in plain.lines] == ["EHLO"]


def test_starttls_that_is_offered_and_refused_is_not_done_without(ca_file: Path) -> None:
    script = {"EHLO": said("250-here\r\n250 STARTTLS"), "STARTTLS": said("454 not now")}
    with Scripted(script, greeting=GREETING) as plain:
        error = connect_error(access(plain.port, ca_file, user="desk", password="secret"))
    assert isinstance(error, TemporaryFailure)
    assert not any("AUTH" in line or "MAIL" in line for line in plain.lines)


@pytest.mark.parametrize("password", ["correct horse", 'pässwörd "quoted" 密'])
def test_a_log_in_opens_the_line(start: Start, ca_file: Path, password: str) -> None:
    listener = start(password=password)
    reached = access(listener.port, ca_file, user="desk", password=password)
    assert send_all(reached, RECIPIENT)[0].state is HandoverState.ACCEPTED


def test_a_wrong_password_is_told_without_the_users_name(start: Start, ca_file: Path) -> None:
    listener = start(password="correct horse")
    error = connect_error(access(listener.port, ca_file, user="desk-user", password="wrong-word"))
    assert isinstance(error, PermanentFailure)
    assert "refuses the log-in: check user and password" in str(error)
    assert "desk-user" not in str(error)
    assert "wrong-word" not in str(error)


@pytest.mark.parametrize(
    ("script", "greeting", "kind", "told"),
    [
        ({}, b"554 no ana@mail.example\r\n", TemporaryFailure, "answered 554"),
        ({}, b"421 busy\r\n", TemporaryFailure, "answered 421"),
        ({}, b"nonsense\r\n", TemporaryFailure, "answered -1"),
        ({"EHLO": None}, GREETING, TemporaryFailure, "closed the line"),
        ({"EHLO": said("250 here")}, GREETING, PermanentFailure, "offers no log-in"),
        ({"EHLO": said("250-h\r\n250 AUTH GSSAPI")}, GREETING, PermanentFailure, "offers no log-in"),
        (
            {"EHLO": said("250-h\r\n250 AUTH PLAIN"), "AUTH": said("454 4.7.0 ana@mail.example")},
            GREETING,
            TemporaryFailure,
            "answered 454",
        ),
    ],
)
def test_a_server_that_does_not_let_us_in_is_told_without_its_words(
    script: dict[str, Answer], greeting: bytes, kind: type[DeskError], told: str
) -> None:
    with Scripted(script, greeting=greeting) as odd:
        error = connect_error(access(odd.port, user="desk", password="x"))
    assert isinstance(error, kind)
    assert told in str(error)
    assert "mail.example" not in str(error)


@pytest.mark.parametrize("script", [{}, {"EHLO": lambda _tag: b""}], ids=["at once", "after the greeting"])
def test_a_server_that_says_nothing_is_given_up_in_time(script: dict[str, Answer]) -> None:
    with Scripted(script, greeting=GREETING if script else b"") as silent:
        error = connect_error(access(silent.port, timeout_seconds=0.2))
    assert isinstance(error, TemporaryFailure)
    assert "does not answer in time" in str(error)


def test_a_closed_port_and_an_unknown_host_are_temporary_failures() -> None:
    assert "cannot be reached" in str(connect_error(access(free_port())))
    unknown = connect_error(access(25, host="no-such-host.invalid"))
    assert isinstance(unknown, TemporaryFailure)
    assert "check host" in str(unknown)


def test_a_port_that_speaks_no_tls_is_told(listener: Listener, ca_file: Path) -> None:
    error = connect_error(access(listener.port, ca_file, tls=TlsMode.IMPLICIT))
    assert "check port and tls" in str(error)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("450 4.2.1 ana@mail.example is busy", HandoverState.TRY_AGAIN),
        ("550 5.1.1 ana@mail.example unknown", HandoverState.REFUSED),
        ("552 5.3.4 too large", HandoverState.REFUSED),
    ],
)
@pytest.mark.parametrize("where", ["envelope", "letter"])
def test_a_refusal_is_known_for_what_it_is_and_the_next_letter_leaves(
    listener: Listener, reached: ServerAccess, answer: str, state: HandoverState, where: str
) -> None:
    if where == "envelope":
        listener.handler.answers[RECIPIENT] = answer
    else:
        listener.handler.after_data.append(answer)
    first, second = send_all(reached, RECIPIENT, "ben@mail.example")
    assert first == Handover(state, f"the server answered {answer[:3]}")
    assert second.state is HandoverState.ACCEPTED
    assert listener.connections == 1


def test_a_line_that_drops_after_the_letter_leaves_it_uncertain_and_the_next_takes_a_new_line(
    listener: Listener, reached: ServerAccess
) -> None:
    listener.handler.after_data.append("drop")
    first, second = send_all(reached, RECIPIENT, "ben@mail.example")
    assert (first.state, first.is_line_broken) == (HandoverState.UNCERTAIN, True)
    assert second.state is HandoverState.ACCEPTED
    assert len(listener.mails) == 2


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ({"MAIL": None}, HandoverState.TRY_AGAIN),
        ({"RCPT": None}, HandoverState.TRY_AGAIN),
        ({"MAIL": lambda _tag: b""}, HandoverState.TRY_AGAIN),
        ({"RCPT": said("nonsense")}, HandoverState.TRY_AGAIN),
        ({"RCPT": said("421 closing")}, HandoverState.TRY_AGAIN),
        ({"RCPT": said("450 later"), "RSET": None}, HandoverState.TRY_AGAIN),
        ({"RCPT": said("550 no"), "RSET": None}, HandoverState.REFUSED),
        ({"DATA": None}, HandoverState.UNCERTAIN),
        ({"DATA": lambda _tag: b""}, HandoverState.UNCERTAIN),
        ({"DATA": said("354 go"), "End.": None}, HandoverState.UNCERTAIN),
        ({"DATA": said("354 go"), "End.": said("nonsense")}, HandoverState.UNCERTAIN),
    ],
)
def test_a_line_that_breaks_is_dropped_and_the_letter_is_uncertain_only_where_it_may_have_left(
    script: dict[str, Answer], state: HandoverState
) -> None:
    with Scripted(READY | script, greeting=GREETING) as odd:
        (handover,) = send_all(access(odd.port, timeout_seconds=0.2), RECIPIENT)
    assert (handover.state, handover.is_line_broken) == (state, True)


def test_a_used_line_that_is_gone_has_not_tried_the_letter(listener: Listener, reached: ServerAccess) -> None:
    with SmtpSender(reached) as sender:
        sender.send(LETTER, SENDER, RECIPIENT)
        listener.handler.answers["ben@mail.example"] = "421 too many letters on this line"
        handover = sender.send(LETTER, SENDER, "ben@mail.example")
    assert (handover.state, handover.is_line_broken) == (HandoverState.UNTRIED, True)


def test_an_address_beyond_ascii_goes_by_smtputf8(listener: Listener, reached: ServerAccess) -> None:
    assert send_all(reached, "jürgen@bücher.example")[0].state is HandoverState.ACCEPTED
    assert listener.mails[0].recipients == ["jürgen@bücher.example"]


def test_without_smtputf8_a_domain_is_written_in_ascii_and_an_odd_name_is_held(start: Start, ca_file: Path) -> None:
    listener = start(takes_utf8=False)
    recipients = ("jürgen@mail.example", "ana@bücher.example", RECIPIENT)
    handovers = send_all(access(listener.port, ca_file), *recipients)
    assert [handover.state for handover in handovers] == [
        HandoverState.REFUSED,
        HandoverState.ACCEPTED,
        HandoverState.ACCEPTED,
    ]
    assert [mail.recipients for mail in listener.mails] == [["ana@xn--bcher-kva.example"], [RECIPIENT]]
    assert listener.connections == 1


@pytest.mark.parametrize(
    "address",
    [
        "ana@mail.example> SIZE=1",
        "ana@mail.example\r\nRCPT TO:<eve@mail.example>",
        "ana @mail.example",
        "<ana@mail.example>",
        "ana(eve)@mail.example",
        "Ana <ana@mail.example>",
        "",
        "\x00@mail.example",
        "\ud800@mail.example",
    ],
)
def test_an_address_that_is_none_is_refused_and_the_next_letter_leaves(
    listener: Listener, reached: ServerAccess, address: str
) -> None:
    first, second = send_all(reached, address, RECIPIENT)
    assert first.state is HandoverState.REFUSED
    assert second.state is HandoverState.ACCEPTED
    assert [mail.recipients for mail in listener.mails] == [[RECIPIENT]]


def test_closing_twice_or_unused_is_no_trouble(reached: ServerAccess) -> None:
    sender = SmtpSender(reached)
    with closing(sender):
        pass
    sender.close()
