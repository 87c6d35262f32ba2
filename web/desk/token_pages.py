"""The tokens of programs: made, listed and revoked by administrators. A token is shown once, when it is made."""

from dataclasses import dataclass
from datetime import date

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from models.errors import NotAllowed, NotFound
from models.staff import Role
from models.tokens import ApiToken, Scope
from web.desk.accounts import Visitor
from web.desk.admin.entry import organisations
from web.desk.forms import Filled, one
from web.desk.pages import FilledForm, Pages, to
from web.tokens import Wish, add_token, day_end, revoke_token, state_of, tokens

_MEANINGS = {
    Scope.CASES_READ: "read cases, their timelines and due dates",
    Scope.CASES_WRITE: "do deeds in cases",
    Scope.MAIL_READ: "read the lists of mail and letters",
    Scope.FIGURES_READ: "read the figures for managers",
    Scope.CALENDAR_READ: "read the calendar of due dates; stands alone",
}


@dataclass(frozen=True, slots=True)
class TokenPages:
    """The page of tokens."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/tokens", self.show, response_class=HTMLResponse)
        app.add_api_route("/tokens", self.add, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/tokens/{name}/revoke", self.revoke, methods=["POST"], response_class=HTMLResponse)

    def show(self, request: Request) -> Response:
        """Show the tokens, and the form for another."""
        return self._shown(self.pages.visitor_as(request, Role.ADMINISTRATOR))

    def add(self, request: Request, filled: FilledForm) -> Response:
        """Make a token and show it, this once; what cannot be is told with what was filled in kept."""
        who, parts = self.pages.visitor_as(request, Role.ADMINISTRATOR), self.pages.parts
        self.pages.check_form(request, who, filled)
        try:
            wish = self._wish(who, filled)
            with parts.database.transaction() as session:
                told = add_token(session, parts.audit, wish, who.name, parts.now())
        except NotAllowed as error:
            return self._shown(who, filled=filled, problem=str(error))
        is_calendar = Scope.CALENDAR_READ in wish.scopes
        calendar = f"{request.base_url}calendar.ics?token={told}" if is_calendar else ""
        return self._shown(who, told=told, name=wish.name, calendar=calendar)

    def revoke(self, request: Request, name: str, filled: FilledForm) -> Response:
        """End a token; one of another organisation is as if it were not there."""
        who, parts = self.pages.visitor_as(request, Role.ADMINISTRATOR), self.pages.parts
        self.pages.check_form(request, who, filled)
        with parts.database.transaction() as session:
            row = next((row for row in tokens(session, who.organisation) if row.name == name), None)
            if row is None:
                raise NotFound(f"there is no token {name}")
            revoke_token(session, parts.audit, row, who.name, parts.now())
        return to("/tokens")

    def _wish(self, who: Visitor, filled: Filled) -> Wish:
        organisation, scopes = one(filled, "organisation"), filled.get("scopes", ())
        if organisation not in self._organisations(who):
            raise NotAllowed("choose one of the organisations")
        if set(scopes) - set(Scope) or one(filled, "role") not in set(Role):
            raise NotAllowed("choose from the list")
        try:
            last = date.fromisoformat(one(filled, "expires"))
        except ValueError as error:
            raise NotAllowed("say its last day, written YYYY-MM-DD") from error
        chosen = [Scope(scope) for scope in scopes]
        return Wish(one(filled, "name"), Role(one(filled, "role")), organisation, chosen, day_end(last))

    def _organisations(self, who: Visitor) -> list[str]:
        own = [one.slug for one in organisations(self.pages, who)]
        return [who.organisation] if who.organisation else ["", *own]

    def _shown(
        self,
        who: Visitor,
        *,
        told: str = "",
        name: str = "",
        calendar: str = "",
        filled: Filled | None = None,
        problem: str = "",
    ) -> Response:
        now = self.pages.parts.now()
        with self.pages.parts.database.reading() as session:
            rows: list[tuple[ApiToken, str]] = [(row, state_of(row, now)) for row in tokens(session, who.organisation)]
            return self.pages.page(
                "tokens.html",
                who,
                409 if problem else 200,
                rows=rows,
                meanings=_MEANINGS,
                roles=Role,
                organisations=self._organisations(who),
                filled={field: one(filled or {}, field) for field in ("name", "role", "organisation", "expires")},
                chosen=(filled or {}).get("scopes", ()),
                told=told,
                name=name,
                calendar=calendar,
                problem=problem,
            )
