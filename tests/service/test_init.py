"""`rightsdesk init`: a start that works at once and never costs anybody a key."""

import re
import stat
from pathlib import Path

import pytest
from conftest import Command
from pydantic import BaseModel

from models.clock_settings import ClockSettings
from service import settings_sections as sections
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


_EXAMPLE = re.compile(r"^# \[.+\n(?:# .*\n)*", re.MULTILINE)
"""A section that is commented out, with what belongs to it."""


def uncommented(text: str, example: str) -> str:
    return text.replace(example, re.sub(r"^# ", "", example, flags=re.MULTILINE))


def test_each_section_that_is_commented_out_works_as_it_stands(rightsdesk: Command) -> None:
    rightsdesk("init")
    file = rightsdesk.folder / "rightsdesk.toml"
    text = everything = file.read_text()
    (rightsdesk.folder / "oidc.secret").write_text("a secret of the provider")
    (rightsdesk.folder / "hook.secret").write_text("a secret that nobody guesses")
    examples = _EXAMPLE.findall(text)
    assert [one.split()[1] for one in examples] == ["[oidc]", "[organisation.clock]", "[[mailbox]]", "[[webhook]]"]
    for example in examples:
        file.write_text(uncommented(text, example))
        assert load_settings(file, {}), example
        everything = uncommented(everything, example)
    file.write_text(everything)
    settings = load_settings(file, {})
    assert settings.oidc is not None
    assert settings.oidc.roles == {"privacy-team": "agent", "privacy-leads": "administrator"}
    assert [box.folder for box in settings.mailboxes] == ["INBOX", "Junk"]
    assert [hook.name for hook in settings.webhooks] == ["crm"]
    assert settings.organisations[0].clock == ClockSettings(), "the example of the clock shows its defaults"


SECTIONS: dict[str, type[BaseModel]] = {
    "database": sections.DatabaseSettings,
    "vault": sections.VaultSettings,
    "classifier": sections.ClassifierSettings,
    "web": sections.WebSettings,
    "auth": sections.AuthSettings,
    "oidc": sections.OidcSettings,
    "organisation": sections.OrganisationSettings,
    "organisation.clock": sections.ClockSection,
    "mailbox": sections.MailboxSettings,
    "mailbox.imap": sections.ServerSettings,
    "webhook": sections.WebhookSettings,
}


def test_every_key_stands_in_the_file_under_its_section(rightsdesk: Command) -> None:
    rightsdesk("init")
    text = (rightsdesk.folder / "rightsdesk.toml").read_text()
    parts = re.split(r"^(?:# )?\[+([a-z.]+)\]+", text, flags=re.MULTILINE)
    for section, model in SECTIONS.items():
        part = parts[parts.index(section) + 1]
        named = set(re.findall(r"(?:^|# |or )([a-z_]+) = ", part, re.MULTILINE))
        assert set(model.model_fields) - {"clock", "imap", "smtp"} - named == set(), section
