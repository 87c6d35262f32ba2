"""The due dates as a calendar that a calendar program fetches: the token is a part of the address.

Such an address is kept in clear by many programs, so its token opens the calendar alone, and the calendar holds
references, kinds and days: nothing of a person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlmodel import Session, col, func, or_, select

from models.case import Case, CaseState, RequestItem
from models.tokens import Scope
from web.api.callers import Callers, check_scope
from web.api.problems import Problem, problem
from web.desk.parts import DeskParts
from web.ics_text import DayEvent, calendar_lines
from web.pieces import in_pieces
from web.tokens import Program

_ENDED = (CaseState.ANSWERED, CaseState.CLOSED)
_STAYS = timedelta(days=60)
"""For how long an ended case is shown as cancelled, for programs that never forget an event by themselves."""
_PART = 500


@dataclass(frozen=True, slots=True)
class Feed:
    """The calendar."""

    parts: DeskParts
    callers: Callers

    def add_to(self, app: FastAPI) -> None:
        """Add the path to an application."""
        app.add_api_route("/calendar.ics", self.calendar, response_class=Response)

    def calendar(self, request: Request, token: Annotated[str, Query(max_length=200)] = "") -> Response:
        """Send the due dates that the token's organisation has to keep."""
        try:
            who = self.callers.recognised(token, request)
            check_scope(who, Scope.CALENDAR_READ)
        except Problem as error:
            return problem(error.status, error.detail, error.headers)
        lines = calendar_lines("Due dates", self._events(who, str(request.base_url)), self.parts.now())
        return StreamingResponse(in_pieces(lines), media_type="text/calendar; charset=utf-8")

    def _events(self, who: Program, desk: str) -> Iterator[DayEvent]:
        last: int | None = 0
        while last is not None:
            with self.parts.database.reading() as session:
                cases = self._cases_after(session, who, last)
                events = list(self._events_of(session, cases, desk))
                last = cases[-1].id if len(cases) == _PART else None
            yield from events

    def _cases_after(self, session: Session, who: Program, last: int) -> Sequence[Case]:
        recent = self.parts.now() - _STAYS
        is_over = col(Case.status).in_(_ENDED)
        is_shown = or_(~is_over, func.coalesce(Case.closed_at, Case.answered_at, Case.opened_at) > recent)
        query = select(Case).where(col(Case.id) > last, is_shown).order_by(col(Case.id)).limit(_PART)
        return session.exec(
            query.where(col(Case.organisation) == who.organisation) if who.organisation else query
        ).all()

    def _events_of(self, session: Session, cases: Sequence[Case], desk: str) -> Iterator[DayEvent]:
        ends = _last_known(session, [case.id for case in cases if case.status in _ENDED])
        for case, row in zip(cases, self.parts.machine.cases(session, cases), strict=True):
            due = row["due_date"]
            on = date.fromisoformat(due) if isinstance(due, str) else ends.get(case.id)
            kinds = row["kinds"] if isinstance(row["kinds"], list) else []
            if on is not None:
                words = ", ".join(str(kind).replace("_", " ") for kind in kinds)
                url = f"{desk}cases/{case.reference}"
                yield DayEvent(f"{case.reference}@rightsdesk", on, f"{case.reference} {words}", url, due is None)


def _last_known(session: Session, ids: Sequence[int | None]) -> dict[int | None, date | None]:
    """Return the date that an ended case was to be answered by."""
    query = select(RequestItem.case_id, func.min(RequestItem.due_on)).where(col(RequestItem.case_id).in_(ids))
    return dict(session.exec(query.group_by(col(RequestItem.case_id))).all())
