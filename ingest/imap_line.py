"""One line to an IMAP server: reached, encrypted as configured or not at all, logged in; its errors explained.

No error repeats what the server said: that may hold personal data.
"""

import contextlib
import re
import socket
import ssl
from dataclasses import dataclass

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from models.errors import DeskError, PermanentFailure, TemporaryFailure
from models.organisation import ServerAccess, TlsMode
from store.tls import looking_tls, verified_tls

_PLAIN_WORD = re.compile(r"[A-Za-z0-9.@_+-]+")
REFUSALS = (IMAPClientError, ValueError, LookupError)
"""The server said no, or what it said makes no sense; an IMAPClientAbortError, which is one of them, ends the line."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What a server can do; each absence has its own path."""

    idle: bool
    """else: wait and look again"""
    move: bool
    """else: copy, flag as deleted, and expunge with UIDPLUS"""
    uidplus: bool
    """else: the copied mail stays, flagged as deleted: a bare EXPUNGE would take other people's mail along"""
    condstore: bool
    """shown by `doctor` only; the ledger needs no help"""


def connect(access: ServerAccess, context: ssl.SSLContext | None = None) -> IMAPClient:
    """Return a line to the server, encrypted as configured, nobody logged in; verified unless `context` says else."""
    if context is None and access.tls is not TlsMode.NONE:
        context = verified_tls(access.ca_file, access.ca_pem)
    timeout = SocketTimeout(connect=min(access.timeout_seconds, 30), read=access.timeout_seconds)
    implicit = access.tls is TlsMode.IMPLICIT
    client = IMAPClient(
        access.host,
        access.port,
        ssl=implicit,
        ssl_context=context if implicit else None,
        timeout=timeout,
    )
    client.normalise_times = False  # else INTERNALDATE loses its zone
    if access.tls is TlsMode.STARTTLS:
        try:
            client.starttls(context)
        except BaseException:
            shut_down(client)
            raise
    return client


def certificate_shown(access: ServerAccess) -> bytes:
    """Return the certificate that a server shows (DER); nobody logs in on such a line."""
    client = connect(access, looking_tls())
    try:
        line = client.socket()
        return line.getpeercert(binary_form=True) or b"" if isinstance(line, ssl.SSLSocket) else b""
    finally:
        shut_down(client)


def log_in(client: IMAPClient, access: ServerAccess) -> None:
    """Log in by LOGIN, which takes plain words only, else by SASL PLAIN in UTF-8 (RFC 9051, 6.2.3; RFC 4616)."""
    if _PLAIN_WORD.fullmatch(access.user) and access.password.isascii():
        client.login(access.user, access.password)
    else:
        client.plain_login(access.user, access.password)


def shut_down(client: IMAPClient) -> None:
    """Drop the line; never raises."""
    with contextlib.suppress(IMAPClientError, OSError):
        client.shutdown()


def offers_of(client: IMAPClient) -> Offers:
    """Return what the server says it can do."""
    # A bytes comparison: capability names come as sent, in upper case by imapclient.
    names = {bytes(name).upper() for name in client.capabilities()}
    return Offers(b"IDLE" in names, b"MOVE" in names, b"UIDPLUS" in names, b"CONDSTORE" in names)


def explained(error: Exception, server: str) -> DeskError:
    """Say what went wrong and what to do; the server's own words may hold personal data and are left out."""
    if isinstance(error, DeskError):
        return error
    if isinstance(error, ssl.SSLError):
        return _tls_trouble(error, server)
    if isinstance(error, LoginError):
        return _log_in_trouble(error, server)
    if isinstance(error, CapabilityError):
        return PermanentFailure(f'{server} offers no STARTTLS, and clear text is never used: set tls = "implicit"')
    if isinstance(error, socket.gaierror):
        return TemporaryFailure(f"{server} has a name that is not known: check host")
    if isinstance(error, ConnectionRefusedError):
        return TemporaryFailure(f"{server} cannot be reached: nothing listens there; check host and port")
    if isinstance(error, TimeoutError):
        return TemporaryFailure(f"{server} does not answer in time: check host, port and tls")
    if isinstance(error, IMAPClientAbortError | OSError):
        return TemporaryFailure(f"{server} cannot be reached or closed the line ({type(error).__name__})")
    return TemporaryFailure(f"{server} refused a command, or answered what makes no sense ({type(error).__name__})")


def _tls_trouble(error: ssl.SSLError, server: str) -> DeskError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return PermanentFailure(
            f"{server} shows a certificate that does not hold ({error.verify_message}): renew it, or set ca_file"
        )
    return PermanentFailure(f"{server} cannot agree on encryption ({error.reason}): check port and tls")


def _log_in_trouble(error: LoginError, server: str) -> DeskError:
    # imapclient calls a line that broke here a failed log-in, too; UNAVAILABLE: RFC 5530, 3.
    if isinstance(error.__context__, IMAPClientAbortError) or "[UNAVAILABLE]" in str(error):
        return TemporaryFailure(f"{server} broke the log-in off")
    return PermanentFailure(f"{server} refuses the log-in: check user and password")
