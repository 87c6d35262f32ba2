"""The queue and the page of a case."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session, col, func, select

from cases.worklist import WINDOWS, Filters, queue, tiles
from ingest.parse import parse
from models.audit import Action, AuditEntry
from models.case import Case, CaseState
from models.errors import NotAllowed, NotFound, PermanentFailure
from models.message import Message
from models.staff import Role
from models.verdict import Kind
from web.desk.accounts import Visitor
from web.desk.forms import Filled, Form, form_named, one
from web.desk.offers import offered
from web.desk.pages import FilledForm, Pages, clean, page_number, to

_MOST_MAILS = 100
_LOOKS = (Action.CASE_VIEWED, Action.EVIDENCE_EXPORTED, Action.FILE_OPENED)


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail as a page shows it: plain text alone, so that nothing in it can act or load anything."""

    number: int
    received_at: datetime
    sender: str = ""
    subject: str = ""
    written: str = ""
    rest: str = ""
    """What was set aside: quotes, signature, disclaimer. Folded, never left out."""
    attachments: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A deed that was not done: what was tried and filled in, and why it was not, or the letters it would write."""

    form: Form
    filled: Filled
    problem: str = ""
    letters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePages:
    """The queue and the cases."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/", self.queue, response_class=HTMLResponse)
        app.add_api_route("/cases/{reference}", self.case, response_class=HTMLResponse)
        app.add_api_route("/cases/{reference}/{name}", self.do, methods=["POST"], response_class=HTMLResponse)

    def queue(self, request: Request) -> Response:
        """Show the queue: filters are parts of the address."""
        who = self.pages.visitor(request)
        filters, today = _filters(request, who), self.pages.today(who)
        with self.pages.parts.database.reading() as session:
            return self.pages.page(
                "queue.html",
                who,
                filters=filters,
                today=today,
                states=CaseState,
                kinds=Kind,
                windows=WINDOWS,
                queue=queue(session, filters, today),
                tiles=tiles(session, who.organisation, today),
            )

    def case(self, request: Request, reference: str) -> Response:
        """Show a case; that it was looked at is on record."""
        who, parts = self.pages.visitor(request), self.pages.parts
        with parts.database.transaction() as session:
            case = case_of(session, who, reference)
            if case.first_opened_at is None and who.role is not Role.AUDITOR:
                case.first_opened_at = parts.now()
            parts.audit.append(session, Action.CASE_VIEWED, at=parts.now(), actor=who.name, case_id=case.id)
        return self._shown(who, reference, told=request.query_params.get("told", ""))

    def do(self, request: Request, reference: str, name: str, filled: FilledForm) -> Response:
        """Do a deed; what is refused is told on the page, with what was filled in kept."""
        who, form = self.pages.visitor(request), form_named(name)
        if form is None:
            raise NotFound("there is no such deed")
        try:
            self._check(request, who, reference, filled)
            if one(filled, "preview") and form.writes_letter:
                letters = self.pages.parts.preview(who.actor, reference, lambda office: form.deed(office, filled))
                return self._shown(who, reference, attempt=Attempt(form, filled, letters=tuple(letters)))
            override, second = one(filled, "override"), one(filled, "second")
            self.pages.parts.do(who.actor, reference, lambda office: form.deed(office, filled), override, second)
        except NotAllowed as error:
            return self._shown(who, reference, attempt=Attempt(form, filled, str(error)))
        return to(f"/cases/{reference.upper()}?told={form.name}")

    def _check(self, request: Request, who: Visitor, reference: str, filled: Filled) -> None:
        """Raise NotFound for a case of others, NotAllowed for a form that comes from elsewhere or too late."""
        with self.pages.parts.database.reading() as session:
            version = _version(session, case_of(session, who, reference))
        self.pages.check_form(request, who, filled)
        if who.role is Role.AUDITOR:
            raise NotAllowed("an auditor looks, and changes nothing")
        if one(filled, "version") != str(version):
            raise NotAllowed("somebody else changed this case meanwhile: look at it again, then send the form anew")

    def _shown(self, who: Visitor, reference: str, *, told: str = "", attempt: Attempt | None = None) -> Response:
        with self.pages.parts.database.reading() as session:
            case = case_of(session, who, reference)
            details = self.pages.parts.details(session, reference)
            mails = _mails(self.pages, session, case)
            version = _version(session, case)
        done = form_named(told)
        return self.pages.page(
            "case.html",
            who,
            409 if attempt and attempt.problem else 200,
            case=details,
            mails=mails,
            forms=[] if who.role is Role.AUDITOR else offered(details),
            version=version,
            problem=attempt.problem if attempt else "",
            told=f"Done: {done.title.lower()}." if done else "",
            tried=attempt.form.name if attempt else "",
            filled=attempt.filled if attempt else {},
            letters=attempt.letters if attempt else (),
            today=self.pages.today(who),
        )


def case_of(session: Session, who: Visitor, reference: str) -> Case:
    """Return a case that a visitor may see; raises NotFound for one that is not there or not theirs, alike."""
    case = session.exec(select(Case).where(col(Case.reference) == reference.strip().upper())).first()
    if case is None or not who.may_see(case.organisation):
        raise NotFound(f"there is no case {reference}")
    return case


def _version(session: Session, case: Case) -> int:
    """Return the number of the last change of a case; a look at it is none."""
    query = select(func.max(AuditEntry.seq)).where(col(AuditEntry.case_id) == case.id)
    return session.exec(query.where(col(AuditEntry.action).not_in(_LOOKS))).one() or 0


def _mails(pages: Pages, session: Session, case: Case) -> list[ShownMail]:
    query = select(Message).where(col(Message.case_id) == case.id).order_by(col(Message.id)).limit(_MOST_MAILS)
    return [shown_mail(pages, session, message) for message in session.exec(query)]


def shown_mail(pages: Pages, session: Session, message: Message) -> ShownMail:
    """Return a mail for a page; one that cannot be read says why."""
    number, received_at = message.id or 0, message.received_at
    if not message.sealed_id:
        return ShownMail(number, received_at, problem="its contents were erased")
    try:
        mail = parse(pages.parts.vault.open(session, message.sealed_id))
    except PermanentFailure:
        return ShownMail(number, received_at, problem="its contents cannot be read")
    body = mail.body
    sender = mail.from_[0] if mail.from_ else None
    rest = "\n\n".join(part for part in (body.signature, body.disclaimer, body.quoted) if part.strip())
    return ShownMail(
        number,
        received_at,
        sender=f"{sender.name} <{sender.address}>".strip() if sender else "",
        subject=mail.subject,
        written=body.written or body.text,
        rest=rest,
        attachments=tuple(f"{one.name or 'without a name'} ({one.content_type})" for one in mail.attachments),
        problem=mail.unreadable,
    )


def _filters(request: Request, who: Visitor) -> Filters:
    asked = request.query_params
    return Filters(
        organisation=who.organisation,
        status=asked.get("status", ""),
        kind=asked.get("kind", ""),
        due=asked.get("due", ""),
        owner=clean(asked.get("owner", "")),
        review=asked.get("review") == "1",
        words=clean(asked.get("q", ""))[:200],
        page=page_number(request),
    )
