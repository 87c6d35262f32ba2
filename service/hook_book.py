"""Making, changing and removing web hooks on the desk, by the rules of the configuration file.

Only what was made here can be changed here. Secrets are made here, too: they are told once and then kept sealed.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from models.errors import NotAllowed, NotFound, SettingsError
from models.made_offices import MadeWebhook
from models.webhook import HookEvent, Webhook
from responders.hooks import begin, end, withdraw
from service.office_book import check_seen, version_of
from service.offices import Offices, made_hook
from store.tls import verified_tls
from web.desk.hook_book import HookDraft
from web.desk.office_book import Deed, Entry

_BOTH_SIGN = timedelta(days=1)
"""How long a receiver may take to learn of a new secret."""
_SECRET_BYTES = 32
_LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class MadeHookBook:
    """The book of a running desk (`HookBook`)."""

    offices: Offices

    def entry(self, session: Session, name: str) -> Entry:
        """Return a web hook as a page shows it."""
        row = _made(session, name)
        whose, version = row.keys.get("organisation", ""), version_of(row)
        return Entry(row.name, whose, row.keys, is_made=True, ca_pem=row.ca_pem, version=version)

    def add(self, session: Session, deed: Deed, draft: HookDraft) -> str:
        """Make a web hook, which is told of what happens from now on; return its secret, told this once."""
        name, (secret, told) = self._checked(draft).name, _new_secret()
        if name in {one.name for one in self.offices.settings.webhooks}:
            raise NotAllowed(f"{name} stands in the configuration file: give the one here another name")
        if session.get(MadeWebhook, name) is not None:
            raise NotAllowed(f"there is {name} already")
        sealed = self.offices.vault.seal_secret(secret)
        row = MadeWebhook(name=name, keys=dict(draft.keys), secret=sealed, changed_at=deed.at, changed_by=deed.by)
        row.ca_pem = draft.ca_pem
        session.add(row)
        begin(session, name, deed.at)
        return told

    def change(self, session: Session, deed: Deed, draft: HookDraft) -> None:
        """Change where a web hook leads, what it is told of, and whom it trusts."""
        row = _made(session, self._checked(draft).name)
        check_seen(row, deed)
        row.keys, row.ca_pem, row.changed_at, row.changed_by = dict(draft.keys), draft.ca_pem, deed.at, deed.by
        withdraw(session, row.name)

    def rotate(self, session: Session, deed: Deed, name: str) -> str:
        """Give a web hook another secret and return it; for a day the one before signs, too."""
        row, (secret, told) = _made(session, name), _new_secret()
        row.old_secret, row.old_until = row.secret, deed.at + _BOTH_SIGN
        row.secret = self.offices.vault.seal_secret(secret)
        row.changed_at, row.changed_by = deed.at, deed.by
        withdraw(session, name)
        return told

    def remove(self, session: Session, deed: Deed, name: str) -> int:
        """Forget a web hook; return how many events waited for it, which nobody is told."""
        row = _made(session, name)
        events = frozenset(HookEvent(event) for event in row.keys.get("events", ())) or frozenset(HookEvent)
        hook = Webhook(name, "", b"", events, row.keys.get("organisation", ""))
        session.delete(row)
        return end(session, hook, deed.at)

    def problems(self) -> list[str]:
        """Return which of them cannot be used as they stand, and why."""
        return [problem for problem in self.offices.known.problems if problem.startswith("web hook ")]

    def refresh(self) -> object:
        """Take over what was kept."""
        return self.offices.refresh()

    def _checked(self, draft: HookDraft) -> Webhook:
        """Return a draft as a web hook, without its secret; raises NotAllowed that tells every mistake."""
        if len(str(draft.keys.get("url", ""))) > _LONGEST_URL:
            raise NotAllowed(f"url: an address has at most {_LONGEST_URL} characters")
        try:
            if draft.ca_pem:
                verified_tls(None, draft.ca_pem)
            return made_hook(dict(draft.keys), {one.slug for one in self.offices.known.organisations})
        except SettingsError as error:
            raise NotAllowed(str(error)) from error


def _made(session: Session, name: str) -> MadeWebhook:
    row = session.get(MadeWebhook, name, with_for_update=True)
    if row is None:
        raise NotFound(f"there is no web hook {name} that was made here")
    return row


def _new_secret() -> tuple[bytes, str]:
    """Return a secret, and how it is told: as Standard Webhooks writes it."""
    secret = secrets.token_bytes(_SECRET_BYTES)
    return secret, f"whsec_{base64.b64encode(secret).decode()}"
