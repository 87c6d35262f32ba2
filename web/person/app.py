"""The routes of the requester's page and of the page that shows a code."""

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from cases.clocks import OfficeClock
from cases.handing_in import LONGEST_MESSAGE, submissions_of
from cases.office import Office
from cases.person_view import view_of
from cases.proof_links import live_proof_of
from cases.proving import show_code
from cases.situation import situation_of
from models.errors import NotAllowed, NotFound
from models.person import PersonLink, Refusal, Refused
from models.staff import REQUESTER
from store.authorities import authority
from store.link_tokens import LinkPurpose, new_nonce
from web.desk.pages import is_same_origin, to
from web.desk.parts import DeskParts
from web.person.acts import ACTS
from web.person.entrance import Entrance, Guest, TurnedAway
from web.person.file_check import ACCEPTED
from web.person.form import MEBIBYTE, PersonForm, read_form

_PAGE, _PROOF = LinkPurpose.PAGE, LinkPurpose.PROOF


def add_person_pages(app: FastAPI, parts: DeskParts) -> None:
    """Add the pages for requesters to an application that has the desk's style sheet and headers."""
    pages = PersonPages(Entrance(parts))
    app.add_api_route("/s/{token}", pages.show, response_class=HTMLResponse)
    app.add_api_route("/s/{token}/withdraw", pages.ask_withdrawal, response_class=HTMLResponse)
    app.add_api_route("/s/{token}/{act}", pages.act, methods=["POST"], response_class=HTMLResponse)
    app.add_api_route("/p/{token}", pages.show_proof, response_class=HTMLResponse)
    app.add_api_route("/p/{token}", pages.show_code, methods=["POST"], response_class=HTMLResponse)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A deed that was not done: what was tried, with what, and why it was not."""

    act: str
    form: PersonForm
    why: Refusal

    @property
    def message(self) -> str:
        """Return what was written, to be kept on the page."""
        return self.form.word("message") if self.act == "message" else ""


@dataclass(frozen=True)
class PersonPages:
    """What requesters see and do."""

    entrance: Entrance

    def show(self, request: Request, token: str) -> Response:
        """Show where the request stands."""
        told = request.query_params.get("told", "")
        return self.entrance.admitted(
            request, _PAGE, token, lambda session, guest: self._shown(request, session, guest, token, told=told)
        )

    def ask_withdrawal(self, request: Request, token: str) -> Response:
        """Ask once more before a request is withdrawn."""

        def confirm(session: Session, guest: Guest) -> Response:
            """Ask once more, or lead back where nothing can be withdrawn."""
            words = self.entrance.words(request, guest)
            values = self._values(session, guest, token)
            if not values["view"].can_withdraw:
                return to(f"/s/{token}?lang={words.language}")
            return self.entrance.page("withdraw.html", words, **values)

        return self.entrance.admitted(request, _PAGE, token, confirm)

    async def act(self, request: Request, token: str, act: str) -> Response:
        """Do one of the few deeds of a requester; what is refused is told on the page."""
        try:
            # Before anything is read: who has no link sends us no files.
            await run_in_threadpool(self._knock, request, token)
        except TurnedAway as why:
            return await run_in_threadpool(self.entrance.turned_away, request, why)
        form = await read_form(request, self.entrance.parts.page.upload_mb * MEBIBYTE)
        return await run_in_threadpool(self._done, request, token, act, form)

    def _knock(self, request: Request, token: str) -> None:
        self.entrance.check_rate(request, _PAGE, token)
        with self.entrance.parts.database.reading() as session:
            self.entrance.guest(request, session, _PAGE, token)

    def _done(self, request: Request, token: str, act: str, form: PersonForm) -> Response:
        try:
            with self.entrance.parts.database.reading() as session:
                guest = self.entrance.guest(request, session, _PAGE, token)
            told = self._do(request, guest, act, form)
        except (TurnedAway, NotFound):
            return self.entrance.turned_away(request, TurnedAway(404))
        except NotAllowed as error:
            return self._refused(request, token, Attempt(act, form, _reason(error)))
        language = self.entrance.words(request, guest, form.word("lang")).language
        return to(f"/s/{token}?told={told}&lang={language}")

    def _refused(self, request: Request, token: str, attempt: "Attempt") -> Response:
        with self.entrance.parts.database.reading() as session:
            try:
                guest = self.entrance.guest(request, session, _PAGE, token)
            except TurnedAway as why:
                return self.entrance.turned_away(request, why)
            return self._shown(request, session, guest, token, attempt=attempt)

    def _do(self, request: Request, guest: Guest, act: str, form: PersonForm) -> str:
        """Do it, in one transaction in which the link is still good; return what is told."""
        if act not in ACTS:
            raise NotFound("there is no such deed")
        is_from_here = request.headers.get("sec-fetch-site") in (None, "none", "same-origin")
        if not is_from_here or not is_same_origin(request):
            raise Refused(Refusal.FORM_FROM_ELSEWHERE)
        if form.problem is not None:
            raise Refused(form.problem)
        parts, deed = self.entrance.parts, ACTS[act](form)

        def done(office: Office) -> object:
            """Do it in the case, while the link lives."""
            link = office.session.get(PersonLink, guest.nonce, with_for_update=True)
            if link is None or link.revoked_at is not None or link.ends_at <= parts.now():
                raise NotFound("the link ended")
            return deed(office)

        refusal = parts.do(REQUESTER, guest.reference, done, "", "")
        if isinstance(refusal, Refusal):
            raise Refused(refusal)
        return act

    def _shown(
        self,
        request: Request,
        session: Session,
        guest: Guest,
        token: str,
        *,
        told: str = "",
        attempt: "Attempt | None" = None,
    ) -> Response:
        words = self.entrance.words(request, guest, attempt.form.word("lang") if attempt else "")
        values = self._values(session, guest, token)
        told = told if told in ACTS else ""
        return self.entrance.page("person.html", words, 409 if attempt else 200, told=told, attempt=attempt, **values)

    def _values(self, session: Session, guest: Guest, token: str) -> dict[str, Any]:
        parts, case = self.entrance.parts, guest.case
        clock, organisation = OfficeClock(guest.mailbox), guest.mailbox.organisation
        link = session.get(PersonLink, guest.nonce)
        codes = dict.fromkeys(code.upper() for code in (organisation.lead_authority, *organisation.authorities))
        return {
            "token": token,
            "view": view_of(situation_of(session, case, clock, parts.now()), submissions_of(session, case), clock),
            "organisation": organisation,
            "authorities": [authority(code) for code in codes],
            "has_proof": live_proof_of(session, case, parts.now()) is not None,
            "until": clock.local_date(link.ends_at) if link else None,
            "form_key": new_nonce(),
            "limits": parts.page,
            "longest": LONGEST_MESSAGE,
            "accepted": ACCEPTED,
            "contact_language": organisation.language_for(case.language),
        }

    # -- the page that shows a code

    def show_proof(self, request: Request, token: str) -> Response:
        """Show a button: mail scanners open links, and press none."""
        return self.entrance.admitted(
            request, _PROOF, token, lambda _, guest: self._proof_page(request, guest, token, "")
        )

    def show_code(self, request: Request, token: str) -> Response:
        """Show a fresh code."""
        try:
            self.entrance.check_rate(request, _PROOF, token)
            with self.entrance.parts.database.reading() as session:
                guest = self.entrance.guest(request, session, _PROOF, token)
            reference, nonce = guest.reference, guest.nonce
            code = self.entrance.parts.do(REQUESTER, reference, lambda office: show_code(office, nonce), "", "")
        except (TurnedAway, NotFound) as why:
            return self.entrance.turned_away(request, why if isinstance(why, TurnedAway) else TurnedAway(404))
        except Refused as error:
            return self._proof_page(request, guest, token, "", error.why)
        return self._proof_page(request, guest, token, str(code))

    def _proof_page(
        self, request: Request, guest: Guest, token: str, code: str, problem: Refusal | None = None
    ) -> Response:
        words, organisation = self.entrance.words(request, guest), guest.mailbox.organisation
        status = 409 if problem else 200
        return self.entrance.page(
            "proof.html", words, status, token=token, code=code, problem=problem, organisation=organisation
        )


def _reason(error: NotAllowed) -> Refusal:
    """Return what the page can tell; rules of casework speak to staff, and mean that the time for it is over."""
    return error.why if isinstance(error, Refused) else Refusal.NOT_NOW
