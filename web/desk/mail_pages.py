"""The ledger of received mail, how reading goes, and one mail with what can be done with it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import String, cast
from sqlmodel import Session, col, func, or_, select

from cases.correcting import check_correctable
from cases.quarantine import retry, set_aside
from models.case import Case
from models.errors import NotAllowed, NotFound
from models.message import Message, Outcome, SetAside
from models.staff import Role
from models.verdict import Label
from web.desk.accounts import Visitor
from web.desk.conversation import Face, Reading
from web.desk.deeds.fields import choice, several
from web.desk.forms import Filled, one
from web.desk.mail_files import looked_at, sealed_of
from web.desk.pages import FilledForm, Number, Pages, clean, own_path, page_number, to

_PAGE = 50
_TOLD = {
    "retry": "It will be handled with the next round.",
    "aside": "It is set aside.",
    "correct": "Corrected; its case follows.",
}


@dataclass(frozen=True, slots=True)
class LedgerFilters:
    """What the ledger is narrowed to; '' for no limit."""

    outcome: str = ""
    mailbox: str = ""
    label: str = ""
    since: str = ""
    until: str = ""
    words: str = ""
    """A number, a Message-ID, or a part of the reason."""
    page: int = 1

    @property
    def named(self) -> dict[str, str]:
        """Return the filters as parts of an address, without the page."""
        found = {
            **{"outcome": self.outcome, "mailbox": self.mailbox, "label": self.label},
            **{"since": self.since, "until": self.until, "q": self.words},
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class MailPages:
    """The ledger and its mails."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/mail", self.ledger, response_class=HTMLResponse)
        app.add_api_route("/mail/{number}", self.message, response_class=HTMLResponse)
        for name, deed in (("correct", self.correct), ("retry", self.retry), ("aside", self.aside)):
            app.add_api_route(f"/mail/{{number}}/{name}", deed, methods=["POST"], response_class=HTMLResponse)

    def ledger(self, request: Request) -> Response:
        """Show the ledger, newest first: what became of every mail, and why."""
        who, filters = self.pages.visitor(request), _filters(request)
        conditions = _conditions(who, filters)
        with self.pages.parts.database.reading() as session:
            count = session.exec(select(func.count()).select_from(Message).where(*conditions)).one()
            last = max((count + _PAGE - 1) // _PAGE, 1)
            page = min(filters.page, last)
            query = select(Message, Case.reference).outerjoin(Case, col(Case.id) == col(Message.case_id))
            query = query.where(*conditions).order_by(col(Message.id).desc())
            return self.pages.page(
                "ledger.html",
                who,
                rows=session.exec(query.offset((page - 1) * _PAGE).limit(_PAGE)).all(),
                count=count,
                page=page,
                pages=last,
                filters=filters,
                outcomes=Outcome,
                labels=Label,
                polls=[poll for poll in self.pages.parts.polls() if who.may_see(poll.organisation)],
                waiting=_waiting(session, who),
            )

    def message(self, request: Request, number: Number) -> Response:
        """Show one mail, what was found in it, and why; that somebody looked is on record."""
        who, face = looked_at(self.pages, request, "mail", number)
        return self._shown(who, number, face, told=_TOLD.get(request.query_params.get("told", ""), ""))

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
        self, who: Visitor, number: int, face: Face = Face.TEXT, *, told: str = "", problem: str = ""
    ) -> Response:
        with self.pages.parts.database.reading() as session:
            message = session.get_one(Message, number)
            case = session.get(Case, message.case_id) if message.case_id else None
            return self.pages.page(
                "message.html",
                who,
                409 if problem else 200,
                message=message,
                mail=Reading(session, self.pages.parts.vault).mail(message, face),
                reference=case.reference if case else "",
                labels=Label,
                reasons=SetAside,
                may_correct=who.role is not Role.AUDITOR and _can_be_corrected(message),
                may_act=who.role is not Role.AUDITOR and message.outcome is Outcome.QUARANTINE,
                told=told,
                problem=problem,
            )


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


def _filters(request: Request) -> LedgerFilters:
    asked = request.query_params
    return LedgerFilters(
        outcome=asked.get("outcome", ""),
        mailbox=clean(asked.get("mailbox", ""))[:100],
        label=asked.get("label", ""),
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        words=clean(asked.get("q", ""))[:200].strip(),
        page=page_number(request),
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _conditions(who: Visitor, filters: LedgerFilters) -> list[Any]:
    found: list[Any] = [col(Message.organisation) == who.organisation] if who.organisation else []
    if filters.outcome in set(Outcome):
        found.append(col(Message.outcome) == Outcome(filters.outcome))
    if filters.mailbox:
        found.append(col(Message.mailbox) == filters.mailbox)
    if filters.label in set(Label):
        found.append(cast(col(Message.labels), String).contains(f'"{filters.label}"'))
    if filters.since:
        found.append(col(Message.received_at) >= _midnight(filters.since))
    if filters.until:
        found.append(col(Message.received_at) < _midnight(filters.until) + timedelta(days=1))
    return [*found, _words(filters.words)] if filters.words else found


def _words(words: str) -> Any:
    number = int(words) if words.isdecimal() and len(words) < 10 else 0
    in_reason = col(Message.reason).icontains(words, autoescape=True)
    return or_(col(Message.id) == number, col(Message.message_id).contains(words, autoescape=True), in_reason)


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)


def _waiting(session: Session, who: Visitor) -> dict[str, dict[str, int]]:
    """Return how many mails wait in each mailbox: to be decided, and in the quarantine."""
    own = [col(Message.organisation) == who.organisation] if who.organisation else []
    waits = col(Message.outcome).in_([Outcome.PENDING, Outcome.QUARANTINE])
    query = select(Message.mailbox, Message.outcome, func.count()).where(waits, *own)
    found: dict[str, dict[str, int]] = {}
    for mailbox, outcome, count in session.exec(query.group_by(col(Message.mailbox), col(Message.outcome))):
        found.setdefault(mailbox, {})[str(outcome)] = count
    return found
