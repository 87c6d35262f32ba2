"""The command that takes passages and files out of a case for good."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import SettingsError
from models.redaction import RedactionGround
from service.commands.deeds import Reference, Why, do
from service.commands.lists import case
from service.commands.options import Json, settings_of

if TYPE_CHECKING:
    from cases.surgeon import Surgeon


@case.command()
def redact(
    context: typer.Context,
    reference: Reference,
    ground: Annotated[RedactionGround, typer.Option(help="Why it must not be kept.")],
    text_file: Annotated[
        Path | None,
        typer.Option(help="A file with the passages, an empty line between two."),
    ] = None,
    file: Annotated[list[str] | None, typer.Option(help="A file by mail and place, like m12:0.")] = None,
    why: Why = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell where it stands; do nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Take passages and files out of all that is kept of a case; it cannot be undone."""
    from cases.redacting import redact as deed  # noqa: PLC0415 - quick --help
    from web.desk.deeds.redacting import redaction_of  # noqa: PLC0415 - see above

    filled = {"passages": [_read(text_file)], "files": file or [], "ground": [ground.value], "why": [why]}
    if dry_run:
        _tell(context, reference, filled)
        return
    surgeon = _prepared(context, reference, filled)
    do(context, reference, lambda office: deed(office, redaction_of(filled), surgeon), as_json=as_json)


def _prepared(context: typer.Context, reference: str, filled: dict[str, list[str]]) -> "Surgeon":
    """Rewrite the mails before the case is locked, so that nobody waits for it."""
    from cases.redacting import prepared  # noqa: PLC0415 - quick --help
    from ingest import redacting  # noqa: PLC0415 - see above
    from service.casework import case_named  # noqa: PLC0415 - see above
    from service.wiring import opened_desk  # noqa: PLC0415 - see above
    from web.desk.deeds.redacting import redaction_of  # noqa: PLC0415 - see above

    with opened_desk(settings_of(context)) as desk, desk.database.reading() as session:
        found_case = case_named(session, reference)
        return prepared(session, desk.vault, found_case, redaction_of(filled), redacting, desk.now())


def _tell(context: typer.Context, reference: str, filled: dict[str, list[str]]) -> None:
    """Print where it stands; never what it is."""
    from cases.redacting import look_for  # noqa: PLC0415 - quick --help
    from ingest import redacting  # noqa: PLC0415 - see above
    from service.casework import case_named  # noqa: PLC0415 - see above
    from service.wiring import opened_desk  # noqa: PLC0415 - see above
    from web.desk.deeds.redacting import redaction_of  # noqa: PLC0415 - see above

    with opened_desk(settings_of(context)) as desk, desk.database.reading() as session:
        wanted, found_case = redaction_of(filled), case_named(session, reference)
        finds = look_for(session, desk.vault, found_case, wanted, redacting, desk.now())
        for found in finds:
            for name, count in found.places:
                typer.echo(f"{found.what} {found.number}: {name}, {count}")
    if not finds:
        typer.echo("it stands nowhere in this case")


def _read(path: Path | None) -> str:
    """Return the passages of a file, '' without one; raises SettingsError."""
    try:
        return path.read_text(encoding="utf-8") if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read as a text in UTF-8") from error
