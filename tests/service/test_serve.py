"""`rightsdesk serve`: reads by itself, answers health questions, ends in time with nothing half done."""

import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from builders import mail
from conftest import Command, on_sqlite
from dovecot import Dovecot
from listener import Listener

pytestmark = pytest.mark.slow

REQUEST = mail(
    "Please send me a copy of all the personal data you hold about me (Article 15 GDPR).\n\nIda Holm",
    sender="Ida Holm <ida@mail.example>",
    subject="GDPR Rights Request",
    message_id="<ida@mail.example>",
)


@contextmanager
def _serving(rightsdesk: Command) -> Iterator[tuple[subprocess.Popen[str], str]]:
    settings = rightsdesk.folder / "rightsdesk.toml"
    settings.write_text(settings.read_text().replace("port = 1\n", "port = 18025\n"))
    process = rightsdesk.start("serve")
    try:
        assert process.stderr is not None
        first = process.stderr.readline()
        found = re.search(r"http://\S+:\d+", first)
        assert found, first
        yield process, found.group()
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _until(condition: object, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _ready(url: str) -> tuple[int, dict[str, object]]:
    try:
        with urlopen(f"{url}/readyz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_mail_is_acknowledged_while_the_service_runs_and_it_ends_in_time(
    dovecot: Dovecot, rightsdesk: Command, listener: Listener
) -> None:
    with _serving(rightsdesk) as (process, url):
        _until(lambda: _ready(url)[0] == 200)
        dovecot.append(REQUEST)
        _until(lambda: listener.mails)
        assert listener.mails[0].recipients == ["ida@mail.example"]
        with urlopen(f"{url}/healthz", timeout=5) as answer:
            assert answer.status == 200
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert time.monotonic() - began < 10
    rows = [json.loads(line) for line in rightsdesk("outbox", "list", "--json").stdout.splitlines()]
    assert [row["state"] for row in rows] == ["sent"]
    assert list(rightsdesk.folder.parent.glob("**/.*.alive")) == []


@on_sqlite
def test_a_server_that_goes_away_turns_readiness_red_and_work_resumes_by_itself(
    dovecot: Dovecot, rightsdesk: Command, listener: Listener
) -> None:
    with _serving(rightsdesk) as (_process, url):
        _until(lambda: _ready(url)[0] == 200)
        dovecot.stop()
        _until(lambda: _ready(url)[0] == 503)
        assert "contact" in str(_ready(url)[1]["issues"])
        dovecot.start()
        dovecot.append(REQUEST)
        _until(lambda: listener.mails, 60)
        _until(lambda: _ready(url)[0] == 200)


@on_sqlite
def test_nothing_personal_reaches_the_log(dovecot: Dovecot, rightsdesk: Command, listener: Listener) -> None:
    listener.handler.answers["ida@mail.example"] = "550 no such person ida@mail.example"
    dovecot.append(
        REQUEST, b"\xff\xfe broken ida@mail.example", b"From: ida@mail.example\r\nSubject: secret\r\n\r\n" + b"x" * 10
    )
    done = rightsdesk("--verbose", "poll", "--once", "--json")
    assert done.returncode == 1
    assert not re.search(r"ida@|Ida|secret|GDPR Rights", done.stdout + done.stderr)
