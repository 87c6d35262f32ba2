"""Commands on programs that may come in by the programming interface: token add, list, revoke."""

from datetime import datetime
from getpass import getuser
from typing import Annotated

import typer

from models.staff import Role
from models.tokens import ApiToken, Scope
from service.commands.deeds import day_of
from service.commands.letters import organisation_of
from service.commands.options import Json, print_rows, settings_of
from service.database import opened_database
from service.records import moment
from store.audit import Audit
from store.clock import utc_now
from store.vault import read_key_file

token = typer.Typer(help="The tokens of programs.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Its name: timelines call it api:NAME.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(token, name="token")


@token.command()
def add(
    context: typer.Context,
    name: Name,
    scope: Annotated[list[Scope], typer.Option(help="What it opens; may be given several times.")],
    expires: Annotated[str, typer.Option(help="Its last day (YYYY-MM-DD), at most two years from now.")],
    role: Annotated[Role, typer.Option(help="What it may do.")] = Role.AUDITOR,
    organisation: Annotated[str, typer.Option(help="Whose cases it sees; else those of all.")] = "",
) -> None:
    """Add a token; it is told once, here."""
    from web.tokens import Wish, add_token, day_end  # noqa: PLC0415 - quick --help

    day = day_of(expires)
    if day is None:
        raise typer.BadParameter("say the last day, written YYYY-MM-DD")
    settings = settings_of(context)
    slug = organisation_of(settings, organisation).slug if organisation else ""
    wish = Wish(name, role, slug, scope, day_end(day))
    audit = Audit(read_key_file(settings.key_file))
    with opened_database(settings) as database, database.transaction() as session:
        told = add_token(session, audit, wish, getuser(), utc_now())
    typer.echo(f"token {name}, told only now: {told}")


@token.command("list")
def list_tokens(context: typer.Context, *, as_json: Json = False) -> None:
    """List the tokens: what they open, until when, and when they were last used."""
    from web.tokens import tokens  # noqa: PLC0415 - quick --help

    with opened_database(settings_of(context)) as database, database.reading() as session:
        columns = ("name", "state", "role", "organisation", "scopes", "expires_at", "last_used_at")
        rows = [_row(one, utc_now()) for one in tokens(session, "")]
        print_rows(rows, as_json=as_json, columns=columns, empty="no tokens yet: `rightsdesk token add`")


@token.command()
def revoke(context: typer.Context, name: Name) -> None:
    """End a token at once."""
    from web.tokens import revoke_token, token_named  # noqa: PLC0415 - quick --help

    settings = settings_of(context)
    audit = Audit(read_key_file(settings.key_file))
    with opened_database(settings) as database, database.transaction() as session:
        revoke_token(session, audit, token_named(session, name), getuser(), utc_now())
    typer.echo(f"token {name} is revoked")


def _row(one: ApiToken, now: datetime) -> dict[str, object]:
    from web.tokens import state_of  # noqa: PLC0415 - quick --help

    return {
        "name": one.name,
        "state": state_of(one, now),
        "role": one.role.value,
        "organisation": one.organisation or "all",
        "scopes": one.scopes,
        "created_by": one.created_by,
        "expires_at": moment(one.expires_at),
        "last_used_at": moment(one.last_used_at),
    }
