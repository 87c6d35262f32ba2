"""Where settings stand: one TOML file and the environment over it, read but not yet checked.

Comes in: a path and `RIGHTSDESK__SECTION__KEY` variables. Goes out: plain data that still knows where each value came
from, so that a mistake can be told with its line.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import SettingsError
from service.mistakes import Mistake, Place, line_of

_PREFIX = "RIGHTSDESK__"
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Source:
    """The data of one configuration."""

    path: Path
    text: str
    data: dict[str, Any]
    variables: dict[Place, str]
    """The environment variables that put a value in its place."""

    def told(self, mistakes: Iterable[Mistake]) -> str:
        """Return the mistakes, one a line, each with where it stands."""
        return "\n".join(f"{self._where(mistake.place)}: {mistake}" for mistake in mistakes)

    def _where(self, place: Place) -> str:
        if place in self.variables:
            return f"environment variable {self.variables[place]}"
        line = line_of(self.text, place)
        return f"{self.path}:{line}" if line else str(self.path)


def read_source(path: Path, environment: Mapping[str, str]) -> Source:
    """Return what a file and the environment say; raises SettingsError where the file cannot be read as TOML."""
    text = _text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = f":{found.group(1)}" if (found := _AT_LINE.search(str(error))) else ""
        msg = f"{path}{line}: this is not valid TOML: {error}"
        raise SettingsError(msg) from error
    return Source(path, text, data, _overlay(data, environment))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        msg = f"there is no {path}: run `rightsdesk init` here, or name another file with --config"
        raise SettingsError(msg) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        msg = f"{path} cannot be read: {reason}"
        raise SettingsError(msg) from error


def _overlay(data: dict[str, Any], environment: Mapping[str, str]) -> dict[Place, str]:
    """Lay `RIGHTSDESK__DATABASE__URL` and the like over the data; list entries go by number, from 0."""
    variables: dict[Place, str] = {}
    for name in sorted(environment):
        if not name.startswith(_PREFIX):
            continue
        *parents, key = name.removeprefix(_PREFIX).lower().split("__")
        inside: Any = data
        place: Place = ()
        for part in parents:
            step, inside = _entered(inside, part, name)
            place = (*place, step)
        if not isinstance(inside, dict):
            raise _misplaced(name)
        inside[key] = environment[name]
        variables[(*place, key)] = name
    return variables


def _entered(inside: Any, part: str, name: str) -> tuple[str | int, Any]:
    if isinstance(inside, list) and part.isdecimal() and int(part) < len(inside):
        return int(part), inside[int(part)]
    if isinstance(inside, dict):
        return part, inside.setdefault(part, {})
    raise _misplaced(name)


def _misplaced(name: str) -> SettingsError:
    return SettingsError(f"environment variable {name} names no section: lists go by number, from 0")
