"""The first thing to do in each case of a list: what its page suggests first, read for all of them together."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from cases.clocks import OfficeClock
from cases.deletion_view import second_people
from cases.playbook import Suggestion, suggestions
from cases.situation import situations_of
from models.case import Case, CaseState
from models.organisation import Mailbox


def next_steps(
    session: Session, ids: Sequence[int], mailboxes: Sequence[Mailbox], now: datetime
) -> dict[int, Suggestion]:
    """Return the first thing to do in each case, by its id; of those in which there is something to do.

    A case whose mailbox is not configured any more has no clock, and no steps, as on its page.
    """
    boxes = {box.name: box for box in mailboxes}
    cases = session.exec(select(Case).where(col(Case.id).in_(ids), col(Case.status) != CaseState.CLOSED))
    known = [(case, OfficeClock(boxes[case.mailbox])) for case in cases if case.mailbox in boxes]
    found = {one.case.id or 0: suggestions(one) for one in situations_of(session, known, now)}
    return {case_id: steps[0] for case_id, steps in found.items() if steps} | second_people(session, ids, now)
