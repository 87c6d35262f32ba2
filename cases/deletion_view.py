"""What a deletion would destroy, what it would leave, and how far the two people are: for who has to agree to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from cases.arranging import linked
from cases.deleting import changes_since, check_deletable, pending
from cases.playbook import Suggestion
from models.audit import AuditEntry
from models.case import Case
from models.casework import Note
from models.deletion import DeletionRequest, DeletionState
from models.errors import NotAllowed
from models.message import Message
from models.outbox import ERASED, OutboxMail
from models.person import Submission

_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Destroyed:
    """How much of a case would be gone for good."""

    mails: int
    letters: int
    handed_in: int
    """Files and messages of the requester's page."""
    notes: int


@dataclass(frozen=True, slots=True)
class Deletion:
    """A deletion that was asked for, as the second person has to see it."""

    row: DeletionRequest
    destroyed: Destroyed
    linked: list[str]
    """Cases it is linked with: they stay, and the links."""
    others: list[str]
    """Further cases of the same person, which stay."""
    merged: list[str]
    """Cases that were closed into this one: their mails are here, their names stay."""
    changes: list[AuditEntry]
    hindered_by: str
    """What stands against it just now, '' for nothing."""


def deletion_of(session: Session, case: Case, now: datetime) -> Deletion | None:
    """Return the deletion that waits for a second person, None where there is none."""
    row = pending(session, case, now)
    if row is None:
        return None
    merged = _named(session, col(Case.merged_into_id) == case.id)
    beside = [other.reference for other in linked(session, case)]
    others = _named(
        session,
        col(Case.organisation) == case.organisation,
        col(Case.requester_address) == case.requester_address,
        col(Case.requester_address).not_in(("", ERASED)),
        col(Case.id) != case.id,
    )
    changes = list(changes_since(session, row))
    return Deletion(row, _destroyed(session, case), beside, others, merged, changes, _hindrance(session, case, row))


def second_person(row: DeletionRequest) -> Suggestion:
    """Return what a case waits for whose deletion was asked for."""
    says = f"{row.asked_by} asks for this case to be deleted: a second person decides"
    return Suggestion("confirm_deletion", says, row.ends_at.date())


def second_people(session: Session, ids: Sequence[int], now: datetime) -> dict[int, Suggestion]:
    """Return what waits for a second person, by the id of its case."""
    query = select(DeletionRequest).where(col(DeletionRequest.case_id).in_(ids), col(DeletionRequest.ends_at) > now)
    rows = session.exec(query.where(col(DeletionRequest.state) == DeletionState.ASKED))
    return {row.case_id: second_person(row) for row in rows}


def done_deletion(session: Session, case: Case) -> DeletionRequest | None:
    """Return the deletion by which a case was erased, None where it was none."""
    query = select(DeletionRequest).where(col(DeletionRequest.case_id) == case.id)
    return session.exec(query.where(col(DeletionRequest.state) == DeletionState.DONE)).first()


def _destroyed(session: Session, case: Case) -> Destroyed:
    return Destroyed(
        mails=_count(session, Message, case, col(Message.sealed_id).is_not(None)),
        letters=_count(session, OutboxMail, case, col(OutboxMail.to_address) != ERASED),
        handed_in=_count(session, Submission, case, col(Submission.sealed_id).is_not(None)),
        notes=_count(session, Note, case),
    )


def _count(session: Session, table: Any, case: Case, *conditions: Any) -> int:
    query = select(func.count()).select_from(table).where(table.case_id == case.id, *conditions)
    return int(session.exec(query).one())


def _named(session: Session, *conditions: Any) -> list[str]:
    query = select(Case.reference).where(*conditions).order_by(col(Case.id))
    return list(session.exec(query.limit(_MOST_NAMED)))


def _hindrance(session: Session, case: Case, row: DeletionRequest) -> str:
    try:
        check_deletable(session, case, row.ground)
    except NotAllowed as error:
        return str(error)
    return ""
