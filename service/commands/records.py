"""Commands of keeping and letting go: evidence packs, retention, letters that were held."""

from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from service.commands.lists import case, outbox, vault_of
from service.commands.options import Json, print_rows, settings_of
from service.database import opened_database
from service.offices import known_of
from store.audit import Audit
from store.clock import utc_now
from store.vault import read_key_file

evidence = typer.Typer(help="Evidence packs.", no_args_is_help=True)
retention = typer.Typer(help="What is erased, and when.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(evidence, name="evidence")
    app.add_typer(retention, name="retention")


@case.command("evidence")
def case_evidence(
    context: typer.Context,
    reference: Annotated[str, typer.Argument(help="Like RD-7KQ-4M2-XN9.")],
    file: Annotated[Path, typer.Argument(help="The ZIP file to write.")],
) -> None:
    """Write the evidence pack of a case: mails, letters, timeline, the explanation of its dates, hashes of all."""
    from service.case_records import Shelves  # noqa: PLC0415 - loads the calendars
    from service.evidence import evidence_pack, note_export  # noqa: PLC0415 - see above

    settings = settings_of(context)
    master = read_key_file(settings.key_file)
    shelves = Shelves(known_of(settings).mailboxes, vault_of(settings), utc_now())
    with opened_database(settings) as database:
        with database.transaction() as session:
            note_export(session, reference, Audit(master), utc_now(), getuser())
        with database.reading() as session, file.open("wb") as target:
            target.writelines(evidence_pack(session, reference, shelves))
    typer.echo(f"{file}: {file.stat().st_size} bytes")


@evidence.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The ZIP file.")],
    key: Annotated[
        Path | None, typer.Option(help="The key file of the desk that made it: checks the seal, too.")
    ] = None,
) -> None:
    """Check an evidence pack offline: nothing changed, nothing missing, nothing added."""
    from service.evidence import problems_in  # noqa: PLC0415 - quick --help

    problems = problems_in(file, read_key_file(key) if key else None)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo("the pack is whole" + (" and was made with this key" if key else ""))


@retention.command("plan")
def plan_erasures(context: typer.Context, *, as_json: Json = False) -> None:
    """Show what would be erased now; nothing is."""
    from service.retaining import planned  # noqa: PLC0415 - loads the calendars

    settings = settings_of(context)
    with opened_database(settings) as database, database.reading() as session:
        rows = [row for _, _, row in planned(session, known_of(settings).mailboxes, utc_now())]
        print_rows(rows, as_json=as_json, columns=("case", "extent", "due_on", "why"), empty="nothing is to be erased")


@retention.command("run")
def run_erasures(context: typer.Context, *, as_json: Json = False) -> None:
    """Erase what the plan shows, each with a record."""
    from service.retaining import erase_planned  # noqa: PLC0415 - loads the calendars

    settings = settings_of(context)
    with opened_database(settings) as database:
        audit = Audit(read_key_file(settings.key_file))
        rows = erase_planned(database, known_of(settings).mailboxes, vault_of(settings), audit, utc_now(), getuser())
    print_rows(rows, as_json=as_json, columns=("case", "extent", "due_on", "why"), empty="nothing was to be erased")


@outbox.command()
def retry(context: typer.Context, number: Annotated[int, typer.Argument(help="Its id in the list.")]) -> None:
    """Offer a letter again that was held or came back; it keeps its Message-ID."""
    _move(context, number, is_held=False)


@outbox.command()
def hold(context: typer.Context, number: Annotated[int, typer.Argument(help="Its id in the list.")]) -> None:
    """Hold a letter that has not gone out yet."""
    _move(context, number, is_held=True)


def _move(context: typer.Context, number: int, *, is_held: bool) -> None:
    from responders.releasing import hold_letter, release_letter  # noqa: PLC0415 - quick --help

    settings = settings_of(context)
    audit, deed = Audit(read_key_file(settings.key_file)), hold_letter if is_held else release_letter
    with opened_database(settings) as database, database.transaction() as session:
        deed(session, audit, number, utc_now(), getuser())
    typer.echo(f"letter {number} is {'held' if is_held else 'queued again'}")
