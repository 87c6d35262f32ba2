"""An Outlook message file (.msg, [MS-OXMSG]) turned into a mail (RFC 5322): the only door to olefile.

Comes in: the bytes of an attachment. Goes out: sender, subject, text and files of it as a mail that is read like any
attached one; None for what is no such file, is too large, or cannot be read. Never raises.
"""

import base64
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import HeaderParser
from email.utils import format_datetime
from functools import cached_property
from io import BytesIO
from urllib.parse import quote

from olefile import OleFileIO

from ingest.mime.charset import clean_line, decode_text
from ingest.mime.part import safe_label
from ingest.mime.rich_text import decompressed, text_from_rtf

MAX_BYTES = 32 * 1024 * 1024
SPARE = 1024 * 1024
MAX_FILES = 50
MAX_ENTRIES = 20_000
"""Streams and storages; Outlook writes about a hundred for a message and twenty for each of its files."""
MAX_DEPTH = 3
"""How many messages are opened inside each other."""
LEFT_OUT = "X-Rightsdesk-Left-Out"
"""The header of the mail that says what of the file is not in it."""
TOO_MANY, TOO_DEEP = f"it holds more than {MAX_FILES} files", "messages lie too deep inside each other"
"""What that header says."""
_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_PROPERTIES = "__properties_version1.0"
_TEXT_TYPES = ((0x001F, "utf-16-le"), (0x001E, ""))
_BINARY, _OBJECT = 0x0102, 0x000D
_SUBJECT, _BODY, _HTML, _RICH = 0x0037, 0x1000, 0x1013, 0x1009
_SENDERS = ((0x5D02, 0x0065, 0x0042), (0x5D01, 0x0C1F, 0x0C1A))
"""SMTP address, address of any sort, name: of whom it was sent for, then of who sent it."""
_SHOWN_TO, _TRANSPORT, _MESSAGE_ID = 0x0E04, 0x007D, 0x1035
_SENT, _DELIVERED = 0x0039, 0x0E06
_CODE_PAGES = (0x3FDE, 0x3FFD)
_DATA, _NAMES, _MEDIA_TYPE = 0x3701, (0x3707, 0x3704, 0x3001), 0x370E
_CHARSETS = {65001: "utf-8", 20127: "us-ascii", 20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp", 51932: "euc-jp"}
_ISO = range(28591, 28606)  # 28591 is ISO 8859-1, and so on
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def mail_in(data: bytes) -> bytes | None:
    """Return an Outlook message as a mail, None where it cannot be read as one."""
    if not is_compound(data) or len(data) > MAX_BYTES:
        return None
    try:
        with OleFileIO(BytesIO(data)) as ole:
            if not ole.exists(_PROPERTIES) or len(ole.direntries) > MAX_ENTRIES:
                return None
            return _Folder(ole, (), _Budget(2 * len(data) + SPARE)).mail()
    except Exception:  # noqa: BLE001 - the promise of this module; what a stranger's file does to the reader is unknown
        return None


def is_compound(data: bytes) -> bool:
    """Tell whether bytes begin as compound files do ([MS-CFB] 2.2); old Office documents are such, too."""
    return data.startswith(_SIGNATURE)


class _TooLarge(Exception):
    """A file claims to hold more than there is."""


@dataclass
class _Budget:
    """What may still be read of a file, whose streams may lie one upon the other."""

    octets: int
    files: int = field(default=MAX_FILES)
    left_out: dict[str, None] = field(default_factory=dict)
    """What was not read, in words."""

    def spend(self, octets: int) -> None:
        """Take note of a stream that is about to be read; raises _TooLarge."""
        self.octets -= octets
        if self.octets < 0:
            raise _TooLarge


@dataclass(frozen=True)
class _Folder:
    """A storage with properties: the message, one of its files, or a message in it."""

    ole: OleFileIO
    path: tuple[str, ...]
    budget: _Budget
    depth: int = 0

    def mail(self) -> bytes:
        """Return the message as a mail; its texts and files in base64, so that none can end a part."""
        parts = [self._body(), *self._files()]
        boundary = f"=_outlook-{self.depth}"
        head = "".join(f"{name}: {value}\r\n" for name, value in self._header() if value)
        head += f'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="{boundary}"\r\n'
        pieces = [b"\r\n--" + boundary.encode() + b"\r\n" + part for part in parts]
        return b"".join([head.encode(), *pieces, b"\r\n--" + boundary.encode() + b"--\r\n"])

    def _header(self) -> Iterator[tuple[str, str]]:
        sent = HeaderParser().parsestr(self._text(_TRANSPORT)[:65536])
        said = {name: clean_line(str(sent.get(name) or ""), 2000) for name in ("From", "To", "Date", "Message-ID")}
        yield "From", self._sender() or said["From"]
        yield "To", said["To"] or clean_line(self._text(_SHOWN_TO), 2000)
        yield "Subject", clean_line(self._text(_SUBJECT), 2000)
        yield "Date", said["Date"] or self._date()
        yield "Message-ID", said["Message-ID"] or clean_line(self._text(_MESSAGE_ID), 900)
        yield LEFT_OUT, "" if self.depth else "; ".join(self.budget.left_out)

    def _sender(self) -> str:
        for smtp, other, shown in _SENDERS:
            addresses = (clean_line(self._text(one), 320) for one in (smtp, other))
            address = next((one for one in addresses if "@" in one and " " not in one), "")
            if address:
                name = clean_line(self._text(shown), 300).translate({ord(sign): None for sign in '"\\<>'})
                return f'"{name}" <{address.strip("<>")}>'
        return ""

    def _date(self) -> str:
        for number in (_SENT, _DELIVERED):
            ticks = self._fixed(number, "<Q", 0x0040)
            if ticks:
                return format_datetime(_EPOCH + timedelta(microseconds=ticks // 10))
        return ""

    def _body(self) -> bytes:
        plain = self._text(_BODY)
        html = "" if plain.strip() else self._text(_HTML) or self._decoded(self._stream(_HTML, _BINARY))
        rich = "" if plain.strip() or html.strip() else text_from_rtf(decompressed(self._stream(_RICH, _BINARY)))
        return _part(f"text/{'html' if html.strip() else 'plain'}; charset=utf-8", (html or plain or rich).encode())

    def _files(self) -> Iterator[bytes]:
        """Give the files as parts; a message among them as a mail, as deep as we look."""
        for name in self._storages("__attach_version1.0_"):
            self.budget.files -= 1
            if self.budget.files < 0:
                self.budget.left_out[TOO_MANY] = None
                return
            attached = _Folder(self.ole, (*self.path, name), self.budget, self.depth + 1)
            inner = (*attached.path, f"__substg1.0_{_DATA:04X}{_OBJECT:04X}")
            if self.ole.exists([*inner, _PROPERTIES]):
                if self.depth + 1 < MAX_DEPTH:
                    mail = _Folder(self.ole, inner, self.budget, self.depth + 1).mail()
                    yield b"Content-Type: message/rfc822\r\n\r\n" + mail
                else:
                    self.budget.left_out[TOO_DEEP] = None
                continue
            yield attached.file()

    def file(self) -> bytes:
        """Return a file as a part."""
        name = next((label for one in _NAMES if (label := safe_label(self._text(one)))), "unnamed")
        kind = clean_line(self._text(_MEDIA_TYPE), 100).lower()
        known = kind if kind.count("/") == 1 and kind.replace("/", "").replace("-", "").isalnum() else ""
        disposition = f"Content-Disposition: attachment; filename*=utf-8''{quote(name, safe='')}\r\n"
        return disposition.encode() + _part(known or "application/octet-stream", self._stream(_DATA, _BINARY))

    def _storages(self, beginning: str) -> list[str]:
        entries = self.ole.listdir(streams=False, storages=True)
        depth = len(self.path)
        found = (one for one in entries if len(one) == depth + 1 and tuple(one[:depth]) == self.path)
        return [one[-1] for one in found if one[-1].lower().startswith(beginning)]

    def _text(self, number: int) -> str:
        """Return a text, in whichever of its two forms it is kept."""
        for kind, charset in _TEXT_TYPES:
            data = self._stream(number, kind)
            if data:
                return decode_text(data, charset or self._charset)[0].rstrip("\0")
        return ""

    def _decoded(self, data: bytes) -> str:
        return decode_text(data, self._charset)[0]

    @property
    def _charset(self) -> str:
        page = next((found for one in _CODE_PAGES if (found := self._fixed(one, "<I", 0x0003))), 1252)
        return f"iso-8859-{page - 28590}" if page in _ISO else _CHARSETS.get(page, f"cp{page}")

    @cached_property
    def _table(self) -> bytes:
        return self._read(_PROPERTIES)

    def _fixed(self, number: int, form: str, kind: int) -> int:
        """Return a number kept in the table of properties, 0 where there is none ([MS-OXMSG] 2.4)."""
        table = self._table
        header = 32 if not self.path else 8 if self.path[-1].startswith("__attach") else 24
        for at in range(header, len(table) - 15, 16):
            if struct.unpack_from("<HH", table, at) == (kind, number):
                return int(struct.unpack_from(form, table, at + 8)[0])
        return 0

    def _stream(self, number: int, kind: int) -> bytes:
        return self._read(f"__substg1.0_{number:04X}{kind:04X}")

    def _read(self, name: str) -> bytes:
        path = [*self.path, name]
        if not self.ole.exists(path):
            return b""
        self.budget.spend(self.ole.get_size(path))
        return bytes(self.ole.openstream(path).read())


def _part(content_type: str, content: bytes) -> bytes:
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + base64.encodebytes(content)
