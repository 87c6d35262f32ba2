"""The sample mails: which they are, where each goes, and what a working office makes of it.

The files beside are mails as people write them; all people and domains are invented. On delivery a mail gets what a
mail provider adds: the trace of its way here, the check of its sender, and a date.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import format_datetime, parseaddr
from pathlib import Path

from models.message import Outcome
from service.demo.organisations import MAILBOXES

FOLDER = Path(__file__).with_name("samples")


@dataclass(frozen=True, slots=True)
class Sample:
    """One delivery of one mail."""

    file: str
    mailbox: str
    ends_as: tuple[Outcome, ...] = (Outcome.CASE,)
    after: str = ""
    """The file of the mail that must be settled before: this one is a copy of it, or speaks of its acknowledgement."""

    @property
    def address(self) -> str:
        """Return where it is delivered."""
        return MAILBOXES[self.mailbox]

    def as_delivered(self, received_at: datetime, *, acknowledgement: str = "", reference: str = "") -> bytes:
        """Return the mail as it lies in the mailbox; the acknowledgement (its Message-ID) is the one it speaks of."""
        text = (FOLDER / self.file).read_bytes()
        text = text.replace(b"{acknowledgement}", acknowledgement.encode()).replace(b"{reference}", reference.encode())
        text = text.replace(b"{wrappings}", _WRAPPING * 5200)
        return (_trace(text, self.address, received_at) + text).replace(b"\n", b"\r\n")


# What a mail loop leaves behind: each round wrapped the mail once more, until no parser can follow.
_WRAPPING = b'--loop\nContent-Type: multipart/mixed; boundary="loop"\n\n'
_MACHINE = (Outcome.AUTOMATIC,)
_ORDINARY = (Outcome.FILED,)
_NOISE = (Outcome.FILED, Outcome.AUTOMATIC)

SAMPLES = (
    Sample("01-access-en.eml", "contact"),
    Sample("02-rectification-es.eml", "admin"),
    Sample("03-access-erasure-fr.eml", "contact"),
    Sample("04-newsletter-en.eml", "admin", _NOISE),
    Sample("05-access-de.eml", "contact"),
    Sample("06-support-en.eml", "admin", _ORDINARY),
    Sample("07-erasure-customer-en.eml", "admin"),
    Sample("08-out-of-office-de.eml", "contact", _MACHINE),
    Sample("09-objection-marketing-es.eml", "contact"),
    Sample("10-job-application-en.eml", "admin"),
    Sample("11-empty-en.eml", "contact"),
    Sample("12-phishing-en.eml", "contact", _NOISE),
    Sample("13-portability-fr.eml", "contact"),
    Sample("14-complaint-en.eml", "contact"),
    Sample("15-authority-es.eml", "admin"),
    Sample("16-restriction-objection-de.eml", "admin"),
    Sample("17-invoice-fr.eml", "contact", _ORDINARY),
    Sample("18-breach-report-en.eml", "admin"),
    Sample("19-chat-erasure-es.eml", "contact"),
    Sample("20-withdraw-consent-fr.eml", "contact"),
    Sample("21-post-mortem-fr.eml", "privacy"),
    Sample("22-automated-decision-en.eml", "contact"),
    Sample("23-forwarded-by-colleague-en.eml", "contact"),
    Sample("24-broken.eml", "admin", (Outcome.QUARANTINE,)),
    Sample("25-erasure-en.eml", "privacy"),
    Sample("13-portability-fr.eml", "privacy", (Outcome.DUPLICATE,), after="13-portability-fr.eml"),
    Sample("26-reply-en.eml", "contact", (Outcome.THREAD,), after="01-access-en.eml"),
    Sample("27-bounce-en.eml", "privacy", _MACHINE, after="25-erasure-en.eml"),
)


def _trace(text: bytes, address: str, received_at: datetime) -> bytes:
    return "".join(f"{line}\n" for line in _trace_lines(text, address, received_at)).encode()


def _trace_lines(text: bytes, address: str, received_at: datetime) -> Iterator[str]:
    headers = BytesHeaderParser().parsebytes(text)
    provider = f"mx.{address.partition('@')[2]}"
    sender = parseaddr(headers.get("From", ""))[1].partition("@")[2] or "unknown.example"
    moment = format_datetime(received_at)
    yield f"Received: from mail.{sender} (mail.{sender} [192.0.2.25])"
    yield f"\tby {provider} with ESMTPS for <{address}>; {moment}"
    if "Authentication-Results" not in headers:
        yield f"Authentication-Results: {provider}; dmarc=pass header.from={sender}"
    if "Date" not in headers:
        yield f"Date: {moment}"
