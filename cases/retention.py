"""What is erased, and when: the contents of closed cases, of job applications, of identity documents.

The facts of a procedure stay longer than its matter (GDPR Art. 5(1)(e), 5(2), recital 64): first mails, letters and
notes are shredded, later the names. Counts survive; a mail that was erased is known again by its fingerprint and never
imported twice. Every erasure is an entry of the audit chain.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from cases.clocks import OfficeClock
from cases.day_counting import corresponding_day
from cases.handing_in import shred_submissions, submissions_of
from cases.person_links import end_links
from models.audit import Action
from models.case import Case, CaseState
from models.casework import Note, PauseReason, Task, ThirdParty
from models.message import Message
from models.outbox import ERASED, OutboxMail
from models.person import Submission
from store.audit import Audit
from store.case_index import index_case
from store.vault import Vault

_AFTER_CHECK, _UNCHECKED = timedelta(hours=24), timedelta(days=30)
"""How long a file that proves an identity stays: after the check, and without one."""


class Extent(StrEnum):
    """How much of a case is erased."""

    CONTENTS = "contents"
    """Mails, letters, notes: whatever was said."""
    NAMES = "names"
    """Also who it was: name, address, subject. What is left is a count."""
    IDENTITY_FILES = "identity_files"
    """Only what the person handed in to prove who they are."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """One case whose time has come."""

    case: Case
    extent: Extent
    due_on: date
    why: str
    files: tuple[Submission, ...] = ()


def plan(session: Session, clock: OfficeClock, now: datetime) -> list[Erasure]:
    """Return what is to be erased in a mailbox by now, the oldest first."""
    today = clock.local_date(now)
    query = select(Case).where(col(Case.mailbox) == clock.mailbox.name).order_by(col(Case.id))
    waiting = (one for case in session.exec(query) for one in _due(case, clock))
    return [*_identity_files(session, clock, now), *(one for one in waiting if one.due_on <= today)]


def _identity_files(session: Session, clock: OfficeClock, now: datetime) -> Iterator[Erasure]:
    """Yield the files on identity whose time is over: a day after the check, at the latest thirty after they came."""
    query = select(Case, Submission).join(Submission, col(Submission.case_id) == col(Case.id))
    query = query.where(col(Case.mailbox) == clock.mailbox.name, col(Submission.question) == PauseReason.IDENTITY)
    found: dict[int, tuple[Case, list[Submission]]] = {}
    for case, file in session.exec(query.where(col(Submission.sealed_id).is_not(None)).order_by(col(Submission.id))):
        if _identity_file_ends(file) <= now:
            found.setdefault(case.id or 0, (case, []))[1].append(file)
    for case, files in found.values():
        due_on = clock.local_date(min(map(_identity_file_ends, files)))
        yield Erasure(case, Extent.IDENTITY_FILES, due_on, "what proved the identity was checked", tuple(files))


def _identity_file_ends(file: Submission) -> datetime:
    latest = file.at + _UNCHECKED
    return min(file.checked_at + _AFTER_CHECK, latest) if file.checked_at else latest


def _due(case: Case, clock: OfficeClock) -> Iterator[Erasure]:
    if case.requester_address == ERASED:
        return
    if case.erase_on is not None and case.contents_erased_at is None:
        yield Erasure(case, Extent.CONTENTS, case.erase_on, "the set time for applications is over")
    if case.status is not CaseState.CLOSED or case.closed_at is None:
        return
    closed_on, settings = clock.local_date(case.closed_at), clock.settings
    if case.contents_erased_at is None:
        until = corresponding_day(closed_on, settings.contents_months)
        yield Erasure(case, Extent.CONTENTS, until, f"{settings.contents_months} months after closing")
    until = corresponding_day(closed_on, settings.record_months)
    yield Erasure(case, Extent.NAMES, until, f"{settings.record_months} months after closing")


def erase(session: Session, erasure: Erasure, vault: Vault, audit: Audit, now: datetime, actor: str) -> None:
    """Erase what a plan names, with a record of it."""
    case = erasure.case
    if erasure.extent is Extent.IDENTITY_FILES:
        shred_submissions(session, erasure.files, vault, now)
        details: dict[str, object] = {"count": len(erasure.files), "why": erasure.why}
        audit.append(session, Action.FILE_ERASED, at=now, actor=actor, case_id=case.id, details=details)
        index_case(session, case)
        return
    _shred_contents(session, case, vault, now)
    case.contents_erased_at = case.contents_erased_at or now
    if erasure.extent is Extent.NAMES:
        case.requester_address = case.requester_name = case.subject = ERASED
        case.review_reason, case.tags, case.mentioned = "", [], []
        for party in session.exec(select(ThirdParty).where(col(ThirdParty.case_id) == case.id)):
            party.address = ""
            session.add(party)
        for task in session.exec(select(Task).where(col(Task.case_id) == case.id, col(Task.item_id).is_(None))):
            task.title = ERASED  # in words of staff, who may have named somebody
            session.add(task)
    index_case(session, case)
    details = {"extent": erasure.extent, "why": erasure.why}
    audit.append(session, Action.CASE_ERASED, at=now, actor=actor, case_id=case.id, details=details)


def _shred_contents(session: Session, case: Case, vault: Vault, now: datetime) -> None:
    for message in session.exec(select(Message).where(col(Message.case_id) == case.id)):
        if message.sealed_id:
            shredded, message.sealed_id, message.sealed_details = message.sealed_id, None, None
            message.files = []
            session.add(message)
            session.flush()
            vault.shred(session, shredded)
    for letter in session.exec(select(OutboxMail).where(col(OutboxMail.case_id) == case.id)):
        # The proof that it was sent stays: Message-ID, day and state.
        shredded, letter.sealed_id = letter.sealed_id, vault.keep(session, b"")
        letter.subject = ERASED
        letter.to_address = ERASED
        session.add(letter)
        session.flush()
        vault.shred(session, shredded)
    end_links(session, case)
    shred_submissions(session, submissions_of(session, case), vault, now)
    for note in session.exec(select(Note).where(col(Note.case_id) == case.id)):
        shredded = note.sealed_id
        session.delete(note)
        session.flush()
        vault.shred(session, shredded)
