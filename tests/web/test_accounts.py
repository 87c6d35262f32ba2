"""Accounts on the desk: one's own, and those of others, over a real socket and on both databases."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import urlencode

import pyotp
import pytest
from browser import Browser, Page
from conftest import on_postgresql
from front_door import START, Open
from mailboxes import mailbox, organisation
from sqlmodel import col, select
from story import Story

from models.accounts import WrongTries
from models.audit import Action, AuditEntry
from models.staff import LoginRules
from models.verdict import Label
from service.jobs import Service
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault
from web.throttle import Throttle

pytestmark = on_postgresql
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OWN = "three green kettles sing"


def opened(database: Database, vault: Vault, audit: Audit, rules: LoginRules) -> Iterator[Open]:
    presence = Presence(database)
    box = mailbox(organisation=organisation(languages=("en",)))
    desk = Open(Story(database, vault, audit, presence, box, START), rules)
    yield desk
    desk.server.stop()
    presence.leave()


@pytest.fixture
def desk(database: Database, vault: Vault, audit: Audit) -> Iterator[Open]:
    yield from opened(database, vault, audit, LoginRules())


@pytest.fixture
def strict_desk(database: Database, vault: Vault, audit: Audit) -> Iterator[Open]:
    yield from opened(database, vault, audit, LoginRules(requires_codes=True))


def recorded(desk: Open, action: Action) -> list[tuple[str, str]]:
    with desk.story.database.reading() as session:
        rows = session.exec(select(AuditEntry).where(col(AuditEntry.action) == action).order_by(col(AuditEntry.seq)))
        return [(row.actor, row.details) for row in rows]


def send(browser: Browser, page: str, path: str, **values: object) -> Page:
    """Send a form with the secret that stands on a page."""
    return browser.post(path, **({"csrf": browser.get(page).hidden("csrf")} | values))


def secret_on(page: Page) -> pyotp.TOTP:
    found = re.search(r'<code class="secret">(\w+)</code>', page.text)
    assert found, page.words
    return pyotp.TOTP(found[1])


# -- passwords


def test_a_password_counts_exactly_as_it_was_typed(desk: Open) -> None:
    long = "  Seventeen Grey Herons  wade at dusk, and nobody counts them but the miller's boy  "
    ana, old = desk.sits("ana"), desk.password("ana")
    assert send(ana, "/password", "/password", old=old, new=long, again=long).status == 303
    for nearly in (long.strip(), long.lower(), long[:64]):
        assert desk.browser().log_in("ana", nearly).status == 401
    assert desk.browser().log_in("ana", long).status == 303


def test_who_was_given_a_password_can_do_nothing_before_they_choose_one(strict_desk: Open) -> None:
    desk = strict_desk
    case, given = desk.story.receives(Label.ACCESS), desk.hire("nora", is_new=True)
    nora = desk.browser()
    page = nora.post("/login", name="nora", password=given.password, next=f"/cases/{case}?tab=mail")
    asked = nora.get(page.goes_to)
    assert (asked.status, asked.goes_to) == (303, f"/password?next=%2Fcases%2F{case}%3Ftab%3Dmail")
    form = nora.get(asked.goes_to)
    assert "nothing else can be done before" in form.words
    assert "Queue" not in form.words
    csrf = form.hidden("csrf")
    for path in ("/account", "/account/codes", "/mail", "/webhooks", "/admin", "/cases.csv", "/dashboard"):
        assert nora.get(path).goes_to.startswith("/password?next="), path
    for path in (f"/cases/{case}/assign", "/account/codes", "/account/sessions", "/tokens"):
        page = nora.post(path, csrf=csrf, name="nora", version="1", password=given.password)
        assert page.goes_to == "/password", path
    values = {"csrf": csrf, "old": given.password, "next": form.hidden("next")}
    assert (
        "that is the password so far"
        in nora.post("/password", **values, new=given.password, again=given.password).words
    )
    assert nora.post("/password", **(values | {"csrf": "wrong"}), new=OWN, again=OWN).status == 403
    elsewhere = nora.post("/password", **(values | {"next": "https://evil.example", "old": "x"}), new=OWN, again=OWN)
    assert (elsewhere.status, elsewhere.hidden("next")) == (409, "/")
    done = nora.post("/password", **values, new=OWN, again=OWN)
    login = nora.get(done.goes_to)
    assert "Your password is changed" in login.words
    assert login.hidden("next") == f"/cases/{case}?tab=mail"
    nora.log_in("nora", OWN)
    assert nora.get("/mail").goes_to == "/account/codes?next=%2Fmail", "the second factor comes next"


def test_who_was_given_a_password_may_log_out(desk: Open) -> None:
    given, browser = desk.hire("nora", is_new=True), desk.browser()
    browser.log_in("nora", given.password)
    csrf, cookies = browser.get("/password").hidden("csrf"), dict(browser.cookies)
    assert browser.post("/logout", csrf=csrf).goes_to == "/login"
    browser.cookies = cookies
    assert browser.get("/password").goes_to == "/login?next=%2Fpassword"


# -- logging in


def test_who_tries_many_names_from_one_address_has_to_wait(desk: Open) -> None:
    password = desk.password("ana")
    mallory = desk.browser(X_Forwarded_For="192.0.2.66")
    for number in range(30):
        assert mallory.log_in(f"name {number}", "x").status == 401
    page = mallory.log_in("ana", password)
    assert page.status == 429
    assert "Too many wrong tries from where you are" in page.words
    assert desk.browser(X_Forwarded_For="192.0.2.67").log_in("ana", password).status == 303
    desk.story.now += timedelta(minutes=16)
    assert mallory.log_in("ana", password).status == 303


def test_wrong_tries_count_for_all_processes_and_after_a_restart(desk: Open) -> None:
    right, line = desk.password("ben"), "2001:db8::1"
    desk.password("ana")
    other = Open(desk.story)
    for number in range(30):
        one = (desk, other)[number % 2]
        assert one.browser(X_Forwarded_For=f"2001:db8::{number}").log_in("ana", "wrong").status == 401
    third = Open(desk.story)
    for opened in (desk, other, third):
        assert opened.browser(X_Forwarded_For=line).log_in("ben", right).status == 429, "one line has a whole /64"
    assert third.browser(X_Forwarded_For="2001:db8:0:1::1").log_in("ben", right).status == 303
    with desk.story.database.reading() as session:
        assert [row.count for row in session.exec(select(WrongTries))] == [30], "a right try leaves nothing"
        assert not any("2001" in row.place for row in session.exec(select(WrongTries)))
    desk.story.now += timedelta(minutes=15)
    assert third.browser(X_Forwarded_For=line).log_in("ben", right).status == 303
    Service(desk.story.desk).housekeep()
    with desk.story.database.reading() as session:
        assert session.exec(select(WrongTries)).all() == []
    third.server.stop()
    other.server.stop()


def test_wrong_tries_at_the_same_moment_are_all_counted(desk: Open) -> None:
    start, throttle = Barrier(8), Throttle(desk.story.vault, "log-in")

    def tries(_number: int) -> None:
        start.wait()
        with desk.story.database.transaction() as session:
            throttle.count(session, "place", START)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tries, range(8)))
    later = START + timedelta(minutes=14)
    with desk.story.database.transaction() as session:
        assert session.get_one(WrongTries, "place").count == 8
        for _ in range(throttle.most - 8):
            assert not throttle.seconds_to_wait(session, "place", later)
            throttle.count(session, "place", later)
        session.expire_all()
        waits = [throttle.seconds_to_wait(session, "place", later + timedelta(minutes=passed)) for passed in (14, 15)]
        assert waits == [60, 0], "a quarter of an hour from the last one"
        throttle.count(session, "place", later + timedelta(minutes=15))
        session.expire_all()
        assert session.get_one(WrongTries, "place").count == 1


def test_over_tls_the_cookie_belongs_to_this_host_alone(desk: Open) -> None:
    browser = desk.browser(X_Forwarded_Proto="https")
    page = browser.log_in("ana", desk.password("ana"))
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-desk=")
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert browser.get("/").status == 200
    assert desk.browser().get("/login").headers["Strict-Transport-Security"] is None
    browser.cookies = {"desk": browser.cookies["__Host-desk"]}
    assert browser.get("/").status == 303, "over TLS no other cookie counts"


def test_each_log_in_has_a_token_of_its_own(desk: Open) -> None:
    browser, password = desk.browser(), desk.password("ana")
    browser.cookies["desk"] = "chosen-by-somebody-else"
    browser.log_in("ana", password)
    first = browser.cookies["desk"]
    browser.log_in("ana", password)
    assert len({"chosen-by-somebody-else", first, browser.cookies["desk"]}) == 3
    assert browser.get("/").status == 200
    browser.cookies["desk"] = first
    assert browser.get("/").status == 303, "the log-in before is over"


def test_a_session_ends_after_twelve_hours_however_busy(desk: Open) -> None:
    ana = desk.sits("ana")
    for _ in range(14):
        desk.story.now += timedelta(minutes=50)
        assert ana.get("/").status == 200
    desk.story.now += timedelta(minutes=50)
    assert ana.get("/").status == 303


def test_log_ins_and_wrong_tries_are_on_record(desk: Open) -> None:
    password = desk.password("ana")
    desk.browser().log_in("ana", "wrong")
    desk.browser().log_in("ana", password)
    assert [actor for actor, _ in recorded(desk, Action.LOGIN_FAILED)] == ["ana"]
    assert [actor for actor, _ in recorded(desk, Action.LOGGED_IN)] == ["ana"]
    with desk.story.database.reading() as session:
        assert desk.story.audit.verify(session).is_intact


# -- the second factor


def test_who_owes_a_second_factor_can_do_nothing_else(strict_desk: Open) -> None:
    desk = strict_desk
    case = desk.story.receives(Label.ACCESS)
    ana, password = desk.sits("ana"), desk.password("ana")
    csrf = ana.get("/account").hidden("csrf")
    for path in ("/", f"/cases/{case}", "/mail", "/admin/people"):
        page = ana.get(path)
        target = f"?{urlencode({'next': path})}" if path != "/" else ""
        assert (page.status, page.goes_to) == (303, f"/account/codes{target}")
    assert ana.post(f"/cases/{case}/assign", csrf=csrf, version="1", name="ana").goes_to == "/account/codes"
    assert "nothing else can be done before" in ana.get("/account/codes").words
    target = ana.get("/account/codes?next=/mail").hidden("next")
    shown = ana.post("/account/codes", csrf=csrf, password=password, next=target)
    assert "<svg" in shown.text
    assert " style=" not in shown.text
    assert ana.get("/").goes_to == "/account/codes", "a picture is not enough"
    code = secret_on(shown).at(desk.story.now)
    recovery = ana.post("/account/codes/confirm", csrf=csrf, code=code, next=shown.hidden("next"))
    assert recovery.text.count("<li><code>") == 8
    assert '<a href="/mail">I have kept them' in recovery.text
    assert ana.get("/").status == 200
    assert desk.browser().log_in("ana", password).status == 401
    assert desk.browser().log_in("ana", password, code).status == 401, "it confirmed the device, and counts no more"
    again = re.findall(r"<li><code>(\w+)</code>", recovery.text)
    assert desk.browser().log_in("ana", password, again[0]).status == 303


def test_another_device_ends_the_other_log_ins(desk: Open) -> None:
    here, there, password = desk.sits("ana"), desk.sits("ana"), desk.password("ana")
    wrong = send(here, "/account", "/account/codes", password=password)
    csrf, totp = here.get("/account").hidden("csrf"), secret_on(wrong)
    page = here.post("/account/codes/confirm", csrf=csrf, code="000000")
    assert page.status == 409
    assert secret_on(page).secret == totp.secret, "the same picture, so that one can go on"
    for nonsense in ("", "½½½½½½", "9" * 4000):
        assert here.post("/account/codes/confirm", csrf=csrf, code=nonsense).status == 409
    assert here.post("/account/codes/confirm", csrf=csrf, code=totp.at(desk.story.now)).status == 200
    assert (here.get("/").status, there.get("/").status) == (200, 303)
    assert here.post("/account/codes/confirm", csrf=csrf, code=totp.at(desk.story.now)).goes_to == "/account/codes"


def test_changing_a_way_to_log_in_asks_for_the_password(desk: Open) -> None:
    given = desk.hire("eve", with_codes=True)
    eve = desk.browser()
    eve.log_in("eve", given.password, given.recovery[0])
    for path, values in (
        ("/account/codes", {"password": "wrong"}),
        ("/account/recovery", {"password": ""}),
        ("/password", {"old": "wrong", "new": OWN, "again": OWN}),
    ):
        page = send(eve, "/account", path, **values)
        assert (page.status, "the password is another one" in page.words) == (409, True), path
    assert desk.member("eve").totp_pending is None
    assert send(eve, "/account", "/account/recovery", password=given.password).text.count("<li><code>") == 8
    assert desk.browser().log_in("eve", given.password, given.recovery[1]).status == 401, "the old ones are gone"
    assert ("eve", '{"what":"recovery codes"}') in recorded(desk, Action.ACCOUNT_CHANGED)


def test_who_guesses_on_at_an_open_screen_is_logged_out(desk: Open) -> None:
    ana = desk.sits("ana")
    csrf = ana.get("/account").hidden("csrf")
    for _ in range(10):
        ana.post("/account/codes", csrf=csrf, password="wrong")
    assert ana.get("/account").status == 303


def test_one_sees_and_ends_ones_own_log_ins(desk: Open) -> None:
    here, there = desk.sits("ana"), desk.sits("ana", User_Agent=FIREFOX)
    other = desk.sits("ben")
    page = here.get("/account")
    assert "Firefox on Linux" in page.words
    handle = page.hidden("handle")
    assert send(other, "/account", "/account/sessions", handle=handle).status == 303
    assert there.get("/").status == 200, "others' handles do nothing"
    for nonsense in ("%", "_" * 16):
        send(here, "/account", "/account/sessions", handle=nonsense)
    assert (here.get("/").status, there.get("/").status) == (200, 200)
    assert send(here, "/account", "/account/sessions", handle=handle).goes_to == "/account?told=sessions"
    assert (here.get("/").status, there.get("/").status) == (200, 303)
    third = desk.sits("ana")
    send(here, "/account", "/account/sessions", handle="")
    assert (here.get("/").status, third.get("/").status, other.get("/").status) == (200, 303, 200)


# -- people


def test_administration_is_for_administrators(desk: Open) -> None:
    for name in ("ana", "ben", "dora"):
        browser = desk.sits(name)
        assert "Administration" not in browser.get("/").words
        assert browser.get("/admin/people").status == 403
        page = send(browser, "/", "/admin/people", name="mallory", role="administrator", organisation="")
        assert page.status == 403
    gwen = desk.sits("gwen")
    assert gwen.post("/admin/people", csrf="wrong", name="mallory", role="administrator").status == 403
    assert "mallory" not in gwen.get("/admin/people").words


def test_an_administrator_adds_somebody_who_then_logs_in(desk: Open) -> None:
    gwen = desk.sits("gwen")
    page = send(gwen, "/admin/people", "/admin/people", name="  Óscar   Ruiz ", role="agent", organisation="example")
    found = re.search(r'<code class="secret">([^<]+)</code>', page.text)
    assert found
    oscar = desk.browser()
    assert oscar.log_in("Óscar Ruiz", found[1]).status == 303
    assert "Your password was given to you" in oscar.get("/password").words
    assert found[1] not in gwen.get("/admin/people").text, "shown once"
    assert desk.member("Óscar Ruiz").organisation == "example"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"name": "gwen"}, "there is somebody called gwen already"),
        ({"name": " "}, "a name has 1 to 80 characters"),
        ({"name": "x" * 81}, "a name has 1 to 80 characters"),
        ({"name": "a\u202eb"}, "a name has 1 to 80 characters"),
        ({"name": "nora", "role": "emperor"}, "choose a role of the list"),
        ({"name": "nora", "organisation": "nowhere"}, "choose an organisation of the list"),
    ],
)
def test_nonsense_about_people_is_told(desk: Open, values: dict[str, str], why: str) -> None:
    gwen = desk.sits("gwen")
    page = send(gwen, "/admin/people", "/admin/people", **({"role": "agent", "organisation": ""} | values))
    assert (page.status, why in page.words) == (409, True), page.words


def test_an_administrator_of_one_organisation_sees_its_people_alone(desk: Open) -> None:
    desk.password("ana")
    number = desk.member("ana").id
    cleo = desk.sits("cleo")
    assert "ana" not in cleo.get("/admin/people").words.partition("Second factor")[2].split()
    assert cleo.get(f"/admin/people/{number}").status == 404
    for deed in ("off", "on", "reset", "sessions", "unlock", "change"):
        assert send(cleo, "/", f"/admin/people/{number}/{deed}", role="agent", organisation="").status == 404
    page = send(cleo, "/", "/admin/people", name="mallory", role="administrator", organisation="")
    assert "choose an organisation of the list" in page.words
    own = send(cleo, "/", f"/admin/people/{desk.member('cleo').id}/change", role="administrator", organisation="")
    assert own.status == 409, "nobody widens what they see"
    assert desk.member("cleo").organisation == "elsewhere"


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999", "x"])
def test_people_who_are_not_there_are_not_found(desk: Open, number: str) -> None:
    assert desk.sits("gwen").get(f"/admin/people/{number}").status in (404, 422)


def test_an_administrator_logs_somebody_out_everywhere(desk: Open) -> None:
    ana, gwen = desk.sits("ana"), desk.sits("gwen")
    number = desk.member("ana").id
    assert send(gwen, "/admin/people", f"/admin/people/{number}/sessions").status == 303
    assert ana.get("/").status == 303
    assert desk.browser().log_in("ana", desk.password("ana")).status == 303


def test_who_is_locked_out_or_has_lost_all_is_helped(desk: Open) -> None:
    gwen, password = desk.sits("gwen"), desk.password("ana")
    for _ in range(5):
        desk.browser().log_in("ana", "wrong")
    person = f"/admin/people/{desk.member('ana').id}"
    page = gwen.get(person)
    assert "Locked until 2026-03-02 09:15" in page.words
    assert page.text.count("<li>2026-03-02 09:00") == 5
    assert send(gwen, person, f"{person}/unlock").status == 303
    assert desk.browser().log_in("ana", password).status == 303
    given = re.search(r'<code class="secret">([^<]+)</code>', send(gwen, person, f"{person}/reset").text)
    assert given
    assert desk.browser().log_in("ana", password).status == 401
    assert desk.browser().log_in("ana", given[1]).status == 303


def test_the_last_administrator_of_the_desk_stays(desk: Open) -> None:
    gwen = desk.sits("gwen")
    person = f"/admin/people/{desk.member('gwen').id}"
    for path, values in (
        ("off", {}),
        ("change", {"role": "agent", "organisation": ""}),
        ("change", {"role": "administrator", "organisation": "example"}),
    ):
        page = send(gwen, person, f"{person}/{path}", **values)
        assert (page.status, "nobody else is administrator" in page.words) == (409, True)
    assert gwen.get("/admin/people").status == 200


def test_what_administrators_do_is_on_record(desk: Open) -> None:
    gwen = desk.sits("gwen")
    desk.password("ana")
    person = f"/admin/people/{desk.member('ana').id}"
    send(gwen, person, f"{person}/change", role="manager", organisation="example")
    send(gwen, person, f"{person}/off")
    assert recorded(desk, Action.STAFF_CHANGED) == [
        ("gwen", '{"deed":"changed","member":"ana","organisation":"example","role":"manager"}'),
        ("gwen", '{"deed":"off","member":"ana"}'),
    ]
