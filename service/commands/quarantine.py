"""Commands on single mails: trying again what could not be handled, setting it aside, taking a mail out as a file."""

from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from models.audit import Action
from models.errors import NotFound
from models.message import Message, SetAside
from service.commands.lists import mail, vault_of
from service.commands.options import settings_of
from service.database import opened_database
from store.audit import Audit
from store.clock import utc_now
from store.vault import read_key_file

Number = Annotated[int, typer.Argument(help="Its id in the list.")]


@mail.command()
def retry(
    context: typer.Context,
    number: Number,
    charset: Annotated[
        str, typer.Option(help="Read it in this charset from now on, like windows-1251; own: as it says itself.")
    ] = "",
) -> None:
    """Have a mail of the quarantine handled once more, with the next round of `serve` or `poll`."""
    from cases.quarantine import read_as  # noqa: PLC0415 - quick --help
    from cases.quarantine import retry as deed  # noqa: PLC0415 - see above
    from ingest.mime.charset import chosen_charset  # noqa: PLC0415 - see above

    settings, is_again = settings_of(context), True
    with opened_database(settings) as database, database.transaction() as session:
        audit, message = Audit(read_key_file(settings.key_file)), _message(session, number)
        if charset:
            is_again = read_as(session, audit, message, chosen_charset(charset), utc_now(), getuser())
        else:
            deed(session, audit, message, utc_now(), getuser())
    then = "will be handled with the next round" if is_again else "is read so from now on; what became of it stays"
    typer.echo(f"message {number} {then}")


@mail.command()
def ignore(
    context: typer.Context, number: Number, why: Annotated[SetAside, typer.Argument(help="Why it needs nothing.")]
) -> None:
    """Set a mail of the quarantine aside: it is filed, and the audit chain says why."""
    from cases.quarantine import set_aside  # noqa: PLC0415 - quick --help

    settings = settings_of(context)
    with opened_database(settings) as database, database.transaction() as session:
        audit = Audit(read_key_file(settings.key_file))
        set_aside(session, audit, _message(session, number), why, utc_now(), getuser())
    typer.echo(f"message {number} is set aside")


@mail.command()
def export(
    context: typer.Context,
    number: Number,
    file: Annotated[Path, typer.Argument(help="The file to write, like request.eml.")],
) -> None:
    """Write a mail into a file, exactly as it came; that it was taken is in the audit chain."""
    settings = settings_of(context)
    audit, vault = Audit(read_key_file(settings.key_file)), vault_of(settings)
    with opened_database(settings) as database, database.transaction() as session:
        message = _message(session, number)
        if message.sealed_id is None:
            raise NotFound(f"the bytes of message {number} are not kept")
        raw, case_id = vault.open(session, message.sealed_id), message.case_id
        audit.append(session, Action.MAIL_EXPORTED, at=utc_now(), actor=getuser(), case_id=case_id, message_id=number)
        file.write_bytes(raw)
    typer.echo(f"{file}: {len(raw)} bytes")


def _message(session: Session, number: int) -> Message:
    message = session.get(Message, number, with_for_update=True)
    if message is None:
        raise NotFound(f"there is no message {number}; `rightsdesk mail list` shows them all")
    return message
