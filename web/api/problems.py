"""What goes wrong, told to programs as application/problem+json (RFC 9457), in plain words."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from models.errors import NotAllowed, NotFound, TemporaryFailure
from web.unforeseen import noted

MEDIA_TYPE = "application/problem+json"
_WORDS = {
    404: "there is nothing at this address, or nothing for this token",
    405: "this address does not take this method",
}
_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What went wrong, in words."},
        "errors": {
            "type": "array",
            "description": "Which fields are wrong, and why.",
            "items": {
                "type": "object",
                "required": ["field", "problem"],
                "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {"description": "What went wrong (RFC 9457).", "content": {MEDIA_TYPE: {"schema": _SCHEMA}}}
}
"""For every path: all that is not a success looks alike."""


class Problem(Exception):
    """A request that cannot be answered as asked: status and words, and what the caller can do in headers."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        """Take the HTTP status, the words, and further headers."""
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


def problem(
    status: int, detail: str, headers: Mapping[str, str] | None = None, errors: list[dict[str, str]] | None = None
) -> Response:
    """Return the answer that tells a problem."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return JSONResponse(body, status_code=status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def add_problems(app: FastAPI) -> None:
    """Let an application tell every error as a problem."""

    async def told(_request: Request, error: Exception) -> Response:
        """Tell a problem of the interface itself."""
        assert isinstance(error, Problem)  # noqa: S101 - registered for it
        return problem(error.status, error.detail, error.headers)

    async def not_found(_request: Request, _error: Exception) -> Response:
        """Tell what is not there, or not theirs, alike."""
        return problem(404, _WORDS[404])

    async def refused(_request: Request, error: Exception) -> Response:
        """Tell what the rules of casework do not let be done, and why."""
        return problem(409, str(error))

    async def away(_request: Request, _error: Exception) -> Response:
        """Tell that a part is unavailable for now."""
        return problem(503, "the database does not answer: try again", {"Retry-After": "5"})

    async def http(_request: Request, error: Exception) -> Response:
        """Tell what the framework refuses."""
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        return problem(error.status_code, _WORDS.get(error.status_code, str(error.detail)), error.headers)

    app.middleware("http")(_guarded)
    app.add_exception_handler(Problem, told)
    app.add_exception_handler(NotFound, not_found)
    app.add_exception_handler(NotAllowed, refused)
    app.add_exception_handler(TemporaryFailure, away)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, _misfit)


async def _guarded(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Tell of an error that nobody foresaw that the fault is ours, by its number in the log of the service."""
    try:
        return await call_next(request)
    except Exception as error:  # noqa: BLE001 - whatever it is, programs get a problem
        return problem(
            500, f"something went wrong here: the log of the service says more under {noted(request, error)}"
        )


async def _misfit(_request: Request, error: Exception) -> Response:
    """Tell which fields are wrong; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    errors = [{"field": _field(found["loc"]), "problem": str(found["msg"])} for found in error.errors()]
    return problem(422, "; ".join(f"{one['field']}: {one['problem']}" for one in errors)[:2000], errors=errors[:50])


def _field(place: tuple[object, ...]) -> str:
    named = [str(part) for part in place if part not in ("body", "query", "path", "header")]
    return ".".join(named) or str(place[0] if place else "body")
