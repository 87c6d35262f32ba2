"""Due dates computed anew: after letters went out or came back, and everywhere when the calendar may have changed."""

from sqlmodel import col, select

from cases.clock_book import reckon
from cases.clocks import OfficeClock
from models.case import Case, CaseState, RequestItem
from models.casework import ClockFact
from models.organisation import Mailbox
from service.desk import Desk

PROGRAM = "rightsdesk"
_PART = 200


def reckon_told(desk: Desk, mailbox: Mailbox) -> int:
    """Compute the open items anew whose clocks a letter stops or extends; return how many dates changed.

    Such a letter counts from its acceptance, and not at all where it came back.
    """
    told = (
        select(RequestItem.case_id)
        .join(ClockFact)
        .where(col(ClockFact.letter_id).is_not(None), col(RequestItem.result).is_(None))
    )
    return _reckoned(desk, mailbox, select(Case.id).where(col(Case.mailbox) == mailbox.name, col(Case.id).in_(told)))


def reckon_all(desk: Desk) -> int:
    """Compute every open item anew; return how many dates changed, each with an event in its case's timeline."""
    changed = 0
    for mailbox in desk.mailboxes:
        is_open = (col(Case.mailbox) == mailbox.name, col(Case.status) != CaseState.CLOSED)
        changed += _reckoned(desk, mailbox, select(Case.id).where(*is_open))
    return changed


def _reckoned(desk: Desk, mailbox: Mailbox, query: object) -> int:
    with desk.database.reading() as session:
        ids = sorted(session.exec(query).all())  # type: ignore[call-overload]
    changed, clock = 0, OfficeClock(mailbox)
    for start in range(0, len(ids), _PART):
        with desk.database.transaction() as session:
            desk.audit.hold(session)
            part = select(Case).where(col(Case.id).in_(ids[start : start + _PART])).order_by(col(Case.id))
            for case in session.exec(part.with_for_update()):
                changed += reckon(session, case, clock, desk.audit, desk.now(), PROGRAM)
    return changed
