"""Commands of letters and what they rest on: templates, the directory of customers, figures for managers."""

from pathlib import Path
from typing import Annotated

import typer

from models.errors import NotAllowed, NotFound, SettingsError
from models.organisation import Organisation, Regime
from models.outbox import Template
from service.commands.deeds import day_of
from service.commands.options import Json, print_rows, settings_of
from service.database import opened_database
from service.offices import known_of
from service.settings import Settings
from store.clock import utc_now
from web.customer_table import customers_in

templates = typer.Typer(help="The templates of letters.", no_args_is_help=True)
directory = typer.Typer(help="The customers whose processor we are.", no_args_is_help=True)
report = typer.Typer(help="Figures for managers.", no_args_is_help=True)

OrganisationName = Annotated[str, typer.Option("--organisation", help="Which one, where there are several.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(templates, name="templates")
    app.add_typer(directory, name="directory")
    app.add_typer(report, name="report")


def organisation_of(settings: Settings, slug: str) -> Organisation:
    """Return an organisation by its slug, the only one for ''; raises NotFound."""
    found = {organisation.slug: organisation for organisation in known_of(settings).organisations}
    if not slug and len(found) == 1:
        return next(iter(found.values()))
    if slug not in found:
        raise NotFound(f"say which organisation: {', '.join(found) or 'there is none'}")
    return found[slug]


@templates.command()
def lint(
    folder: Annotated[
        Path | None, typer.Option(help="A folder of an organisation's own templates, before the shipped ones.")
    ] = None,
) -> None:
    """Read every letter in every language as a lawyer would, and name what is missing."""
    from responders.letters import LetterWriter  # noqa: PLC0415 - loads what letters need

    if folder is not None and not folder.is_dir():
        raise SettingsError(f"there is no folder {folder}")
    writer = LetterWriter()
    problems = writer.check(folder)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo(f"every letter is whole in {', '.join(writer.languages())}")


@templates.command()
def preview(
    template: Annotated[Template, typer.Argument(help="The letter.")],
    language: Annotated[str, typer.Option(help="Its language.")] = "en",
    regime: Annotated[Regime, typer.Option(help="The law.")] = Regime.EU,
    folder: Annotated[Path | None, typer.Option(help="A folder of an organisation's own templates.")] = None,
    *,
    html: Annotated[bool, typer.Option("--html", help="The HTML face.")] = False,
) -> None:
    """Show a letter filled for an invented case; `case … --preview` shows one filled for a real case."""
    from service.letter_samples import sample_text  # noqa: PLC0415 - loads what letters need

    typer.echo(sample_text(template, language, regime, folder, is_html=html))


@templates.command()
def pages(folder: Annotated[Path, typer.Argument(help="The folder of the documentation.")] = Path("docs")) -> None:
    """Write the pages that are made from the code: the life of a case, and all letters in all languages."""
    from service.pages import write_pages  # noqa: PLC0415 - loads what letters need

    write_pages(folder)


@directory.command("import")
def import_directory(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV with the columns name, domains (parted by |), administrator.")],
    organisation: OrganisationName = "",
) -> None:
    """Add or change customers by name; nobody is removed."""
    from cases.directory import import_customers  # noqa: PLC0415 - quick --help

    settings = settings_of(context)
    slug = organisation_of(settings, organisation).slug
    with opened_database(settings) as database, database.transaction() as session:
        added, changed = import_customers(session, slug, customer_rows(file))
    typer.echo(f"{added} customers added, {changed} changed")


def customer_rows(file: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file of customers; raises SettingsError with the line that is wrong."""
    try:
        return customers_in(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read as CSV: {error}") from error
    except NotAllowed as error:
        raise SettingsError(f"{file}: {error}") from error


@directory.command("list")
def list_directory(context: typer.Context, organisation: OrganisationName = "", *, as_json: Json = False) -> None:
    """List the customers."""
    from cases.directory import customer_rows_of  # noqa: PLC0415 - quick --help

    settings = settings_of(context)
    slug = organisation_of(settings, organisation).slug
    with opened_database(settings) as database, database.reading() as session:
        columns = ("name", "domains", "administrator", "language")
        print_rows(customer_rows_of(session, slug), as_json=as_json, columns=columns, empty="no customers yet")


@report.command()
def sla(
    context: typer.Context,
    first: Annotated[str, typer.Option("--from", help="Received from this day on (YYYY-MM-DD); else this month.")] = "",
    last: Annotated[str, typer.Option("--to", help="Up to this day, which is counted.")] = "",
    organisation: OrganisationName = "",
    *,
    as_json: Json = False,
) -> None:
    """Show how many requests were answered in time, how long it took, and what is late, kind by kind."""
    from service.reports import sla_rows  # noqa: PLC0415 - quick --help

    settings = settings_of(context)
    own = organisation_of(settings, organisation)
    with opened_database(settings) as database, database.reading() as session:
        rows = list(sla_rows(session, own, day_of(first), day_of(last), utc_now()))
        if not as_json and not rows[0]["received"]:
            rows = []
        columns = ("kind", "received", "in_time", "late", "overdue", "open", "share_in_time", "mean_days")
        print_rows(rows, as_json=as_json, columns=columns, empty="nothing was received in this time")
