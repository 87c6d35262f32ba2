"""The configuration: one TOML file and the environment, checked whole before anything starts.

Comes in: a path (or `RIGHTSDESK_CONFIG`, or ./rightsdesk.toml) and `RIGHTSDESK__SECTION__KEY` variables. Goes out:
plain values for the packages below. Every mistake is told with its line and the nearest right key, all at once.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from models.errors import SettingsError
from models.organisation import Mailbox, Organisation, Regime, ServerAccess, TlsMode
from service.facts import known_authority, known_country, known_timezone
from service.mistakes import describe

ENVIRONMENT = "RIGHTSDESK__"
Askable = Literal["full_name", "account_email", "postal_address", "phone"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or any(character.isspace() or character in "<>,;" for character in text):
        raise ValueError("must be one mail address, like contact@example.org")
    return f"{local}@{domain.lower()}"


MailAddress = Annotated[str, AfterValidator(_address)]
Host = Annotated[str, Field(min_length=1)]


class DatabaseSettings(_Section):
    """[database]"""

    url: str = "sqlite:///rightsdesk.db"


class VaultSettings(_Section):
    """[vault]"""

    key_file: Path = Path("rightsdesk.key")


class WebSettings(_Section):
    """[web]: where /healthz and /readyz are served."""

    host: str = "127.0.0.1"
    port: int = Field(default=8025, ge=1, le=65535)


class ServerSettings(_Section):
    """[mailbox.imap] and [mailbox.smtp]"""

    host: Host
    port: int = Field(ge=1, le=65535)
    tls: TlsMode = TlsMode.IMPLICIT
    user: str = ""
    password: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    folder: str = "INBOX"
    timeout_seconds: float = Field(default=60, ge=1, le=600)

    @field_validator("ca_file", "password_file", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _clear_text_stays_at_home(self) -> Self:
        if self.tls is TlsMode.NONE and not _is_loopback(self.host):
            raise ValueError('tls = "none" is for loopback addresses only; use "implicit" or "starttls"')
        if self.password and self.password_file:
            raise ValueError("give password or password_file, not both")
        return self


class OrganisationSettings(_Section):
    """[[organisation]]"""

    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    name: str = Field(min_length=1)
    address: str = Field(min_length=1)
    regime: Regime
    country: Annotated[str, AfterValidator(known_country)]
    timezone: Annotated[str, AfterValidator(known_timezone)]
    languages: list[Literal["en", "es", "fr", "de"]] = Field(default=["en", "es", "fr", "de"], min_length=1)
    contact: MailAddress
    lead_authority: Annotated[str, AfterValidator(known_authority)]
    authorities: list[Annotated[str, AfterValidator(known_authority)]] = []
    asks_for: list[Askable] = ["full_name", "account_email"]
    trusted_authserv: list[str] = []
    acks_per_address_per_day: int = Field(default=5, ge=0, le=1000)
    archive_before: str = ""
    archive_cases: bool = False
    own_lists: list[str] = []
    form_senders: list[MailAddress] = []
    staff_domains: list[str] = []
    customers: list[str] = []
    local_holidays: list[str] = []
    shadow: bool = False

    @field_validator("archive_before")
    @classmethod
    def _is_moment(cls, value: str) -> str:
        if value not in ("", "none"):
            _moment(value)
        return value

    @field_validator("local_holidays")
    @classmethod
    def _are_days(cls, value: list[str]) -> list[str]:
        for day in value:
            try:
                datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
            except ValueError as error:
                raise ValueError("days are written YYYY-MM-DD") from error
        return value


class MailboxSettings(_Section):
    """[[mailbox]]"""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")
    organisation: str
    address: MailAddress
    timezone: Annotated[str, AfterValidator(known_timezone)] | None = None
    poll_seconds: int = Field(default=60, ge=1, le=86400)
    after: str = Field(default="keep", pattern=r"^(keep|seen|move:.+)$")
    max_mail_mb: int = Field(default=64, ge=1, le=1024)
    maildir: Path | None = None
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
    web: WebSettings = WebSettings()
    organisation: list[OrganisationSettings] = []
    mailbox: list[MailboxSettings] = []

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        slugs = [organisation.slug for organisation in self.organisation]
        names = [mailbox.name for mailbox in self.mailbox]
        for what, values in (("organisation slug", slugs), ("mailbox name", names)):
            twice = {value for value in values if values.count(value) > 1}
            if twice:
                raise ValueError(f"{what} {', '.join(sorted(twice))} stands there twice")
        for mailbox in self.mailbox:
            if mailbox.organisation not in slugs:
                raise ValueError(
                    f"mailbox {mailbox.name} belongs to organisation {mailbox.organisation!r}, which is not there; "
                    f"there are {', '.join(slugs) or 'none'}"
                )
        return self


@dataclass(frozen=True, slots=True)
class Settings:
    """The checked configuration."""

    path: Path
    database_url: str
    key_file: Path
    web_host: str
    web_port: int
    mailboxes: tuple[Mailbox, ...]


def settings_path(given: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the configuration file to use: `--config`, else RIGHTSDESK_CONFIG, else ./rightsdesk.toml."""
    return given or Path(environment.get("RIGHTSDESK_CONFIG") or "rightsdesk.toml")


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the checked configuration; raises SettingsError that tells every mistake with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        msg = f"there is no {path}: run `rightsdesk init` here, or name another file with --config"
        raise SettingsError(msg) from error
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read ({type(error).__name__})"
        raise SettingsError(msg) from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{path} is not valid TOML: {error}"
        raise SettingsError(msg) from error
    _overlay(data, environment)
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        raise SettingsError(describe(error, path, text, _File)) from error
    return _settings(file, path)


def _overlay(data: dict[str, Any], environment: Mapping[str, str]) -> None:
    """Lay `RIGHTSDESK__DATABASE__URL` and the like over the file; list entries go by number, from 0."""
    for name, value in environment.items():
        if not name.startswith(ENVIRONMENT):
            continue
        *parents, key = name.removeprefix(ENVIRONMENT).lower().split("__")
        place: Any = data
        for part in parents:
            place = _entry(place, part, name)
        if not isinstance(place, dict):
            msg = f"environment variable {name} names no section"
            raise SettingsError(msg)
        place[key] = value


def _entry(place: Any, part: str, name: str) -> Any:
    if isinstance(place, list):
        if part.isdigit() and int(part) < len(place):
            return place[int(part)]
    elif isinstance(place, dict):
        return place.setdefault(part, {})
    msg = f"environment variable {name} names no section: lists go by number, from 0"
    raise SettingsError(msg)


def _settings(file: _File, path: Path) -> Settings:
    folder = path.resolve().parent
    organisations = {entry.slug: _organisation(entry) for entry in file.organisation}
    return Settings(
        path=path,
        database_url=_database_url(file.database.url, folder),
        key_file=folder / file.vault.key_file,
        web_host=file.web.host,
        web_port=file.web.port,
        mailboxes=tuple(_mailbox(entry, organisations[entry.organisation], folder) for entry in file.mailbox),
    )


def _database_url(url: str, folder: Path) -> str:
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(f"{prefix}/") and url != prefix:
        return f"{prefix}{folder / url.removeprefix(prefix)}"
    return url


def _organisation(entry: OrganisationSettings) -> Organisation:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in entry.model_dump(exclude={"archive_before"}).items()
    }
    return Organisation(
        archive_before=None if entry.archive_before in ("", "none") else _moment(entry.archive_before),
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
        imap=_access(entry.imap, folder, entry.name) if entry.imap else None,
        maildir=folder / entry.maildir if entry.maildir else None,
        smtp=_access(entry.smtp, folder, entry.name) if entry.smtp else None,
        max_mail_bytes=entry.max_mail_mb * 1024 * 1024,
    )


def _access(entry: ServerSettings, folder: Path, mailbox: str) -> ServerAccess:
    password = entry.password
    if entry.password_file:
        try:
            password = (folder / entry.password_file).read_text(encoding="utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            msg = f"mailbox {mailbox}: password_file {folder / entry.password_file} cannot be read"
            raise SettingsError(msg) from error
    return ServerAccess(
        host=entry.host,
        port=entry.port,
        tls=entry.tls,
        user=entry.user,
        password=password,
        ca_file=folder / entry.ca_file if entry.ca_file else None,
        timeout_seconds=entry.timeout_seconds,
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError('must be "", "none" or a time like 2026-01-31T00:00:00Z') from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
