"""The page of a case."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from cases.looking import look_at
from cases.office import Office
from models.audit import Action
from models.errors import NotAllowed, NotFound
from models.staff import Role
from web.desk.accounts import Visitor
from web.desk.case_view import Asked, Attempt, asked_of, case_values
from web.desk.conversation import letter_text
from web.desk.forms import Filled, Form, form_named, one
from web.desk.looks import look
from web.desk.mail_files import file_headers
from web.desk.pages import FilledForm, FilledFormWithFiles, Pages, to
from web.desk.parts import Deed
from web.desk.readied import readied
from web.desk.visible_cases import case_of, version_of, who_changed


@dataclass(frozen=True, slots=True)
class CasePages:
    """The cases."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/cases/{reference}", self.case, response_class=HTMLResponse)
        app.add_api_route("/cases/{reference}/evidence", self.evidence, methods=["POST"])
        app.add_api_route("/cases/{reference}/{name}", self.do, methods=["POST"], response_class=HTMLResponse)

    def case(self, request: Request, reference: str) -> Response:
        """Show a case; that it was looked at is on record, and told to who else has it open."""
        who, parts = self.pages.visitor(request), self.pages.parts
        with parts.database.transaction() as session:
            case = case_of(session, who, reference)
            parts.audit.append(session, Action.CASE_VIEWED, at=parts.now(), actor=who.name, case_id=case.id)
            look_at(session, case, who.actor, parts.now())
            look(session, case.id or 0, who.member_id, parts.now())
        return self._shown(who, reference, asked_of(request))

    def do(self, request: Request, reference: str, name: str, filled: FilledFormWithFiles) -> Response:
        """Do a deed; what is refused is told on the page, with what was filled in kept."""
        who, form, parts = self.pages.visitor(request), form_named(name), self.pages.parts
        if form is None:
            raise NotFound("there is no such deed")
        try:
            self._check(request, who, reference, filled)
            ready = replace(form, deed=readied(parts, who, who.actor, reference, form, filled))
            deed = unless_too_late(ready, filled)
            if one(filled, "preview") and form.writes_letter:
                letters = tuple(letter_text(raw) for raw in parts.preview(who.actor, reference, deed))
                return self._shown(who, reference, attempt=Attempt(form, filled, letters=letters))
            parts.do(who.actor, reference, deed, one(filled, "override"), one(filled, "second"))
        except NotAllowed as error:
            return self._shown(who, reference, attempt=Attempt(form, filled, str(error)))
        except NotFound as error:
            self._check(request, who, reference, filled)  # a case that is not theirs stays not found
            return self._shown(who, reference, attempt=Attempt(form, filled, str(error)))
        return to(f"/cases/{reference.upper()}?told={form.name}")

    def evidence(self, request: Request, reference: str, filled: FilledForm) -> Response:
        """Return the evidence pack of a case, one mail at a time; that it was made is on record before it leaves."""
        who, parts = self.pages.visitor(request), self.pages.parts
        with parts.database.reading() as session:
            found = case_of(session, who, reference).reference
        self.pages.check_form(request, who, filled)
        pieces: Iterator[bytes] = parts.evidence(found, who.name)
        return StreamingResponse(pieces, media_type="application/zip", headers=file_headers(f"{found}.zip"))

    def _check(self, request: Request, who: Visitor, reference: str, filled: Filled) -> None:
        """Raise NotFound for a case of others, NotAllowed for a form from elsewhere or from who only looks."""
        with self.pages.parts.database.reading() as session:
            case_of(session, who, reference)
        self.pages.check_form(request, who, filled)
        if who.role is Role.AUDITOR:
            raise NotAllowed("an auditor looks, and changes nothing")

    def _shown(
        self, who: Visitor, reference: str, asked: Asked | None = None, *, attempt: Attempt | None = None
    ) -> Response:
        asked = asked or Asked()
        if attempt:
            asked = replace(asked, do=attempt.form.name, filled=attempt.filled, problem=attempt.problem)
        with self.pages.parts.database.reading() as session:
            values = case_values(self.pages, session, who, reference, asked)
            done = form_named(asked.told)
            return self.pages.page(
                "case.html",
                who,
                409 if attempt and attempt.problem else 200,
                told=_told(done, asked.told),
                letters=attempt.letters if attempt else (),
                **values,
            )


def _told(done: Form | None, name: str) -> str:
    if name == "opened":
        return "The case is open."
    return f"Done: {done.title[0].lower()}{done.title[1:]}." if done else ""


def unless_too_late(form: Form, filled: Filled) -> Deed:
    """Return the deed of a form, which is refused where the case changed since its page was made.

    The case is locked by then: a form that is sent twice at once is done once.
    """

    def deed(office: Office) -> None:
        """Do it, or raise NotAllowed."""
        if one(filled, "version") != str(version_of(office.session, office.case)):
            who = who_changed(office.session, office.case)
            raise NotAllowed(f"{who} changed this case meanwhile: look at it again, then send the form anew")
        form.deed(office, filled)

    return deed
