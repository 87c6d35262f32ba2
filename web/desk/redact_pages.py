"""Redacting: what is to go is named, shown where it stands, confirmed, and then gone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session, col, select

from cases.redacting import look_for
from ingest import redacting
from models.audit import Action
from models.case import Case
from models.casework import Note
from models.errors import NotAllowed, PermanentFailure
from models.message import Message
from models.outbox import OutboxMail
from models.redaction import MARK, RedactionGround
from models.staff import Role
from store.vault import Vault
from web.desk.accounts import Visitor
from web.desk.case_pages import unless_too_late
from web.desk.conversation import Reading
from web.desk.deeds.redacting import redaction_of
from web.desk.forms import Filled, form_named, one
from web.desk.pages import FilledForm, Pages, to
from web.desk.readied import readied
from web.desk.shown_mail import ShownFile
from web.desk.visible_cases import case_of, version_of

_LONGEST_NUMBER = 10


@dataclass(frozen=True, slots=True)
class FileChoice:
    """A file that can be taken out."""

    key: str
    """As the form names it: m12:0-2."""
    mail: str
    file: ShownFile


@dataclass(frozen=True, slots=True)
class RedactPages:
    """The form, and its confirmation."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/cases/{reference}/redact", self.ask, response_class=HTMLResponse)
        app.add_api_route("/cases/{reference}/redact", self.do, methods=["POST"], response_class=HTMLResponse)

    def ask(self, request: Request, reference: str) -> Response:
        """Show the form with the files of the case; that it was looked at is on record."""
        who, parts = self.pages.visitor(request), self.pages.parts
        with parts.database.transaction() as session:
            case = case_of(session, who, reference)
            _check_role(who)
            parts.audit.append(session, Action.CASE_VIEWED, at=parts.now(), actor=who.name, case_id=case.id)
            note = _note(session, parts.vault, case, request.query_params.get("note", ""))
        preset = {"files": [request.query_params.get("file", "")], "passages": [note]}
        return self._shown(who, reference, preset)

    def do(self, request: Request, reference: str, filled: FilledForm) -> Response:
        """Show where it stands; where that was confirmed, take it out. What is refused is told on the form."""
        who, parts, form = self.pages.visitor(request), self.pages.parts, form_named("redact")
        assert form is not None  # noqa: S101 - it is in the list of forms
        with parts.database.reading() as session:
            case_of(session, who, reference)
        try:
            self.pages.check_form(request, who, filled)
            _check_role(who)
            if not one(filled, "sure"):
                return self._confirmation(who, reference, filled)
            ready = replace(form, deed=readied(parts, who, who.actor, reference, form, filled))
            parts.do(who.actor, reference, unless_too_late(ready, filled), "", "")
        except NotAllowed as error:
            return self._shown(who, reference, filled, str(error))
        return to(f"/cases/{reference.upper()}?told=redact")

    def _confirmation(self, who: Visitor, reference: str, filled: Filled) -> Response:
        """Show where it stands; raises NotAllowed where it stands nowhere."""
        parts, redaction = self.pages.parts, redaction_of(filled)
        with parts.database.reading() as session:
            case = case_of(session, who, reference)
            finds = look_for(session, parts.vault, case, redaction, redacting, parts.now())
            if not finds:
                raise NotAllowed("nothing is left to redact: it stands nowhere in this case")
            return self._page(who, session, case, filled, finds=finds)

    def _shown(self, who: Visitor, reference: str, filled: Filled, problem: str = "") -> Response:
        with self.pages.parts.database.reading() as session:
            case = case_of(session, who, reference)
            _check_role(who)
            files = files_of(Reading(session, self.pages.parts.vault), case)
            return self._page(who, session, case, filled, problem, choices=files)

    def _page(
        self, who: Visitor, session: Session, case: Case, filled: Filled, problem: str = "", **more: Any
    ) -> Response:
        values: dict[str, Any] = {
            "finds": (),
            "choices": (),
            "case": case,
            "filled": filled,
            "problem": problem,
            "grounds": RedactionGround,
            "mark": MARK,
        }
        values["version"] = version_of(session, case)
        return self.pages.page("redact.html", who, 409 if problem else 200, **(values | more))


def files_of(reading: Reading, case: Case) -> list[FileChoice]:
    """Return the files of a case's mails and letters, those inside attached mails, too."""
    mails = select(Message).where(col(Message.case_id) == case.id).order_by(col(Message.id))
    letters = select(OutboxMail).where(col(OutboxMail.case_id) == case.id).order_by(col(OutboxMail.id))
    found: list[FileChoice] = []
    for message in reading.session.exec(mails):
        found += _choices(f"m{message.id}", f"mail {message.id}", reading.mail(message).files)
    for letter in reading.session.exec(letters):
        found += _choices(f"l{letter.id}", f"letter {letter.id}", reading.letter(letter).files)
    return found


def _choices(key: str, mail: str, files: Sequence[ShownFile]) -> Iterator[FileChoice]:
    for file in files:
        yield FileChoice(f"{key}:{file.place}", mail, file)
        if file.inner:
            yield from _choices(key, f"{mail}, in {file.name}", file.inner.files)


def _note(session: Session, vault: Vault, case: Case, number: str) -> str:
    """Return the words of a note of a case, '' where it has no such note or it cannot be opened."""
    is_number = number.isascii() and number.isdecimal() and len(number) < _LONGEST_NUMBER
    note = session.get(Note, int(number)) if is_number else None
    if note is None or note.case_id != case.id:
        return ""
    try:
        return vault.open(session, note.sealed_id).decode("utf-8", "replace")
    except PermanentFailure:
        return ""


def _check_role(who: Visitor) -> None:
    if not who.role.covers(Role.MANAGER):
        raise NotAllowed(f"redacting needs the role {Role.MANAGER}: it cannot be undone")
