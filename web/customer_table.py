"""A table of customers as CSV: read with every row checked, and compared with the directory."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.errors import NotAllowed
from responders.header_lines import written_address

_COLUMNS = ("name", "domains", "administrator")


@dataclass(frozen=True, slots=True)
class Change:
    """What a table would do to one customer."""

    name: str
    what: str
    """new, changed or the same"""
    domains: str
    administrator: str


def customers_in(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV table of customers; raises NotAllowed with the line that is wrong."""
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        missing = sorted(set(_COLUMNS) - set(reader.fieldnames or ()))
        if missing:
            raise NotAllowed(f"the table has no column {', '.join(missing)}: the first line names the columns")
        rows = [(reader.line_num, _stripped(row)) for row in reader]
    except csv.Error as error:
        raise NotAllowed(f"this cannot be read as CSV: {error}") from error
    for number, row in rows:
        if not row["name"] or not written_address(row["administrator"]):
            raise NotAllowed(f"line {number}: a customer needs a name and the administrator's address")
    return [row for _, row in rows]


def changes_in(known: Iterable[Mapping[str, Any]], rows: Iterable[Mapping[str, str]]) -> list[Change]:
    """Return what a table would do, row by row; customers that it leaves out stay."""
    before = {str(one["name"]): one for one in known}
    found = []
    for row in rows:
        domains = sorted({part.strip().lower() for part in row["domains"].split("|") if part.strip()})
        language = row.get("language") or "en"
        one = before.get(row["name"])
        now = (domains, row["administrator"], language)
        is_same = one is not None and (one["domains"], one["administrator"], one["language"]) == now
        what = "new" if one is None else "the same" if is_same else "changed"
        found.append(Change(row["name"], what, ", ".join(domains), row["administrator"]))
    return found


def _stripped(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: value.strip() if isinstance(value, str) else "" for key, value in row.items() if key}
