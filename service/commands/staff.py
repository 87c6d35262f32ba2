"""Commands on who may log in to the desk: user add, list, role, reset."""

from getpass import getuser
from typing import Annotated

import typer
from sqlmodel import Session

from models.audit import Action
from models.staff import Role
from service.commands.letters import organisation_of
from service.commands.lists import vault_of
from service.commands.options import Json, print_rows, settings_of
from service.database import opened_database
from service.settings import Settings
from service.staff import Given, add_member, change_member, member_rows, reset_member
from store.audit import Audit
from store.clock import utc_now
from store.vault import read_key_file

user = typer.Typer(help="Who may log in to the desk.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name to log in with.")]
Codes = Annotated[bool, typer.Option("--codes/--no-codes", help="Ask for one-time codes of an authenticator, too.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(user, name="user")


@user.command()
def add(
    context: typer.Context,
    name: Name,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.AGENT,
    organisation: Annotated[str, typer.Option(help="Whose cases they see; else those of all.")] = "",
    *,
    codes: Codes = True,
) -> None:
    """Add somebody; their first password is told once, here."""
    settings = settings_of(context)
    slug = organisation_of(settings, organisation).slug if organisation else ""
    with opened_database(settings) as database, database.transaction() as session:
        given = add_member(session, vault_of(settings), name, role, slug, with_codes=codes)
        _record(session, settings, name, "added", role=role)
    _tell(name, given)


@user.command("list")
def list_users(context: typer.Context, *, as_json: Json = False) -> None:
    """List who may log in."""
    with opened_database(settings_of(context)) as database, database.reading() as session:
        columns = ("name", "role", "organisation", "codes", "active", "last_login_at")
        print_rows(member_rows(session), as_json=as_json, columns=columns, empty="nobody yet: `rightsdesk user add`")


@user.command("role")
def change_role(
    context: typer.Context,
    name: Name,
    role: Annotated[Role | None, typer.Argument(help="The new role.")] = None,
    *,
    active: Annotated[bool, typer.Option("--on/--off", help="Switch them on or off.")] = True,
) -> None:
    """Give somebody another role, or switch them off; their sessions end."""
    settings = settings_of(context)
    with opened_database(settings) as database, database.transaction() as session:
        change_member(session, name, role, is_active=active)
        _record(session, settings, name, "changed" if active else "off", role=role)
    typer.echo(f"{name} is changed, and logged out everywhere")


@user.command()
def reset(context: typer.Context, name: Name, *, codes: Codes = True) -> None:
    """Give somebody a new password and new codes; their sessions end."""
    settings = settings_of(context)
    with opened_database(settings) as database, database.transaction() as session:
        given = reset_member(session, vault_of(settings), name, with_codes=codes)
        _record(session, settings, name, "reset")
    _tell(name, given)


def _record(session: Session, settings: Settings, name: str, deed: str, **more: object) -> None:
    details = {"member": name, "deed": deed, **more}
    audit = Audit(read_key_file(settings.key_file))
    audit.append(session, Action.STAFF_CHANGED, at=utc_now(), actor=getuser(), details=details)


def _tell(name: str, given: Given) -> None:
    typer.echo(f"password of {name}, told only now: {given.password}")
    if given.totp_address:
        typer.echo(f"for the authenticator: {given.totp_address}")
        typer.echo(f"recovery codes, each for one log-in: {' '.join(given.recovery)}")
