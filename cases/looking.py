"""Somebody of the staff looks at a case: what was new to them is not new any more."""

from datetime import datetime

from sqlmodel import Session

from models.case import Case
from models.staff import Actor, Role
from store.case_index import index_case


def has_news(case: Case, actor: Actor) -> bool:
    """Tell whether something in a case waits for somebody's look."""
    is_first = case.first_opened_at is None or case.replied_at is not None
    return actor.name in case.mentioned or (is_first and actor.role is not Role.AUDITOR)


def look_at(session: Session, case: Case, actor: Actor, now: datetime) -> None:
    """Take down that somebody looked, where that changes something; locks the case first, as deeds do.

    What the person wrote is still new after an auditor's look.
    """
    if not has_news(case, actor):
        return
    session.refresh(case, with_for_update=True)
    case.mentioned = [name for name in case.mentioned if name != actor.name]
    if actor.role is not Role.AUDITOR:
        case.first_opened_at, case.replied_at = case.first_opened_at or now, None
    index_case(session, case)


def mark_seen(case: Case) -> None:
    """Take down that nothing in a case waits for a look any more; the caller indexes it."""
    case.needs_review, case.review_reason, case.replied_at = False, "", None
