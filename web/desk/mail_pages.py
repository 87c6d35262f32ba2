"""One mail, and what can be done with it."""

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from cases.correcting import check_correctable
from cases.quarantine import read_as, retry, set_aside
from ingest.mime.charset import OWN, TWICE, charset_named, chosen_charset
from models.case import Case
from models.errors import NotAllowed, NotFound
from models.message import Message, Outcome, SetAside
from models.staff import Role
from models.verdict import Label
from web.desk.accounts import Visitor
from web.desk.conversation import Reading
from web.desk.deeds.fields import choice, several
from web.desk.forms import Filled, one
from web.desk.mail_files import looked_at, sealed_of
from web.desk.pages import FilledForm, Number, Pages, own_path, to
from web.desk.shown_mail import Face

_CHARSETS = {
    "utf-8": "Unicode (UTF-8)",
    TWICE: "Unicode, written twice (Ã© for é)",
    "windows-1252": "Western European (Windows)",
    "iso-8859-15": "Western European (ISO)",
    "windows-1250": "Central European (Windows)",
    "iso-8859-2": "Central European (ISO)",
    "windows-1251": "Cyrillic (Windows)",
    "koi8-r": "Cyrillic (KOI8)",
    "windows-1253": "Greek",
    "windows-1254": "Turkish",
    "windows-1255": "Hebrew",
    "windows-1256": "Arabic",
    "gb18030": "Chinese, simplified",
    "big5": "Chinese, traditional",
    "shift_jis": "Japanese (Shift JIS)",
    "iso-2022-jp": "Japanese (ISO)",
    "euc-kr": "Korean",
    OWN: "What the mail says itself",
}
_BY_CODEC = {charset_named(name): words for name, words in _CHARSETS.items()}
_TOLD = {
    "retry": "It will be handled with the next round.",
    "aside": "It is set aside.",
    "correct": "Corrected; its case follows.",
    "read": "From now on it is read so.",
    "again": "From now on it is read so. It will be handled with the next round.",
}


@dataclass(frozen=True, slots=True)
class MailPages:
    """Mails, one by one."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/mail/{number}", self.message, response_class=HTMLResponse)
        for name, deed in (
            *(("correct", self.correct), ("retry", self.retry), ("aside", self.aside), ("charset", self.charset)),
        ):
            app.add_api_route(f"/mail/{{number}}/{name}", deed, methods=["POST"], response_class=HTMLResponse)

    def message(self, request: Request, number: Number) -> Response:
        """Show one mail, what was found in it, and why; that somebody looked is on record."""
        who, face = looked_at(self.pages, request, "mail", number)
        asked = request.query_params.get("other", "").strip() or request.query_params.get("charset", "")
        try:
            trial = _Trial(asked, chosen_charset(asked)) if asked else None
        except NotAllowed as error:
            return self._shown(who, number, problem=str(error))
        told = _TOLD.get(request.query_params.get("told", ""), "")
        return self._shown(who, number, Face.TEXT if trial else face, told=told, trial=trial)

    def charset(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Have a mail read in another charset from now on."""
        who, parts = self._may_act(request, number, filled), self.pages.parts
        try:
            codec = chosen_charset(one(filled, "charset"))
            with parts.database.transaction() as session:
                is_again = read_as(session, parts.audit, _locked(session, number), codec, parts.now(), who.name)
        except NotAllowed as error:
            return self._shown(who, number, problem=str(error))
        return to(f"/mail/{number}?told={'again' if is_again else 'read'}")

    def correct(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Say what a mail is; its case follows."""
        who = self._may_act(request, number, filled)
        labels = several(Label, filled, "labels")
        try:
            if not labels:
                raise NotAllowed("say what it is: one label or more")
            self.pages.parts.correct(number, labels, who.name)
        except NotAllowed as error:
            return self._shown(who, number, problem=str(error))
        back = own_path(one(filled, "back"))
        return to(back if back.startswith("/cases/") else f"/mail/{number}?told=correct")

    def retry(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Have a mail of the quarantine handled once more."""
        who, parts = self._may_act(request, number, filled), self.pages.parts
        try:
            with parts.database.transaction() as session:
                retry(session, parts.audit, _locked(session, number), parts.now(), who.name)
        except NotAllowed as error:
            return self._shown(who, number, problem=str(error))
        return to(f"/mail/{number}?told=retry")

    def aside(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Set a mail of the quarantine aside, with a reason."""
        who, parts = self._may_act(request, number, filled), self.pages.parts
        try:
            why: SetAside = choice(SetAside, filled, "why")
            with parts.database.transaction() as session:
                set_aside(session, parts.audit, _locked(session, number), why, parts.now(), who.name)
        except NotAllowed as error:
            return self._shown(who, number, problem=str(error))
        return to(f"/mail/{number}?told=aside")

    def _may_act(self, request: Request, number: int, filled: Filled) -> Visitor:
        """Return who acts; raises NotFound for a mail of others, NotAllowed for who may not."""
        who = self.pages.visitor(request)
        with self.pages.parts.database.reading() as session:
            sealed_of(session, who, "mail", number)
        self.pages.check_form(request, who, filled)
        if who.role is Role.AUDITOR:
            raise NotAllowed("an auditor looks, and changes nothing")
        return who

    def _shown(
        self,
        who: Visitor,
        number: int,
        face: Face = Face.TEXT,
        *,
        told: str = "",
        problem: str = "",
        trial: "_Trial | None" = None,
    ) -> Response:
        with self.pages.parts.database.reading() as session:
            message = session.get_one(Message, number)
            case = session.get(Case, message.case_id) if message.case_id else None
            return self.pages.page(
                "message.html",
                who,
                409 if problem else 200,
                message=message,
                mail=Reading(session, self.pages.parts.vault).mail(message, face, trial.codec if trial else None),
                trial=trial,
                charsets=_CHARSETS,
                read_in=_BY_CODEC.get(message.charset, message.charset),
                may_choose=who.role is not Role.AUDITOR and _can_be_read_anew(message),
                reference=case.reference if case else "",
                labels=Label,
                reasons=SetAside,
                may_correct=who.role is not Role.AUDITOR and _can_be_corrected(message),
                may_act=who.role is not Role.AUDITOR and message.outcome is Outcome.QUARANTINE,
                told=told,
                problem=problem,
            )


@dataclass(frozen=True, slots=True)
class _Trial:
    """A charset that somebody looks at a mail in, before they choose it."""

    name: str
    codec: str

    @property
    def words(self) -> str:
        """Return what it is called on the page."""
        return _CHARSETS.get(self.name, self.name)


def _can_be_read_anew(message: Message) -> bool:
    return message.sealed_id is not None and message.sha256 is not None and message.outcome is not Outcome.PENDING


def _locked(session: Session, number: int) -> Message:
    message = session.get(Message, number, with_for_update=True)
    if message is None:
        raise NotFound(f"there is no message {number}")
    return message


def _can_be_corrected(message: Message) -> bool:
    try:
        check_correctable(message)
    except NotAllowed:
        return False
    return message.sealed_id is not None
