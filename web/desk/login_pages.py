"""Logging in and out."""

from dataclasses import dataclass, field

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from web.desk.accounts import Attempt, browser_words, kept_password, log_in, log_out
from web.desk.forms import Filled, one
from web.desk.members import administrators
from web.desk.pages import FilledForm, Pages, cookie_name, is_same_origin, own_path, to, unstripped
from web.desk.passwords import fits
from web.desk.throttle import Throttle

_WRONG = "Name, password or code are not right. After five wrong tries an account rests for a quarter of an hour."
_TOO_MANY = "Too many wrong tries from where you are. Wait a quarter of an hour, then try again."


@dataclass(frozen=True, slots=True)
class LoginPages:
    """The pages before the desk."""

    pages: Pages
    throttle: Throttle = field(default_factory=Throttle)

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/login", self.ask, response_class=HTMLResponse)
        app.add_api_route("/login", self.log_in, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/logout", self.log_out, methods=["POST"], response_class=HTMLResponse)

    def ask(self, request: Request) -> Response:
        """Ask for name, password and code."""
        if self.pages.is_unclaimed():
            return to("/setup")
        is_changed = request.query_params.get("told") == "password"
        told = "Your password is changed: log in with it." if is_changed else ""
        return self._asked(200, own_path(request.query_params.get("next", "/")), told=told)

    def log_in(self, request: Request, filled: FilledForm) -> Response:
        """Log in; a wrong try is told without saying what was wrong."""
        target, now = own_path(one(filled, "next") or "/"), self.pages.parts.now()
        address = request.client.host if request.client else ""
        if not is_same_origin(request):
            return self._asked(403, target, "This form was not sent from this desk.")
        if not self._is_local():
            return self._asked(403, target, "Passwords do not count here: log in by the identity provider.")
        if self.throttle.is_full(address, now):
            return self._asked(429, target, _TOO_MANY)
        token = self._token(filled, browser_words(request.headers.get("user-agent", "")))
        if token is None:
            self.throttle.count(address, now)
            return self._asked(401, target, _WRONG)
        return with_session(request, to(self._first_page(one(filled, "name"), target)), token)

    def log_out(self, request: Request, filled: FilledForm) -> Response:
        """Log out."""
        who = self.pages.visitor(request, may_owe_codes=True, may_owe_password=True)
        self.pages.check_form(request, who, filled)
        with self.pages.parts.database.transaction() as session:
            log_out(session, request.cookies.get(cookie_name(request), ""))
        answer = to("/login")
        answer.delete_cookie(
            cookie_name(request), path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict"
        )
        return answer

    def _first_page(self, name: str, target: str) -> str:
        """Return where to go; on a desk that reads no mailbox yet, administrators go where one is made."""
        if target != "/" or self.pages.parts.mailboxes:
            return target
        with self.pages.parts.database.reading() as session:
            return "/admin" if name.strip() in {one.name for one in administrators(session)} else target

    def _token(self, filled: Filled, browser: str) -> str | None:
        parts, name, (password,) = self.pages.parts, one(filled, "name"), unstripped(filled, "password")
        with parts.database.reading() as session:
            kept = kept_password(session, name)
        attempt = Attempt(name, fits(kept, password), one(filled, "code"), browser)
        with parts.database.transaction() as session:
            return log_in(session, parts.vault, parts.audit, attempt, parts.now())

    def _asked(self, status: int, target: str, problem: str = "", told: str = "") -> Response:
        provider = self.pages.parts.oidc
        return self.pages.page(
            "login.html",
            None,
            status,
            next=target,
            problem=problem,
            told=told,
            is_local=self._is_local(),
            button=provider.rules.button if provider else "",
        )

    def _is_local(self) -> bool:
        """Tell whether passwords count: where they are not to, they do until an administrator came by the provider."""
        if self.pages.parts.rules.is_local:
            return True
        with self.pages.parts.database.reading() as session:
            return all(one.oidc_subject is None for one in administrators(session))


def with_session(request: Request, answer: Response, token: str) -> Response:
    """Give a browser its log-in along with an answer."""
    is_secure = request.url.scheme == "https"
    answer.set_cookie(cookie_name(request), token, httponly=True, samesite="strict", secure=is_secure, path="/")
    return answer
