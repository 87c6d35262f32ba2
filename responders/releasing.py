"""Letters that staff let go or hold back."""

from datetime import datetime

from sqlmodel import Session

from models.audit import Action
from models.errors import NotAllowed, NotFound
from models.outbox import ERASED, OutboxMail, OutboxState
from responders.outbox import index_case_of
from store.audit import Audit

_CAN_BE_RELEASED = (OutboxState.HELD, OutboxState.FAILED, OutboxState.UNCERTAIN)
_CAN_BE_HELD = (OutboxState.QUEUED, OutboxState.UNCERTAIN)


def release_letter(session: Session, audit: Audit, number: int, now: datetime, by: str) -> None:
    """Offer a letter again that was held or came back, with the same Message-ID; raises NotFound and NotAllowed."""
    letter = _letter(session, audit, number)
    if letter.state not in _CAN_BE_RELEASED:
        raise NotAllowed(f"letter {number} is {letter.state.value}: only a held, failed or uncertain one is sent again")
    letter.state, letter.reason, letter.next_try_at = OutboxState.QUEUED, "", now
    letter.doubtful_handovers = 0
    audit.append(session, Action.LETTER_RELEASED, at=now, actor=by, case_id=letter.case_id, outbox_id=number)
    index_case_of(session, letter)


def hold_letter(session: Session, audit: Audit, number: int, now: datetime, by: str) -> None:
    """Hold a letter that has not gone out yet; raises NotFound and NotAllowed."""
    letter = _letter(session, audit, number)
    if letter.state not in _CAN_BE_HELD:
        raise NotAllowed(f"letter {number} is {letter.state.value}: only one that has not gone out yet can be held")
    letter.state, letter.reason = OutboxState.HELD, "held by a person"
    details = {"reason": letter.reason}
    audit.append(
        session, Action.LETTER_HELD, at=now, actor=by, case_id=letter.case_id, outbox_id=number, details=details
    )
    index_case_of(session, letter)


def _letter(session: Session, audit: Audit, number: int) -> OutboxMail:
    audit.hold(session)  # before the letter: whoever erases its case has the chain first, too
    letter = session.get(OutboxMail, number, with_for_update=True)
    if letter is not None and letter.to_address == ERASED:
        raise NotAllowed(f"letter {number} was erased")
    if letter is None:
        raise NotFound(f"there is no letter {number}; `rightsdesk outbox list` shows them all")
    return letter
