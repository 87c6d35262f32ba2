"""Commands that bring a case to its end: results, answers, passing on, closing, and opening it again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from models.case import Ground, ItemResult
from models.deletion import DeletionGround
from models.errors import SettingsError
from models.letter import Enclosure
from models.outbox import Template
from models.verdict import Kind
from service.commands.deeds import Override, Preview, Reference, Second, Text, ToldOn, Why, day_of, do
from service.commands.lists import case
from service.commands.options import Json

_LARGEST = 15 * 1024 * 1024


@case.command()
def decide(
    context: typer.Context,
    reference: Reference,
    kind: Annotated[Kind, typer.Argument(help="Which item.")],
    result: Annotated[ItemResult, typer.Argument(help="How it ends.")],
    ground: Annotated[Ground | None, typer.Option(help="Why it is declined.")] = None,
    why: Why = "",
    override: Override = "",
    second: Second = "",
    *,
    as_json: Json = False,
) -> None:
    """Give an item its result."""
    from cases.deciding import decide as deed  # noqa: PLC0415 - quick --help

    do(
        context,
        reference,
        lambda office: deed(office, kind, result, ground=ground, why=why),
        as_json=as_json,
        override=override,
        second=second,
    )


def enclosed(paths: Sequence[Path]) -> list[Enclosure]:
    """Return files to go with a letter; raises SettingsError for one that cannot be read, or is too large to mail."""
    found = []
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
        if len(content) > _LARGEST:
            raise SettingsError(f"{path} is too large for a mail: send it in another way")
        found.append(Enclosure(path.name, content))
    return found


@case.command()
def answer(
    context: typer.Context,
    reference: Reference,
    text: Text = "",
    template: Annotated[Template | None, typer.Option(help="The letter; else the one that fits the results.")] = None,
    attach: Annotated[list[Path] | None, typer.Option(help="A file to send along.")] = None,
    told_on: ToldOn = "",
    *,
    preview: Preview = False,
    as_json: Json = False,
) -> None:
    """Send the answer to all decided items."""
    from cases.deciding import answer as send  # noqa: PLC0415 - quick --help
    from cases.playbook import answer_template  # noqa: PLC0415 - see above

    def deed(office: Any) -> None:
        """Send the answer."""
        letter = template or answer_template(office.situation())
        send(office, letter, text=text, enclosures=enclosed(attach or ()), told_on=day_of(told_on))

    do(context, reference, deed, as_json=as_json, preview=preview)


@case.command()
def write(
    context: typer.Context,
    reference: Reference,
    text: Text,
    attach: Annotated[list[Path] | None, typer.Option(help="A file to send along.")] = None,
    *,
    preview: Preview = False,
    as_json: Json = False,
) -> None:
    """Write to the person in words of your own; it answers no item and stops no clock."""
    from cases.writing import write as deed  # noqa: PLC0415 - quick --help

    do(
        context,
        reference,
        lambda office: deed(office, text, enclosed(attach or ())),
        as_json=as_json,
        preview=preview,
    )


@case.command()
def close(context: typer.Context, reference: Reference, override: Override = "", *, as_json: Json = False) -> None:
    """Close a case whose items have a result that the person was told."""
    from cases.deciding import close as deed  # noqa: PLC0415 - quick --help

    do(context, reference, deed, as_json=as_json, override=override)


@case.command()
def reopen(
    context: typer.Context,
    reference: Reference,
    why: Why,
    kinds: Annotated[list[Kind] | None, typer.Option("--kind", help="Only these items; else all.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Open a case again; its clock was never reset."""
    from cases.deciding import reopen as deed  # noqa: PLC0415 - quick --help

    do(context, reference, lambda office: deed(office, why=why, kinds=kinds or ()), as_json=as_json)


@case.command()
def forward(
    context: typer.Context,
    reference: Reference,
    customer: Annotated[str, typer.Argument(help="A customer of the directory.")],
    text: Text = "",
    *,
    preview: Preview = False,
    as_json: Json = False,
) -> None:
    """Pass a case on to the customer whose data it is, and tell the person."""
    from cases.directory import customer_named  # noqa: PLC0415 - quick --help
    from cases.forwarding import forward as deed  # noqa: PLC0415 - see above
    from cases.forwarding import requests_of  # noqa: PLC0415 - see above

    def passing_on(office: Any) -> None:
        """Pass the open requests on to the customer."""
        found = customer_named(office.session, office.case.organisation, customer)
        deed(office, found, requests_of(office), text=text)

    do(context, reference, passing_on, as_json=as_json, preview=preview)


@case.command()
def notify(
    context: typer.Context,
    reference: Reference,
    name: Annotated[str, typer.Argument(help="Who received the data from us.")],
    address: Annotated[str, typer.Argument(help="Their address.")],
    text: Text,
    language: Annotated[str, typer.Option(help="Of the letter.")] = "en",
    *,
    preview: Preview = False,
    as_json: Json = False,
) -> None:
    """Tell a recipient of the data what was done with it (GDPR Art. 19)."""
    from cases.deciding import tell_recipient  # noqa: PLC0415 - quick --help

    def deed(office: Any) -> None:
        """Tell the recipient."""
        tell_recipient(office, name, address, language, text=text)

    do(context, reference, deed, as_json=as_json, preview=preview)


@case.command()
def chase(
    context: typer.Context,
    reference: Reference,
    number: Annotated[int, typer.Argument(help="Of the third party, as `case show` lists it.")],
    text: Text = "",
    *,
    answered: Annotated[bool, typer.Option("--answered", help="They have answered: note it.")] = False,
    on: Annotated[str, typer.Option(help="The day of their answer; else today.")] = "",
    preview: Preview = False,
    as_json: Json = False,
) -> None:
    """Remind a third party that has not answered, or note that it has."""
    from cases.forwarding import chase as remind_them  # noqa: PLC0415 - quick --help
    from cases.forwarding import note_answer, party_numbered  # noqa: PLC0415 - see above

    def deed(office: Any) -> None:
        """Note the third party's answer, or remind them."""
        party = party_numbered(office, number)
        if answered:
            note_answer(office, party, day_of(on))
        else:
            remind_them(office, party, text=text)

    do(context, reference, deed, as_json=as_json, preview=preview)


@case.command()
def delete(
    context: typer.Context,
    reference: Reference,
    ask: Annotated[DeletionGround | None, typer.Option(help="Ask for it, on this ground; with --why.")] = None,
    why: Why = "",
    *,
    confirm: Annotated[bool, typer.Option("--confirm", help="Delete it, as the second person.")] = False,
    changes_seen: Annotated[
        bool, typer.Option("--changes-seen", help="With --confirm: you have looked at what changed meanwhile.")
    ] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Keep it, as the second person; with --why.")] = False,
    take_back: Annotated[bool, typer.Option("--take-back", help="You asked for it, and do not want it.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a case at once, by two people: one asks, another one confirms."""
    from cases import deleting  # noqa: PLC0415 - quick --help

    if sum((ask is not None, confirm, refuse, take_back)) != 1:
        raise typer.BadParameter("say one of --ask GROUND, --confirm, --refuse, --take-back")

    def deed(office: Any) -> None:
        """Take the one step that was named."""
        if ask is not None:
            deleting.ask_deletion(office, ask, why)
        elif confirm:
            deleting.confirm_deletion(office, changes_seen=changes_seen)
        elif refuse:
            deleting.refuse_deletion(office, why)
        else:
            deleting.take_back_deletion(office)

    do(context, reference, deed, as_json=as_json)
