"""Organisations and mailboxes made on the desk: checked, tried on real servers, read without a restart."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from browser import Browser, Page
from builders import MADE_ORGANISATION, mail
from dovecot import PASSWORD, USER, Dovecot, free_port
from listener import Listener
from sqlmodel import col, select

from models.accounts import StaffMember
from models.errors import SettingsError
from models.made_offices import MadeMailbox
from models.message import Message
from models.staff import Role
from service.desk import Desk
from service.desk_pages import desk_parts
from service.jobs import Service
from service.listening import WebServer
from service.offices import known_of
from service.settings import load_settings
from service.staff import add_member
from service.wiring import opened_desk
from store.vault import write_key_file


class Bare:
    """A desk whose file holds no organisation and no mailbox, with its service and an administrator before it."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.folder = desk, folder
        self.service = Service(desk)
        self.server = WebServer("127.0.0.1", 0, self.service.watch.look, desk_parts(desk, watch=self.service.watch))
        self.server.start()
        with desk.database.transaction() as session:
            self.given = add_member(
                session, desk.vault, "gwen", Role.ADMINISTRATOR, "", with_codes=False, must_choose=False
            )
        self.gwen = Browser(self.server.url)
        self.first_page = self.gwen.log_in("gwen", self.given.password).goes_to

    def send(self, path: str, **values: object) -> Page:
        csrf = self.gwen.get("/admin").hidden("csrf")
        return self.gwen.post(path, csrf=csrf, **values)

    def made(self, name: str) -> MadeMailbox | None:
        with self.desk.database.reading() as session:
            found = session.get(MadeMailbox, name)
            session.expunge_all()
            return found

    def close(self) -> None:
        self.service.shut_down() if self.service._scheduler.running else None
        self.server.stop()


@pytest.fixture
def bare(tmp_path: Path, database_url: str) -> Iterator[Bare]:
    folder = tmp_path / "bare"
    folder.mkdir()
    write_key_file(folder / "rightsdesk.key")
    (folder / "rightsdesk.toml").write_text(
        f'[database]\nurl = "{database_url}"\n[vault]\nkey_file = "rightsdesk.key"\n'
    )
    with opened_desk(load_settings(folder / "rightsdesk.toml", {})) as desk:
        opened = Bare(desk, folder)
        yield opened
        opened.close()


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def filled(dovecot: Dovecot, listener: Listener, **changes: str) -> dict[str, str]:
    return {
        "name": "contact",
        "organisation": "bright",
        "address": "contact@bright.example",
        "imap.host": "127.0.0.1",
        "imap.port": str(dovecot.port),
        "imap.tls": "starttls",
        "imap.user": USER,
        "imap.folder": "INBOX",
        "imap_password": PASSWORD,
        "smtp.host": "127.0.0.1",
        "smtp.port": str(listener.port),
        "smtp.tls": "starttls",
        "ca_pem": dovecot.ca_file.read_text(),
    } | changes


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@on_sqlite
def test_a_mailbox_made_on_an_empty_desk_is_read_without_a_restart(
    bare: Bare, dovecot: Dovecot, listener: Listener
) -> None:
    assert bare.first_page == "/admin", "an administrator is led to where a mailbox is made"
    assert "First make an organisation" in bare.gwen.get("/admin").words
    bare.service.start()
    dovecot.append(mail("hello"))
    assert bare.send("/admin/organisation", **MADE_ORGANISATION).goes_to == "/admin/organisations?told=kept"
    assert bare.send("/admin/mailbox", **filled(dovecot, listener)).goes_to == "/admin/mailboxes?told=kept"

    def stored() -> list[str]:
        with bare.desk.database.reading() as session:
            return list(session.exec(select(Message.mailbox)))

    until(lambda: stored() == ["contact"])
    until(lambda: "contact read" in bare.gwen.get("/admin").words)
    assert [box.name for box in known_of(load_settings(bare.folder / "rightsdesk.toml", {})).mailboxes] == ["contact"]
    refused = bare.send("/admin/mailbox/switch", name="contact", deed="remove")
    assert (refused.status, "it can be switched off, not removed" in refused.words) == (409, True)
    assert bare.send("/admin/mailbox/switch", name="contact", deed="off").status == 303
    until(lambda: not bare.service._lines)
    dovecot.append(mail("and again"))
    assert "switched off" in bare.gwen.get("/admin").words
    assert not bare.service.watch.look().issues
    assert bare.send("/admin/mailbox/switch", name="contact", deed="on").status == 303
    until(lambda: stored() == ["contact"] * 2)


def test_passwords_are_sealed_and_on_no_page(bare: Bare, dovecot: Dovecot, listener: Listener) -> None:
    bare.send("/admin/organisation", **MADE_ORGANISATION)
    bare.send("/admin/mailbox", **filled(dovecot, listener))
    row = bare.made("contact")
    assert row is not None
    assert row.imap_password is not None
    assert PASSWORD.encode() not in row.imap_password
    assert PASSWORD not in str(row.keys)
    assert PASSWORD not in bare.gwen.get("/admin/mailbox?name=contact").text
    (box,) = bare.desk.mailboxes
    assert (box.imap.password, box.organisation.languages) == (PASSWORD, ("en", "es"))  # type: ignore[union-attr]


@on_sqlite
def test_a_connection_is_tried_and_what_is_wrong_is_told_in_plain_words(
    bare: Bare, dovecot: Dovecot, listener: Listener
) -> None:
    bare.send("/admin/organisation", **MADE_ORGANISATION)
    stranger = tmp_pem()

    def tries(**changes: str) -> str:
        page = bare.send("/admin/mailbox", **(filled(dovecot, listener) | {"try": "1"} | changes))
        assert page.status == 200, page.words
        assert PASSWORD not in page.text
        return page.words

    dovecot.append(mail("hello"))
    well = tries()
    assert "Reading works: 1 mails in INBOX; the server offers IDLE, MOVE, UIDPLUS" in well
    assert "Sending works: 127.0.0.1:" in well
    assert listener.mails == []
    assert bare.made("contact") is None, "trying keeps nothing"
    closed = str(free_port())
    told = tries(**{"imap_password": "wrong", "smtp.port": closed})
    assert "refuses the log-in: check user and password" in told
    assert f"the SMTP server 127.0.0.1:{closed} cannot be reached: nothing listens there" in told
    told = tries(**{"imap.host": "nowhere.invalid", "ca_pem": stranger})
    assert "has a name that is not known: check host" in told
    told = tries(ca_pem=stranger)
    assert told.count("shows a certificate that does not hold") == 2
    assert told.count("It is for 127.0.0.1, localhost, was issued by trustme") == 2
    assert "does not open the folder Nowhere" in tries(**{"imap.folder": "Nowhere"})
    assert "no server for sending" in tries(**{"smtp.host": ""})


@on_sqlite
def test_a_server_that_hides_its_encryption_hears_no_password(
    bare: Bare, dovecot: Dovecot, authority: trustme.CA
) -> None:
    bare.send("/admin/organisation", **MADE_ORGANISATION)
    stripped = Listener(authority, tls="none")
    stripped.start()
    words = bare.send("/admin/mailbox", **(filled(dovecot, stripped) | {"try": "1"})).words
    stripped.stop()
    assert "offers no STARTTLS, and clear text is never used" in words


def tmp_pem() -> str:
    return trustme.CA().cert_pem.bytes().decode()


@on_sqlite
def test_what_was_typed_for_a_try_need_not_be_typed_again(bare: Bare, dovecot: Dovecot, listener: Listener) -> None:
    bare.send("/admin/organisation", **MADE_ORGANISATION)
    values = filled(dovecot, listener)
    page = bare.send("/admin/mailbox", **values, **{"try": "1"})
    values |= {"imap_password": "", "imap_sealed": page.hidden("imap_sealed")}
    assert bare.send("/admin/mailbox", **values).status == 303
    (box,) = bare.desk.mailboxes
    assert box.imap.password == PASSWORD  # type: ignore[union-attr]


@on_sqlite
def test_a_kept_password_goes_to_no_other_server(bare: Bare, dovecot: Dovecot, listener: Listener) -> None:
    bare.send("/admin/organisation", **MADE_ORGANISATION)
    bare.send("/admin/mailbox", **filled(dovecot, listener))
    for change in ({"imap.port": str(free_port())}, {"imap.user": "mallory"}, {"imap.tls": "none"}):
        values = filled(dovecot, listener) | {"imap_password": ""} | change
        for more in ({}, {"try": "1"}):
            page = bare.send("/admin/mailbox?name=contact", **values, **more)
            assert (page.status, "type the password again" in page.words) == (409, True)
    plain = filled(dovecot, listener) | {"imap_password": "", "after": "seen"}
    assert bare.send("/admin/mailbox?name=contact", **plain).status == 303
    (box,) = bare.desk.mailboxes
    assert (box.after, box.imap.password) == ("seen", PASSWORD)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("path", "changes", "why"),
    [
        ("organisation", {"slug": "Not Good"}, "slug: must be of small letters, digits and hyphens"),
        ("organisation", {"name": ""}, "name: is missing"),
        ("organisation", {"country": "XX"}, "country:"),
        ("organisation", {"languages": "xx"}, "languages[1]:"),
        ("organisation", {"templates": "/etc"}, ""),
        ("mailbox", {"name": "a b"}, "name: must be of letters"),
        ("mailbox", {"organisation": "nowhere"}, "there is no organisation 'nowhere'"),
        ("mailbox", {"imap.port": "-1"}, "imap.port:"),
        ("mailbox", {"imap.tls": "none", "imap.host": "imap.example.org"}, "is for loopback addresses only"),
        ("mailbox", {"ca_pem": "nonsense"}, "these are no certificates (PEM)"),
        ("mailbox", {"imap_sealed": "½", "imap_password": ""}, "this form is too old"),
    ],
)
@on_sqlite
def test_nonsense_is_told_with_its_place_and_nothing_is_kept(
    bare: Bare, dovecot: Dovecot, listener: Listener, path: str, changes: dict[str, str], why: str
) -> None:
    if path == "mailbox":
        bare.send("/admin/organisation", **MADE_ORGANISATION)
    values = MADE_ORGANISATION if path == "organisation" else filled(dovecot, listener)
    page = bare.send(f"/admin/{path}", **(values | changes))
    if why:
        assert page.status in (403, 409)
        assert why in page.words, page.words
        assert not bare.desk.mailboxes
    else:
        assert bare.desk.offices is not None
        assert bare.desk.offices.known.organisations[0].templates is None, "no path reaches the machine's files"


@on_sqlite
def test_a_name_is_used_once_over_the_file_and_the_desk(bare: Bare, dovecot: Dovecot, listener: Listener) -> None:
    bare.send("/admin/organisation", **MADE_ORGANISATION)
    assert "there is bright already" in bare.send("/admin/organisation", **MADE_ORGANISATION).words
    bare.send("/admin/mailbox", **filled(dovecot, listener))
    path = bare.folder / "rightsdesk.toml"
    section = "\n".join(f"{key} = {value!r}" for key, value in MADE_ORGANISATION.items() if key != "languages")
    path.write_text(path.read_text() + f"[[organisation]]\n{section}\n")
    with pytest.raises(SettingsError, match="the organisation 'bright' was made on the desk already"):
        known_of(load_settings(path, {}))


def test_of_two_who_change_an_organisation_at_once_the_second_is_told(bare: Bare) -> None:
    bare.send("/admin/organisation", **MADE_ORGANISATION)
    seen = bare.gwen.get("/admin/organisation?name=bright").hidden("seen")
    path = "/admin/organisation?name=bright"
    assert bare.send(path, **(MADE_ORGANISATION | {"seen": seen, "name": "Brighter Ltd"})).status == 303
    refused = bare.send(path, **(MADE_ORGANISATION | {"seen": seen, "address": "3 High Street, Leeds"}))
    assert (refused.status, "gwen changed this meanwhile" in refused.words) == (409, True)
    assert "3 High Street, Leeds" in refused.text, "what was filled in is kept"
    assert "Brighter Ltd" in bare.gwen.get(path).text
    again = MADE_ORGANISATION | {"seen": refused.hidden("seen"), "address": "3 High Street, Leeds"}
    assert bare.send(path, **again).status == 303
    assert "3 High Street, Leeds" in bare.gwen.get(path).text


def test_a_mailbox_with_a_case_stays_and_an_organisation_without_one_may_have_tokens(
    bare: Bare, dovecot: Dovecot, listener: Listener
) -> None:
    bare.send("/admin/organisation", **MADE_ORGANISATION)
    assert '<option value="bright"' in bare.gwen.get("/tokens").text
    bare.send("/admin/mailbox", **filled(dovecot, listener))
    words = {"mailbox": "contact", "kinds": "access", "channel": "phone", "received": "2026-03-02T08:00", "name": "Ida"}
    assert "/cases/RD-" in bare.send("/cases/new", **words).goes_to
    refused = bare.send("/admin/mailbox/switch", name="contact", deed="remove")
    assert (refused.status, "a case was opened by hand for this mailbox" in refused.words) == (409, True)


def test_of_two_who_remove_a_mailbox_the_second_is_told_that_it_is_gone(
    bare: Bare, dovecot: Dovecot, listener: Listener
) -> None:
    bare.send("/admin/organisation", **MADE_ORGANISATION)
    bare.send("/admin/mailbox", **filled(dovecot, listener))
    told = [bare.send("/admin/mailbox/switch", name="contact", deed=deed).goes_to for deed in ("off", "remove", "on")]
    assert [one.rpartition("=")[2] for one in told] == ["off", "remove", "gone"]
    assert "It is not there any more" in bare.gwen.get(told[-1]).words


@on_sqlite
def test_who_administrates_one_organisation_changes_none(bare: Bare) -> None:
    bare.send("/admin/organisation", **MADE_ORGANISATION)
    with bare.desk.database.transaction() as session:
        given = add_member(
            session, bare.desk.vault, "cleo", Role.ADMINISTRATOR, "elsewhere", with_codes=False, must_choose=False
        )
    cleo = Browser(bare.server.url)
    cleo.log_in("cleo", given.password)
    assert "bright" not in cleo.get("/admin/organisations").words
    assert cleo.get("/admin/organisation?name=bright").status == 404
    csrf = cleo.get("/admin").hidden("csrf")
    for path in ("/admin/organisation", "/admin/mailbox", "/admin/mailbox/switch"):
        assert cleo.post(path, csrf=csrf, **(MADE_ORGANISATION | {"slug": "mine", "deed": "on"})).status == 403
    assert bare.gwen.post("/admin/organisation", csrf="wrong", **(MADE_ORGANISATION | {"slug": "mine"})).status == 403
    with bare.desk.database.reading() as session:
        assert (
            session.exec(select(StaffMember).where(col(StaffMember.name) == "cleo")).one().organisation == "elsewhere"
        )
