"""Opening a case by hand: what came by phone, post, chat or in person, or with a mail that could not be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from models.by_hand import HandRequest
from models.case import Channel
from models.errors import NotAllowed, NotFound
from models.organisation import Mailbox
from models.staff import Role
from models.verdict import Kind
from web.desk.accounts import Visitor
from web.desk.deeds.fields import address, choice, moment, number, several
from web.desk.forms import Filled, one
from web.desk.mail_files import sealed_of
from web.desk.pages import FilledForm, Pages, to


@dataclass(frozen=True, slots=True)
class HandPages:
    """The form for requests that did not come by mail."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/cases/new", self.ask, response_class=HTMLResponse)
        app.add_api_route("/cases/new", self.open, methods=["POST"], response_class=HTMLResponse)

    def ask(self, request: Request) -> Response:
        """Show the form; with `mail`, for a mail of the quarantine."""
        who = self.pages.visitor(request)
        if who.role is Role.AUDITOR:
            raise NotAllowed("an auditor looks, and changes nothing")
        return self._shown(who, self._preset(who, request.query_params.get("mail", "")))

    def open(self, request: Request, filled: FilledForm) -> Response:
        """Open the case; what is refused is told beside what was filled in."""
        who = self.pages.visitor(request)
        try:
            self.pages.check_form(request, who, filled)
            if who.role is Role.AUDITOR:
                raise NotAllowed("an auditor looks, and changes nothing")
            reference = self.pages.parts.open_case(self._request(who, filled), who.name)
        except (NotAllowed, NotFound) as error:
            return self._shown(who, filled, str(error))
        return to(f"/cases/{reference}?{urlencode({'told': 'opened'})}")

    def _request(self, who: Visitor, filled: Filled) -> HandRequest:
        mailbox = next((box for box in self._mailboxes(who) if box.name == one(filled, "mailbox")), None)
        if mailbox is None:
            raise NotAllowed("mailbox: choose one of the list")
        mail = number(filled, "mail", "mail") if one(filled, "mail") else None
        if mail is not None:
            with self.pages.parts.database.reading() as session:
                sealed_of(session, who, "mail", mail)
        return HandRequest(
            mailbox=mailbox.name,
            kinds=several(Kind, filled, "kinds"),
            received_at=moment(filled, "received", mailbox.timezone),
            channel=choice(Channel, filled, "channel"),
            address=address(filled, "address"),
            name=" ".join(one(filled, "name").split())[:200],
            language=one(filled, "language")[:8] or mailbox.organisation.languages[0],
            words=one(filled, "words"),
            message=mail,
        )

    def _preset(self, who: Visitor, mail: str) -> Mapping[str, Sequence[str]]:
        if not mail:
            return {"channel": [Channel.PHONE]}
        with self.pages.parts.database.reading() as session:
            found = sealed_of(session, who, "mail", number({"mail": [mail]}, "mail", "mail")).row
            received = getattr(found, "received_at", None)
            local = str(self.pages.local(received, found.mailbox)).replace(" ", "T")
            return {"mail": [mail], "mailbox": [found.mailbox], "received": [local], "channel": [Channel.EMAIL]}

    def _mailboxes(self, who: Visitor) -> list[Mailbox]:
        return [box for box in self.pages.parts.mailboxes if who.may_see(box.organisation.slug)]

    def _shown(self, who: Visitor, filled: Filled, problem: str = "") -> Response:
        boxes = self._mailboxes(who)
        languages = dict.fromkeys(language for box in boxes for language in box.organisation.languages)
        return self.pages.page(
            "hand.html",
            who,
            409 if problem else 200,
            filled=filled,
            problem=problem,
            mailboxes=boxes,
            languages=tuple(languages),
            channels=Channel,
            kinds=Kind,
        )
