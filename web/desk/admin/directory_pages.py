"""The directory of customers whose processor an organisation is: the list, and a table that is looked over first."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from cases.directory import customer_rows_of, import_customers
from models.audit import Action
from models.errors import NotAllowed, NotFound
from models.organisation import Organisation
from web.customer_table import Change, changes_in, customers_in
from web.desk.accounts import Visitor
from web.desk.admin.entry import administrator, organisations, record
from web.desk.forms import Filled, one
from web.desk.pages import Pages, clean, filled_form_with_files, to

_LARGEST = 1024 * 1024


async def filled_with_file(request: Request) -> Filled:
    """Return what was filled into a form; a file of at most a megabyte stands for the table typed."""
    filled = await filled_form_with_files(request)
    if not filled.files:
        return filled
    raw = filled.files[0].content
    text = raw.decode("utf-8-sig", "replace") if len(raw) <= _LARGEST else ""
    return {**filled, "table": [clean(text.replace("\r\n", "\n"))]}


FilledWithFile = Annotated[Filled, Depends(filled_with_file)]


@dataclass(frozen=True, slots=True)
class DirectoryPages:
    """The directory of each organisation."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/admin/directory", self.directory, response_class=HTMLResponse)
        app.add_api_route("/admin/directory", self.take, methods=["POST"], response_class=HTMLResponse)

    def directory(self, request: Request) -> Response:
        """Show the customers of an organisation."""
        who = administrator(self.pages, request)
        told = "Taken over." if request.query_params.get("told") else ""
        return self._shown(who, self._organisation(who, request.query_params.get("organisation", "")), told=told)

    def take(self, request: Request, filled: FilledWithFile) -> Response:
        """Show what a table would change; take it over once that was seen."""
        who = administrator(self.pages, request, filled)
        own = self._organisation(who, one(filled, "organisation"))
        if own is None:
            raise NotFound("there is no such organisation")
        try:
            rows = customers_in(one(filled, "table"))
        except NotAllowed as error:
            return self._shown(who, own, filled, problem=str(error))
        if not one(filled, "sure"):
            with self.pages.parts.database.reading() as session:
                changes = changes_in(customer_rows_of(session, own.slug), rows)
            return self._shown(who, own, filled, changes=changes)
        with self.pages.parts.database.transaction() as session:
            added, changed = import_customers(session, own.slug, rows)
            details = {"organisation": own.slug, "added": added, "changed": changed}
            record(self.pages, session, who, Action.DIRECTORY_CHANGED, details)
        return to(f"/admin/directory?organisation={own.slug}&told=taken")

    def _organisation(self, who: Visitor, slug: str) -> Organisation | None:
        """Return the organisation that is asked for, the first for ''; None where there is none at all."""
        own = organisations(self.pages, who)
        found = next((each for each in own if slug in ("", each.slug)), None)
        if slug and found is None:
            raise NotFound("there is no such organisation")
        return found

    def _shown(
        self,
        who: Visitor,
        own: Organisation | None,
        filled: Filled | None = None,
        *,
        changes: list[Change] | None = None,
        problem: str = "",
        told: str = "",
    ) -> Response:
        customers: list[dict[str, Any]] = []
        if own:
            with self.pages.parts.database.reading() as session:
                customers = customer_rows_of(session, own.slug)
        return self.pages.page(
            "admin/directory.html",
            who,
            409 if problem else 200,
            own=own,
            slugs=[each.slug for each in organisations(self.pages, who)],
            customers=customers,
            changes=changes,
            table=one(filled, "table") if filled else "",
            problem=problem,
            told=told,
        )
