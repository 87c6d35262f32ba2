"""Rich text of Outlook: LZFu undone ([MS-OXRTFCP]) and RTF read as plain text, for mail that carries no other."""

import re
import struct

from ingest.mime.charset import clean_text, decode_text
from ingest.mime.markup import text_from_html

MAX_RTF = 2_000_000

_PRELOAD = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL
)
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object generator themedata datastore header footer".split()
)
_BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"row": "\n", b"cell": "  ", b"sect": "\n"}


def decompressed(data: bytes) -> bytes:
    """Return the RTF inside PR_RTF_COMPRESSED, as far as it can be read."""
    if len(data) < 16:
        return b""
    raw_size, kind = struct.unpack_from("<4xI4s", data)
    if kind == b"MELA":
        return data[16 : 16 + raw_size]
    return _unpacked(data, min(raw_size, MAX_RTF)) if kind == b"LZFu" else b""


def _unpacked(data: bytes, size: int) -> bytes:
    """Undo LZFu: runs of eight literals or references into all that was written before."""
    out = bytearray(_PRELOAD)
    at, end = 16, len(_PRELOAD) + size
    while at < len(data) and len(out) < end:
        flags = data[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[at : at + 1]
                at += 1
            elif at + 1 < len(data):
                pair = data[at] << 8 | data[at + 1]
                at += 2
                if not _copy(out, pair >> 4, (pair & 15) + 2):
                    return bytes(out[len(_PRELOAD) : end])
    return bytes(out[len(_PRELOAD) : end])


def _copy(out: bytearray, offset: int, length: int) -> bool:
    """Repeat earlier bytes; a reference to the place of writing is the end mark."""
    distance = (len(out) - offset) % 4096
    if not distance:
        return False
    start = len(out) - distance
    if start < 0:
        return False
    for index in range(start, start + length):
        out.append(out[index])
    return True


def text_from_rtf(rtf: bytes) -> str:
    """Return the readable text of RTF; HTML wrapped in RTF is unwrapped and rendered."""
    is_html = b"\\fromhtml" in rtf[:4096]
    text = _Rtf(is_html).read(rtf[:MAX_RTF])
    return clean_text(text_from_html(text) if is_html else text).strip()


class _Rtf:
    def __init__(self, is_html: bool) -> None:  # noqa: FBT001
        self._is_html = is_html
        self._charset = "cp1252"
        self._out: list[str] = []
        self._bytes = b""
        self._skipping = [False]
        self._to_skip = 0

    def read(self, rtf: bytes) -> str:
        """Walk over the tokens and return the text between them."""
        for match in _TOKEN.finditer(rtf):
            word, number, code, symbol, brace, plain = match.groups()
            if code:
                self._add(bytes([int(code, 16)]))
                continue
            if brace or word:
                self._flush()
            if brace:
                self._brace(brace)
            elif word:
                self._word(word, int(number) if number else None)
            elif symbol:
                self._symbol(symbol)
            elif plain:
                self._add(plain)
        self._flush()
        return "".join(self._out)

    def _brace(self, brace: bytes) -> None:
        if brace == b"{":
            self._skipping.append(self._skipping[-1])
        elif len(self._skipping) > 1:
            self._skipping.pop()

    def _word(self, word: bytes, number: int | None) -> None:
        if word in _SKIPPED:
            self._skipping[-1] = True
        elif word == b"ansicpg" and number:
            self._charset = f"cp{number}"
        elif word == b"htmltag":
            self._skipping[-1] = False
        elif word == b"htmlrtf":
            self._skipping[-1] = number != 0
        elif word == b"u" and number is not None and not self._skipping[-1]:
            self._out.append(chr(number % 65536))
            self._to_skip = 1
        elif word in _BREAKS and not self._skipping[-1]:
            self._out.append(_BREAKS[word])

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._skipping[-1] = True
        elif symbol in b"\\{}":
            self._add(symbol)
        elif symbol == b"~":
            self._add(b" ")

    def _add(self, data: bytes) -> None:
        if self._to_skip:
            data, self._to_skip = data[1:], 0
        if not self._skipping[-1]:
            self._bytes += data

    def _flush(self) -> None:
        if self._bytes:
            self._out.append(decode_text(self._bytes, self._charset)[0])
            self._bytes = b""
