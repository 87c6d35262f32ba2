"""Erasing by plan, one transaction a case."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from cases.clocks import OfficeClock
from cases.retention import Erasure, erase, plan
from models.organisation import Mailbox
from store.audit import Audit
from store.database import Database
from store.vault import Vault

Row = dict[str, object]


def planned(session: Session, mailboxes: Sequence[Mailbox], now: datetime) -> list[tuple[Mailbox, Erasure, Row]]:
    """Return what is to be erased by now, with its row for people."""
    found = [(mailbox, one) for mailbox in mailboxes for one in plan(session, OfficeClock(mailbox), now)]
    return [(mailbox, one, _row(one)) for mailbox, one in found]


def erase_planned(
    database: Database, mailboxes: Sequence[Mailbox], vault: Vault, audit: Audit, now: datetime, by: str
) -> list[Row]:
    """Erase what is planned; return the rows of what was. Names go with contents where both are due."""
    done: list[Row] = []
    for mailbox in mailboxes:
        while True:
            with database.transaction() as session:
                todo = plan(session, OfficeClock(mailbox), now)
                if not todo:
                    break
                erase(session, todo[0], vault, audit, now, by)
                done.append(_row(todo[0]))
    return done


def _row(one: Erasure) -> Row:
    return {
        "case": one.case.reference,
        "extent": one.extent.value,
        "due_on": one.due_on.isoformat(),
        "why": one.why,
    }
