"""Who may log in: add, change, switch off, help out, log out.

Administrators of one organisation see its people alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session, col, select

from models.accounts import StaffMember
from models.audit import Action, AuditEntry
from models.errors import NotAllowed, NotFound
from models.staff import Role
from web.desk.accounts import Visitor, end_sessions, sessions_of
from web.desk.admin.entry import administrator, organisations, record
from web.desk.forms import Filled, one
from web.desk.members import LONGEST_NAME, Given, Newcomer, add_member, change_member, reset_member
from web.desk.pages import FilledForm, Number, Pages, to

_FAILURES_SHOWN = 20
_TOLD = {
    "changed": "Changed, and logged out everywhere.",
    "off": "Switched off, and logged out everywhere.",
    "on": "Switched on.",
    "sessions": "Logged out everywhere.",
    "unlocked": "May try again at once.",
}
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class PeoplePages:
    """The list of people, and one of them."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/admin/people", self.people, response_class=HTMLResponse)
        app.add_api_route("/admin/people", self.add, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/admin/people/{number}", self.person, response_class=HTMLResponse)
        for name, deed in (
            ("change", self.change),
            ("off", self.switch_off),
            ("on", self.switch_on),
            ("reset", self.reset),
            ("sessions", self.end_sessions),
            ("unlock", self.unlock),
        ):
            app.add_api_route(f"/admin/people/{{number}}/{name}", deed, methods=["POST"], response_class=HTMLResponse)

    def people(self, request: Request) -> Response:
        """Show who may log in."""
        return self._people(administrator(self.pages, request))

    def add(self, request: Request, filled: FilledForm) -> Response:
        """Add somebody; their first password is shown once."""
        who, parts = administrator(self.pages, request, filled), self.pages.parts
        try:
            newcomer = Newcomer(one(filled, "name"), _role(filled), self._organisation(who, filled))
            with parts.database.transaction() as session:
                given = add_member(session, parts.vault, newcomer, parts.now(), with_codes=False)
                self._record(session, who, newcomer.name, "added", role=newcomer.role)
        except NotAllowed as error:
            return self._people(who, 409, str(error), filled)
        return self._told_once(who, " ".join(newcomer.name.split()), given)

    def person(self, request: Request, number: Number) -> Response:
        """Show one of them."""
        who = administrator(self.pages, request)
        return self._person(who, number, told=_TOLD.get(request.query_params.get("told", ""), ""))

    def change(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Give somebody another role or organisation."""

        def deed(session: Session, who: Visitor, member: StaffMember) -> None:
            """Give somebody another role or organisation."""
            role, organisation = _role(filled), self._organisation(who, filled)
            change_member(session, member.name, role, is_active=member.is_active, organisation=organisation)
            self._record(session, who, member.name, "changed", role=role, organisation=organisation)

        return self._do(request, number, filled, deed, "changed")

    def switch_off(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Let somebody in no more."""

        def deed(session: Session, who: Visitor, member: StaffMember) -> None:
            """Switch somebody off."""
            change_member(session, member.name, None, is_active=False)
            self._record(session, who, member.name, "off")

        return self._do(request, number, filled, deed, "off")

    def switch_on(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Let somebody in again."""

        def deed(session: Session, who: Visitor, member: StaffMember) -> None:
            """Switch somebody on again."""
            change_member(session, member.name, None, is_active=True)
            self._record(session, who, member.name, "on")

        return self._do(request, number, filled, deed, "on")

    def end_sessions(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Log somebody out everywhere (ASVS 7.4.5)."""

        def deed(session: Session, who: Visitor, member: StaffMember) -> None:
            """End somebody's log-ins."""
            end_sessions(session, member.id or 0)
            self._record(session, who, member.name, "sessions")

        return self._do(request, number, filled, deed, "sessions")

    def unlock(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Let somebody try again who is locked out."""

        def deed(session: Session, who: Visitor, member: StaffMember) -> None:
            """Let somebody try to log in again."""
            member.failed_logins, member.locked_until = 0, None
            self._record(session, who, member.name, "unlocked")

        return self._do(request, number, filled, deed, "unlocked")

    def reset(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Give somebody a new first password, shown once; their codes are gone, and they are logged out."""
        parts = self.pages.parts

        def deed(session: Session, who: Visitor, member: StaffMember) -> tuple[str, Given]:
            """Give somebody a new password, and return it."""
            given = reset_member(session, parts.vault, member.name, with_codes=False)
            self._record(session, who, member.name, "reset")
            return member.name, given

        who = administrator(self.pages, request, filled)
        try:
            name, given = self._done(who, number, deed)
        except NotAllowed as error:
            return self._person(who, number, 409, str(error))
        return self._told_once(who, name, given)

    def _do(
        self,
        request: Request,
        number: int,
        filled: Filled,
        deed: Callable[[Session, Visitor, StaffMember], None],
        told: str,
    ) -> Response:
        who = administrator(self.pages, request, filled)
        try:
            self._done(who, number, deed)
        except NotAllowed as error:
            return self._person(who, number, 409, str(error))
        return to(f"/admin/people/{number}?told={told}")

    def _done(self, who: Visitor, number: int, deed: Callable[[Session, Visitor, StaffMember], Told]) -> Told:
        with self.pages.parts.database.transaction() as session:
            return deed(session, who, _member(session, who, number))

    def _record(self, session: Session, who: Visitor, name: str, deed: str, **more: object) -> None:
        record(self.pages, session, who, Action.STAFF_CHANGED, {"member": name, "deed": deed, **more})

    def _organisation(self, who: Visitor, filled: Filled) -> str:
        """Return whose cases somebody is to see; raises NotAllowed for those that are not the visitor's to give."""
        slug = one(filled, "organisation")
        if not who.may_see(slug) or (slug and slug not in self._slugs(who)):
            raise NotAllowed("choose an organisation of the list")
        return slug

    def _slugs(self, who: Visitor) -> list[str]:
        return [one.slug for one in organisations(self.pages, who)]

    def _people(self, who: Visitor, status: int = 200, problem: str = "", filled: Filled | None = None) -> Response:
        query = select(StaffMember).order_by(col(StaffMember.name))
        if who.organisation:
            query = query.where(col(StaffMember.organisation) == who.organisation)
        with self.pages.parts.database.reading() as session:
            return self.pages.page(
                "admin/people.html",
                who,
                status,
                problem=problem,
                filled=filled or {},
                people=session.exec(query).all(),
                roles=Role,
                slugs=self._slugs(who),
                longest=LONGEST_NAME,
                now=self.pages.parts.now(),
            )

    def _person(self, who: Visitor, number: int, status: int = 200, problem: str = "", told: str = "") -> Response:
        with self.pages.parts.database.reading() as session:
            member, now = _member(session, who, number), self.pages.parts.now()
            return self.pages.page(
                "admin/person.html",
                who,
                status,
                problem=problem,
                told=told,
                member=member,
                is_locked=member.locked_until is not None and now < member.locked_until,
                sessions=sessions_of(session, number, now),
                failures=_failures(session, member.name),
                roles=Role,
                slugs=self._slugs(who),
            )

    def _told_once(self, who: Visitor, name: str, given: Given) -> Response:
        return self.pages.page("admin/given.html", who, name=name, password=given.password)


def _member(session: Session, who: Visitor, number: int) -> StaffMember:
    """Return somebody a visitor may administrate; raises NotFound for nobody and for others, alike."""
    is_possible = 0 < number < 2**31
    member = session.get(StaffMember, number, with_for_update=True) if is_possible else None
    if member is None or not who.may_see(member.organisation):
        raise NotFound("there is nobody of that number")
    return member


def _failures(session: Session, name: str) -> list[AuditEntry]:
    """Return the last wrong tries under a name."""
    query = select(AuditEntry).where(col(AuditEntry.action) == Action.LOGIN_FAILED, col(AuditEntry.actor) == name)
    return list(session.exec(query.order_by(col(AuditEntry.seq).desc()).limit(_FAILURES_SHOWN)))


def _role(filled: Filled) -> Role:
    try:
        return Role(one(filled, "role"))
    except ValueError as error:
        raise NotAllowed("choose a role of the list") from error
