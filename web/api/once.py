"""Doing a deed once, however often the program asks: what was done under a key is written with the deed itself.

The case is locked while a deed is done, so that of two requests at once the second finds what the first has done.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from models.tokens import ApiToken, DoneDeed
from store.vault import Vault
from web.api.problems import Problem

_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Order:
    """A deed that a program asks for, and the key by which it would ask again; '' for none."""

    vault: Vault
    token_id: int
    key: str
    reference: str
    deed: str
    content: Sequence[object]
    """All that tells this request from another one under the same key."""

    def done(self, session: Session) -> DoneDeed | None:
        """Return what was done under this key; raises a problem where that was something else."""
        if not self.key:
            return None
        session.get(ApiToken, self.token_id, with_for_update=True)  # deeds of one program under keys go one by one
        row = session.get(DoneDeed, (self.token_id, _digest(self.key)))
        if row is not None and not self._is_same(row.request_digest):
            raise Problem(422, "Idempotency-Key: this key was used for another request")
        return row

    def note(self, session: Session, now: datetime, made: str = "") -> None:
        """Note that it is done now, for some days, and which row was made; let go of what is older."""
        if not self.key:
            return
        row = DoneDeed(
            token_id=self.token_id,
            key_digest=_digest(self.key),
            request_digest=self._mark,
            reference=made or self.reference,
            deed=self.deed,
            done_at=now,
        )
        session.exec(delete(DoneDeed).where(col(DoneDeed.done_at) < now - _KEPT))
        session.add(row)

    @property
    def _mark(self) -> str:
        """Return what tells this request: under the vault's key, so that nobody finds its words by trying."""
        return self.vault.signature("requests", self._words.encode("utf-8", "surrogatepass")).hex()

    @property
    def _words(self) -> str:
        return repr((self.reference, self.deed, *self.content))

    def _is_same(self, kept: str) -> bool:
        """Tell whether a kept mark is of this request; what an older release kept is a plain digest, for a week."""
        return any(hmac.compare_digest(kept, one) for one in (self._mark, _digest(self._words)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
