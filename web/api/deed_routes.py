"""Deeds: each form of the desk is a path, and does the same by the same code."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import FastAPI, Header, Query, Response

from cases.office import Office
from models.errors import NotFound
from web.api.callers import CaseWriter, check_works
from web.api.deed_shapes import filled_from, shape_of
from web.api.once import Order
from web.api.problems import Problem
from web.api.shapes import Done, Preview
from web.desk.forms import FORMS, Filled, Form, one
from web.desk.parts import DeskParts
from web.desk.readied import readied
from web.desk.visible_cases import case_of, version_of
from web.tokens import Program

KeyHeader = Annotated[
    str,
    Header(max_length=200, description="Any text of your own: within a week, a repeat with it does nothing further."),
]
_Version = Annotated[
    str, Header(max_length=100, description="The ETag of the case as it was read: with another, nothing is done.")
]
_Preview = Annotated[bool, Query(description="Show the letters that it would write; do nothing.")]


@dataclass(frozen=True, slots=True)
class DeedRoutes:
    """What is done in cases."""

    parts: DeskParts

    def add_to(self, app: FastAPI) -> None:
        """Add a path for each deed."""
        for form in FORMS:
            app.add_api_route(
                f"/cases/{{reference}}/deeds/{form.name}",
                self._handler(form),
                methods=["POST"],
                summary=form.title,
                name=f"do_{form.name}",
                response_model=Done | Preview,
            )

    def _handler(self, form: Form) -> Any:
        body_of: Any = shape_of(form)

        def do(
            who: CaseWriter,
            reference: str,
            body: body_of,
            response: Response,
            if_match: _Version = "",
            idempotency_key: KeyHeader = "",
            *,
            preview: _Preview = False,
        ) -> dict[str, object]:
            filled = filled_from(body.model_dump(mode="json"))
            if preview:
                return {"letters": self._letters(who, form, reference, filled)}
            own = self._own(who, reference)
            content = sorted((name, *texts) for name, texts in filled.items())
            order = Order(self.parts.vault, who.token_id, idempotency_key, own, form.name, content)
            done_at = self._done(_Asked(who, form, filled, if_match), order)
            response.headers["ETag"] = self._etag(who, own)
            return {"reference": own, "deed": form.name, "done_at": f"{done_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}

        do.__doc__ = f"{form.title}: {'writes a letter; ' if form.writes_letter else ''}as the form of the desk does."
        return do

    def _own(self, who: Program, reference: str) -> str:
        with self.parts.database.reading() as session:
            return case_of(session, who, reference).reference

    def _etag(self, who: Program, reference: str) -> str:
        with self.parts.database.reading() as session:
            return f'"{version_of(session, case_of(session, who, reference))}"'

    def _letters(self, who: Program, form: Form, reference: str, filled: Filled) -> list[str]:
        own = self._own(who, reference)
        return self.parts.preview(who.actor, own, lambda office: form.deed(office, filled))

    def _done(self, asked: "_Asked", order: Order) -> datetime:
        """Do a deed and return when, or when it was done before; the version is compared while the case is locked."""
        check_works(asked.who)
        ready = readied(self.parts, asked.who, asked.who.actor, order.reference, asked.form, asked.filled)

        def deed(office: Office) -> datetime:
            """Do the deed once under its key; raises _DoneBefore."""
            if before := order.done(office.session):
                raise _DoneBefore(before.done_at)
            asked.check_version(office)
            ready(office, asked.filled)
            order.note(office.session, office.now)
            return office.now

        override, second = one(asked.filled, "override"), one(asked.filled, "second")
        try:
            done_at = self.parts.do(asked.who.actor, order.reference, deed, override, second)
        except _DoneBefore as before:
            return before.at
        except NotFound as error:  # a task or the like, within a case that is there
            raise Problem(409, str(error)) from error
        assert isinstance(done_at, datetime)  # noqa: S101 - what the deed returns
        return done_at


class _DoneBefore(Exception):
    """Ends a transaction in which nothing is to be done."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at


@dataclass(frozen=True, slots=True)
class _Asked:
    """A deed that was asked for."""

    who: Program
    form: Form
    filled: Filled
    if_match: str

    def check_version(self, office: Office) -> None:
        """Raise a problem where the case is not any more as the program has read it."""
        if self.if_match.strip() not in ("", "*", f'"{version_of(office.session, office.case)}"'):
            raise Problem(412, "somebody else changed this case meanwhile: read it again")
