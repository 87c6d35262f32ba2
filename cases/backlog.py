"""What waits in each mailbox: mail that is still to be decided, since when, and mail in the quarantine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from models.message import Message, Outcome

MOST = 10_000
"""Where counting ends."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Mails of one mailbox that wait for the same."""

    count: int = 0
    is_cut: bool = False
    """Counting ended: there may be more."""
    since: datetime | None = None
    """When the first of them was stored."""

    @property
    def counted(self) -> str:
        """Return the count for people: with a plus where counting ended."""
        return f"{self.count:,}{'+' if self.is_cut else ''}"


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in one mailbox."""

    pending: Waiting = Waiting()
    quarantine: Waiting = Waiting()


def backlogs(session: Session, organisation: str = "") -> Mapping[str, Backlog]:
    """Return what waits by mailbox, those of one organisation or of all; a mailbox where nothing waits is left out."""
    pending, quarantine = (_waiting(session, one, organisation) for one in (Outcome.PENDING, Outcome.QUARANTINE))
    boxes = {*pending, *quarantine}
    return {box: Backlog(pending.get(box, Waiting()), quarantine.get(box, Waiting())) for box in boxes}


def _waiting(session: Session, outcome: Outcome, organisation: str) -> Mapping[str, Waiting]:
    """Count the mails of an outcome, the oldest first, as far as counting goes."""
    query = select(col(Message.mailbox), col(Message.organisation), col(Message.stored_at))
    some = query.where(col(Message.outcome) == outcome).order_by(col(Message.id)).limit(MOST).subquery()
    grouped = select(some.c.mailbox, some.c.organisation, func.count(), func.min(some.c.stored_at))
    rows = session.execute(grouped.group_by(some.c.mailbox, some.c.organisation)).all()
    is_cut = sum(count for _, _, count, _ in rows) == MOST
    return {
        mailbox: Waiting(count, is_cut, since) for mailbox, owner, count, since in rows if organisation in ("", owner)
    }
