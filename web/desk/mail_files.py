"""Mails and letters as files, and the HTML of one for its frame. Everything that leaves is put on record.

A file that came by mail is never opened by the browser: it is saved, and what it says of its own type is not believed.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Protocol
from urllib.parse import quote

from fastapi import FastAPI, Path, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from ingest.parse import attached_file, rich_face
from models.audit import Action
from models.errors import NotFound, PermanentFailure
from models.message import Message
from models.outbox import OutboxMail
from models.staff import Actor
from web.desk.accounts import Visitor
from web.desk.conversation import DEEPEST
from web.desk.mail_html import FRAME_POLICY, safe_page
from web.desk.pages import Number, Pages
from web.desk.parts import DeskParts
from web.desk.shown_mail import Face
from web.desk.visible_cases import Looks

Places = Annotated[str, Path(pattern=rf"^\d{{1,4}}(-\d{{1,4}}){{0,{DEEPEST}}}$")]
"""Where a file lies: its number among those of the mail, behind the numbers of the attached mails it lies in."""
_FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A mail or a letter, as far as the record and the vault need it."""

    row: Message | OutboxMail
    sealed_id: str | None

    def note(self, session: Session, parts: DeskParts, action: Action, by: str, **details: object) -> None:
        """Put on record that somebody saw or took it."""
        is_mail = isinstance(self.row, Message)
        parts.audit.append(
            session,
            action,
            at=parts.now(),
            actor=by,
            case_id=self.row.case_id,
            message_id=self.row.id if is_mail else None,
            outbox_id=None if is_mail else self.row.id,
            details=details,
        )


class Looker(Protocol):
    """Somebody, or a program, that looks at mails of some organisations."""

    @property
    def actor(self) -> Actor:
        """Return them as the record knows them."""
        ...

    def may_see(self, organisation: str) -> bool:
        """Tell whether an organisation's mails are theirs to see."""
        ...


def sealed_of(session: Session, who: Looks, place: str, number: int) -> Sealed:
    """Return a mail ("mail") or letter ("letters") that a visitor may see; raises NotFound, alike for those of others.

    A number that no database counts to is not found either.
    """
    known = 0 < number < 2**31
    row: Message | OutboxMail | None = None
    if known:
        row = session.get(Message, number) if place == "mail" else session.get(OutboxMail, number)
    if row is None or not who.may_see(row.organisation):
        raise NotFound(f"there is no {'message' if place == 'mail' else 'letter'} {number}")
    return Sealed(row, row.sealed_id)


def looked_at(pages: Pages, request: Request, place: str, number: int) -> tuple[Visitor, Face]:
    """Note that the visitor looks at a mail or a letter; return them, and which face of it they ask for."""
    who, parts = pages.visitor(request), pages.parts
    with parts.database.transaction() as session:
        sealed_of(session, who, place, number).note(session, parts, Action.MAIL_VIEWED, who.name)
    face = request.query_params.get("face", "")
    return who, Face(face) if face in set(Face) else Face.TEXT


@dataclass(frozen=True, slots=True)
class MailFiles:
    """Downloads and frames of one sort: received mails, or letters of ours."""

    pages: Pages
    place: str
    """mail or letters"""

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        at = f"/{self.place}/{{number}}"
        app.add_api_route(f"{at}/html", self.html, response_class=HTMLResponse)
        app.add_api_route(f"{at}/raw", self.raw)
        app.add_api_route(f"{at}/attachments/{{position}}", self.attachment)

    def html(self, request: Request, number: Number) -> Response:
        """Return the HTML of a mail made harmless, for a frame of this desk."""
        raw, sealed = self._opened(self.pages.visitor(request), number, Action.MAIL_VIEWED, "html")
        face = rich_face(raw, sealed.row.charset if isinstance(sealed.row, Message) else "")
        if face is None:
            raise NotFound("this mail has no HTML")
        page = HTMLResponse(safe_page(face).html)
        page.headers["Content-Security-Policy"] = FRAME_POLICY
        return page

    def raw(self, request: Request, number: Number) -> Response:
        """Return a mail as it came, as a file."""
        raw, sealed = self._opened(self.pages.visitor(request), number, Action.MAIL_EXPORTED, "raw")
        return as_file(raw, f"{'mail' if self.place == 'mail' else 'letter'}-{sealed.row.id}.eml")

    def attachment(self, request: Request, number: Number, position: Places) -> Response:
        """Return a file that came with a mail, or inside a mail attached to it."""
        return saved_file(self.pages.parts, self.pages.visitor(request), self.place, number, position)

    def _opened(self, who: Visitor, number: int, action: Action, part: str) -> tuple[bytes, Sealed]:
        return opened(self.pages.parts, who, self.place, number, action, part)


def saved_file(parts: DeskParts, who: Looker, place: str, number: int, position: str) -> Response:
    """Return a file that came with a mail, or inside a mail attached to it; raises NotFound."""
    raw, _ = opened(parts, who, place, number, Action.MAIL_EXPORTED, "attachment")
    found = attached_file(raw, [int(one) for one in position.split("-")])
    if found is None:
        raise NotFound("there is no such attachment")
    return as_file(found.content, found.name)


def opened(parts: DeskParts, who: Looker, place: str, number: int, action: Action, part: str) -> tuple[bytes, Sealed]:
    """Return the bytes of a mail or letter; that they were asked for is on record before they leave."""
    with parts.database.transaction() as session:
        sealed = sealed_of(session, who, place, number)
        try:
            raw = parts.vault.open(session, sealed.sealed_id) if sealed.sealed_id else b""
        except PermanentFailure as error:
            raise NotFound("its contents cannot be read") from error
        if not raw:
            raise NotFound("its contents were erased or never kept")
        sealed.note(session, parts, action, who.actor.name, part=part)
    return raw, sealed


def as_file(content: bytes, name: str) -> Response:
    """Return bytes to be saved under a name, whatever they claim to be."""
    return Response(content, media_type="application/octet-stream", headers=file_headers(name))


def file_headers(name: str) -> dict[str, str]:
    """Return the headers that make a browser save and never open what comes (RFC 6266)."""
    safe = re.sub(r"[^\w.,+() -]", "_", name).strip(" .")[:120] or "file"
    plain = safe.encode("ascii", "replace").decode().replace("?", "_")
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe)}",
        "Content-Security-Policy": _FILE_POLICY,
    }
