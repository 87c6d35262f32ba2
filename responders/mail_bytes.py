"""The bytes of a letter: headers and a text in two faces (RFC 2046, 5.1.4), finished once, never rendered again."""

import secrets
from binascii import b2a_qp


def mail_bytes(headers: str, text: str, html: str) -> bytes:
    """Return a whole mail with CRLF line ends; its bodies are 7-bit whatever they say.

    The headers are too, unless they name an address beyond ASCII (RFC 6532).
    """
    # "=_" cannot occur in quoted-printable, so no boundary can be met in a body (RFC 2045, 6.7).
    boundary = f"=_{secrets.token_hex(12)}"
    opening = f'{headers}MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
    parts = (_part(boundary, "plain", text), _part(boundary, "html", html))
    return b"".join((opening.encode("utf-8"), *parts, f"--{boundary}--\r\n".encode()))


def _part(boundary: str, subtype: str, content: str) -> bytes:
    head = (
        f"--{boundary}\r\n"
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    lines = content.replace("\n", "\r\n").encode("utf-8", "replace")
    return head.encode() + b2a_qp(lines) + b"\r\n"
