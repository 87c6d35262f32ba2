"""Web hooks made on the desk: the form, pausing, another secret, removing. A secret is shown once, when it is made."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from models.audit import Action
from models.errors import NotAllowed, NotFound
from models.webhook import HookState, WebhookState
from responders.hooks import go_on, pause
from web.desk.accounts import Visitor
from web.desk.admin.entry import administrator, organisations, record, whole_desk
from web.desk.admin.office_forms import HOOK, HOOK_NAME, filled_from, keys_of
from web.desk.forms import Filled, one
from web.desk.hook_book import HookBook, HookDraft
from web.desk.office_book import Deed, Entry
from web.desk.pages import FilledForm, Pages, to

_KEYS = (HOOK_NAME, *HOOK)


@dataclass(frozen=True, slots=True)
class HookFormPages:
    """The form of a web hook, and its deeds; for administrators of the whole desk."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/webhooks/hook", self.ask, response_class=HTMLResponse)
        app.add_api_route("/webhooks/hook", self.keep, methods=["POST"], response_class=HTMLResponse)
        for path, deed in (
            ("pause", self.pause),
            ("resume", self.resume),
            ("secret", self.rotate),
            ("remove", self.remove),
        ):
            app.add_api_route(f"/webhooks/{{name}}/{path}", deed, methods=["POST"], response_class=HTMLResponse)

    def ask(self, request: Request) -> Response:
        """Show the form of a web hook, empty without a name."""
        who = self._maker(request)
        entry = self._entry(request)
        if entry is None:
            return self._shown(who, {}, None)
        filled = filled_from(_KEYS, entry.keys) | {"organisation": [entry.organisation], "ca_pem": [entry.ca_pem]}
        return self._shown(who, filled, entry)

    def keep(self, request: Request, filled: FilledForm) -> Response:
        """Make a web hook and show its secret, this once; or change one."""
        who, book = self._maker(request, filled), self._book()
        entry = self._entry(request)
        keys = keys_of(_KEYS, filled) | {"organisation": one(filled, "organisation")}
        draft = HookDraft(keys | ({"name": entry.name} if entry else {}), one(filled, "ca_pem"))
        name = str(draft.keys.get("name", ""))
        try:
            if entry is None:
                secret = self._keep(who, name, "made", lambda session, deed: book.add(session, deed, draft))
                return self._told(who, name, secret, is_new=True)
            seen = one(filled, "seen")
            self._keep(who, name, "changed", lambda session, deed: book.change(session, deed, draft), seen)
        except NotAllowed as error:
            return self._shown(who, filled, entry, str(error))
        return to("/webhooks")

    def pause(self, request: Request, name: str, filled: FilledForm) -> Response:
        """Have it wait: its events wait with it."""
        who = self._maker(request, filled, name)
        self._keep(who, name, "paused", lambda session, _: pause(session, name))
        return to("/webhooks")

    def resume(self, request: Request, name: str, filled: FilledForm) -> Response:
        """Let it go on where it stopped."""
        who = self._maker(request, filled, name)
        self._keep(who, name, "resumed", lambda session, deed: go_on(session, name, deed.at))
        return to("/webhooks")

    def rotate(self, request: Request, name: str, filled: FilledForm) -> Response:
        """Give it another secret, and show that once."""
        who, book = self._maker(request, filled, name), self._book()
        secret = self._keep(who, name, "new secret", lambda session, deed: book.rotate(session, deed, name))
        return self._told(who, name, secret, is_new=False)

    def remove(self, request: Request, name: str, filled: FilledForm) -> Response:
        """Send nothing there any more."""
        who, book = self._maker(request, filled, name), self._book()
        self._keep(who, name, "removed", lambda session, deed: book.remove(session, deed, name))
        return to("/webhooks")

    def _maker(self, request: Request, filled: Filled | None = None, name: str = "") -> Visitor:
        """Return who may change web hooks, and the one named if any was made here; raises NotAllowed or NotFound."""
        who = administrator(self.pages, request, filled)
        whole_desk(who)
        if name:
            with self.pages.parts.database.reading() as session:
                self._book().entry(session, name)
        return who

    def _book(self) -> HookBook:
        if self.pages.parts.hooks is None:
            raise NotFound("the web hooks of this desk are fixed")
        return self.pages.parts.hooks

    def _entry(self, request: Request) -> Entry | None:
        name = request.query_params.get("name", "")
        with self.pages.parts.database.reading() as session:
            return self._book().entry(session, name) if name else None

    def _keep(
        self, who: Visitor, name: str, what: str, change: Callable[[Session, Deed], object], seen: str = ""
    ) -> str:
        """Change something, put it on record, and let this process take it over; return what is to be told."""
        parts = self.pages.parts
        with parts.database.transaction() as session:
            parts.audit.hold(session)
            told = change(session, Deed(who.name, parts.now(), seen))
            untold = {"events_not_sent": told} if what == "removed" else {}
            details = {"web_hook": name, "deed": what} | untold
            record(self.pages, session, who, Action.WEBHOOK_CHANGED, details)
        self._book().refresh()
        return str(told)

    def _told(self, who: Visitor, name: str, secret: str, *, is_new: bool) -> Response:
        return self.pages.page("webhook_secret.html", who, name=name, secret=secret, is_new=is_new)

    def _shown(self, who: Visitor, filled: Filled, entry: Entry | None, problem: str = "") -> Response:
        with self.pages.parts.database.reading() as session:
            state = session.get(WebhookState, entry.name) if entry else None
            is_paused = state is not None and state.state is HookState.PAUSED
        return self.pages.page(
            "webhook.html",
            who,
            409 if problem else 200,
            problem=problem,
            entry=entry,
            is_paused=is_paused,
            filled=filled,
            name_key=HOOK_NAME,
            keys=HOOK,
            slugs=[each.slug for each in organisations(self.pages, who)],
        )
