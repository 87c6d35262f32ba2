"""Links to the figures for people without an account, on both databases: who makes them, what they show, when they end."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from browser import Browser, Page
from front_door import START, Open
from mailboxes import mailbox, organisation
from populated import populate
from sqlmodel import select
from story import Story

from models.audit import Action
from models.sharing import FigureLink
from models.staff import Role
from models.verdict import Label
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault
from web.desk.figure_links import forget_links
from web.desk.members import change_member

Address = tuple[str, str]


@pytest.fixture
def desk(database: Database, vault: Vault, audit: Audit) -> Iterator[Open]:
    """A desk of two organisations; cleo sees the second one alone, all others both."""
    presence = Presence(database)
    story = Story(database, vault, audit, presence, mailbox(organisation=organisation(languages=("en",))), START)
    other = mailbox("hola", organisation=organisation("elsewhere", name="Elsewhere SL", timezone="Pacific/Auckland"))
    story.desk = replace(story.desk, mailboxes=(story.mailbox, other))
    opened = Open(story)
    yield opened
    opened.server.stop()
    presence.leave()


def made(sitting: Browser, query: str = "", **changes: object) -> Page:
    csrf = sitting.get("/").hidden("csrf")
    wish: dict[str, object] = {"csrf": csrf, "name": "Council", "shows": "moving", "expires": "2026-03-16"}
    return sitting.post(f"/dashboard/links?{query}", **(wish | changes))


def link_in(page: Page) -> str:
    found = re.search(r'value="http://[^/]+(/shared/[^"]+)"', page.text)
    assert found, page.words
    return found[1]


def revoked(sitting: Browser, number: int = 1) -> Page:
    return sitting.post(f"/dashboard/links/{number}/revoke", csrf=sitting.get("/").hidden("csrf"))


def test_a_link_shows_figures_without_an_account_and_leaves_nothing_behind(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    address, guest = link_in(made(desk.sits("ben"))), desk.browser()
    page = guest.get(address)
    assert page.status == 200
    assert "open 1" in page.words
    assert "until the end of 2026-03-16" in page.words
    assert "March 2026, beside February 2026" in page.words
    assert "Cases that are neither answered nor closed." in page.words
    assert guest.cookies == {}
    assert {name: page.headers[name] for name in ("Referrer-Policy", "X-Robots-Tag", "Cache-Control")} == {
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "Cache-Control": "no-store",
    }
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    charts = re.findall(r'src="(/shared/[^"]+)"', page.text)
    assert len(charts) == 4
    for chart in charts:
        answer = guest.get(chart.rstrip("?"))
        assert (answer.status, answer.headers.get_content_type()) == (200, "image/svg+xml")
    assert guest.get(f"{address}/chart/owners.svg").status == 404


def test_the_page_names_no_case_no_person_and_leads_nowhere(desk: Open) -> None:
    found = populate(desk.story)
    page = desk.browser().get(link_in(made(desk.sits("ben"), expires="2026-06-01")))
    assert page.status == 200
    assert "capacity" in page.words or "late recognition" in page.words
    names = ("ana", "ben", "rich", "mallory", "wanda", "postbag", "Rang twice", *found.cases.values())
    assert [name for name in names if re.search(rf"\b{re.escape(name)}\b", page.words)] == []
    assert set(re.findall(r'href="([^"]*)"', page.text)) == {"#main", "/static/icon.svg", "/static/desk.css"}
    assert "<form" not in page.text
    assert "<script" not in page.text


def test_a_link_covers_what_its_maker_had_chosen_and_no_more(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    ben = desk.sits("ben")
    both = desk.browser().get(link_in(made(ben)))
    one = desk.browser().get(link_in(made(ben, "of=elsewhere&period=quarter&on=2025-11-05", shows="fixed")))
    assert "<h3>By organisation" in both.text
    assert "<h3>By organisation" not in one.text
    assert "Elsewhere SL" in one.text
    assert "4. quarter of 2025" in one.text
    assert "until the end of 2026-03-16" in one.words, "by the clocks of Auckland"
    assert ben.get("/dashboard/links").text.count("2026-03-16</td>") == 2
    assert "open 0" in one.words
    assert made(desk.sits("cleo"), "of=brightmail").status == 404


def test_managers_make_links_and_see_those_that_are_theirs_to_see(desk: Open) -> None:
    ben = desk.sits("ben")
    page = made(ben)
    secret = link_in(page).rpartition("/")[2]
    listed = ben.get("/dashboard/links")
    assert "Council" in listed.words
    assert "by ben" in listed.words
    assert secret not in listed.text
    with desk.story.database.reading() as session:
        row = session.exec(select(FigureLink)).one()
        assert secret not in str(row.model_dump())
    for name in ("ana", "dora"):
        sitting = desk.sits(name)
        assert sitting.get("/dashboard/links").status == 403
        assert made(sitting).status == 403
        assert revoked(sitting).status == 403
        assert "/dashboard/links" not in sitting.get("/dashboard").text
    cleo = desk.sits("cleo")
    assert "Council" not in cleo.get("/dashboard/links").words
    assert revoked(cleo).status == 404
    assert ben.post("/dashboard/links/1/revoke").status == 403
    assert desk.browser().get(f"/shared/{secret}").status == 200
    assert desk.browser().get("/dashboard/links").status == 303


def test_what_makes_no_sense_is_told_and_nothing_is_made(desk: Open) -> None:
    ben = desk.sits("ben")
    wrong: list[dict[str, object]] = [
        {"expires": "2026-06-01"},
        {"expires": "2026-03-01"},
        {"expires": "soon"},
        {"expires": "9999-12-31"},
        {"name": ""},
        {"name": "x" * 81},
        {"shows": "all"},
    ]
    assert [made(ben, **one).status for one in wrong] == [409] * len(wrong)
    page = made(ben, name="<b>Council</b>", expires="soon")
    assert 'value="&lt;b&gt;Council&lt;/b&gt;"' in page.text
    with desk.story.database.reading() as session:
        assert session.exec(select(FigureLink)).all() == []


def test_over_revoked_and_unknown_links_get_one_and_the_same_answer(desk: Open) -> None:
    ben, guest = desk.sits("ben"), desk.browser()
    short, long = link_in(made(ben, expires="2026-03-02")), link_in(made(ben, expires="2026-05-31"))
    assert guest.get(short).status == 200
    assert revoked(ben, 2).status == 303
    assert "revoked" in ben.get("/dashboard/links").words
    desk.story.at("2026-03-03")
    answers = [
        guest.get(one)
        for one in (short, long, "/shared/x", "/shared/%00", f"/shared/{chr(37)}F0", f"/shared/{'x' * 999}")
    ]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert guest.get(f"{long}/chart/ages.svg").text == answers[0].text
    assert [entry.actor for entry in desk.record(Action.SHARING_ENDED)] == ["ben"]


@pytest.mark.parametrize("change", ["off", "agent", "elsewhere"])
def test_a_link_ends_for_good_when_its_maker_may_not_share_it_any_more(desk: Open, change: str) -> None:
    address, guest = link_in(made(desk.sits("ben"))), desk.browser()

    def turned(role: Role, of: str, *, is_active: bool = True) -> None:
        with desk.story.database.transaction() as session:
            change_member(session, "ben", role, is_active=is_active, organisation=of)

    assert guest.get(address).status == 200
    turned(
        Role.AGENT if change == "agent" else Role.MANAGER,
        "elsewhere" if change == "elsewhere" else "",
        is_active=change != "off",
    )
    assert guest.get(address).status == 404
    turned(Role.MANAGER, "")
    assert guest.get(address).status == 404
    assert "ended with its maker's rights" in desk.sits("gwen").get("/dashboard/links").words


def test_openings_are_counted_and_the_first_of_a_day_is_on_record(desk: Open) -> None:
    ben, guest = desk.sits("ben"), desk.browser()
    address = link_in(made(ben))
    for _ in range(3):
        guest.get(address)
    desk.story.at("2026-03-03")
    guest.get(address)
    assert "4 times" in desk.sits("ben").get("/dashboard/links").words
    assert [(entry.actor, entry.details) for entry in desk.record(Action.FIGURES_OPENED)] == [
        ("guest", '{"link":1}')
    ] * 2
    assert [entry.actor for entry in desk.record(Action.FIGURES_SHARED)] == ["ben"]


def test_who_guesses_has_to_wait_and_others_need_not(desk: Open) -> None:
    address = link_in(made(desk.sits("ben")))
    guesser = desk.browser(X_Forwarded_For="203.0.113.9")
    statuses = [guesser.get(f"/shared/guess{number}").status for number in range(61)]
    assert (statuses[0], statuses[59], statuses[60]) == (404, 404, 429)
    assert guesser.get(address).status == 429
    assert desk.browser(X_Forwarded_For="203.0.113.10").get(address).status == 200


def test_links_are_forgotten_long_after_their_last_day(desk: Open) -> None:
    made(desk.sits("ben"))

    def left(days: int) -> int:
        with desk.story.database.transaction() as session:
            forget_links(session, START + timedelta(days=days))
            return len(session.exec(select(FigureLink)).all())

    assert (left(100), left(110)) == (1, 0)
