"""Who answers, and through which mailboxes: values made from the configuration, handed to all who need them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from pathlib import Path

from models.clock_settings import DEFAULT_SETTINGS, ClockSettings
from models.outbox import OutboxState


class Regime(StrEnum):
    """Which General Data Protection Regulation governs the organisation."""

    EU = "eu"
    UK = "uk"


class TlsMode(StrEnum):
    """How a connection is encrypted; there is no fall-back from one to another."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"
    """Clear text: loopback addresses only."""


@dataclass(frozen=True, slots=True)
class ServerAccess:
    """How to reach one IMAP or SMTP server. The password is never shown."""

    host: str
    port: int
    tls: TlsMode
    user: str = ""
    password: str = ""
    ca_file: Path | None = None
    ca_pem: str = ""
    """Certificates of an own authority as text, where they are in no file."""
    timeout_seconds: float = 60.0

    def __repr__(self) -> str:
        return f"ServerAccess({self.host}:{self.port}, {self.tls})"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A controller or processor that answers requests (see the settings guide for each field)."""

    slug: str
    name: str
    address: str
    regime: Regime
    country: str
    timezone: str
    languages: tuple[str, ...]
    contact: str
    lead_authority: str
    authorities: tuple[str, ...] = ()
    """Further authorities that letters name, as codes of the authority list."""
    asks_for: tuple[str, ...] = ()
    """What a request should say: full_name, account_email, postal_address, phone."""
    trusted_authserv: tuple[str, ...] = ()
    acks_per_address_per_day: int = 5
    archive_before: datetime | None = None
    answers_everything: bool = False
    """`archive_before = "none"`: no mail is too old."""
    archive_cases: bool = False
    own_lists: tuple[str, ...] = ()
    form_senders: tuple[str, ...] = ()
    staff_domains: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    """Names of the companies on whose behalf data is processed."""
    local_holidays: tuple[str, ...] = ()
    """Days off beside the public calendar, YYYY-MM-DD."""
    people_team: str = ""
    """The address that job applications are passed on to; '' where nobody takes them."""
    managers: tuple[str, ...] = ()
    """The addresses of those who get the digest and the warnings."""
    digest_at: time = time(8, 0)
    """Local time of the digest, on working days."""
    systems: tuple[str, ...] = ()
    """Where personal data lies: each is a point of the checklists."""
    identity_levels: Mapping[str, int] = field(default_factory=dict)
    """By kind: how well a person must be known, where that differs from the usual."""
    identity_document_for: tuple[str, ...] = ()
    """The kinds for which staff may ask for an identity document."""
    clock: ClockSettings = DEFAULT_SETTINGS
    templates: Path | None = None
    """A folder of templates that stand before the shipped ones."""
    shadow: bool = False
    """Letters are written and shown, never sent."""

    @property
    def letter_state(self) -> OutboxState:
        """Return the state in which a letter is written that nothing holds back."""
        return OutboxState.SHADOW if self.shadow else OutboxState.QUEUED

    def language_for(self, language: str) -> str:
        """Return the language of a letter to somebody who writes this one: theirs, else our first."""
        return language if language in self.languages else self.languages[0]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One folder that is read, and how its letters leave."""

    name: str
    organisation: Organisation
    address: str
    timezone: str
    poll_seconds: int = 60
    after: str = "keep"
    """keep, seen or move:FOLDER"""
    folder: str = "INBOX"
    imap: ServerAccess | None = None
    maildir: Path | None = None
    smtp: ServerAccess | None = None
    max_mail_bytes: int = 64 * 1024 * 1024
    is_read: bool = True
    """False: switched off. It is not read; its cases are worked on, and their letters leave through it."""
