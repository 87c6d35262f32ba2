"""The queue: its filters, saved views, and deeds on many cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from cases.typed_search import typed_search
from cases.worklist import WINDOWS, Filters, fitting_ids, queue
from models.case import Case, CaseState
from models.errors import NotAllowed
from models.staff import Role
from models.verdict import Kind
from web.desk.accounts import Visitor, names_of
from web.desk.forms import Filled, one
from web.desk.many.pages import begin
from web.desk.many.planned import plan_of
from web.desk.many.plans import MOST, PLANNED, carry_out, prepare, undo, waiting
from web.desk.pages import FilledForm, Number, Pages, page_number, to
from web.desk.queue_columns import (
    COLUMNS,
    FILE_WORDS,
    FIXED,
    choose_columns,
    columns_of,
    forget_columns,
    in_offer,
    last_changes,
    next_of,
)
from web.desk.queue_filters import DAYS, TICKS, choices_of, filters_of, unoffered
from web.desk.queue_tiles import tiles_of
from web.desk.saved_views import delete_view, save_view, views_of


@dataclass(frozen=True, slots=True)
class QueuePages:
    """The queue and what is done from it."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/", self.queue, response_class=HTMLResponse)
        app.add_api_route("/bulk", self.bulk, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/bulk/{number}/undo", self.undo, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/columns", self.columns, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/views", self.save, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/views/{number}/delete", self.delete, methods=["POST"], response_class=HTMLResponse)

    def queue(self, request: Request) -> Response:
        """Show the queue: filters are parts of the address. With `part=list`, only what changes by itself."""
        is_part = request.query_params.get("part") == "list"
        who = self.pages.visitor(request, is_resting=is_part)
        filters = filters_of(self.pages, dict(request.query_params), who, page_number(request))
        return self._shown(who, filters, is_part=is_part, undone=request.query_params.get("undone", ""))

    def bulk(self, request: Request, filled: FilledForm) -> Response:
        """Do something to the chosen cases; what is looked at first, or done to all that fit, leads to its plan."""
        who, name = self.pages.worker(request, filled), one(filled, "deed")
        filters = filters_of(self.pages, dict(parse_qsl(one(filled, "query"))), who)
        try:
            if name not in PLANNED:
                raise NotAllowed("choose what is to be done")
            references = self._chosen(who, filters, filled)
            if one(filled, "all") or not PLANNED[name].is_direct:
                return begin(self.pages, who, name, references, filled)
            number = prepare(self.pages.parts, who, name, references, filled)
            carry_out(self.pages.parts, who, number)
        except NotAllowed as error:
            return self._shown(who, filters, 409, problem=str(error))
        return self._shown(who, filters, number=number)

    def undo(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Take back a deed on many cases."""
        who = self.pages.worker(request, filled)
        count = undo(self.pages.parts, who, number)
        query = filters_of(self.pages, dict(parse_qsl(one(filled, "query"))), who).query()
        return to(f"/?{urlencode({**query, 'undone': str(count)})}")

    def columns(self, request: Request, filled: FilledForm) -> Response:
        """Keep which columns somebody chose, and in which order, or let them see what all see first."""
        who = self.pages.visitor(request)
        self.pages.check_form(request, who, filled)
        with self.pages.parts.database.transaction() as session:
            if one(filled, "reset"):
                forget_columns(session, who.member_id)
            else:
                choose_columns(session, who.member_id, filled)
        return to(f"/?{urlencode(filters_of(self.pages, dict(parse_qsl(one(filled, 'query'))), who).query())}")

    def save(self, request: Request, filled: FilledForm) -> Response:
        """Save the present filters under a name."""
        who = self.pages.visitor(request)
        self.pages.check_form(request, who, filled)
        filters = filters_of(self.pages, dict(parse_qsl(one(filled, "query"))), who)
        try:
            with self.pages.parts.database.transaction() as session:
                is_shared = bool(one(filled, "shared"))
                save_view(session, who, one(filled, "name"), urlencode(filters.query()), is_shared=is_shared)
        except NotAllowed as error:
            return self._shown(who, filters, 409, problem=str(error))
        return to(f"/?{urlencode(filters.query())}")

    def delete(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Delete a saved view of one's own."""
        who = self.pages.visitor(request)
        self.pages.check_form(request, who, filled)
        with self.pages.parts.database.transaction() as session:
            delete_view(session, who, number)
        return to("/")

    def _chosen(self, who: Visitor, filters: Filters, filled: Filled) -> Sequence[str]:
        if not one(filled, "all"):
            return list(dict.fromkeys(filled.get("case", ())))
        with self.pages.parts.database.reading() as session:
            ids = fitting_ids(session, filters, self.pages.parts.local_days(who.may_see), MOST + 1)
            return session.exec(select(Case.reference).where(col(Case.id).in_(ids))).all()

    def _shown(
        self,
        who: Visitor,
        filters: Filters,
        status: int = 200,
        *,
        problem: str = "",
        number: int | None = None,
        undone: str = "",
        is_part: bool = False,
    ) -> Response:
        today, choices = self.pages.parts.local_days(who.may_see), choices_of(self.pages, who)
        with self.pages.parts.database.reading() as session:
            plan = plan_of(session, who, number) if number else None
            found, columns = queue(session, filters, today), columns_of(session, who.member_id)
            return self.pages.page(
                "queue_list.html" if is_part else "queue.html",
                who,
                status,
                filters=filters,
                states=CaseState,
                kinds=Kind,
                windows=WINDOWS,
                choices=choices,
                ticks=TICKS,
                days=DAYS,
                carried=unoffered(filters.more, choices),
                unread=typed_search(filters.words, today.here).problems,
                queue=found,
                columns=columns,
                titles=COLUMNS,
                file_words=FILE_WORDS,
                offer=() if is_part else in_offer(columns),
                fixed=FIXED,
                changes=last_changes(session, found, columns),
                steps=next_of(session, self.pages.parts, found, columns),
                tiles=tiles_of(session, who, today),
                views=[] if is_part else views_of(session, who),
                colleagues=[] if is_part else names_of(session, who),
                bulks=PLANNED if who.role is not Role.AUDITOR else {},
                problem=problem,
                plan=plan,
                left=waiting(plan) if plan else [],
                undone=undone if undone.isdecimal() and len(undone) < 5 else "",
            )
