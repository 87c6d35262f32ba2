"""What the desk needs of the service that runs it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from cases.office import Office
from models.by_hand import HandRequest
from models.organisation import Mailbox
from models.staff import Actor
from models.verdict import Label
from store.audit import Audit
from store.database import Database
from store.vault import Vault

Deed = Callable[[Office], object]


@dataclass(frozen=True, slots=True)
class PollState:
    """How reading one mailbox goes."""

    mailbox: str
    organisation: str
    read_at: datetime | None
    """None where this process has not read it yet."""
    good_at: datetime | None
    """When it was last read without a problem."""
    unaccounted: int
    """Mails on the server without a line in the ledger."""
    error: str


@dataclass(frozen=True, slots=True)
class DeskParts:
    """The parts, built once by the service."""

    database: Database
    vault: Vault
    audit: Audit
    mailboxes: Sequence[Mailbox]
    now: Callable[[], datetime]
    do: Callable[[Actor, str, Deed, str, str], object]
    """Does a deed in a case in one transaction: actor, reference, deed, override, second person."""
    preview: Callable[[Actor, str, Deed], list[str]]
    """Returns the letters that a deed would write."""
    details: Callable[[Session, str], dict[str, Any]]
    """Returns a case with all that belongs to it."""
    what_if: Callable[[Session, str, date | None, date | None], list[dict[str, Any]]]
    """Returns the dates of a case if every open question were answered on a day, or an extension told on another."""
    evidence: Callable[[str, str], Iterator[bytes]]
    """Yields the evidence pack of a case, by reference, piece by piece; notes who asked before the first piece."""
    correct: Callable[[int, Sequence[Label], str], None]
    """Says what a mail is: its number, its labels, by whom."""
    open_case: Callable[[HandRequest, str], str]
    """Opens a case by hand and returns its reference."""
    polls: Callable[[], Sequence[PollState]]
    """Returns how reading each mailbox goes."""
