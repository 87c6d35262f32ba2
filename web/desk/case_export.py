"""The queue to take away: as a CSV file, all cases of a filter, or as a list for paper, as many as fit in a hand.

Both are in the order of the queue, and each is on record.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from sqlmodel import Session, col, select

from cases.local_days import LocalDays
from cases.next_steps import next_steps
from cases.playbook import Suggestion
from cases.signs import NO_SIGNS, Signs, signs_of
from cases.worklist import Filters, fitting_ids, rows_of
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
    *("target", "files", "next", "confidence"),
)
"""The keys of `case list --json`, who works on it, and what columns and filters of the queue tell, by their names."""
_PART = 500
MOST_ON_PAPER = 500


@dataclass(frozen=True, slots=True)
class ExportPages:
    """The queue's present filter as a file."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/cases.csv", self.cases)
        app.add_api_route("/print", self.paper, response_class=HTMLResponse)

    def cases(self, request: Request) -> Response:
        """Send the cases of the filters that are parts of the address."""
        who = self.pages.visitor(request)
        return export(
            self.pages.parts,
            filters_of(self.pages, dict(request.query_params), who),
            self.pages.parts.local_days(who.may_see),
            who.actor,
        )

    def paper(self, request: Request) -> Response:
        """Show the cases of the filters that are parts of the address as a list for paper."""
        who, parts = self.pages.visitor(request), self.pages.parts
        filters, today = filters_of(self.pages, dict(request.query_params), who), parts.local_days(who.may_see)
        with parts.database.transaction() as session:
            ids = fitting_ids(session, filters, today, MOST_ON_PAPER + 1)
            shown = ids[:MOST_ON_PAPER]
            note_export(session, parts, filters, len(shown), who.actor)
            values: dict[str, Any] = {
                "rows": rows_of(session, shown),
                "now": parts.now(),
                "filters": filter_words(filters),
                "query": urlencode(filters.query()),
                "is_cut": len(ids) > len(shown),
            }
            return self.pages.page("paper.html", who, 200, **values)


def filter_words(filters: Filters) -> list[str]:
    """Return what the queue is narrowed to, in words for people."""
    named = {
        "state": filters.status,
        "kind": filters.kind.replace("_", " "),
        "due": _WINDOWS.get(filters.due, ""),
        "works on it": filters.owner,
        "words": filters.words,
    }
    words = [f"{name}: {value}" for name, value in named.items() if value]
    return [*words, *(["to be looked at"] if filters.review else []), *(said for _, said in filters.more.words())]


_WINDOWS = {
    "3": "within 3 days",
    "7": "within 7 days",
    "ahead": "not overdue",
    "overdue": "overdue",
    "today": "today",
    "waiting": "waiting",
}


def note_export(session: Session, parts: DeskParts, filters: Filters, count: int, actor: Actor) -> None:
    """Note who took how many cases away, by which filters; never what was searched for."""
    details = {"cases": count, "filters": sorted(filters.query()), "organisation": filters.organisation}
    parts.audit.append(session, Action.CASES_EXPORTED, at=parts.now(), actor=actor.name, details=details)


def export(parts: DeskParts, filters: Filters, today: LocalDays, actor: Actor) -> Response:
    """Return the cases that fit, as a file, and note who took how many."""
    with parts.database.transaction() as session:
        ids = fitting_ids(session, filters, today)
        note_export(session, parts, filters, len(ids), actor)
    name = f'attachment; filename="cases-{today.here}.csv"'
    lines = in_pieces(csv_lines(COLUMNS, _rows(parts, ids)))
    return StreamingResponse(lines, media_type="text/csv", headers={"Content-Disposition": name})


def _rows(parts: DeskParts, ids: Sequence[int]) -> Iterator[Sequence[object]]:
    """Yield the cases part by part, each in a short transaction: a slow reader holds nothing up."""
    for start in range(0, len(ids), _PART):
        some = ids[start : start + _PART]
        with parts.database.reading() as session:
            found = {case.id: case for case in session.exec(select(Case).where(col(Case.id).in_(some)))}
            cases = [found[number] for number in some if number in found]
            steps, signs = next_steps(session, some, parts.mailboxes, parts.now()), signs_of(session, some)
            rows = [
                _with(case, row, signs.get(case.id or 0, NO_SIGNS), steps.get(case.id or 0))
                for case, row in zip(cases, parts.machine.cases(session, cases), strict=True)
            ]
        yield from rows


def _with(case: Case, row: Row, signs: Signs, step: Suggestion | None) -> list[object]:
    kinds = row["kinds"] if isinstance(row["kinds"], list) else []
    named = row | {"kinds": " ".join(kinds), "assigned_to": case.assigned_to, "next": step.says if step else ""}
    named |= {"target": signs.target_on or "", "files": " ".join(signs.files), "confidence": signs.confidence}
    return [named[column] for column in COLUMNS]
