"""`rightsdesk demo`: its mail provider, its samples, and the whole of it through the command."""

import imaplib
import os
import shutil
import signal
import smtplib
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

import pytest

from models.message import Outcome
from models.organisation import TlsMode
from service.demo.display import Display
from service.demo.organisations import MAILBOXES, write_office
from service.demo.overview import Row
from service.demo.samples import FOLDER, SAMPLES
from service.demo.servers import MailProvider
from store.tls import verified_tls

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ADDRESS = MAILBOXES["contact"]
MAIL = b"From: ann@home.example\r\nSubject: Hello\r\nMessage-ID: <1@home.example>\r\n\r\nH\xc3\xa9llo\r\n.\r\n\xff\r\n"


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[MailProvider]:
    with MailProvider(tmp_path, tuple(MAILBOXES.values())) as provider:
        yield provider


@pytest.fixture
def imap(provider: MailProvider) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4("127.0.0.1", provider.imap_port) as client:
        client.starttls(verified_tls(provider.ca_file))
        client.login(ADDRESS, provider.password)
        yield client


@pytest.fixture
def smtp(provider: MailProvider) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", provider.smtp_port) as client:
        client.starttls(context=verified_tls(provider.ca_file))
        yield client


def inbox(client: imaplib.IMAP4) -> list[bytes]:
    client.select("INBOX")
    _, found = client.search(None, "ALL")
    answers = [client.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in found[0].split()]
    return [bytes(answer[1]) for answer in answers if isinstance(answer, tuple)]


def test_the_imap_server_lets_nobody_log_in_without_encryption(provider: MailProvider) -> None:
    with imaplib.IMAP4("127.0.0.1", provider.imap_port) as client:
        assert "LOGINDISABLED" in client.capabilities
        with pytest.raises(imaplib.IMAP4.error):
            client.login(ADDRESS, provider.password)


def test_the_smtp_listener_takes_no_mail_without_encryption(provider: MailProvider) -> None:
    with (
        smtplib.SMTP("127.0.0.1", provider.smtp_port) as client,
        pytest.raises(smtplib.SMTPException, match="STARTTLS"),
    ):
        client.sendmail("ann@home.example", [ADDRESS], MAIL)


def test_the_servers_are_trusted_through_their_own_authority_only(provider: MailProvider) -> None:
    with (
        smtplib.SMTP("127.0.0.1", provider.smtp_port) as client,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        client.starttls(context=verified_tls(None))


def test_a_wrong_password_opens_no_account(provider: MailProvider) -> None:
    with imaplib.IMAP4("127.0.0.1", provider.imap_port) as client:
        client.starttls(verified_tls(provider.ca_file))
        with pytest.raises(imaplib.IMAP4.error):
            client.login(ADDRESS, "guessed")


def test_a_delivered_mail_is_served_byte_for_byte(provider: MailProvider, imap: imaplib.IMAP4) -> None:
    provider.deliver(ADDRESS, MAIL, NOW)
    assert inbox(imap) == [MAIL]


def test_a_mail_sent_to_an_organisation_lands_in_its_mailbox(smtp: smtplib.SMTP, imap: imaplib.IMAP4) -> None:
    smtp.sendmail("ann@home.example", [ADDRESS.upper()], MAIL)
    (raw,) = inbox(imap)
    assert raw.startswith(b"Return-Path: <ann@home.example>\r\n")
    assert raw.endswith(MAIL)


def test_a_letter_to_somebody_outside_is_kept_as_a_file(provider: MailProvider, smtp: smtplib.SMTP) -> None:
    smtp.login(ADDRESS, provider.password)
    smtp.sendmail(ADDRESS, ["ann/../../x@home.example"], MAIL)
    (letter,) = provider.letters.iterdir()
    assert letter.name == "001-to-ann_.._.._x@home.example.eml"
    assert letter.read_bytes() == MAIL
    assert provider.letters_arrived() == {"<1@home.example>"}


def test_the_provider_ends_while_clients_are_still_connected(tmp_path: Path) -> None:
    with MailProvider(tmp_path, [ADDRESS]) as provider:
        imap = imaplib.IMAP4("127.0.0.1", provider.imap_port)
        imap.starttls(verified_tls(provider.ca_file))
        smtp = smtplib.SMTP("127.0.0.1", provider.smtp_port)
        smtp.starttls(context=verified_tls(provider.ca_file))
    assert smtp.sock is not None
    assert smtp.sock.recv(100) == b""
    smtp.close()
    imap.shutdown()


def test_the_demo_is_configured_as_any_office_is(provider: MailProvider, tmp_path: Path) -> None:
    settings = write_office(tmp_path, provider)
    assert [(box.name, box.address) for box in settings.mailboxes] == list(MAILBOXES.items())
    assert {box.organisation.regime.value for box in settings.mailboxes} == {"eu", "uk"}
    for box in settings.mailboxes:
        assert box.organisation.answers_everything
        assert box.imap is not None
        assert box.smtp is not None
        assert (box.imap.tls, box.smtp.tls) == (TlsMode.STARTTLS, TlsMode.STARTTLS)
        assert box.imap.password == provider.password
    assert settings.key_file.stat().st_mode & 0o077 == 0


def test_every_sample_file_is_delivered() -> None:
    assert {sample.file for sample in SAMPLES} == {path.name for path in FOLDER.iterdir()}


def test_a_sample_that_waits_for_another_stands_behind_it() -> None:
    for position, sample in enumerate(SAMPLES):
        assert not sample.after or sample.after in [earlier.file for earlier in SAMPLES[:position]]


def test_the_samples_are_from_invented_people_only() -> None:
    for sample in SAMPLES:
        mail = message_from_bytes(sample.as_delivered(NOW))
        assert parseaddr(mail["From"])[1].endswith(".example"), sample.file


def test_a_sample_arrives_with_what_a_mail_provider_adds() -> None:
    raw = SAMPLES[0].as_delivered(NOW)
    mail = message_from_bytes(raw)
    assert mail["Date"] == "Sun, 22 Nov 2026 09:30:00 +0000"
    assert mail["Authentication-Results"] == "mx.tindrello.example; dmarc=pass header.from=postbag.example"
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_what_a_mail_says_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    display = Display(tells_lines=True)
    row = settled_row(sender="\x1b[2JMallory", subject="[red]Hi[/red]\u202e")
    display.watch([row])
    display.show_all([row])
    printed = capsys.readouterr().out
    assert "?[2JMallory" in printed
    assert "[red]Hi[/red]?" in printed
    assert "\x1b" not in printed


def test_each_mail_is_told_once_and_only_when_it_is_settled(capsys: pytest.CaptureFixture[str]) -> None:
    display = Display(tells_lines=True)
    display.watch([replace(settled_row(), is_settled=False)])
    assert capsys.readouterr().out == ""
    display.watch([settled_row()])
    display.watch([settled_row()])
    assert capsys.readouterr().out == (
        "contact: Ann, Hello -> access · RD-7KQ-4M2-XN9 · due 2026-12-22 · acknowledgement: sent · en\n"
    )


def settled_row(sender: str = "Ann", subject: str = "Hello") -> Row:
    return Row(
        mailbox="contact",
        uid=101,
        sender=sender,
        subject=subject,
        outcome=Outcome.CASE,
        taken_for="access",
        language="en",
        reference="RD-7KQ-4M2-XN9",
        due="2026-12-22",
        acknowledged="sent",
        is_settled=True,
    )


@pytest.fixture(scope="module")
def command() -> str:
    found = shutil.which("rightsdesk", path=str(Path(sys.executable).parent))
    assert found, "install the package first: make install"
    return found


@pytest.fixture(scope="module")
def once(command: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [command, "demo", "--once"],
        env={**os.environ, "TMPDIR": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done, folder


def test_the_demo_handles_every_sample_as_expected(
    once: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    done, _ = once
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"\n{len(SAMPLES)} mails, " in done.stdout
    assert "problem" not in done.stdout


def test_no_library_speaks_on_the_terminal_of_the_demo(
    once: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    done, _ = once
    assert done.stderr == ""


def test_the_demo_leaves_no_files_behind(once: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    _, folder = once
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_ends_when_asked_to_while_mails_come_in(command: str, tmp_path: Path, number: int) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [command, "demo"], env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            next(line for line in process.stdout if " -> " in line)
            process.send_signal(number)
            process.wait(timeout=60)
            assert process.stderr.read() == ""
        finally:
            process.kill()
    assert list(tmp_path.iterdir()) == []
