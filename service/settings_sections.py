"""The sections of the configuration file: which keys there are, and what each may hold.

A key that is not here is refused; `docs/guide/settings.md` explains each, and a test keeps the two alike.
"""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from models.clock_settings import EuPause, UkClarificationDays
from models.organisation import Regime, TlsMode
from models.staff import Role
from models.verdict import Kind
from models.webhook import HookEvent
from service.value_forms import (
    AfterStoring,
    AuthorityCode,
    ClockTime,
    Country,
    Day,
    HookAddress,
    Instant,
    MailAddress,
    MailAddressOrNone,
    MailboxName,
    NamedFile,
    Password,
    PathOrNone,
    PublicAddress,
    Slug,
    Text,
    TimeZone,
    file_content,
    hook_secret,
    is_loopback,
    password_in,
)

Askable = Literal["full_name", "account_email", "postal_address", "phone"]
Language = Literal["en", "es", "fr", "de", "it", "pt", "nl", "pl"]


class Section(BaseModel):
    """A table of the file: keys it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class DatabaseSettings(Section):
    """[database]"""

    url: str = "sqlite:///rightsdesk.db"


class VaultSettings(Section):
    """[vault]"""

    key_file: NamedFile = Path("rightsdesk.key")


class ClassifierSettings(Section):
    """[classifier]"""

    folder: NamedFile = Path("models")


class WebSettings(Section):
    """[web]: where the desk, /healthz and /readyz are served, and how requesters reach their page."""

    host: str = "127.0.0.1"
    port: int = Field(default=8025, ge=1, le=65535)
    base_url: PublicAddress = ""
    link_days: int = Field(default=120, ge=7, le=730)
    upload_files: int = Field(default=10, ge=0, le=100)
    upload_mb: int = Field(default=20, ge=1, le=100)


class AuthSettings(Section):
    """[auth]: what those who log in to the desk must show."""

    require_codes: bool = True
    local: bool = True


def _readable(value: Path | None, validation: ValidationInfo, one_line: str) -> Path | None:
    """Return a path of which the file can be read, and holds a password where the field is the one named so."""
    if value and validation.context:
        content = file_content(validation.context["folder"] / value)
        if validation.field_name == one_line:
            password_in(content)
    return value


class OidcSettings(Section):
    """[oidc]: the identity provider that staff log in by."""

    issuer: Text
    client_id: Text
    client_secret: Password = ""
    client_secret_file: PathOrNone = None
    ca_file: PathOrNone = None
    scopes: list[Text] = ["openid", "profile", "email"]
    claim: Text = "groups"
    roles: dict[str, Role]
    organisations: dict[str, str] = {}
    button: Text = "Log in with your organisation"

    @field_validator("client_secret_file", "ca_file")
    @classmethod
    def _can_be_read(cls, value: Path | None, validation: ValidationInfo) -> Path | None:
        return _readable(value, validation, "client_secret_file")

    @field_validator("issuer")
    @classmethod
    def _is_encrypted(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ValueError("must begin with https://")
        return value

    @model_validator(mode="after")
    def _has_one_secret(self) -> Self:
        if self.client_secret and self.client_secret_file:
            raise ValueError("give client_secret or client_secret_file, not both")
        return self


class ServerSettings(Section):
    """[mailbox.imap] and [mailbox.smtp]"""

    host: Text
    port: int = Field(ge=1, le=65535)
    tls: TlsMode = TlsMode.IMPLICIT
    user: str = ""
    password: Password = ""
    password_file: PathOrNone = None
    ca_file: PathOrNone = None
    folder: Text = "INBOX"
    timeout_seconds: float = Field(default=60, ge=1, le=600)

    @field_validator("ca_file", "password_file")
    @classmethod
    def _can_be_read(cls, value: Path | None, validation: ValidationInfo) -> Path | None:
        return _readable(value, validation, "password_file")

    @model_validator(mode="after")
    def _clear_text_stays_at_home(self) -> Self:
        if self.tls is TlsMode.NONE and not is_loopback(self.host):
            raise ValueError('tls = "none" is for loopback addresses only; use "implicit" or "starttls"')
        if self.password and self.password_file:
            raise ValueError("give password or password_file, not both")
        return self


class ClockSection(Section):
    """[organisation.clock]: how to count where the law leaves room."""

    eu_pause: EuPause = EuPause.PAUSE
    eu_complaint_months: int = Field(default=1, ge=1, le=3)
    uk_strict: bool = False
    uk_clarification_days: UkClarificationDays = UkClarificationDays.DIFFERENCE
    fast_working_days: int = Field(default=2, ge=1, le=10)
    receipt_cutoff: ClockTime | None = None
    ask_within_days: int = Field(default=7, ge=1, le=28)
    target_days: int = Field(default=28, ge=1, le=28)
    warning_working_days: list[Annotated[int, Field(ge=1, le=60)]] = Field(default=[7, 2], max_length=5)
    thin_working_days: int = Field(default=15, ge=0, le=31)
    applicant_months: int = Field(default=6, ge=1, le=24)
    contents_months: int = Field(default=6, ge=1, le=120)
    record_months: int = Field(default=36, ge=1, le=240)
    chat_days: int = Field(default=30, ge=1, le=30)
    backup_days: int = Field(default=60, ge=1, le=365)
    backup_days_in_all: int = Field(default=90, ge=1, le=365)


class OrganisationSettings(Section):
    """[[organisation]]"""

    slug: Slug
    name: Text
    address: Text
    regime: Regime
    country: Country
    timezone: TimeZone
    languages: list[Language] = Field(default=["en", "es", "fr", "de", "it", "pt", "nl", "pl"], min_length=1)
    contact: MailAddress
    lead_authority: AuthorityCode
    authorities: list[AuthorityCode] = []
    asks_for: list[Askable] = ["full_name", "account_email"]
    trusted_authserv: list[str] = []
    acks_per_address_per_day: int = Field(default=5, ge=0, le=1000)
    archive_before: Instant = ""
    archive_cases: bool = False
    own_lists: list[str] = []
    form_senders: list[MailAddress] = []
    staff_domains: list[str] = []
    customers: list[str] = []
    local_holidays: list[Day] = []
    people_team: MailAddressOrNone = ""
    managers: list[MailAddress] = []
    digest_at: ClockTime = time(8, 0)
    systems: list[Text] = []
    identity_levels: dict[Kind, int] = {}
    identity_document_for: list[Kind] = []
    clock: ClockSection = ClockSection()
    templates: PathOrNone = None
    shadow: bool = False

    @field_validator("identity_levels")
    @classmethod
    def _levels_exist(cls, value: dict[Kind, int]) -> dict[Kind, int]:
        if any(not 0 <= level <= 3 for level in value.values()):
            raise ValueError("a level goes from 0 to 3")
        return value

    @field_validator("templates")
    @classmethod
    def _is_folder(cls, value: Path | None, validation: ValidationInfo) -> Path | None:
        if value and validation.context and not (validation.context["folder"] / value).is_dir():
            raise ValueError("there is no such folder")
        return value


class MailboxSettings(Section):
    """[[mailbox]]"""

    name: MailboxName
    organisation: str
    address: MailAddress
    timezone: TimeZone | None = None
    poll_seconds: int = Field(default=60, ge=1, le=86400)
    after: AfterStoring = "keep"
    max_mail_mb: int = Field(default=64, ge=1, le=1024)
    maildir: PathOrNone = None
    imap: ServerSettings | None = None
    smtp: ServerSettings | None = None

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.imap is None) == (self.maildir is None):
            raise ValueError("needs [mailbox.imap] or maildir, and not both")
        return self


class WebhookKeys(Section):
    """What a web hook is, wherever it was set up: where events are told to another program, and which."""

    name: Slug
    url: HookAddress
    events: list[HookEvent] = []
    organisation: str = ""


class WebhookSettings(WebhookKeys):
    """[[webhook]]: one of the file, with what lies in files beside it."""

    secret_file: NamedFile
    ca_file: PathOrNone = None

    @field_validator("ca_file", "secret_file")
    @classmethod
    def _can_be_read(cls, value: Path | None, validation: ValidationInfo) -> Path | None:
        if value and validation.context:
            content = file_content(validation.context["folder"] / value)
            if validation.field_name == "secret_file":
                hook_secret(content)
        return value


class FileSections(Section):
    """The whole file."""

    database: DatabaseSettings = DatabaseSettings()
    vault: VaultSettings = VaultSettings()
    classifier: ClassifierSettings = ClassifierSettings()
    web: WebSettings = WebSettings()
    auth: AuthSettings = AuthSettings()
    oidc: OidcSettings | None = None
    organisation: list[OrganisationSettings] = []
    mailbox: list[MailboxSettings] = []
    webhook: list[WebhookSettings] = []

    @model_validator(mode="after")
    def _somebody_may_log_in(self) -> Self:
        if not self.auth.local and self.oidc is None:
            raise ValueError("auth.local = false needs [oidc]: else nobody could log in")
        return self
