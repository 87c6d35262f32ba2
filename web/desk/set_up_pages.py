"""Making the first administrator. These pages are there only while nobody may log in, and then never again."""

import base64
import binascii
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from models.audit import Action
from models.errors import NotAllowed, NotFound, PermanentFailure
from models.staff import Role
from web.desk.codes import enrol, new_secret, picture, provisioning_address
from web.desk.forms import Filled, one
from web.desk.members import LONGEST_NAME, Newcomer, is_anybody_there, new_member
from web.desk.pages import FilledForm, Pages, is_same_origin, unstripped
from web.desk.passwords import SHORTEST, check_password, hashed
from web.desk.set_up_door import forget_code
from web.throttle import Throttle

_WRONG = "This is not the code. It stands where rightsdesk was started; after ten wrong tries there is another."
_TOO_MANY = "Too many wrong tries from where you are. Wait a quarter of an hour, then try again."


@dataclass(frozen=True, slots=True)
class SetUpPages:
    """The pages of a desk that nobody owns yet."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/setup", self.ask, response_class=HTMLResponse)
        app.add_api_route("/setup", self.knock, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/setup/administrator", self.make, methods=["POST"], response_class=HTMLResponse)

    def ask(self) -> Response:
        """Ask for the code."""
        self._check_open()
        return self.pages.page("setup.html", None, problem="")

    def knock(self, request: Request, filled: FilledForm) -> Response:
        """Take the code, and ask who is to be the first administrator."""
        refusal = self._refusal(request, filled)
        return refusal or self._asked(filled, new_secret())

    def make(self, request: Request, filled: FilledForm) -> Response:
        """Make the first administrator: of two who try at once, one."""
        refusal = self._refusal(request, filled)
        if refusal:
            return refusal
        secret = self._secret(filled)
        try:
            told = self._made(filled, secret)
        except NotAllowed as error:
            return self._asked(filled, secret, 409, str(error))
        if self.pages.parts.door:
            self.pages.parts.door.shut()
        return self.pages.page("recovery.html", None, codes=told, next="/login?next=%2Fadmin")

    def _check_open(self) -> None:
        if not self.pages.is_unclaimed():
            raise NotFound("there is no such page")

    def _refusal(self, request: Request, filled: Filled) -> Response | None:
        """Return why a form is not taken, None where it is."""
        self._check_open()
        parts, door = self.pages.parts, self.pages.parts.door
        throttle = Throttle(parts.vault, "set-up")
        place = throttle.place(request)
        if not is_same_origin(request):
            return self.pages.page("setup.html", None, 403, problem="This form was not sent from this desk.")
        with parts.database.reading() as session:
            must_wait = throttle.seconds_to_wait(session, place, parts.now())
        if must_wait:
            return self.pages.page("setup.html", None, 429, problem=_TOO_MANY)
        if door is None or not door.opens_to(one(filled, "door"), parts.now()):
            with parts.database.transaction() as session:
                throttle.count(session, place, parts.now())
            return self.pages.page("setup.html", None, 401, problem=_WRONG)
        return None

    def _made(self, filled: Filled, secret: str) -> list[str]:
        parts, name = self.pages.parts, one(filled, "name")
        password, again = unstripped(filled, "password", "again")
        if password != again:
            raise NotAllowed("the two passwords differ")
        check_password(password, (name,))
        kept = hashed(password)
        with parts.database.transaction() as session:
            parts.audit.hold(session)
            if is_anybody_there(session):
                raise NotFound("there is no such page")
            member = new_member(session, Newcomer(name, Role.ADMINISTRATOR), parts.now())
            member.password_hash, member.must_change_password = kept, False
            codes = enrol(member, parts.vault, secret, one(filled, "code"), parts.now())
            session.add(member)
            forget_code(session)
            details = {"member": member.name, "deed": "added", "role": Role.ADMINISTRATOR}
            parts.audit.append(session, Action.STAFF_CHANGED, at=parts.now(), actor="set-up", details=details)
        return codes

    def _secret(self, filled: Filled) -> str:
        """Return the secret that was shown, which the form carries sealed; raises NotAllowed."""
        try:
            return self.pages.parts.vault.open_secret(base64.b64decode(one(filled, "sealed"), validate=True)).decode()
        except (PermanentFailure, binascii.Error, ValueError) as error:
            raise NotAllowed("this form is too old: begin again at /setup") from error

    def _asked(self, filled: Filled, secret: str, status: int = 200, problem: str = "") -> Response:
        return self.pages.page(
            "setup_administrator.html",
            None,
            status,
            problem=problem,
            door=one(filled, "door"),
            name=one(filled, "name"),
            sealed=base64.b64encode(self.pages.parts.vault.seal_secret(secret.encode())).decode(),
            picture=picture(provisioning_address(secret, "administrator")),
            secret=secret,
            shortest=SHORTEST,
            longest_name=LONGEST_NAME,
        )
