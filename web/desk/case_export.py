"""The queue as a CSV file: all cases of a filter, however many, in the order of the queue. Each export is on record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from sqlmodel import col, select

from cases.worklist import Filters, fitting_ids
from models.audit import Action
from models.case import Case
from models.staff import Actor
from web.csv_text import csv_lines
from web.desk.pages import Pages
from web.desk.parts import DeskParts, Row
from web.desk.queue_filters import filters_of
from web.pieces import in_pieces

COLUMNS = (
    *("reference", "organisation", "mailbox", "kinds", "status", "received_at", "due_date", "due_at_utc", "language"),
    *("requester", "needs_review", "acknowledged_at", "messages", "assigned_to"),
)
"""The keys of `case list --json`, and who works on it."""
_PART = 500


@dataclass(frozen=True, slots=True)
class ExportPages:
    """The queue's present filter as a file."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/cases.csv", self.cases)

    def cases(self, request: Request) -> Response:
        """Send the cases of the filters that are parts of the address."""
        who = self.pages.visitor(request)
        return export(
            self.pages.parts, filters_of(self.pages, dict(request.query_params), who), self.pages.today(who), who.actor
        )


def export(parts: DeskParts, filters: Filters, today: date, actor: Actor) -> Response:
    """Return the cases that fit, as a file, and note who took how many."""
    with parts.database.transaction() as session:
        ids = fitting_ids(session, filters, today)
        details = {"cases": len(ids), "filters": sorted(filters.query()), "organisation": filters.organisation}
        parts.audit.append(session, Action.CASES_EXPORTED, at=parts.now(), actor=actor.name, details=details)
    name = f'attachment; filename="cases-{today}.csv"'
    lines = in_pieces(csv_lines(COLUMNS, _rows(parts, ids)))
    return StreamingResponse(lines, media_type="text/csv", headers={"Content-Disposition": name})


def _rows(parts: DeskParts, ids: Sequence[int]) -> Iterator[Sequence[object]]:
    """Yield the cases part by part, each in a short transaction: a slow reader holds nothing up."""
    for start in range(0, len(ids), _PART):
        some = ids[start : start + _PART]
        with parts.database.reading() as session:
            found = {case.id: case for case in session.exec(select(Case).where(col(Case.id).in_(some)))}
            cases = [found[number] for number in some if number in found]
            rows = [_with(case, row) for case, row in zip(cases, parts.machine.cases(session, cases), strict=True)]
        yield from rows


def _with(case: Case, row: Row) -> list[object]:
    kinds = row["kinds"] if isinstance(row["kinds"], list) else []
    named = row | {"kinds": " ".join(kinds), "assigned_to": case.assigned_to}
    return [named[column] for column in COLUMNS]
