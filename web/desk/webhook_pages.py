"""The web hooks of the configuration: how each does, sending again, and sending a test."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from models.errors import NotFound
from models.staff import Role
from models.webhook import HookEvent, Webhook, WebhookState
from responders.hook_events import last_entry
from responders.hooks import GIVE_UP, send_again, send_test
from web.desk.accounts import Visitor
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
        with self.pages.parts.database.reading() as session:
            hooks = [_shown_hook(session, hook) for hook in self._hooks(who)]
            days = GIVE_UP.days
            return self.pages.page("webhooks.html", who, hooks=hooks, told=told, problem=problem, days=days)


def _shown_hook(session: Session, hook: Webhook) -> ShownHook:
    state = session.get(WebhookState, hook.name)
    events = () if hook.events == frozenset(HookEvent) else tuple(sorted(hook.events))
    is_behind = state is not None and state.seq < last_entry(session)
    return ShownHook(hook, urlsplit(hook.url).netloc, events, state, is_behind)
