"""Logging in and out."""

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from web.desk.accounts import Attempt, browser_words, kept_password, log_in, log_out
from web.desk.forms import Filled, one
from web.desk.members import administrators
from web.desk.pages import FilledForm, Pages, cookie_name, is_same_origin, own_path, to, unstripped
from web.desk.passwords import fits
from web.throttle import Throttle

_WRONG = "Name, password or code are not right. After five wrong tries an account rests for a quarter of an hour."
_TOO_MANY = "Too many wrong tries from where you are. Wait a quarter of an hour, then try again."


@dataclass(frozen=True, slots=True)
class LoginPages:
    """The pages before the desk."""

    pages: Pages

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
        target = own_path(one(filled, "next") or "/")
        if not is_same_origin(request):
            return self._asked(403, target, "This form was not sent from this desk.")
        if not self._is_local():
            return self._asked(403, target, "Passwords do not count here: log in by the identity provider.")
        token, status = self._token(request, filled)
        if token is None:
            return self._asked(status, target, _TOO_MANY if status == 429 else _WRONG)
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

    def _token(self, request: Request, filled: Filled) -> tuple[str | None, int]:
        """Return the token of a new log-in; or None, and whether that was a wrong try (401) or one too many (429)."""
        parts, name, (password,) = self.pages.parts, one(filled, "name"), unstripped(filled, "password")
        throttle = Throttle(parts.vault, "log-in")
        place = throttle.place(request)
        with parts.database.reading() as session:
            kept, must_wait = kept_password(session, name), throttle.seconds_to_wait(session, place, parts.now())
        if must_wait:
            return None, 429
        browser = browser_words(request.headers.get("user-agent", ""))
        attempt = Attempt(name, fits(kept, password), one(filled, "code"), browser)
        with parts.database.transaction() as session:
            if throttle.seconds_to_wait(session, place, parts.now()):  # others may have tried from there meanwhile
                return None, 429
            token = log_in(session, parts.vault, parts.audit, attempt, parts.now())
            if token is None:
                throttle.count(session, place, parts.now())
            elif before := request.cookies.get(cookie_name(request)):
                log_out(session, before)
        return token, 303 if token else 401

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
