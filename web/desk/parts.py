"""What the desk needs of the service that runs it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.office import Office
from models.case import Case
from models.message import Message
from models.organisation import Mailbox, Organisation
from models.outbox import OutboxMail
from models.staff import Actor
from models.webhook import Webhook
from store.audit import Audit
from store.database import Database
from store.vault import Vault

Deed = Callable[[Office], object]
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class MachineForms:
    """Rows in the stable keys of `case list --json` and its like."""

    cases: Callable[[Session, Sequence[Case]], Iterable[Row]]
    message: Callable[[Message, str | None], Row]
    """Of a message and the reference of its case."""
    letter: Callable[[OutboxMail, str | None], Row]
    figures: Callable[[Session, Organisation, date | None, date | None, datetime], Iterable[Row]]
    """Of what an organisation received from a day to a day, this month by default."""


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
    machine: MachineForms
    webhooks: Sequence[Webhook] = ()

    def organisations(self, may_see: Callable[[str], bool]) -> dict[str, Organisation]:
        """Return the organisations that somebody may see, by slug."""
        found = {box.organisation.slug: box.organisation for box in self.mailboxes}
        return {slug: one for slug, one in found.items() if may_see(slug)}

    def local_day(self, may_see: Callable[[str], bool]) -> date:
        """Return the local day of the first organisation that somebody may see, of UTC where there is none."""
        zones = (one.timezone for one in self.organisations(may_see).values())
        return self.now().astimezone(ZoneInfo(next(zones, "UTC"))).date()
