"""Settings whose form is right and that cannot be meant."""

from pathlib import Path

import pytest

from models.errors import SettingsError
from service.settings import load_settings

CONFIG = """
[[organisation]]
slug = "example"
name = "Example Ltd"
address = "1 High Street, London"
regime = "uk"
country = "GB-ENG"
timezone = "Europe/London"
contact = "contact@example.org"
lead_authority = "GB"
{more}
[[mailbox]]
name = "contact"
organisation = "example"
address = "contact@example.org"
maildir = "Mail"
"""


@pytest.mark.parametrize(
    "more",
    [
        'digest_at = "08:00+02:00"',
        '[organisation.clock]\nreceipt_cutoff = "17:00Z"',
        "[organisation.clock]\nwarning_working_days = [-3]",
        "digest_at = 8",
        "[organisation.clock]\nreceipt_cutoff = 17",
    ],
)
def test_settings_that_cannot_be_meant_are_refused(tmp_path: Path, more: str) -> None:
    path = tmp_path / "rightsdesk.toml"
    path.write_text(CONFIG.format(more=more))
    with pytest.raises(SettingsError):
        load_settings(path, {})


def test_a_mistake_in_the_people_team_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "rightsdesk.toml"
    path.write_text(CONFIG.format(more='people_team = "people"'))
    with pytest.raises(SettingsError) as caught:
        load_settings(path, {})
    assert len(str(caught.value).splitlines()) == 1, caught.value


@pytest.mark.parametrize(
    "address",
    [
        "http://privacy.example.org",
        "https://privacy.example.org/desk",
        "https://me@privacy.example.org",
        "https://privacy.example.org?x=1",
        "privacy.example.org",
        "ftp://privacy.example.org",
        "https://privacy.example.org:port",
        "https://",
    ],
)
def test_a_public_address_that_cannot_be_meant_or_is_in_clear_is_refused(tmp_path: Path, address: str) -> None:
    path = tmp_path / "rightsdesk.toml"
    path.write_text(f'[web]\nbase_url = "{address}"\n')
    with pytest.raises(SettingsError, match="base_url"):
        load_settings(path, {})


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://privacy.example.org/", "https://privacy.example.org"),
        ("https://privacy.example.org:8443", "https://privacy.example.org:8443"),
        ("http://127.0.0.1:8025", "http://127.0.0.1:8025"),
        ("http://localhost:8025", "http://localhost:8025"),
        ("", ""),
    ],
)
def test_a_public_address_is_kept_without_its_last_slash(tmp_path: Path, address: str, kept: str) -> None:
    path = tmp_path / "rightsdesk.toml"
    path.write_text(f'[web]\nbase_url = "{address}"\n')
    assert load_settings(path, {}).page.base_url == kept


def test_the_settings_of_the_requesters_page_mean_what_they_say(tmp_path: Path) -> None:
    path = tmp_path / "rightsdesk.toml"
    path.write_text("[web]\nlink_days = 30\nupload_files = 0\nupload_mb = 5\n")
    page = load_settings(path, {}).page
    assert (page.link_days, page.upload_files, page.upload_mb) == (30, 0, 5)
