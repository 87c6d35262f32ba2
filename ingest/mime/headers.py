"""Header fields read (RFC 5322, 2047, 2231): unfolded, decoded, cleaned. Nothing here raises.

Every value comes out as one clean line, so that nothing a sender writes can start a header of ours.
"""

import binascii
import re
from collections.abc import Iterator
from email.message import Message

from ingest.mime.charset import clean_line, decode_text, mend_utf8
from ingest.mime.transfer import from_base64

MAX_HEADERS = 500
MAX_VALUE = 4096
MAX_MESSAGE_ID = 998
"""RFC 5322 section 2.1.1: no line is longer."""

_WORD = re.compile(r"=\?([A-Za-z0-9_.:+-]{1,40})(?:\*[A-Za-z0-9-]*)?\?([bBqQ])\?([^?]*)\?=")
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?-~]+>")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,64})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_CONTINUED = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")


def raw_fields(message: Message) -> Iterator[tuple[str, str]]:
    """Give each header of a part: its name in lower case, its value as Unicode, folded and encoded as sent."""
    for name, value in message.raw_items():
        yield name.lower(), recoded(str(value))


def recoded(raw: str) -> str:
    """Return a header value with its 8-bit bytes (surrogates of the standard parser) read as text."""
    return raw if raw.isascii() else mend_utf8(raw.encode("utf-8", "surrogateescape"))


def decode_value(value: str) -> str:
    """Return a header value as one clean line, with its encoded words decoded (RFC 2047)."""
    return clean_line(_decode_words(value) if "=?" in value else value)


def message_ids(value: str) -> tuple[str, ...]:
    """Return all that has the form of a msg-id, without repetition; the right side may be odd."""
    found = (match for match in _MESSAGE_ID.findall(_decode_words(value)) if len(match) <= MAX_MESSAGE_ID)
    return tuple(dict.fromkeys(found))


def parameters(value: str) -> dict[str, str]:
    """Return the parameters of a Content-Type or Content-Disposition, continued and encoded ones joined."""
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, text in _PARAMETER.findall(value[:16384]):
        match = _CONTINUED.fullmatch(name.lower())
        if match:
            order = int(match.group(2) or 0)
            pieces.setdefault(match.group(1), []).append((order, bool(match.group(3)), _unquoted(text)))
    return {name: _joined(sorted(parts, key=lambda part: part[0])) for name, parts in pieces.items()}


def _decode_words(value: str) -> str:
    """Decode encoded words; neighbours in one charset are joined before decoding, as many mailers split letters."""
    out: list[str] = []
    data, charset, end = b"", "", 0
    for match in _WORD.finditer(value):
        gap, new = value[end : match.start()], match.group(1).lower()
        if data and (gap.strip() or new != charset):
            out.append(decode_text(data, charset)[0])
            data = b""
        if gap.strip() or not end:
            out.append(gap)
        data, charset, end = data + _word_bytes(match.group(2), match.group(3)), new, match.end()
    return "".join(out) + (decode_text(data, charset)[0] if data else "") + value[end:]


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return from_base64(data) if encoding in "bB" else binascii.a2b_qp(data, header=True)


def _unquoted(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text.strip('"'), flags=re.DOTALL)
    return text.partition(" ")[0].strip("'\"")


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    charset = ""
    data = b""
    for order, is_extended, piece in parts:
        text = piece
        if is_extended and order == 0 and piece.count("'") >= 2:
            charset, _, text = piece.split("'", 2)
        data += _percent_decoded(text) if is_extended else text.encode("utf-8", "replace")
    return decode_value(decode_text(data, charset)[0])


def _percent_decoded(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes([int(match.group(1), 16)]), data)
