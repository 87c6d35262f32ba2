"""The figures of the dashboard, kept true in the background: counted a bit at a time, each bit a transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime

from cases.case_facts import places_of
from cases.tally_book import Progress, count_some, forget_all
from models.organisation import Mailbox
from store.database import Database


def count_all(
    database: Database,
    mailboxes: Sequence[Mailbox],
    now: Callable[[], datetime],
    is_stopped: Callable[[], bool] = lambda: False,
) -> Progress:
    """Count all that was not counted yet, or until stopped; return how far it came."""
    places = places_of(mailboxes)
    while True:
        with database.transaction() as session:
            progress = count_some(session, places, now())
        if progress.is_done or is_stopped():
            return progress


def count_anew(database: Database, mailboxes: Sequence[Mailbox], now: Callable[[], datetime]) -> Progress:
    """Forget all figures and count everything again."""
    with database.transaction() as session:
        forget_all(session)
    return count_all(database, mailboxes, now)
