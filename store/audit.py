"""The audit chain: append within the caller's transaction; verify from the first entry to the last.

Each entry's digest is an HMAC over the digest before it, under a key that is not in the database: whoever can
write to the database
alone cannot rewrite the past unnoticed. A sealed head row tells where the chain ends, so that a cut tail shows.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import Action, AuditEntry, AuditHead
from models.errors import SettingsError
from models.message import Message
from store.vault import MasterKey

_FIRST = "0" * 64
_PART = 1000
_HEAD = "end of the audit chain"
_LOCK_KEY = 7242431  # any constant: names the chain among PostgreSQL's advisory locks


class Audit:
    """Writes and checks the chain."""

    def __init__(self, master: MasterKey) -> None:
        """Take the master key; the chain's own key is derived from it."""
        self._key = master.derived("audit chain")

    def append(
        self,
        session: Session,
        action: Action,
        *,
        at: datetime,
        actor: str = "rightsdesk",
        case_id: int | None = None,
        message_id: int | None = None,
        outbox_id: int | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Add a deed at the end of the chain; one writer at a time, until the caller's transaction ends."""
        head = self._head(session)
        entry = AuditEntry(
            seq=head.seq + 1,
            at=at,
            actor=actor,
            action=action,
            case_id=case_id,
            message_id=message_id,
            outbox_id=outbox_id,
            details=json.dumps(details or {}, sort_keys=True, separators=(",", ":"), default=_plain),
            digest="",
        )
        entry.digest = self._digest(head.digest, entry)
        head.seq, head.digest, head.seal = entry.seq, entry.digest, self._seal(entry.seq, entry.digest)
        session.add(entry)

    def hold(self, session: Session) -> None:
        """Take the end of the chain before rows that others lock after it, so that nobody waits in a ring.

        What decides mail has it from its first entry on, and then changes cases: who locks a case first takes it, too.
        """
        self._head(session)

    def check_key(self, session: Session) -> None:
        """Raise SettingsError where the database was written with another key: going on would split its mail in two."""
        head = session.get(AuditHead, 1)
        if head is not None and not hmac.compare_digest(head.seal, self._seal(head.seq, head.digest)):
            raise SettingsError(
                "vault.key_file is not the key this database was written with (or the end of its audit chain was "
                "altered): put the right key back before anything else"
            )

    def verify(self, session: Session) -> "Verification":
        """Check every entry and the end of the chain; never raises for a broken chain."""
        previous, count = _FIRST, 0
        while part := self._part_after(session, count):
            for entry in part:
                count += 1
                if entry.seq != count:
                    return Verification(count - 1, count, f"entry {count} is missing or out of order")
                if not hmac.compare_digest(entry.digest, self._digest(previous, entry)):
                    what = f"entry {count} was altered, or the vault key is not the one it was written with"
                    return Verification(count - 1, count, what)
                previous = entry.digest
            session.expunge_all()
        return self._verify_end(session, count, previous)

    def _part_after(self, session: Session, seq: int) -> Sequence[AuditEntry]:
        query = select(AuditEntry).where(col(AuditEntry.seq) > seq).order_by(col(AuditEntry.seq))
        return session.exec(query.limit(_PART)).all()

    def _verify_end(self, session: Session, count: int, last: str) -> "Verification":
        head = session.get(AuditHead, 1)
        if head is None and not count and session.exec(select(Message.id).limit(1)).first() is not None:
            return Verification(0, 1, "the whole chain is missing, while there is mail")
        if head is None:
            return Verification(count, count or None, "the end of the chain is missing" if count else "")
        if not hmac.compare_digest(head.seal, self._seal(head.seq, head.digest)):
            return Verification(count, count, "the end of the chain was altered")
        if (head.seq, head.digest) != (count, last):
            return Verification(count, count + 1, f"{head.seq} entries were written, {count} are here")
        return Verification(count, None, "")

    def _head(self, session: Session) -> AuditHead:
        """Return the end of the chain, locked until the transaction ends; found once in a session."""
        known: AuditHead | None = session.info.get(_HEAD)
        if known is not None:
            return known
        hold_chain(session)
        head = session.get(AuditHead, 1)  # after the lock: nobody else can move it now
        if head is None:
            head = AuditHead(id=1, seq=0, digest=_FIRST, seal=self._seal(0, _FIRST))
            session.add(head)
        session.info[_HEAD] = head
        return head

    def _digest(self, previous: str, entry: AuditEntry) -> str:
        content = [
            previous,
            entry.seq,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor,
            entry.action,
            entry.case_id,
            entry.message_id,
            entry.outbox_id,
            entry.details,
        ]
        return hmac.new(self._key, json.dumps(content).encode(), hashlib.sha256).hexdigest()

    def _seal(self, seq: int, digest: str) -> str:
        return hmac.new(self._key, f"head {seq} {digest}".encode(), hashlib.sha256).hexdigest()


def hold_chain(session: Session) -> None:
    """Let nobody else write to the chain until the transaction ends; on SQLite every transaction does.

    Who makes something under a name holds it before they look whether the name is taken: it goes on record anyway,
    so that all who make something wait for each other here, and then see what the others made.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking the chain found: how many entries hold, and the first that does not."""

    entries: int
    first_bad: int | None
    problem: str

    @property
    def is_intact(self) -> bool:
        """Tell whether nothing was changed, removed or reordered."""
        return not self.problem


def _plain(value: object) -> str:
    """Return a date or an instant as text; instants as YYYY-MM-DDTHH:MM:SSZ."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)
