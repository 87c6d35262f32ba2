"""The programming interface under /api/v1, and the calendar: tokens come in, JSON goes out.

Each path asks whose token it is and what it opens; what is not theirs is as if it were not there. The paths and
shapes are told by /api/v1/openapi.json.
"""

from collections.abc import Awaitable, Callable
from importlib.metadata import version

from fastapi import FastAPI, Request, Response

from web.api.bulk_routes import BulkRoutes
from web.api.callers import Callers
from web.api.case_routes import CaseRoutes
from web.api.deed_routes import DeedRoutes
from web.api.feed import Feed
from web.api.list_routes import ListRoutes
from web.api.problems import RESPONSES, add_problems, problem
from web.desk.parts import DeskParts

PATH = "/api/v1"
_MOST_BYTES = 256 * 1024


def add_api(app: FastAPI, parts: DeskParts) -> None:
    """Add the interface to an application."""
    callers = Callers(parts)
    api = FastAPI(
        title="rightsdesk",
        version=version("rightsdesk"),
        description="Cases, mail, letters and figures for other programs. Times are UTC, days YYYY-MM-DD.",
        docs_url=None,
        redoc_url=None,
        responses=RESPONSES,
        redirect_slashes=False,
    )
    api.state.callers = callers
    api.middleware("http")(_of_fair_size)
    add_problems(api)
    for part in (CaseRoutes(parts), DeedRoutes(parts), BulkRoutes(parts), ListRoutes(parts)):
        part.add_to(api)
    app.mount(PATH, api)
    Feed(parts, callers).add_to(app)


async def _of_fair_size(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse bodies that are larger than any deed, and those that do not say how large they are."""
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers:
        return problem(411, "say how long the body is: Content-Length")
    if not length.isdecimal() or len(length) > 9 or int(length) > _MOST_BYTES:
        return problem(413, f"a request has at most {_MOST_BYTES} bytes")
    return await call_next(request)
