"""The ledger, the outbox, the figures, and who one is."""

from dataclasses import dataclass
from datetime import UTC, date
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from pydantic import AfterValidator
from sqlmodel import col, select

from models.case import Case
from models.errors import NotFound, SettingsError
from models.message import Message, Outcome
from models.organisation import Organisation
from models.outbox import OutboxMail, OutboxState
from web.api.callers import Anybody, FigureReader, MailReader
from web.api.cursors import Cursor, Limit, cursor_of, last_number, next_link
from web.api.problems import Problem
from web.api.shapes import Caller, Figures, Letters, Messages
from web.desk.parts import DeskParts, Row
from web.tokens import Program


def _of_our_time(day: date | None) -> date | None:
    if day is not None and not 1970 <= day.year < 3000:
        raise ValueError("a day between 1970 and 2999")
    return day


_Day = Annotated[date | None, AfterValidator(_of_our_time)]


@dataclass(frozen=True, slots=True)
class ListRoutes:
    """What is read beside cases."""

    parts: DeskParts

    def add_to(self, app: FastAPI) -> None:
        """Add the paths to an application."""
        app.add_api_route("/whoami", self.whoami, response_model=Caller)
        app.add_api_route("/messages", self.messages, response_model=Messages)
        app.add_api_route("/letters", self.letters, response_model=Letters)
        app.add_api_route("/metrics/sla", self.sla, response_model=Figures, response_model_by_alias=True)

    def whoami(self, who: Anybody) -> Row:
        """Return who this token stands for."""
        return {
            "name": who.name,
            "role": who.role.value,
            "organisation": who.organisation or None,
            "scopes": sorted(who.scopes),
            "expires_at": f"{who.expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }

    def messages(
        self,
        who: MailReader,
        request: Request,
        response: Response,
        outcome: Outcome | None = None,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Row:
        """List the ledger, oldest first: what became of every mail, and why."""
        query = select(Message, Case.reference).outerjoin(Case, col(Case.id) == col(Message.case_id))
        if outcome is not None:
            query = query.where(col(Message.outcome) == outcome)
        with self.parts.database.reading() as session:
            found = session.exec(_behind(query, Message, who, cursor, limit)).all()
            rows = [self.parts.machine.message(message, reference) for message, reference in found[:limit]]
        return _page(request, response, rows, is_more=len(found) > limit)

    def letters(
        self,
        who: MailReader,
        request: Request,
        response: Response,
        state: OutboxState | None = None,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Row:
        """List the outbox, oldest first: the letters we owe and sent, and where they stand."""
        query = select(OutboxMail, Case.reference).outerjoin(Case, col(Case.id) == col(OutboxMail.case_id))
        if state is not None:
            query = query.where(col(OutboxMail.state) == state)
        with self.parts.database.reading() as session:
            found = session.exec(_behind(query, OutboxMail, who, cursor, limit)).all()
            rows = [self.parts.machine.letter(letter, reference) for letter, reference in found[:limit]]
        return _page(request, response, rows, is_more=len(found) > limit)

    def sla(
        self,
        who: FigureReader,
        first: Annotated[_Day, Query(alias="from", description="Else this month.")] = None,
        last: Annotated[_Day, Query(alias="to")] = None,
        organisation: Annotated[str, Query(max_length=63, description="Which one, where a token sees several.")] = "",
    ) -> Row:
        """Return how many requests were answered in time, how long it took, and what is late, kind by kind."""
        own = self._organisation(who, organisation)
        try:
            with self.parts.database.reading() as session:
                rows = list(self.parts.machine.figures(session, own, first, last, self.parts.now()))
        except SettingsError as error:
            raise Problem(422, f"from, to: {error}") from error
        return {"organisation": own.slug, "rows": rows}

    def _organisation(self, who: Program, slug: str) -> Organisation:
        found = self.parts.organisations(who.may_see)
        if not slug and len(found) > 1:
            raise Problem(422, f"organisation: say which one: {', '.join(found)}")
        own: Any = found.get(slug) if slug else next(iter(found.values()), None)
        if own is None:
            raise NotFound("there is no such organisation")
        return own  # type: ignore[no-any-return]


def _behind(query: Any, table: Any, who: Program, cursor: str, limit: int) -> Any:
    """Return a query for what a caller sees behind a cursor, oldest first, with one row more than asked for."""
    query = query.where(col(table.id) > last_number(cursor)).order_by(col(table.id)).limit(limit + 1)
    return query.where(col(table.organisation) == who.organisation) if who.organisation else query


def _page(request: Request, response: Response, rows: list[Row], *, is_more: bool) -> Row:
    last = rows[-1]["id"] if rows else 0
    link = next_link(request, response, cursor_of(last if isinstance(last, int) else 0)) if is_more else None
    return {"rows": rows, "next": link}
