"""The door of a desk where nobody may log in yet: who can read what `serve` prints makes the first administrator.

All processes of one database print one code and open to it. The database keeps a random number alone; the code is
made from it by the key of the vault.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, delete

from models.accounts import SetUpCode
from store.audit import hold_chain
from store.database import Database
from store.vault import Vault

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""None that are taken for one another; as many as five bits tell apart."""
_GROUPS, _IN_A_GROUP = 3, 4
_MOST_WRONG = 10
_LIVES = timedelta(days=1)
"""A process that starts later takes another code, so that old logs open nothing."""


@dataclass(slots=True)
class SetUpDoor:
    """Opens to the code; after ten wrong ones, to whichever process, another is told. Shut once somebody is in."""

    database: Database
    vault: Vault
    tell: Callable[[str], None]
    """Told the code by `announce`, and another one at once."""
    is_shut: bool = field(default=False, init=False)

    def announce(self, now: datetime) -> None:
        """Tell the code, which is that of every process that runs."""
        with self.database.transaction() as session:
            row = self._row(session, now)
            if now - row.made_at > _LIVES:
                _renew(row, now)
            code = self._code(row)
        self.tell(code)

    def opens_to(self, given: str, now: datetime) -> bool:
        """Tell whether this is the code, compared in constant time; a wrong one is counted."""
        typed = "".join(given.upper().split()).replace("-", "")
        with self.database.transaction() as session:
            row = self._row(session, now)
            if self.is_shut or secrets.compare_digest(typed.encode(), self._code(row).replace("-", "").encode()):
                return not self.is_shut
            row.wrong += 1
            is_spent = row.wrong >= _MOST_WRONG
            if is_spent:
                _renew(row, now)
            code = self._code(row)
        if is_spent:
            self.tell(code)
        return False

    def shut(self) -> None:
        """Open no more."""
        self.is_shut = True

    def _row(self, session: Session, now: datetime) -> SetUpCode:
        """Return the row, which nobody else changes or makes until the transaction ends."""
        hold_chain(session)
        row = session.get(SetUpCode, 1)
        if row is None:
            row = SetUpCode(nonce=secrets.token_hex(16), made_at=now)
            session.add(row)
        return row

    def _code(self, row: SetUpCode) -> str:
        letters = [_LETTERS[octet % len(_LETTERS)] for octet in self.vault.signature("set-up code", row.nonce.encode())]
        groups = ("".join(letters[_IN_A_GROUP * at : _IN_A_GROUP * (at + 1)]) for at in range(_GROUPS))
        return "-".join(groups)


def _renew(row: SetUpCode, now: datetime) -> None:
    row.nonce, row.made_at, row.wrong = secrets.token_hex(16), now, 0


def forget_code(session: Session) -> None:
    """Forget what the code is made from: it opens nothing any more."""
    session.exec(delete(SetUpCode))
