"""Content-Transfer-Encoding undone (RFC 2045 section 6), as leniently as mail programs do it. Nothing here raises."""

import binascii
import quopri
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_BASE64_LINE = re.compile(rb"[ \t]*[A-Za-z0-9+/=]*[ \t]*")
_SOFT_BREAK = re.compile(rb"=[ \t]+(\r?\n|$)")
_TOKEN = re.compile(r"[\s\"']*([a-z0-9-]+)")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)


def decode_transfer(data: bytes, encoding: str, *, is_text: bool) -> bytes:
    """Return the bytes behind a transfer encoding; an unknown or wrong one leaves them as they are."""
    token = _TOKEN.match(encoding.lower())
    name = token.group(1) if token else ""
    if name in {"quoted-printable", "quotedprintable"}:
        return quopri.decodestring(_SOFT_BREAK.sub(rb"=\1", data))
    if name == "base64":
        return _text_from_base64(data) if is_text else from_base64(data)
    if name in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        return _from_uuencode(data)
    return data


def from_base64(data: bytes) -> bytes:
    """Decode base64 up to its padding; foreign characters are skipped, a lone last one is dropped."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        return _segment(_NOT_BASE64.sub(b"", data).partition(b"=")[0])


def _text_from_base64(data: bytes) -> bytes:
    """Decode a text body: several padded pieces in a row are joined, clear text below or instead is kept."""
    lines = data.splitlines(keepends=True)
    end = next((n for n, line in enumerate(lines) if _is_clear_text(line.strip())), len(lines))
    encoded = _NOT_BASE64.sub(b"", b"".join(lines[:end]))
    decoded = b"".join(_segment(piece) for piece in re.split(rb"=+", encoded) if piece)
    rest = b"".join(lines[end:])
    return b"\n".join(piece for piece in (decoded, rest) if piece)


def _is_clear_text(line: bytes) -> bool:
    return not _BASE64_LINE.fullmatch(line) and len(_NOT_BASE64.findall(line)) * 20 > len(line)


def _segment(piece: bytes) -> bytes:
    if len(piece) % 4 == 1:
        piece = piece[:-1]
    return binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))


def _from_uuencode(data: bytes) -> bytes:
    start = _UU_BEGIN.search(data)
    if not start:
        return data
    decoded = []
    for line in data[start.end() :].splitlines():
        if line.strip() == b"end":
            break
        decoded.append(_uu_line(line))
    return b"".join(decoded)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders write too long lines; the first character says how many bytes count.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return b""
