"""How the demo looks: a table that grows on a terminal, plain lines elsewhere.

What came from a mail cannot steer the terminal.
"""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from models.message import Outcome
from service.demo.overview import Row

_WIDE = 120
_PLAIN_WIDTH = 160
_FRAME = 4  # lines of a table that are not mails
_NARROW = (("case", 14), ("due", 10), ("ack", 7), ("lang", 4))
_LINES = 4  # that a mail takes at most on a narrow terminal
_CELL = 45  # characters that fit into them
_STYLES = {
    Outcome.CASE: "bold",
    Outcome.THREAD: "bold",
    Outcome.QUARANTINE: "red",
    Outcome.PENDING: "yellow",
}


class Display:
    """Shows rows as they change."""

    def __init__(self, *, tells_lines: bool) -> None:
        """Look at what standard output is; off a terminal, lines tell of each mail, or only the table at the end."""
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # not every terminal knows every letter
        # Off a terminal nobody sees a width: lines are as long as they need to be.
        width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PLAIN_WIDTH
        self._console = Console(width=width, highlight=False)
        self._live: Live | None = None
        self._tells_lines = tells_lines
        self._told: set[tuple[str, int | None]] = set()

    def watch(self, rows: Sequence[Row]) -> None:
        """Show how things stand: the growing table on a terminal, else a line for each mail that is newly settled."""
        if self._console.is_dumb_terminal or not self._console.is_terminal:
            if self._tells_lines:
                self.tell_new(rows)
            return
        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        lines_each = 1 if self._is_wide else _LINES
        hidden = max(0, len(rows) - (self._console.height - _FRAME) // lines_each)
        note = Text(f"… {hidden} earlier mails" if hidden else "", style="dim")
        self._live.update(Group(note, self._table(rows[hidden:])), refresh=True)

    def close(self) -> None:
        """Take the growing table away."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def show_all(self, rows: Sequence[Row]) -> None:
        """Print the whole table once, to stay."""
        self._console.print(self._table(rows))
        self._told.update(_place(row) for row in rows if row.is_settled)

    def tell_new(self, rows: Sequence[Row]) -> None:
        """Print a line for each settled mail that was not told yet."""
        for row in rows:
            if row.is_settled and _place(row) not in self._told:
                self._told.add(_place(row))
                self.say(_line(row))

    def say(self, text: str) -> None:
        """Print something; long lines are not broken, so that they can be copied."""
        self._console.print(text, soft_wrap=True, markup=False)

    @property
    def _is_wide(self) -> bool:
        return self._console.width >= _WIDE

    def _table(self, rows: Sequence[Row]) -> Table:
        table = Table(box=None, header_style="bold underline", pad_edge=False, padding=(0, 2, 0, 0))
        for name in ("from", "subject", "taken for") if self._is_wide else ("mail", "taken for"):
            table.add_column(name, max_width=40)
        for name, width in (*_NARROW, ("to", 7)) if self._is_wide else _NARROW:
            table.add_column(name, width=width)
        for row in rows:
            table.add_row(*self._cells(row), style=_STYLES.get(row.outcome, "dim"))
        return table

    def _cells(self, row: Row) -> list[Text]:
        sender, subject = _clean(row.sender), _clean(row.subject)
        what = (_clean(row.taken_for), row.reference, row.due, row.acknowledged, row.language)
        if self._is_wide:
            return [Text(cell, no_wrap=True, overflow="ellipsis") for cell in (sender, subject, *what, row.mailbox)]
        return [Text(cell if len(cell) <= _CELL else f"{cell[:_CELL]}…") for cell in (f"{sender}: {subject}", *what)]


def _place(row: Row) -> tuple[str, int | None]:
    return row.mailbox, row.uid


def _line(row: Row) -> str:
    due = f"due {row.due}" if row.due else ""
    acknowledged = f"acknowledgement: {row.acknowledged}" if row.acknowledged else ""
    facts = (row.taken_for, row.reference, due, acknowledged, row.language)
    told = " · ".join(_clean(fact) for fact in facts if fact)
    return f"{row.mailbox}: {_clean(row.sender)}, {_clean(row.subject) or '(no subject)'} -> {told}"


def _clean(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
