"""A real SMTP listener on loopback that records what it accepts, and can refuse, hang or drop when told to."""

import email
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from dovecot import free_port


@dataclass
class Accepted:
    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=SMTP_POLICY)


@dataclass
class _Handler:
    mails: list[Accepted] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """What to answer at RCPT or DATA, by recipient ('' = everybody)."""
    after_data: list[str] = field(default_factory=list)
    """For the next letters: '' = accept, 'drop' = accept and cut the line without an answer, else that answer."""
    folder: Path | None = None
    letters_a_line: int = 0
    """How many letters one connection may bring; 0 = any number."""
    before_answer: Callable[[], None] = lambda: None
    """Called with every letter that is accepted, before the sender hears of it."""

    async def handle_RCPT(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        session.letters = getattr(session, "letters", 0)
        if self.letters_a_line and session.letters >= self.letters_a_line:
            return "421 enough for one line"
        answer = self.answers.get(address) or self.answers.get("")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        order = self.after_data.pop(0) if self.after_data else ""
        if order not in ("", "drop"):
            return order
        mail = Accepted(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.original_content or b"")
        if self.folder is not None:  # on disk before the answer: it outlives both processes
            (self.folder / f"{len(list(self.folder.iterdir())):05d}.eml").write_bytes(mail.raw)
        self.mails.append(mail)
        session.letters += 1
        self.before_answer()
        if order == "drop":
            server.transport.abort()
        return "250 OK"


class _Controller(Controller):
    connections = -1  # the controller itself connects once, to see whether the port answers

    def factory(self) -> SMTP:
        self.connections += 1
        return super().factory()


class Listener:
    """An SMTP server with STARTTLS (or implicit TLS, or none) and log-in where wanted."""

    def __init__(
        self,
        authority: trustme.CA,
        *,
        tls: str = "starttls",
        password: str = "",
        takes_utf8: bool = True,
        certificate: trustme.LeafCert | None = None,
    ) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (certificate or authority.issue_cert("127.0.0.1", "localhost")).configure_cert(context)
        self.handler = _Handler()
        self.lock = threading.Lock()
        options: dict[str, object] = {"enable_SMTPUTF8": takes_utf8}
        if tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if password:
            options |= {"authenticator": _checks(password), "auth_required": True}
        self._controller = _Controller(
            self.handler,
            hostname="127.0.0.1",
            port=free_port(),
            ssl_context=context if tls == "implicit" else None,
            ready_timeout=10,
            **options,
        )

    @property
    def port(self) -> int:
        return self._controller.port

    @property
    def connections(self) -> int:
        return self._controller.connections

    @property
    def mails(self) -> list[Accepted]:
        return self.handler.mails

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()


def _checks(password: str) -> object:
    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=data.password == password.encode(), handled=False)

    return check
