"""Commands of the classifier: classify, train, evaluate; and of the clock: due."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from service.commands.options import Json, cell, print_json


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(classify)
    app.command()(train)
    app.command()(evaluate)
    app.command()(due)


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
    corpus: Annotated[Path, typer.Option(help="The folder of training mails.")] = Path("corpus/train"),
    target: Annotated[Path | None, typer.Option(help="Where the model goes; else into the installed package.")] = None,
    *,
    if_changed: Annotated[bool, typer.Option("--if-changed", help="Only where the inputs changed.")] = False,
) -> None:
    """Build the model from the corpus."""
    from service.training import build_model  # noqa: PLC0415 - loads the model's libraries

    build_model(corpus, target, if_changed=if_changed, report=lambda line: typer.echo(line, err=True))


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
