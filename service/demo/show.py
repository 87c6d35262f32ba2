"""`rightsdesk demo`: a mail provider, two organisations and the ordinary service in one process; sample mails come in.

Nothing leaves this machine. All files lie in a temporary folder, which is removed at the end.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from models.staff import Role
from service.demo.display import Display
from service.demo.guide import guide
from service.demo.organisations import MAILBOXES, write_office
from service.demo.performance import Performance
from service.demo.samples import SAMPLES
from service.demo.servers import MailProvider
from service.desk import Desk
from service.desk_pages import desk_parts
from service.jobs import Service
from service.listening import WebServer
from service.settings import Settings
from service.staff import add_member
from service.watching import Watch
from service.wiring import opened_desk

_PAUSE = 1.5


def run_demo(*, once: bool, stop: Event) -> bool:
    """Show the whole chain until `stop`, or with `once` to the last sample; tell whether all ended as they should."""
    display = Display(tells_lines=not once)
    display.say("rightsdesk demo: starting a mail provider, two organisations and the service …")
    with TemporaryDirectory(prefix="rightsdesk-demo-") as name, _logs_in(Path(name) / "demo.log"):
        folder = Path(name)
        with MailProvider(folder, tuple(MAILBOXES.values())) as provider:
            settings = write_office(folder, provider)
            with opened_desk(settings) as desk, _served(desk, settings) as served:
                if not once:
                    display.say(f"watch them arrive at {served.url}/ (name demo, password {served.password})\n")
                performance = Performance(provider, desk, display, stop)
                is_well = _play(performance, display, served.watch, 0 if once else _PAUSE)
                if not once and not stop.is_set():
                    display.say(guide(settings, provider, served.url, served.password))
                    performance.stay()
    return is_well


def _play(performance: Performance, display: Display, watch: Watch, pause: float) -> bool:
    try:
        review = performance.play(SAMPLES, pause)
    finally:
        display.close()
    display.show_all(performance.rows())
    display.say("\nack: sent = the acknowledgement went out, staff = a person decides first, bounced = it came back")
    display.say(review.summary)
    for problem in (*review.problems, *(watch.look().issues if review.problems else ())):
        display.say(f"problem: {problem}")
    return not review.problems


@dataclass(frozen=True, slots=True)
class _Served:
    watch: Watch
    url: str
    password: str
    """Of the person "demo", who may see and do everything on the desk."""


@contextmanager
def _served(desk: Desk, settings: Settings) -> Iterator[_Served]:
    """Run the service with the desk, and somebody who may log in."""
    with desk.database.transaction() as session:
        given = add_member(session, desk.vault, "demo", Role.ADMINISTRATOR, "", with_codes=False, must_choose=False)
    service = Service(desk)
    server = WebServer(settings.web_host, settings.web_port, service.watch.look, desk_parts(desk, watch=service.watch))
    server.start()
    try:
        service.start()
        yield _Served(service.watch, server.url, given.password)
    finally:
        service.shut_down()
        server.stop()


@contextmanager
def _logs_in(file: Path) -> Iterator[None]:
    """Keep what the parts log and warn of in a file: the terminal belongs to the mails."""
    root, handler = logging.getLogger(), logging.FileHandler(file, delay=True)
    before, root.handlers = root.handlers, [handler]
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        root.handlers = before
        handler.close()
