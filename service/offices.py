"""All organisations, mailboxes and web hooks, in one place that can change while the service runs.

Those of the configuration file stand first and stay as they are; those made on the desk are read from the database
again and again, so that every process sees what an administrator changed. A name is used once over both.
"""

import logging
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

from pydantic import ValidationError
from sqlmodel import Session, col, select

from models.errors import DeskError, SettingsError
from models.made_offices import MadeMailbox, MadeOrganisation, MadeWebhook
from models.organisation import Mailbox, Organisation, ServerAccess
from models.webhook import HookEvent, Webhook
from service.database import opened_database
from service.mistakes import mistakes_in
from service.settings import Settings, mailbox_of, organisation_of_section
from service.settings_sections import MailboxSettings, OrganisationSettings, WebhookKeys
from store.database import Database
from store.vault import Vault, read_key_file

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """What there is at one moment."""

    organisations: tuple[Organisation, ...] = ()
    mailboxes: tuple[Mailbox, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    problems: tuple[str, ...] = ()
    """What was made on the desk and cannot be used as it stands."""


Thing = TypeVar("Thing")


class Live(Sequence[Thing], Generic[Thing]):
    """All mailboxes, or web hooks, as they are now; who goes through them goes through those of one moment."""

    def __init__(self, now: Callable[[], tuple[Thing, ...]]) -> None:
        """Take what returns those of the moment."""
        self._now = now

    @overload
    def __getitem__(self, index: int) -> Thing: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Thing]: ...

    def __getitem__(self, index: int | slice) -> Thing | Sequence[Thing]:
        return self._now()[index]

    def __iter__(self) -> Iterator[Thing]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())


class Offices:
    """The organisations, mailboxes and web hooks of a running desk."""

    def __init__(self, settings: Settings, database: Database, vault: Vault) -> None:
        """Read them once; raises SettingsError where the file and the desk use a name twice."""
        self.settings, self.database, self.vault = settings, database, vault
        self.known = self._read()
        self.mailboxes = Live(lambda: self.known.mailboxes)
        self.webhooks = Live(lambda: self.known.webhooks)

    def refresh(self) -> bool:
        """Read what was made on the desk again; tell whether anything is otherwise. Keeps what it knows on failure."""
        try:
            known = self._read()
        except DeskError as error:
            _log.warning("organisations, mailboxes and web hooks are as before: %s", error)
            return False
        is_other, self.known = known != self.known, known
        return is_other

    def _read(self) -> Known:
        with self.database.reading() as session:
            return known_with(session, self.settings, self.vault)


def known_with(session: Session, settings: Settings, vault: Vault) -> Known:
    """Return those of the file and of the desk; raises SettingsError for a name used twice."""
    made = session.exec(select(MadeOrganisation).order_by(col(MadeOrganisation.slug))).all()
    boxes = session.exec(select(MadeMailbox).order_by(col(MadeMailbox.name))).all()
    hooks = session.exec(select(MadeWebhook).order_by(col(MadeWebhook.name))).all()
    _check_names(settings, [one.slug for one in made], [one.name for one in boxes], [one.name for one in hooks])
    folder, problems = settings.path.resolve().parent, []
    organisations = {one.slug: one for one in settings.organisations}
    for row in made:
        try:
            organisations[row.slug] = made_organisation(row.keys, folder)
        except SettingsError as error:
            problems.append(f"organisation {row.slug}: {error}")
    mailboxes = list(settings.mailboxes)
    for box in boxes:
        try:
            mailboxes.append(opened_mailbox(box, organisations, vault, folder))
        except DeskError as error:
            problems.append(f"mailbox {box.name}: {error}")
    webhooks = list(settings.webhooks)
    for hook in hooks:
        try:
            webhooks.append(opened_hook(hook, organisations, vault))
        except DeskError as error:
            problems.append(f"web hook {hook.name}: {error}")
    return Known(tuple(organisations.values()), tuple(mailboxes), tuple(webhooks), tuple(problems))


def made_organisation(keys: dict[str, Any], folder: Path) -> Organisation:
    """Return an organisation by its keys, as in [[organisation]]; raises SettingsError that tells every mistake."""
    try:
        return organisation_of_section(OrganisationSettings.model_validate(keys, context={"folder": folder}), folder)
    except ValidationError as error:
        raise SettingsError("; ".join(str(one) for one in mistakes_in(error, OrganisationSettings))) from error


def made_mailbox(keys: dict[str, Any], organisations: dict[str, Organisation], folder: Path) -> Mailbox:
    """Return a mailbox by its keys, as in [[mailbox]], without passwords; raises SettingsError."""
    try:
        entry = MailboxSettings.model_validate(keys, context={"folder": folder})
    except ValidationError as error:
        raise SettingsError("; ".join(str(one) for one in mistakes_in(error, MailboxSettings))) from error
    if entry.organisation not in organisations:
        raise SettingsError(f"there is no organisation {entry.organisation!r}")
    return mailbox_of(entry, organisations[entry.organisation], folder)


def opened_mailbox(row: MadeMailbox, organisations: dict[str, Organisation], vault: Vault, folder: Path) -> Mailbox:
    """Return a mailbox that was made on the desk, with its passwords; raises DeskError."""
    box = made_mailbox(row.keys, organisations, folder)
    passwords = [vault.open_secret(one).decode() if one else "" for one in (row.imap_password, row.smtp_password)]
    return with_secrets(replace(box, is_read=row.is_read), passwords[0], passwords[1], row.ca_pem)


def with_secrets(box: Mailbox, imap_password: str, smtp_password: str, ca_pem: str) -> Mailbox:
    """Return a mailbox with what is not among its keys."""

    def trusted(access: ServerAccess | None, password: str) -> ServerAccess | None:
        """Return a server's access with the password and the certificates to trust."""
        return replace(access, password=password, ca_pem=ca_pem) if access else None

    return replace(box, imap=trusted(box.imap, imap_password), smtp=trusted(box.smtp, smtp_password))


def made_hook(keys: dict[str, Any], organisations: Container[str]) -> Webhook:
    """Return a web hook by its keys, as in [[webhook]], without its secret; raises SettingsError."""
    try:
        entry = WebhookKeys.model_validate(keys)
    except ValidationError as error:
        raise SettingsError("; ".join(str(one) for one in mistakes_in(error, WebhookKeys))) from error
    if entry.organisation and entry.organisation not in organisations:
        raise SettingsError(f"there is no organisation {entry.organisation!r}")
    events = frozenset(entry.events or HookEvent)
    return Webhook(entry.name, entry.url, b"", events, entry.organisation, is_made=True)


def opened_hook(row: MadeWebhook, organisations: Container[str], vault: Vault) -> Webhook:
    """Return a web hook that was made on the desk, with its secret; raises DeskError."""
    return replace(
        made_hook(row.keys, organisations),
        secret=vault.open_secret(row.secret),
        old_secret=vault.open_secret(row.old_secret) if row.old_secret else b"",
        old_until=row.old_until,
        ca_pem=row.ca_pem,
    )


def known_of(settings: Settings) -> Known:
    """Return the organisations and mailboxes of a desk that is not open: for commands that look something up."""
    with opened_database(settings) as database, database.reading() as session:
        names = (MadeOrganisation.slug, MadeMailbox.name, MadeWebhook.name)
        if not any(session.exec(select(name).limit(1)).first() for name in names):
            return Known(settings.organisations, settings.mailboxes, settings.webhooks)
        return known_with(session, settings, Vault(read_key_file(settings.key_file)))


def _check_names(settings: Settings, slugs: list[str], names: list[str], hooks: list[str]) -> None:
    for what, made, filed in (
        ("organisation", slugs, [one.slug for one in settings.organisations]),
        ("mailbox", names, [one.name for one in settings.mailboxes]),
        ("web hook", hooks, [one.name for one in settings.webhooks]),
    ):
        for name in sorted(set(made) & set(filed)):
            raise SettingsError(
                f"{settings.path}: the {what} {name!r} was made on the desk already: "
                "give the one in this file another name"
            )
