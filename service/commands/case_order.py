"""Commands that arrange cases: opening by hand, confirming, assigning, merging, notes, tasks."""

from getpass import getuser
from typing import Annotated, Any

import typer

from models.case import Channel
from models.verdict import Kind
from service.commands.case_view import tell_case
from service.commands.deeds import Deed, Override, Reference, Why, day_of, do, moment_of
from service.commands.lists import case
from service.commands.options import Json, settings_of


@case.command("open")
def open_case(
    context: typer.Context,
    mailbox: Annotated[str, typer.Option(help="The mailbox it belongs to.")],
    kinds: Annotated[list[Kind], typer.Option("--kind", help="What is asked for; more than once for several.")],
    received: Annotated[str, typer.Option(help="When it reached us (ISO 8601).")],
    channel: Annotated[Channel, typer.Option(help="How it reached us.")] = Channel.PHONE,
    address: Annotated[str, typer.Option(help="Where to write to.")] = "",
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    language: Annotated[str, typer.Option(help="The person's language.")] = "en",
    *,
    as_json: Json = False,
) -> None:
    """Open a case for a request that did not come by mail; its clock runs from its receipt."""
    from models.by_hand import HandRequest  # noqa: PLC0415 - quick --help
    from service.by_hand import open_by_hand  # noqa: PLC0415 - loads what letters need
    from service.case_records import Shelves, case_details  # noqa: PLC0415 - see above
    from service.wiring import opened_desk  # noqa: PLC0415 - see above

    request = HandRequest(mailbox, tuple(kinds), moment_of(received), channel, address, name, language)
    with opened_desk(settings_of(context)) as desk:
        reference = open_by_hand(desk, request, getuser())
        with desk.database.reading() as session:
            facts = case_details(session, reference, Shelves(desk.mailboxes, desk.vault, desk.now()))
    tell_case(facts, as_json=as_json)


@case.command()
def confirm(context: typer.Context, reference: Reference, *, as_json: Json = False) -> None:
    """Say that a case in review is a request as it stands, or that what came in later was looked at."""
    from cases.deciding import confirm_or_look_over as deed  # noqa: PLC0415 - quick --help

    do(context, reference, deed, as_json=as_json)


@case.command()
def assign(
    context: typer.Context,
    reference: Reference,
    name: Annotated[str, typer.Argument(help="Who works on it; '' for nobody.")],
    *,
    as_json: Json = False,
) -> None:
    """Give a case to somebody."""
    from cases.arranging import assign as deed  # noqa: PLC0415 - quick --help
    from cases.arranging import colleague  # noqa: PLC0415 - see above

    do(context, reference, lambda office: deed(office, colleague(office, name)), as_json=as_json)


@case.command()
def merge(
    context: typer.Context,
    reference: Reference,
    into: Annotated[str, typer.Argument(help="The case that takes it in.")],
    override: Override = "",
    *,
    as_json: Json = False,
) -> None:
    """Close a case into another of the same person, which takes its mails and kinds."""
    from cases.arranging import merge as deed  # noqa: PLC0415 - quick --help
    from service.casework import case_named  # noqa: PLC0415 - see above

    def merging(office: Any) -> None:
        """Merge the case into the other one."""
        deed(office, case_named(office.session, into, is_changed=True))

    do(context, reference, merging, as_json=as_json, override=override)


@case.command()
def split(
    context: typer.Context,
    reference: Reference,
    kind: Annotated[Kind, typer.Argument(help="The item that gets a case of its own.")],
    *,
    as_json: Json = False,
) -> None:
    """Move an item to a case of its own; it keeps its clock."""
    from cases.arranging import split as deed  # noqa: PLC0415 - quick --help

    do(context, reference, lambda office: deed(office, kind), as_json=as_json)


@case.command()
def link(
    context: typer.Context,
    reference: Reference,
    other: Annotated[str, typer.Argument(help="The other case.")],
    *,
    as_json: Json = False,
) -> None:
    """Note that two cases have to do with each other."""
    from cases.arranging import link as deed  # noqa: PLC0415 - quick --help
    from service.casework import case_named  # noqa: PLC0415 - see above

    do(context, reference, lambda office: deed(office, case_named(office.session, other)), as_json=as_json)


@case.command()
def note(
    context: typer.Context,
    reference: Reference,
    words: Annotated[str, typer.Argument(help="For colleagues; @name mentions one.")],
    *,
    as_json: Json = False,
) -> None:
    """Write a note, which is kept sealed."""
    from cases.arranging import write_note  # noqa: PLC0415 - quick --help
    from service.commands.lists import vault_of  # noqa: PLC0415 - see above

    vault = vault_of(settings_of(context))
    do(context, reference, lambda office: write_note(office, vault, words), as_json=as_json)


@case.command()
def task(
    context: typer.Context,
    reference: Reference,
    title: Annotated[str, typer.Argument(help="What is to be done; a number for one that is done.")],
    due: Annotated[str, typer.Option(help="By when (YYYY-MM-DD).")] = "",
    *,
    done: Annotated[bool, typer.Option("--done", help="The task with this number is done.")] = False,
    as_json: Json = False,
) -> None:
    """Add a task, or note that one is done."""
    from cases.arranging import add_task, finish_task  # noqa: PLC0415 - quick --help

    if done and not title.isdigit():
        raise typer.BadParameter("--done takes the number of a task, as `case show` lists it")
    deed: Deed = (
        (lambda office: finish_task(office, int(title)))
        if done
        else (lambda office: add_task(office, title, day_of(due)))
    )
    do(context, reference, deed, as_json=as_json)


@case.command()
def tag(
    context: typer.Context,
    reference: Reference,
    add: Annotated[list[str] | None, typer.Option(help="A tag to add.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="A tag to take away.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Change the tags of a case."""
    from cases.arranging import tag as deed  # noqa: PLC0415 - quick --help

    do(context, reference, lambda o: deed(o, add=tuple(add or ()), remove=tuple(remove or ())), as_json=as_json)


@case.command()
def country(
    context: typer.Context,
    reference: Reference,
    code: Annotated[str, typer.Argument(help="The person's country, like FR; '' to settle that our law alone counts.")],
    why: Why = "",
    *,
    as_json: Json = False,
) -> None:
    """Note the person's country: where its law may govern too, the earlier date counts until this is settled."""
    from cases.arranging import note_country, settle_regime  # noqa: PLC0415 - quick --help

    deed: Deed = (
        (lambda office: note_country(office, code)) if code else (lambda office: settle_regime(office, "", why=why))
    )
    do(context, reference, deed, as_json=as_json)


@case.command("correct-receipt")
def correct_receipt(
    context: typer.Context,
    reference: Reference,
    received: Annotated[str, typer.Argument(help="When it really reached us (ISO 8601).")],
    why: Why,
    *,
    as_json: Json = False,
) -> None:
    """Say when a request really reached us, where the mail does not: a forward, a letter, a call."""
    from cases.arranging import correct_receipt as deed  # noqa: PLC0415 - quick --help

    moment = moment_of(received)
    do(context, reference, lambda office: deed(office, moment, why=why), as_json=as_json)
