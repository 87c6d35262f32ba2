"""Which case a mail belongs to: by its headers, by a reference it names, or by its sender.

A mail joins a case only where it is from that case's requester; from anybody else the case is a suggestion for staff.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from cases.reference import references_in
from models.case import Case, CaseState, RequestItem
from models.mail import Dmarc, ParsedMail, Screening
from models.message import Message
from models.outbox import OutboxMail
from models.verdict import Kind, Label, Verdict


@dataclass(frozen=True, slots=True)
class Thread:
    """The case a mail belongs or seems to belong to."""

    case: Case
    is_requesters: bool
    """Whether it may join by itself."""


def thread_of(
    session: Session, organisation: str, mail: ParsedMail, screening: Screening, verdict: Verdict
) -> Thread | None:
    """Return the case that a mail goes to, None where it starts something new."""
    named = list(_named_cases(session, organisation, mail))
    own = next((case for case in named if _is_from(case, screening)), None)
    if own:
        return Thread(own, is_requesters=True)
    if named:
        return Thread(named[0], is_requesters=False)
    known = _open_case_of_sender(session, organisation, screening, verdict)
    return Thread(known, is_requesters=True) if known else None


def _named_cases(session: Session, organisation: str, mail: ParsedMail) -> Iterable[Case]:
    """Yield the cases that headers, then the subject and the text name; nearest first, each once."""
    ids = [*reversed(mail.in_reply_to), *reversed(mail.references)][:50]
    found = _cases_by_mail(session, organisation, ids)
    text = f"{mail.subject}\n{mail.body.written or mail.body.text}"
    for reference in list(references_in(text))[:5]:
        query = select(Case).where(col(Case.organisation) == organisation, col(Case.reference) == reference)
        found += list(session.exec(query))
    return {case.id: case for case in found}.values()


def _cases_by_mail(session: Session, organisation: str, message_ids: list[str]) -> list[Case]:
    if not message_ids:
        return []
    cases = []
    for table in (OutboxMail, Message):
        of_mail = select(table.case_id).where(
            col(table.organisation) == organisation, col(table.message_id).in_(message_ids)
        )
        cases += list(session.exec(select(Case).where(col(Case.id).in_(of_mail)).order_by(col(Case.id).desc())))
    return cases


def _open_case_of_sender(session: Session, organisation: str, screening: Screening, verdict: Verdict) -> Case | None:
    """Return the newest open case of the same sender that this mail repeats or follows up."""
    if screening.requester is None or screening.dmarc is Dmarc.FAIL:
        return None
    query = (
        select(Case)
        .where(
            col(Case.organisation) == organisation,
            col(Case.requester_address) == screening.requester.address.lower(),
            col(Case.status) != CaseState.CLOSED,
        )
        .order_by(col(Case.id).desc())
    )
    is_followup = Label.FOLLOWUP in verdict.labels and not verdict.kinds
    for case in session.exec(query):
        if is_followup or open_kinds(session, case) & set(verdict.kinds):
            return case
    return None


def open_kinds(session: Session, case: Case) -> set[Kind]:
    """Return the kinds of a case's items that have no result yet."""
    query = select(RequestItem.kind).where(col(RequestItem.case_id) == case.id, col(RequestItem.result).is_(None))
    return {Kind(kind) for kind in session.exec(query)}


def _is_from(case: Case, screening: Screening) -> bool:
    # A trusted DMARC failure says that the address is not the sender's.
    return (
        screening.requester is not None
        and screening.dmarc is not Dmarc.FAIL
        and not screening.forwarded_by_staff
        and screening.requester.address.lower() == case.requester_address
    )
