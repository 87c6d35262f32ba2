"""What a requester's form brings: words and files, bounded before they are read, held in memory and never on disk.

A file larger than a mebibyte would otherwise lie in clear in a folder for temporary files, until it is sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from models.person import Refusal
from web.desk.pages import clean

_FORM_ROOM = 64 * 1024
"""Bytes for the words and frames of a form."""
_MOST_AT_ONCE, _MOST_FIELDS = 20, 20
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PersonForm:
    """A form as it came; `problem` says why its files were not read."""

    words: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, bytes], ...] = ()
    problem: Refusal | None = None

    def word(self, name: str) -> str:
        """Return what was filled in, '' for nothing."""
        return self.words.get(name, "")


async def read_form(request: Request, most_bytes: int) -> PersonForm:
    """Return a form with its files; one that is too large, or says no size, is not read at all."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > most_bytes + _FORM_ROOM:
        return PersonForm(problem=Refusal.TOO_LARGE)
    is_plain = not request.headers.get("content-type", "").startswith("multipart/form-data")
    try:
        return await (_plain(request) if is_plain else _multipart(request, most_bytes))
    except (MultiPartException, HTTPException, KeyError, UnicodeDecodeError):
        return PersonForm(problem=Refusal.TOO_MANY_FILES)


async def _plain(request: Request) -> PersonForm:
    form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    return PersonForm({name: _text(value) for name, value in form.items() if isinstance(value, str)})


async def _multipart(request: Request, most_bytes: int) -> PersonForm:
    parser = MultiPartParser(request.headers, request.stream(), max_files=_MOST_AT_ONCE, max_fields=_MOST_FIELDS)
    parser.spool_max_size = most_bytes + _FORM_ROOM
    words: dict[str, str] = {}
    files: list[tuple[str, bytes]] = []
    form = await parser.parse()
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            words[name] = _text(value)
        elif value.filename:  # a field for files that was left empty comes without a name
            files.append((clean(value.filename)[:255], await value.read()))
    await form.close()
    return PersonForm(words, tuple(files))


def _text(value: str) -> str:
    return clean(value.replace("\r\n", "\n"))
