"""Every page of the desk, found in the application's own table of routes, so that none is left out."""

import re
from collections.abc import Iterator, Mapping

from browser import Browser, Page
from fastapi import FastAPI
from starlette.routing import Route

from web.desk.app import add_desk

Filling = Mapping[str, list[str]]
"""For each path with parameters: the addresses to visit. Paths without parameters need none."""


def desk_routes(method: str = "GET") -> list[str]:
    """The paths of the desk that take a method, with their parameters in braces."""
    app = FastAPI(openapi_url=None)
    add_desk(app, None)  # type: ignore[arg-type]
    return sorted({one.path for one in app.routes if isinstance(one, Route) and method in (one.methods or ())})


def addresses(filling: Filling) -> Iterator[str]:
    """Every address to visit. Fails for a path with parameters that nobody has said how to fill."""
    for path in desk_routes():
        if "{" not in path:
            yield path
            continue
        assert path in filling, (
            f"the page {path} is new: name addresses of it in `filling` of tests/populated.py, so that it is tried, too"
        )
        yield from filling[path]


def is_page(answer: Page) -> bool:
    """Tell whether an answer is a page to be looked at; a file, a picture or a way elsewhere is none."""
    return answer.headers.get_content_type() == "text/html" and answer.status != 303


def pages_for(sitting: Browser, filling: Filling) -> list[str]:
    """The addresses that show somebody a page. Fails for one that shows an error; what is not theirs is left out."""
    found = []
    for address in addresses(filling):
        answer = sitting.get(address)
        assert answer.status in (200, 303, 403, 404), f"{address}: {answer.status}"
        if is_page(answer) and answer.status == 200:
            found.append(address)
    return found


def filled(path: str, **values: str) -> str:
    """A path with every parameter filled: by name, else with a number."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values.get(found[1], "1"), path)
