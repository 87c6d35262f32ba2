"""What somebody has to do before the desk shows them anything: log in, set up, choose a password, enrol for codes."""

from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse


class LogInFirst(Exception):
    """Nobody is logged in."""


class SetUpFirst(Exception):
    """Nobody may log in yet."""


class PasswordFirst(Exception):
    """Somebody is logged in by a password that was given to them, and has yet to choose one."""


class CodesFirst(Exception):
    """Somebody is logged in who has yet to enrol for one-time codes."""


async def to_log_in(request: Request, _error: Exception) -> Response:
    """Send a browser to the log-in, and back afterwards."""
    return _to(_onward("/login", _path(request)))


async def to_set_up(_request: Request, _error: Exception) -> Response:
    """Send a browser to where the first administrator is made."""
    return _to("/setup")


async def to_password(request: Request, _error: Exception) -> Response:
    """Send a browser to where a password is chosen, and on afterwards."""
    return _to(_onward("/password", _path(request)))


async def to_codes(request: Request, _error: Exception) -> Response:
    """Send a browser to the page where one-time codes are enrolled, and on afterwards."""
    return _to(_onward("/account/codes", _path(request)))


def _onward(page: str, target: str) -> str:
    """Return the address of a page that leads on to another one."""
    return f"{page}?{urlencode({'next': target})}" if target != "/" else page


def _path(request: Request) -> str:
    """Return what was asked for; "/" for the sending of a form, which cannot be asked for again."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return path if request.method == "GET" else "/"


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303)
