"""What a requester hands in on their page: files and messages, a withdrawal, another language. Staff look at each.

Nothing here moves a clock or ends an item: that what was asked for has come in is staff's to note (`take_answer`), that
a request ends is staff's to decide. Whoever has the link could have written it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, update

from cases.deciding import confirm_or_look_over, decide
from cases.office import Office
from cases.person_view import is_withdrawn, may_hand_in_files, may_withdraw
from cases.situation import rows_of
from models.audit import Action
from models.case import Case, CaseState, ItemResult
from models.casework import PauseReason
from models.errors import NotAllowed, NotFound
from models.person import AddressProof, Refusal, Refused, Submission, SubmissionSort
from store.vault import Vault

LONGEST_MESSAGE = 4000
_MOST_MESSAGES = 20
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file whose contents were looked at and found fit to keep."""

    name: str
    content_type: str
    content: bytes


def hand_in_files(office: Office, files: Sequence[HandedFile]) -> int:
    """Keep files, sealed, and show the case to staff; return how many were new. Raises Refused.

    The same file sent twice is kept once.
    """
    now = office.situation()
    if not may_hand_in_files(now):
        raise Refused(Refusal.NOT_ASKED)
    if not files:
        raise Refused(Refusal.NO_FILE)
    before = submissions_of(office.session, office.case)
    kept = {one.once_key for one in before}
    new = {key: file for file in files if (key := _file_key(file)) not in kept}
    held = sum(one.sort is SubmissionSort.FILE and one.sealed_id is not None for one in before)
    if held + len(new) > office.page.upload_files:
        raise Refused(Refusal.TOO_MANY_FILES)
    reasons = {one.fact.reason for one in now.open_questions()}
    # What is sent while we ask who the person is may be an identity document: it is erased after the check.
    question = PauseReason.IDENTITY if PauseReason.IDENTITY in reasons else next(iter(reasons), None)
    for key, file in new.items():
        _keep_file(office, key, file, question)
    if new:
        _came_in(office, SubmissionSort.FILE, "the person sent files on their page: note whether it is what was asked")
    return len(new)


def _file_key(file: HandedFile) -> str:
    return f"file {hashlib.sha256(file.content).hexdigest()}"


def _keep_file(office: Office, key: str, file: HandedFile, question: PauseReason | None) -> None:
    sealed_id = office.vault.keep(office.session, file.content)
    office.session.flush()
    row = Submission(
        case_id=office.case.id or 0,
        sort=SubmissionSort.FILE,
        at=office.now,
        once_key=key,
        sealed_id=sealed_id,
        sealed_name=office.vault.seal_beside(office.session, sealed_id, file.name.encode()),
        content_type=file.content_type,
        size=len(file.content),
        question=question,
    )
    office.session.add(row)


def write_message(office: Office, words: str, form: str) -> bool:
    """Keep a few lines to staff, sealed; a form sent twice says it once. Return whether it was new. Raises Refused."""
    words = words.strip()
    if not words:
        raise Refused(Refusal.NO_MESSAGE)
    if len(words) > LONGEST_MESSAGE:
        raise Refused(Refusal.LONG_MESSAGE)
    key = f"message {hashlib.sha256(form.encode()).hexdigest()}"
    before = [one for one in submissions_of(office.session, office.case) if one.sort is SubmissionSort.MESSAGE]
    if key in {one.once_key for one in before}:
        return False
    if len(before) >= _MOST_MESSAGES:
        raise Refused(Refusal.TOO_MANY_MESSAGES)
    sealed_id = office.vault.keep(office.session, words.encode())
    _add(office, SubmissionSort.MESSAGE, key, sealed_id)
    _came_in(office, SubmissionSort.MESSAGE, "the person wrote a message on their page")
    return True


def withdraw(office: Office) -> bool:
    """Note that the person does not want to go on; staff end the items. Return whether it was new. Raises Refused."""
    submissions = submissions_of(office.session, office.case)
    if is_withdrawn(office.case, submissions):
        return False
    if not may_withdraw(office.situation(), submissions):
        raise Refused(Refusal.NOTHING_TO_WITHDRAW)
    _add(office, SubmissionSort.WITHDRAWAL, f"withdrawal {len(submissions)}")
    _came_in(office, SubmissionSort.WITHDRAWAL, "the person withdrew on their page: end the items, and confirm it")
    return True


def choose_language(office: Office, language: str) -> None:
    """Write to the person in another of the organisation's languages from now on; raises Refused."""
    if language not in office.clock.mailbox.organisation.languages:
        raise Refused(Refusal.WRONG_LANGUAGE)
    if language != office.case.language:
        office.note(Action.LANGUAGE_CHANGED, of=office.case.language, to=language)
        office.case.language = language


def _add(office: Office, sort: SubmissionSort, key: str, sealed_id: str | None = None) -> None:
    row = Submission(case_id=office.case.id or 0, sort=sort, at=office.now, once_key=key, sealed_id=sealed_id)
    office.session.add(row)


def _came_in(office: Office, sort: SubmissionSort, why: str) -> None:
    """Show the case to staff, as a further mail of the person would."""
    case = office.case
    case.needs_review, case.replied_at = True, office.now
    if why not in case.review_reason:
        case.review_reason = "; ".join(part for part in (case.review_reason, why) if part)[:_LONGEST_REASON]
    if case.status is CaseState.CLOSED:
        case.status, case.closed_at = CaseState.REVIEW, None
    office.note(Action.HANDED_IN, sort=sort)
    office.session.flush()


# -- staff


def submissions_of(session: Session, case: Case) -> list[Submission]:
    """Return what was handed in in a case, oldest first."""
    return rows_of(session, Submission, case)


def accept_withdrawal(office: Office) -> None:
    """End every open item as withdrawn, as the person asked on their page; raises NotAllowed."""
    submissions = submissions_of(office.session, office.case)
    if not any(one.sort is SubmissionSort.WITHDRAWAL for one in submissions):
        raise NotAllowed("the person did not withdraw on their page")
    if office.case.status is CaseState.REVIEW or office.case.needs_review:
        confirm_or_look_over(office)
    for item in office.open_items():
        decide(office, item.kind, ItemResult.WITHDRAWN)


def erase_file(office: Office, number: int) -> None:
    """Erase one file of the person at once; raises NotFound."""
    row = office.session.get(Submission, number)
    if row is None or row.case_id != office.case.id or row.sealed_id is None:
        raise NotFound(f"there is no file {number} in this case")
    shred_submissions(office.session, [row], office.vault, office.now)
    office.note(Action.FILE_ERASED, count=1)


def note_checked(office: Office) -> None:
    """Note that the identity was decided: what was to prove it is erased a day later (`retention.py`)."""
    for row in submissions_of(office.session, office.case):
        if row.question is PauseReason.IDENTITY and row.checked_at is None:
            row.checked_at = office.now
            office.session.add(row)


def take_over(session: Session, case: Case, into: Case) -> None:
    """Move what was handed in to the case that one is merged into, and a proof under way where it is one person's."""
    known = {one.once_key for one in submissions_of(session, into)}
    for row in submissions_of(session, case):
        row.case_id = into.id or 0
        row.once_key = None if row.once_key in known else row.once_key
        session.add(row)
    if case.requester_address == into.requester_address:
        proofs = update(AddressProof).where(col(AddressProof.case_id) == case.id).values(case_id=into.id)
        session.exec(proofs)


def shred_submissions(session: Session, rows: Iterable[Submission], vault: Vault, now: datetime) -> None:
    """Forget the words and files of submissions; that something came in, and when, stays."""
    for row in rows:
        shredded, row.sealed_id, row.sealed_name, row.once_key = row.sealed_id, None, None, None
        row.erased_at = row.erased_at or now
        session.add(row)
        session.flush()
        if shredded:
            vault.shred(session, shredded)
