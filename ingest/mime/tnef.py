"""winmail.dat opened: the text and the attachments that Outlook packed in TNEF ([MS-OXTNEF]).

Only what a reader needs is taken: the plain, HTML or rich text and the names and bytes of the attachments.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.mime.charset import decode_text
from ingest.mime.markup import text_from_html
from ingest.mime.part import safe_label
from ingest.mime.rich_text import decompressed, text_from_rtf

SIGNATURE = 0x223E9F78

_BODY, _ATTACHMENT_START, _TITLE, _DATA = 0x0002800C, 0x00069002, 0x00018010, 0x0006800F
_MESSAGE_PROPERTIES, _ATTACHMENT_PROPERTIES, _CODE_PAGE = 0x00069003, 0x00069005, 0x00069007

_PLAIN, _RICH, _HTML, _LONG_NAME = 0x1000, 0x1009, 0x1013, 0x3707
_STRING8, _UNICODE, _OBJECT, _BINARY = 0x001E, 0x001F, 0x000D, 0x0102
_SIZES = {
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x000A: 4,
    0x000B: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
_MULTIPLE = 0x1000


@dataclass
class Unpacked:
    """What a TNEF stream holds."""

    text: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def unpack(data: bytes) -> Unpacked | None:
    """Return the content of a TNEF stream as far as it can be read, None where it is none."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return None
    unpacked = Unpacked()
    reader = _Reader(unpacked)
    for attribute, value in _attributes(data):
        reader.take(attribute, value)
    return unpacked


class _Reader:
    def __init__(self, unpacked: Unpacked) -> None:
        self._unpacked = unpacked
        self._charset = "cp1252"

    def take(self, attribute: int, value: bytes) -> None:
        """Put one attribute where it belongs."""
        files = self._unpacked.files
        if attribute == _CODE_PAGE and len(value) >= 4:
            self._charset = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == _BODY:
            self._unpacked.text = self._unpacked.text or self._text(value)
        elif attribute == _MESSAGE_PROPERTIES:
            self._unpacked.text = self._body(dict(_properties(value))) or self._unpacked.text
        elif attribute == _ATTACHMENT_START:
            files.append(("unnamed", b""))
        elif files and attribute == _TITLE:
            files[-1] = (safe_label(self._text(value)) or files[-1][0], files[-1][1])
        elif files and attribute == _DATA:
            files[-1] = (files[-1][0], value)
        elif files and attribute == _ATTACHMENT_PROPERTIES:
            name = dict(_properties(value)).get(_LONG_NAME)
            files[-1] = ((safe_label(self._string(name)) if name else "") or files[-1][0], files[-1][1])

    def _body(self, properties: dict[int, tuple[int, bytes]]) -> str:
        if _PLAIN in properties:
            return self._string(properties[_PLAIN])
        if _HTML in properties:
            return text_from_html(self._string(properties[_HTML]))
        if _RICH in properties:
            return text_from_rtf(decompressed(properties[_RICH][1]))
        return ""

    def _string(self, value: tuple[int, bytes]) -> str:
        kind, data = value
        return decode_text(data, "utf-16-le")[0].rstrip("\0") if kind == _UNICODE else self._text(data)

    def _text(self, data: bytes) -> str:
        return decode_text(data.rstrip(b"\0"), self._charset)[0]


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the attributes of a stream up to the first that is cut short; checksums are not asked for."""
    at = 6
    while at + 9 <= len(data):
        attribute, length = struct.unpack_from("<II", data, at + 1)
        at += 9
        if at + length > len(data):
            return
        yield attribute, data[at : at + length]
        at += length + 2


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Give the MAPI properties of an attribute up to the first that is of an unknown build or cut short."""
    try:
        at = 4
        for _ in range(struct.unpack_from("<I", data)[0]):
            kind, number = struct.unpack_from("<HH", data, at)
            at = _after_name(data, at + 4, number)
            value, at = _value(data, at, kind)
            yield number, (kind & ~_MULTIPLE, value)
    except (struct.error, KeyError):
        return


def _after_name(data: bytes, at: int, number: int) -> int:
    """Skip the name of a named property: a GUID, then a number or a string."""
    if number < 0x8000:
        return at
    at += 16
    is_string, length = struct.unpack_from("<II", data, at)
    return at + 8 + (_padded(length) if is_string else 0)


def _value(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    has_length = kind & ~_MULTIPLE in {_STRING8, _UNICODE, _OBJECT, _BINARY}
    count = 1
    if has_length or kind & _MULTIPLE:
        count = struct.unpack_from("<I", data, at)[0]
        at += 4
    first = b""
    for index in range(count):
        size = _SIZES.get(kind & ~_MULTIPLE, 0)
        if has_length:
            size = struct.unpack_from("<I", data, at)[0]
            at += 4
        elif not size:
            raise KeyError(kind)
        if at + size > len(data):
            raise struct.error
        first = data[at : at + size] if index == 0 else first
        at += _padded(size)
    return first, at


def _padded(size: int) -> int:
    return (size + 3) & ~3
