"""What all pages of the desk share: who is there, templates, headers, forms and their secret."""

import re
import secrets
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Protocol
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from fastapi import Depends, FastAPI, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from cases.worklist import MOST
from ingest.mime.part import safe_label
from models.errors import NotAllowed
from models.letter import Enclosure
from models.staff import Role
from web.desk.accounts import Visitor, note_sign_of_life, visitor
from web.desk.deeds.fields import MOST_BYTES as MOST_FILE_BYTES
from web.desk.deeds.fields import Filled, FilledWithFiles, one
from web.desk.first_things import CodesFirst, LogInFirst, PasswordFirst, SetUpFirst
from web.desk.kept_words import note_filled
from web.desk.members import is_anybody_there
from web.desk.menu import menu_for
from web.desk.parts import DeskParts
from web.templating import templates_of

COOKIE = "desk"
_MOST_BYTES = 1024 * 1024
_MOST_FILES = 10
_A_MINUTE = timedelta(minutes=1)
_SECURE_COOKIE = "__Host-desk"
"""Over TLS: browsers take it from this host alone, and never over clear text (RFC 6265bis, 4.1.3.2)."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


async def filled_form(request: Request) -> Filled:
    """Return what was filled into a form, by field; uploaded files are not taken. Raises NotAllowed for a huge one."""
    return await _filled(request, 0, _MOST_BYTES)


async def filled_form_with_files(request: Request) -> FilledWithFiles:
    """Return what was filled into a form, and the files that came with it; raises NotAllowed for a huge one."""
    return await _filled(request, _MOST_FILES, MOST_FILE_BYTES + _MOST_BYTES)


async def _filled(request: Request, most_files: int, most_bytes: int) -> FilledWithFiles:
    size = request.headers.get("content-length", "")
    if not size.isdecimal() or int(size) > most_bytes:
        raise NotAllowed("that is more than a form of this desk may hold")
    try:
        return await _read(request, most_files)
    except HTTPException as error:  # what the parser of forms refuses
        detail = str(error.detail).rstrip(".")
        raise NotAllowed(f"this form cannot be read: {detail}. Choose or fill in less at once.") from error


async def _read(request: Request, most_files: int) -> FilledWithFiles:
    found: dict[str, list[str]] = {}
    files: list[Enclosure] = []
    async with request.form(max_files=most_files, max_fields=200) as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                found.setdefault(name, []).append(clean(value.replace("\r\n", "\n")))
            elif value.filename:
                files.append(Enclosure(safe_label(clean(value.filename)) or "file", await value.read()))
    filled = FilledWithFiles(found, files)
    note_filled(request, filled)
    return filled


def clean(text: str) -> str:
    """Return a text without what no database keeps: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


Number = Annotated[int, Path(ge=0, lt=2**31)]
"""A number in an address, as no database has larger ones; another leads nowhere."""
FilledForm = Annotated[Filled, Depends(filled_form)]
FilledFormWithFiles = Annotated[Filled, Depends(filled_form_with_files)]


class Part(Protocol):
    """Some pages that belong together."""

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""


class Pages:
    """Templates and visitors, over the parts of a running service."""

    def __init__(self, parts: DeskParts) -> None:
        """Take the parts and prepare the templates."""
        self.parts = parts
        self._templates = templates_of("web.desk")
        self._templates.filters["words"] = lambda value: str(value).replace("_", " ")
        self._templates.filters["address"] = urlencode
        self._templates.filters["local"] = self.local
        self._templates.filters["day_at"] = self.day_at
        self._templates.filters["counted"] = counted
        self._templates.filters["near"] = self.near
        self._templates.filters["span"] = span
        self._templates.filters["zone"] = self.zone
        self._templates.filters["clocks"] = self.clocks

    def visitor(
        self,
        request: Request,
        *,
        is_resting: bool = False,
        may_owe_codes: bool = False,
        may_owe_password: bool = False,
    ) -> Visitor:
        """Return who is there; raises LogInFirst, PasswordFirst or CodesFirst for who owes the desk something first.

        A page that renews itself is no sign of life: its visitor may be resting.
        """
        found = self._found(request.cookies.get(cookie_name(request), ""), is_resting=is_resting)
        if found is None:
            raise SetUpFirst if self.is_unclaimed() else LogInFirst
        if found.must_change_password and not may_owe_password:
            raise PasswordFirst
        if self.parts.rules.requires_codes and not found.has_codes and not may_owe_codes:
            raise CodesFirst
        return found

    def _found(self, token: str, *, is_resting: bool) -> Visitor | None:
        """Return whom a token stands for; that they are there is written down once a minute, not at every page."""
        if not token:
            return None
        now = self.parts.now()
        with self.parts.database.reading() as session:
            found = visitor(session, token, now)
        if found and not is_resting and now - found.seen_at > _A_MINUTE:
            with self.parts.database.transaction() as session:
                note_sign_of_life(session, token, now)
        return found

    def visitor_as(self, request: Request, role: Role) -> Visitor:
        """Return who is there, if their role covers one; raises LogInFirst and NotAllowed."""
        who = self.visitor(request)
        if not who.role.covers(role):
            raise NotAllowed(f"this page is for the role {role}")
        return who

    def worker(self, request: Request, filled: Filled) -> Visitor:
        """Return who sent a form, if they may change something; raises LogInFirst and NotAllowed."""
        who = self.visitor(request)
        self.check_form(request, who, filled)
        if who.role is Role.AUDITOR:
            raise NotAllowed("an auditor looks, and changes nothing")
        return who

    def is_unclaimed(self) -> bool:
        """Tell whether nobody may log in yet; once somebody may, that is so for good."""
        door = self.parts.door
        if door is None or door.is_shut:
            return False
        with self.parts.database.reading() as session:
            if is_anybody_there(session):
                door.shut()
        return not door.is_shut

    def page(self, template: str, who: Visitor | None, status: int = 200, **values: Any) -> Response:
        """Return a page."""
        menu = menu_for(who.role) if who and not who.must_change_password else []
        text = self._templates.get_template(template).render(visitor=who, menu=menu, **values)
        return HTMLResponse(text, status_code=status)

    def today(self, who: Visitor) -> date:
        """Return the local day of the visitor's organisation, of the first one where they see several."""
        return self.parts.now().astimezone(ZoneInfo(self.zone(who))).date()

    def zone(self, who: Visitor) -> str:
        """Return the time zone of the visitor's organisation, of the first one where they see several."""
        own = (box.organisation.timezone for box in self.parts.mailboxes if who.may_see(box.organisation.slug))
        return next(own, "UTC")

    def clocks(self, who: Visitor) -> str:
        """Return by whose clocks the days in a list of cases are told: those of a zone, or of each case's own."""
        zones = {box.timezone for box in self.parts.mailboxes if who.may_see(box.organisation.slug)}
        return f"days of {next(iter(zones), 'UTC')}" if len(zones) < 2 else "days by the clocks of each mailbox"

    def near(self, value: datetime | None, who: Visitor) -> str:
        """Return an instant as clocks show it where the visitor works; a dash for none."""
        return f"{value.astimezone(ZoneInfo(self.zone(who))):%Y-%m-%d %H:%M}" if value else "–"

    def local(self, value: object, mailbox: str) -> object:
        """Return an instant, given as such or as YYYY-MM-DDTHH:MM:SSZ, as clocks at a mailbox show it; else the value.

        A mailbox that is not configured any more counts in UTC.
        """
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            value = datetime.fromisoformat(value)
        zone = self._zone_at(mailbox)
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value

    def day_at(self, mailbox: str) -> date:
        """Return the local day at a mailbox: what is left of a time limit is counted from it, whoever looks."""
        return self.parts.now().astimezone(self._zone_at(mailbox)).date()

    def _zone_at(self, mailbox: str) -> ZoneInfo:
        return ZoneInfo(next((box.timezone for box in self.parts.mailboxes if box.name == mailbox), "UTC"))

    def check_form(self, request: Request, who: Visitor, filled: Filled) -> None:
        """Raise NotAllowed for a form that does not come from a page shown to this visitor."""
        if not secrets.compare_digest(one(filled, "csrf").encode(), who.csrf.encode()) or not is_same_origin(request):
            raise NotAllowed("this form is too old, or was not sent from this desk: load the page again")


def counted(number: int) -> str:
    """Return a count of the queue in words: where counting ended, that it may be more."""
    return f"{number:,}" if number < MOST else f"{MOST:,}+"


def span(passed: timedelta) -> str:
    """Return a span of time in words, in its largest unit."""
    minutes = max(int(passed.total_seconds() // 60), 0)
    for unit, size in (("day", 1440), ("hour", 60), ("minute", 1)):
        if minutes >= size:
            return f"{minutes // size} {unit}{'' if minutes // size == 1 else 's'}"
    return "less than a minute"


def is_same_origin(request: Request) -> bool:
    """Tell whether a form was sent from a page of this desk, as far as the browser says."""
    origin = request.headers.get("origin")
    return origin in (None, "null") or urlsplit(origin or "").netloc == request.headers.get("host", "")


def cookie_name(request: Request) -> str:
    """Return the name of the cookie that holds a log-in."""
    return _SECURE_COOKIE if request.url.scheme == "https" else COOKIE


def page_number(request: Request) -> int:
    """Return which page of a list is asked for, 1 for nonsense."""
    number = request.query_params.get("page", "1")
    return max(int(number), 1) if number.isdecimal() and len(number) < 7 else 1


def own_path(text: str) -> str:
    """Return a path of this desk, "/" for anything that could lead elsewhere."""
    is_own = text.startswith("/") and not text.startswith(("//", "/\\")) and not urlsplit(text).netloc
    return text if is_own else "/"


def unstripped(filled: Filled, *names: str) -> list[str]:
    """Return passwords as they were typed: spaces at their ends belong to them."""
    return [(filled.get(name) or [""])[0] for name in names]


def to(path: str) -> Response:
    """Send a browser to a page after a form."""
    return RedirectResponse(path, status_code=303)
