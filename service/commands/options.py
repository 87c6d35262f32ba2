"""What commands share: the options they take, how they print rows, and how they get at the settings."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from service.settings import Settings, load_settings, settings_path

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output.")]


@dataclass(frozen=True, slots=True)
class Context:
    """The options given before the command."""

    config: Path | None

    def settings(self) -> Settings:
        """Return the checked configuration; raises SettingsError."""
        return load_settings(settings_path(self.config))


def settings_of(context: typer.Context) -> Settings:
    """Return the checked configuration that a command was given; raises SettingsError."""
    return (context.find_object(Context) or Context(None)).settings()


_WHOLE = {"id", "reference", "case", "due_date"}
"""Columns that people copy into their next command: never cut, however narrow the terminal."""


def print_rows(rows: Iterable[Mapping[str, object]], *, as_json: bool, columns: Sequence[str], empty: str) -> None:
    """Print rows as JSON lines, or as a table of some of their columns."""
    if as_json:
        for row in rows:
            print_json({key: value for key, value in row.items() if key != "id"})  # an id is for people's next command
        return
    table = Table(box=None, header_style="bold", pad_edge=False, collapse_padding=True)
    for column in columns:
        table.add_column(column, no_wrap=column in _WHOLE or column.endswith("_at"), overflow="fold")
    for row in rows:
        table.add_row(*(_short(column, row.get(column)) for column in columns))
    console = Console()
    if table.row_count:
        console.print(table)
    else:
        console.print(empty)


def _short(column: str, value: object) -> str:
    """Return a cell of a list; an instant to the minute, so that a list fits a terminal."""
    text = cell(value)
    return f"{text[:10]} {text[11:16]}Z" if column.endswith("_at") and value else text


def print_json(row: Mapping[str, object]) -> None:
    """Print one object on one line."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def print_facts(facts: Mapping[str, object]) -> None:
    """Print one thing as a list of names and values."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in facts.items():
        table.add_row(name, cell(value))
    Console().print(table)


def cell(value: object) -> str:
    """Return a value as it stands in a table; what came from a mail cannot steer the terminal."""
    if value is None or value in ("", []):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "\n".join(f"{name}: {cell(part)}" for name, part in value.items() if part not in (None, "", []))
    if isinstance(value, list | tuple) and value and isinstance(value[0], dict | list):
        return "\n".join(cell(list(part.values()) if isinstance(part, dict) else part) for part in value)
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return "".join(
        character if character.isprintable() or character == "\n" else "?"
        for character in str(value).replace("\r\n", "\n")
    ).replace("[", r"\[")
