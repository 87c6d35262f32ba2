"""What the desk answers where it cannot show what was asked for: always a page, in words, with the fitting status."""

from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from models.errors import DeskError, NotAllowed, NotFound, Taken, TemporaryFailure
from web.desk.pages import (
    CodesFirst,
    LogInFirst,
    Pages,
    PasswordFirst,
    SetUpFirst,
    to_codes,
    to_log_in,
    to_password,
    to_set_up,
)

_NOTHING = "There is nothing at this address."


def add_problems(app: FastAPI, pages: Pages) -> None:
    """Let an application tell what went wrong."""

    def told(status: HTTPStatus, title: str, problem: str) -> Response:
        """Return the page."""
        return pages.page("problem.html", None, status, title=title, problem=problem)

    async def not_found(_request: Request, error: Exception) -> Response:
        """Tell what is not there, or not theirs, alike."""
        return told(HTTPStatus.NOT_FOUND, "Not found", str(error))

    async def refused(_request: Request, error: Exception) -> Response:
        """Tell what is not allowed, and why."""
        return told(HTTPStatus.FORBIDDEN, "Not allowed", str(error))

    async def taken(_request: Request, error: Exception) -> Response:
        """Tell that somebody else was quicker."""
        return told(HTTPStatus.CONFLICT, "Not done", str(error))

    async def failed(_request: Request, error: Exception) -> Response:
        """Tell that a part does not work, and whether trying again helps."""
        is_passing = isinstance(error, TemporaryFailure)
        status = HTTPStatus.SERVICE_UNAVAILABLE if is_passing else HTTPStatus.INTERNAL_SERVER_ERROR
        return told(status, "Not possible now", f"{error}{'. Please try again.' if is_passing else ''}")

    async def nowhere(_request: Request, error: Exception) -> Response:
        """Tell that an address leads nowhere, or takes no such request."""
        status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
        return told(
            status, status.phrase.capitalize(), _NOTHING if status is HTTPStatus.NOT_FOUND else "Please go back."
        )

    app.add_exception_handler(LogInFirst, to_log_in)
    app.add_exception_handler(PasswordFirst, to_password)
    app.add_exception_handler(CodesFirst, to_codes)
    app.add_exception_handler(SetUpFirst, to_set_up)
    app.add_exception_handler(NotFound, not_found)
    app.add_exception_handler(NotAllowed, refused)
    app.add_exception_handler(Taken, taken)
    app.add_exception_handler(DeskError, failed)
    app.add_exception_handler(HTTPException, nowhere)
    app.add_exception_handler(RequestValidationError, nowhere)
