"""The queue and the page of a case."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

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
from web.desk.forms import Filled, Form, form_named, forms_for, one
from web.desk.pages import FilledForm, Pages, clean, to

_MOST_MAILS = 100
_LOOKS = (Action.CASE_VIEWED, Action.EVIDENCE_EXPORTED)


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail as a page shows it: plain text alone, so that nothing in it can act or load anything."""

    number: int
    received: str
    sender: str
    subject: str
    written: str
    rest: str
    """What was set aside: quotes, signature, disclaimer. Folded, never left out."""
    attachments: tuple[str, ...]
    problem: str = ""


def add_case_pages(app: FastAPI, pages: Pages) -> None:
    """Add the pages."""
    parts = pages.parts

    @app.get("/", response_class=HTMLResponse)
    def show_queue(request: Request) -> Response:
        """Show the queue: filters are parts of the address."""
        who = pages.visitor(request)
        filters, today = _filters(request, who), _today(pages, who)
        with parts.database.reading() as session:
            return pages.page(
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

    @app.get("/cases/{reference}", response_class=HTMLResponse)
    def show_case(request: Request, reference: str) -> Response:
        """Show a case; that it was looked at is on record."""
        who = pages.visitor(request)
        with parts.database.transaction() as session:
            case = _case_of(session, who, reference)
            if case.first_opened_at is None and who.role is not Role.AUDITOR:
                case.first_opened_at = parts.now()
            parts.audit.append(session, Action.CASE_VIEWED, at=parts.now(), actor=who.name, case_id=case.id)
        return _case_page(pages, who, reference, told=request.query_params.get("told", ""))

    @app.post("/cases/{reference}/{name}", response_class=HTMLResponse)
    def do_deed(request: Request, reference: str, name: str, filled: FilledForm) -> Response:
        """Do a deed; what is refused is told on the page, with what was filled in kept."""
        who = pages.visitor(request)
        form = form_named(name)
        if form is None:
            raise NotFound("there is no such deed")
        with parts.database.reading() as session:
            case = _case_of(session, who, reference)
            version = _version(session, case)
        try:
            pages.check_form(request, who, filled)
            if who.role is Role.AUDITOR:
                raise NotAllowed("an auditor looks, and changes nothing")
            if one(filled, "version") != str(version):
                raise NotAllowed("somebody else changed this case meanwhile: look at it again, then send the form anew")
            if one(filled, "preview") and form.writes_letter:
                letters = parts.preview(who.actor, reference, lambda office: form.deed(office, filled))
                return _case_page(pages, who, reference, attempt=Attempt(form, filled, letters=tuple(letters)))
            override, second = one(filled, "override"), one(filled, "second")
            parts.do(who.actor, reference, lambda office: form.deed(office, filled), override, second)
        except NotAllowed as error:
            return _case_page(pages, who, reference, attempt=Attempt(form, filled, str(error)))
        return to(f"/cases/{reference.upper()}?told={form.name}")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A deed that was not done: what was tried and filled in, and why it was not, or the letters it would write."""

    form: Form
    filled: Filled
    problem: str = ""
    letters: tuple[str, ...] = ()


def _case_page(
    pages: Pages, who: Visitor, reference: str, *, told: str = "", attempt: Attempt | None = None
) -> Response:
    with pages.parts.database.reading() as session:
        case = _case_of(session, who, reference)
        details = pages.parts.details(session, reference)
        mails = _mails(pages, session, case)
        version, state = _version(session, case), case.status
    done = form_named(told)
    return pages.page(
        "case.html",
        who,
        409 if attempt and attempt.problem else 200,
        case=details,
        mails=mails,
        forms=[] if who.role is Role.AUDITOR else forms_for(state),
        version=version,
        problem=attempt.problem if attempt else "",
        told=f"Done: {done.title.lower()}." if done else "",
        tried=attempt.form.name if attempt else "",
        filled=attempt.filled if attempt else {},
        letters=attempt.letters if attempt else (),
        today=_today(pages, who),
    )


def _case_of(session: Session, who: Visitor, reference: str) -> Case:
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
    received = f"{message.received_at:%Y-%m-%d %H:%M} UTC"
    nothing = ShownMail(message.id or 0, received, "", "", "", "", ())
    if not message.sealed_id:
        return ShownMail(message.id or 0, received, "", "", "", "", (), "its contents were erased")
    try:
        mail = parse(pages.parts.vault.open(session, message.sealed_id))
    except PermanentFailure:
        return ShownMail(message.id or 0, received, "", "", "", "", (), "its contents cannot be read")
    body = mail.body
    sender = mail.from_[0] if mail.from_ else None
    rest = "\n\n".join(part for part in (body.signature, body.disclaimer, body.quoted) if part.strip())
    return ShownMail(
        number=nothing.number,
        received=received,
        sender=f"{sender.name} <{sender.address}>".strip() if sender else "",
        subject=mail.subject,
        written=body.written or body.text,
        rest=rest,
        attachments=tuple(f"{one.name or 'without a name'} ({one.content_type})" for one in mail.attachments),
        problem=mail.unreadable,
    )


def _filters(request: Request, who: Visitor) -> Filters:
    asked = request.query_params
    page = asked.get("page", "1")
    return Filters(
        organisation=who.organisation,
        status=asked.get("status", ""),
        kind=asked.get("kind", ""),
        due=asked.get("due", ""),
        owner=clean(asked.get("owner", "")),
        review=asked.get("review") == "1",
        words=clean(asked.get("q", ""))[:200],
        page=int(page) if page.isdigit() and len(page) < 7 else 1,
    )


def _today(pages: Pages, who: Visitor) -> date:
    """Return the local day of the visitor's organisation."""
    own = (box for box in pages.parts.mailboxes if who.may_see(box.organisation.slug))
    zone = next((box.timezone for box in own), "UTC")
    return pages.parts.now().astimezone(ZoneInfo(zone)).date()
