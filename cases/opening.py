"""What becomes of one mail: it joins a case, opens one, or is filed. One decision, in the caller's transaction.

Comes in: the message row, what it says, who sent it, what it seems to ask. Goes out: the letters to be written.
Where it is unsure whether a mail asks for anything, a case is opened for review and its clock runs: a missed request is
the worst error.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from cases.acknowledging import acknowledgement
from cases.applications import routed_application
from cases.blocking import REASON as BLOCKED
from cases.blocking import is_from_blocked, is_looked_at
from cases.checklists import add_tasks
from cases.clocks import OfficeClock
from cases.directory import customer_of
from cases.reference import new_reference
from cases.threads import Thread, open_kinds, thread_of
from models.audit import Action
from models.case import Case, CaseState, RequestItem
from models.letter import LetterOrder
from models.mail import Nature, ParsedMail, Screening
from models.message import Message, Outcome
from models.verdict import RIGHTS, Doubt, Kind, Label, Verdict
from store.audit import Audit
from store.case_index import index_case

_BLOCKED_ASKS = "the sender is blocked, but seems to ask for something that has a date"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of one mail when its fate is decided."""

    mail: ParsedMail
    screening: Screening
    verdict: Verdict
    is_old: bool
    """Received before `archive_before`."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The case registry of one mailbox's organisation."""

    clock: OfficeClock
    audit: Audit

    def file_message(self, session: Session, message: Message, evidence: Evidence, now: datetime) -> list[LetterOrder]:
        """Decide a message: set its outcome and case; return the letters it orders."""
        if evidence.is_old:
            return self._archive(session, message, evidence, now)
        machine = _machine_reason(evidence)
        if machine:
            return _decide(message, Outcome.AUTOMATIC, machine)
        organisation = self.clock.mailbox.organisation.slug
        thread = thread_of(session, organisation, evidence.mail, evidence.screening, evidence.verdict)
        blocked = is_from_blocked(session, self.clock, evidence.screening, now)
        runs = thread is not None and thread.is_requesters and thread.case.status is not CaseState.CLOSED
        if blocked and not runs and not is_looked_at(evidence.verdict):
            return _decide(message, Outcome.FILED, BLOCKED)
        if thread and thread.is_requesters:
            self._lock(session, thread.case)
            return self._join(session, message, thread.case, evidence, now)
        if thread is None and not _deserves_case(evidence.verdict):
            return _decide(message, *_resting_place(evidence))
        return self.open_case(session, message, evidence, thread, now, is_blocked=blocked)

    def _archive(self, session: Session, message: Message, evidence: Evidence, now: datetime) -> list[LetterOrder]:
        organisation = self.clock.mailbox.organisation
        if organisation.archive_cases and not _machine_reason(evidence) and _deserves_case(evidence.verdict):
            self.open_case(session, message, evidence, None, now)
        return _decide(message, Outcome.ARCHIVED, "received before archive_before")

    def _lock(self, session: Session, case: Case) -> None:
        """Lock a case, and see what others did to it since it was found."""
        self.audit.hold(session)
        session.flush()
        session.refresh(case, with_for_update=True)

    def _join(
        self, session: Session, message: Message, case: Case, evidence: Evidence, now: datetime
    ) -> list[LetterOrder]:
        """Attach a mail of the requester; a new right in it opens an item of its own, a reminder restarts nothing."""
        message.case_id, case.replied_at = case.id, now
        self.audit.append(session, Action.MESSAGE_JOINED, at=now, case_id=case.id, message_id=message.id)
        new = _new_kinds(open_kinds(session, case), evidence.verdict)
        for kind in new:
            self.add_item(session, case, kind, message.received_at, now, confidence_of(evidence.verdict, kind))
        if RIGHTS & set(new):
            case.erase_on = None  # what proves the request stays for as long as that of any other
        why = _why_look_again(case, evidence)
        if why:
            case.needs_review, case.review_reason = True, why
        if case.status is CaseState.CLOSED or (case.status is CaseState.ANSWERED and new):
            case.status, case.closed_at = CaseState.REVIEW, None
        index_case(session, case)
        return _decide(message, Outcome.THREAD, "")

    def open_case(
        self,
        session: Session,
        message: Message,
        evidence: Evidence,
        suggestion: Thread | None,
        now: datetime,
        *,
        is_blocked: bool = False,
    ) -> list[LetterOrder]:
        """Open a case for a message, with an item for each kind; return the acknowledgement, where one may go."""
        case = self._new_case(message, evidence, suggestion, now)
        if is_blocked:
            case.status, case.needs_review, case.review_reason = CaseState.REVIEW, True, _BLOCKED_ASKS
        case.customer_id = self._customer_of(session, evidence)
        session.add(case)
        session.flush()
        message.case_id = case.id
        self.audit.append(
            session, Action.CASE_OPENED, at=now, case_id=case.id, message_id=message.id, details={"status": case.status}
        )
        kinds = evidence.verdict.kinds or (Kind.UNSPECIFIED,)
        items = [
            self.add_item(session, case, kind, message.received_at, now, confidence_of(evidence.verdict, kind))
            for kind in kinds
        ]
        index_case(session, case)
        _decide(message, Outcome.CASE, "")
        if evidence.is_old or is_blocked:
            return []
        order = acknowledgement(
            session, case, items, evidence.mail, evidence.screening, evidence.verdict, self.clock, now
        )
        routed = routed_application(case, items, self.clock, now)
        return [one for one in (order, routed) if one]

    def _customer_of(self, session: Session, evidence: Evidence) -> int | None:
        sender = evidence.screening.requester
        organisation = self.clock.mailbox.organisation.slug
        named = evidence.verdict.fields.customer_company
        customer = customer_of(session, organisation, evidence.mail, named, sender.address if sender else "")
        return customer.id if customer else None

    def _new_case(self, message: Message, evidence: Evidence, suggestion: Thread | None, now: datetime) -> Case:
        requester, why = evidence.screening.requester, _why_review(evidence, suggestion)
        return Case(
            reference=new_reference(),
            organisation=message.organisation,
            mailbox=message.mailbox,
            status=CaseState.REVIEW if why else CaseState.OPEN,
            requester_address=requester.address.lower() if requester else "",
            requester_name=requester.name if requester else "",
            subject=evidence.mail.subject[:500],
            language=evidence.verdict.language,
            received_at=message.received_at,
            opened_at=now,
            needs_review=bool(why),
            review_reason=why,
            suggested_case_id=suggestion.case.id if suggestion else None,
            proposed_received=evidence.screening.proposed_received,
            hints=[hint.value for hint in evidence.verdict.hints],
        )

    def add_item(
        self,
        session: Session,
        case: Case,
        kind: Kind,
        received_at: datetime,
        now: datetime,
        confidence: float | None = None,
    ) -> RequestItem:
        """Add an item of a kind to a case; its clock starts at the receipt."""
        item = RequestItem(case_id=case.id or 0, kind=kind, received_at=received_at, confidence=confidence)
        self.clock.set_due(item)
        session.add(item)
        add_tasks(session, item, self.clock.mailbox.organisation)
        self.audit.append(
            session,
            Action.ITEM_OPENED,
            at=now,
            case_id=case.id,
            details={"kind": kind, "received_at": received_at, "due_on": item.due_on},
        )
        return item

    def file_copy(self, session: Session, message: Message, original: Message, now: datetime) -> None:
        """File a further copy of a mail; where it was received earlier than the original, the clock starts earlier."""
        message.case_id, message.duplicate_of = original.case_id, original.id
        message.message_id = message.message_id or original.message_id
        _decide(message, Outcome.DUPLICATE, "a further copy")
        case = session.get(Case, original.case_id) if original.case_id else None
        if case is None or original.outcome is not Outcome.CASE or message.received_at >= case.received_at:
            return
        self.audit.append(
            session,
            Action.RECEIPT_MOVED,
            at=now,
            case_id=case.id,
            message_id=message.id,
            details={"received_at": message.received_at},
        )
        before, case.received_at = case.received_at, message.received_at
        for item in session.exec(select(RequestItem).where(col(RequestItem.case_id) == case.id)):
            if item.received_at == before:
                item.received_at = message.received_at
                self.clock.set_due(item)
        index_case(session, case)


def confidence_of(verdict: Verdict, kind: Kind) -> float | None:
    """Return how probable it is that a kind is asked for; None where the verdict does not say."""
    return verdict.scores.get(Label(kind.value))


def _decide(message: Message, outcome: Outcome, reason: str) -> list[LetterOrder]:
    message.outcome, message.reason = outcome, reason
    return []


def _machine_reason(evidence: Evidence) -> str:
    """Return why no person wrote this to us, '' where one may have."""
    screening, verdict = evidence.screening, evidence.verdict
    marks = "; ".join(screening.marks[:2])
    if screening.nature in (Nature.AUTO_REPLY, Nature.DELIVERY_REPORT, Nature.OWN):
        return marks or screening.nature.value
    if screening.nature is Nature.MARKED and not _is_personal_request(verdict):
        return marks or "marked automatic"
    return ""


def _deserves_case(verdict: Verdict) -> bool:
    return bool(verdict.kinds) or Label.FOLLOWUP in verdict.labels or verdict.doubt is not Doubt.NONE


def _is_personal_request(verdict: Verdict) -> bool:
    """Tell whether a marked mail asks for something after all: more likely than not, since most of them do not."""
    return any(verdict.scores.get(Label(kind.value), 1.0) >= 0.5 for kind in verdict.kinds)


def _resting_place(evidence: Evidence) -> tuple[Outcome, str]:
    labels = evidence.verdict.labels
    if Label.AUTO in labels:
        return Outcome.AUTOMATIC, "written by a machine, as its text shows"
    return Outcome.FILED, "spam" if Label.SPAM in labels else "ordinary mail"


def _new_kinds(known: set[Kind], verdict: Verdict) -> list[Kind]:
    """Return the kinds that a further mail adds to a case; an unnamed right adds nothing to a named one."""
    if verdict.doubt is Doubt.REQUEST:
        return []
    new = [kind for kind in verdict.kinds if kind not in known]
    return [kind for kind in new if kind is not Kind.UNSPECIFIED or not known & RIGHTS]


def _why_look_again(case: Case, evidence: Evidence) -> str:
    if case.status is CaseState.CLOSED:
        return "a mail came in after closing"
    if case.status is CaseState.ANSWERED:
        return "a mail came in after the answer"
    if case.status is CaseState.WAITING:
        return "the person has written: note whether this is what was asked for"
    if evidence.verdict.doubt is Doubt.REQUEST:
        return "a further mail may ask for something new"
    if set(evidence.verdict.kinds) & {Kind.AUTHORITY, Kind.INCIDENT}:
        return "a further letter of this sort may be a matter of its own, with a date of its own"
    return ""


def _why_review(evidence: Evidence, suggestion: Thread | None) -> str:
    """Return why a person must look before the case goes on, '' where nothing is doubtful."""
    screening, verdict = evidence.screening, evidence.verdict
    if suggestion:
        return f"names case {suggestion.case.reference}, but is not from its requester"
    if screening.forwarded_by_staff:
        return "forwarded by a colleague: confirm the requester and the day of receipt"
    if screening.nature is not Nature.PERSON or not screening.is_answerable:
        return "; ".join(screening.marks[:2]) or "the sender cannot be answered"
    if not verdict.kinds:
        is_followup = Label.FOLLOWUP in verdict.labels
        return "follows up something, but no case of the sender is known" if is_followup else "perhaps a request"
    return {
        Doubt.NONE: "",
        Doubt.KINDS: "which rights are meant is unsure",
        Doubt.REQUEST: "perhaps a request",
    }[verdict.doubt]
