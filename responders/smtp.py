"""Handing letters to an SMTP server by aiosmtplib: one connection for many letters, encrypted as configured.

Goes out: a `Handover` for each letter. Async inside, as `hook_sender.py` is; callers stay sync.
"""

import asyncio
import socket
import ssl
from dataclasses import dataclass, replace
from enum import StrEnum
from types import TracebackType
from typing import Self

import aiosmtplib
from aiosmtplib.email import parse_address

from models.errors import DeskError, PermanentFailure, TemporaryFailure
from models.organisation import ServerAccess, TlsMode
from responders.header_lines import ascii_domain
from store.tls import looking_tls, verified_tls


class HandoverState(StrEnum):
    """What the server did with a letter."""

    ACCEPTED = "accepted"
    TRY_AGAIN = "try_again"
    """Not taken now (4xx, or the line broke before the letter was on its way)."""
    UNTRIED = "untried"
    """The line that served earlier letters was gone when this one's turn came: a new line may take it at once."""
    REFUSED = "refused"
    """Not taken for good (5xx)."""
    UNCERTAIN = "uncertain"
    """The letter was handed over whole, and no answer came."""


@dataclass(frozen=True, slots=True)
class Handover:
    """The end of one attempt; `reason` has the server's code, never its words (they may quote an address)."""

    state: HandoverState
    reason: str = ""
    is_line_broken: bool = False


class SmtpSender:
    """A connection to one SMTP server, opened when the first letter leaves."""

    def __init__(self, access: ServerAccess) -> None:
        """Take how to reach the server; nothing is connected yet."""
        self._access = access
        self._runner = asyncio.Runner()
        self._client: aiosmtplib.SMTP | None = None
        self._is_fresh = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> None:
        """Connect, encrypt and log in; raises TemporaryFailure or PermanentFailure with advice."""
        if self._client is None:
            self._client = self._runner.run(_connected(self._access))
            self._is_fresh = True

    def send(self, letter: bytes, sender: str, recipient: str) -> Handover:
        """Hand one letter over; raises as `connect` does where there is no line."""
        self.connect()
        if self._client is None:
            raise AssertionError
        handover = self._runner.run(_handed_over(self._client, letter, sender, recipient))
        if handover.is_line_broken:
            self._drop()
            if handover.state is HandoverState.TRY_AGAIN and not self._is_fresh:
                return replace(handover, state=HandoverState.UNTRIED)
        self._is_fresh = False
        return handover

    def close(self) -> None:
        """Say goodbye; never raises."""
        self._drop(politely=True)
        self._runner.close()

    def _drop(self, *, politely: bool = False) -> None:
        client, self._client = self._client, None
        if client is not None:
            self._runner.run(_let_go(client, politely=politely))


class _Line(aiosmtplib.SMTP):
    """A line that is closed at once: without a loop that runs on, nobody would hear the server's farewell (TLS)."""

    def close(self) -> None:
        """Close the line at once, without waiting for the server."""
        transport = self.transport
        super().close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


def certificate_shown(access: ServerAccess) -> bytes:
    """Return the certificate that a server shows (DER); nobody logs in on such a line. Raises as `connect` does."""

    async def look() -> bytes:
        """Return the certificate that the server shows, b'' for none."""
        client = await _connected(replace(access, user="", password=""), looking_tls())
        try:
            line = client.get_transport_info("ssl_object")
            return (line.getpeercert(binary_form=True) or b"") if line else b""
        finally:
            client.close()

    return asyncio.run(look())


async def _connected(access: ServerAccess, context: ssl.SSLContext | None = None) -> aiosmtplib.SMTP:
    if context is None and access.tls is not TlsMode.NONE:
        context = verified_tls(access.ca_file, access.ca_pem)
    client = _Line(
        hostname=access.host,
        port=access.port,
        timeout=access.timeout_seconds,
        use_tls=access.tls is TlsMode.IMPLICIT,
        start_tls=access.tls is TlsMode.STARTTLS,  # None would fall back to clear text
        tls_context=context,
        username=access.user or None,
        password=access.password if access.user else None,
    )
    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()  # what the server can do is asked before the first letter, which may need SMTPUTF8
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        client.close()
        raise _explained(error, f"the SMTP server {access.host}:{access.port}") from error
    return client


async def _handed_over(client: aiosmtplib.SMTP, letter: bytes, sender: str, recipient: str) -> Handover:
    try:
        await _give_envelope(client, sender, recipient)
    except ValueError:  # of which UnicodeError is one
        refusal = Handover(HandoverState.REFUSED, "the address cannot be written for this server (RFC 5321, RFC 6531)")
        return await _ready_for_next(client, refusal)
    except aiosmtplib.SMTPResponseException as error:
        return await _ready_for_next(client, _answered(error.code))
    except (aiosmtplib.SMTPException, OSError) as error:
        return Handover(HandoverState.TRY_AGAIN, f"the line broke ({type(error).__name__})", is_line_broken=True)
    try:
        await client.data(letter)
    except aiosmtplib.SMTPResponseException as error:
        if error.code > 0:
            return await _ready_for_next(client, _answered(error.code))
        return Handover(HandoverState.UNCERTAIN, "no usable answer to the letter", is_line_broken=True)
    except (aiosmtplib.SMTPException, OSError) as error:
        # Whether the line broke before or after the final dot cannot be known from here.
        reason = f"no answer to the letter ({type(error).__name__})"
        return Handover(HandoverState.UNCERTAIN, reason, is_line_broken=True)
    return Handover(HandoverState.ACCEPTED)


async def _give_envelope(client: aiosmtplib.SMTP, sender: str, recipient: str) -> None:
    """Name sender and recipient; addresses beyond ASCII by SMTPUTF8 (RFC 6531), or at least with their domain in
    ASCII where the server does not know it.
    """
    if not recipient or parse_address(recipient) != recipient:  # aiosmtplib would quietly send to what it makes of it
        raise ValueError
    if (sender + recipient).isascii():
        await client.mail(sender)
        await client.rcpt(recipient)
    elif client.supports_extension("smtputf8"):
        await client.mail(sender, options=["SMTPUTF8"], encoding="utf-8")
        await client.rcpt(recipient, encoding="utf-8")
    else:
        await client.mail(_with_ascii_domain(sender))
        await client.rcpt(_with_ascii_domain(recipient))


def _with_ascii_domain(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


async def _ready_for_next(client: aiosmtplib.SMTP, handover: Handover) -> Handover:
    """Bring the line back to where the next letter can start; where that fails, the line is broken."""
    try:
        await client.rset()
    except (aiosmtplib.SMTPException, OSError):
        return replace(handover, is_line_broken=True)
    return handover


async def _let_go(client: aiosmtplib.SMTP, *, politely: bool) -> None:
    try:
        if politely and client.is_connected:
            await client.quit(timeout=5)
    except (aiosmtplib.SMTPException, OSError):
        pass
    finally:
        client.close()


def _answered(code: int) -> Handover:
    if code <= 0:  # aiosmtplib's mark for what is no SMTP answer
        return Handover(HandoverState.TRY_AGAIN, "no usable answer to the envelope", is_line_broken=True)
    state = HandoverState.REFUSED if 500 <= code < 600 else HandoverState.TRY_AGAIN
    # After 421 the server closes the line (RFC 5321, 3.8).
    return Handover(state, f"the server answered {code}", is_line_broken=code == 421)


def _explained(error: Exception, server: str) -> DeskError:
    """Say what went wrong and what to do; the server's own words may hold personal data and are left out."""
    cause = error.__cause__ or error
    if isinstance(cause, ssl.SSLError):
        return _tls_trouble(cause, server)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _refusal(error, server)
    if isinstance(error, aiosmtplib.SMTPTimeoutError | TimeoutError):
        return TemporaryFailure(f"{server} does not answer in time: check host, port and tls")
    if isinstance(cause, socket.gaierror):
        return TemporaryFailure(f"{server} has a name that is not known: check host")
    if isinstance(cause, ConnectionRefusedError):
        return TemporaryFailure(f"{server} cannot be reached: nothing listens there; check host and port")
    if isinstance(error, OSError):
        return TemporaryFailure(f"{server} cannot be reached or closed the line ({type(cause).__name__})")
    if "AUTH" in str(error) or "authentication" in str(error):
        return PermanentFailure(f'{server} offers no log-in that we know: set user = "", or check port and tls')
    if "STARTTLS" in str(error):
        return PermanentFailure(f'{server} offers no STARTTLS, and clear text is never used: set tls = "implicit"')
    return TemporaryFailure(f"{server} cannot be used ({type(cause).__name__})")


def _tls_trouble(error: ssl.SSLError, server: str) -> DeskError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return PermanentFailure(
            f"{server} shows a certificate that does not hold ({error.verify_message}): renew it, or set ca_file"
        )
    return PermanentFailure(f"{server} cannot agree on encryption ({error.reason}): check port and tls")


def _refusal(error: aiosmtplib.SMTPResponseException, server: str) -> DeskError:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError) and error.code >= 500:
        return PermanentFailure(f"{server} refuses the log-in: check user and password")
    return TemporaryFailure(f"{server} does not let us in now (it answered {error.code})")
