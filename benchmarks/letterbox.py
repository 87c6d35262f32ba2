"""An SMTP server with STARTTLS in a process of its own; it takes every letter and counts."""

import asyncio
import multiprocessing
import ssl
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import SynchronizedArray
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Count:
    """What came in so far."""

    connections: int
    letters: int
    size: int

    def since(self, earlier: "Count") -> "Count":
        return Count(self.connections - earlier.connections, self.letters - earlier.letters, self.size - earlier.size)


class Letterbox:
    """Runs the server; a context manager."""

    def __init__(self, certificate: Path, key: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._counters = context.Array("q", 3)
        here, there = context.Pipe(duplex=False)
        self._here = here
        self._process = context.Process(target=_serve, args=(certificate, key, there, self._counters), daemon=True)
        self.port = 0

    def __enter__(self) -> "Letterbox":
        self._process.start()
        if not self._here.poll(30):
            raise TimeoutError("the SMTP server did not start")
        self.port = self._here.recv()
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.join(10)

    @property
    def count(self) -> Count:
        return Count(*self._counters[:])


class _Counting:
    def __init__(self, counters: "SynchronizedArray[int]") -> None:
        self.counters = counters

    # The names are aiosmtpd's.
    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.counters[0] += session.ssl is not None  # the greeting after STARTTLS
        return responses

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.counters[1] += 1
        self.counters[2] += len(envelope.original_content or b"")
        return "250 OK"


def _serve(certificate: Path, key: Path, port: Connection, counters: "SynchronizedArray[int]") -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def run() -> None:
        loop, handler = asyncio.get_running_loop(), _Counting(counters)
        server = await loop.create_server(
            lambda: SMTP(handler, tls_context=context, require_starttls=True, enable_SMTPUTF8=True, loop=loop),
            "127.0.0.1",
            0,
        )
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())
