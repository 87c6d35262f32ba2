"""Reports to keep: the annual report of the data protection officer."""

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from cases.annual import Annual, annual, years_counted
from models.errors import NotFound
from models.organisation import Organisation
from web.desk.figure_choice import Choice, caught_up, chosen
from web.desk.pages import Pages
from web.report_text import FORMATS, as_of, heading

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Of a report that is a page of its own: its style is in it, and it loads nothing."""


@dataclass(frozen=True, slots=True)
class ReportPages:
    """The list of reports, and each of them."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/reports", self.reports, response_class=HTMLResponse)
        app.add_api_route("/reports/annual", self.annual)

    def reports(self, request: Request) -> Response:
        """List the years of each organisation of which there is something to tell, and this year."""
        who, parts = self.pages.visitor(request), self.pages.parts
        choice = chosen(request, who, parts)
        caught_up(parts)
        with parts.database.reading() as session:
            found = years_counted(session, [one.slug for one in choice.organisations])
        known = [(one, sorted({*found[one.slug], choice.today.year}, reverse=True)) for one in choice.organisations]
        return self.pages.page("reports.html", who, known=known)

    def annual(self, request: Request) -> Response:
        """Show an annual report, or hand it out as a file."""
        who, parts = self.pages.visitor(request), self.pages.parts
        choice = chosen(request, who, parts)
        organisation, year = _organisation(choice), _year(request, choice)
        progress, wanted = caught_up(parts), request.query_params.get("format", "")
        with parts.database.reading() as session:
            report = annual(session, organisation.slug, organisation.name, year, choice.now, choice.today)
        if wanted in FORMATS:
            return _file(report, wanted)
        return self.pages.page(
            "annual.html", who, report=report, heading=heading(report), as_of=as_of(report), progress=progress
        )


def _file(report: Annual, wanted: str) -> Response:
    media_type, written = FORMATS[wanted]
    name = f"annual-report-{report.organisation}-{report.year}.{wanted}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": _POLICY}
    return Response(written(report), media_type=media_type, headers=headers)


def _organisation(choice: Choice) -> Organisation:
    found = next((one for one in choice.organisations if choice.of in ("", one.slug)), None)
    if found is None:
        raise NotFound("there is no such organisation")
    return found


def _year(request: Request, choice: Choice) -> int:
    text = request.query_params.get("year", str(choice.today.year))
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and 1990 <= int(text) <= choice.today.year):
        raise NotFound("there is no report for such a year")
    return int(text)
