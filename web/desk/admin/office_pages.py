"""Organisations and mailboxes: those of the configuration file to look at, those made here to change, and to try."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from models.audit import Action
from models.errors import NotAllowed, NotFound, PermanentFailure
from web.desk.accounts import Visitor
from web.desk.admin.entry import administrator, record, whole_desk
from web.desk.admin.office_forms import (
    IMAP,
    MAILBOX,
    NAME,
    ORGANISATION,
    ORGANISATION_MORE,
    SLUG,
    SMTP,
    filled_from,
    keys_of,
)
from web.desk.forms import Filled, one
from web.desk.office_book import Deed, Draft, Entry, OfficeBook, Tried
from web.desk.pages import FilledForm, Pages, clean, to, unstripped

_ORGANISATION_KEYS = (SLUG, *ORGANISATION, *ORGANISATION_MORE)
_MAILBOX_KEYS = (NAME, *MAILBOX, *IMAP, *SMTP)
_NEW_ORGANISATION: Mapping[str, list[str]] = {
    "languages": ["en\nes\nfr\nde\nit\npt\nnl\npl"],
    "asks_for": ["full_name", "account_email"],
}
_NEW_MAILBOX: Mapping[str, list[str]] = {
    "imap.port": ["993"],
    "imap.tls": ["implicit"],
    "imap.folder": ["INBOX"],
    "smtp.port": ["465"],
    "smtp.tls": ["implicit"],
}
_TOLD: Mapping[str, str] = {
    "kept": "Kept. It is read within a few seconds.",
    "on": "Switched on. It is read within a few seconds.",
    "off": "Switched off. It is not read any more; its cases are worked on as before.",
    "remove": "Removed.",
    "gone": "It is not there any more: somebody else removed it, or it stands in the configuration file.",
}


@dataclass(frozen=True, slots=True)
class OfficePages:
    """The lists, and the forms."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/admin/organisations", self.organisations, response_class=HTMLResponse)
        app.add_api_route("/admin/mailboxes", self.mailboxes, response_class=HTMLResponse)
        for what, ask, keep in (
            ("organisation", self.ask_organisation, self.keep_organisation),
            ("mailbox", self.ask_mailbox, self.keep_mailbox),
        ):
            app.add_api_route(f"/admin/{what}", ask, response_class=HTMLResponse)
            app.add_api_route(f"/admin/{what}", keep, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/admin/mailbox/switch", self.switch, methods=["POST"], response_class=HTMLResponse)

    def organisations(self, request: Request) -> Response:
        """Show all organisations."""
        who, book = administrator(self.pages, request), self._book()
        entries = [one for one in book.organisations() if who.may_see(one.name)]
        told = "Kept." if request.query_params.get("told") else ""
        return self.pages.page("admin/organisations.html", who, entries=entries, told=told, problems=book.problems())

    def mailboxes(self, request: Request) -> Response:
        """Show all mailboxes."""
        who, book = administrator(self.pages, request), self._book()
        entries = [one for one in book.mailboxes() if who.may_see(one.organisation)]
        has_organisation = any(who.may_see(one.name) for one in book.organisations())
        told = _TOLD.get(request.query_params.get("told", ""), "")
        return self.pages.page(
            "admin/mailboxes.html",
            who,
            entries=entries,
            told=told,
            problems=book.problems(),
            has_organisation=has_organisation,
        )

    def ask_organisation(self, request: Request) -> Response:
        """Show the form of an organisation, empty without a name."""
        who, entry = administrator(self.pages, request), self._entry(request, self._book().organisations())
        if entry and not who.may_see(entry.name):
            raise NotFound(f"there is no {entry.name}")
        filled = filled_from(_ORGANISATION_KEYS, entry.keys) if entry else dict(_NEW_ORGANISATION)
        return self._organisation(who, filled, entry)

    def keep_organisation(self, request: Request, filled: FilledForm) -> Response:
        """Make or change an organisation."""
        who, entry = self._changer(request, filled), self._entry(request, self._book().organisations())
        keys = keys_of(_ORGANISATION_KEYS, filled) | ({"slug": entry.name} if entry else {})

        def keep(session: Session, deed: Deed) -> None:
            """Keep the organisation."""
            self._book().keep_organisation(session, deed, keys, is_new=entry is None)

        try:
            details = {"organisation": keys.get("slug", ""), "deed": "changed" if entry else "made"}
            self._keep(who, keep, details, one(filled, "seen"))
        except NotAllowed as error:
            return self._organisation(who, filled, entry, str(error))
        return to("/admin/organisations?told=kept")

    def ask_mailbox(self, request: Request) -> Response:
        """Show the form of a mailbox, empty without a name."""
        who, entry = administrator(self.pages, request), self._entry(request, self._book().mailboxes())
        if entry and not who.may_see(entry.organisation):
            raise NotFound(f"there is no {entry.name}")
        return self._mailbox(who, _filled_mailbox(entry), entry)

    def keep_mailbox(self, request: Request, filled: FilledForm) -> Response:
        """Make or change a mailbox, or only try it."""
        who, entry, book = self._changer(request, filled), self._entry(request, self._book().mailboxes()), self._book()
        draft = self._draft(filled, entry)
        try:
            if one(filled, "try"):
                with self.pages.parts.database.reading() as session:
                    found = book.try_mailbox(session, draft)
                return self._mailbox(who, filled, entry, found=tuple(found), draft=draft)
            details = {"mailbox": draft.keys.get("name", ""), "deed": "changed" if entry else "made"}
            self._keep(
                *(who, lambda session, deed: book.keep_mailbox(session, deed, draft, is_new=entry is None)),
                *(details, one(filled, "seen")),
            )
        except NotAllowed as error:
            return self._mailbox(who, filled, entry, problem=str(error), draft=draft)
        return to("/admin/mailboxes?told=kept")

    def switch(self, request: Request, filled: FilledForm) -> Response:
        """Switch a mailbox on or off, or remove one that no mail came from."""
        who, book = self._changer(request, filled), self._book()
        name, deed_name = one(filled, "name"), one(filled, "deed")

        def change(session: Session, deed: Deed) -> None:
            """Remove the mailbox, or switch it."""
            if deed_name == "remove":
                book.remove_mailbox(session, deed, name)
            else:
                book.switch_mailbox(session, deed, name, is_read=deed_name == "on")

        if deed_name not in ("on", "off", "remove"):
            raise NotFound("there is no such deed")
        try:
            self._keep(who, change, {"mailbox": name, "deed": deed_name})
        except NotFound:  # somebody else removed it meanwhile
            return to("/admin/mailboxes?told=gone")
        except NotAllowed as error:
            entry = next((entry for entry in book.mailboxes() if entry.name == name), None)
            return self._mailbox(who, _filled_mailbox(entry), entry, problem=str(error))
        return to(f"/admin/mailboxes?told={deed_name}")

    def _book(self) -> OfficeBook:
        if self.pages.parts.offices is None:
            raise NotFound("the organisations and mailboxes of this desk are fixed")
        return self.pages.parts.offices

    def _changer(self, request: Request, filled: Filled) -> Visitor:
        who = administrator(self.pages, request, filled)
        whole_desk(who)
        return who

    def _entry(self, request: Request, entries: Any) -> Entry | None:
        """Return what an address names, None for a new one; raises NotFound."""
        name = request.query_params.get("name", "")
        found = next((entry for entry in entries if entry.name == name), None)
        if name and found is None:
            raise NotFound(f"there is no {clean(name)[:80]}")
        return found

    def _keep(
        self, who: Visitor, change: Callable[[Session, Deed], None], details: Mapping[str, object], seen: str = ""
    ) -> None:
        """Change something, put it on record, and let this process take it over at once."""
        parts = self.pages.parts
        with parts.database.transaction() as session:
            parts.audit.hold(session)
            change(session, Deed(who.name, parts.now(), seen))
            record(self.pages, session, who, Action.OFFICE_CHANGED, details)
        self._book().refresh()

    def _draft(self, filled: Filled, entry: Entry | None) -> Draft:
        keys = keys_of(_MAILBOX_KEYS, filled) | {"organisation": one(filled, "organisation")}
        if entry:
            keys |= {"name": entry.name, "organisation": entry.organisation}
        if not (keys.get("smtp") or {}).get("host"):
            keys.pop("smtp", None)
        imap, smtp = (self._password(filled, part) for part in ("imap", "smtp"))
        return Draft(keys, imap, smtp, one(filled, "ca_pem"))

    def _password(self, filled: Filled, part: str) -> str:
        """Return the password that was typed, else the one that an earlier try of this form carries sealed."""
        (typed,), sealed = unstripped(filled, f"{part}_password"), one(filled, f"{part}_sealed")
        if typed or not sealed:
            return typed
        try:
            return self.pages.parts.vault.open_secret(base64.b64decode(sealed, validate=True)).decode()
        except (PermanentFailure, binascii.Error, ValueError) as error:
            raise NotAllowed("this form is too old: load the page again") from error

    def _sealed(self, password: str) -> str:
        return base64.b64encode(self.pages.parts.vault.seal_secret(password.encode())).decode() if password else ""

    def _organisation(self, who: Visitor, filled: Filled, entry: Entry | None, problem: str = "") -> Response:
        return self.pages.page(
            "admin/organisation.html",
            who,
            409 if problem else 200,
            problem=problem,
            entry=entry,
            filled=filled,
            name_key=SLUG,
            keys=ORGANISATION,
            more=ORGANISATION_MORE,
            may_change=not who.organisation and (entry is None or entry.is_made),
        )

    def _mailbox(
        self,
        who: Visitor,
        filled: Filled,
        entry: Entry | None,
        *,
        problem: str = "",
        found: tuple[Tried, ...] = (),
        draft: Draft | None = None,
    ) -> Response:
        return self.pages.page(
            "admin/mailbox.html",
            who,
            409 if problem else 200,
            problem=problem,
            entry=entry,
            filled=filled,
            found=found,
            imap_sealed=self._sealed(draft.imap_password) if draft else "",
            smtp_sealed=self._sealed(draft.smtp_password) if draft else "",
            name_key=NAME,
            keys=MAILBOX,
            imap=IMAP,
            smtp=SMTP,
            slugs=[one.name for one in self._book().organisations()],
            may_change=not who.organisation and (entry is None or entry.is_made),
        )


def _filled_mailbox(entry: Entry | None) -> dict[str, list[str]]:
    """Return what stands in the form of a mailbox before anybody changes it."""
    if entry is None:
        return dict(_NEW_MAILBOX)
    own = {"organisation": [entry.organisation], "ca_pem": [entry.ca_pem]}
    return filled_from(_MAILBOX_KEYS, entry.keys) | own
