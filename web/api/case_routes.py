"""Cases: the list with the filters of the queue, one case, its timeline, what is due, the list as a file."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Query, Request, Response
from sqlmodel import and_, col, or_, select

from cases.narrowing import Narrowing
from cases.owing import is_owed
from cases.worklist import Filters, opened_after
from models.audit import Action
from models.case import Case, CaseState, RequestItem
from models.files import FileSort
from models.verdict import Confidence, Kind
from web.api.callers import CaseReader
from web.api.cursors import Cursor, Limit, cursor_of, last_number, next_link, opened, refuse
from web.api.shapes import CaseDetails, Cases, DueItems, PossibleDeeds, Timeline
from web.desk.case_export import export
from web.desk.forms import Form
from web.desk.offers import Around, offered
from web.desk.pages import clean
from web.desk.parts import DeskParts, Row
from web.desk.visible_cases import case_of, version_of
from web.tokens import Program

_DUE_CURSOR = 2
_Word = Annotated[str, Query(max_length=200)]


def asked_narrowing(
    files: Annotated[
        FileSort | Literal["some"] | None, Query(description="What came with it; some: files of whatever sort.")
    ] = None,
    confidence: Annotated[Confidence | None, Query(description="Of the least sure thing that it asks for.")] = None,
    target: Annotated[
        Literal["passed", "within_3_days"] | None, Query(description="The day on which we want to have answered.")
    ] = None,
    *,
    bounced: Annotated[bool, Query(description="A letter came back.")] = False,
    held: Annotated[bool, Query(description="A letter did not go out, and waits for a person.")] = False,
    replied: Annotated[bool, Query(description="The person has written, and nobody has looked since.")] = False,
    deletion: Annotated[bool, Query(description="A second person is to say whether it is deleted.")] = False,
) -> Narrowing:
    """Return the further filters of a request."""
    ticks = {"bounced": bounced, "held": held, "replied": replied, "deletion": deletion}
    chosen: dict[str, str | None] = {"files": files, "confidence": confidence, "target": target}
    named = {name: value for name, value in chosen.items() if value}
    return Narrowing(**named, **{name: "1" for name, is_set in ticks.items() if is_set})


def asked_filters(
    more: Annotated[Narrowing, Depends(asked_narrowing)],
    status: Annotated[CaseState | Literal["all"] | None, Query(description="Else those that are not ended.")] = None,
    kind: Kind | None = None,
    due: Literal["overdue", "today", "3", "7", "waiting"] | None = None,
    owner: Annotated[_Word, Query(description='A name, or "nobody".')] = "",
    q: Annotated[_Word, Query(description="A part of the reference, name, address or subject.")] = "",
    *,
    review: bool = False,
) -> Filters:
    """Return the filters of a request."""
    words = clean(q)
    return Filters(
        status=status or "", kind=kind or "", due=due or "", owner=clean(owner), words=words, review=review, more=more
    )


AskedFilters = Annotated[Filters, Depends(asked_filters)]


@dataclass(frozen=True, slots=True)
class CaseRoutes:
    """What is read of cases."""

    parts: DeskParts

    def add_to(self, app: FastAPI) -> None:
        """Add the paths to an application."""
        app.add_api_route("/cases", self.cases, response_model=Cases)
        csv: dict[int | str, Any] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
        app.add_api_route("/cases.csv", self.export, response_class=Response, responses=csv)
        app.add_api_route("/cases/{reference}", self.case, response_model=CaseDetails)
        app.add_api_route("/cases/{reference}/timeline", self.timeline, response_model=Timeline)
        app.add_api_route("/cases/{reference}/deeds", self.deeds, response_model=PossibleDeeds)
        app.add_api_route("/due", self.due, response_model=DueItems)

    def cases(
        self,
        who: CaseReader,
        filters: AskedFilters,
        request: Request,
        response: Response,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Row:
        """List cases, oldest first; the filters are those of the queue."""
        last, today = last_number(cursor), self.parts.local_days(who.may_see)
        with self.parts.database.reading() as session:
            found = opened_after(session, _of(filters, who), today, last, limit + 1)
            rows = list(self.parts.machine.cases(session, found[:limit]))
            last_shown = found[limit - 1].id if len(found) > limit else None
        link = next_link(request, response, cursor_of(last_shown)) if last_shown else None
        return {"rows": rows, "next": link}

    def export(self, who: CaseReader, filters: AskedFilters) -> Response:
        """Return all cases that fit as a CSV file, in the order of the queue; that it was taken is on record."""
        return export(self.parts, _of(filters, who), self.parts.local_days(who.may_see), who.actor)

    def case(self, who: CaseReader, reference: str, response: Response) -> Any:
        """Return one case with all that belongs to it; that it was looked at is on record.

        The ETag names its last change: send it back as If-Match with a deed.
        """
        with self.parts.database.transaction() as session:
            case = case_of(session, who, reference)
            now, name = self.parts.now(), who.actor.name
            self.parts.audit.append(session, Action.CASE_VIEWED, at=now, actor=name, case_id=case.id)
        return self._details(who, reference, response)

    def timeline(self, who: CaseReader, reference: str, response: Response) -> Row:
        """Return what happened in a case, oldest first."""
        return {"rows": self._details(who, reference, response)["timeline"]}

    def deeds(self, who: CaseReader, reference: str, response: Response) -> Row:
        """Return the deeds that a case is open to now, with what each asks for."""
        details = self._details(who, reference, response)
        around = Around(has_page=bool(self.parts.page.base_url), actor=who.actor)
        return {"rows": [_possible(form) for form in offered(details, around)]}

    def due(
        self,
        who: CaseReader,
        request: Request,
        response: Response,
        by: Annotated[date | None, Query(description="Only what is due on this day or before.")] = None,
        cursor: Cursor = "",
        limit: Limit = 50,
    ) -> Row:
        """List the items that owe the person something by a date, the earliest date first; waiting ones have none."""
        query = select(RequestItem, Case).join(Case, col(Case.id) == col(RequestItem.case_id))
        query = query.where(is_owed(), col(RequestItem.due_at).is_not(None))
        if who.organisation:
            query = query.where(col(Case.organisation) == who.organisation)
        if by is not None:
            query = query.where(col(RequestItem.due_on) <= by)
        if last := opened(cursor, _DUE_CURSOR):
            query = query.where(_after(*last))
        with self.parts.database.reading() as session:
            ordered = query.order_by(col(RequestItem.due_at), col(RequestItem.id)).limit(limit + 1)
            found = list(session.exec(ordered))
            link = _link(request, response, found[limit - 1][0]) if len(found) > limit else None
            return {"rows": [_due_row(item, case) for item, case in found[:limit]], "next": link}

    def _details(self, who: Program, reference: str, response: Response) -> dict[str, Any]:
        with self.parts.database.reading() as session:
            case = case_of(session, who, reference)
            response.headers["ETag"] = f'"{version_of(session, case)}"'
            return self.parts.details(session, case.reference)


def _of(filters: Filters, who: Program) -> Filters:
    return replace(filters, organisation=who.organisation)


def _after(due_at: object, number: object) -> Any:
    """Return the condition for what comes after the last row of a page."""
    try:
        last = datetime.fromisoformat(str(due_at))
    except ValueError:
        refuse()
    if last.tzinfo is None or not isinstance(number, int) or not 0 <= number < 2**31:
        refuse()
    same = and_(col(RequestItem.due_at) == last, col(RequestItem.id) > number)
    return or_(col(RequestItem.due_at) > last, same)


def _link(request: Request, response: Response, last: RequestItem) -> str:
    due_at = last.due_at.astimezone(UTC).isoformat() if last.due_at else ""
    return next_link(request, response, cursor_of(due_at, last.id or 0))


def _due_row(item: RequestItem, case: Case) -> Row:
    return {
        "case": case.reference,
        "organisation": case.organisation,
        "kind": item.kind.value,
        "due_date": f"{item.due_on}",
        "due_at_utc": f"{item.due_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if item.due_at else "",
        "status": case.status.value,
        "assigned_to": case.assigned_to or None,
    }


def _possible(form: Form) -> Row:
    fields = [
        {"name": one.name, "label": one.label, "choices": list(one.options), "required": one.is_required}
        for one in form.fields
    ]
    return {"name": form.name, "title": form.title, "writes_letter": form.writes_letter, "fields": fields}
