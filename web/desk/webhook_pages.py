"""All web hooks, those of the file and those made on the desk: how each does, sending again, and sending a test."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session, col, select

from models.audit import Action
from models.errors import NotFound
from models.staff import Role
from models.webhook import HookEvent, HookState, Webhook, WebhookState
from responders.hook_events import last_entry
from responders.hooks import GIVE_UP, send_again, send_test
from web.desk.accounts import Visitor
from web.desk.admin.entry import record
from web.desk.pages import FilledForm, Pages, to


@dataclass(frozen=True, slots=True)
class ShownHook:
    """A hook for the page: where it leads without the path, which may hold a secret."""

    hook: Webhook
    host: str
    events: tuple[HookEvent, ...]
    """Empty where it gets all."""
    state: WebhookState | None
    is_behind: bool


@dataclass(frozen=True, slots=True)
class WebhookPages:
    """The page of web hooks."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/webhooks", self.show, response_class=HTMLResponse)
        app.add_api_route("/webhooks/{name}/again", self.again, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/webhooks/{name}/test", self.test, methods=["POST"], response_class=HTMLResponse)

    def show(self, request: Request) -> Response:
        """Show how each hook does."""
        return self._shown(self.pages.visitor_as(request, Role.ADMINISTRATOR))

    def again(self, request: Request, name: str, filled: FilledForm) -> Response:
        """Have a hook asked again at once."""
        who, parts = self.pages.visitor_as(request, Role.ADMINISTRATOR), self.pages.parts
        self.pages.check_form(request, who, filled)
        hook = self._hook(who, name)
        with parts.database.transaction() as session:
            send_again(session, hook.name, parts.now())
            details = {"web_hook": hook.name, "deed": "sent to again"}
            record(self.pages, session, who, Action.WEBHOOK_CHANGED, details)
        return to("/webhooks")

    def test(self, request: Request, name: str, filled: FilledForm) -> Response:
        """Send a test and tell how it went."""
        who = self.pages.visitor_as(request, Role.ADMINISTRATOR)
        self.pages.check_form(request, who, filled)
        hook = self._hook(who, name)
        problem = send_test(hook, self.pages.parts.now())
        if problem:
            return self._shown(who, problem=f"The test did not reach {hook.name}: it {problem}.")
        return self._shown(who, told=f"{hook.name} took the test.")

    def _hook(self, who: Visitor, name: str) -> Webhook:
        found = next((hook for hook in self._hooks(who) if hook.name == name), None)
        if found is None:
            raise NotFound(f"there is no web hook {name}")
        return found

    def _hooks(self, who: Visitor) -> list[Webhook]:
        """Return the hooks whose events are all the visitor's to see."""
        return [hook for hook in self.pages.parts.webhooks if who.organisation in ("", hook.organisation)]

    def _shown(self, who: Visitor, *, told: str = "", problem: str = "") -> Response:
        book = None if who.organisation else self.pages.parts.hooks
        with self.pages.parts.database.reading() as session:
            hooks = [_shown_hook(session, hook) for hook in self._hooks(who)]
            removed = select(WebhookState).where(col(WebhookState.state) == HookState.REMOVED)
            return self.pages.page(
                "webhooks.html",
                who,
                hooks=hooks,
                removed=session.exec(removed.order_by(col(WebhookState.removed_at).desc())).all() if book else (),
                may_make=book is not None,
                problems=book.problems() if book else (),
                told=told,
                problem=problem,
                days=GIVE_UP.days,
            )


def _shown_hook(session: Session, hook: Webhook) -> ShownHook:
    state = session.get(WebhookState, hook.name)
    events = () if hook.events == frozenset(HookEvent) else tuple(sorted(hook.events))
    is_behind = state is not None and state.seq < last_entry(session)
    return ShownHook(hook, urlsplit(hook.url).netloc, events, state, is_behind)
