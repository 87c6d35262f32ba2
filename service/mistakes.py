"""Telling the mistakes in a configuration: where, what is wrong, which key was meant."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-.\" ]+?)\s*=")
Place = tuple[str | int, ...]
"""The way to a value: keys, and positions in lists from 0."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at a place, and what to do."""

    place: Place
    advice: str

    def __str__(self) -> str:
        words = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in self.place)
        return f"{words.removeprefix('.')}: {self.advice}"


def mistakes_in(error: ValidationError, model: type[BaseModel]) -> Iterator[Mistake]:
    """Yield what pydantic found, in words for people."""
    for found in error.errors():
        place = tuple(part for part in found["loc"] if not str(part).startswith("function-"))
        yield Mistake(place, _advice(found, place, model))


def nearest(wrong: str, known: Iterable[str]) -> str:
    """Return a hint at the right name among those that exist."""
    names = list(known)
    close = get_close_matches(wrong.lower(), names, n=1, cutoff=0.4)
    return f"did you mean {close[0]}?" if close else f"there {_are(names)}"


def line_of(text: str, place: Place) -> int | None:
    """Return the line of a place in a TOML text, or of the nearest section around it."""
    lines = {found: number for number, found in _places(text)}
    return next((lines[place[:length]] for length in range(len(place), 0, -1) if place[:length] in lines), None)


def _are(names: Sequence[str]) -> str:
    return f"are {', '.join(names)}" if names else "is none"


def _advice(found: Any, place: Place, model: type[BaseModel]) -> str:
    if found["type"] == "extra_forbidden":
        return f"there is no such key; {nearest(str(place[-1]), _keys_at(model, place[:-1]))}"
    if found["type"] == "missing":
        return "is missing"
    if found["type"] == "model_type":
        return f"must be a section of keys: [{'.'.join(part for part in place if isinstance(part, str))}]"
    if found["type"] == "list_type" and len(place) == 1:
        return f"there may be several: write [[{place[0]}]]"
    return str(found["msg"]).removeprefix("Value error, ")


def _keys_at(model: type[BaseModel], place: Place) -> list[str]:
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


def _places(text: str) -> Iterator[tuple[int, Place]]:
    """Yield the line of each section header and key; `[mailbox.imap]` belongs to the last `[[mailbox]]`."""
    section: Place = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            section = _section(header.group(1) == "[[", _parts(header.group(2)), counts)
            yield number, section
        elif key := _KEY.match(line):
            yield number, (*section, *_parts(key.group(1)))


def _section(is_list: bool, parts: Place, counts: dict[str, int]) -> Place:  # noqa: FBT001 - one caller
    first = str(parts[0])
    if is_list:
        counts[first] = counts.get(first, -1) + 1
    number: Place = (counts[first],) if first in counts else ()
    return (first, *number, *parts[1:])


def _parts(name: str) -> Place:
    return tuple(part.strip(' "') for part in name.split("."))
