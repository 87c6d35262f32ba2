"""The walk over the MIME tree: what is the text of the mail, and what is attached to it.

Text of an attached mail stays out of the body. A text part that is only marked as a file (a `name=`, an
attachment disposition) is the body where the mail has no other.
"""

import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from ingest.mime.alternatives import Text, best_of, joined
from ingest.mime.headers import decode_value
from ingest.mime.outlook import mail_in
from ingest.mime.part import Part, canonical, flattened, safe_label
from ingest.mime.sealed import ENCRYPTED, signed_content
from ingest.mime.tnef import unpack
from models.mail import Attachment

MAX_DEPTH = 3000
MAX_OPENED = 3
"""How many wrappers (signed content, damaged multiparts) are opened inside each other."""

_BODY_TYPES = frozenset(
    {"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "message/partial"}
)
_NEVER_BODY = frozenset(
    {"text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/css", "text/csv", "text/rfc822-headers"}
)
_PKCS7 = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_OUTLOOK = frozenset({"application/vnd.ms-outlook", "application/x-msg"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status", "message/disposition-notification"})
_ENRICHED = frozenset({"text/enriched", "text/richtext"})
_ENRICHED_TAG = re.compile(r"</?[a-z-]{1,40}>", re.IGNORECASE)
_BOUNDARY = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=content-|\r?\n)", re.MULTILINE | re.IGNORECASE)


@dataclass
class Contents:
    """What a mail holds, part by part."""

    texts: list[Text] = field(default_factory=list)
    """The body."""
    spare_texts: list[Text] = field(default_factory=list)
    """Texts marked as files: the body where there is no other."""
    attachments: list[Attachment] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)
    """Attached mails."""
    status: list[Message] = field(default_factory=list)
    """The machine-readable parts of a delivery report (RFC 3464) or a receipt (RFC 8098)."""
    original_headers: list[Message] = field(default_factory=list)
    """The headers of the mail that a report is about, where they came without the mail."""
    types: set[str] = field(default_factory=set)
    """The media types met, attached mails not looked into."""
    notes: dict[str, None] = field(default_factory=dict)
    """Defects, in words for staff, each once."""
    wanted: int | None = None
    """The number of the attachment whose bytes are asked for."""
    found: bytes | None = None

    def text(self) -> str:
        """Return the text of the body, from whatever part it could be won."""
        return joined(self.texts) or joined(self.spare_texts)


def read_contents(message: Message, wanted: int | None = None) -> Contents:
    """Walk over a mail; `wanted` asks for the bytes of one attachment by its number."""
    contents = Contents(wanted=wanted)
    contents.texts = _Walk(contents).texts_of(message)
    return contents


class _Walk:
    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._has_text = False
        self._opened = 0
        self._outlook_files = 0

    def texts_of(self, message: Message, default_type: str = "text/plain", depth: int = 0) -> list[Text]:
        """Return the texts of the body below a part, and note everything else."""
        part = Part(message, default_type)
        self._contents.types.add(part.content_type)
        if depth > MAX_DEPTH:
            self._note("the mail is nested too deeply to be read to its end")
            return []
        if part.content_type in _STATUS:
            self._contents.status.extend(part.children or [message])
            self._attach(part)
            return []
        if part.content_type.startswith("message/") and part.children:
            self._contents.mails.append(part.children[0])
            self._attach(part)
            return []
        if part.children:
            return self._container(part, depth)
        return self._leaf(part, depth)

    def _container(self, part: Part, depth: int) -> list[Text]:
        if part.content_type == "multipart/encrypted":
            self._note(ENCRYPTED)
        inner = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        below = [self.texts_of(child, inner, depth + 1) for child in part.children]
        if part.content_type == "multipart/alternative":
            return best_of(below)
        return [text for texts in below for text in texts]

    def _leaf(self, part: Part, depth: int) -> list[Text]:
        if part.content_type.startswith("multipart/"):
            return self._damaged(part, depth)
        if part.content_type in _PKCS7:
            return self._sealed(part, depth)
        if part.content_type in _TNEF or part.declared_name.lower() == "winmail.dat":
            return self._tnef(part)
        if part.is_text or part.content_type == "message/partial":
            return self._text(part)
        self._attach(part)
        if part.content_type in _OUTLOOK or part.declared_name.lower().endswith(".msg"):
            self._outlook(part)
        return []

    def _outlook(self, part: Part) -> None:
        """Open an attached message of Outlook, as an attached mail is opened; its bytes stay a file."""
        self._outlook_files += 1
        mail = mail_in(part.content) if self._outlook_files <= MAX_OPENED else None
        if mail is None:
            self._note("an attached Outlook message could not be opened")
        else:
            self._contents.mails.append(message_from_bytes(mail))

    def _text(self, part: Part) -> list[Text]:
        """Sort a text: body, file, or a file that is perhaps the body."""
        is_file = bool(part.declared_name) or part.disposition == "attachment"
        if part.content_type == "text/rfc822-headers":
            self._contents.original_headers.append(message_from_bytes(part.content))
        if part.content_type in _NEVER_BODY or (part.content_type not in _BODY_TYPES and is_file):
            self._attach(part)
            return []
        words, note = part.text
        if note:
            self._note(note)
        if part.content_type in _ENRICHED:
            words = _ENRICHED_TAG.sub("", words)
        text = Text(words, is_html=part.content_type == "text/html")
        if is_file:
            self._attach(part)
            if self._has_text or part.disposition == "attachment":
                self._contents.spare_texts.append(text)
                return []
        self._has_text = self._has_text or not text.is_blank
        return [text]

    def _damaged(self, part: Part, depth: int) -> list[Text]:
        """Take a multipart apart by the boundary its lines show, where the named one is missing or never used."""
        self._note("the parts of the mail are not separated as announced")
        seen = _BOUNDARY.search(part.stored)
        if not seen or self._opened >= MAX_OPENED:
            return [] if not part.stored.strip() else [Text(part.text[0], is_html=False)]
        self._opened += 1
        head = b'Content-Type: %s; boundary="%s"\n\n' % (part.content_type.encode(), seen.group(1).replace(b'"', b""))
        return self.texts_of(message_from_bytes(head + part.stored), depth=depth + 1)

    def _sealed(self, part: Part, depth: int) -> list[Text]:
        inner = signed_content(part.content)
        if not inner or self._opened >= MAX_OPENED:
            self._note(ENCRYPTED)
            self._attach(part)
            return []
        self._opened += 1
        return self.texts_of(message_from_bytes(inner), depth=depth + 1)

    def _tnef(self, part: Part) -> list[Text]:
        unpacked = unpack(part.content)
        if unpacked is None:
            self._attach(part)
            return []
        for name, data in unpacked.files:
            self._keep(name, "application/octet-stream", data)
        self._contents.spare_texts.append(Text(unpacked.text, is_html=False))
        return []

    def _attach(self, part: Part) -> None:
        """List a part as an attachment. Texts and mails are weighed in canonical form, equal by every route."""
        if part.content_type.startswith("message/") and part.children:
            subject = safe_label(decode_value(str(part.children[0].get("Subject") or "")).replace("/", "-"))
            name = part.declared_name or (f"{subject}.eml" if subject else part.label)
            data = canonical(b"\n".join(flattened(child) for child in part.children))
            self._keep(name, part.content_type, data)
            return
        data = canonical(part.content) if part.is_text else part.content
        self._keep(part.label, part.content_type, data)

    def _keep(self, name: str, content_type: str, data: bytes) -> None:
        attachments = self._contents.attachments
        if len(attachments) == self._contents.wanted:
            self._contents.found = data
        digest = hashlib.sha256(data).hexdigest()
        attachments.append(Attachment(name=name, content_type=content_type, size=len(data), sha256=digest))

    def _note(self, words: str) -> None:
        self._contents.notes[words] = None
