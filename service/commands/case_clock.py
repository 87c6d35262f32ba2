"""Commands on the clock of a case: questions, answers, identity, extensions, dates."""

from typing import Annotated, Any

import typer

from models.case import Identity
from models.casework import PauseReason
from models.letter import Proof
from models.verdict import Kind
from service.commands.deeds import Override, Preview, Reference, Text, ToldOn, Why, day_of, do, moment_of
from service.commands.lists import case
from service.commands.options import Json, print_facts, print_json, settings_of
from service.database import opened_database
from service.offices import known_of


@case.command()
def pause(
    context: typer.Context,
    reference: Reference,
    question: Annotated[PauseReason, typer.Argument(help="What the person is asked for.")],
    why: Why = "",
    text: Text = "",
    proofs: Annotated[list[Proof] | None, typer.Option("--proof", help="Which proof is asked for.")] = None,
    told_on: ToldOn = "",
    override: Override = "",
    *,
    address_on_file: Annotated[
        str, typer.Option(help="For a code: the address in your records, to which a link goes that shows it.")
    ] = "",
    preview: Preview = False,
    as_json: Json = False,
) -> None:
    """Ask the person for proof, a clarification or a fee: what stops a clock stops it from the day of the letter."""
    from cases.asking import ask  # noqa: PLC0415 - quick --help

    def deed(office: Any) -> None:
        """Ask the question."""
        ask(
            office,
            question,
            why=why,
            text=text,
            proofs=proofs or (),
            told_on=day_of(told_on),
            address_on_file=address_on_file.strip(),
        )

    do(context, reference, deed, as_json=as_json, preview=preview, override=override)


@case.command()
def resume(
    context: typer.Context,
    reference: Reference,
    on: Annotated[str, typer.Option(help="The day the answer came in; else that of the person's last mail.")] = "",
    question: Annotated[PauseReason | None, typer.Option(help="Only this question.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Note that what was asked for has come in: the clock goes on from that day."""
    from cases.asking import take_answer  # noqa: PLC0415 - quick --help

    do(context, reference, lambda office: take_answer(office, on=day_of(on), question=question), as_json=as_json)


@case.command()
def remind(
    context: typer.Context, reference: Reference, text: Text = "", *, preview: Preview = False, as_json: Json = False
) -> None:
    """Write to a person who has not replied that the case may lapse."""
    from cases.asking import remind_silent  # noqa: PLC0415 - quick --help

    do(context, reference, lambda office: remind_silent(office, text=text), as_json=as_json, preview=preview)


@case.command()
def identify(
    context: typer.Context,
    reference: Reference,
    identity: Annotated[Identity, typer.Argument(help="confirmed or failed")],
    why: Why,
    level: Annotated[int, typer.Option(help="0 nothing, 1 address proven, 2 code came back, 3 logged in or more.")] = 2,
    method: Annotated[str, typer.Option(help='How, e.g. "code to the address on file".')] = "",
    *,
    standing: Annotated[bool, typer.Option(help="It is proven that they may act for somebody else.")] = False,
    as_json: Json = False,
) -> None:
    """Decide whether we know who the person is."""
    from cases.asking import identify as decide_identity  # noqa: PLC0415 - quick --help

    def deed(office: Any) -> None:
        """Record who the person is found to be."""
        decide_identity(office, identity, level=level, method=method, why=why, has_standing=standing)

    do(context, reference, deed, as_json=as_json)


@case.command()
def extend(
    context: typer.Context,
    reference: Reference,
    why: Why,
    text: Text = "",
    told_on: ToldOn = "",
    *,
    preview: Preview = False,
    as_json: Json = False,
) -> None:
    """Tell the person, with reasons, that the answer takes up to three months; refused when it is too late for that."""
    from cases.extending import extend as deed  # noqa: PLC0415 - quick --help

    do(
        context,
        reference,
        lambda office: deed(office, why=why, text=text, told_on=day_of(told_on)),
        as_json=as_json,
        preview=preview,
    )


@case.command("set-date")
def set_date(
    context: typer.Context,
    reference: Reference,
    kind: Annotated[Kind, typer.Argument(help="authority or complaint; incident takes a time.")],
    when: Annotated[str, typer.Argument(help="The last day (YYYY-MM-DD), or the moment of awareness (ISO 8601).")],
    why: Why,
    *,
    as_json: Json = False,
) -> None:
    """Enter the date that an authority's letter names, or the moment of awareness of a breach."""
    from cases.extending import note_awareness  # noqa: PLC0415 - quick --help
    from cases.extending import set_date as enter  # noqa: PLC0415 - see above

    def deed(office: Any) -> None:
        """Enter the day from which the clock runs, of an incident the moment."""
        if kind is Kind.INCIDENT:
            note_awareness(office, moment_of(when), why=why)
        else:
            enter(office, kind, day_of(when) or office.today, why=why)

    do(context, reference, deed, as_json=as_json)


@case.command("what-if")
def what_if(
    context: typer.Context,
    reference: Reference,
    answered: Annotated[str, typer.Option(help="If the answer to every open question comes on this day.")],
    *,
    as_json: Json = False,
) -> None:
    """Show the dates of a case if what was asked for comes in on a day; nothing is changed."""
    from service.case_records import due_rows  # noqa: PLC0415 - loads the calendars

    settings = settings_of(context)
    with opened_database(settings) as database, database.reading() as session:
        rows = due_rows(session, reference, known_of(settings).mailboxes, answers=day_of(answered))
    for row in rows:
        if as_json:
            print_json(row)
        else:
            print_facts(row)
