"""One part of a MIME tree, asked in a way that never raises: its type, its label, its bytes, its text.

The tree is the standard library's (mail-parser builds it); its own accessors raise on odd charsets and
parameters and lose bytes, so the stored payload is read and decoded here.
"""

import re
from email.message import Message
from functools import cached_property
from itertools import chain

from ingest.mime.charset import clean_line, decode_text
from ingest.mime.flowed import unflow
from ingest.mime.headers import parameters, raw_fields
from ingest.mime.transfer import decode_transfer

MAX_NAME = 150

_TYPE = re.compile(r"\s*([\w.+-]{1,80}/[\w.+-]{1,120})")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/pgp-encrypted": ".asc",
    "application/pgp-signature": ".asc",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "message/delivery-status": ".txt",
    "message/global": ".eml",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
}


class Part:
    """A node of the MIME tree."""

    def __init__(self, message: Message, default_type: str = "text/plain") -> None:
        self.message = message
        self._default_type = default_type

    @cached_property
    def _fields(self) -> dict[str, str]:
        """The first value of each MIME header."""
        wanted = (field for field in raw_fields(self.message) if field[0].startswith("content-"))
        return {name: " ".join(value.split()) for name, value in reversed(list(wanted))}

    @cached_property
    def content_type(self) -> str:
        """The media type in lower case; a missing or broken one is that of a plain text."""
        declared = self._fields.get("content-type", "")
        match = _TYPE.match(declared)
        if match:
            return match.group(1).lower()
        return "text/html" if declared.lower().startswith(("html", "text/html")) else self._default_type

    @cached_property
    def type_parameters(self) -> dict[str, str]:
        """The parameters of Content-Type."""
        return parameters(self._fields.get("content-type", ""))

    @cached_property
    def disposition(self) -> str:
        """The word `attachment` or `inline`, '' where neither is said."""
        return self._fields.get("content-disposition", "").partition(";")[0].strip().lower()

    @cached_property
    def declared_name(self) -> str:
        """The file name the sender gave, made a label; '' where there is none."""
        in_disposition = parameters(self._fields.get("content-disposition", ""))
        name = in_disposition.get("filename") or self.type_parameters.get("name", "")
        return safe_label(name)

    @property
    def label(self) -> str:
        """The name to show for an attachment, never empty."""
        return self.declared_name or "unnamed" + _SUFFIXES.get(self.content_type, "")

    @property
    def is_text(self) -> bool:
        """Whether the part calls itself text."""
        return self.content_type.startswith("text/")

    @property
    def children(self) -> list[Message]:
        """The parts inside; empty for a leaf, and for a multipart that the parser could not take apart."""
        # The accessor would decode with loss, and raises for some charsets.
        payload = vars(self.message)["_payload"]
        return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []

    @cached_property
    def content(self) -> bytes:
        """The bytes of a leaf with the transfer encoding undone."""
        encoding = self._fields.get("content-transfer-encoding", "")
        return decode_transfer(self.stored, encoding, is_text=self.is_text)

    @property
    def stored(self) -> bytes:
        """The bytes of a leaf as they stand in the mail."""
        payload = vars(self.message)["_payload"]
        return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""

    @cached_property
    def text(self) -> tuple[str, str]:
        """The clean text of a leaf, and what was wrong with its charset ('' if nothing)."""
        charset = self.type_parameters.get("charset", "")
        if self.content_type == "text/html" and not charset and (meta := _META_CHARSET.search(self.content[:4096])):
            charset = meta.group(1).decode("ascii")
        text, note = decode_text(self.content, charset)
        if self.type_parameters.get("format", "").lower() == "flowed" and self.content_type == "text/plain":
            text = unflow(text, drops_space=self.type_parameters.get("delsp", "").lower() == "yes")
        return text, note


def safe_label(name: str) -> str:
    """Return a file name as a label: no folder, no control, at most MAX_NAME characters, the suffix kept."""
    name = clean_line(re.split(r"[/\\]", name.replace("\0", ""))[-1]).strip(" .") if name else ""
    if len(name) <= MAX_NAME:
        return name
    suffix = _SUFFIX.search(name)
    ending = suffix.group() if suffix else ""
    return name[: MAX_NAME - len(ending)] + ending


def flattened(message: Message) -> bytes:
    """Return an attached mail as bytes, its fields and texts as they came, lines ended by CRLF."""
    pieces = [f"{name}: {value}".encode("utf-8", "surrogateescape") for name, value in message.raw_items()]
    pieces.append(b"")
    return canonical(b"\n".join(chain(pieces, _body_lines(Part(message)))))


def canonical(data: bytes) -> bytes:
    """Return text with its lines ended by CRLF, the canonical form of RFC 2049 section 4."""
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _body_lines(part: Part) -> list[bytes]:
    if not part.children:
        return [part.stored]
    if part.content_type.startswith("message/"):
        return [flattened(child) for child in part.children]
    boundary = b"--" + part.type_parameters.get("boundary", "").encode("utf-8", "replace")
    lines = [piece for child in part.children for piece in (boundary, flattened(child))]
    return [*lines, boundary + b"--", b""]
