"""Real messages out of rows: sender, subject, body, names of attachments.

Corpus mails and rows of the machine form go through the same parser as live mail, so that all are read alike. What
no header may hold (line breaks, control characters, lone surrogates) is replaced.
"""

import mimetypes
import re
from collections.abc import Sequence
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr, parseaddr

RECIPIENT = "privacy@desk.example"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_OF_THE_BODY = frozenset({"content-type", "content-transfer-encoding", "mime-version", "from", "to", "subject"})


def message_bytes(
    sender: str,
    subject: str,
    body: str,
    attachments: Sequence[str] = (),
    headers: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return a message (RFC 5322) with these parts; attachments have names and no content."""
    text = MIMEText(_encodable(body).replace("\r\n", "\n").replace("\0", ""), "plain", "utf-8")
    message = MIMEMultipart() if attachments else text
    if attachments:
        message.attach(text)
        for name in attachments:
            message.attach(_attachment(_one_line(name)))
    message["From"] = _address(_one_line(sender))
    message["To"] = RECIPIENT
    message["Subject"] = _header(subject)
    for name, value in headers:
        if name.lower() not in _OF_THE_BODY:
            message[name] = _header(value)
    return message.as_bytes()


def _attachment(name: str) -> MIMEBase:
    kind, _, subtype = (mimetypes.guess_type(name)[0] or "application/octet-stream").partition("/")
    part = (
        MIMEBase(kind, subtype)
        if kind not in ("text", "message", "multipart")
        else MIMEBase("application", "octet-stream")
    )
    part.set_payload("")
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    return part


def _address(sender: str) -> str:
    name, address = parseaddr(sender)
    if not address.isascii() or "@" not in address:
        return _header(sender)
    return formataddr((name, address), charset="utf-8")


def _header(value: str) -> str:
    plain = _one_line(value)
    return plain if plain.isascii() and len(plain) < 900 else Header(plain, "utf-8").encode()


def _one_line(value: str) -> str:
    return _CONTROL.sub(" ", _encodable(value)).strip()


def _encodable(value: str) -> str:
    return value.encode("utf-8", "replace").decode("utf-8")
