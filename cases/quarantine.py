"""What staff do with a mail that could not be handled: have it tried again, set it aside, or make it a case.

And with one that was read in the wrong charset: have it read in another.

In the caller's transaction. What a person has decided is never changed back by a machine.
"""

from datetime import datetime

from sqlmodel import Session

from models.audit import Action
from models.case import Case
from models.errors import NotAllowed
from models.message import Message, Outcome, SetAside
from store.audit import Audit


def retry(session: Session, audit: Audit, message: Message, now: datetime, by: str) -> None:
    """Let a mail be handled once more, with the next round; raises NotAllowed."""
    _check(message)
    if message.sealed_id is None or message.sha256 is None:
        raise NotAllowed("only its header was read, so there is nothing to try again: look at it on the mail server")
    message.outcome, message.reason, message.attempts, message.decided_at = Outcome.PENDING, "", 0, None
    session.add(message)
    audit.append(session, Action.MESSAGE_RETRIED, at=now, actor=by, message_id=message.id)


def read_as(session: Session, audit: Audit, message: Message, charset: str, now: datetime, by: str) -> bool:
    """Have a mail read in a charset from now on, '' for what it says itself; the bytes stay as they are.

    Where no person decided on it and no case has it, it is handled once more, as it may ask for something after all:
    then True is returned. Raises NotAllowed.
    """
    if message.sealed_id is None or message.sha256 is None:
        raise NotAllowed("its bytes are not kept, so there is nothing to read")
    if message.outcome is Outcome.PENDING:
        raise NotAllowed("it is about to be handled: wait a moment")
    if charset == message.charset:
        raise NotAllowed("it is read so already")
    details = {"charset": charset, "before": message.charset}
    message.charset = charset
    if is_again := _may_be_decided_again(message):
        message.outcome, message.reason, message.attempts, message.decided_at = Outcome.PENDING, "", 0, None
    session.add(message)
    audit.append(
        session,
        Action.MESSAGE_REREAD,
        at=now,
        actor=by,
        case_id=message.case_id,
        message_id=message.id,
        details=details,
    )
    return is_again


def _may_be_decided_again(message: Message) -> bool:
    if message.outcome is Outcome.QUARANTINE:
        return True
    is_machines = message.model_version is not None  # what a person decided has none
    rests = (Outcome.FILED, Outcome.AUTOMATIC, Outcome.ARCHIVED)
    return is_machines and message.case_id is None and message.outcome in rests


def set_aside(session: Session, audit: Audit, message: Message, why: SetAside, now: datetime, by: str) -> None:
    """File a mail that needs nothing; raises NotAllowed."""
    _check(message)
    message.outcome, message.reason = Outcome.FILED, f"set aside by a person: {why.value.replace('_', ' ')}"
    session.add(message)
    audit.append(session, Action.MESSAGE_IGNORED, at=now, actor=by, message_id=message.id, details={"why": why})


def give_to(session: Session, audit: Audit, message: Message, case: Case, now: datetime, by: str) -> None:
    """Make a mail the one that opened a case; raises NotAllowed."""
    _check(message)
    if message.organisation != case.organisation:
        raise NotAllowed("the mail came to another organisation")
    message.outcome, message.reason, message.case_id = Outcome.CASE, "", case.id
    session.add(message)
    audit.append(session, Action.MESSAGE_JOINED, at=now, actor=by, case_id=case.id, message_id=message.id)


def _check(message: Message) -> None:
    if message.outcome is not Outcome.QUARANTINE:
        raise NotAllowed(f"message {message.id} is not in the quarantine: it is {message.outcome.value}")
