"""A conversation: mails and our letters by time, as pages show them. Nothing in a mail acts or loads anything.

Sealed bytes are opened one at a time; what is kept is text. That somebody looked is put on record by the pages.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from markupsafe import escape
from sqlmodel import Session, col, select

from ingest.parse import attached_mail, left_out, parse, rich_face
from models.errors import PermanentFailure
from models.mail import Address, Attachment, ParsedMail
from models.message import Message
from models.outbox import OutboxMail, OutboxState
from store.vault import Vault
from web.desk.findings import findings_of
from web.desk.mail_html import safe_page
from web.desk.shown_mail import Delivery, Face, ShownFile, ShownMail

PAGE = 20
"""Mails and letters on one page of a conversation."""
_LARGEST_INNER = 1024 * 1024
_LARGEST_OUTLOOK = 8 * 1024 * 1024
"""Its pictures lie in it in full."""
_MOST_INNER = 6
"""Mails that are opened in one mail, on whatever level."""
DEEPEST = 3
"""Levels of attached mails that are opened: what lies in the last can be saved."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_HTML = re.compile(rb"(?i)text/html")


@dataclass(frozen=True, slots=True)
class Conversation:
    """One page of a conversation, oldest first."""

    mails: tuple[ShownMail, ...]
    count: int
    page: int
    """1 is the newest."""
    pages: int

    @property
    def fields(self) -> Mapping[str, str]:
        """Return what was found about the person, the earliest mail first."""
        found: dict[str, str] = {}
        for mail in self.mails:
            for name, value in mail.findings.fields.items():
                found.setdefault(name, value)
        return found


@dataclass(frozen=True, slots=True)
class Reading:
    """Opens what is sealed, for a page."""

    session: Session
    vault: Vault

    def conversation(self, case_id: int, page: int = 1, chosen: str = "", face: Face = Face.TEXT) -> Conversation:
        """Return a page of a case's mails and letters; one of them may be chosen to be shown with another face."""
        places = self._places(case_id)
        pages = max((len(places) + PAGE - 1) // PAGE, 1)
        page = min(max(page, 1), pages)
        end = len(places) - (page - 1) * PAGE
        shown = []
        for _, place, number in places[max(end - PAGE, 0) : end]:
            wanted = face if chosen == f"{place[0]}{number}" else Face.TEXT
            shown.append(self._one(place, number, wanted))
        return Conversation(tuple(_folded(shown, chosen)), len(places), page, pages)

    def _places(self, case_id: int) -> list[tuple[datetime, str, int]]:
        mails = select(Message.received_at, Message.id).where(col(Message.case_id) == case_id)
        letters = select(OutboxMail.created_at, OutboxMail.id).where(col(OutboxMail.case_id) == case_id)
        found = [(at, "mail", number or 0) for at, number in self.session.exec(mails)]
        found += [(at, "letters", number or 0) for at, number in self.session.exec(letters)]
        return sorted(found, key=lambda one: (one[0], one[1] != "mail", one[2]))  # what is answered before the answer

    def _one(self, place: str, number: int, face: Face) -> ShownMail:
        if place == "mail":
            return self.mail(self.session.get_one(Message, number), face)
        return self.letter(self.session.get_one(OutboxMail, number), face)

    def mail(self, message: Message, face: Face = Face.TEXT, charset: str | None = None) -> ShownMail:
        """Return a mail, as it would be in another charset where one is named; one that cannot be read says why."""
        plain = ShownMail(
            message.id or 0,
            message.received_at,
            mailbox=message.mailbox,
            face=face,
            outcome=message.outcome.value,
            findings=findings_of(self.vault, self.session, message),
        )
        return self._opened(plain, message.sealed_id, message.charset if charset is None else charset)

    def letter(self, letter: OutboxMail, face: Face = Face.TEXT) -> ShownMail:
        """Return a letter of ours, and how far it came."""
        waits = letter.state in (OutboxState.QUEUED, OutboxState.UNCERTAIN) and letter.attempts
        plain = ShownMail(
            letter.id or 0,
            letter.created_at,
            place="letters",
            mailbox=letter.mailbox,
            face=face,
            delivery=Delivery(
                letter.state,
                letter.template.value,
                letter.attempts,
                letter.reason,
                letter.sent_at,
                letter.next_try_at if waits else None,
            ),
        )
        return self._opened(plain, letter.sealed_id)

    def _opened(self, plain: ShownMail, sealed_id: str | None, charset: str = "") -> ShownMail:
        try:
            raw = self.vault.open(self.session, sealed_id) if sealed_id else b""
        except PermanentFailure:
            return replace(plain, problem="its contents cannot be read", is_kept=False)
        if not raw:
            return replace(plain, problem="its contents were erased or never kept", is_kept=False)
        return _shown(plain, raw, charset)


def _shown(plain: ShownMail, raw: bytes, charset: str = "") -> ShownMail:
    mail, rich = parse(raw, charset), rich_face(raw, charset) if _HTML.search(raw) else None
    shown = _texts(plain, mail)
    return replace(
        shown,
        files=_Unpacking().files(raw, mail),
        has_html=rich is not None,
        left_out=safe_page(rich).left_out if rich and plain.face is Face.HTML else 0,
        headers=mail.headers if plain.face is Face.HEADERS else (),
    )


def _texts(plain: ShownMail, mail: ParsedMail) -> ShownMail:
    body = mail.body
    rest = "\n\n".join(part for part in (body.signature, body.disclaimer, body.quoted) if part.strip())
    return replace(
        plain,
        sender=_people(mail.from_),
        to=_people((*mail.to, *mail.cc)),
        subject=mail.subject,
        written=plain.findings.marked(body.written or body.text),
        rest=plain.findings.marked(rest) if body.written else escape(""),
        problem=mail.unreadable,
    )


@dataclass
class _Unpacking:
    """The files of one mail, and what is in those that are mails themselves: so many of them, and so deep."""

    left: int = _MOST_INNER

    def files(self, raw: bytes, mail: ParsedMail, *above: int) -> tuple[ShownFile, ...]:
        """Return the files of a mail that lies at a place, which are opened where they are mails."""
        return tuple(self._file(raw, one, (*above, number)) for number, one in enumerate(mail.attachments))

    def _file(self, raw: bytes, one: Attachment, places: tuple[int, ...]) -> ShownFile:
        inner, note = self._inner(raw, one, places) if _is_mail(one) else (None, "")
        place = "-".join(str(each) for each in places)
        return ShownFile(
            place, one.name or "without a name", one.content_type, size_in_words(one.size), inner, note, one.size
        )

    def _inner(self, raw: bytes, one: Attachment, places: tuple[int, ...]) -> tuple[ShownMail | None, str]:
        """Return an attached mail with its files; None, and why, where it is not opened."""
        if len(places) > DEEPEST:
            return None, "Not opened: it lies too deep in other mails. Save it to read it."
        if one.size > (_LARGEST_OUTLOOK if _is_outlook(one) else _LARGEST_INNER):
            return None, "Not opened: it is too large to be read here. Save it to read it."
        if not self.left:
            return None, "Not opened: too many mails are attached. Save it to read it."
        self.left -= 1
        content = attached_mail(raw, places[-1])
        mail = parse(content) if content else None
        if content is None or mail is None or mail.unreadable:
            return None, "It could not be opened: it is damaged, or no message."
        rest = left_out(mail) if _is_outlook(one) else ""
        note = f"Not all of it is shown: {rest}. Save it to read it." if rest else ""
        return replace(_texts(ShownMail(0, _NEVER), mail), files=self.files(content, mail, *places)), note


def files_in(raw: bytes, charset: str = "") -> tuple[ShownFile, ...]:
    """Return the files of a mail, and what is in those that are mails themselves."""
    return _Unpacking().files(raw, parse(raw, charset))


def _is_outlook(one: Attachment) -> bool:
    return one.name.lower().endswith(".msg") or one.content_type == "application/vnd.ms-outlook"


def _is_mail(one: Attachment) -> bool:
    return _is_outlook(one) or one.content_type == "message/rfc822" or one.name.lower().endswith(".eml")


def mail_text(mail: ParsedMail) -> ShownMail:
    """Return a mail that lies nowhere, with its files named."""
    shown = _texts(ShownMail(0, _NEVER), mail)
    files = enumerate(mail.attachments)
    return replace(
        shown, files=tuple(ShownFile(f"{n}", f.name, f.content_type, size_in_words(f.size)) for n, f in files)
    )


def letter_text(raw: str) -> ShownMail:
    """Return a letter that would be written, for a preview."""
    return _shown(ShownMail(0, _NEVER), raw.encode("utf-8", "replace"))


def _folded(mails: Sequence[ShownMail], chosen: str) -> list[ShownMail]:
    """Open the request, what came in last, and what is last of all; the rest is folded, so that all stays calm."""
    received = [mail for mail in mails if mail.delivery is None]
    opened = {mail.key for mail in (*received[:1], *received[-1:], *mails[-1:])} | {chosen}
    return [replace(mail, is_open=mail.key in opened) for mail in mails]


def _people(addresses: Sequence[Address]) -> str:
    return ", ".join(f"{one.name} <{one.address}>".strip() for one in addresses)


def size_in_words(size: int) -> str:
    """Return a size for people."""
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:.0f} kB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
