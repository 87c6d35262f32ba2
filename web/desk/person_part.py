"""What staff see and do about a requester's page: its link, what was handed in, a withdrawal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from cases.handing_in import accept_withdrawal, erase_file
from cases.office import Office
from cases.person_links import make_link, revoke_links
from models.audit import Action
from models.errors import NotAllowed, NotFound
from models.person import Submission, SubmissionSort
from models.staff import Role
from web.desk.accounts import Visitor
from web.desk.forms import Filled, one
from web.desk.pages import FilledForm, Number, Pages, to
from web.desk.visible_cases import case_of


def _erase(office: Office, filled: Filled) -> None:
    number = one(filled, "file")
    if not number.isdecimal() or len(number) > 9:
        raise NotAllowed("say which file")
    erase_file(office, int(number))


_DEEDS: Mapping[str, Callable[[Office, Filled], object]] = {
    "link": lambda office, _: make_link(office),
    "revoke": lambda office, _: revoke_links(office),
    "withdrawal": lambda office, _: accept_withdrawal(office),
    "erase": _erase,
}


@dataclass(frozen=True, slots=True)
class PersonPart:
    """The routes behind the part of the case page that is about the requester's page."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the routes to an application."""
        app.add_api_route("/cases/{reference}/person/files/{number}", self.file)
        app.add_api_route("/cases/{reference}/person/{name}", self.do, methods=["POST"], response_class=HTMLResponse)

    def do(self, request: Request, reference: str, name: str, filled: FilledForm) -> Response:
        """Make or revoke a link, take a withdrawal, erase a file."""
        who = self.pages.visitor(request)
        with self.pages.parts.database.reading() as session:
            case_of(session, who, reference)
        self.pages.check_form(request, who, filled)
        if who.role is Role.AUDITOR:
            raise NotAllowed("an auditor looks, and changes nothing")
        deed = _DEEDS.get(name)
        if deed is None:
            raise NotFound("there is no such deed")
        self.pages.parts.do(who.actor, reference, lambda office: deed(office, filled), "", "")
        return to(f"/cases/{reference.upper()}#persons-page")

    def file(self, request: Request, reference: str, number: Number) -> Response:
        """Hand out a file as a download, never to be shown in place; that it was opened is on record."""
        who, parts = self.pages.visitor(request), self.pages.parts
        with parts.database.transaction() as session:
            row = _file_of(session, who, reference, number)
            content = parts.vault.open(session, row.sealed_id or "")
            name = parts.vault.open_beside(session, row.sealed_id or "", row.sealed_name or b"").decode()
            details = {"file": row.id}
            parts.audit.append(
                session, Action.FILE_OPENED, at=parts.now(), actor=who.name, case_id=row.case_id, details=details
            )
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        }
        return Response(content, media_type="application/octet-stream", headers=headers)


def _file_of(session: Session, who: Visitor, reference: str, number: int) -> Submission:
    case = case_of(session, who, reference)
    row = session.get(Submission, number) if 0 < number < 2**31 else None
    if row is None or row.case_id != case.id or row.sort is not SubmissionSort.FILE or row.sealed_id is None:
        raise NotFound(f"there is no file {number} in this case")
    return row
