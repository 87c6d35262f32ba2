"""Who may enter administration, and what they may administrate there."""

from collections.abc import Mapping

from fastapi import Request
from sqlmodel import Session

from models.audit import Action
from models.errors import NotAllowed
from models.organisation import Organisation
from models.staff import Role
from web.desk.accounts import Visitor
from web.desk.forms import Filled
from web.desk.pages import Pages


def administrator(pages: Pages, request: Request, filled: Filled | None = None) -> Visitor:
    """Return the administrator who is there, and sent this form; raises LogInFirst or NotAllowed."""
    who = pages.visitor(request)
    if who.role is not Role.ADMINISTRATOR:
        raise NotAllowed("administration is for administrators")
    if filled is not None:
        pages.check_form(request, who, filled)
    return who


def whole_desk(who: Visitor) -> None:
    """Raise NotAllowed for who administrates one organisation alone."""
    if who.organisation:
        raise NotAllowed("this concerns the whole desk: an administrator of all organisations may do it")


def record(pages: Pages, session: Session, who: Visitor, action: Action, details: Mapping[str, object]) -> None:
    """Put on record what an administrator did."""
    pages.parts.audit.append(session, action, at=pages.parts.now(), actor=who.name, details=details)


def organisations(pages: Pages, who: Visitor) -> list[Organisation]:
    """Return the organisations that an administrator administrates, by slug."""
    parts = pages.parts
    known = parts.offices.values() if parts.offices else [box.organisation for box in parts.mailboxes]
    own = {one.slug: one for one in known if who.may_see(one.slug)}
    return [own[slug] for slug in sorted(own)]
