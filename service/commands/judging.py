"""Commands of the classifier: classify, train, evaluate; and of the clock: due."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from classify.shelf import Shelf
from service.commands.options import Json, cell, print_json, settings_of
from service.database import opened_database
from service.settings import Settings
from store.vault import Vault, read_key_file

model = typer.Typer(help="The models of this desk.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(classify)
    app.command()(train)
    app.command()(evaluate)
    app.command()(due)
    app.add_typer(model, name="model")


def classify(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Mails as .eml files; without any, JSON rows from standard input.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Tell what mails ask for, and why."""
    from classify.judge import Judge  # noqa: PLC0415 - loads the model's libraries
    from service.classify_rows import classified_files, classified_rows  # noqa: PLC0415 - see above

    judge = Judge.load()
    answers = classified_files(judge, paths) if paths else classified_rows(judge, sys.stdin)
    _print_answers(answers, as_json=as_json, columns=("id", "language", "labels", "needs_review"))


def train(
    context: typer.Context,
    corpus: Annotated[Path, typer.Option(help="The folder of training mails.")] = Path("corpus/train"),
    target: Annotated[Path | None, typer.Option(help="Where the model goes; else into the installed package.")] = None,
    frozen: Annotated[
        Path, typer.Option(help="With corrections: the folder of held-out mails it must not judge worse.")
    ] = Path("corpus/heldout"),
    *,
    if_changed: Annotated[bool, typer.Option("--if-changed", help="Only where the inputs changed.")] = False,
    with_corrections: Annotated[
        bool, typer.Option("--with-corrections", help="Learn from corrected mails, too; switched on if no worse.")
    ] = False,
) -> None:
    """Build the model from the corpus."""
    if with_corrections:
        if not _learn(settings_of(context), corpus, frozen):
            raise typer.Exit(1)
        return
    from service.training import build_model  # noqa: PLC0415 - loads the model's libraries

    build_model(corpus, target, if_changed=if_changed, report=_tell)


def _learn(settings: Settings, corpus: Path, frozen: Path) -> bool:
    from service.feedback import corrected_mails, learn  # noqa: PLC0415 - loads the model's libraries

    with opened_database(settings) as database:
        corrected = corrected_mails(database, Vault(read_key_file(settings.key_file)))
    return learn(corrected, Shelf(settings.models), corpus, frozen, _tell)


def _tell(line: str) -> None:
    typer.echo(line, err=True)


@model.command("list")
def list_models(context: typer.Context) -> None:
    """List the models there are; a star marks the one in use."""
    for name, is_used in Shelf(settings_of(context).models).versions():
        typer.echo(f"{'*' if is_used else ' '} {name}")


@model.command("use")
def use_model(
    context: typer.Context, version: Annotated[str, typer.Argument(help="As in the list; or `packaged`.")]
) -> None:
    """Switch a model on; a running service takes it at its next start."""
    Shelf(settings_of(context).models).use(version)
    typer.echo(f"model {version} is in use")


@model.command("back")
def model_back(context: typer.Context) -> None:
    """Switch back to the model that was in use before."""
    typer.echo(f"model {Shelf(settings_of(context).models).back()} is in use again")


def evaluate(
    corpus: Annotated[Path, typer.Option(help="The folder of held-out mails.")] = Path("corpus/heldout"),
    model: Annotated[Path | None, typer.Option(help="The model; else the installed one.")] = None,
    peers: Annotated[
        Path | None, typer.Option(help="A folder of training mails: also train other classifiers, and compare.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="A folder to write a page with pictures into.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Measure the model on mails that training never saw, beside a keyword matcher and others."""
    from classify.training.page import write_page  # noqa: PLC0415 - loads the model's libraries
    from classify.training.tables import terminal_report  # noqa: PLC0415 - see above
    from service.training import evaluate as measure  # noqa: PLC0415 - see above

    found = measure(corpus, model, peers_from=peers)
    if report:
        write_page(found, report)
    if as_json:
        print_json(found.row())
    else:
        typer.echo(terminal_report(found))


def due(*, as_json: Json = False) -> None:
    """Compute due dates for rows of facts on standard input; needs no configuration."""
    from service.due import explain_due, run_due  # noqa: PLC0415 - the holiday calendars load slowly

    failures = 0
    if as_json:
        for answer, is_good in run_due(sys.stdin.buffer):
            failures += not is_good
            print_json(answer)
    else:
        for text, is_good in explain_due(sys.stdin.buffer):
            failures += not is_good
            typer.echo(text)
    if failures:
        raise typer.Exit(1)


def _print_answers(answers: Iterable[dict[str, object]], *, as_json: bool, columns: tuple[str, ...]) -> None:
    """Print answers as they come; a row with an error makes the exit code 1."""
    failures = 0
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for answer in answers:
        failures += "error" in answer
        if as_json:
            print_json(answer)
        elif "error" in answer:
            typer.echo(f"{answer['id']}: {answer['error']}", err=True)
        else:
            table.add_row(*(cell(answer.get(column)) for column in columns))
    if not as_json:
        Console().print(table)
    if failures:
        raise typer.Exit(1)
