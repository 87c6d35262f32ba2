"""What pages show of a mail or a letter: words as safe markup, files, what happened to it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup

from models.outbox import OutboxState
from web.desk.findings import Findings

NOTHING = Markup()


class Face(StrEnum):
    """How a mail is shown."""

    TEXT = "text"
    HTML = "html"
    HEADERS = "headers"


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file that came with a mail, and what is in it where it is a mail itself."""

    place: str
    """Where it lies: its number, behind those of the attached mails it lies in, as in "0-2"."""
    name: str
    content_type: str
    size: str
    inner: "ShownMail | None" = None
    note: str = ""
    """Why what is in it is not shown, or not all of it."""
    length: int = 0
    """Its size in bytes."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What happened to a letter of ours on its way out."""

    state: OutboxState
    template: str
    attempts: int
    reason: str
    sent_at: datetime | None
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail or a letter as a page shows it."""

    number: int
    at: datetime
    place: str = "mail"
    """Where its own page lies: mail or letters."""
    mailbox: str = ""
    sender: str = ""
    to: str = ""
    subject: str = ""
    written: Markup = NOTHING
    rest: Markup = NOTHING
    """What was set aside: quotes, signature, disclaimer. Folded, never left out."""
    files: tuple[ShownFile, ...] = ()
    problem: str = ""
    face: Face = Face.TEXT
    has_html: bool = False
    left_out: int = 0
    """Pictures from elsewhere that its HTML names, and that were not loaded."""
    headers: tuple[tuple[str, str], ...] = ()
    findings: Findings = field(default_factory=Findings)
    outcome: str = ""
    """What became of a mail."""
    delivery: Delivery | None = None
    is_open: bool = True
    is_kept: bool = True
    """Its bytes are there."""

    @property
    def key(self) -> str:
        """Return its name in an address: m12 for a mail, l5 for a letter."""
        return f"{self.place[0]}{self.number}"
