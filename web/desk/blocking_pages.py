"""Blocked senders: the list, and what staff do with it."""

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from cases.blocking import Block, block, blocked_senders, unblock
from ingest.parse import parse
from models.audit import Action
from models.blocking import BlockedSender
from models.errors import NotAllowed, NotFound, PermanentFailure
from models.message import Message
from models.organisation import Organisation
from models.staff import Role
from web.desk.accounts import Visitor
from web.desk.deeds.fields import day
from web.desk.forms import Filled, one
from web.desk.mail_files import sealed_of
from web.desk.pages import FilledForm, Number, Pages, to

_TOLD = {
    "blocked": "Blocked. Ordinary mail from there is filed from now on.",
    "undone": "No longer blocked. What was filed meanwhile stays so.",
}


@dataclass(frozen=True, slots=True)
class BlockingPages:
    """The list of blocked senders."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/mail/blocked", self.list, response_class=HTMLResponse)
        app.add_api_route("/mail/blocked", self.block, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/mail/blocked/{number}/undo", self.undo, methods=["POST"], response_class=HTMLResponse)

    def list(self, request: Request) -> Response:
        """Show who is blocked; with the sender of a mail filled in, where one is named."""
        who, asked = self.pages.visitor(request), request.query_params.get("mail", "")
        told = _TOLD.get(request.query_params.get("told", ""), "")
        return self._shown(who, self._sender_of(who, asked) if asked else {}, told=told)

    def block(self, request: Request, filled: FilledForm) -> Response:
        """Block an address or a domain."""
        who, parts = self._may_act(request, filled), self.pages.parts
        try:
            wanted = Block(one(filled, "name"), one(filled, "reason"), day(filled, "until"))
            own = [box.address for box in parts.mailboxes]
            with parts.database.transaction() as session:
                block(session, parts.audit, self._organisation(who, filled), wanted, own, parts.now(), who.name)
        except NotAllowed as error:
            return self._shown(who, {name: one(filled, name) for name in filled}, problem=str(error))
        return to("/mail/blocked?told=blocked")

    def undo(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Take a sender off the list."""
        who, parts = self._may_act(request, filled), self.pages.parts
        with parts.database.transaction() as session:
            found = session.get(BlockedSender, number, with_for_update=True)
            if found is None or not who.may_see(found.organisation):
                raise NotFound("there is no such block: somebody may have undone it")
            unblock(session, parts.audit, found, parts.now(), who.name)
        return to("/mail/blocked?told=undone")

    def _may_act(self, request: Request, filled: Filled) -> Visitor:
        who = self.pages.visitor(request)
        self.pages.check_form(request, who, filled)
        if who.role is Role.AUDITOR:
            raise NotAllowed("an auditor looks, and changes nothing")
        return who

    def _organisation(self, who: Visitor, filled: Filled) -> Organisation:
        found = self.pages.parts.organisations(who.may_see)
        chosen = found.get(one(filled, "organisation"))
        if chosen is None:
            raise NotAllowed("choose whose mail it is")
        return chosen

    def _sender_of(self, who: Visitor, asked: str) -> dict[str, str]:
        """Return the form filled with the sender of a mail; that somebody saw them is on record."""
        parts = self.pages.parts
        with parts.database.transaction() as session:
            sealed = sealed_of(session, who, "mail", int(asked) if asked.isdecimal() and len(asked) < 10 else 0)
            sealed.note(session, parts, Action.MAIL_VIEWED, who.name)
            return {"organisation": sealed.row.organisation, "name": self._address(session, sealed.row)}

    def _address(self, session: Session, message: object) -> str:
        if not isinstance(message, Message) or not message.sealed_id:
            return ""
        try:
            raw = self.pages.parts.vault.open(session, message.sealed_id)
        except PermanentFailure:
            return ""
        senders = parse(raw, message.charset).from_
        return senders[0].address.lower() if senders else ""

    def _shown(self, who: Visitor, filled: dict[str, str], *, told: str = "", problem: str = "") -> Response:
        with self.pages.parts.database.reading() as session:
            return self.pages.page(
                "blocked.html",
                who,
                409 if problem else 200,
                rows=blocked_senders(session, who.organisation),
                filled=filled,
                organisations=self.pages.parts.organisations(who.may_see),
                today=self.pages.today(who),
                may_act=who.role is not Role.AUDITOR,
                told=told,
                problem=problem,
            )
