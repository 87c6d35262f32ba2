"""Logging in and out, and changing one's password."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from models.errors import NotAllowed
from web.desk.accounts import SHORTEST, change_password, log_in, log_out
from web.desk.forms import one
from web.desk.pages import COOKIE, FilledForm, Pages, is_same_origin, own_path, to

_WRONG = "Name, password or code are not right. After five wrong tries an account rests for a quarter of an hour."


def add_login_pages(app: FastAPI, pages: Pages) -> None:
    """Add the pages."""
    parts = pages.parts

    @app.get("/login", response_class=HTMLResponse)
    def login_page(request: Request) -> Response:
        """Ask for name, password and code."""
        return pages.page("login.html", None, next=own_path(request.query_params.get("next", "/")), problem="")

    @app.post("/login", response_class=HTMLResponse)
    def login(request: Request, filled: FilledForm) -> Response:
        """Log in; a wrong try is told without saying what was wrong."""
        target = own_path(one(filled, "next") or "/")
        if not is_same_origin(request):
            return pages.page("login.html", None, 403, next=target, problem="This form was not sent from this desk.")
        name, code = one(filled, "name"), one(filled, "code")
        password = (filled.get("password") or [""])[0]
        with parts.database.transaction() as session:
            token = log_in(session, parts.vault, name, password, code, parts.now())
        if token is None:
            return pages.page("login.html", None, 401, next=target, problem=_WRONG)
        answer = to(target)
        is_secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=is_secure, path="/")
        return answer

    @app.post("/logout", response_class=HTMLResponse)
    def logout(request: Request, filled: FilledForm) -> Response:
        """Log out."""
        who = pages.visitor(request)
        pages.check_form(request, who, filled)
        with parts.database.transaction() as session:
            log_out(session, request.cookies.get(COOKIE, ""))
        answer = to("/login")
        answer.delete_cookie(COOKIE, path="/")
        return answer

    @app.get("/password", response_class=HTMLResponse)
    def password_page(request: Request) -> Response:
        """Ask for another password."""
        return pages.page("password.html", pages.visitor(request), problem="", shortest=SHORTEST)

    @app.post("/password", response_class=HTMLResponse)
    def password(request: Request, filled: FilledForm) -> Response:
        """Change the password, which ends all sessions."""
        who = pages.visitor(request)
        pages.check_form(request, who, filled)
        old, new, again = ((filled.get(name) or [""])[0] for name in ("old", "new", "again"))
        try:
            if new != again:
                raise NotAllowed("the two new passwords differ")
            with parts.database.transaction() as session:
                change_password(session, who.member_id, old, new)
        except NotAllowed as error:
            return pages.page("password.html", who, 409, problem=str(error), shortest=SHORTEST)
        return to("/login")
