"""Who is measured: a command that reads the mailbox to its end as a process of its own, and what it left behind."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Protocol

from environments import PEERS, peer_python
from mailbag import BenchmarkMail
from stage import Stage

from store.vault import write_key_file

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Task:
    """What is run and timed, and where."""

    command: Sequence[str | Path]
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, timeout: float) -> str:
        """Return standard output; ends the benchmark where the command fails."""
        done = subprocess.run(
            self.command,
            cwd=self.folder,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(map(str, self.command))} ended with {done.returncode}:\n{done.stderr[-3000:]}")
        return done.stdout


class Contender(Protocol):
    """One system under measurement."""

    name: str

    def task(self, folder: Path) -> Task:
        """Set up an empty database in an empty folder, without being timed; return the command to time."""
        ...

    def stored(self, folder: Path, output: str) -> int:
        """Return how many mails it has taken in, by its own books."""
        ...


class Rightsdesk:
    """Ours, by its command: fetch, ledger, encryption, classification, cases, letters, audit."""

    name = "rightsdesk"

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def task(self, folder: Path) -> Task:
        text = Template((HERE / "rightsdesk.toml").read_text()).substitute(self._stage.facts)
        (folder / "rightsdesk.toml").write_text(text)
        write_key_file(folder / "rightsdesk.key")
        program = Path(sys.executable).parent / "rightsdesk"
        task = Task([program, "poll", "--once", "--json"], folder)
        Task([program, "db", "upgrade"], folder).run(120)
        return task

    def stored(self, _folder: Path, output: str) -> int:
        row = json.loads(output.splitlines()[-1])
        if row["error"] or row["pending"] or row["quarantined"] or row["unaccounted"]:
            raise SystemExit(f"rightsdesk did not finish: {row}")
        return int(row["fetched"])


class Limit:
    """The same libraries with nothing of ours (limit.py)."""

    name = "limit"

    def __init__(self, stage: Stage, mails: Sequence[BenchmarkMail]) -> None:
        self._stage = stage
        self._owed = [mail.message_id for mail in mails if mail.is_request]

    def task(self, folder: Path) -> Task:
        facts = self._stage.facts
        order = {
            "imap_port": int(facts["IMAP_PORT"]),
            "imap_user": facts["IMAP_USER"],
            "imap_password": facts["IMAP_PASSWORD"],
            "smtp_port": int(facts["SMTP_PORT"]),
            "ca_file": facts["CA_FILE"],
            "database": str(folder / "limit.db"),
            "owed": self._owed,
        }
        (folder / "order.json").write_text(json.dumps(order))
        return Task([sys.executable, HERE / "limit.py", "order.json"], folder)

    def stored(self, folder: Path, _output: str) -> int:
        return _rows(folder / "limit.db", "mail")


class DjangoPeer:
    """A Django application, run by its management command in an environment of its own."""

    def __init__(self, name: str, command: str, table: str, stage: Stage, results: Path) -> None:
        self.name = name
        self._command, self._table, self._stage = command, table, stage
        self._python = peer_python(name, results / "venvs")
        self._prepared: Path | None = None

    def task(self, folder: Path) -> Task:
        environment = self._environment(folder)
        if self._prepared is None:  # its migrations take seconds: once is enough
            prepared = folder.parent / f"{self.name}.db"
            Task([self._python, PEERS / self.name / "set_up.py"], folder, environment).run(300)
            shutil.copyfile(folder / "peer.db", prepared)
            self._prepared = prepared
        shutil.copyfile(self._prepared, folder / "peer.db")
        return Task([self._python, "-m", "django", self._command], folder, environment)

    def stored(self, folder: Path, _output: str) -> int:
        return _rows(folder / "peer.db", self._table)

    def _environment(self, folder: Path) -> dict[str, str]:
        return self._stage.facts | {
            "BENCHMARK_FOLDER": str(folder),
            "PYTHONPATH": str(PEERS / self.name),
            "DJANGO_SETTINGS_MODULE": "settings",
            "SSL_CERT_FILE": self._stage.facts["CA_FILE"],
        }


def make_contender(name: str, stage: Stage, mails: Sequence[BenchmarkMail], results: Path) -> Contender:
    if name == Rightsdesk.name:
        return Rightsdesk(stage)
    if name == Limit.name:
        return Limit(stage, mails)
    command, table = _DJANGO[name]
    return DjangoPeer(name, command, table, stage, results)


_DJANGO = {
    "django-helpdesk": ("get_email", "helpdesk_ticket"),
    "django-mailbox": ("getmail", "django_mailbox_message"),
}
NAMES = (Rightsdesk.name, Limit.name, *_DJANGO)


def _rows(path: Path, table: str) -> int:
    with sqlite3.connect(path) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
