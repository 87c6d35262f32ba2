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
