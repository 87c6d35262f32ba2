"""Cases as somebody may see them: found by reference, and which change of a case was the last."""

from typing import Protocol

from sqlmodel import Session, col, func, select

from models.audit import LOOKS, Action, AuditEntry
from models.case import Case
from models.errors import NotFound

_NO_CHANGE = (*LOOKS, Action.LETTER_SENT)
"""Whoever answers and goes on is not to be held up by their own letter, which leaves a moment later."""


class Looks(Protocol):
    """Somebody, or a program, that sees the cases of some organisations."""

    def may_see(self, organisation: str) -> bool:
        """Tell whether an organisation's cases are theirs to see."""
        ...


def case_of(session: Session, who: Looks, reference: str) -> Case:
    """Return a case that somebody may see; raises NotFound for one that is not there or not theirs, alike."""
    named = reference.replace("\0", "").strip().upper()
    case = session.exec(select(Case).where(col(Case.reference) == named)).first()
    if case is None or not who.may_see(case.organisation):
        raise NotFound(f"there is no case {reference}")
    return case


def version_of(session: Session, case: Case) -> int:
    """Return the number of the last change of a case: a look at it is none, nor that a letter went out as ordered."""
    query = select(func.max(AuditEntry.seq)).where(col(AuditEntry.case_id) == case.id)
    return session.exec(query.where(col(AuditEntry.action).not_in(_NO_CHANGE))).one() or 0


def who_changed(session: Session, case: Case) -> str:
    """Return who, or what, made the last change of a case."""
    query = select(AuditEntry.actor).where(col(AuditEntry.seq) == version_of(session, case))
    return session.exec(query).first() or "somebody"
