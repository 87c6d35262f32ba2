"""Making and changing organisations and mailboxes on the desk, by the rules of the configuration file.

Only what was made here can be changed here. A stored password goes to no other server than the one it was given for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlmodel import Session, col, select

from models.case import Case
from models.errors import NotAllowed, NotFound, SettingsError
from models.made_offices import MadeMailbox, MadeOrganisation, MadeWebhook
from models.message import Message
from models.organisation import Mailbox, Organisation, ServerAccess
from service.offices import Offices, made_mailbox, made_organisation, with_secrets
from service.trying import tried
from store.tls import verified_tls
from web.desk.office_book import Deed, Draft, Entry, Tried

Made = MadeOrganisation | MadeMailbox | MadeWebhook
_SERVER = ("host", "port", "tls", "user")


@dataclass(frozen=True, slots=True)
class MadeBook:
    """The book of a running desk (`OfficeBook`)."""

    offices: Offices

    def organisations(self) -> Sequence[Entry]:
        """Return all organisations."""
        made = {row.slug: row for row in self._rows(MadeOrganisation)}
        own = [Entry(row.slug, row.slug, row.keys, is_made=True, version=version_of(row)) for row in made.values()]
        filed = [one for one in self.offices.known.organisations if one.slug not in made]
        return [*(Entry(one.slug, one.slug, _organisation_keys(one), is_made=False) for one in filed), *own]

    def mailboxes(self) -> Sequence[Entry]:
        """Return all mailboxes."""
        made = {row.name: row for row in self._rows(MadeMailbox)}
        own = [
            Entry(
                *(row.name, row.keys["organisation"], row.keys),
                is_made=True,
                is_read=row.is_read,
                ca_pem=row.ca_pem,
                version=version_of(row),
            )
            for row in made.values()
        ]
        filed = [one for one in self.offices.known.mailboxes if one.name not in made]
        return [
            *(Entry(one.name, one.organisation.slug, _mailbox_keys(one), is_made=False) for one in filed),
            *own,
        ]

    def values(self) -> Sequence[Organisation]:
        """Return all organisations as casework knows them."""
        return self.offices.known.organisations

    def problems(self) -> Sequence[str]:
        """Return what was made here and cannot be used as it stands."""
        return self.offices.known.problems

    def keep_organisation(self, session: Session, deed: Deed, keys: Mapping[str, Any], *, is_new: bool) -> None:
        """Make or change an organisation; raises NotAllowed or NotFound."""
        try:
            slug = made_organisation(dict(keys), self.offices.settings.path.resolve().parent).slug
        except SettingsError as error:
            raise NotAllowed(str(error)) from error
        row = session.get(MadeOrganisation, slug, with_for_update=True)
        self._check_place(
            row is not None, slug, [one.slug for one in self.offices.settings.organisations], is_new=is_new
        )
        check_seen(row, deed)
        row = row or MadeOrganisation(slug=slug, keys={}, changed_at=deed.at, changed_by=deed.by)
        row.keys, row.changed_at, row.changed_by = dict(keys), deed.at, deed.by
        session.add(row)

    def keep_mailbox(self, session: Session, deed: Deed, draft: Draft, *, is_new: bool) -> None:
        """Make or change a mailbox; raises NotAllowed or NotFound."""
        name = self._box(draft).name
        row = session.get(MadeMailbox, name, with_for_update=True)
        self._check_place(row is not None, name, [one.name for one in self.offices.settings.mailboxes], is_new=is_new)
        check_seen(row, deed)
        if row is not None and row.keys["organisation"] != draft.keys["organisation"]:
            raise NotAllowed("a mailbox stays with its organisation: its cases carry both")
        imap, smtp = self._password(row, draft, "imap"), self._password(row, draft, "smtp")
        row = row or MadeMailbox(name=name, keys={}, changed_at=deed.at, changed_by=deed.by)
        row.keys, row.ca_pem, row.changed_at, row.changed_by = dict(draft.keys), draft.ca_pem, deed.at, deed.by
        row.imap_password, row.smtp_password = self._sealed(imap), self._sealed(smtp)
        session.add(row)

    def switch_mailbox(self, session: Session, deed: Deed, name: str, *, is_read: bool) -> None:
        """Read a mailbox, or leave it unread; raises NotFound."""
        row = _made(session, name)
        row.is_read, row.changed_at, row.changed_by = is_read, deed.at, deed.by

    def remove_mailbox(self, session: Session, deed: Deed, name: str) -> None:
        """Forget a mailbox that no mail came from and no case is in; raises NotFound or NotAllowed."""
        row = _made(session, name)
        if session.exec(select(Message.id).where(col(Message.mailbox) == name).limit(1)).first() is not None:
            raise NotAllowed("mail came from this mailbox: it can be switched off, not removed")
        if session.exec(select(Case.id).where(col(Case.mailbox) == name).limit(1)).first() is not None:
            raise NotAllowed("a case was opened by hand for this mailbox: it can be switched off, not removed")
        session.delete(row)

    def try_mailbox(self, session: Session, draft: Draft) -> Sequence[Tried]:
        """Try a mailbox for real, within twenty seconds; raises NotAllowed."""
        box = self._box(draft)
        row = session.get(MadeMailbox, box.name)
        passwords = self._password(row, draft, "imap"), self._password(row, draft, "smtp")
        session.rollback()  # servers may take a while: the database need not wait for them
        return tried(with_secrets(box, *passwords, draft.ca_pem))

    def refresh(self) -> object:
        """Take over what was kept."""
        return self.offices.refresh()

    def _rows(self, table: type[Any]) -> Sequence[Any]:
        with self.offices.database.reading() as session:
            rows = session.exec(select(table)).all()
            session.expunge_all()
        return rows

    def _box(self, draft: Draft) -> Mailbox:
        """Return a draft as a mailbox, without its secrets; raises NotAllowed that tells every mistake."""
        organisations = {one.slug: one for one in self.offices.known.organisations}
        try:
            if draft.ca_pem:
                verified_tls(None, draft.ca_pem)
            return made_mailbox(dict(draft.keys), organisations, self.offices.settings.path.resolve().parent)
        except SettingsError as error:
            raise NotAllowed(str(error)) from error

    def _check_place(self, is_there: bool, name: str, filed: Sequence[str], *, is_new: bool) -> None:  # noqa: FBT001
        if name in filed:
            raise NotAllowed(
                f"{name} stands in the configuration file: it is changed there, or takes another name here"
            )
        if is_new and is_there:
            raise NotAllowed(f"there is {name} already")
        if not is_new and not is_there:
            raise NotFound(f"there is no {name}")

    def _password(self, row: MadeMailbox | None, draft: Draft, part: str) -> str:
        """Return the password to use: the one typed, else the one kept, if it is for the same server and user."""
        server = draft.keys.get(part) or {}
        typed = draft.imap_password if part == "imap" else draft.smtp_password
        if typed or not server.get("user"):
            return typed
        kept = getattr(row, f"{part}_password") if row else None
        if kept is None:
            return self._shared(row, draft, server) if part == "smtp" else ""
        before = (row.keys.get(part) or {}) if row else {}
        if any(str(before.get(key, "")) != str(server.get(key, "")) for key in _SERVER):
            raise NotAllowed(f"{part}: type the password again, since the server or the user is another one")
        return self.offices.vault.open_secret(kept).decode()

    def _shared(self, row: MadeMailbox | None, draft: Draft, server: Mapping[str, Any]) -> str:
        """Return the password for reading where sending has the same user and none of its own."""
        is_same = server.get("user") == (draft.keys.get("imap") or {}).get("user")
        return self._password(row, draft, "imap") if is_same else ""

    def _sealed(self, password: str) -> bytes | None:
        return self.offices.vault.seal_secret(password.encode()) if password else None


def version_of(row: Made) -> str:
    """Return what tells how a row was shown from how it is after a change."""
    return row.changed_at.astimezone(UTC).isoformat()


def check_seen(row: Made | None, deed: Deed) -> None:
    """Raise NotAllowed where somebody else changed it after it was shown."""
    if row is not None and deed.seen and deed.seen != version_of(row):
        raise NotAllowed(
            f"{row.changed_by} changed this meanwhile: look at it in another window. Nothing of yours is kept yet; "
            "what you filled in stands below, and takes its place if you keep it again"
        )


def _made(session: Session, name: str) -> MadeMailbox:
    row = session.get(MadeMailbox, name, with_for_update=True)
    if row is None:
        raise NotFound(f"there is no mailbox {name} that was made here")
    return row


def _organisation_keys(one: Organisation) -> dict[str, Any]:
    keys = ("slug", "name", "address", "regime", "country", "timezone", "languages", "contact", "lead_authority")
    more = ("authorities", "asks_for", "staff_domains", "managers", "people_team", "systems", "shadow")
    return {key: getattr(one, key) for key in (*keys, *more)}


def _mailbox_keys(box: Mailbox) -> dict[str, Any]:
    plain = {"name": box.name, "organisation": box.organisation.slug, "address": box.address, "timezone": box.timezone}
    more = {"poll_seconds": box.poll_seconds, "after": box.after, "maildir": str(box.maildir) if box.maildir else ""}
    return plain | more | {"imap": _server_keys(box.imap) | {"folder": box.folder}, "smtp": _server_keys(box.smtp)}


def _server_keys(access: ServerAccess | None) -> dict[str, Any]:
    return {key: getattr(access, key) for key in _SERVER} if access else {}
