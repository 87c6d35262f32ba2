"""The demo's SMTP listener: aiosmtpd on a port of 127.0.0.1, STARTTLS required.

Lives in the event loop of `servers.py`. Mail to one of the organisations goes into its IMAP account, as at any mail
provider; all other mail is a letter to somebody outside: it is kept as a file, and never leaves this machine.
"""

import asyncio
import contextlib
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from service.demo.imap_host import LOOPBACK

Accept = Callable[[str, bytes], Awaitable[None]]


class SmtpHost:
    """Takes mail from us and from whoever tries the demo."""

    def __init__(self, tls: ssl.SSLContext, users: Mapping[str, str], letters: Path, accept: Accept) -> None:
        """Take what proves the server, users with passwords, where to keep letters, and who takes mail for users."""
        self._tls = tls
        self._users = users
        self._letters = letters
        self._accept = accept
        self._lines: set[_Line] = set()
        self._server: asyncio.Server | None = None
        self.message_ids: list[str] = []
        """Of every letter kept, in order of arrival."""

    async def start(self) -> int:
        """Open a port; return it."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: self._line(loop), LOOPBACK, 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def stop(self) -> None:
        """Close the port and every line."""
        if self._server is not None:
            self._server.close()
        for line in list(self._lines):
            if isinstance(line.transport, asyncio.WriteTransport):
                with contextlib.suppress(AttributeError):  # a line that has just ended has nothing left to abort
                    line.transport.abort()

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail: into accounts of ours, or into the folder of letters."""
        raw = envelope.original_content or b""
        for recipient in envelope.rcpt_tos:
            address = recipient.casefold()
            if address in self._users:
                await self._accept(address, _trace(session, envelope) + raw)
            else:
                self._keep(address, raw)
        return "250 2.0.0 taken"

    def _keep(self, recipient: str, raw: bytes) -> None:
        # Recorded before the file is written: who sees the file may count on its Message-ID.
        self.message_ids.append(str(BytesHeaderParser().parsebytes(raw)["Message-ID"] or "").strip())
        name = re.sub(r"[^a-z0-9.@+-]", "_", recipient)[:80]
        (self._letters / f"{len(self.message_ids):03d}-to-{name}.eml").write_bytes(raw)

    def _line(self, loop: asyncio.AbstractEventLoop) -> "_Line":
        return _Line(
            self,
            lines=self._lines,
            loop=loop,
            tls_context=self._tls,
            require_starttls=True,
            authenticator=self._authenticate,
            hostname=LOOPBACK,
            ident="rightsdesk demo",
            enable_SMTPUTF8=True,
        )

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        is_known = isinstance(given, LoginPassword) and (
            self._users.get(given.login.decode("utf-8", "replace")) == given.password.decode("utf-8", "replace")
        )
        return AuthResult(success=is_known, handled=False)


def _trace(session: Session, envelope: Envelope) -> bytes:
    lines = (f"Return-Path: <{envelope.mail_from}>", f"Received: from {session.host_name} by {LOOPBACK} with ESMTPS")
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")


class _Line(SMTP):
    """One connection, known to its host while it lasts, so that it can be closed at the end."""

    def __init__(self, handler: SmtpHost, *, lines: set["_Line"], **options: Any) -> None:
        super().__init__(handler, **options)
        self._lines = lines

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember a line that is open."""
        self._lines.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget a line that is closed."""
        self._lines.discard(self)
        super().connection_lost(error)
