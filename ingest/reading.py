"""A mail that a parser has taken apart becomes a ParsedMail of clean values.

The MIME tree comes from mail-parser (or, for the mails it cannot take, from the standard library); bodies and
attachments are read over that tree, since both lose text in the cases the modules below name.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import Message

from ingest.mime.addresses import addresses_of, named_sender
from ingest.mime.alternatives import Text, joined
from ingest.mime.charset import clean_line
from ingest.mime.contents import Contents, read_contents
from ingest.mime.headers import MAX_HEADERS, MAX_VALUE, decode_value, message_ids, raw_fields
from ingest.mime.reports import read_report
from ingest.mime.sealed import without_pgp
from ingest.wording.quoting import is_forward_subject, split_body
from models.mail import Body, ForwardedMail, ParsedMail

MAX_TEXT = 1_000_000
"""Characters of a body that are shown and judged; the raw mail keeps all."""
MAX_REFERENCES = 200

_ONCE = ("From", "Subject", "Message-ID", "Date")


@dataclass(frozen=True)
class TakenApart:
    """What a parser made of the bytes, before the values are cleaned."""

    message: Message
    mailboxes: Mapping[str, Sequence[tuple[str, str]]]
    """(name, address) pairs of From, Sender, Reply-To, To and Cc."""
    date: datetime | None = None
    texts: Callable[[], Sequence[Text]] = tuple
    """Gives the texts the parser itself found, for a mail where the tree shows none."""
    notes: Sequence[str] = field(default=())


def read_mail(taken: TakenApart) -> ParsedMail:
    """Return the mail as clean values."""
    fields = list(raw_fields(taken.message))
    contents = read_contents(taken.message)
    subject = decode_value(_first(fields, "subject"))[:MAX_VALUE].rstrip()
    text, text_notes = _text_of(taken, contents)
    sender = addresses_of(taken.mailboxes.get("sender", ()))
    from_ = addresses_of(taken.mailboxes.get("from", ()))
    ids = message_ids(_first(fields, "message-id"))
    return ParsedMail(
        message_id=ids[0] if ids else "",
        subject=subject,
        from_=from_,
        sender=sender[0] if sender else None,
        reply_to=addresses_of(taken.mailboxes.get("reply-to", ())),
        to=addresses_of(taken.mailboxes.get("to", ())),
        cc=addresses_of(taken.mailboxes.get("cc", ())),
        date=taken.date,
        in_reply_to=_all_ids(fields, "in-reply-to"),
        references=_all_ids(fields, "references"),
        headers=tuple(_clean_fields(fields)),
        body=_body_of(text, subject, contents),
        attachments=tuple(contents.attachments),
        report=read_report(fields, contents, from_[0].address if from_ else "", subject, text),
        body_digest=_digest(text, contents),
        defects=tuple(dict.fromkeys([*_field_notes(fields, bool(ids)), *taken.notes, *contents.notes, *text_notes])),
    )


def _first(fields: Sequence[tuple[str, str]], name: str) -> str:
    return next((value for key, value in fields if key == name), "")


def _all_ids(fields: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    values = " ".join(value for key, value in fields if key == name)
    return message_ids(values)[-MAX_REFERENCES:]


def _clean_fields(fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers for display and checks: bounded in number and length."""
    return [
        (clean_line(name, 200), decode_value(value[: 4 * MAX_VALUE])[:MAX_VALUE].rstrip())
        for name, value in fields[:MAX_HEADERS]
    ]


def _field_notes(fields: Sequence[tuple[str, str]], has_id: bool) -> list[str]:  # noqa: FBT001
    names = [name for name, _ in fields]
    notes = [f"several {shown} headers: the first counts" for shown in _ONCE if names.count(shown.lower()) > 1]
    if "message-id" in names and not has_id:
        notes.append("the Message-ID has not the form of one")
    if len(fields) > MAX_HEADERS:
        notes.append(f"only the first {MAX_HEADERS} headers are shown")
    if any(len(value) > MAX_VALUE for _, value in fields):
        notes.append("long headers are shown in part")
    return notes


def _text_of(taken: TakenApart, contents: Contents) -> tuple[str, list[str]]:
    text = contents.text()
    if not text.strip() and not contents.mails:
        # The texts of the parser hold attached mails too, without a mark; so only where there is none.
        text = joined(taken.texts())
    text, note = without_pgp(text)
    notes = [note] if note else []
    if len(text) > MAX_TEXT:
        notes.append("the text is cut: it is much longer than a letter")
    return text[:MAX_TEXT].strip("\n"), notes


def _body_of(text: str, subject: str, contents: Contents) -> Body:
    body = split_body(text, subject=subject)
    is_passed_on = len(contents.mails) == 1 and body.forwarded is None
    if not is_passed_on or (text.strip() and not is_forward_subject(subject)):
        return body
    return replace(body, forwarded=_forwarded(contents.mails[0]))


def _forwarded(message: Message) -> ForwardedMail:
    """Read an attached mail as one that was passed on: only its own text, not what it has attached."""
    fields = list(raw_fields(message))
    return ForwardedMail(
        sender=named_sender(decode_value(_first(fields, "from"))),
        sent_on=clean_line(_first(fields, "date"), 200),
        subject=decode_value(_first(fields, "subject"))[:MAX_VALUE],
        text=read_contents(message).text()[:MAX_TEXT].strip(),
    )


def _digest(text: str, contents: Contents) -> str:
    """Return what two copies of a mail share, whatever their route: the words, and the bytes attached."""
    words = " ".join(text.split())
    pieces = [words, *sorted(attachment.sha256 for attachment in contents.attachments)]
    return hashlib.sha256("\n".join(pieces).encode("utf-8")).hexdigest()
