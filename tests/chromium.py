"""A real browser: the system's Chromium, which reaches one server and nothing else."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType

from browser import Browser
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Route, sync_playwright

WIDE, PHONE = (1280, 900), (390, 844)
_QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


@dataclass
class Window:
    """One window with a session of its own, and what happened in it."""

    url: str
    page: Page
    asked: list[str] = field(default_factory=list)
    """Every address that a page wanted, whether or not it was reached."""
    complaints: list[str] = field(default_factory=list)
    """What the browser had to object to: errors of scripts, breaches of the content policy, dialogs."""

    @property
    def elsewhere(self) -> list[str]:
        """What was wanted of any other server; none of it was let out."""
        return [address for address in self.asked if not address.startswith(self.url)]

    def go(self, path: str) -> Page:
        """Open a page of the server."""
        self.page.goto(self.url + path)
        return self.page


class Chromium:
    """The browser. To be closed before others run an event loop in this thread."""

    def __enter__(self) -> "Chromium":
        program = shutil.which("chromium") or shutil.which("google-chrome")
        assert program, "Chromium is not installed: `make test` installs it"
        self._playwright = sync_playwright().start()
        try:
            self._browser = self._playwright.chromium.launch(executable_path=program, args=_QUIET)
        except BaseException:
            self._playwright.stop()
            raise
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._browser.close()
        self._playwright.stop()

    @contextmanager
    def window(
        self,
        sitting: Browser,
        size: tuple[int, int] = WIDE,
        *,
        colours: str = "light",
        with_scripts: bool = True,
        for_axe: bool = False,
    ) -> Iterator[Window]:
        """A window on a server, with the log-in of somebody who sits there."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=colours,  # type: ignore[arg-type]
            java_script_enabled=with_scripts,
            bypass_csp=for_axe,
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        window = Window(sitting.url, context.new_page())
        _watch(context, window)
        context.add_cookies(
            [{"name": name, "value": value, "url": sitting.url} for name, value in sitting.cookies.items() if value]
        )
        try:
            yield window
        finally:
            context.close()


def _watch(context: BrowserContext, window: Window) -> None:
    def decide(route: Route) -> None:
        route.continue_() if route.request.url.startswith(window.url) else route.abort()

    def note(request: Request) -> None:
        window.asked.append(request.url)

    def object_to(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:  # a page may well be told "not found"
            window.complaints.append(message.text)

    context.route("**/*", decide)
    context.on("request", note)
    context.on("console", object_to)
    context.on("weberror", lambda error: window.complaints.append(str(error.error)))
    context.on("dialog", lambda dialog: (window.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))


def act(page: Page, title: str, button: str = "", **fields: str) -> None:
    """Open a form of a case, fill it in by the beginnings of its labels ("tick" ticks), and send it."""
    heading = page.locator("summary").filter(has_text=re.compile(rf"^\s*{re.escape(title)}\s*$"))
    heading.click()
    form = heading.locator("xpath=..").locator("form")
    for name, value in fields.items():
        field = form.get_by_label(re.compile(rf"^\s*{name.replace('_', ' ')}\b")).first
        if value == "tick":
            field.check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():
        (form.get_by_role("button", name=button, exact=True) if button else form.locator("button")).first.click()
    told = page.locator("[role=status], [role=alert]").all_inner_texts()
    assert told == [f"Done: {title.lower()}."], told
