"""What would happen to a mail: one of the ledger, or a file. Nothing is stored or sent."""

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from ingest.parse import as_mail
from models.audit import Action
from models.errors import NotAllowed, NotFound, PermanentFailure
from models.message import Message
from web.desk.accounts import Visitor
from web.desk.conversation import letter_text, mail_text
from web.desk.findings import chance_in_words
from web.desk.foreseen import Foreseen
from web.desk.forms import Filled, FilledWithFiles, one
from web.desk.mail_files import sealed_of
from web.desk.pages import FilledForm, FilledFormWithFiles, Number, Pages


@dataclass(frozen=True, slots=True)
class ForeseeingPages:
    """A trial of one mail."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/mail/try", self.empty, response_class=HTMLResponse)
        app.add_api_route("/mail/try", self.file, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/mail/{number}/try", self.known, methods=["POST"], response_class=HTMLResponse)

    def empty(self, request: Request) -> Response:
        """Show the form that takes a file."""
        return self._shown(self.pages.visitor(request))

    def file(self, request: Request, filled: FilledFormWithFiles) -> Response:
        """Tell what would happen to a mail in a file."""
        who = self.pages.visitor(request)
        self.pages.check_form(request, who, filled)
        mailbox = one(filled, "mailbox")
        try:
            foreseen = self._foreseen(who, mailbox, _content(filled))
        except NotAllowed as error:
            return self._shown(who, problem=str(error), mailbox=mailbox)
        return self._shown(who, foreseen, mailbox=mailbox)

    def known(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Tell what would happen to a mail of the ledger if it came in now; that somebody looked is on record."""
        who, parts = self.pages.visitor(request), self.pages.parts
        with parts.database.transaction() as session:
            sealed = sealed_of(session, who, "mail", number)
            self.pages.check_form(request, who, filled)
            sealed.note(session, parts, Action.MAIL_VIEWED, who.name, part="trial")
            try:
                raw = parts.vault.open(session, sealed.sealed_id) if sealed.sealed_id else b""
            except PermanentFailure:
                raw = b""
            charset = sealed.row.charset if isinstance(sealed.row, Message) else ""
            mailbox = sealed.row.mailbox
        try:
            if not raw:
                raise NotAllowed("its contents were erased or never kept")
            foreseen = self._foreseen(who, mailbox, raw, charset)
        except NotAllowed as error:
            return self._shown(who, problem=str(error), number=number)
        return self._shown(who, foreseen, number=number, mailbox=mailbox)

    def _foreseen(self, who: Visitor, mailbox: str, raw: bytes, charset: str = "") -> Foreseen:
        parts = self.pages.parts
        if mailbox not in {box.name for box in parts.mailboxes if who.may_see(box.organisation.slug)}:
            raise NotAllowed("choose the mailbox that it would reach, of those that are there")
        try:
            return parts.foresee(mailbox, raw, charset)
        except NotFound as error:
            raise NotAllowed(str(error)) from error

    def _shown(
        self,
        who: Visitor,
        foreseen: Foreseen | None = None,
        *,
        problem: str = "",
        number: int = 0,
        mailbox: str = "",
    ) -> Response:
        boxes = [box.name for box in self.pages.parts.mailboxes if who.may_see(box.organisation.slug)]
        return self.pages.page(
            "foreseen.html",
            who,
            409 if problem else 200,
            foreseen=foreseen,
            mail=mail_text(foreseen.mail) if foreseen and foreseen.mail else None,
            letters=[(one, letter_text(one.raw)) for one in foreseen.letters] if foreseen else [],
            chance=chance_in_words,
            mailboxes=boxes,
            mailbox=mailbox,
            number=number,
            problem=problem,
        )


def _content(filled: Filled) -> bytes:
    """Return the file that came with a form; raises NotAllowed where there is none, or nothing in it."""
    files = filled.files if isinstance(filled, FilledWithFiles) else ()
    content = as_mail(files[0].content) if files else b""
    if not content:
        raise NotAllowed("choose a file: a mail, saved as .eml or .msg")
    return content
