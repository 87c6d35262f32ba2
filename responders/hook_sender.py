"""Handing events to a web hook by httpx: signed as Standard Webhooks has it, encrypted, no redirect followed.

Goes out: '' for what the receiver took, else why not, in words of our own: what it answers is not repeated. It is
async inside, so that the time for one event can be limited as a whole; callers stay sync.
"""

import asyncio
import base64
import hashlib
import hmac
import ssl
from datetime import datetime
from types import TracebackType
from typing import Self

import httpx

from models.errors import SettingsError
from models.webhook import Webhook
from store.tls import verified_tls

SECONDS = 15
"""How long a receiver may take for one event, all in all."""
_SIGNATURE = "webhook-signature"
GONE = "answered 410: it wants no more events"


class HookSender:
    """A connection to one receiver, opened with the first event."""

    def __init__(self, hook: Webhook) -> None:
        """Take where to send to; nothing is connected yet."""
        self._hook = hook
        self._runner = asyncio.Runner()
        self._client: httpx.AsyncClient | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._runner.run(self._client.aclose())
        self._runner.close()

    def send(self, number: str, body: bytes, now: datetime) -> str:
        """Offer one event; return '' where it was taken, else why not."""
        headers = signed(self._hook.secret, number, body, int(now.timestamp()))
        if self._hook.old_until and now < self._hook.old_until:
            before = signed(self._hook.old_secret, number, body, int(now.timestamp()))
            headers[_SIGNATURE] += f" {before[_SIGNATURE]}"
        try:
            return self._runner.run(self._offered(headers, body))
        except (TimeoutError, httpx.TimeoutException):
            return f"did not answer within {SECONDS} seconds"
        except httpx.HTTPError as error:
            return _in_words(error, self._hook)
        except (httpx.InvalidURL, UnicodeError):
            return "cannot be reached: its address is none"
        except SettingsError as error:
            return f"cannot be asked: {error}"

    async def _offered(self, headers: dict[str, str], body: bytes) -> str:
        if self._client is None:
            tls = verified_tls(self._hook.ca_file, self._hook.ca_pem)
            self._client = httpx.AsyncClient(verify=tls, follow_redirects=False, trust_env=False, timeout=SECONDS)
        async with asyncio.timeout(SECONDS):
            sent = self._client.stream("POST", self._hook.url, content=body, headers=headers)
            async with sent as answer:  # its body is never read
                return _judged(answer.status_code)


def signed(secret: bytes, number: str, body: bytes, at: int) -> dict[str, str]:
    """Return the headers of an event: number, time in seconds, and HMAC-SHA256 over both and the body."""
    content = f"{number}.{at}.".encode() + body
    digest = hmac.new(secret, content, hashlib.sha256).digest()
    return {
        "webhook-id": number,
        "webhook-timestamp": str(at),
        _SIGNATURE: f"v1,{base64.b64encode(digest).decode()}",
        "Content-Type": "application/json",
        "User-Agent": "rightsdesk",
    }


def _judged(status: int) -> str:
    if status == httpx.codes.GONE:
        return GONE
    if 300 <= status < 400:
        return f"answered {status}: no redirect is followed, so give its final address"
    return "" if 200 <= status < 300 else f"answered {status}"


def _in_words(error: httpx.HTTPError, hook: Webhook) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            where = "if an authority of your own issued it, name that one" if hook.is_made else "see ca_file"
            return f"has a certificate that is not trusted: {where}"
        cause = cause.__cause__ or cause.__context__
    return "cannot be reached" if isinstance(error, httpx.ConnectError) else "broke the connection off"
