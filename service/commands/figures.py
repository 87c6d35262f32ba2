"""Commands of figures: the annual report, and counting anew."""

from enum import StrEnum
from typing import Annotated

import typer

from service.commands.letters import OrganisationName, organisation_of, report
from service.commands.options import settings_of
from service.database import opened_database
from store.clock import utc_now


class ReportFormat(StrEnum):
    """How a report is written."""

    HTML = "html"
    CSV = "csv"
    MD = "md"


@report.command()
def annual(
    context: typer.Context,
    year: Annotated[int, typer.Option(help="The year of the report.", min=1990, max=2999)],
    organisation: OrganisationName = "",
    style: Annotated[ReportFormat, typer.Option("--format", help="A page to print, rows, or text.")] = ReportFormat.MD,
) -> None:
    """Print the annual report of the data protection officer, beside the year before."""
    from service.reports import annual_report  # noqa: PLC0415 - loads the calendars
    from web.report_text import FORMATS  # noqa: PLC0415 - quick --help

    settings = settings_of(context)
    own = organisation_of(settings, organisation)
    with opened_database(settings) as database:
        found = annual_report(database, settings.mailboxes, own, year, utc_now)
    typer.echo(FORMATS[style.value][1](found).rstrip("\n"))


@report.command()
def recount(context: typer.Context) -> None:
    """Forget all figures and count everything anew."""
    from service.counting import count_anew  # noqa: PLC0415 - loads the calendars

    settings = settings_of(context)
    with opened_database(settings) as database:
        count_anew(database, settings.mailboxes, utc_now)
    typer.echo("all figures were counted anew")
