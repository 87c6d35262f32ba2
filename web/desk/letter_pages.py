"""The outbox: letters that wait for a person, one letter with all that happened to it, letting go and holding back."""

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, func, select

from models.case import Case
from models.errors import NotAllowed
from models.outbox import OutboxMail, OutboxState
from models.staff import Role
from responders.releasing import hold_letter, release_letter
from web.desk.accounts import Visitor
from web.desk.conversation import Reading
from web.desk.mail_files import looked_at, sealed_of
from web.desk.pages import FilledForm, Number, Pages, page_number, to
from web.desk.shown_mail import Face

_PAGE = 50
_STUCK = (OutboxState.HELD, OutboxState.FAILED, OutboxState.UNCERTAIN)
_TOLD = {"release": "It goes out with the next round.", "hold": "It is held."}


@dataclass(frozen=True, slots=True)
class LetterPages:
    """The letters of all cases."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/letters", self.letters, response_class=HTMLResponse)
        app.add_api_route("/letters/{number}", self.letter, response_class=HTMLResponse)
        for name in _TOLD:
            app.add_api_route(f"/letters/{{number}}/{name}", getattr(self, name), methods=["POST"])

    def letters(self, request: Request) -> Response:
        """Show the letters that wait for a person, or those of one state; newest first."""
        who, state, page = self.pages.visitor(request), request.query_params.get("state", ""), page_number(request)
        conditions: list[Any] = [col(OutboxMail.organisation) == who.organisation] if who.organisation else []
        if state in set(OutboxState):
            conditions.append(col(OutboxMail.state) == OutboxState(state))
        elif state != "all":
            conditions.append(col(OutboxMail.state).in_(_STUCK))
        with self.pages.parts.database.reading() as session:
            count = session.exec(select(func.count()).select_from(OutboxMail).where(*conditions)).one()
            last = max((count + _PAGE - 1) // _PAGE, 1)
            page = min(page, last)
            query = select(OutboxMail, Case.reference).outerjoin(Case, col(Case.id) == col(OutboxMail.case_id))
            query = query.where(*conditions).order_by(col(OutboxMail.id).desc())
            rows = session.exec(query.offset((page - 1) * _PAGE).limit(_PAGE)).all()
            return self.pages.page(
                *("letters.html", who), rows=rows, count=count, page=page, pages=last, state=state, states=OutboxState
            )

    def letter(self, request: Request, number: Number) -> Response:
        """Show one letter; that somebody looked is on record."""
        who, face = looked_at(self.pages, request, "letters", number)
        return self._shown(who, number, face, told=_TOLD.get(request.query_params.get("told", ""), ""))

    def release(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Let a letter go out again that was held or came back."""
        return self._move(request, number, filled, "release")

    def hold(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Hold a letter that has not gone out yet."""
        return self._move(request, number, filled, "hold")

    def _move(self, request: Request, number: int, filled: FilledForm, name: str) -> Response:
        who, parts = self.pages.visitor(request), self.pages.parts
        with parts.database.reading() as session:
            sealed_of(session, who, "letters", number)
        self.pages.check_form(request, who, filled)
        if who.role is Role.AUDITOR:
            raise NotAllowed("an auditor looks, and changes nothing")
        deed = release_letter if name == "release" else hold_letter
        try:
            with parts.database.transaction() as session:
                deed(session, parts.audit, number, parts.now(), who.name)
        except NotAllowed as error:
            return self._shown(who, number, problem=str(error))
        return to(f"/letters/{number}?told={name}")

    def _shown(
        self, who: Visitor, number: int, face: Face = Face.TEXT, *, told: str = "", problem: str = ""
    ) -> Response:
        with self.pages.parts.database.reading() as session:
            letter = session.get_one(OutboxMail, number)
            case = session.get(Case, letter.case_id) if letter.case_id else None
            may_act = who.role is not Role.AUDITOR
            return self.pages.page(
                "letter.html",
                who,
                409 if problem else 200,
                letter=letter,
                mail=Reading(session, self.pages.parts.vault).letter(letter, face),
                reference=case.reference if case else "",
                may_release=may_act and letter.state in _STUCK,
                may_hold=may_act and letter.state in (OutboxState.QUEUED, OutboxState.UNCERTAIN),
                told=told,
                problem=problem,
            )
