"""`rightsdesk doctor`: each part in its row, whatever the others do, and what to do beside it."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path

import pytest
from conftest import Command, on_sqlite
from dovecot import PASSWORD, USER, free_port

from models.audit import Action
from service.doctor import examine
from service.settings import load_settings
from store.audit import Audit
from store.database import Database
from store.vault import write_key_file

pytestmark = pytest.mark.slow

PARTS = [
    "configuration",
    "vault key",
    "database",
    "clock",
    "model",
    "letters",
    "holidays GB-ENG",
    "reading contact",
    "sending contact",
]
Edit = Callable[[str, str], None]


@pytest.fixture
def edit(desk_folder: Path) -> Edit:
    """Changes the configuration."""
    path = desk_folder / "rightsdesk.toml"

    def edit(pattern: str, new: str) -> None:
        text, count = re.subn(pattern, new, path.read_text(), count=1)
        assert count == 1, pattern
        path.write_text(text)

    return edit


def test_where_all_is_well_a_table_says_so(rightsdesk: Command) -> None:
    done = rightsdesk("doctor", environment={"COLUMNS": "200"})
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["part", "found"]
    assert [line[:15].strip() for line in lines[1:]] == [part[:15] for part in PARTS]
    assert all(" ok " in line for line in lines[1:])
    assert "0 mails in INBOX; the server offers IDLE, MOVE, UIDPLUS, CONDSTORE" in done.stdout


@on_sqlite
def test_all_that_is_wrong_is_told_at_once_in_its_own_row(rightsdesk: Command, edit: Edit) -> None:
    imap, smtp = re.findall(r"port = (\d{3,})", (rightsdesk.folder / "rightsdesk.toml").read_text())
    closed = free_port()
    edit(smtp, str(closed))
    edit(r'url = "[^"]+"', 'url = "postgresql+psycopg://desk@127.0.0.1:1/none?connect_timeout=2"')
    (rightsdesk.folder / "imap.password").write_text("wrong word")
    (rightsdesk.folder / "rightsdesk.key").unlink()
    done = rightsdesk("doctor", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["part"] for row in rows] == PARTS
    wrong = {row["part"]: row["found"] for row in rows if not row["ok"]}
    assert list(wrong) == ["vault key", "database", "reading contact", "sending contact"]
    assert "restore it from its backup, or run `rightsdesk init` for a new desk" in wrong["vault key"]
    assert "the database does not answer" in wrong["database"]
    assert wrong["reading contact"] == (f"the IMAP server 127.0.0.1:{imap} refuses the log-in: check user and password")
    assert f"the SMTP server 127.0.0.1:{closed} cannot be reached" in wrong["sending contact"]
    assert not any(secret in done.stdout for secret in ("wrong word", PASSWORD, f'"{USER}"'))


@on_sqlite
@pytest.mark.parametrize("command", [("mail", "list"), ("audit", "verify"), ("db", "upgrade")])
def test_no_command_answers_an_unreachable_database_with_a_traceback(
    rightsdesk: Command, edit: Edit, command: tuple[str, ...]
) -> None:
    edit(r'url = "[^"]+"', 'url = "postgresql+psycopg://desk@127.0.0.1:1/none?connect_timeout=2"')
    done = rightsdesk(*command)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("rightsdesk: the database does not answer")
    assert "Traceback" not in done.stderr


@on_sqlite
def test_a_mistake_in_the_configuration_is_told_in_one_line(rightsdesk: Command, edit: Edit) -> None:
    edit("name = ", "nmae = ")
    done = rightsdesk("doctor")
    assert (done.returncode, done.stdout) == (1, "")
    assert "did you mean name?" in done.stderr
    assert "Traceback" not in done.stderr


def wrong_at_first(folder: Path) -> dict[str, str]:
    """The rows that are not well among configuration, vault key and database."""
    rows = islice(examine(load_settings(folder / "rightsdesk.toml", {})), 3)
    return {finding.part: finding.text for finding in rows if not finding.is_well}


@on_sqlite
@pytest.mark.parametrize("content", ["not a key", "rightsdesk-key-1:AAAA", ""])
def test_a_file_that_is_no_key_is_told(desk_folder: Path, content: str) -> None:
    (desk_folder / "rightsdesk.key").write_text(content)
    assert list(wrong_at_first(desk_folder)) == ["vault key"]


@on_sqlite
def test_a_key_that_others_may_read_is_told(desk_folder: Path) -> None:
    (desk_folder / "rightsdesk.key").chmod(0o644)
    assert "chmod 600" in wrong_at_first(desk_folder)["vault key"]


def test_a_key_that_the_records_were_not_written_with_is_told(
    desk_folder: Path, database: Database, audit: Audit, now: datetime
) -> None:
    assert wrong_at_first(desk_folder) == {}
    with database.transaction() as session:
        audit.append(session, Action.MESSAGE_STORED, at=now)
    (desk_folder / "rightsdesk.key").unlink()
    write_key_file(desk_folder / "rightsdesk.key")
    assert list(wrong_at_first(desk_folder)) == ["database"]


@on_sqlite
@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:////no/such/folder/desk.db", "the database file cannot be written"),
        ("mysql://desk@db/desk", "rightsdesk runs on sqlite and postgresql"),
        ("nonsense", "is not a database URL"),
    ],
)
def test_a_database_that_cannot_be_used_is_told(desk_folder: Path, edit: Edit, url: str, told: str) -> None:
    edit(r'url = "[^"]+"', f'url = "{url}"')
    found = wrong_at_first(desk_folder)
    assert list(found) == ["database"]
    assert told in found["database"]


@on_sqlite
def test_a_database_of_another_program_is_told(desk_folder: Path, database: Database) -> None:
    with database.transaction() as session:
        session.connection().exec_driver_sql("update alembic_version set version_num = 'theirs'")
    assert "install a newer rightsdesk" in wrong_at_first(desk_folder)["database"]


@on_sqlite
def test_a_configuration_without_mailboxes_is_told(desk_folder: Path, edit: Edit) -> None:
    edit(r"(?s)\[\[mailbox\]\].*", "")
    assert "has no [[mailbox]]: there is nothing to read" in wrong_at_first(desk_folder)["configuration"]


@on_sqlite
def test_a_folder_that_is_not_there_and_a_mailbox_that_answers_nobody_are_told(desk_folder: Path, edit: Edit) -> None:
    edit(r"(?s)\[mailbox.smtp\].*", 'folder = "Bewerbungen"\n')
    *_, reading, sending = examine(load_settings(desk_folder / "rightsdesk.toml", {}))
    assert "does not open the folder Bewerbungen" in reading.text
    assert "has no [mailbox.smtp]: nobody would get an acknowledgement" in sending.text
