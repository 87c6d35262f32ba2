"""What the desk needs of the service that runs it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.local_days import LocalDays
from cases.office import Office
from models.by_hand import HandRequest
from models.case import Case
from models.message import Message
from models.organisation import Mailbox, Organisation
from models.outbox import OutboxMail, Template
from models.person import NO_PAGE, PageSettings
from models.staff import PLAIN_RULES, Actor, LoginRules
from models.verdict import Doubt, Label
from models.webhook import Webhook
from store.audit import Audit
from store.database import Database
from store.vault import Vault
from web.desk.foreseen import Foreseen
from web.desk.hook_book import HookBook
from web.desk.office_book import OfficeBook
from web.desk.oidc import Provider
from web.desk.set_up_door import SetUpDoor

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


class SaysWhatItIs(Protocol):
    """A person says what a mail is, and its case follows."""

    def __call__(
        self,
        number: int,
        labels: Sequence[Label],
        by: str,
        first: Callable[[Session], None] | None = None,
        doubt: Doubt = Doubt.NONE,
    ) -> None:
        """Say what a mail is, and how sure that is; what is done `first` is done in the same transaction."""


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
    correct: SaysWhatItIs
    foresee: Callable[[str, bytes, str], Foreseen]
    """Returns what would happen to a mail: the mailbox it reaches, its bytes, the charset chosen for it."""
    open_case: Callable[[HandRequest, str], str]
    """Opens a case by hand and returns its reference."""
    polls: Callable[[], Sequence[PollState]]
    """Returns how reading each mailbox goes."""
    machine: MachineForms
    planned_erasures: Callable[[Session, Sequence[Mailbox]], list[dict[str, Any]]]
    """Returns what is to be erased by now in some mailboxes."""
    erase_planned: Callable[[Sequence[Mailbox], str], list[dict[str, Any]]]
    """Erases that, by somebody, and returns what was."""
    sample_letter: Callable[[Template, str, Organisation], str]
    """Returns a letter in a language, as an organisation would write it, for an invented case."""
    webhooks: Sequence[Webhook] = ()
    page: PageSettings = NO_PAGE
    """How requesters reach their page."""
    rules: LoginRules = PLAIN_RULES
    door: SetUpDoor | None = None
    """Where nobody may log in yet; None where somebody may."""
    offices: OfficeBook | None = None
    """The organisations and mailboxes; None where they are fixed."""
    hooks: HookBook | None = None
    """The web hooks made on the desk; None where they are fixed."""
    oidc: Provider | None = None
    """The identity provider; None where there is none."""
    issue_of: Callable[[Mailbox], str] = lambda _mailbox: ""
    """Returns what is wrong with the reading of a mailbox."""
    model_version: Callable[[], str] = str
    """Returns the version of the classifier's model."""

    def organisations(self, may_see: Callable[[str], bool]) -> dict[str, Organisation]:
        """Return the organisations that somebody may see, by slug."""
        found = {box.organisation.slug: box.organisation for box in self.mailboxes}
        return {slug: one for slug, one in found.items() if may_see(slug)}

    def local_day(self, may_see: Callable[[str], bool]) -> date:
        """Return the local day of the first organisation that somebody may see, of UTC where there is none."""
        zones = (one.timezone for one in self.organisations(may_see).values())
        return self.now().astimezone(ZoneInfo(next(zones, "UTC"))).date()

    def local_days(self, may_see: Callable[[str], bool]) -> LocalDays:
        """Return the day it is at each mailbox whose cases somebody may see."""
        now = self.now()
        boxes = (box for box in self.mailboxes if may_see(box.organisation.slug))
        at = {box.name: now.astimezone(ZoneInfo(box.timezone)).date() for box in boxes}
        return LocalDays(next(iter(at.values()), self.local_day(may_see)), at)
