"""/healthz and /readyz, over a real socket."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from models.errors import SettingsError
from service.listening import WebServer
from web.health import Readiness


@contextmanager
def _served(look: Callable[[], Readiness]) -> Iterator[Callable[[str], tuple[int, object]]]:
    server = WebServer("127.0.0.1", 0, look)
    server.start()

    def get(path: str) -> tuple[int, object]:
        try:
            with urlopen(server.url + path, timeout=10) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)

    yield get
    server.stop()


def test_a_living_process_says_so_whatever_is_broken() -> None:
    with _served(lambda: Readiness(("database: away",))) as get:
        assert get("/healthz") == (200, {"status": "alive"})


def test_readiness_is_red_with_the_issues_and_what_waits_for_staff() -> None:
    with _served(lambda: Readiness(("mailbox contact: no answer",), {"cases_for_review": 2})) as get:
        expected = {"ready": False, "issues": ["mailbox contact: no answer"], "counts": {"cases_for_review": 2}}
        assert get("/readyz") == (503, expected)


def test_readiness_is_green_where_nothing_is_wrong() -> None:
    with _served(Readiness) as get:
        assert get("/readyz") == (200, {"ready": True, "issues": [], "counts": {}})


def test_nothing_else_is_served() -> None:
    with _served(Readiness) as get:
        assert [get(path)[0] for path in ("/", "/docs", "/openapi.json")] == [404, 404, 404]


def test_a_taken_port_is_told_with_what_to_do() -> None:
    server = WebServer("127.0.0.1", 0, Readiness)
    server.start()
    with pytest.raises(SettingsError, match=r"web\.port"):
        WebServer("127.0.0.1", int(server.url.rpartition(":")[2]), Readiness)
    server.stop()
