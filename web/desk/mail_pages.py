"""The ledger of received mail, and one mail."""

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, func, select

from models.case import Case
from models.errors import NotFound
from models.message import Message, Outcome
from web.desk.case_pages import shown_mail
from web.desk.pages import Pages, page_number

_PAGE = 50


@dataclass(frozen=True, slots=True)
class MailPages:
    """The ledger and its mails."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/mail", self.ledger, response_class=HTMLResponse)
        app.add_api_route("/mail/{number}", self.message, response_class=HTMLResponse)

    def ledger(self, request: Request) -> Response:
        """Show the ledger, newest first: what became of every mail, and why."""
        who, outcome = self.pages.visitor(request), request.query_params.get("outcome", "")
        page = page_number(request)
        conditions = [col(Message.organisation) == who.organisation] if who.organisation else []
        if outcome in set(Outcome):
            conditions.append(col(Message.outcome) == Outcome(outcome))
        with self.pages.parts.database.reading() as session:
            count = session.exec(select(func.count()).select_from(Message).where(*conditions)).one()
            query = select(Message, Case.reference).outerjoin(Case, col(Case.id) == col(Message.case_id))
            query = query.where(*conditions).order_by(col(Message.id).desc())
            rows = session.exec(query.offset((page - 1) * _PAGE).limit(_PAGE)).all()
            last = max((count + _PAGE - 1) // _PAGE, 1)
            return self.pages.page(
                "ledger.html", who, rows=rows, count=count, page=page, pages=last, outcome=outcome, outcomes=Outcome
            )

    def message(self, request: Request, number: int) -> Response:
        """Show one mail, what was found in it, and why."""
        who = self.pages.visitor(request)
        with self.pages.parts.database.reading() as session:
            message = session.get(Message, number)
            if message is None or not who.may_see(message.organisation):
                raise NotFound(f"there is no message {number}")
            case = session.get(Case, message.case_id) if message.case_id else None
            mail, reference = shown_mail(self.pages, session, message), case.reference if case else ""
            return self.pages.page("message.html", who, message=message, mail=mail, reference=reference)
