"""The command `rightsdesk`: reads arguments, calls one function, prints. Errors end in one clear line, never in a
traceback.

Exit codes: 0 only where everything asked for was done; 1 where something failed or needs a person; 2 for wrong
arguments.
"""

import logging
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from models.errors import DeskError
from service.commands import (
    case_clock,
    case_end,
    case_order,
    case_redact,
    checks,
    figures,
    judging,
    letters,
    lists,
    quarantine,
    records,
    running,
    staff,
    tokens,
)
from service.commands.options import Context

app = typer.Typer(
    name="rightsdesk",
    help="Reads a privacy mailbox, opens cases with their legal due dates, acknowledges them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for part in (running, lists, letters, records, staff, tokens, judging, checks):
    part.add_to(app)
MORE_COMMANDS = (case_order, case_clock, case_end, case_redact, quarantine, figures)
"""Imported for the commands they add to `case`, `mail` and `report`."""


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help="The configuration file, else $RIGHTSDESK_CONFIG, else ./rightsdesk.toml.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell more on standard error.")] = False,  # noqa: FBT002
) -> None:
    """Take what holds for all commands."""
    context.obj = Context(config)
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for chatty in ("apscheduler", "alembic", "imapclient", "httpx", "mail.log"):
        logging.getLogger(chatty).setLevel(logging.ERROR)


@app.command("version")
def show_version() -> None:
    """Print the version."""
    typer.echo(version("rightsdesk"))


def run() -> None:
    """Run the command line; what rightsdesk can explain is told in one line."""
    try:
        app()
    except DeskError as error:
        typer.echo(f"rightsdesk: {error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; saying so would fail, too
        sys.exit(1)
