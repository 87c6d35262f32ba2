"""The demo's mail provider: both servers in one thread with a loop of its own, under an authority made for this run."""

import asyncio
import secrets
import ssl
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import trustme

from service.demo.imap_host import LOOPBACK, ImapHost
from service.demo.smtp_host import SmtpHost
from store.clock import utc_now

_PATIENCE = 30.0
_LAST_WORDS = 1.0
Answer = TypeVar("Answer")


class MailProvider:
    """An IMAP server and an SMTP listener on ports chosen by the system; both speak through TLS only."""

    def __init__(self, folder: Path, addresses: Sequence[str]) -> None:
        """Take a folder for letters and certificate, and the addresses of the accounts; nothing listens yet."""
        self.addresses = tuple(addresses)
        self.password = secrets.token_hex(6)
        self.ca_file = folder / "ca.pem"
        self.letters = folder / "letters"
        self.imap_port = self.smtp_port = 0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="mail provider", daemon=True)
        self._ready: Future[None] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        tls = self._certified()
        self._imap = ImapHost(tls, self.password)
        users = dict.fromkeys(self.addresses, self.password)
        self._smtp = SmtpHost(tls, users, self.letters, self._accept)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.result(_PATIENCE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_PATIENCE)

    def deliver(self, address: str, raw: bytes, received_at: datetime) -> int:
        """Lay a mail into an account, as of the given moment; return its UID."""
        return self._ask(self._imap.append(address, raw, received_at))

    def letters_arrived(self) -> frozenset[str]:
        """Return the Message-ID of every letter that came in for somebody outside."""
        return frozenset(self._smtp.message_ids)

    async def _accept(self, address: str, raw: bytes) -> None:
        await self._imap.append(address, raw, utc_now())

    def _certified(self) -> ssl.SSLContext:
        self.letters.mkdir()
        authority = trustme.CA(organization_name="rightsdesk demo")
        authority.cert_pem.write_to_path(str(self.ca_file))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        authority.issue_cert(LOOPBACK, "localhost").configure_cert(context)
        return context

    def _ask(self, question: Coroutine[Any, Any, Answer]) -> Answer:
        if self._loop is None:
            raise AssertionError
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(_PATIENCE)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            self.imap_port = await self._imap.start(self.addresses)
            self.smtp_port = await self._smtp.start()
        except OSError as error:
            self._ready.set_exception(error)
        else:
            self._ready.set_result(None)
            await self._stop.wait()
        finally:
            self._imap.stop()
            self._smtp.stop()
            lines = asyncio.all_tasks() - {asyncio.current_task()}
            if lines:
                await asyncio.wait(lines, timeout=_LAST_WORDS)
