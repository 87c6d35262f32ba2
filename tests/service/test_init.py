"""`rightsdesk init`: a start that works at once and never costs anybody a key."""

import stat
from pathlib import Path

import pytest
from conftest import Command

from service.settings import load_settings
from store.vault import read_key_file, write_key_file


@pytest.fixture
def rightsdesk(tmp_path: Path) -> Command:
    return Command(tmp_path)


def test_what_init_writes_is_accepted_as_it_is(rightsdesk: Command) -> None:
    done = rightsdesk("init")
    assert (done.returncode, done.stderr) == (0, "")
    settings = load_settings(rightsdesk.folder / "rightsdesk.toml", {})
    assert [mailbox.name for mailbox in settings.mailboxes] == ["contact"]
    assert read_key_file(settings.key_file).key_id


def test_key_and_passwords_are_for_their_owner_alone(rightsdesk: Command) -> None:
    rightsdesk("init", "new/folder")
    folder = rightsdesk.folder / "new" / "folder"
    secrets = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.suffix != ".toml"}
    assert secrets == {"rightsdesk.key": 0o600, "imap.password": 0o600, "smtp.password": 0o600}


def test_a_configuration_that_is_there_stays(rightsdesk: Command) -> None:
    (rightsdesk.folder / "rightsdesk.toml").write_text("mine")
    done = rightsdesk("init")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "rightsdesk: rightsdesk.toml exists already: remove it first, or edit it\n"
    assert [(path.name, path.read_text()) for path in rightsdesk.folder.iterdir()] == [("rightsdesk.toml", "mine")]


def test_a_key_that_is_there_is_kept_since_stored_mail_hangs_on_it(rightsdesk: Command) -> None:
    key = rightsdesk.folder / "rightsdesk.key"
    write_key_file(key)
    before = key.read_text()
    (rightsdesk.folder / "imap.password").write_text("mine")
    done = rightsdesk("init")
    assert done.returncode == 0
    assert "kept rightsdesk.key" in done.stdout
    assert (key.read_text(), (rightsdesk.folder / "imap.password").read_text()) == (before, "mine")


def test_a_folder_that_cannot_be_made_is_told(rightsdesk: Command) -> None:
    (rightsdesk.folder / "taken").write_text("")
    done = rightsdesk("init", "taken/folder")
    assert done.returncode == 1
    assert done.stderr == "rightsdesk: taken/folder cannot be written (Not a directory)\n"
