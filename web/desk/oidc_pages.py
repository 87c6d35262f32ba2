"""Logging in by the identity provider: there, back, and who that is here."""

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session, col, select

from models.accounts import StaffMember
from models.audit import Action
from models.errors import NotAllowed, NotFound, PermanentFailure
from web.desk.accounts import begin_session, browser_words, end_sessions
from web.desk.figure_links import end_links_beyond
from web.desk.kept_words import Kept
from web.desk.login_pages import with_session
from web.desk.members import LONGEST_NAME, Newcomer, new_member
from web.desk.oidc import Claimed, Provider
from web.desk.pages import Pages, own_path

_BEGUN = "desk-oidc"
_MINUTES = 10


@dataclass(frozen=True, slots=True)
class OidcPages:
    """The way to the identity provider and back."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/login/oidc", self.begin, response_class=HTMLResponse)
        app.add_api_route("/login/oidc/back", self.finish, response_class=HTMLResponse)

    def begin(self, request: Request) -> Response:
        """Send a browser to the identity provider."""
        target, now = own_path(request.query_params.get("next", "/")), self.pages.parts.now()
        try:
            address, sealed = self._provider().begin(_back(request), target, now)
        except NotAllowed as error:
            return self._refused(error)
        answer = RedirectResponse(address, status_code=303)
        # Lax: the way back begins at the provider, and the browser must bring this along.
        is_secure = request.url.scheme == "https"
        answer.set_cookie(
            _cookie(request), sealed, max_age=_MINUTES * 60, httponly=True, samesite="lax", secure=is_secure, path="/"
        )
        return answer

    def finish(self, request: Request) -> Response:
        """Let in who came back with a token that holds."""
        provider, parts = self._provider(), self.pages.parts
        browser = browser_words(request.headers.get("user-agent", ""))
        try:
            sealed = bytes.fromhex(request.cookies.get(_cookie(request), ""))
            claimed, target = provider.finish(sealed, request.query_params, _back(request), parts.now())
            with parts.database.transaction() as session:
                member = self._member(session, claimed)
                token = begin_session(session, parts.audit, member, browser, parts.now())
        except (NotAllowed, PermanentFailure, ValueError) as error:
            unknown = NotAllowed("this log-in was not begun in this browser: begin again")
            return self._refused(error if isinstance(error, NotAllowed) else unknown)
        # Not a redirect: browsers keep a strict cookie back on a way that began elsewhere.
        answer = with_session(request, self.pages.page("arrived.html", None, target=target), token)
        answer.delete_cookie(_cookie(request), path="/", secure=request.url.scheme == "https", httponly=True)
        return answer

    def _provider(self) -> Provider:
        if self.pages.parts.oidc is None:
            raise NotFound("there is no such page")
        return self.pages.parts.oidc

    def _member(self, session: Session, claimed: Claimed) -> StaffMember:
        """Return the member that somebody is here, made or changed as the provider says; raises NotAllowed."""
        parts = self.pages.parts
        is_theirs = (col(StaffMember.oidc_issuer) == claimed.issuer, col(StaffMember.oidc_subject) == claimed.subject)
        known = select(StaffMember).where(*is_theirs).with_for_update()
        member = session.exec(known).first()
        if member is None:
            parts.audit.hold(session)
            member = session.exec(known).first()  # the same person may come in by two tabs
        details = {"role": claimed.role, "organisation": claimed.organisation, "by": "identity provider"}
        if member is None:
            name = " ".join(claimed.name.split())[:LONGEST_NAME]
            member = new_member(session, Newcomer(name, claimed.role, claimed.organisation), parts.now())
            member.oidc_issuer, member.oidc_subject = claimed.issuer, claimed.subject
            member.must_change_password = False
            session.add(member)
            session.flush()
            details |= {"deed": "added"}
        elif not member.is_active:
            raise NotAllowed("you were switched off here: ask who administrates the desk")
        elif (member.role, member.organisation) != (claimed.role, claimed.organisation):
            member.role, member.organisation = claimed.role, claimed.organisation
            end_sessions(session, member.id or 0)
            end_links_beyond(session, member)
            details |= {"deed": "changed"}
        if "deed" in details:
            details |= {"member": member.name}
            parts.audit.append(session, Action.STAFF_CHANGED, at=parts.now(), actor=member.name, details=details)
        return member

    def _refused(self, error: NotAllowed) -> Response:
        return self.pages.page(
            "problem.html", None, 403, title="Not let in", problem=str(error), advice="", back="", kept=Kept()
        )


def _back(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/login/oidc/back"


def _cookie(request: Request) -> str:
    return f"__Host-{_BEGUN}" if request.url.scheme == "https" else _BEGUN
