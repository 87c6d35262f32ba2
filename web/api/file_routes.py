"""Files that came with mails and letters, those inside attached mails too: listed and saved as on the desk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Response

from models.audit import Action
from models.message import Message
from web.api.callers import MailReader
from web.api.shapes import Files
from web.desk.conversation import files_in
from web.desk.mail_files import Places, opened, saved_file
from web.desk.pages import Number
from web.desk.parts import DeskParts, Row
from web.desk.shown_mail import ShownFile

_KINDS = {"messages": "mail", "letters": "letters"}
_BYTES: dict[int | str, Any] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


@dataclass(frozen=True, slots=True)
class FileRoutes:
    """What came with mails, and goes with letters."""

    parts: DeskParts

    def add_to(self, app: FastAPI) -> None:
        """Add the paths to an application."""
        for name, kind in _KINDS.items():
            at = f"/{name}/{{number}}/files"
            app.add_api_route(at, self._lister(kind), response_model=Files, name=f"{name}_files")
            app.add_api_route(
                f"{at}/{{place}}", self._saver(kind), response_class=Response, responses=_BYTES, name=f"{name}_file"
            )

    def _lister(self, kind: str) -> Any:
        def files(who: MailReader, number: Number) -> Row:
            """List the files, each before those inside it; that it was looked at is on record."""
            raw, sealed = opened(self.parts, who, kind, number, Action.MAIL_VIEWED, "files")
            charset = sealed.row.charset if isinstance(sealed.row, Message) else ""
            return {"rows": list(_rows(files_in(raw, charset)))}

        return files

    def _saver(self, kind: str) -> Any:
        def file(who: MailReader, number: Number, place: Places) -> Response:
            """Return a file, whatever it claims to be; that it was taken is on record."""
            return saved_file(self.parts, who, kind, number, place)

        return file


def _rows(files: Sequence[ShownFile]) -> Iterator[Row]:
    for one in files:
        yield {
            "place": one.place,
            "name": one.name,
            "content_type": one.content_type,
            "size": one.length,
            "note": one.note,
        }
        if one.inner:
            yield from _rows(one.inner.files)
