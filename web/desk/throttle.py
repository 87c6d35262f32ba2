"""How often one address may try wrong names, passwords and codes: counted in the database, for all processes.

An account locks by itself; this stops who tries many names from one place. A right try writes nothing. An address is
kept as a keyed digest, so that the table tells nobody who was there, and for a quarter of an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request
from sqlalchemy import case, literal
from sqlmodel import Session, col, delete

from models.accounts import WrongTries
from store.database import insert_into
from store.vault import Vault
from web.addresses import network_of

MOST = 30
_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Throttle:
    """Wrong tries of one sort, by address."""

    vault: Vault
    what: str

    def place(self, request: Request) -> str:
        """Return the digest by which the place is known that a request comes from."""
        host = network_of(request.client.host) if request.client else ""
        return self.vault.signature("wrong tries", f"{self.what} {host}".encode()).hex()


def has_to_wait(session: Session, place: str, now: datetime) -> bool:
    """Tell whether too many tries from a place were wrong."""
    found = session.get(WrongTries, place)
    return found is not None and found.count >= MOST and now < found.until


def count_wrong(session: Session, place: str, now: datetime) -> None:
    """Note a wrong try. A place waits a quarter of an hour from the one that was too many, else from the first."""
    insert = insert_into(session, WrongTries).values(place=place, count=1, until=now + _WITHIN)
    count, until = insert.table.c["count"], insert.table.c["until"]
    end = literal(now + _WITHIN, until.type)
    is_new = until <= now
    values = {
        "count": case((is_new, 1), else_=count + 1),
        "until": case((is_new | (count + 1 >= MOST), end), else_=until),
    }
    session.execute(insert.on_conflict_do_update(index_elements=["place"], set_=values))


def forget_tries(session: Session, now: datetime) -> None:
    """Forget the places that need not wait any more."""
    session.exec(delete(WrongTries).where(col(WrongTries.until) <= now))
