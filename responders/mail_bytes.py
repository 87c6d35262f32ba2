"""The bytes of a letter: headers, a text in two faces (RFC 2046, 5.1.4), enclosures.

Finished once, never rendered again.
"""

import base64
import secrets
from binascii import b2a_qp
from collections.abc import Sequence

from models.letter import Enclosure
from responders.plain_line import one_line


def mail_bytes(headers: str, text: str, html: str, enclosures: Sequence[Enclosure] = ()) -> bytes:
    """Return a whole mail with CRLF line ends; its bodies are 7-bit whatever they say.

    The headers are too, unless they name an address beyond ASCII (RFC 6532). Mails are enclosed as files: as
    message/rfc822 they could not be encoded (RFC 2046, 5.2.1), and relays would change their lines.
    """
    body = _multipart("alternative", (_part("plain", text), _part("html", html)))
    if enclosures:
        body = _multipart("mixed", (body, *(_enclosed(enclosure) for enclosure in enclosures)))
    return f"{headers}MIME-Version: 1.0\r\n".encode() + body


def _multipart(subtype: str, parts: Sequence[bytes]) -> bytes:
    # "=_" cannot occur in quoted-printable or base64, so no boundary can be met in a body (RFC 2045, 6.7).
    boundary = f"=_{secrets.token_hex(12)}".encode()
    head = b"Content-Type: multipart/" + subtype.encode() + b'; boundary="' + boundary + b'"\r\n\r\n'
    return head + b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


def _part(subtype: str, content: str) -> bytes:
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    lines = content.replace("\n", "\r\n").encode("utf-8", "replace")
    return head.encode() + b2a_qp(lines)


def _enclosed(enclosure: Enclosure) -> bytes:
    name = "".join(letter for letter in one_line(enclosure.name) if letter.isascii() and letter not in '"\\') or "file"
    head = (
        f'Content-Type: application/octet-stream; name="{name}"\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(enclosure.content).replace(b"\n", b"\r\n")
