"""The demo's IMAP server: pymap's in-memory accounts on a port of 127.0.0.1, STARTTLS required, with IDLE.

Lives in the event loop of `servers.py`. Mails come in by the deed behind the APPEND command (RFC 9051, 6.3.12), so
that clients that idle are told at once.
"""

import asyncio
import contextlib
import ssl
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, Identity, Login
from pymap.concurrent import Subsystem
from pymap.context import connection_exit
from pymap.imap import IMAPConnection
from pymap.imap.state import ConnectionState
from pymap.parsing import Params
from pymap.parsing.command.select import UidSearchCommand
from pymap.parsing.commands import Commands
from pymap.parsing.message import AppendMessage
from pymap.parsing.response import Response
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

LOOPBACK = "127.0.0.1"


class ImapHost:
    """One account for each address, the password being the same."""

    def __init__(self, tls: ssl.SSLContext, password: str) -> None:
        """Take what proves the server and what proves its users."""
        self._config = _Config(
            Namespace(proxy_protocol=None),
            host=LOOPBACK,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            ssl_context=tls,
            # The password is made up at each start and lies in a file beside: nothing would be won by hashing it.
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        self._login = Login(self._config)
        self._password = password
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self, addresses: Sequence[str]) -> int:
        """Open the accounts and a port; return the port."""
        for address in addresses:
            user = UserMetadata(self._config, address, password=self._password)
            await self._identity(address).set(user)
        self._server = await asyncio.start_server(self._serve_client, LOOPBACK, 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def stop(self) -> None:
        """Close the port and every line."""
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def append(self, address: str, raw: bytes, received_at: datetime) -> int:
        """Lay a mail into the INBOX of an account; return its UID."""
        async with self._identity(address).new_session() as session:
            place, _ = await session.append_messages("INBOX", [AppendMessage(raw, received_at)])
        return min(place.uids)

    def _identity(self, address: str) -> Identity:
        return Identity(address, self._login, None, frozenset())

    async def _serve_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            # A client that goes away in the middle is no trouble.
            async with contextlib.AsyncExitStack() as stack:
                stack.enter_context(contextlib.suppress(OSError, EOFError))
                connection = _Connection(self._config.commands, self._config, reader, writer, _Stranger(writer))
                stack.enter_context(contextlib.closing(connection))
                connection_exit.set(stack)
                await connection.run(ConnectionState(self._login, self._config))
        finally:
            self._writers.discard(writer)


class _Config(Config):
    """The settings of pymap, without its look-up of this machine's name, and with one command mended."""

    @property
    def greeting(self) -> bytes:
        """Return what the server says first."""
        return b"rightsdesk demo"

    @property
    def commands(self) -> Commands:
        """Return the commands of pymap with our UID SEARCH."""
        known = super().commands
        known.register(_UidSearch)
        return known


class _UidSearch(UidSearchCommand):
    """UID SEARCH as the standard has it: a bare set in it means message numbers, not UIDs as pymap reads it.

    RFC 9051, 6.4.4 and 6.4.9.
    """

    @classmethod
    def parse(cls, buf: memoryview, params: Params) -> tuple[UidSearchCommand, memoryview]:
        """Read the command; raises TypeError for another one."""
        command, rest = super(UidSearchCommand, cls).parse(buf, params)
        if not isinstance(command, UidSearchCommand):
            raise TypeError(command)
        return command, rest


class _Connection(IMAPConnection):
    """A line that sends each answer in one piece: imapclient loses half a line that reaches it while it idles."""

    async def write_response(self, resp: Response) -> None:
        """Write a response whole, or not at all where the line is gone."""
        whole = BytesIO()
        await resp.async_write(whole)
        with contextlib.suppress(ConnectionError):
            self.writer.write(whole.getvalue())
            await self.writer.drain()


class _Stranger(SocketInfoLocal):
    """A client. pymap lets those on loopback log in without encryption; this one is treated like one from afar."""

    @property
    def from_localhost(self) -> bool:
        """Tell that even this machine has to log in."""
        return False
