"""Every page in a real browser: for everybody, on every screen, without scripts, and whatever a mail brings along."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import Browser
from chromium import PHONE, WIDE, Chromium, Window, act
from front_door import Open, open_desk
from playwright.sync_api import Page
from populated import NOTHING, Populated, choose_many, make_hook, populate, share_figures
from walk import Filling, pages_for

from models.case import CaseState
from models.staff import Role
from models.verdict import Kind, Label
from web.desk.queue_columns import COLUMNS

pytestmark = pytest.mark.slow

AXE = Axe()
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
UNNAMED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
  .filter(one => !one.labels.length && !one.ariaLabel && !one.getAttribute('aria-labelledby')).map(one => one.outerHTML)"""
LARGEST_FORM = "() => Math.max(0, ...[...document.forms].map(one => one.elements.length))"
SHIFTED = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => sum += one.value))
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(sum), 100));
})"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.outerHTML.slice(0, 120))"""
REACHABLE = """() => {
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, iframe')]
    .filter(one => !one.disabled && one.checkVisibility({visibilityProperty: true}));
  all.forEach((one, number) => one.dataset.number = number);
  return all.length;
}"""
FOCUSED = "() => Number(document.activeElement?.dataset.number ?? -1)"


@contextmanager
def opened(sqlite_file: Path, folder: Path) -> Iterator[Open]:
    """A desk for a whole module; which database it has changes no page."""
    shutil.copy(sqlite_file, folder / "desk.db")
    with open_desk(folder / "desk.db") as desk:
        desk.hire("gwen", Role.ADMINISTRATOR)
        yield desk


@pytest.fixture(scope="module")
def bare(sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    with opened(sqlite_file, tmp_path_factory.mktemp("bare")) as desk:
        yield desk


@pytest.fixture(scope="module")
def full(sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Open, Populated]]:
    with opened(sqlite_file, tmp_path_factory.mktemp("full")) as desk:
        found, sitting = populate(desk.story), desk.sits("gwen")
        choose_many(sitting, found.cases)
        make_hook(sitting)
        found.shared = share_figures(sitting)
        sitting.post("/columns", csrf=sitting.get("/").hidden("csrf"), query="", column=list(COLUMNS))
        yield desk, found


Full = tuple[Open, Populated]


def every_page(chromium: Chromium, sitting: Browser, filling: Filling, **how: object) -> Iterator[tuple[str, Window]]:
    """Every page that somebody is shown, one after the other, in one window."""
    with chromium.window(sitting, **how) as window:  # type: ignore[arg-type]
        for address in ["/cases/RD-222-222-222", *pages_for(sitting, filling)]:
            window.go(address)
            yield address, window


# -- for everybody


VIEWS = (("light", WIDE), ("dark", PHONE))


def barriers(window: Window, views: int = len(VIEWS)) -> list[str]:
    """What axe finds against WCAG 2.2 AA, in light on a desk and in dark on a phone; in so many of the two views."""
    found = []
    for colours, size in VIEWS[:views]:
        window.page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        window.page.set_viewport_size({"width": size[0], "height": size[1]})
        result = AXE.run(window.page, options=WCAG)
        if result.violations_count:
            found.append(f"{window.page.url} {colours} {size[0]}: {result.generate_report()}")
    return found


def test_no_page_of_an_empty_desk_has_a_barrier(chromium: Chromium, bare: Open) -> None:
    pages = every_page(chromium, bare.sits("gwen"), NOTHING, for_axe=True)
    assert [barrier for _, window in pages for barrier in barriers(window, 1)] == []


def test_no_page_of_a_full_desk_has_a_barrier(chromium: Chromium, full: Full) -> None:
    desk, found = full
    pages = every_page(chromium, desk.sits("gwen"), found.filling, for_axe=True)
    assert [barrier for _, window in pages for barrier in barriers(window)] == []


def test_who_is_not_logged_in_meets_no_barrier(chromium: Chromium, bare: Open) -> None:
    with chromium.window(bare.browser(), for_axe=True) as window:
        window.go("/login")
        assert barriers(window) == []


def test_every_field_has_a_name_of_its_own(chromium: Chromium, full: Full) -> None:
    desk, found = full
    for address, window in every_page(chromium, desk.sits("gwen"), found.filling):
        assert window.page.evaluate(UNNAMED) == [], address
        # A form takes 200 fields; the queue shows a dozen of its 50 rows here.
        assert window.page.evaluate(LARGEST_FORM) <= 100, address


def test_all_that_can_be_used_is_reached_by_the_tabulator_in_the_order_of_reading(
    chromium: Chromium, full: Full
) -> None:
    desk, found = full
    filling = {**found.filling, "/cases/{reference}": [f"/cases/{found.cases['rich']}"]}
    for address, window in every_page(chromium, desk.sits("gwen"), filling):
        page = window.page
        page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        count = page.evaluate(REACHABLE)
        assert count, address
        page.keyboard.press("Tab")
        assert tabbed(page, count) == list(range(count)), address


def tabbed(page: Page, count: int) -> list[int]:
    """What the tabulator reaches, by number in the order of the page, from wherever it begins."""
    reached = []
    for _ in range(2 * count + 4):  # parts of one field, as of a date, are stations, too
        number = page.evaluate(FOCUSED)
        if number >= 0 and (not reached or reached[-1] != number):
            reached.append(number)
        if len(set(reached)) == count:
            break
        page.keyboard.press("Tab")
    first = reached.index(0) if 0 in reached else 0
    return reached[first:] + reached[:first]


def test_keys_do_to_the_chosen_cases_what_the_menu_does(chromium: Chromium, full: Full) -> None:
    desk, _ = full
    with chromium.window(desk.sits("gwen")) as window:
        page = window.go("/")
        for key in ("a", "s", "3"):
            page.keyboard.press(key)  # to nothing: no case is chosen or has the focus
        for key, heading in (("3", "Set right: erasure"), ("s", "Spam"), ("9", "Set right: automated decision")):
            page.keyboard.press("j")
            page.keyboard.press("x")
            page.keyboard.press(key)
            page.get_by_role("heading", name=heading).wait_for()
            assert "1 case" in page.inner_text("main")
            page.go_back()


# -- on every screen


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_no_page_scrolls_sideways_or_jumps(chromium: Chromium, full: Full, size: tuple[int, int]) -> None:
    desk, found = full
    for address, window in every_page(chromium, desk.sits("gwen"), found.filling, size=size):
        assert window.page.evaluate(SHIFTED) == 0, address
        window.page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        assert window.page.evaluate(TOO_WIDE) == [], address


# -- whatever a mail brings along


def test_nothing_runs_nothing_is_loaded_from_elsewhere_and_the_browser_objects_to_nothing(
    chromium: Chromium, full: Full
) -> None:
    desk, found = full
    for address, window in every_page(chromium, desk.sits("gwen"), found.filling):
        window.page.wait_for_load_state("networkidle")
        assert window.elsewhere == [], address
        assert window.complaints == [], address
        assert "harmed" not in window.page.title(), address


def test_a_mail_that_means_harm_is_text_and_covers_nothing(chromium: Chromium, full: Full) -> None:
    desk, found = full
    case, mail = f"/cases/{found.cases['hostile']}", f"/mail/{found.hostile_mail}"
    for address in (
        case,
        f"{case}?mail=m{found.hostile_mail}&face=html",
        mail,
        f"{mail}?face=html",
        f"/mail/{found.quarantined}",
    ):
        with chromium.window(desk.sits("ana"), size=PHONE) as window:
            page = window.go(address)
            page.wait_for_load_state("networkidle")
            texts = [frame.inner_text("body") for frame in page.frames]
            assert any("Please erase all you hold about me." in text for text in texts), address
            assert page.get_by_role("link", name="Queue").first.is_visible()
            for link in page.locator("main a").all():
                assert (link.get_attribute("href") or "").startswith(("/", "#", "?")), address
            page.get_by_role("link", name="Queue").first.click()
            page.wait_for_url(f"{desk.server.url}/")
            assert (window.elsewhere, window.complaints) == ([], [])


def test_the_face_of_a_mail_runs_and_loads_nothing_even_by_itself(chromium: Chromium, full: Full) -> None:
    desk, found = full
    with chromium.window(desk.sits("ana")) as window:
        page = window.go(f"/mail/{found.hostile_mail}/html")
        page.wait_for_load_state("networkidle")
        assert "Please erase all you hold about me." in page.inner_text("body")
        assert (window.elsewhere, page.title()) == ([], page.title().replace("harmed", ""))


def test_what_a_mail_smuggled_in_would_not_run_either(chromium: Chromium, full: Full) -> None:
    """Behind the escaping stands the content policy: a script in the page is refused by the browser itself."""
    desk, _ = full
    with chromium.window(desk.sits("ana")) as window:
        page = window.go("/")
        page.evaluate("""() => { const one = document.createElement('script'); one.textContent = "document.title='harmed'";
          document.body.append(one); document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="document.title=1">'); }""")
        page.wait_for_timeout(200)
        assert page.title() == "Queue – rightsdesk"
        assert any("Content Security Policy" in complaint for complaint in window.complaints)


# -- without scripts


def test_the_main_acts_need_no_script(chromium: Chromium, bare: Open) -> None:
    story = bare.story
    case = story.receives(Label.ACCESS, text="Please send me what you have.")
    story.post()
    with chromium.window(bare.browser(), with_scripts=False) as window:
        page = window.go(f"/cases/{case}")
        page.get_by_label("Name").fill("ana")
        page.get_by_label("Password").fill(bare.password("ana"))
        page.get_by_role("button", name="Log in").click()
        assert page.get_by_role("heading", level=1).inner_text().startswith(case)

        page.get_by_role("link", name="Queue").first.click()
        page.get_by_label("Search").fill("brightmail")
        page.get_by_role("button", name="Filter").click()
        page.get_by_role("link", name=case).click()

        act(page, "Who works on it", Name="ana")
        assert story.case(case).assigned_to == "ana"
        act(page, "Ask the person", "Ask", For_what="identity", Reason="unknown address", code="tick")
        story.post()
        assert story.due(case, Kind.ACCESS) is None
        page.reload()
        act(page, "What we asked for has come in", On=f"{story.now:%Y-%m-%d}")
        act(page, "Identity", Who_it_is="confirmed", Level="2", How_it_was="code", Reason="it came back")
        act(page, "Extend to three months", Reason="many systems", Your_words="We need to search many systems.")
        story.post()
        page.reload()
        act(page, "Decide on an item", Item="access", Result="no_data")
        act(page, "Send the answer", Letter="no_data")
        story.post()
        page.reload()
        act(page, "Close the case")
        assert story.case(case).status is CaseState.CLOSED
