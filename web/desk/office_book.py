"""What the pages of organisations and mailboxes need of the service: entries to show, and deeds on those made here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlmodel import Session

from models.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Entry:
    """An organisation or a mailbox as a page shows it."""

    name: str
    organisation: str
    keys: Mapping[str, Any]
    """As in the configuration file, without secrets."""
    is_made: bool
    """Made on the desk, so that it can be changed here."""
    is_read: bool = True
    ca_pem: str = ""
    version: str = ""
    """Another one after each change; '' for what stands in the file."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A mailbox as it was filled in: kept or tried."""

    keys: Mapping[str, Any]
    imap_password: str = field(default="", repr=False)
    """'' for the one that is kept already."""
    smtp_password: str = field(default="", repr=False)
    ca_pem: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What one try found."""

    part: str
    is_well: bool
    words: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Who changes something, and when."""

    by: str
    at: datetime
    seen: str = ""
    """The version that they were shown; '' where it does not matter."""


class OfficeBook(Protocol):
    """The organisations and mailboxes. What does not fit raises NotAllowed, an unknown name NotFound."""

    def organisations(self) -> Sequence[Entry]:
        """Return all organisations."""

    def mailboxes(self) -> Sequence[Entry]:
        """Return all mailboxes."""

    def values(self) -> Sequence[Organisation]:
        """Return all organisations as casework knows them."""

    def problems(self) -> Sequence[str]:
        """Return what was made here and cannot be used as it stands."""

    def keep_organisation(self, session: Session, deed: Deed, keys: Mapping[str, Any], *, is_new: bool) -> None:
        """Make or change an organisation."""

    def keep_mailbox(self, session: Session, deed: Deed, draft: Draft, *, is_new: bool) -> None:
        """Make or change a mailbox."""

    def switch_mailbox(self, session: Session, deed: Deed, name: str, *, is_read: bool) -> None:
        """Read a mailbox, or leave it unread."""

    def remove_mailbox(self, session: Session, deed: Deed, name: str) -> None:
        """Forget a mailbox that no mail came from."""

    def try_mailbox(self, session: Session, draft: Draft) -> Sequence[Tried]:
        """Try a mailbox for real, within twenty seconds; nothing is kept or sent."""

    def refresh(self) -> object:
        """Take over what was kept."""
