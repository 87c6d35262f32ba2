"""The supervisory authorities: names and addresses, as shipped. Editable data, not code."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.errors import SettingsError

_FILE = Path(__file__).parent / "facts" / "authorities.csv"


@dataclass(frozen=True, slots=True)
class Authority:
    """One supervisory authority (GDPR Art. 51; UK GDPR Art. 51)."""

    code: str
    """ISO 3166-1 of the country, or ISO 3166-2 of the Land."""
    name: str
    url: str


def authority(code: str) -> Authority:
    """Return the authority of a code; raises SettingsError where there is none."""
    found = _authorities().get(code.upper())
    if found is None:
        msg = f"there is no authority {code}; known are {', '.join(_authorities())}"
        raise SettingsError(msg)
    return found


@cache
def _authorities() -> dict[str, Authority]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Authority(row["code"], row["name"], row["url"]) for row in csv.DictReader(file)}
