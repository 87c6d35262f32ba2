"""Takes the pictures of docs/screens: every page of the desk, with nothing in it, with forty cases and with five thousand,
on a desk and on a phone, in light and in dark. All people in them are invented.

Usage: .venv/bin/python tests/screenshots.py [FOLDER]
"""

import base64
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from chromium import PHONE, WIDE, Chromium, Window
from crowd import add_rows, let_write, name_everybody
from front_door import Open, open_desk
from populated import NOTHING, Populated, choose_many, make_hook, populate, share_figures
from walk import pages_for

from models.staff import Role

FOLDER = Path(__file__).parents[1] / "docs" / "screens"
SIZES = {"desk": WIDE, "phone": PHONE}
TALLEST = 1600
LONG = ("/", "/dashboard", "/mail", "/letters", "/reports/annual", "/admin/audit")
"""The pages that look otherwise with thousands of cases."""
SHOWN = ("late", "waiting", "review")
"""Of the cases, those whose own pages are taken."""
MOST_BYTES = 6_500_000
VIEWS = {
    0: [("desk", "light"), ("phone", "dark")],
    40: [("desk", "light"), ("desk", "dark"), ("phone", "light")],
    5000: [("desk", "light"), ("phone", "light")],
}


def filled_desk(desk: Open, count: int) -> Populated:
    """Put so many cases into a desk; return those that are shown one by one."""
    story, chance = desk.story, Random(7)
    if not count:
        return Populated()
    found = populate(story)
    found.cases = {name: found.cases[name] for name in SHOWN}
    story.at("2026-05-08")
    let_write(story, 31, chance)
    story.at("2026-05-20")
    with story.database.transaction() as session:
        add_rows(session, count - 40, story, chance)
        name_everybody(session, chance)
    return found


def pictures(chromium: Chromium, folder: Path, count: int) -> Iterator[tuple[str, str]]:
    """Take the pictures of a desk with so many cases; yield the title and the file of each."""
    with tempfile.TemporaryDirectory() as place, open_desk(Path(place) / "desk.db") as desk:
        found = filled_desk(desk, count)
        desk.hire("gwen", Role.ADMINISTRATOR)
        sitting = desk.sits("gwen")
        if count == 40:
            choose_many(sitting, found.cases)
            make_hook(sitting)
            found.shared = share_figures(sitting)
        filling = found.filling if count == 40 else NOTHING
        addresses = ["/login", *(one for one in pages_for(sitting, filling) if one != "/login")]
        if count > 40:
            addresses = [one for one in addresses if one in LONG]
        for screen, colours in VIEWS[count]:
            for number, address in enumerate(addresses):
                visitor = desk.browser() if address == "/login" else sitting
                with chromium.window(visitor, SIZES[screen], colours=colours) as window:
                    window.go(address)
                    name = f"{count:04}-{number:02}-{_slug(address)}-{screen}-{colours}.webp"
                    (folder / name).write_bytes(_taken(window))
                    yield f"{window.page.title().partition(' – ')[0]}, {count} cases, {screen}, {colours}", name


def _slug(address: str) -> str:
    plain = re.sub(r"(?<=shared/)[\w-]+", "figures", re.sub(r"RD-[\w-]+", "case", address))
    return re.sub(r"\W+", "-", plain).strip("-") or "queue"


def _taken(window: Window) -> bytes:
    page = window.page
    width = page.viewport_size["width"] if page.viewport_size else 0
    height = min(int(page.evaluate("() => document.documentElement.scrollHeight")), TALLEST)
    line = page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    asked = {"format": "webp", "quality": 40, "captureBeyondViewport": True, "clip": clip}
    return base64.b64decode(line.send("Page.captureScreenshot", asked)["data"])


def main() -> None:
    """Take all pictures anew, and write their index."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.webp"):
        old.unlink()
    with Chromium() as chromium:
        taken = [one for count in VIEWS for one in pictures(chromium, folder, count)]
    lines = [f"## {title}\n\n![{title}]({name})\n" for title, name in taken]
    intro = "# The desk in pictures\n\nTaken by `make screens`; all people in them are invented.\n"
    (folder / "README.md").write_text("\n".join([intro, *lines]), encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.glob("*.webp"))
    print(f"{len(taken)} pictures, {size / 1e6:.1f} MB, in {folder}")
    assert size < MOST_BYTES, "too much for a repository: take fewer, or of less quality"


if __name__ == "__main__":
    main()
