"""The programming interface under /api/v1, and the calendar: tokens come in, JSON goes out.

Each path asks whose token it is and what it opens; what is not theirs is as if it were not there. The paths and
shapes are told by /api/v1/openapi.json.
"""

from collections.abc import Awaitable, Callable
from functools import cached_property
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from web.api.bulk_routes import BulkRoutes
from web.api.callers import Callers
from web.api.case_routes import CaseRoutes
from web.api.deed_routes import DeedRoutes
from web.api.feed import Feed
from web.api.file_routes import FileRoutes
from web.api.list_routes import ListRoutes
from web.api.problems import RESPONSES, add_problems, problem
from web.desk.parts import DeskParts

PATH = "/api/v1"
_MOST_BYTES = 256 * 1024


def add_api(app: FastAPI, parts: DeskParts) -> None:
    """Add the interface to an application."""
    callers = Callers(parts)
    app.mount(PATH, _Built(parts, callers))
    Feed(parts, callers).add_to(app)


class _Built:
    """The interface, built when it is asked for first: its shapes take longer to make than all pages of the desk."""

    def __init__(self, parts: DeskParts, callers: Callers) -> None:
        self._parts = parts
        self._callers = callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self._app(scope, receive, send)

    @property
    def routes(self) -> list[BaseRoute]:
        """Return its paths, for those who walk all paths of the application."""
        return self._app.routes

    @cached_property
    def _app(self) -> FastAPI:
        api = FastAPI(
            title="rightsdesk",
            version=version("rightsdesk"),
            description="Cases, mail, letters and figures for other programs. Times are UTC, days YYYY-MM-DD.",
            docs_url=None,
            redoc_url=None,
            responses=RESPONSES,
            redirect_slashes=False,
        )
        api.state.callers = self._callers
        api.middleware("http")(_of_fair_size)
        add_problems(api)
        for part in (CaseRoutes, DeedRoutes, BulkRoutes, ListRoutes, FileRoutes):
            part(self._parts).add_to(api)
        return api


async def _of_fair_size(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse bodies that are larger than any deed, and those that do not say how large they are."""
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers:
        return problem(411, "say how long the body is: Content-Length")
    if not length.isdecimal() or len(length) > 9 or int(length) > _MOST_BYTES:
        return problem(413, f"a request has at most {_MOST_BYTES} bytes")
    return await call_next(request)
