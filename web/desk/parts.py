"""What the desk needs of the service that runs it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases.office import Office
from models.organisation import Mailbox, Organisation
from models.outbox import Template
from models.staff import PLAIN_RULES, Actor, LoginRules
from store.audit import Audit
from store.database import Database
from store.vault import Vault
from web.desk.office_book import OfficeBook
from web.desk.oidc import Provider
from web.desk.set_up_door import SetUpDoor

Deed = Callable[[Office], object]


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
    planned_erasures: Callable[[Session, Sequence[Mailbox]], list[dict[str, Any]]]
    """Returns what is to be erased by now in some mailboxes."""
    erase_planned: Callable[[Sequence[Mailbox], str], list[dict[str, Any]]]
    """Erases that, by somebody, and returns what was."""
    sample_letter: Callable[[Template, str, Organisation], str]
    """Returns a letter in a language, as an organisation would write it, for an invented case."""
    rules: LoginRules = PLAIN_RULES
    door: SetUpDoor | None = None
    """Where nobody may log in yet; None where somebody may."""
    offices: OfficeBook | None = None
    """The organisations and mailboxes; None where they are fixed."""
    oidc: Provider | None = None
    """The identity provider; None where there is none."""
    issue_of: Callable[[Mailbox], str] = lambda _mailbox: ""
    """Returns what is wrong with the reading of a mailbox."""
    model_version: Callable[[], str] = str
    """Returns the version of the classifier's model."""
