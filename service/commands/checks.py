"""Commands that set up and check: init, doctor, audit verify, db upgrade."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.errors import SettingsError
from service.commands.options import Json, print_json, settings_of
from service.database import opened_database
from store.audit import Audit
from store.vault import read_key_file, write_key_file

_STARTER = Path(__file__).parent.parent / "starter.toml"
_PASSWORD_FILES = ("imap.password", "smtp.password")
"""As the starter names them."""

audit = typer.Typer(help="The audit chain.", no_args_is_help=True)
db = typer.Typer(help="The database schema.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(init)
    app.command()(doctor)
    app.add_typer(audit, name="audit")
    app.add_typer(db, name="db")


def init(
    folder: Annotated[Path, typer.Argument(help="Where the configuration goes.")] = Path(),
) -> None:
    """Write a commented rightsdesk.toml, a vault key, and empty files for the passwords."""
    settings, key = folder / "rightsdesk.toml", folder / "rightsdesk.key"
    if settings.exists():
        raise SettingsError(f"{settings} exists already: remove it first, or edit it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_new_key = not key.exists()
        if is_new_key:
            write_key_file(key)
        for name in _PASSWORD_FILES:
            (folder / name).touch(0o600)
        with settings.open("x", encoding="utf-8") as file:
            file.write(_STARTER.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{error.filename or folder} cannot be written ({error.strerror})") from error
    typer.echo(f"wrote {settings}: fill in your organisation and mailbox")
    typer.echo(
        f"{'wrote' if is_new_key else 'kept'} {key}: back it up apart from the database; "
        "without it no stored mail can be read"
    )
    typer.echo(f"{' and '.join(_PASSWORD_FILES)} beside it are for the passwords, readable by you alone")
    typer.echo("then run `rightsdesk doctor`")


def doctor(context: typer.Context, *, as_json: Json = False) -> None:
    """Try every part for real: servers, database, key, clock, calendars, letters, model."""
    from service.doctor import examine  # noqa: PLC0415 - loads the model's libraries

    table = Table("part", "", "found", box=None, header_style="bold", pad_edge=False)
    is_well = True
    for finding in examine(settings_of(context)):
        is_well = is_well and finding.is_well
        if as_json:
            print_json({"part": finding.part, "ok": finding.is_well, "found": finding.text})
        else:
            mark = "[green]ok[/green]" if finding.is_well else "[red]wrong[/red]"
            table.add_row(finding.part, mark, Text(finding.text))
    if not as_json:
        Console().print(table)
    if not is_well:
        raise typer.Exit(1)


@audit.command("verify")
def verify_audit(context: typer.Context, *, as_json: Json = False) -> None:
    """Check the whole audit chain for changed, removed and reordered entries."""
    settings = settings_of(context)
    with opened_database(settings) as database, database.reading() as session:
        found = Audit(read_key_file(settings.key_file)).verify(session)
    if as_json:
        print_json(
            {
                "intact": found.is_intact,
                "entries": found.entries,
                "first_bad": found.first_bad,
                "problem": found.problem or None,
            }
        )
    elif found.is_intact:
        typer.echo(f"intact: {found.entries} entries")
    else:
        typer.echo(f"NOT intact: {found.problem} ({found.entries} entries before it hold)", err=True)
    if not found.is_intact:
        raise typer.Exit(1)


@db.command("upgrade")
def upgrade(context: typer.Context) -> None:
    """Bring the database to the schema of this version."""
    from store.database import open_database  # noqa: PLC0415 - as are the other heavy imports
    from store.schema import schema_version, upgrade_schema  # noqa: PLC0415 - alembic loads slowly

    database = open_database(settings_of(context).database_url)
    try:
        before = schema_version(database)
        upgrade_schema(database)
        typer.echo(f"schema {before or 'none'} -> {schema_version(database)}")
    finally:
        database.close()
