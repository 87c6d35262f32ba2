"""Logging in and out, and changing one's password."""

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from models.errors import NotAllowed
from web.desk.accounts import SHORTEST, change_password, log_in, log_out
from web.desk.forms import Filled, one
from web.desk.pages import COOKIE, FilledForm, Pages, is_same_origin, own_path, to

_WRONG = "Name, password or code are not right. After five wrong tries an account rests for a quarter of an hour."


@dataclass(frozen=True, slots=True)
class LoginPages:
    """The pages before and around the desk."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/login", self.ask, response_class=HTMLResponse)
        app.add_api_route("/login", self.log_in, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/logout", self.log_out, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/password", self.ask_password, response_class=HTMLResponse)
        app.add_api_route("/password", self.change_password, methods=["POST"], response_class=HTMLResponse)

    def ask(self, request: Request) -> Response:
        """Ask for name, password and code."""
        return self.pages.page("login.html", None, next=own_path(request.query_params.get("next", "/")), problem="")

    def log_in(self, request: Request, filled: FilledForm) -> Response:
        """Log in; a wrong try is told without saying what was wrong."""
        target, parts = own_path(one(filled, "next") or "/"), self.pages.parts
        if not is_same_origin(request):
            problem = "This form was not sent from this desk."
            return self.pages.page("login.html", None, 403, next=target, problem=problem)
        (password,) = _unstripped(filled, "password")
        with parts.database.transaction() as session:
            token = log_in(session, parts.vault, one(filled, "name"), password, one(filled, "code"), parts.now())
        if token is None:
            return self.pages.page("login.html", None, 401, next=target, problem=_WRONG)
        answer = to(target)
        is_secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=is_secure, path="/")
        return answer

    def log_out(self, request: Request, filled: FilledForm) -> Response:
        """Log out."""
        who = self.pages.visitor(request)
        self.pages.check_form(request, who, filled)
        with self.pages.parts.database.transaction() as session:
            log_out(session, request.cookies.get(COOKIE, ""))
        answer = to("/login")
        answer.delete_cookie(COOKIE, path="/")
        return answer

    def ask_password(self, request: Request) -> Response:
        """Ask for another password."""
        return self.pages.page("password.html", self.pages.visitor(request), problem="", shortest=SHORTEST)

    def change_password(self, request: Request, filled: FilledForm) -> Response:
        """Change the password, which logs out everywhere."""
        who = self.pages.visitor(request)
        self.pages.check_form(request, who, filled)
        old, new, again = _unstripped(filled, "old", "new", "again")
        try:
            if new != again:
                raise NotAllowed("the two new passwords differ")
            with self.pages.parts.database.transaction() as session:
                change_password(session, who.member_id, old, new)
        except NotAllowed as error:
            return self.pages.page("password.html", who, 409, problem=str(error), shortest=SHORTEST)
        return to("/login")


def _unstripped(filled: Filled, *names: str) -> list[str]:
    """Return passwords as they were typed: spaces at their ends belong to them."""
    return [(filled.get(name) or [""])[0] for name in names]
