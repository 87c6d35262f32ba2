"""Logging in by an identity provider that signs real tokens over a real socket; whatever does not hold gets nobody in."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from browser import Browser, Page
from front_door import START, Open
from identity_provider import CLIENT, SECRET, IdentityProvider
from joserfc.jwk import OctKey, RSAKey
from mailboxes import mailbox, organisation
from sqlmodel import select
from story import Story

from models.accounts import StaffMember
from models.staff import LoginRules, OidcRules, Role
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def provider(authority: trustme.CA) -> Iterator[IdentityProvider]:
    opened = IdentityProvider(authority, lambda: int(START.timestamp()))
    yield opened
    opened.stop()


@pytest.fixture
def rules(provider: IdentityProvider, authority: trustme.CA, tmp_path: Path) -> OidcRules:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return OidcRules(
        issuer=provider.issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        scopes=("openid", "profile"),
        claim="groups",
        roles={"privacy-team": Role.AGENT, "privacy-leads": Role.ADMINISTRATOR},
        organisations={},
        button="Log in with Example",
        ca_file=tmp_path / "ca.pem",
    )


def opened(database: Database, vault: Vault, audit: Audit, rules: OidcRules, **more: bool) -> Open:
    story = Story(database, vault, audit, Presence(database), mailbox(organisation=organisation()), START)
    return Open(story, LoginRules(requires_codes=True, **more), oidc=rules)


@pytest.fixture
def desk(database: Database, vault: Vault, audit: Audit, rules: OidcRules) -> Iterator[Open]:
    desk = opened(database, vault, audit, rules)
    yield desk
    desk.server.stop()
    desk.story.presence.leave()


def comes_in(desk: Open, provider: IdentityProvider, browser: Browser | None = None, path: str = "/login/oidc") -> Page:
    browser = browser or desk.browser()
    return browser.get(provider.visit(browser.get(path).goes_to))


def everybody(desk: Open) -> list[tuple[str, Role, str]]:
    with desk.story.database.reading() as session:
        return [(one.name, one.role, one.organisation) for one in session.exec(select(StaffMember))]


def test_who_comes_back_with_a_token_that_holds_is_in(desk: Open, provider: IdentityProvider) -> None:
    browser = desk.browser()
    assert "Log in with Example" in browser.get("/login?next=/mail").words
    page = comes_in(desk, provider, browser, "/login/oidc?next=%2Fmail")
    assert 'content="0; url=/mail"' in page.text
    assert browser.get("/mail").status == 200
    assert everybody(desk) == [("Petra", Role.AGENT, "")]
    assert "Password and second factor are changed there" in browser.get("/account").words
    assert desk.browser().log_in("Petra", "").status == 401
    browser.post("/logout", csrf=browser.get("/").hidden("csrf"))
    assert browser.get("/").status == 303


def test_at_each_log_in_the_provider_says_what_somebody_may(desk: Open, provider: IdentityProvider) -> None:
    first = desk.browser()
    comes_in(desk, provider, first)
    provider.person |= {"groups": ["privacy-leads", "privacy-team"], "preferred_username": "Petra Renamed"}
    comes_in(desk, provider)
    assert everybody(desk) == [("Petra", Role.ADMINISTRATOR, "")]
    assert first.get("/").status == 303, "who has another role logs in anew"


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"groups": ["strangers"]}, "none of your groups may work here"),
        ({"groups": []}, "none of your groups may work here"),
        ({"groups": None}, "none of your groups may work here"),
        ({"groups": 7}, "none of your groups may work here"),
        ({"aud": "another-desk"}, "does not hold"),
        ({"aud": ["another-desk", "third"]}, "does not hold"),
        ({"iss": "https://evil.example"}, "does not hold"),
        ({"exp": int(START.timestamp()) - 3600}, "does not hold"),
        ({"exp": None}, "does not hold"),
        ({"iat": int(START.timestamp()) + 3600}, "does not hold"),
        ({"nbf": int(START.timestamp()) + 3600}, "does not hold"),
        ({"nonce": "of another log-in"}, "does not hold"),
        ({"nonce": None}, "does not hold"),
        ({"sub": None}, "does not hold"),
    ],
)
def test_a_token_that_does_not_hold_lets_nobody_in(
    desk: Open, provider: IdentityProvider, claims: dict[str, object], why: str
) -> None:
    provider.claims = claims
    browser = desk.browser()
    page = comes_in(desk, provider, browser)
    assert (page.status, why in page.words) == (403, True), page.words
    assert browser.get("/").status == 303
    assert everybody(desk) == []


def test_a_token_signed_by_somebody_else_lets_nobody_in(desk: Open, provider: IdentityProvider) -> None:
    public = provider.key.as_pem(private=False)
    for key, algorithm in (
        (RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False), "RS256"),
        (OctKey.import_key(SECRET * 8), "HS256"),
        (OctKey.import_key(public.hex()), "HS256"),
        (OctKey.import_key(SECRET * 8), "none"),
    ):
        provider.signs_with, provider.algorithm = key, algorithm
        assert "does not hold" in comes_in(desk, provider).words
    assert everybody(desk) == []


def test_a_new_key_of_the_provider_is_fetched(desk: Open, provider: IdentityProvider) -> None:
    comes_in(desk, provider)
    provider.key = RSAKey.generate_key(2048, {"kid": "two"}, auto_kid=False)
    assert comes_in(desk, provider).status == 200
    assert provider.asked.count("/.well-known/openid-configuration") == 1, "what is known is not asked for again"


def test_a_way_back_counts_once_and_in_its_own_browser(desk: Open, provider: IdentityProvider) -> None:
    browser = desk.browser()
    back = provider.visit(browser.get("/login/oidc").goes_to)
    begun = dict(browser.cookies)
    assert "not begun in this browser" in desk.browser().get(back).words
    other = desk.browser()
    other.get("/login/oidc")
    assert "not begun in this browser" in other.get(back).words, "nobody is logged in as somebody else"
    assert browser.get(back).status == 200
    browser.cookies = begun
    page = browser.get(back)
    assert (page.status, "was used already" in page.words) == (403, True)
    browser.cookies = {"desk-oidc": "00ff"}
    assert browser.get(back).status == 403


def test_a_way_back_that_is_old_or_without_a_code_is_refused(desk: Open, provider: IdentityProvider) -> None:
    browser = desk.browser()
    back = provider.visit(browser.get("/login/oidc").goes_to)
    refused = back.replace("code=code-0", "error=access_denied")
    assert "did not let you in" in browser.get(refused).words
    back = provider.visit(browser.get("/login/oidc").goes_to)
    desk.story.now = START.replace(minute=11)
    assert "took too long" in browser.get(back).words


def test_a_provider_that_says_it_is_another_is_refused(desk: Open, provider: IdentityProvider) -> None:
    provider.names_itself = "https://evil.example"
    page = desk.browser().get("/login/oidc")
    assert (page.status, "describes itself otherwise" in page.words) == (403, True)


def test_a_provider_whose_certificate_does_not_hold_is_not_asked(
    database: Database, vault: Vault, audit: Audit, rules: OidcRules
) -> None:
    desk = opened(database, vault, audit, replace(rules, ca_file=None))
    page = desk.browser().get("/login/oidc")
    assert (page.status, "cannot be reached now" in page.words) == (403, True)
    desk.server.stop()
    desk.story.presence.leave()


def test_a_name_that_belongs_to_a_password_is_not_taken_over(desk: Open, provider: IdentityProvider) -> None:
    desk.hire("Petra", Role.ADMINISTRATOR)
    page = comes_in(desk, provider)
    assert (page.status, "there is somebody called Petra already" in page.words) == (403, True)
    assert everybody(desk) == [("Petra", Role.ADMINISTRATOR, "")]


def test_who_is_switched_off_here_stays_out(desk: Open, provider: IdentityProvider) -> None:
    comes_in(desk, provider)
    with desk.story.database.transaction() as session:
        session.exec(select(StaffMember)).one().is_active = False
    assert "you were switched off here" in comes_in(desk, provider).words


@pytest.mark.parametrize(
    ("groups", "sees"),
    [(["uk"], "example"), (["uk", "all"], ""), (["uk", "fr"], None), (["nobody"], None)],
)
def test_groups_say_whose_cases_somebody_sees(
    database: Database,
    vault: Vault,
    audit: Audit,
    rules: OidcRules,
    provider: IdentityProvider,
    groups: list[str],
    sees: str | None,
) -> None:
    mapped = replace(rules, organisations={"uk": "example", "fr": "autre", "all": ""})
    desk = opened(database, vault, audit, mapped)
    provider.person["groups"] = ["privacy-team", *groups]
    comes_in(desk, provider)
    assert everybody(desk) == ([] if sees is None else [("Petra", Role.AGENT, sees)])
    desk.server.stop()
    desk.story.presence.leave()


def test_passwords_count_until_an_administrator_came_by_the_provider(
    database: Database, vault: Vault, audit: Audit, rules: OidcRules, provider: IdentityProvider
) -> None:
    desk = opened(database, vault, audit, rules, is_local=False)
    password = desk.password("gwen")
    assert desk.browser().log_in("gwen", password).status == 303
    provider.person["groups"] = ["privacy-leads"]
    comes_in(desk, provider)
    assert desk.browser().log_in("gwen", password).status == 403
    assert 'name="password"' not in desk.browser().get("/login").text
    desk.server.stop()
    desk.story.presence.leave()
