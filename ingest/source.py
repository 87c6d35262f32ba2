"""What a place of mail can do, whichever it is: list, fetch, settle, wait.

A source never touches the database, and changes nothing on the server before it is told to `settle`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from models.mail import RawMail

BATCH_MAILS = 50
BATCH_BYTES = 8 * 1024 * 1024
"""What is fetched together, and stored in one transaction."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder: identity is folder, UIDVALIDITY and UID (RFC 9051, 2.3.1.1)."""

    uidvalidity: int
    uids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Gone:
    """A UID that was listed and, as the server confirmed, is there no more."""

    uid: int


class MailSource(Protocol):
    """A folder of mail."""

    folder: str

    def listing(self) -> Listing:
        """Return what lies there now; connects where needed. Raises TemporaryFailure or PermanentFailure."""

    def fetch(self, uids: Sequence[int]) -> Iterator[list[RawMail | Gone]]:
        """Yield the mails in batches that fit in memory, oldest first.

        A mail larger than the limit comes as its header alone, `is_truncated`. A UID the server will not serve is
        left out.
        """

    def settle(self, uids: Sequence[int]) -> None:
        """Do on the server what is configured for mails that are safely stored."""

    def wait(self, seconds: float, stop: Event) -> None:
        """Return when new mail may have come, after `seconds`, or when `stop` is set."""

    def close(self) -> None:
        """Let go of the connection; never raises."""
