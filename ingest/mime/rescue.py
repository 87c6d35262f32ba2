"""What can be told of a mail that could not be read: the few header facts that help a person to find it.

Looks at the first bytes only, line by line, with no parser that could fail on them.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.mime.addresses import addresses_of, salvaged
from ingest.mime.charset import clean_line, mend_utf8
from ingest.mime.headers import MAX_VALUE, decode_value, message_ids
from models.mail import Body, ParsedMail

MAX_HEADER_BYTES = 256 * 1024
MAX_LINES = 2000

_FIELD = re.compile(r"(from|reply-to|to|subject|message-id|date):[ \t]*(.*)", re.IGNORECASE)


def rescued(raw: bytes, reason: str) -> ParsedMail:
    """Return a mail that says why it is unreadable, and what its header says nevertheless."""
    fields = _fields(raw)
    ids = message_ids(fields.get("message-id", ""))
    return ParsedMail(
        message_id=ids[0] if ids else "",
        subject=decode_value(fields.get("subject", ""))[:MAX_VALUE],
        from_=addresses_of(salvaged(decode_value(fields.get("from", "")))),
        sender=None,
        reply_to=addresses_of(salvaged(decode_value(fields.get("reply-to", "")))),
        to=addresses_of(salvaged(decode_value(fields.get("to", "")))),
        cc=(),
        date=date_of(fields.get("date", "")),
        in_reply_to=(),
        references=(),
        headers=tuple((name, decode_value(value)[:MAX_VALUE]) for name, value in fields.items()),
        body=Body(text="", written=""),
        unreadable=reason,
    )


def _fields(raw: bytes) -> dict[str, str]:
    """Collect the first of each wanted header, unfolded and bounded, up to the first blank line."""
    found: dict[str, str] = {}
    current = ""
    for line in mend_utf8(raw[:MAX_HEADER_BYTES].lstrip(b"\r\n")).splitlines()[:MAX_LINES]:
        if not line.strip():
            break
        if line[0] in " \t":
            if current and len(found[current]) < MAX_VALUE:
                found[current] += " " + line.strip()[:MAX_VALUE]
            continue
        match = _FIELD.match(line)
        name = match.group(1).lower() if match else ""
        current = name if match and name not in found else ""
        if match and current:
            found[current] = match.group(2)[:MAX_VALUE]
    return found


def date_of(value: str) -> datetime | None:
    """Return the time a Date header names, None where it is missing, impossible or without a zone."""
    try:
        date = parsedate_to_datetime(clean_line(value, 100))
        return date.astimezone(UTC) if date.tzinfo else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
