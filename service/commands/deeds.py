"""What commands on a case share: each is one deed, in one transaction, by who is logged in on this machine.

Whoever can run them can read the key file, so they act as an administrator; the timeline names them. Rules that may be
set aside are with `--override` and a reason.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from getpass import getuser
from typing import Annotated, Any

import typer

from models.staff import Actor, Role
from service.commands.case_view import tell_case
from service.commands.options import settings_of

Reference = Annotated[str, typer.Argument(help="Like RD-7KQ-4M2-XN9.")]
Why = Annotated[str, typer.Option(help="The recorded reason, for colleagues.")]
Text = Annotated[str, typer.Option(help="What the letter adds to its fixed words, in its language; blank lines part.")]
ToldOn = Annotated[str, typer.Option("--told-on", help="The day it was done without a letter of ours (YYYY-MM-DD).")]
Preview = Annotated[bool, typer.Option("--preview", help="Show the letters; do nothing.")]
Override = Annotated[str, typer.Option(help="Set aside the rules that may be, for this reason.")]
Second = Annotated[str, typer.Option(help="The second person, where a rule asks for two.")]
Deed = Callable[[Any], object]


def do(
    context: typer.Context,
    reference: str,
    deed: Deed,
    *,
    as_json: bool,
    preview: bool = False,
    override: str = "",
    second: str = "",
) -> None:
    """Do a deed and show the case, or show the letters it would write."""
    from service.case_records import Shelves, case_details  # noqa: PLC0415 - see above
    from service.casework import Casework  # noqa: PLC0415 - loads what letters need
    from service.wiring import opened_desk  # noqa: PLC0415 - see above

    with opened_desk(settings_of(context)) as desk:
        casework = Casework(desk, Actor(getuser(), Role.ADMINISTRATOR), override, second)
        if preview:
            letters = casework.preview(reference, deed)
            typer.echo("\n".join(_readable(letter) for letter in letters) or "no letter would be written")
            return
        casework.do(reference, deed)
        with desk.database.reading() as session:
            facts = case_details(session, reference, Shelves(desk.mailboxes, desk.vault, desk.now()))
    tell_case(facts, as_json=as_json)


def _readable(raw: str) -> str:
    """Return the headers and the text of a letter."""
    from email import message_from_string  # noqa: PLC0415 - rarely needed
    from email.message import EmailMessage  # noqa: PLC0415 - see above
    from email.policy import default  # noqa: PLC0415 - see above

    mail = message_from_string(raw, policy=default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - the policy makes it one
    body = mail.get_body(("plain",))
    head = "\n".join(f"{name}: {mail[name]}" for name in ("To", "Subject"))
    return f"{head}\n\n{body.get_content() if body else ''}"


def day_of(text: str) -> date | None:
    """Return a day written YYYY-MM-DD, None for ''; raises BadParameter."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter("days are written YYYY-MM-DD") from error


def moment_of(text: str) -> datetime:
    """Return an instant of ISO 8601, in UTC where it names no zone; raises BadParameter."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("times are written like 2026-03-02T09:30:00+01:00") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
