"""The parts of a running rightsdesk, built once by `wiring.py` and handed to all who need them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.organisation import Mailbox
from models.person import NO_PAGE, PageSettings
from models.webhook import Webhook
from responders.letters import LetterWriter
from responders.outbox import Outbox
from service.offices import Offices
from service.reading import Reader
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything one process works with."""

    mailboxes: Sequence[Mailbox]
    """As they are now: they may change while the service runs."""
    database: Database
    vault: Vault
    audit: Audit
    presence: Presence
    reader: Reader
    letters: LetterWriter
    outbox: Outbox
    now: Callable[[], datetime]
    webhooks: Sequence[Webhook] = ()
    page: PageSettings = NO_PAGE
    """How requesters reach their page."""
    offices: Offices | None = None
    """Where mailboxes and web hooks come from; None where they are given and stay."""

    @property
    def own_addresses(self) -> frozenset[str]:
        """Return every address of ours, lower-cased: mail from one of them is ours or a forgery."""
        addresses = {mailbox.address.lower() for mailbox in self.mailboxes}
        return frozenset(addresses | {mailbox.organisation.contact.lower() for mailbox in self.mailboxes})
