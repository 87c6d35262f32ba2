"""Commands that do the work: poll, import, serve, demo."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from models.errors import SettingsError
from models.organisation import Mailbox
from service.commands.options import Json, print_rows, settings_of

_SHUT_DOWN_SECONDS = 8.0
_POLL_COLUMNS = (
    "mailbox",
    "fetched",
    "cases",
    "threads",
    "filed",
    "automatic",
    "duplicates",
    "archived",
    "sent",
)
"""For people: what went wrong is told on standard error, in whole sentences."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(poll)
    app.command("import")(import_files)
    app.command()(serve)
    app.command()(demo)


def poll(
    context: typer.Context,
    *,
    as_json: Json = False,
    once: Annotated[bool, typer.Option("--once", help="Read every mailbox to its end, then stop.")] = False,
    mailbox: Annotated[str | None, typer.Option(help="Only this mailbox.")] = None,
) -> None:
    """Read the mailboxes, decide what came in, send what is due."""
    from service.wiring import opened_desk  # noqa: PLC0415 - loads the model's libraries

    settings = settings_of(context)
    stop = _stop_on_signals()
    with opened_desk(settings) as desk, _progress(as_json=as_json) as on_progress:
        from service.worker import poll_once  # noqa: PLC0415 - see above

        while True:
            wanted = chosen_mailboxes(desk.mailboxes, mailbox, settings.path)
            reports = poll_once(desk, wanted, stop, on_progress)
            print_rows([report.row() for report in reports], as_json=as_json, columns=_POLL_COLUMNS, empty="no mailbox")
            sys.stdout.flush()
            if once or stop.wait(min((each.poll_seconds for each in wanted), default=60)):
                break
            if desk.offices:
                desk.offices.refresh()
    if stop.is_set() or any(report.error or report.unaccounted for report in reports):
        raise typer.Exit(1)


def import_files(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files (.eml, mbox) or folders (Maildir, .eml files).")],
    mailbox: Annotated[str, typer.Option(help="The mailbox they belong to.")],
    *,
    as_json: Json = False,
) -> None:
    """Take in mail from files, then decide it and send what is due."""
    from service.wiring import opened_desk  # noqa: PLC0415 - loads the model's libraries

    settings = settings_of(context)
    stop = _stop_on_signals()
    with opened_desk(settings) as desk, _progress(as_json=as_json) as on_progress:
        from service.worker import MailboxWorker  # noqa: PLC0415 - see above

        (box,) = chosen_mailboxes(desk.mailboxes, mailbox, settings.path)
        report = MailboxWorker(desk, box, on_progress).import_files(paths, stop)
    print_rows([report.row()], as_json=as_json, columns=_POLL_COLUMNS, empty="nothing")
    if report.error:
        raise typer.Exit(1)


def serve(context: typer.Context) -> None:
    """Run: read the mailboxes all the time, decide, send; answer /healthz and /readyz."""
    from service.desk_pages import desk_parts, door_to  # noqa: PLC0415 - loads the model's libraries
    from service.jobs import Service  # noqa: PLC0415 - see above
    from service.listening import WebServer  # noqa: PLC0415 - see above
    from service.wiring import opened_desk  # noqa: PLC0415 - see above

    settings = settings_of(context)
    stop = _stop_on_signals()
    with opened_desk(settings) as desk:
        service = Service(desk)
        parts = desk_parts(desk, settings.rules, door_to(desk, settings), service.watch, settings.oidc)
        server = WebServer(settings.web_host, settings.web_port, service.watch.look, parts)
        server.start()
        service.start()
        typer.echo(f"rightsdesk reads {len(desk.mailboxes)} mailboxes; health at {server.url}/readyz", err=True)
        typer.echo(f"the desk is at {server.url}/", err=True)
        if parts.door:
            parts.door.announce(desk.now())
        stop.wait()
        typer.echo("rightsdesk: ending after the step in hand", err=True)
        _end_within(_SHUT_DOWN_SECONDS, service.shut_down)
        server.stop()
    typer.echo("rightsdesk: ended", err=True)


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="End after the sample mails, with a table.")] = False,
) -> None:
    """Show the whole chain on this machine: an IMAP server, an SMTP listener, two organisations, sample mails."""
    from service.demo.show import run_demo  # noqa: PLC0415 - loads the model's libraries

    if not run_demo(once=once, stop=_stop_on_signals()):
        raise typer.Exit(1)


def chosen_mailboxes(mailboxes: Sequence[Mailbox], name: str | None, file: Path) -> list[Mailbox]:
    """Return the mailboxes to work on; raises SettingsError where the name is unknown or there is none."""
    known = [mailbox.name for mailbox in mailboxes]
    if not known:
        raise SettingsError(f"{file} has no [[mailbox]], and none was made on the desk: there is nothing to read")
    if name is not None and name not in known:
        raise SettingsError(f"there is no mailbox {name}; there are {', '.join(known)}")
    return [mailbox for mailbox in mailboxes if name in (None, mailbox.name)]


def _stop_on_signals() -> Event:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def _end_within(seconds: float, shut_down: Callable[[], None]) -> None:
    """End in time even where a server hangs: what is in hand is then taken over at the next start, as after a
    crash."""
    thread = threading.Thread(target=shut_down, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        typer.echo("rightsdesk: a server does not answer; ending without it", err=True)
        sys.stderr.flush()
        os._exit(0)


@contextmanager
def _progress(*, as_json: bool) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how many mails went a step further."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("mails stored and decided"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=as_json or not console.is_terminal) as progress:
        task = progress.add_task("mails", total=None)
        yield lambda count: progress.advance(task, count)
