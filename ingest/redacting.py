"""Taking passages and files out of the bytes of a mail, for good.

Comes in: a mail, passages, digests of files. Goes out: the mail written anew without them, or NotAllowed. What is not
touched keeps its encoding; a part that cannot be rewritten piece by piece is replaced as a whole by a note. What was
written is read again before anybody keeps it: nothing that was to go may be left, nor anything else be lost.
"""

import base64
import hashlib
import quopri
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from email import message_from_bytes
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.policy import Compat32
from io import BytesIO

from ingest.mime.headers import decode_value
from ingest.mime.mending import mended
from ingest.mime.part import Part, canonical, flattened
from ingest.parse import attached_mail, parse
from ingest.traces import STRUCTURE, codecs, decoded, faces, fields, holds, is_text, readings
from models.errors import NotAllowed
from models.mail import Attachment, ParsedMail
from models.redaction import MARK, Passages

_NOTE = "[This part was removed, because it held something that must not be kept.]"
_FILE_NOTE = "[This file was removed, because it must not be kept.]"
_FILE_NAME = "redacted.txt"
_SIGNED = ("multipart/signed", "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_CLOSED = frozenset(
    {*_SIGNED[2:], "application/vnd.ms-outlook", "application/x-msg", "application/ms-tnef", "application/vnd.ms-tnef"}
)
"""Files that hold a mail in a form which is not written anew here."""
_FIXED = ("message-id", "in-reply-to", "references", "date", "received")
"""Header fields that tell which mail it is, and when it came."""
_ADDRESSES = ("from", "sender", "reply-to", "to", "cc", "bcc")


@dataclass(frozen=True, slots=True)
class Cut:
    """A mail without what was to go."""

    raw: bytes
    places: tuple[tuple[str, int], ...]
    """In which parts something was taken out, and how often."""
    files: tuple[Attachment, ...]
    """What is left of its files, notes in the place of others among them."""
    breaks_signature: bool


def digests_at(raw: bytes, places: Collection[int]) -> tuple[str, ...]:
    """Return the digests of a file by its place in a mail, and of the attached mails it lies in, the innermost first.

    Empty where there is no such file.
    """
    found: list[str] = []
    for place in places:
        files = parse(raw).attachments
        if not 0 <= place < len(files):
            return ()
        found.append(files[place].sha256)
        raw = attached_mail(raw, place) or b""
    return tuple(reversed(found))


def cut(raw: bytes, charset: str, passages: Passages, files: Collection[str]) -> Cut | None:
    """Return a mail without the passages, and without the files of these digests; None where it holds none of them.

    Raises NotAllowed, which says why, where they cannot be taken out.
    """
    if not holds(raw, charset, passages, files):
        return None
    message = message_from_bytes(mended(raw))
    is_signed = any(part.get_content_type() in _SIGNED for part in message.walk()) or "DKIM-Signature" in message
    knife = _Knife(charset, passages, files)
    knife.go_through(message)
    written = _bytes_of(message, raw)
    is_whole = holds(written, charset, passages, files)
    if is_whole:
        knife.go_through(message, closed=True)
        written = _bytes_of(message, raw)
    if holds(written, charset, passages, files):
        raise NotAllowed(
            "this cannot be taken out of the mail part by part, because of how the mail is built: nothing was changed"
        )
    _check(raw, written, charset, keeps_files=not is_whole)
    return Cut(written, tuple(knife.places.items()), parse(written, charset).attachments, is_signed)


class _AsItCame(Compat32):
    """Writes the fields of a head as they came; what would begin a field of its own goes on with the one before."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a field as bytes."""
        lines = [line for line in re.split(r"\r\n|\r|\n", str(value)) if line.strip()]
        first, *others = lines or [""]
        folded = [first, *(line if line[0] in " \t" else f" {line}" for line in others)]
        return f"{name}: {self.linesep.join(folded)}{self.linesep}".encode("utf-8", "surrogateescape")


class _Writer(BytesGenerator):
    """Writes a part that nobody could take apart byte by byte, where the library would read it as a text before."""

    def _handle_multipart(self, msg: Message) -> None:
        payload = vars(msg)["_payload"]
        if isinstance(payload, str):
            self._write_lines(payload)  # type: ignore[attr-defined]
        else:
            super()._handle_multipart(msg)  # type: ignore[misc]


def _bytes_of(message: Message, raw: bytes) -> bytes:
    out = BytesIO()
    ending = "\r\n" if b"\r\n" in raw else "\n"
    try:
        _Writer(out, mangle_from_=False, maxheaderlen=0, policy=_AsItCame(linesep=ending)).flatten(message)
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # as damaged mails make the library raise
        raise NotAllowed("the mail is damaged so that it cannot be written anew: nothing was changed") from error
    return out.getvalue()


def _check(raw: bytes, written: bytes, charset: str, *, keeps_files: bool) -> None:
    """Raise NotAllowed where the mail became another one."""
    before, after = parse(raw, charset), parse(written, charset)
    is_same = _identity(before) == _identity(after)
    has_files = len(before.attachments) == len(after.attachments) or not keeps_files
    if after.unreadable or not is_same or not has_files:
        raise NotAllowed("the mail would not be the same one any more without it: nothing was changed")


def _identity(mail: ParsedMail) -> tuple[object, ...]:
    addresses = tuple(one.address for one in (*mail.from_, *mail.reply_to, *mail.to, *mail.cc))
    return mail.message_id, mail.date, addresses, mail.in_reply_to, mail.references


# -- cutting


@dataclass
class _Knife:
    """Goes through the parts of a mail and takes out what is to go."""

    charset: str
    passages: Passages
    files: Collection[str]
    places: Counter[str] = field(default_factory=Counter)

    def go_through(self, part: Message, *, closed: bool = False) -> None:
        """Take out what is to go of a part and of those below; `closed`: also what is not written anew here."""
        self._headers(part)
        if _digest_of(part) in self.files:
            self._replace(part, _FILE_NOTE, "a file", is_file=True)
            return
        children = Part(part).children
        for child in children:
            self.go_through(child, closed=closed)
        if part.is_multipart():
            self._edges(part)
        elif closed and (part.get_content_type() in _CLOSED or _name_of(part).endswith((".msg", "winmail.dat"))):
            self._replace(part, _FILE_NOTE, "a file that holds a mail, as a whole", is_file=True)
        else:
            self._leaf(part)

    def _edges(self, part: Message) -> None:
        """Let go of what stands between the parts, which no program shows."""
        for name in ("preamble", "epilogue"):
            text = getattr(part, name) or ""
            if self.passages.stand_in(text):
                setattr(part, name, None)
                self.places["between the parts"] += 1

    def _leaf(self, part: Message) -> None:
        kind, content = Part(part).content_type, Part(part).content
        if not is_text(part):
            if self.passages.stand_in_file(content):
                self._replace(part, _FILE_NOTE, "a file, as a whole", is_file=True)
            return
        for codec in codecs(part, self.charset):
            text = decoded(content, codec)
            if text is not None and self.passages.stand_in(text):
                text, count = self.passages.taken_out(text)
                content = text.encode(codec)
                self.places[_WORDS.get(kind, "text")] += count
        self._store(part, content)
        if any(self.passages.stand_in(face) for text in readings(part, self.charset) for face in faces(text)):
            note = f"<p>{_NOTE}</p>" if kind == "text/html" else _NOTE
            self._replace(part, note, f"{_WORDS.get(kind, 'text')}, as a whole")

    def _store(self, part: Message, content: bytes) -> None:
        """Write the content of a leaf in the encoding that it had."""
        if content == Part(part).content:
            return
        encoding = str(part.get("Content-Transfer-Encoding") or "").strip().lower()
        if encoding == "quoted-printable":
            stored = quopri.encodestring(content).decode("ascii")
        elif encoding in ("", "7bit", "8bit", "binary"):
            stored = content.decode("ascii", "surrogateescape")
        else:
            del part["Content-Transfer-Encoding"]
            part["Content-Transfer-Encoding"] = "base64"
            stored = base64.encodebytes(content).decode("ascii")
        vars(part)["_payload"] = stored

    def _replace(self, part: Message, note: str, what: str, *, is_file: bool = False) -> None:
        """Put a note in the place of a whole part."""
        kind = "text/html" if note.startswith("<") else "text/plain"
        for name in [name for name in part if name.lower().startswith("content-")]:
            del part[name]
        part["Content-Type"] = f"{kind}; charset=utf-8"
        if is_file:
            part["Content-Disposition"] = f'attachment; filename="{_FILE_NAME}"'
        vars(part)["_payload"] = note + "\n"
        self.places[what] += 1

    def _headers(self, part: Message) -> None:
        """Take passages out of the fields of a part's head, in whichever way they are read there."""
        kept: list[tuple[str, str]] = []
        is_label = False
        for (name, value), one in zip(part.raw_items(), fields(part, self.charset), strict=True):
            text = next((text for text in one.texts if self.passages.stand_in(text)), None)
            is_cut = text is not None and not one.name.startswith("content-")
            is_label |= text is not None and not is_cut
            kept.append((name, self._header(name, text) if text is not None and is_cut else value))
        vars(part)["_headers"] = kept
        if is_label:
            self._file_name(part)

    def _header(self, name: str, text: str) -> str:
        low = name.lower()
        if low.startswith(_FIXED):
            raise NotAllowed(f"it stands in the field {name} of a mail, which is its evidence: nothing was changed")
        text, count = self.passages.taken_out(decode_value(text))
        self.places[low if low == "subject" else "the head of the mail"] += count
        return _address_text(text) if low in _ADDRESSES else _header_text(text)

    def _file_name(self, part: Message) -> None:
        """Give a file another name, and let go of all that is said of it but how it is to be read."""
        one, encoding = Part(part), part.get("Content-Transfer-Encoding")
        kind = "".join(f'; {name}="{_quoted(text)}"' for name, text in one.type_parameters.items() if name in STRUCTURE)
        for name in [name for name in part if name.lower().startswith("content-")]:
            del part[name]
        part["Content-Type"] = one.content_type + kind
        if one.disposition:
            word = "inline" if one.disposition == "inline" else "attachment"
            part["Content-Disposition"] = f'{word}; filename="redacted"'
        if encoding is not None:
            part["Content-Transfer-Encoding"] = str(encoding)
        self.places["the name of a file"] += 1


_WORDS = {"text/plain": "text", "text/html": "HTML"}


def _name_of(part: Message) -> str:
    return Part(part).declared_name.lower()


def _quoted(text: str) -> str:
    return re.sub(r"[^\x20-\x7e]", "", text).replace("\\", "\\\\").replace('"', '\\"')


def _header_text(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=200).encode()


def _address_text(text: str) -> str:
    """Return an address field whose names are written as words of ASCII; the addresses stay."""
    if text.isascii():
        return text.replace(MARK, '"redacted"').replace('""', '"') if '"' not in text else text
    return re.sub(r"[^\x00-\x7f]+", lambda found: Header(found[0], "utf-8").encode(), text)


def _digest_of(part: Message) -> str:
    """Return the digest of a part as the list of a mail's files has it."""
    one = Part(part)
    if one.content_type.startswith("message/") and one.children:
        return hashlib.sha256(canonical(b"\n".join(flattened(child) for child in one.children))).hexdigest()
    if one.children:
        return ""
    return hashlib.sha256(canonical(one.content) if one.is_text else one.content).hexdigest()
