"""Commands that show what is there: mail, case, outbox."""

from getpass import getuser
from typing import Annotated

import typer

from models.verdict import Label
from service.commands.case_view import tell_case
from service.commands.options import Json, print_facts, print_json, print_rows, settings_of
from service.database import opened_database
from service.offices import known_of
from service.records import case_rows, letter_details, letter_rows, message_details, message_rows
from service.settings import Settings
from store.clock import utc_now
from store.vault import Vault, read_key_file

mail = typer.Typer(help="The ledger of received mail.", no_args_is_help=True)
case = typer.Typer(help="The cases.", no_args_is_help=True)
outbox = typer.Typer(help="The letters we owe and sent.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(mail, name="mail")
    app.add_typer(case, name="case")
    app.add_typer(outbox, name="outbox")


@mail.command("list")
def list_mail(context: typer.Context, *, as_json: Json = False) -> None:
    """List every mail ever seen and what became of it."""
    columns = ("id", "mailbox", "uid", "received_at", "outcome", "case", "reason")
    with opened_database(settings_of(context)) as database, database.reading() as session:
        print_rows(
            message_rows(session), as_json=as_json, columns=columns, empty="no mail yet: run `rightsdesk poll --once`"
        )


@mail.command("show")
def show_mail(
    context: typer.Context, number: Annotated[int, typer.Argument(help="Its id in the list.")], *, as_json: Json = False
) -> None:
    """Show one mail: what was found in it, and why."""
    settings = settings_of(context)
    with opened_database(settings) as database, database.reading() as session:
        _print_one(message_details(session, vault_of(settings), number), as_json=as_json)


@mail.command("correct")
def correct_mail(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Its id in the list.")],
    labels: Annotated[list[Label], typer.Argument(help="What it is: one label or more.")],
    *,
    as_json: Json = False,
) -> None:
    """Say what a mail is, where the classifier was wrong: its case follows, and training can learn from it."""
    from service.correcting import correct  # noqa: PLC0415 - loads what reads mails
    from service.wiring import opened_desk  # noqa: PLC0415 - see above

    settings = settings_of(context)
    with opened_desk(settings) as desk:
        correct(desk, number, labels, getuser())
        with desk.database.reading() as session:
            _print_one(message_details(session, desk.vault, number), as_json=as_json)


@case.command("list")
def list_cases(context: typer.Context, *, as_json: Json = False) -> None:
    """List the cases with their due dates."""
    columns = ("reference", "kinds", "status", "received_at", "due_date", "acknowledged_at")
    with opened_database(settings_of(context)) as database, database.reading() as session:
        print_rows(case_rows(session), as_json=as_json, columns=columns, empty="no cases yet")


@case.command("show")
def show_case(
    context: typer.Context,
    reference: Annotated[str, typer.Argument(help="Like RD-7KQ-4M2-XN9.")],
    *,
    as_json: Json = False,
) -> None:
    """Show one case: items and their dates, mails, letters, timeline."""
    from service.case_records import Shelves, case_details  # noqa: PLC0415 - loads the calendars

    settings = settings_of(context)
    shelves = Shelves(known_of(settings).mailboxes, vault_of(settings), utc_now())
    with opened_database(settings) as database, database.reading() as session:
        tell_case(case_details(session, reference, shelves), as_json=as_json)


@outbox.command("list")
def list_letters(context: typer.Context, *, as_json: Json = False) -> None:
    """List the letters and where they stand."""
    columns = ("id", "case", "template", "to", "state", "attempts")
    with opened_database(settings_of(context)) as database, database.reading() as session:
        print_rows(letter_rows(session), as_json=as_json, columns=columns, empty="no letters yet")


@outbox.command("show")
def show_letter(
    context: typer.Context, number: Annotated[int, typer.Argument(help="Its id in the list.")], *, as_json: Json = False
) -> None:
    """Show one letter as it was written."""
    settings = settings_of(context)
    with opened_database(settings) as database, database.reading() as session:
        _print_one(letter_details(session, vault_of(settings), number), as_json=as_json)


def vault_of(settings: Settings) -> Vault:
    """Return the vault of a configuration; raises SettingsError for a missing key."""
    return Vault(read_key_file(settings.key_file))


def _print_one(facts: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(facts)
    else:
        print_facts(facts)
