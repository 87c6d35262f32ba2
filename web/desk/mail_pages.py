"""The ledger of received mail, and one mail."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, func, select

from models.case import Case
from models.errors import NotFound
from models.message import Message, Outcome
from web.desk.case_pages import shown_mail
from web.desk.pages import Pages

_PAGE = 50


def add_mail_pages(app: FastAPI, pages: Pages) -> None:
    """Add the pages."""
    parts = pages.parts

    @app.get("/mail", response_class=HTMLResponse)
    def show_ledger(request: Request) -> Response:
        """Show the ledger, newest first: what became of every mail, and why."""
        who = pages.visitor(request)
        outcome = request.query_params.get("outcome", "")
        number = request.query_params.get("page", "1")
        page = max(int(number), 1) if number.isdigit() and len(number) < 7 else 1
        conditions = [col(Message.organisation) == who.organisation] if who.organisation else []
        if outcome in set(Outcome):
            conditions.append(col(Message.outcome) == Outcome(outcome))
        with parts.database.reading() as session:
            count = session.exec(select(func.count()).select_from(Message).where(*conditions)).one()
            query = select(Message, Case.reference).outerjoin(Case, col(Case.id) == col(Message.case_id))
            query = query.where(*conditions).order_by(col(Message.id).desc())
            rows = session.exec(query.offset((page - 1) * _PAGE).limit(_PAGE)).all()
            last = max((count + _PAGE - 1) // _PAGE, 1)
            return pages.page(
                "ledger.html", who, rows=rows, count=count, page=page, pages=last, outcome=outcome, outcomes=Outcome
            )

    @app.get("/mail/{number}", response_class=HTMLResponse)
    def show_message(request: Request, number: int) -> Response:
        """Show one mail, what was found in it, and why."""
        who = pages.visitor(request)
        with parts.database.reading() as session:
            message = session.get(Message, number)
            if message is None or not who.may_see(message.organisation):
                raise NotFound(f"there is no message {number}")
            case = session.get(Case, message.case_id) if message.case_id else None
            mail = shown_mail(pages, session, message)
            return pages.page("message.html", who, message=message, mail=mail, reference=case.reference if case else "")
