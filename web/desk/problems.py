"""What the desk answers where it cannot show what was asked for: always a page, in words, with the fitting status.

Who is logged in keeps the menu and a way back. What was written in a form that could not be saved stands on the page,
to be copied or sent again. An error that nobody foresaw has a number that the log tells, too.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from models.errors import DeskError, NotAllowed, NotFound, Taken, TemporaryFailure
from web.desk.accounts import Visitor
from web.desk.first_things import (
    CodesFirst,
    LogInFirst,
    PasswordFirst,
    SetUpFirst,
    to_codes,
    to_log_in,
    to_password,
    to_set_up,
)
from web.desk.kept_words import Kept, kept_words
from web.desk.pages import Pages, own_path
from web.unforeseen import noted

_NOTHING = "There is nothing at this address."
_ADVICE: Mapping[HTTPStatus, str] = {
    HTTPStatus.NOT_FOUND: "It may have been erased, or be somebody else's. The queue has all cases that you see.",
    HTTPStatus.FORBIDDEN: "If you need it for your work, ask who administrates the desk.",
    HTTPStatus.CONFLICT: "Look at what is there now, then try again.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Wait a minute, then try again. If it lasts, tell who runs rightsdesk.",
}
_OUR_FAULT = (
    "This is a fault of rightsdesk, not of yours. Try again; if it comes back, tell who runs rightsdesk the number {}: "
    "its log says more under it."
)


def add_problems(app: FastAPI, pages: Pages) -> None:
    """Let an application tell what went wrong; to be added before what gives headers to all answers."""
    told = _Teller(pages)

    async def logged_out(request: Request, error: Exception) -> Response:
        """Lead to the log-in; whoever was logged out while they wrote keeps their words."""
        if request.method != "POST" or not kept_words(request).words:
            return await to_log_in(request, error)
        problem = "You were logged out while you wrote. Copy your text, then log in."
        return await told.page(request, HTTPStatus.FORBIDDEN, "Log in again", problem)

    async def not_found(request: Request, error: Exception) -> Response:
        """Tell what is not there, or not theirs, alike."""
        return await told.page(request, HTTPStatus.NOT_FOUND, "Not found", str(error))

    async def refused(request: Request, error: Exception) -> Response:
        """Tell what is not allowed, and why."""
        return await told.page(request, HTTPStatus.FORBIDDEN, "Not allowed", str(error))

    async def taken(request: Request, error: Exception) -> Response:
        """Tell that somebody else was quicker."""
        return await told.page(request, HTTPStatus.CONFLICT, "Not done", str(error))

    async def failed(request: Request, error: Exception) -> Response:
        """Tell that a part does not work, and whether trying again helps."""
        is_passing = isinstance(error, TemporaryFailure)
        status = HTTPStatus.SERVICE_UNAVAILABLE if is_passing else HTTPStatus.INTERNAL_SERVER_ERROR
        return await told.page(request, status, "Not possible now", str(error))

    async def nowhere(request: Request, error: Exception) -> Response:
        """Tell that an address leads nowhere, or takes no such request."""
        status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
        problem = _NOTHING if status is HTTPStatus.NOT_FOUND else "Please go back."
        return await told.page(request, status, status.phrase.capitalize(), problem)

    app.middleware("http")(told.guarded)
    app.add_exception_handler(LogInFirst, logged_out)
    app.add_exception_handler(PasswordFirst, to_password)
    app.add_exception_handler(CodesFirst, to_codes)
    app.add_exception_handler(SetUpFirst, to_set_up)
    app.add_exception_handler(NotFound, not_found)
    app.add_exception_handler(NotAllowed, refused)
    app.add_exception_handler(Taken, taken)
    app.add_exception_handler(DeskError, failed)
    app.add_exception_handler(HTTPException, nowhere)
    app.add_exception_handler(RequestValidationError, nowhere)


class _Teller:
    """Writes the pages that tell what went wrong."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def guarded(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Answer an error that nobody foresaw with a page, and log where it was: never its words, which may be
        somebody's.
        """
        try:
            return await call_next(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, people get a page
            status, advice = HTTPStatus.INTERNAL_SERVER_ERROR, _OUR_FAULT.format(noted(request, error))
            return await self.page(request, status, "Something went wrong", "The page could not be made.", advice)

    async def page(self, request: Request, status: HTTPStatus, title: str, problem: str, advice: str = "") -> Response:
        """Return the page, in the frame of the desk for who is logged in."""
        who = await run_in_threadpool(self._visitor, request)
        kept = kept_words(request) if request.method == "POST" else Kept()
        return self._pages.page(
            "problem.html",
            who,
            status,
            title=title,
            problem=problem,
            advice=advice or (_ADVICE.get(status, "") if who else ""),
            back=_came_from(request) if who else "",
            kept=kept if who else kept.to_copy(),
        )

    def _visitor(self, request: Request) -> Visitor | None:
        """Return who is there, None where that cannot be found out now."""
        try:
            return self._pages.visitor(request, is_resting=True, may_owe_codes=True, may_owe_password=True)
        except Exception:  # noqa: BLE001 - a page that tells of an error must not fail itself
            return None


def _came_from(request: Request) -> str:
    """Return the page of this desk from which somebody came, '' for another one or none."""
    found = urlsplit(request.headers.get("referer", ""))
    if found.netloc != request.headers.get("host", "") or found.path in ("", request.url.path, "/login"):
        return ""
    return own_path(found.path + (f"?{found.query}" if found.query else ""))
