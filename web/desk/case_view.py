"""What the page of a case shows, gathered from all that knows something of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import Request
from sqlmodel import Session, col, or_, select

from cases.directory import customer_rows_of
from cases.mentions import names_who_see
from models.accounts import StaffMember
from models.audit import LOOKS
from models.case import Case
from models.errors import NotAllowed
from models.staff import Role
from models.verdict import Label
from web.desk.accounts import Visitor
from web.desk.conversation import Reading
from web.desk.deeds.fields import Filled, Form, Group, day
from web.desk.due_card import due_card
from web.desk.looks import others_looking
from web.desk.notes import notes_of
from web.desk.offers import Around, named_choices, offered
from web.desk.pages import Pages, clean, page_number
from web.desk.shown_mail import Face, ShownMail
from web.desk.steps import steps_of
from web.desk.visible_cases import case_of, version_of

_ON_A_PAGE = "redact"
"""The form that has a page of its own."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A deed that was not done: what was tried and filled in, and why it was not, or the letters it would write."""

    form: Form
    filled: Filled
    problem: str = ""
    letters: tuple[ShownMail, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks for beside the case itself."""

    told: str = ""
    do: str = ""
    """The form to be opened."""
    filled: Mapping[str, Sequence[str]] = field(default_factory=dict)
    page: int = 1
    mail: str = ""
    """The mail to be shown with another face."""
    face: Face = Face.TEXT
    answered: date | None = None
    extended: date | None = None
    problem: str = ""


def asked_of(request: Request) -> Asked:
    """Return what an address asks for; nonsense asks for nothing."""
    query = {name: [clean(value) for value in request.query_params.getlist(name)] for name in request.query_params}
    first = {name: values[0] for name, values in query.items()}
    try:
        answered, extended, problem = day(query, "answered"), day(query, "extended"), ""
    except NotAllowed as error:
        answered, extended, problem = None, None, str(error)
    return Asked(
        told=first.get("told", ""),
        do=first.get("do", ""),
        filled=query,
        page=page_number(request),
        mail=first.get("mail", ""),
        face=Face(first["face"]) if first.get("face") in set(Face) else Face.TEXT,
        answered=answered,
        extended=extended,
        problem=problem,
    )


def case_values(pages: Pages, session: Session, who: Visitor, reference: str, asked: Asked) -> dict[str, Any]:
    """Return what the template of a case is filled with; raises NotFound."""
    case = case_of(session, who, reference)
    details = pages.parts.details(session, case.reference)
    forms = [] if who.role is Role.AUDITOR else offered(details, _around(pages, session, case, who))
    today, shown = pages.day_at(case.mailbox), {form.name: form for form in forms}
    reading = Reading(session, pages.parts.vault)
    return {
        "case": details,
        "conversation": reading.conversation(case.id or 0, asked.page, asked.mail, asked.face),
        "others": others_looking(session, case.id or 0, who.member_id, pages.parts.now()),
        "groups": [
            (group, [form for form in forms if form.group is group and form.name != _ON_A_PAGE]) for group in Group
        ],
        "names": named_choices(details),
        "shown": shown,
        "due": due_card(details, today),
        "may_redact": who.role.covers(Role.MANAGER),
        "steps": steps_of(details, shown),
        "labels": tuple(Label),
        "notes": notes_of(details["notes"], names_who_see(session, case)),
        "looks": [event for event in details["timeline"] if event["action"] in set(LOOKS)],
        "events": [event for event in details["timeline"] if event["action"] not in set(LOOKS)],
        "version": version_of(session, case),
        "what_if": _what_if(pages, session, case, asked),
        "today": today,
        "asked": asked,
    }


def _what_if(pages: Pages, session: Session, case: Case, asked: Asked) -> list[dict[str, Any]]:
    if asked.answered is None and asked.extended is None:
        return []
    return pages.parts.what_if(session, case.reference, asked.answered, asked.extended)


def _around(pages: Pages, session: Session, case: Case, who: Visitor) -> Around:
    customers = tuple(str(row["name"]) for row in customer_rows_of(session, case.organisation))
    is_theirs = or_(col(StaffMember.organisation) == "", col(StaffMember.organisation) == case.organisation)
    works = (col(StaffMember.is_active).is_(True), col(StaffMember.role) != Role.AUDITOR, is_theirs)
    staff = session.exec(select(StaffMember.name).where(*works).order_by(col(StaffMember.name)))
    return Around(customers, tuple(staff), bool(pages.parts.page.base_url), who.actor)
