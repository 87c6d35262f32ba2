"""How often one place may try in vain, or act: counted in the database, for all processes.

Wrong names, passwords, codes, tokens and links are counted by address, the deeds of a requester by link. Who tries
rightly writes nothing. A place is kept as a keyed digest, so that the table tells nobody who was there, and only for
as long as it may have to wait.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from fastapi import Request
from sqlalchemy import case, literal
from sqlmodel import Session, col, delete

from models.accounts import WrongTries
from store.database import Database, insert_into
from store.vault import Vault
from web.addresses import network_of


@dataclass(frozen=True, slots=True)
class Throttle:
    """Tries of one sort: so many within a while, then their place waits."""

    vault: Vault
    what: str
    most: int = 30
    within: timedelta = timedelta(minutes=15)

    def place(self, request: Request) -> str:
        """Return the digest by which the place is known that a request comes from."""
        return self.place_of(network_of(request.client.host) if request.client else "")

    def place_of(self, name: str) -> str:
        """Return the digest by which something else is known that is tried from, such as a link."""
        return self.vault.signature("wrong tries", f"{self.what} {name}".encode()).hex()

    def seconds_to_wait(self, session: Session, place: str, now: datetime) -> int:
        """Return how long a place has to wait, 0 where it may try."""
        found = session.get(WrongTries, place)
        if found is None or found.count < self.most:
            return 0
        return max(ceil((found.until - now).total_seconds()), 0)

    def count(self, session: Session, place: str, now: datetime) -> None:
        """Note a try. A place waits a while from the one that was too many; with fewer, it is forgotten a while after
        the first.
        """
        insert = insert_into(session, WrongTries).values(place=place, count=1, until=now + self.within)
        count, until = insert.table.c["count"], insert.table.c["until"]
        end = literal(now + self.within, until.type)
        is_new = until <= now
        values = {
            "count": case((is_new, 1), else_=count + 1),
            "until": case((is_new | (count + 1 >= self.most), end), else_=until),
        }
        session.execute(insert.on_conflict_do_update(index_elements=["place"], set_=values))

    def take(self, database: Database, place: str, now: datetime) -> int:
        """Note a try unless its place has to wait; return how long it has to, 0 where the try was noted.

        Who has to wait makes nobody write.
        """
        with database.reading() as session:
            seconds = self.seconds_to_wait(session, place, now)
        if seconds:
            return seconds
        with database.transaction() as session:
            seconds = self.seconds_to_wait(session, place, now)
            if not seconds:
                self.count(session, place, now)
        return seconds


def forget_tries(session: Session, now: datetime) -> None:
    """Forget the places that need not wait any more."""
    session.exec(delete(WrongTries).where(col(WrongTries.until) <= now))
