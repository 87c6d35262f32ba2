"""Signed and encrypted mail: the content of opaque-signed S/MIME, and the readable part of inline PGP.

Signatures are not checked and nothing is decrypted: an encrypted mail is only recognised as such.
"""

import re

ENCRYPTED = "This mail is encrypted: its text and attachments cannot be read here."

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_MAX_DEPTH = 20

_PGP_MESSAGE = re.compile(
    r"^-----BEGIN PGP MESSAGE-----$.*?(?:^-----END PGP MESSAGE-----$|\Z)", re.MULTILINE | re.DOTALL
)
_PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----\n"
_PGP_SIGNATURE = "\n-----BEGIN PGP SIGNATURE-----"


def signed_content(data: bytes) -> bytes:
    """Return the MIME part inside CMS SignedData (RFC 5652 section 5), b'' where there is none."""
    try:
        outer = _children(data, 0, len(data), 0)[0]
        kind, wrapped = _children(data, *outer, 1)
        if data[kind[0] - 2 : kind[1]] != _SIGNED_DATA:
            return b""
        signed = _children(data, *wrapped, 2)[0]
        encapsulated = _children(data, *signed, 3)[2]
        content = _children(data, *encapsulated, 4)[1]
        return b"".join(_octets(data, start, end, 5) for start, end in _children(data, *content, 5))
    except (IndexError, ValueError):
        return b""


def without_pgp(text: str) -> tuple[str, str]:
    """Return the text without the armour of inline PGP, and a note if a part of it is encrypted."""
    if "-----BEGIN PGP " not in text:
        return text, ""
    if _PGP_SIGNED in text:
        text = _without_signature(text)
    clear = _PGP_MESSAGE.sub("", text)
    return clear, ENCRYPTED if clear != text else ""


def _without_signature(text: str) -> str:
    """Undo the cleartext framework (RFC 9580 section 7): hash headers, escaped dashes, signature."""
    before, _, signed = text.partition(_PGP_SIGNED)
    body = signed.partition("\n\n")[2] if re.match(r"(?:Hash|Charset|Comment):", signed) else signed
    body, _, signature = body.partition(_PGP_SIGNATURE)
    after = signature.partition("-----END PGP SIGNATURE-----")[2]
    return before + re.sub(r"^- ", "", body, flags=re.MULTILINE) + after


def _children(data: bytes, start: int, end: int, depth: int) -> list[tuple[int, int]]:
    """List where the contents of the elements between two offsets begin and end (BER, X.690)."""
    found = []
    while start < end and data[start : start + 2] != b"\0\0":
        body, stop, start = _element(data, start, end, depth)
        found.append((body, stop))
    return found


def _element(data: bytes, at: int, limit: int, depth: int) -> tuple[int, int, int]:
    """Return where the content of an element begins and ends, and where the next element begins."""
    if depth > _MAX_DEPTH or data[at] & 0x1F == 0x1F:
        raise ValueError
    length, body = data[at + 1], at + 2
    if length == 0x80:
        end = body
        while data[end : end + 2] != b"\0\0":
            end = _element(data, end, limit, depth + 1)[2]
        return body, end, end + 2
    if length > 0x80:
        body += length - 0x80
        length = int.from_bytes(data[at + 2 : body], "big")
    if body + length > limit:
        raise ValueError
    return body, body + length, body + length


def _octets(data: bytes, start: int, end: int, depth: int) -> bytes:
    """Join an octet string that may be cut into pieces; the first byte of a MIME part is never a tag of one."""
    if data[start : start + 1] not in {b"\x04", b"\x24"}:
        return data[start:end]
    return b"".join(_octets(data, *piece, depth + 1) for piece in _children(data, start, end, depth + 1))
