"""A mail whose charset is named wrongly or not at all, read in the one that a person chose.

Changes the tree that a parser made, never the bytes that are kept. Attached mails stay as they are: other programs
wrote them, and their digests tell copies.
"""

import re
from collections.abc import Iterator
from email.message import Message

from ingest.mime.charset import TWICE, charset_named
from ingest.mime.part import Part

_CHARSET = re.compile(r";\s*charset(?:\*\d{0,3}\*?)?\s*=\s*(?:\"[^\"]*\"|[^;\s]*)", re.IGNORECASE)
_WORD_LABEL = re.compile(r"=\?([A-Za-z0-9_.:+-]{1,40})(?=(?:\*[A-Za-z0-9-]*)?\?[bBqQ]\?)")


def relabelled(message: Message, charset: str) -> Message:
    """Let the texts and headers of a mail be read in a charset; nothing is changed where none is chosen.

    What calls itself UTF-8, and is, stays so.
    """
    codec = charset_named(charset)
    if codec:
        _relabel_fields(message, codec)
        for part in _texts(message):
            _relabel_text(part, codec)
    return message


def _texts(message: Message) -> Iterator[Message]:
    waiting = [message]
    while waiting:
        part = Part(waiting.pop())
        if part.is_text and not part.children:
            yield part.message
        elif not part.content_type.startswith("message/"):
            waiting += part.children


def _relabel_text(message: Message, codec: str) -> None:
    part = Part(message)
    if codec != TWICE and charset_named(part.type_parameters.get("charset", "")) == "utf-8" and _is_utf8(part.content):
        return
    kind, *rest = _CHARSET.sub("", str(message.get("Content-Type") or part.content_type)).split(";", 1)
    value = ";".join([f'{kind}; charset="{codec}"', *rest])
    del message["Content-Type"]
    message["Content-Type"] = value


def _relabel_fields(message: Message, codec: str) -> None:
    """Read bare bytes in headers, and encoded words (RFC 2047) that do not say UTF-8, in the charset."""
    fields: list[tuple[str, str]] = vars(message)["_headers"]
    fields[:] = [
        (name, _WORD_LABEL.sub(lambda found: _label(found, codec), _bare(str(value), codec))) for name, value in fields
    ]


def _bare(value: str, codec: str) -> str:
    data = value.encode("utf-8", "surrogateescape")
    if value.isascii() or codec == TWICE or _is_utf8(data):
        return value
    try:
        return data.decode(codec)
    except UnicodeError:
        return value


def _label(found: re.Match[str], codec: str) -> str:
    is_utf8 = charset_named(found.group(1)) == "utf-8" and codec != TWICE
    return found.group() if is_utf8 else f"=?{codec}"


def _is_utf8(data: bytes) -> bool:
    """Tell whether bytes are UTF-8 with letters beyond ASCII: what is so by chance is very short."""
    try:
        return not data.isascii() and bool(data.decode("utf-8"))
    except UnicodeError:
        return False
