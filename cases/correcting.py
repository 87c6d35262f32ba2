"""A person says what a mail is: its case, its items and its letter follow. In the caller's transaction.

The clock keeps the day of receipt, however late a request is recognised. What a person has decided is never changed
back by a machine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from cases.acknowledging import acknowledgement
from cases.checklists import end_tasks
from cases.looking import mark_seen
from cases.opening import Evidence, Registry, confidence_of
from models.audit import Action
from models.case import Case, CaseState, ItemResult, RequestItem
from models.correction import Correction
from models.errors import NotAllowed
from models.letter import LetterOrder
from models.message import Message, Outcome
from models.outbox import OutboxMail
from store.case_index import index_case
from store.label_index import set_labels

_NOT_TO_BE_CORRECTED = {
    Outcome.PENDING: "it has not been decided yet",
    Outcome.DUPLICATE: "it is a further copy: correct the original",
    Outcome.VANISHED: "it was gone before it could be read",
}


def check_correctable(message: Message) -> None:
    """Raise NotAllowed, with the reason, for a message that cannot be corrected."""
    reason = _NOT_TO_BE_CORRECTED.get(message.outcome)
    if reason:
        raise NotAllowed(f"message {message.id} cannot be corrected: {reason}")


@dataclass(frozen=True, slots=True)
class Correcting:
    """Corrections by one person."""

    registry: Registry
    by: str

    def correct(self, session: Session, message: Message, evidence: Evidence, now: datetime) -> list[LetterOrder]:
        """Give a message the labels of the verdict, which is a person's; return the letters that follow from it.

        A mail without a case gets one where the labels ask for one. Of the mail that opened a case, all items follow:
        new kinds are added, those it does not ask for end as `not_a_request`. Another mail of a case adds kinds only.
        With a doubt the case is put back into review, and nothing is written. Raises NotAllowed for a mail that cannot
        be corrected.
        """
        check_correctable(message)
        self._note(session, message, evidence, now)
        case = session.get(Case, message.case_id, with_for_update=True) if message.case_id else None
        if case is None:
            return self._refile(session, message, evidence, now)
        orders = self._follow(session, case, message, evidence, now)
        index_case(session, case)
        return orders

    def _note(self, session: Session, message: Message, evidence: Evidence, now: datetime) -> None:
        labels = [label.value for label in evidence.verdict.labels]
        correction = Correction(
            message_id=message.id or 0,
            labels=labels,
            said=message.labels,
            model_version=message.model_version,
            by=self.by,
            at=now,
        )
        session.add(correction)
        details = {"labels": labels, "said": message.labels}
        self._record(session, Action.MESSAGE_CORRECTED, message, now, message.case_id, details)
        set_labels(session, message, labels)
        message.needs_review, message.model_version = False, None

    def _refile(self, session: Session, message: Message, evidence: Evidence, now: datetime) -> list[LetterOrder]:
        if evidence.verdict.kinds:
            return self.registry.open_case(session, message, evidence, None, now)
        if message.outcome in (Outcome.AUTOMATIC, Outcome.QUARANTINE):
            message.outcome = Outcome.FILED
        message.reason = "ordinary mail, as a person said"
        return []

    def _follow(
        self, session: Session, case: Case, message: Message, evidence: Evidence, now: datetime
    ) -> list[LetterOrder]:
        is_open = (col(RequestItem.case_id) == case.id, col(RequestItem.result).is_(None))
        items = list(session.exec(select(RequestItem).where(*is_open)))
        for item in (item for item in items if item.kind in evidence.verdict.kinds):
            item.confidence = confidence_of(evidence.verdict, item.kind)
        present = {item.kind for item in items}
        for kind in (kind for kind in evidence.verdict.kinds if kind not in present):
            confidence = confidence_of(evidence.verdict, kind)
            items.append(self.registry.add_item(session, case, kind, message.received_at, now, confidence))
        if message.outcome is Outcome.THREAD:
            if case.status is not CaseState.REVIEW:  # which waits for a look at another mail
                mark_seen(case)
            return []
        items = self._end_others(session, case, items, message, evidence, now)
        if evidence.verdict.needs_review and items:
            case.needs_review, case.review_reason = True, "a person took back what was said of it"
            case.status, case.closed_at = CaseState.REVIEW, None
            return []
        mark_seen(case)
        case.status = CaseState.CLOSED if not items else _looked_at(case.status)
        case.closed_at = now if not items else None
        if not items:
            self._record(session, Action.CASE_CLOSED, message, now, case.id, {"result": ItemResult.NOT_A_REQUEST})
        return self._owed(session, case, items, message, evidence, now) if items else []

    def _end_others(
        self,
        session: Session,
        case: Case,
        items: Sequence[RequestItem],
        message: Message,
        evidence: Evidence,
        now: datetime,
    ) -> list[RequestItem]:
        """End the items of this mail that it does not ask for; return those that stay open."""
        staying = []
        for item in items:
            if item.kind in evidence.verdict.kinds or item.received_at not in (message.received_at, case.received_at):
                staying.append(item)
                continue
            item.result, item.decided_at, item.decided_by = ItemResult.NOT_A_REQUEST, now, self.by
            end_tasks(session, item, now, self.by)
            details = {"kind": item.kind, "result": item.result}
            self._record(session, Action.ITEM_ENDED, message, now, case.id, details)
        return staying

    def _owed(
        self,
        session: Session,
        case: Case,
        items: list[RequestItem],
        message: Message,
        evidence: Evidence,
        now: datetime,
    ) -> list[LetterOrder]:
        """Return the acknowledgement that a person's doubt had held back, where none was written yet."""
        if message.outcome is not Outcome.CASE or evidence.is_old:
            return []
        written = select(OutboxMail.id).where(col(OutboxMail.case_id) == case.id, col(OutboxMail.once_key).is_not(None))
        if session.exec(written).first() is not None:
            return []
        order = acknowledgement(
            session, case, items, evidence.mail, evidence.screening, evidence.verdict, self.registry.clock, now
        )
        return [order] if order else []

    def _record(
        self,
        session: Session,
        action: Action,
        message: Message,
        now: datetime,
        case_id: int | None,
        details: Mapping[str, object],
    ) -> None:
        self.registry.audit.append(
            session, action, at=now, actor=self.by, case_id=case_id, message_id=message.id, details=details
        )


def _looked_at(status: CaseState) -> CaseState:
    return CaseState.OPEN if status in (CaseState.REVIEW, CaseState.CLOSED) else status
