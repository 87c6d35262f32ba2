"""Telling the mistakes in a configuration file: which line, what is wrong, which key was meant."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+|\"[^\"]+\")\s*=")
Place = tuple[str | int, ...]


def describe(error: ValidationError, path: Path, text: str, model: type[BaseModel]) -> str:
    """Return every mistake in a file, one a line, as `file:line: key: what to do`."""
    lines = _lines_of(text)
    found = []
    for mistake in error.errors():
        place = tuple(part for part in mistake["loc"] if part not in ("function-after", "function-plain"))
        found.append(f"{path}{_line(lines, place)}: {_dotted(place)}{_advice(mistake, place, model)}")
    return "\n".join(found)


def _advice(mistake: Any, place: Place, model: type[BaseModel]) -> str:
    if mistake["type"] == "extra_forbidden":
        known = _keys_at(model, place[:-1])
        near = get_close_matches(str(place[-1]), known, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else f"known keys are {', '.join(known)}"
        return f": there is no such key; {hint}"
    if mistake["type"] == "missing":
        return ": is missing"
    message = str(mistake["msg"]).removeprefix("Value error, ")
    return f": {message}" if place else message


def _keys_at(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    for part in place:
        if isinstance(part, str):
            nested = _model_in(model.model_fields[part].annotation)
            if nested is None:
                return []
            model = nested
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _dotted(place: Place) -> str:
    words = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place)
    return words.removeprefix(".")


def _line(lines: dict[Place, int], place: Place) -> str:
    """Return `:line` of a place, or of the nearest section around it."""
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return f":{lines[place[:length]]}"
    return ""


def _lines_of(text: str) -> dict[Place, int]:
    return {place: number for number, place in _places(text)}


def _places(text: str) -> Iterator[tuple[int, Place]]:
    """Yield the line of each section header and key; `[mailbox.imap]` belongs to the last `[[mailbox]]`."""
    section: Place = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            section = _section(header.group(1) == "[[", header.group(2).split("."), counts)
            yield number, section
        elif key := _KEY.match(line):
            yield number, (*section, key.group(1).strip('"'))


def _section(is_list: bool, parts: list[str], counts: dict[str, int]) -> Place:  # noqa: FBT001 - one caller
    first = parts[0].strip()
    if is_list:
        counts[first] = counts.get(first, -1) + 1
    number: Place = (counts[first],) if first in counts else ()
    return (first, *number, *(part.strip() for part in parts[1:]))
