"""Errors that nobody foresaw: told by a number, under which the log says where it was, and never whose."""

import logging
import secrets
import traceback
from pathlib import Path

from fastapi import Request

_log = logging.getLogger(__name__)
_MOST_LINES = 6


def noted(request: Request, error: Exception) -> str:
    """Write an error into the log and return its number.

    The log gets the type of the error and the lines of our code that led to it. Its words, and what was asked for, may
    be somebody's: of the path only its pattern is told.
    """
    number, path = f"E-{secrets.token_hex(4)}", getattr(request.scope.get("route"), "path", "an unknown path")
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "site-packages" not in one.filename]
    lines = [f"{'/'.join(Path(one.filename).parts[-3:])}:{one.lineno} {one.name}" for one in frames[-_MOST_LINES:]]
    place = " < ".join(reversed(lines))
    _log.error("%s: %s %s failed: %s at %s", number, request.method, path, type(error).__name__, place)
    return number
