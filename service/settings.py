"""The configuration: one TOML file and the environment, checked whole before anything starts.

Comes in: a path (or `RIGHTSDESK_CONFIG`, or ./rightsdesk.toml) and `RIGHTSDESK__SECTION__KEY` variables. Goes out:
plain values for the packages below. Every mistake is told with its line and the nearest right key, all at once.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from models.clock_settings import ClockSettings, EuPause, UkClarificationDays
from models.errors import SettingsError
from models.organisation import Mailbox, Organisation, Regime, ServerAccess, TlsMode
from models.verdict import Kind
from service.mistakes import Mistake, Place, mistakes_in, nearest
from service.settings_source import read_source
from service.value_forms import (
    AfterStoring,
    AuthorityCode,
    ClockTime,
    Country,
    Day,
    Instant,
    MailAddress,
    MailAddressOrNone,
    MailboxName,
    NamedFile,
    Password,
    PathOrNone,
    Slug,
    Text,
    TimeZone,
    file_content,
    is_loopback,
    moment,
    password_in,
)

Askable = Literal["full_name", "account_email", "postal_address", "phone"]
Language = Literal["en", "es", "fr", "de", "it", "pt", "nl", "pl"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class DatabaseSettings(_Section):
    """[database]"""

    url: str = "sqlite:///rightsdesk.db"


class VaultSettings(_Section):
    """[vault]"""

    key_file: NamedFile = Path("rightsdesk.key")


class ClassifierSettings(_Section):
    """[classifier]"""

    folder: NamedFile = Path("models")


class WebSettings(_Section):
    """[web]: where /healthz and /readyz are served."""

    host: str = "127.0.0.1"
    port: int = Field(default=8025, ge=1, le=65535)


class ServerSettings(_Section):
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
        if value and validation.context:
            content = file_content(validation.context["folder"] / value)
            if validation.field_name == "password_file":
                password_in(content)
        return value

    @model_validator(mode="after")
    def _clear_text_stays_at_home(self) -> Self:
        if self.tls is TlsMode.NONE and not is_loopback(self.host):
            raise ValueError('tls = "none" is for loopback addresses only; use "implicit" or "starttls"')
        if self.password and self.password_file:
            raise ValueError("give password or password_file, not both")
        return self


class ClockSection(_Section):
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


class OrganisationSettings(_Section):
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


class MailboxSettings(_Section):
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


class _File(_Section):
    database: DatabaseSettings = DatabaseSettings()
    vault: VaultSettings = VaultSettings()
    classifier: ClassifierSettings = ClassifierSettings()
    web: WebSettings = WebSettings()
    organisation: list[OrganisationSettings] = []
    mailbox: list[MailboxSettings] = []


@dataclass(frozen=True, slots=True)
class Settings:
    """The checked configuration."""

    path: Path
    database_url: str
    key_file: Path
    models: Path
    """The folder of models built from this desk's own corrections; need not exist."""
    web_host: str
    web_port: int
    mailboxes: tuple[Mailbox, ...]


def settings_path(given: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the configuration file to use: `--config`, else RIGHTSDESK_CONFIG, else ./rightsdesk.toml."""
    return given or Path(environment.get("RIGHTSDESK_CONFIG") or "rightsdesk.toml")


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the checked configuration; raises SettingsError that tells every mistake with its line."""
    source = read_source(path, environment)
    folder = path.resolve().parent
    mistakes = list(_misfits(source.data))
    try:
        file = _File.model_validate(source.data, context={"folder": folder})
    except ValidationError as error:
        raise SettingsError(source.told([*mistakes_in(error, _File), *mistakes])) from error
    if mistakes:
        raise SettingsError(source.told(mistakes))
    return _settings(file, path, folder)


def _misfits(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield what does not fit together: names that stand there twice, organisations that are not there."""
    slugs = _values(data, "organisation", "slug")
    for section, key in (("organisation", "slug"), ("mailbox", "name")):
        seen: set[str] = set()
        for place, value in _values(data, section, key).items():
            if value in seen:
                yield Mistake(place, f"{value!r} stands there twice")
            seen.add(value)
    for place, slug in _values(data, "mailbox", "organisation").items():
        if slug not in slugs.values():
            yield Mistake(place, f"there is no organisation {slug!r}; {nearest(slug, slugs.values())}")


def _values(data: Mapping[str, Any], section: str, key: str) -> dict[Place, str]:
    entries = data.get(section)
    found = enumerate(entries) if isinstance(entries, list) else ()
    return {
        (section, number, key): entry[key].strip()
        for number, entry in found
        if isinstance(entry, dict) and isinstance(entry.get(key), str)
    }


def _settings(file: _File, path: Path, folder: Path) -> Settings:
    organisations = {entry.slug: _organisation(entry, folder) for entry in file.organisation}
    return Settings(
        path=path,
        database_url=_database_url(file.database.url, folder),
        key_file=folder / file.vault.key_file,
        models=folder / file.classifier.folder,
        web_host=file.web.host,
        web_port=file.web.port,
        mailboxes=tuple(_mailbox(entry, organisations[entry.organisation], folder) for entry in file.mailbox),
    )


def _database_url(url: str, folder: Path) -> str:
    """Return the URL with the file of a SQLite database looked for beside the configuration."""
    scheme, slashes, file = url.partition(":///")
    return f"{scheme}{slashes}{folder / file}" if scheme.startswith("sqlite") and file else url


def _organisation(entry: OrganisationSettings, folder: Path) -> Organisation:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in entry.model_dump(exclude={"archive_before", "clock", "templates"}).items()
    }
    clock = entry.clock.model_dump() | {"warning_working_days": tuple(entry.clock.warning_working_days)}
    return Organisation(
        clock=ClockSettings(**clock),
        templates=folder / entry.templates if entry.templates else None,
        archive_before=None if entry.archive_before in ("", "none") else moment(entry.archive_before),
        answers_everything=entry.archive_before == "none",
        **values,
    )


def _mailbox(entry: MailboxSettings, organisation: Organisation, folder: Path) -> Mailbox:
    return Mailbox(
        name=entry.name,
        organisation=organisation,
        address=entry.address,
        timezone=entry.timezone or organisation.timezone,
        poll_seconds=entry.poll_seconds,
        after=entry.after,
        folder=entry.imap.folder if entry.imap else "INBOX",
        imap=_access(entry.imap, folder) if entry.imap else None,
        maildir=folder / entry.maildir if entry.maildir else None,
        smtp=_access(entry.smtp, folder) if entry.smtp else None,
        max_mail_bytes=entry.max_mail_mb * 1024 * 1024,
    )


def _access(entry: ServerSettings, folder: Path) -> ServerAccess:
    password = entry.password
    if entry.password_file:
        password = password_in(file_content(folder / entry.password_file))
    return ServerAccess(
        host=entry.host,
        port=entry.port,
        tls=entry.tls,
        user=entry.user,
        password=password,
        ca_file=folder / entry.ca_file if entry.ca_file else None,
        timeout_seconds=entry.timeout_seconds,
    )
