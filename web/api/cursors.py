"""Paging by cursor: each page names the last row it showed, so that rows that come meanwhile move nothing."""

import base64
import binascii
import json
from typing import Annotated, NoReturn
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from web.api.problems import Problem

Limit = Annotated[int, Query(ge=1, le=200, description="How many rows a page has at most.")]
Cursor = Annotated[str, Query(max_length=200, description="As in the `next` link of the page before.")]


def cursor_of(*last: int | str) -> str:
    """Return what names the last row of a page."""
    return base64.urlsafe_b64encode(json.dumps(last, separators=(",", ":")).encode()).decode().rstrip("=")


def last_number(cursor: str) -> int:
    """Return the number that a cursor holds, 0 where there is none; raises a problem for one that is no cursor."""
    found = opened(cursor, 1)
    number = found[0] if found else 0
    return number if isinstance(number, int) and 0 <= number < 2**31 else refuse()


def opened(cursor: str, size: int) -> list[object] | None:
    """Return what a cursor holds, None for ''; raises a problem for one that is no cursor."""
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return refuse()
    return found if isinstance(found, list) and len(found) == size else refuse()


def next_link(request: Request, response: Response, cursor: str) -> str:
    """Return the address of the next page, and put it into the Link header (RFC 8288)."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    link = f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"
    response.headers["Link"] = f'<{link}>; rel="next"'
    return link


def refuse() -> NoReturn:
    """Raise the problem of a cursor that is none."""
    raise Problem(422, "cursor: take it from the next link of the page before")
