"""The configuration: one TOML file and the environment, checked whole before anything starts.

Comes in: a path (or `RIGHTSDESK_CONFIG`, or ./rightsdesk.toml) and `RIGHTSDESK__SECTION__KEY` variables. Goes out:
plain values for the packages below. Every mistake is told with its line and the nearest right key, all at once.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.clock_settings import ClockSettings
from models.errors import SettingsError
from models.organisation import Mailbox, Organisation, ServerAccess
from models.person import PageSettings
from models.staff import LoginRules, OidcRules
from models.webhook import HookEvent, Webhook
from service.mistakes import Mistake, Place, mistakes_in, nearest
from service.settings_sections import (
    FileSections,
    MailboxSettings,
    OidcSettings,
    OrganisationSettings,
    ServerSettings,
    WebhookSettings,
)
from service.settings_source import read_source
from service.value_forms import file_content, hook_secret, moment, password_in


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
    page: PageSettings
    rules: LoginRules
    oidc: OidcRules | None
    organisations: tuple[Organisation, ...]
    mailboxes: tuple[Mailbox, ...]
    webhooks: tuple[Webhook, ...]


def settings_path(given: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the configuration file to use: `--config`, else RIGHTSDESK_CONFIG, else ./rightsdesk.toml."""
    return given or Path(environment.get("RIGHTSDESK_CONFIG") or "rightsdesk.toml")


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the checked configuration; raises SettingsError that tells every mistake with its line."""
    source = read_source(path, environment)
    folder = path.resolve().parent
    mistakes = list(_misfits(source.data))
    try:
        file = FileSections.model_validate(source.data, context={"folder": folder})
    except ValidationError as error:
        raise SettingsError(source.told([*mistakes_in(error, FileSections), *mistakes])) from error
    if mistakes:
        raise SettingsError(source.told(mistakes))
    return _settings(file, path, folder)


def _misfits(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield what does not fit together: names that stand there twice, organisations that are not there."""
    slugs = _values(data, "organisation", "slug")
    for section, key in (("organisation", "slug"), ("mailbox", "name"), ("webhook", "name")):
        seen: set[str] = set()
        for place, value in _values(data, section, key).items():
            if value in seen:
                yield Mistake(place, f"{value!r} stands there twice")
            seen.add(value)
    named = _values(data, "mailbox", "organisation") | _values(data, "webhook", "organisation")
    for place, slug in named.items():
        if slug not in slugs.values() and (slug or place[0] == "mailbox"):
            yield Mistake(place, f"there is no organisation {slug!r}; {nearest(slug, slugs.values())}")


def _values(data: Mapping[str, Any], section: str, key: str) -> dict[Place, str]:
    entries = data.get(section)
    found = enumerate(entries) if isinstance(entries, list) else ()
    return {
        (section, number, key): entry[key].strip()
        for number, entry in found
        if isinstance(entry, dict) and isinstance(entry.get(key), str)
    }


def _settings(file: FileSections, path: Path, folder: Path) -> Settings:
    organisations = {entry.slug: organisation_of_section(entry, folder) for entry in file.organisation}
    return Settings(
        path=path,
        database_url=_database_url(file.database.url, folder),
        key_file=folder / file.vault.key_file,
        models=folder / file.classifier.folder,
        web_host=file.web.host,
        web_port=file.web.port,
        page=PageSettings(**file.web.model_dump(exclude={"host", "port"})),
        rules=LoginRules(requires_codes=file.auth.require_codes, is_local=file.auth.local),
        oidc=_oidc(file.oidc, folder) if file.oidc else None,
        organisations=tuple(organisations.values()),
        mailboxes=tuple(mailbox_of(entry, organisations[entry.organisation], folder) for entry in file.mailbox),
        webhooks=tuple(_webhook(entry, folder) for entry in file.webhook),
    )


def _oidc(entry: OidcSettings, folder: Path) -> OidcRules:
    secret = entry.client_secret
    if entry.client_secret_file:
        secret = password_in(file_content(folder / entry.client_secret_file))
    return OidcRules(
        issuer=entry.issuer,
        client_id=entry.client_id,
        client_secret=secret,
        scopes=tuple(entry.scopes),
        claim=entry.claim,
        roles=entry.roles,
        organisations=entry.organisations,
        button=entry.button,
        ca_file=folder / entry.ca_file if entry.ca_file else None,
    )


def _database_url(url: str, folder: Path) -> str:
    """Return the URL with the file of a SQLite database looked for beside the configuration."""
    scheme, slashes, file = url.partition(":///")
    return f"{scheme}{slashes}{folder / file}" if scheme.startswith("sqlite") and file else url


def organisation_of_section(entry: OrganisationSettings, folder: Path) -> Organisation:
    """Return an organisation as its section describes it."""
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


def mailbox_of(entry: MailboxSettings, organisation: Organisation, folder: Path) -> Mailbox:
    """Return a mailbox as its section describes it."""
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


def _webhook(entry: WebhookSettings, folder: Path) -> Webhook:
    return Webhook(
        name=entry.name,
        url=entry.url,
        secret=hook_secret(file_content(folder / entry.secret_file)),
        events=frozenset(entry.events or HookEvent),
        organisation=entry.organisation,
        ca_file=folder / entry.ca_file if entry.ca_file else None,
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
