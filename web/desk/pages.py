"""What all pages of the desk share: who is there, templates, headers, forms and their secret."""

import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from models.errors import NotAllowed
from web.desk.accounts import Visitor, visitor
from web.desk.forms import Filled, one
from web.desk.menu import menu_for
from web.desk.parts import DeskParts

COOKIE = "desk"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class LogInFirst(Exception):
    """Nobody is logged in."""


async def filled_form(request: Request) -> Filled:
    """Return what was filled into a form, by field; uploaded files are not taken."""
    form = await request.form(max_files=0, max_fields=200)
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(clean(value.replace("\r\n", "\n")))
    return found


def clean(text: str) -> str:
    """Return a text without what no database keeps: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


FilledForm = Annotated[Filled, Depends(filled_form)]


class Pages:
    """Templates and visitors, over the parts of a running service."""

    def __init__(self, parts: DeskParts) -> None:
        """Take the parts and prepare the templates."""
        self.parts = parts
        self._templates = Environment(
            loader=PackageLoader("web.desk"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["words"] = lambda value: str(value).replace("_", " ")
        self._templates.filters["address"] = urlencode
        self._templates.filters["local"] = self.local

    def visitor(self, request: Request) -> Visitor:
        """Return who is there; raises LogInFirst."""
        token = request.cookies.get(COOKIE, "")
        with self.parts.database.transaction() as session:
            found = visitor(session, token, self.parts.now()) if token else None
        if found is None:
            raise LogInFirst
        return found

    def page(self, template: str, who: Visitor | None, status: int = 200, **values: Any) -> Response:
        """Return a page."""
        text = self._templates.get_template(template).render(
            visitor=who, menu=menu_for(who.role) if who else [], **values
        )
        return HTMLResponse(text, status_code=status)

    def today(self, who: Visitor) -> date:
        """Return the local day of the visitor's organisation, of the first one where they see several."""
        own = (box.organisation.timezone for box in self.parts.mailboxes if who.may_see(box.organisation.slug))
        return self.parts.now().astimezone(ZoneInfo(next(own, "UTC"))).date()

    def local(self, value: object, mailbox: str) -> object:
        """Return an instant, given as such or as YYYY-MM-DDTHH:MM:SSZ, as clocks at a mailbox show it; else the value.

        A mailbox that is not configured any more counts in UTC.
        """
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            value = datetime.fromisoformat(value)
        zone = next((box.timezone for box in self.parts.mailboxes if box.name == mailbox), "UTC")
        return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value

    def check_form(self, request: Request, who: Visitor, filled: Filled) -> None:
        """Raise NotAllowed for a form that does not come from a page shown to this visitor."""
        if not secrets.compare_digest(one(filled, "csrf").encode(), who.csrf.encode()) or not is_same_origin(request):
            raise NotAllowed("this form is too old, or was not sent from this desk: load the page again")


def is_same_origin(request: Request) -> bool:
    """Tell whether a form was sent from a page of this desk, as far as the browser says."""
    origin = request.headers.get("origin")
    return origin in (None, "null") or urlsplit(origin or "").netloc == request.headers.get("host", "")


def page_number(request: Request) -> int:
    """Return which page of a list is asked for, 1 for nonsense."""
    number = request.query_params.get("page", "1")
    return max(int(number), 1) if number.isdecimal() and len(number) < 7 else 1


def own_path(text: str) -> str:
    """Return a path of this desk, "/" for anything that could lead elsewhere."""
    is_own = text.startswith("/") and not text.startswith(("//", "/\\")) and not urlsplit(text).netloc
    return text if is_own else "/"


def to(path: str) -> Response:
    """Send a browser to a page after a form."""
    return RedirectResponse(path, status_code=303)


async def to_log_in(request: Request, _error: Exception) -> Response:
    """Send a browser to the log-in, and back afterwards."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return to(f"/login?{urlencode({'next': path})}" if path != "/" and request.method == "GET" else "/login")


async def with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Add the headers that keep pages to themselves."""
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.url.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response
