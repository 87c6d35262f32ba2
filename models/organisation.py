"""Who answers, and through which mailboxes: values made from the configuration, handed to all who need them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


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
    shadow: bool = False
    """Letters are written and shown, never sent."""


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
