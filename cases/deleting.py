"""Deleting a case at once, by two people: one asks with a ground and a reason, another one looks and agrees.

What is destroyed and what stays is what retention leaves (`cases/retention.py`): there is one way to erase a case. A
request that is still owed an answer does not vanish by it (GDPR Art. 12(3)), unless the ground says that there never
was one. Both people are known by log-ins of their own: a program may ask, its maker answers for that, and it is nobody
who could agree.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from cases.checklists import end_tasks
from cases.looking import mark_seen
from cases.office import Office
from cases.person_links import end_of_term
from cases.retention import Erasure, Extent, erase
from cases.situation import rows_of
from models.accounts import StaffMember
from models.audit import LOOKS, Action, AuditEntry
from models.case import Case, CaseState, ItemResult, RequestItem
from models.casework import Note
from models.deletion import NEVER_A_REQUEST, DeletionGround, DeletionRequest, DeletionState
from models.errors import NotAllowed
from models.outbox import ERASED, OutboxMail, OutboxState
from models.staff import Role
from models.tokens import ApiToken
from store.audit import Audit
from store.case_index import index_case

LAPSE_DAYS = 14
"""How long the second person has: long enough for a holiday, short enough that what they agree to is what was asked."""
NEEDED = Role.MANAGER
"""Who may ask and who may agree: those who may set rules aside, and nobody who works under the other's orders alone."""
ASKS = "asks for deletion: "
"""Before the reason, among the notes."""
PROGRAM = "api:"
"""How the names of programs begin; no member of staff is called so."""
_ON_THE_WAY = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNCERTAIN)
_NEVER_ASKED = (None, ItemResult.NOT_A_REQUEST, ItemResult.DUPLICATE)
_OWN = (
    *(Action.DELETION_ASKED, Action.DELETION_TAKEN_BACK, Action.DELETION_REFUSED),
    *(Action.DELETION_LAPSED, Action.DELETION_CONFIRMED),
)


def pending(session: Session, case: Case, now: datetime) -> DeletionRequest | None:
    """Return the request for deletion that waits for a second person, None where there is none."""
    row = _asked(session, case)
    return row if row and row.ends_at > now else None


def ask_deletion(office: Office, ground: DeletionGround, why: str) -> DeletionRequest:
    """Ask for the case to be deleted now; raises NotAllowed, which says what stands against it."""
    _check_role(office, "asking for deletion")
    before = _asked(office.session, office.case)
    if before and before.ends_at > office.now:
        raise NotAllowed(f"{before.asked_by} has asked for that already: a second person decides on it")
    if before:
        _end(office, before, DeletionState.LAPSED, Action.DELETION_LAPSED)
    if not why.strip():
        raise NotAllowed("say why, in words: the second person decides by it")
    check_deletable(office.session, office.case, ground)
    ends_at = end_of_term(office.clock, office.now, LAPSE_DAYS)
    office.note(Action.DELETION_ASKED, ground=ground, until=office.clock.local_date(ends_at))
    row = DeletionRequest(
        case_id=office.case.id or 0,
        ground=ground,
        note_id=_written(office, f"{ASKS}{why.strip()}").id,
        asked_by=office.actor.name,
        person=_person_behind(office),
        asked_at=office.now,
        asked_seq=_last_entry(office.session, office.case),
        ends_at=ends_at,
    )
    office.session.add(row)
    return row


def take_back_deletion(office: Office) -> None:
    """Let whoever asked for deletion not want it any more; raises NotAllowed."""
    _check_role(office, "taking a deletion back")
    row = _waiting(office)
    if not _is_own(office, row):
        raise NotAllowed(f"{row.asked_by} asked for it: refuse it, if it should not be")
    _end(office, row, DeletionState.TAKEN_BACK, Action.DELETION_TAKEN_BACK)


def refuse_deletion(office: Office, why: str) -> None:
    """Say as the second person that the case stays, and why; raises NotAllowed."""
    _check_role(office, "refusing a deletion")
    row = _waiting(office)
    if _is_own(office, row):
        raise NotAllowed("you asked for it yourself: take it back, if it should not be")
    if not why.strip():
        raise NotAllowed("say why it stays: who asked for it will read it")
    _end(office, row, DeletionState.REFUSED, Action.DELETION_REFUSED)
    office.remember("not deleted", why)


def confirm_deletion(office: Office, *, changes_seen: bool = False) -> None:
    """Delete the case as the second person; raises NotAllowed. What changed since it was asked for must be seen."""
    _check_role(office, "deleting a case")
    row = _waiting(office)
    _check_second(office, row)
    check_deletable(office.session, office.case, row.ground)
    if not changes_seen and changes_since(office.session, row):
        raise NotAllowed("the case changed since deletion was asked for: look at what came, and say that you have")
    _end_items(office)
    _end(office, row, DeletionState.DONE, Action.DELETION_CONFIRMED)
    why = f"deleted by {row.asked_by} and {office.actor.name}: {row.ground.value.replace('_', ' ')}"
    erasure = Erasure(office.case, Extent.NAMES, office.today, why)
    erase(office.session, erasure, office.vault, office.audit, office.now, office.actor.name)


def lapse_deletions(session: Session, audit: Audit, now: datetime, most: int = 100) -> int:
    """Let requests go that nobody decided on in time; return how many did."""
    audit.hold(session)
    over = (col(DeletionRequest.state) == DeletionState.ASKED, col(DeletionRequest.ends_at) <= now)
    rows = session.exec(select(DeletionRequest).where(*over).order_by(col(DeletionRequest.id)).limit(most)).all()
    for row in rows:
        row.state, row.decided_at = DeletionState.LAPSED, now
        session.add(row)
        audit.append(session, Action.DELETION_LAPSED, at=now, case_id=row.case_id, details={"ground": row.ground})
        case = session.get(Case, row.case_id, with_for_update=True)
        if case is not None:
            index_case(session, case)
    return len(rows)


def check_deletable(session: Session, case: Case, ground: DeletionGround) -> None:
    """Raise NotAllowed where a case may not be deleted on a ground, as it stands."""
    if case.requester_address == ERASED:
        raise NotAllowed("this case was erased already: what is left names nobody")
    for letter in rows_of(session, OutboxMail, case):
        if letter.state in _ON_THE_WAY:
            raise NotAllowed(f"letter {letter.id} is on its way: wait until it has gone out, or hold it back first")
    items = rows_of(session, RequestItem, case)
    if case.status is CaseState.CLOSED and not any(item.is_owed for item in items):
        return
    if ground not in NEVER_A_REQUEST:
        raise NotAllowed("the person is still owed an answer, and a deletion is none: answer and close the case first")
    if ground is DeletionGround.RECORDED_BY_MISTAKE and any(item.result not in _NEVER_ASKED for item in items):
        raise NotAllowed("a part of it was decided on as a request: answer and close the case first")


def changes_since(session: Session, row: DeletionRequest) -> Sequence[AuditEntry]:
    """Return what was done in a case since its deletion was asked for; looks change nothing."""
    query = select(AuditEntry).where(col(AuditEntry.case_id) == row.case_id, col(AuditEntry.seq) > row.asked_seq)
    return session.exec(query.where(col(AuditEntry.action).not_in((*LOOKS, *_OWN))).order_by(col(AuditEntry.seq))).all()


def is_among(name: str, *names: str) -> bool:
    """Tell whether a name is one of some, however its capitals are written."""
    return name.casefold() in {one.casefold() for one in names}


def _is_own(office: Office, row: DeletionRequest) -> bool:
    return is_among(_person_behind(office), row.asked_by, row.person)


def _asked(session: Session, case: Case) -> DeletionRequest | None:
    query = select(DeletionRequest).where(col(DeletionRequest.case_id) == case.id)
    return session.exec(query.where(col(DeletionRequest.state) == DeletionState.ASKED)).first()


def _waiting(office: Office) -> DeletionRequest:
    row = pending(office.session, office.case, office.now)
    if row is None:
        raise NotAllowed("nobody asks for this case to be deleted: it was decided on, taken back, or it lapsed")
    return row


def _check_role(office: Office, what: str) -> None:
    if not office.actor.role.covers(NEEDED):
        raise NotAllowed(f"{what} needs the role {NEEDED}")


def _check_second(office: Office, row: DeletionRequest) -> None:
    """Check that who agrees is another person than who asked, known by a log-in of their own."""
    if _is_own(office, row):
        raise NotAllowed("you asked for it yourself: a second person has to agree")
    query = select(StaffMember).where(col(StaffMember.name) == office.actor.name, col(StaffMember.is_active).is_(True))
    member = office.session.exec(query).first()
    sees = member is not None and member.organisation in ("", office.case.organisation)
    if member is None or not sees or not member.role.covers(NEEDED):
        raise NotAllowed(f"the second person is somebody who logs in to the desk with the role {NEEDED}, no program")


def _person_behind(office: Office) -> str:
    """Return who answers for what the actor does: of a program, whoever made its token."""
    name = office.actor.name
    if not name.startswith(PROGRAM):
        return name
    query = select(ApiToken.created_by).where(col(ApiToken.name) == name.removeprefix(PROGRAM))
    return office.session.exec(query).first() or name


def _written(office: Office, words: str) -> Note:
    """Keep a reason as a sealed note, which goes when the case does."""
    sealed = office.vault.keep(office.session, words.encode())
    note = Note(case_id=office.case.id or 0, at=office.now, by=office.actor.name, sealed_id=sealed)
    office.session.add(note)
    office.session.flush()
    return note


def _last_entry(session: Session, case: Case) -> int:
    session.flush()
    return session.exec(select(func.max(AuditEntry.seq)).where(col(AuditEntry.case_id) == case.id)).one() or 0


def _end(office: Office, row: DeletionRequest, state: DeletionState, action: Action) -> None:
    row.state, row.decided_by, row.decided_at = state, office.actor.name, office.now
    office.session.add(row)
    office.note(action, ground=row.ground, asked_by=row.asked_by)


def _end_items(office: Office) -> None:
    """End what never was a request as that, so that no clock runs on and no figure counts it."""
    for item in office.items():
        if item.is_owed:
            item.result, item.ground = ItemResult.NOT_A_REQUEST, None
            item.decided_at, item.decided_by = office.now, office.actor.name
            office.note(Action.ITEM_DECIDED, kind=item.kind, result=item.result)
            end_tasks(office.session, item, office.now, office.actor.name)
    if office.case.status is not CaseState.CLOSED:
        office.case.status, office.case.closed_at = CaseState.CLOSED, office.now
        mark_seen(office.case)
        office.note(Action.CASE_CLOSED, results=[item.result for item in office.items()])
