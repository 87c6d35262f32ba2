"""Where passages and files stand in a mail: in each part, in each way in which it can be read."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from html import unescape

from ingest.mime.headers import decode_value, parameters, raw_fields
from ingest.mime.mending import mended
from ingest.mime.part import Part
from ingest.mime.relabelling import relabelled
from ingest.parse import attached_mail, parse
from models.redaction import Passages

_TAG = re.compile(r"<[^<>]*>")
_MAIL = ("message/rfc822", "application/vnd.ms-outlook", "application/x-msg")
_DEEPEST = 6
_BUILT_BY = ("content-transfer-encoding", "mime-version")
STRUCTURE = (
    *("boundary", "charset", "format", "delsp", "method", "report-type", "protocol", "micalg"),
    *("smime-type", "type", "start"),
)
"""Parameters of Content-Type that tell a program how to read a part. Nobody writes words there."""


def holds(raw: bytes, charset: str, passages: Passages, files: Collection[str]) -> bool:
    """Tell whether a mail holds a passage or a file, wherever and however it is read."""
    if passages.texts and any(passages.stand_in(text) for text in _texts(raw, charset)):
        return True
    if passages.texts and any(passages.stand_in_file(content) for content in _contents(raw)):
        return True
    return bool(_digests(raw) & {*files}) if files else False


def _contents(raw: bytes) -> Iterator[bytes]:
    """Yield the files in a mail that are no texts."""
    for part in message_from_bytes(mended(raw)).walk():
        if not part.is_multipart() and not is_text(part):
            yield Part(part).content


def is_text(part: Message) -> bool:
    """Tell whether a leaf is read as a text; parts that nobody could take apart are."""
    return Part(part).content_type.startswith(("text/", "message/", "multipart/"))


def _texts(raw: bytes, charset: str = "", depth: int = 0) -> Iterator[str]:
    """Yield all that can be read in a mail, in each way in which it can be read."""
    mail = parse(raw, charset)
    yield from (mail.subject, mail.body.text)
    for part in message_from_bytes(mended(raw)).walk():
        yield from (text for one in fields(part, charset) for text in one.texts)
        if not part.is_multipart() and is_text(part):
            for text in readings(part, charset):
                yield from faces(text)
    for number, file in enumerate(mail.attachments):
        yield file.name
        is_mail = file.content_type in _MAIL or file.name.lower().endswith((".eml", ".msg"))
        inner = attached_mail(raw, number) if is_mail and depth < _DEEPEST else None
        if inner:
            yield from _texts(inner, "", depth + 1)


@dataclass(frozen=True, slots=True)
class HeaderField:
    """A field of a part's head, in each way in which it can be read."""

    name: str
    """In lower case."""
    texts: tuple[str, ...]


def fields(part: Message, charset: str) -> Iterator[HeaderField]:
    """Yield the fields of a part's head, without what only tells programs how to read it."""
    as_sent = list(raw_fields(part))
    head = Message()
    vars(head)["_headers"] = list(part.raw_items())
    as_chosen = list(raw_fields(relabelled(head, charset))) if charset else as_sent
    for (name, sent), (_, chosen) in zip(as_sent, as_chosen, strict=False):
        readings_of = dict.fromkeys(text for value in (chosen, sent) for text in (decode_value(value), value))
        yield HeaderField(name, tuple(_words_of(name, text) for text in readings_of))


def _words_of(name: str, value: str) -> str:
    """Return what a field says without what is there for programs."""
    if name in _BUILT_BY:
        return ""
    if name == "content-disposition":
        return " ".join(parameters(value).values())
    if name == "content-type":
        return " ".join(text for key, text in parameters(value).items() if key not in STRUCTURE)
    return value


def faces(text: str) -> Iterator[str]:
    """Yield a text as it stands, and as a browser would show it."""
    yield text
    if "<" in text or "&" in text:
        yield from (unescape(_TAG.sub(between, text)) for between in ("", " "))


def readings(part: Message, charset: str) -> Iterator[str]:
    """Yield the texts that a part may be, in each charset that fits."""
    content = Part(part).content
    for codec in codecs(part, charset):
        text = decoded(content, codec)
        if text is not None:
            yield text
    yield Part(relabelled(_copy(part), charset)).text[0]


def _copy(part: Message) -> Message:
    """Return a leaf whose head can be changed without changing its own."""
    copied = Message()
    vars(copied).update(vars(part) | {"_headers": list(part.raw_items())})
    return copied


def codecs(part: Message, charset: str) -> list[str]:
    """Return the charsets that a part may be in: as a person says, as it says itself, as is usual."""
    return [one for one in dict.fromkeys((charset, *_declared(part), "utf-8", "cp1252", "latin-1")) if one]


def _declared(part: Message) -> Iterator[str]:
    if name := Part(part).type_parameters.get("charset", ""):
        yield name


def decoded(content: bytes, codec: str) -> str | None:
    """Return bytes as text where they can be written back in the same charset without a change."""
    try:
        text = content.decode(codec)
        return text if text.encode(codec) == content else None
    except (LookupError, ValueError):
        return None


def _digests(raw: bytes, depth: int = 0) -> set[str]:
    """Return the digests of all files in a mail, and in mails attached to it."""
    found: set[str] = set()
    for number, file in enumerate(parse(raw).attachments):
        found.add(file.sha256)
        is_mail = file.content_type in _MAIL or file.name.lower().endswith((".eml", ".msg"))
        if is_mail and depth < _DEEPEST and (inner := attached_mail(raw, number)):
            found |= _digests(inner, depth + 1)
    return found
