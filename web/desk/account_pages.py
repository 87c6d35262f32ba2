"""One's own account: password, one-time codes, recovery codes, and where one is logged in.

What changes a way to log in asks for the password again (ASVS 7.5.1), and ends all other log-ins.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from models.accounts import StaffMember
from models.audit import Action
from models.errors import NotAllowed
from web.desk.accounts import Visitor, change_password, end_sessions, kept_password, sessions_of
from web.desk.codes import enrol, new_secret, picture, provisioning_address, recovery_codes
from web.desk.forms import Filled, one
from web.desk.pages import FilledForm, Pages, own_path, to, unstripped
from web.desk.passwords import SHORTEST, fits

_WRONG = "the password is another one"
_MOST_WRONG = 10


@dataclass(frozen=True, slots=True)
class AccountPages:
    """The pages of one's own account."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/account", self.account, response_class=HTMLResponse)
        app.add_api_route("/account/codes", self.ask_codes, response_class=HTMLResponse)
        app.add_api_route("/password", self.ask_password, response_class=HTMLResponse)
        for path, deed in (
            ("/password", self.change_password),
            ("/account/codes", self.begin_codes),
            ("/account/codes/confirm", self.confirm_codes),
            ("/account/recovery", self.renew_recovery),
            ("/account/sessions", self.end_sessions),
        ):
            app.add_api_route(path, deed, methods=["POST"], response_class=HTMLResponse)

    def account(self, request: Request) -> Response:
        """Show one's own account."""
        return self._account(self.pages.visitor(request, may_owe_codes=True), told=request.query_params.get("told", ""))

    def ask_password(self, request: Request) -> Response:
        """Ask for another password."""
        return self._password(self._chooser(request), own_path(request.query_params.get("next", "/")))

    def change_password(self, request: Request, filled: FilledForm) -> Response:
        """Change the password, which logs out everywhere; the next log-in leads on to where they were going."""
        who, target = self._chooser(request), own_path(one(filled, "next") or "/")
        self.pages.check_form(request, who, filled)
        old, new, again = unstripped(filled, "old", "new", "again")
        try:
            self._check_password(who, old)
            if new != again:
                raise NotAllowed("the two new passwords differ")
            names = (
                who.name,
                *(f"{box.organisation.slug} {box.organisation.name}" for box in self.pages.parts.mailboxes),
            )
            self._change(who, "password", lambda session, _: change_password(session, who.member_id, new, names))
        except NotAllowed as error:
            return self._password(who, target, 409, str(error))
        return to(f"/login?{urlencode({'told': 'password', 'next': target})}")

    def ask_codes(self, request: Request) -> Response:
        """Ask for the password, before a device is enrolled."""
        who = self.pages.visitor(request, may_owe_codes=True)
        return self._codes(who, own_path(request.query_params.get("next", "/account")))

    def begin_codes(self, request: Request, filled: FilledForm) -> Response:
        """Show a fresh secret as a picture; it counts once a code of it was typed."""
        who, parts, secret = self._sender(request, filled), self.pages.parts, new_secret()
        target = own_path(one(filled, "next") or "/account")
        try:
            self._check_password(who, *unstripped(filled, "password"))
        except NotAllowed as error:
            return self._codes(who, target, 409, str(error))
        with parts.database.transaction() as session:
            _member(session, who).totp_pending = parts.vault.seal_secret(secret.encode())
        return self._shown_secret(who, secret, target)

    def confirm_codes(self, request: Request, filled: FilledForm) -> Response:
        """Take the secret that was shown, if the code fits; recovery codes are told once."""
        who, parts, target = (
            self._sender(request, filled),
            self.pages.parts,
            own_path(one(filled, "next") or "/account"),
        )
        with parts.database.reading() as session:
            pending = _member(session, who).totp_pending
        if pending is None:
            return to("/account/codes")
        secret = parts.vault.open_secret(pending).decode()
        try:
            code, now = one(filled, "code"), parts.now()
            told = self._change(who, "codes", lambda _, member: enrol(member, parts.vault, secret, code, now))
        except NotAllowed as error:
            return self._shown_secret(who, secret, target, 409, str(error))
        return self.pages.page("recovery.html", who, codes=told, next=target)

    def renew_recovery(self, request: Request, filled: FilledForm) -> Response:
        """Make new recovery codes, told once; the old ones count no more."""
        who = self._sender(request, filled)
        try:
            self._check_password(who, *unstripped(filled, "password"))
            told = self._change(who, "recovery codes", _renew)
        except NotAllowed as error:
            return self._account(who, 409, str(error))
        return self.pages.page("recovery.html", who, codes=told, next="/account")

    def end_sessions(self, request: Request, filled: FilledForm) -> Response:
        """End one of one's own log-ins, or all but this one."""
        who, handle = self._sender(request, filled), one(filled, "handle")
        with self.pages.parts.database.transaction() as session:
            end_sessions(session, who.member_id, only=handle, but="" if handle else who.session)
            self._record(session, who, "sessions")
        return to("/account?told=sessions")

    def _chooser(self, request: Request) -> Visitor:
        """Return who is there, also who may do nothing before they have chosen a password."""
        return self.pages.visitor(request, may_owe_codes=True, may_owe_password=True)

    def _sender(self, request: Request, filled: Filled) -> Visitor:
        who = self.pages.visitor(request, may_owe_codes=True)
        self.pages.check_form(request, who, filled)
        return who

    def _check_password(self, who: Visitor, password: str) -> None:
        """Raise NotAllowed where this is not the visitor's password; who tries on and on is logged out everywhere."""
        with self.pages.parts.database.reading() as session:
            kept = kept_password(session, who.name)
        is_right = fits(kept, password)
        with self.pages.parts.database.transaction() as session:
            member = _member(session, who)
            member.failed_logins = 0 if is_right else member.failed_logins + 1
            if member.failed_logins >= _MOST_WRONG:
                member.failed_logins = 0
                end_sessions(session, who.member_id)
        if not is_right:
            raise NotAllowed(_WRONG)

    def _change(self, who: Visitor, what: str, change: Callable[[Session, StaffMember], object]) -> object:
        """Change an account, end the other log-ins, and put it on record; return what is to be told."""
        with self.pages.parts.database.transaction() as session:
            told = change(session, _member(session, who))
            end_sessions(session, who.member_id, but=who.session)
            self._record(session, who, what)
        return told

    def _record(self, session: Session, who: Visitor, what: str) -> None:
        parts = self.pages.parts
        parts.audit.append(session, Action.ACCOUNT_CHANGED, at=parts.now(), actor=who.name, details={"what": what})

    def _account(self, who: Visitor, status: int = 200, problem: str = "", told: str = "") -> Response:
        with self.pages.parts.database.reading() as session:
            member, now = _member(session, who), self.pages.parts.now()
            return self.pages.page(
                "account.html",
                who,
                status,
                problem=problem,
                told="Logged out there." if told == "sessions" else "",
                sessions=sessions_of(session, who.member_id, now),
                recovery_left=len(member.recovery_hashes),
            )

    def _password(self, who: Visitor, target: str, status: int = 200, problem: str = "") -> Response:
        return self.pages.page("password.html", who, status, problem=problem, shortest=SHORTEST, next=target)

    def _codes(self, who: Visitor, target: str, status: int = 200, problem: str = "") -> Response:
        is_owed = self.pages.parts.rules.requires_codes and not who.has_codes
        return self._enrolling(who, target, status, problem, is_owed=is_owed)

    def _shown_secret(self, who: Visitor, secret: str, target: str, status: int = 200, problem: str = "") -> Response:
        shown = picture(provisioning_address(secret, who.name))
        return self._enrolling(who, target, status, problem, picture=shown, secret=secret)

    def _enrolling(
        self,
        who: Visitor,
        target: str,
        status: int,
        problem: str,
        *,
        is_owed: bool = False,
        picture: str = "",
        secret: str = "",
    ) -> Response:
        values = {"is_owed": is_owed, "picture": picture, "secret": secret}
        return self.pages.page("codes.html", who, status, problem=problem, next=target, **values)


def _member(session: Session, who: Visitor) -> StaffMember:
    """Return a visitor's row; raises NotAllowed for who logs in elsewhere: there is nothing to change here."""
    member = session.get(StaffMember, who.member_id, with_for_update=True)
    if member is None:
        raise NotAllowed("this account is gone")
    return member


def _renew(_session: Session, member: StaffMember) -> list[str]:
    if member.totp_sealed is None:
        raise NotAllowed("one-time codes come first")
    codes, member.recovery_hashes = recovery_codes()
    return codes
