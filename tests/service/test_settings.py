"""Settings: every mistake is told at once, where it stands and with what was meant; right ones mean what they say."""

import base64
import tomllib
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from cases.identity_levels import may_ask_document, needed_level
from models.clock_settings import DEFAULT_SETTINGS, ClockSettings, EuPause, UkClarificationDays
from models.errors import SettingsError
from models.organisation import Regime, TlsMode
from models.verdict import Kind
from models.webhook import HookEvent
from responders.letters import LetterWriter
from service.settings import Settings, load_settings, settings_path
from service.settings_sections import ClockSection

SPEC = """\
[database]
url = "sqlite:///rightsdesk.db"          # or postgresql+psycopg://…
[vault]
key_file = "rightsdesk.key"
[[organisation]]
slug = "example"
name = "Example Ltd"
address = "1 High Street, London"
regime = "uk"                            # eu | uk
country = "GB-ENG"                       # holiday calendar
timezone = "Europe/London"
languages = ["en", "es", "fr", "de"]     # the first is used where the sender's is not among them
contact = "contact@example.org"          # privacy team or DPO
lead_authority = "GB"                    # code in authorities.csv
trusted_authserv = ["mx.example.org"]    # whose Authentication-Results count
acks_per_address_per_day = 5
archive_before = ""                      # ISO time; "" = each mailbox's first poll; "none" = answer everything
archive_cases = false
own_lists = []                           # List-Ids of our own groups
form_senders = []                        # addresses that write for the person in Reply-To
staff_domains = ["example.org"]
[[mailbox]]
name = "contact"
organisation = "example"
address = "contact@example.org"
poll_seconds = 60
after = "keep"                           # keep | seen | move:FOLDER
[mailbox.imap]
host = "imap.example.org"
port = 993
tls = "implicit"                         # implicit | starttls | none (loopback addresses only)
user = "contact@example.org"
password_file = "imap.password"
ca_file = ""                             # own certificate authority
folder = "INBOX"                         # other folders (Junk) as further mailboxes of the same address
[mailbox.smtp]                           # the same keys; sends the letters of this mailbox
host = "smtp.example.org"
port = 465
tls = "implicit"
user = ""                                # "" = no log-in
"""
SECOND = """
[[mailbox]]
name = "junk"
organisation = "example"
address = "contact@example.org"
[mailbox.imap]
host = "imap.example.org"
port = 993
user = "contact@example.org"
folder = "Junk"
"""
Load = Callable[..., Settings]
Refusal = Callable[..., list[str]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Writes a configuration with the files it names, and loads it."""
    (tmp_path / "imap.password").write_text(" correct horse \r\n")

    def load(text: str = SPEC, **environment: str) -> Settings:
        (tmp_path / "rightsdesk.toml").write_text(text, encoding="utf-8")
        return load_settings(tmp_path / "rightsdesk.toml", environment)

    return load


@pytest.fixture
def refusal(load: Load, tmp_path: Path) -> Refusal:
    """The lines that tell why a configuration is refused, without the folder of the test."""

    def refusal(text: str, **environment: str) -> list[str]:
        with pytest.raises(SettingsError) as caught:
            load(text, **environment)
        return str(caught.value).replace(f"{tmp_path}/", "").splitlines()

    return refusal


def changed(old: str, new: str, text: str = SPEC) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def line_of(part: str, text: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_the_keys_that_scripts_rely_on_are_accepted_as_they_stand(load: Load, tmp_path: Path) -> None:
    settings = load()
    (mailbox,) = settings.mailboxes
    assert settings.database_url == f"sqlite:///{tmp_path}/rightsdesk.db"
    assert settings.key_file == tmp_path / "rightsdesk.key"
    assert (mailbox.name, mailbox.address, mailbox.poll_seconds, mailbox.after) == (
        "contact",
        "contact@example.org",
        60,
        "keep",
    )
    assert (mailbox.imap.host, mailbox.imap.port, mailbox.imap.tls, mailbox.imap.user, mailbox.imap.ca_file) == (
        "imap.example.org",
        993,
        TlsMode.IMPLICIT,
        "contact@example.org",
        None,
    )
    assert (mailbox.smtp.host, mailbox.smtp.user, mailbox.smtp.password) == ("smtp.example.org", "", "")
    assert mailbox.organisation.regime is Regime.UK
    assert mailbox.organisation.trusted_authserv == ("mx.example.org",)
    assert mailbox.timezone == "Europe/London"


def test_a_password_file_gives_all_but_the_end_of_its_line(load: Load) -> None:
    assert load().mailboxes[0].imap.password == " correct horse "


def test_a_password_in_the_file_keeps_its_spaces(load: Load) -> None:
    text = changed('password_file = "imap.password"', 'password = " two words "')
    assert load(text).mailboxes[0].imap.password == " two words "


def test_the_password_is_never_shown(load: Load) -> None:
    assert "correct horse" not in repr(load())


def test_what_is_left_out_has_a_default(load: Load) -> None:
    text = "\n".join(line for line in SPEC.splitlines() if not line.startswith(("archive", "own_", "form_", "poll_")))
    assert load(text) == load()


def test_an_empty_file_is_a_configuration_without_mailboxes(load: Load) -> None:
    assert load("").mailboxes == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("url =", "ulr =", "database.ulr: there is no such key; did you mean url?"),
        ("[vault]", "[valut]", "valut: there is no such key; did you mean vault?"),
        ("key_file =", "Key-File =", "vault.Key-File: there is no such key; did you mean key_file?"),
        ("regime =", "zzzz = 1\nregime =", "organisation[1].zzzz: there is no such key; there are slug, name,"),
        ('slug = "example"', 'slug = "My Example"', "organisation[1].slug: must be of small letters, digits and hyphens"),
        ('name = "Example Ltd"', 'name = " "', "organisation[1].name: must be a text that is not empty"),
        ('regime = "uk"', 'regime = "us"', "organisation[1].regime: Input should be 'eu' or 'uk'"),
        ('"GB-ENG"', '"GB-ENGLAND"', "organisation[1].country: no calendar for this country or region; the nearest code is GB-"),
        ('"GB-ENG"', '"gb-eng"', "organisation[1].country: no calendar for this country or region; the nearest code is GB-ENG"),
        ('"Europe/London"', '"Europe/Londn"', "organisation[1].timezone: no such time zone; the nearest name is Europe/London"),
        ('"de"]', '"xx"]', "organisation[1].languages[4]: Input should be 'en', 'es', 'fr', 'de', 'it', 'pt', 'nl' or 'pl'"),
        ('["en", "es", "fr", "de"]', "[]", "organisation[1].languages: List should have at least 1 item"),
        ('contact = "contact@example.org"', 'contact = "contact"', "organisation[1].contact: must be one mail address"),
        ('lead_authority = "GB"', 'lead_authority = "XX"', "organisation[1].lead_authority: there is no authority XX"),
        ('["mx.example.org"]', '"mx.example.org"', "organisation[1].trusted_authserv: Input should be a valid list"),
        ("per_day = 5", "per_day = -1", "organisation[1].acks_per_address_per_day: Input should be greater than or equal to 0"),
        ("per_day = 5", 'per_day = "many"', "organisation[1].acks_per_address_per_day: Input should be a valid integer"),
        ('archive_before = ""', 'archive_before = "soon"', 'organisation[1].archive_before: must be "", "none" or a time'),
        ("archive_cases = false", "archive_cases = 7", "organisation[1].archive_cases: Input should be a valid boolean"),
        ("form_senders = []", 'form_senders = ["x"]', "organisation[1].form_senders[1]: must be one mail address"),
        ("own_lists = []", 'local_holidays = ["24.12."]\nown_lists = []', "organisation[1].local_holidays[1]: days are written"),
        ("own_lists = []", 'people_team = "people"\nown_lists = []', "organisation[1].people_team: must be one mail address"),
        ("own_lists = []", 'managers = ["a@x.example", "boss"]\nown_lists = []', "organisation[1].managers[2]: must be one mail"),
        ("own_lists = []", 'managers = "a@x.example"\nown_lists = []', "organisation[1].managers: Input should be a valid list"),
        ("own_lists = []", 'digest_at = "8 am"\nown_lists = []', "organisation[1].digest_at: times of day are written HH:MM"),
        ("own_lists = []", 'digest_at = "24:30"\nown_lists = []', "organisation[1].digest_at: times of day are written HH:MM"),
        ("own_lists = []", 'systems = ["CRM", " "]\nown_lists = []', "organisation[1].systems[2]: must be a text that is not empty"),
        ("own_lists = []", "identity_levels = { access = 4 }\nown_lists = []", "organisation[1].identity_levels: a level goes from 0 to 3"),
        ("own_lists = []", "identity_levels.acess = 2\nown_lists = []", "organisation[1].identity_levels.acess"),
        ("own_lists = []", 'identity_document_for = ["all"]\nown_lists = []', "organisation[1].identity_document_for[1]: Input should be 'access'"),
        ("own_lists = []", 'templates = "letters"\nown_lists = []', "organisation[1].templates: there is no such folder"),
        ("own_lists = []", "clock = true\nown_lists = []", "organisation[1].clock: must be a section of keys: [organisation.clock]"),
        ("own_lists = []", 'clock.eu_pauze = "none"\nown_lists = []', "organisation[1].clock.eu_pauze: there is no such key; did you mean eu_pause?"),
        ("own_lists = []", 'clock.eu_pause = "stop"\nown_lists = []', "organisation[1].clock.eu_pause: Input should be 'pause', 'restart' or 'none'"),
        ("own_lists = []", "clock.eu_complaint_months = 4\nown_lists = []", "organisation[1].clock.eu_complaint_months: Input should be less than or equal to 3"),
        ("own_lists = []", 'clock.uk_strict = "so"\nown_lists = []', "organisation[1].clock.uk_strict: Input should be a valid boolean"),
        ("own_lists = []", 'clock.uk_clarification_days = "x"\nown_lists = []', "organisation[1].clock.uk_clarification_days: Input should be 'difference' or 'inclusive'"),
        ("own_lists = []", "clock.fast_working_days = 0\nown_lists = []", "organisation[1].clock.fast_working_days: Input should be greater than or equal to 1"),
        ("own_lists = []", 'clock.receipt_cutoff = "5 pm"\nown_lists = []', "organisation[1].clock.receipt_cutoff: times of day are written HH:MM"),
        ("own_lists = []", "clock.ask_within_days = 0\nown_lists = []", "organisation[1].clock.ask_within_days: Input should be greater than"),
        ("own_lists = []", "clock.target_days = 29\nown_lists = []", "organisation[1].clock.target_days: Input should be less than or equal to 28"),
        ("own_lists = []", "clock.warning_working_days = 7\nown_lists = []", "organisation[1].clock.warning_working_days: Input should be a valid list"),
        ("own_lists = []", "clock.warning_working_days = [6, 5, 4, 3, 2, 1]\nown_lists = []", "organisation[1].clock.warning_working_days: List should have at most 5"),
        ("own_lists = []", "clock.thin_working_days = -1\nown_lists = []", "organisation[1].clock.thin_working_days: Input should be greater than"),
        ("own_lists = []", "clock.applicant_months = 25\nown_lists = []", "organisation[1].clock.applicant_months: Input should be less than or equal to 24"),
        ("own_lists = []", "clock.contents_months = 0\nown_lists = []", "organisation[1].clock.contents_months: Input should be greater than"),
        ("own_lists = []", "clock.record_months = 241\nown_lists = []", "organisation[1].clock.record_months: Input should be less than or equal to 240"),
        ("own_lists = []", "clock.chat_days = 31\nown_lists = []", "organisation[1].clock.chat_days: Input should be less than or equal to 30"),
        ("own_lists = []", "clock.backup_days = 0\nown_lists = []", "organisation[1].clock.backup_days: Input should be greater than"),
        ("own_lists = []", "clock.backup_days_in_all = 400\nown_lists = []", "organisation[1].clock.backup_days_in_all: Input should be less than or equal to 365"),
        ('name = "contact"', 'name = "con tact"', "mailbox[1].name: must be of letters, digits"),
        ('organisation = "example"', 'organisation = "exmaple"', "mailbox[1].organisation: there is no organisation 'exmaple'; did you mean example?"),
        ("poll_seconds = 60", "poll_seconds = 0", "mailbox[1].poll_seconds: Input should be greater than or equal to 1"),
        ('after = "keep"', 'after = "delete"', 'mailbox[1].after: must be "keep", "seen" or "move:FOLDER"'),
        ('after = "keep"', 'after = "move:"', 'mailbox[1].after: must be "keep", "seen" or "move:FOLDER"'),
        ("port = 993", "prot = 993", "mailbox[1].imap.prot: there is no such key; did you mean port?"),
        ("port = 993", "port = 0", "mailbox[1].imap.port: Input should be greater than or equal to 1"),
        ('tls = "implicit"                         #', 'tls = "ssl" #', "mailbox[1].imap.tls: Input should be 'implicit', 'starttls' or 'none'"),
        ('key_file = "rightsdesk.key"', 'key_file = ""', "vault.key_file: must name a file"),
        ('password_file = "imap.password"', 'password_file = "x/y"', "mailbox[1].imap.password_file: x/y cannot be read: No such file or directory"),
        ('ca_file = ""', 'ca_file = "own.pem"', "mailbox[1].imap.ca_file: own.pem cannot be read: No such file or directory"),
        ('user = ""', 'maildir = "x"', "mailbox[1].smtp.maildir: there is no such key;"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_what_to_do(refusal: Refusal, old: str, new: str, told: str) -> None:
    text = changed(old, new)
    pairs = zip(SPEC.splitlines(), text.splitlines(), strict=False)
    line = next(number for number, (before, after) in enumerate(pairs, 1) if before != after)
    found = refusal(text)
    assert any(each.startswith(f"rightsdesk.toml:{line}: {told}") for each in found), found


def test_the_line_is_right_in_the_second_of_two_mailboxes(refusal: Refusal) -> None:
    text = SPEC + changed("port = 993", "prot = 993", SECOND)
    place = len(text.splitlines()) - 2
    assert refusal(text) == [
        f"rightsdesk.toml:{place - 2}: mailbox[2].imap.port: is missing",
        f"rightsdesk.toml:{place}: mailbox[2].imap.prot: there is no such key; did you mean port?",
    ]


def test_lines_are_found_however_toml_is_written(refusal: Refusal) -> None:
    text = changed("[mailbox.imap]\n", "", SPEC.partition("[mailbox.imap]")[0] + "[mailbox.imap]\n") + (
        'imap.host = "imap.example.org"\nimap . "prot" = 993\nsmtp = { host = "h", port = 465, tls = "no" }\n'
    )
    lines = {line.split(": ")[1]: line.split(": ")[0] for line in refusal(text)}
    assert lines["mailbox[1].imap.prot"] == f"rightsdesk.toml:{line_of('prot', text)}"
    assert lines["mailbox[1].smtp.tls"] == f"rightsdesk.toml:{line_of('smtp =', text)}"


def test_a_missing_key_is_told_at_its_section(refusal: Refusal) -> None:
    text = changed('host = "smtp.example.org"\n', "", changed('regime = "uk"', "#"))
    assert refusal(text) == [
        f"rightsdesk.toml:{line_of('[[organisation]]', text)}: organisation[1].regime: is missing",
        f"rightsdesk.toml:{line_of('[mailbox.smtp]', text)}: mailbox[1].smtp.host: is missing",
    ]


def test_all_mistakes_are_told_at_once(refusal: Refusal) -> None:
    text = changed('organisation = "example"', 'organisation = "exmaple"', changed("port = 993", "port = 99999"))
    text = changed('timezone = "Europe/London"', 'timezone = "Mars"', text)
    assert len(refusal(text)) == 3


def test_names_that_stand_there_twice_are_told(refusal: Refusal) -> None:
    organisation = SPEC[SPEC.index("[[organisation]]") : SPEC.index("[[mailbox]]")]
    text = SPEC + SECOND.replace('"junk"', '"contact"') + organisation
    lines = text.splitlines()
    name = len(lines) - lines[::-1].index('name = "contact"')
    slug = len(lines) - lines[::-1].index('slug = "example"')
    assert refusal(text) == [
        f"rightsdesk.toml:{slug}: organisation[2].slug: 'example' stands there twice",
        f"rightsdesk.toml:{name}: mailbox[2].name: 'contact' stands there twice",
    ]


@pytest.mark.parametrize("host", ["imap.example.org", "10.0.0.1", "localhost.example.org", "0.0.0.0", "::"])
def test_clear_text_is_for_loopback_addresses_only(refusal: Refusal, host: str) -> None:
    text = changed('"imap.example.org"', f'"{host}"', changed('tls = "implicit"', 'tls = "none"'))
    assert refusal(text) == [
        f"rightsdesk.toml:{line_of('[mailbox.imap]', text)}: mailbox[1].imap: "
        'tls = "none" is for loopback addresses only; use "implicit" or "starttls"'
    ]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_clear_text_on_this_machine_is_accepted(load: Load, host: str) -> None:
    text = changed('"imap.example.org"', f'"{host}"', changed('tls = "implicit"', 'tls = "none"'))
    assert load(text).mailboxes[0].imap.tls is TlsMode.NONE


def test_two_passwords_are_one_too_many_and_neither_is_shown(refusal: Refusal) -> None:
    text = changed("ca_file", 'password = "secret"\nca_file')
    (line,) = refusal(text)
    assert line.endswith("mailbox[1].imap: give password or password_file, not both")


def test_a_password_of_the_wrong_type_is_not_shown(refusal: Refusal) -> None:
    (line,) = refusal(changed('password_file = "imap.password"', "password = 4711"))
    assert "4711" not in line


def test_a_password_file_that_is_no_text_is_told_without_what_it_holds(
    load: Load, refusal: Refusal, tmp_path: Path
) -> None:
    (tmp_path / "imap.password").write_bytes(b"p\xe4ss")
    (line,) = refusal(SPEC)
    assert line.endswith("mailbox[1].imap.password_file: the password is not UTF-8")


@pytest.mark.parametrize("change", [("[mailbox.imap]", "[mailbox.other]"), ("poll_seconds = 60", 'maildir = "m"')])
def test_a_mailbox_has_one_source(refusal: Refusal, change: tuple[str, str]) -> None:
    text = changed(*change)
    if change[1].startswith("["):
        text = text.replace(text[text.index("[mailbox.other]") : text.index("[mailbox.smtp]")], "")
    assert refusal(text) == [
        f"rightsdesk.toml:{line_of('[[mailbox]]', text)}: mailbox[1]: needs [mailbox.imap] or maildir, and not both"
    ]


def test_a_section_that_may_stand_there_several_times_wants_two_brackets(refusal: Refusal) -> None:
    text = changed("[[mailbox]]", "[mailbox]")
    assert refusal(text) == [
        f"rightsdesk.toml:{line_of('[mailbox]', text)}: mailbox: there may be several: write [[mailbox]]"
    ]


def test_a_value_where_a_section_belongs_is_told(refusal: Refusal) -> None:
    assert refusal(changed("[vault]\n", "[vault_]\n").replace("[database]\n", 'vault = "x"\n[database]\n'))[0] == (
        "rightsdesk.toml:1: vault: must be a section of keys: [vault]"
    )


def test_bad_toml_is_told_with_its_line(refusal: Refusal) -> None:
    text = changed('slug = "example"', "slug = example")
    (line,) = refusal(text)
    assert line.startswith(f"rightsdesk.toml:{line_of('slug', text)}: this is not valid TOML: ")


def test_a_file_of_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rightsdesk.toml"
    path.write_bytes(b'name = "Caf\xe9"')
    with pytest.raises(SettingsError, match="cannot be read: it is not UTF-8"):
        load_settings(path, {})


def test_a_file_that_windows_wrote_is_read(load: Load, tmp_path: Path) -> None:
    assert load("\ufeff" + SPEC.replace("\n", "\r\n")) == load()


def test_a_file_that_is_not_there_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="run `rightsdesk init` here, or name another file with --config"):
        load_settings(tmp_path / "rightsdesk.toml", {})
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load_settings(tmp_path, {})


def test_the_environment_lies_over_the_file_and_goes_into_lists_by_number(load: Load, tmp_path: Path) -> None:
    settings = load(
        SPEC + SECOND,
        RIGHTSDESK__DATABASE__URL="postgresql+psycopg://desk@db/desk",
        RIGHTSDESK__WEB__PORT="9000",
        RIGHTSDESK__MAILBOX__1__IMAP__PASSWORD="from outside",
        RIGHTSDESK__MAILBOX__0__POLL_SECONDS="5",
        RIGHTSDESK__ORGANISATION__0__SHADOW="true",
        RIGHTSDESK_CONFIG="elsewhere",
        PATH="/bin",
    )
    assert (settings.database_url, settings.web_port) == ("postgresql+psycopg://desk@db/desk", 9000)
    assert [box.imap.password for box in settings.mailboxes] == [" correct horse ", "from outside"]
    assert (settings.mailboxes[0].poll_seconds, settings.mailboxes[1].organisation.shadow) == (5, True)


def test_a_password_from_the_environment_takes_an_emptied_password_file(load: Load) -> None:
    settings = load(
        RIGHTSDESK__MAILBOX__0__IMAP__PASSWORD="from outside", RIGHTSDESK__MAILBOX__0__IMAP__PASSWORD_FILE=""
    )
    assert settings.mailboxes[0].imap.password == "from outside"


def test_a_mistake_in_the_environment_names_its_variable(refusal: Refusal) -> None:
    assert refusal(SPEC, RIGHTSDESK__DATABASE__ULR="x", RIGHTSDESK__MAILBOX__0__IMAP__PORT="many") == [
        "environment variable RIGHTSDESK__DATABASE__ULR: database.ulr: there is no such key; did you mean url?",
        "environment variable RIGHTSDESK__MAILBOX__0__IMAP__PORT: mailbox[1].imap.port: "
        "Input should be a valid integer, unable to parse string as an integer",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "RIGHTSDESK__MAILBOX__3__NAME",
        "RIGHTSDESK__MAILBOX__CONTACT__NAME",
        "RIGHTSDESK__MAILBOX__0",
        "RIGHTSDESK__DATABASE__URL__X",
        "RIGHTSDESK__MAILBOX__-1__NAME",
        "RIGHTSDESK__MAILBOX__²__NAME",
    ],
)
def test_a_variable_that_names_no_place_is_told(refusal: Refusal, name: str) -> None:
    assert refusal(SPEC, **{name: "x"}) == [f"environment variable {name} names no section: lists go by number, from 0"]


def test_paths_are_relative_to_the_file_and_empty_ones_are_none(load: Load, tmp_path: Path) -> None:
    text = changed("poll_seconds = 60", 'maildir = ""')
    settings = load(changed('"rightsdesk.key"', '"keys/desk.key"', text))
    assert settings.key_file == tmp_path / "keys" / "desk.key"
    assert settings.mailboxes[0].maildir is None


def test_a_maildir_is_looked_for_beside_the_file(load: Load, tmp_path: Path) -> None:
    text = SPEC[: SPEC.index("[mailbox.imap]")] + 'maildir = "Mail"\n'
    mailbox = load(text).mailboxes[0]
    assert (mailbox.maildir, mailbox.imap, mailbox.smtp) == (tmp_path / "Mail", None, None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///a/b.db", "sqlite:///{folder}/a/b.db"),
        ("sqlite+pysqlite:///b.db", "sqlite+pysqlite:///{folder}/b.db"),
        ("sqlite:////var/b.db", "sqlite:////var/b.db"),
        ("postgresql+psycopg:///desk?host=/run", "postgresql+psycopg:///desk?host=/run"),
    ],
)
def test_a_sqlite_file_is_looked_for_beside_the_file(load: Load, tmp_path: Path, url: str, expected: str) -> None:
    assert load(changed("sqlite:///rightsdesk.db", url)).database_url == expected.format(folder=tmp_path)


@pytest.mark.parametrize(
    ("written", "expected", "answers_everything"),
    [
        ('""', None, False),
        ('"none"', None, True),
        ('"2026-01-31T00:00:00Z"', datetime(2026, 1, 31, tzinfo=UTC), False),
        ('"2026-01-31T02:00+02:00"', datetime(2026, 1, 31, tzinfo=UTC), False),
        ('"2026-01-31"', datetime(2026, 1, 31, tzinfo=UTC), False),
        ("2026-01-31T00:00:00Z", datetime(2026, 1, 31, tzinfo=UTC), False),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC), False),
    ],
)
def test_archive_before_takes_an_instant_with_or_without_quotes(
    load: Load, written: str, expected: datetime | None, *, answers_everything: bool
) -> None:
    organisation = load(changed('archive_before = ""', f"archive_before = {written}")).mailboxes[0].organisation
    assert (organisation.archive_before, organisation.answers_everything) == (expected, answers_everything)


def test_days_off_may_be_written_as_toml_dates(load: Load) -> None:
    text = changed("own_lists = []", 'local_holidays = ["2026-08-17", 2026-12-24]')
    assert load(text).mailboxes[0].organisation.local_holidays == ("2026-08-17", "2026-12-24")


CASEWORK = """\
people_team = "people@EXAMPLE.org"
managers = ["boss@example.org", "deputy@example.org"]
digest_at = "07:30"
systems = ["CRM", "mailing list"]
identity_levels = { access = 3, objection_marketing = 0 }
identity_document_for = ["access", "portability"]
templates = "letters"
[organisation.clock]
eu_pause = "restart"
eu_complaint_months = 3
uk_strict = true
uk_clarification_days = "inclusive"
fast_working_days = 5
receipt_cutoff = "17:00"
ask_within_days = 3
target_days = 21
warning_working_days = [10, 5, 1]
thin_working_days = 12
applicant_months = 12
chat_days = 14
backup_days = 30
backup_days_in_all = 60
contents_months = 12
record_months = 24
[[mailbox]]
"""


def test_the_keys_of_casework_mean_what_they_say(load: Load, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    organisation = load(changed("[[mailbox]]\n", CASEWORK)).mailboxes[0].organisation
    assert organisation.people_team == "people@example.org"
    assert organisation.managers == ("boss@example.org", "deputy@example.org")
    assert organisation.digest_at == time(7, 30)
    assert organisation.systems == ("CRM", "mailing list")
    assert (needed_level(Kind.ACCESS, organisation), needed_level(Kind.OBJECTION_MARKETING, organisation)) == (3, 0)
    assert needed_level(Kind.ERASURE, organisation) == 2, "a kind that is not named keeps its level"
    assert [kind for kind in Kind if may_ask_document([kind], organisation)] == [Kind.ACCESS, Kind.PORTABILITY]
    assert organisation.templates == tmp_path / "letters"
    assert organisation.clock == ClockSettings(
        eu_pause=EuPause.RESTART,
        eu_complaint_months=3,
        uk_strict=True,
        uk_clarification_days=UkClarificationDays.INCLUSIVE,
        fast_working_days=5,
        receipt_cutoff=time(17, 0),
        ask_within_days=3,
        target_days=21,
        warning_working_days=(10, 5, 1),
        thin_working_days=12,
        applicant_months=12,
        chat_days=14,
        backup_days=30,
        backup_days_in_all=60,
        contents_months=12,
        record_months=24,
    )


def test_without_the_keys_of_casework_nobody_is_written_to_and_the_clock_is_the_usual_one(load: Load) -> None:
    organisation = load().mailboxes[0].organisation
    assert (organisation.people_team, organisation.managers, organisation.systems) == ("", (), ())
    assert (organisation.digest_at, organisation.templates) == (time(8, 0), None)
    assert organisation.clock == DEFAULT_SETTINGS
    assert (organisation.clock.receipt_cutoff, organisation.clock.warning_working_days) == (None, (7, 2))


def test_every_setting_of_the_clock_can_be_set_and_has_the_same_default(load: Load) -> None:
    assert {name: field.get_default() for name, field in ClockSection.model_fields.items()} == {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(DEFAULT_SETTINGS).items()
    }


@pytest.mark.parametrize("written", ['"07:30"', "07:30:00", '"07:30:00"'])
def test_times_of_day_may_be_written_as_toml_times(load: Load, written: str) -> None:
    text = changed("own_lists = []", f"digest_at = {written}\nclock.receipt_cutoff = {written}\nown_lists = []")
    organisation = load(text).mailboxes[0].organisation
    assert organisation.digest_at == organisation.clock.receipt_cutoff == time(7, 30)


def test_the_clock_belongs_to_the_organisation_above_it(load: Load) -> None:
    second = SPEC[SPEC.index("[[organisation]]") : SPEC.index("[[mailbox]]")].replace('"example"', '"second"')
    text = changed("[[mailbox]]", f"[organisation.clock]\nfast_working_days = 4\n{second}[[mailbox]]")
    text += SECOND.replace('organisation = "example"', 'organisation = "second"')
    assert [mailbox.organisation.clock.fast_working_days for mailbox in load(text).mailboxes] == [4, 2]


def test_a_mistake_in_the_clock_is_told_with_its_own_line(refusal: Refusal) -> None:
    text = changed("[[mailbox]]", "[organisation.clock]\nuk_strict = true\nchat_days = 99\n[[mailbox]]")
    assert refusal(text) == [
        f"rightsdesk.toml:{line_of('chat_days', text)}: organisation[1].clock.chat_days: "
        "Input should be less than or equal to 30"
    ]


def test_the_environment_reaches_into_the_clock_and_the_levels(load: Load, refusal: Refusal) -> None:
    organisation = (
        load(
            RIGHTSDESK__ORGANISATION__0__CLOCK__EU_PAUSE="none",
            RIGHTSDESK__ORGANISATION__0__IDENTITY_LEVELS__ACCESS="3",
            RIGHTSDESK__ORGANISATION__0__DIGEST_AT="06:45",
        )
        .mailboxes[0]
        .organisation
    )
    assert organisation.clock.eu_pause is EuPause.NONE
    assert needed_level(Kind.ACCESS, organisation) == 3
    assert organisation.digest_at == time(6, 45)
    assert refusal(SPEC, RIGHTSDESK__ORGANISATION__0__CLOCK__CHAT_DAYS="99") == [
        "environment variable RIGHTSDESK__ORGANISATION__0__CLOCK__CHAT_DAYS: organisation[1].clock.chat_days: "
        "Input should be less than or equal to 30"
    ]


def test_empty_texts_name_no_team_and_no_folder(load: Load) -> None:
    text = changed("own_lists = []", 'people_team = ""\ntemplates = ""\nown_lists = []')
    organisation = load(text).mailboxes[0].organisation
    assert (organisation.people_team, organisation.templates) == ("", None)


def test_all_languages_that_letters_are_written_in_may_be_named_and_are_by_default(load: Load) -> None:
    line = next(line for line in SPEC.splitlines() if line.startswith("languages"))
    assert set(load(changed(f"{line}\n", "")).mailboxes[0].organisation.languages) == set(LetterWriter().languages())


def test_the_file_is_the_one_asked_for_else_that_of_the_environment_else_the_one_here() -> None:
    assert settings_path(Path("a.toml"), {"RIGHTSDESK_CONFIG": "b.toml"}) == Path("a.toml")
    assert settings_path(None, {"RIGHTSDESK_CONFIG": "b.toml"}) == Path("b.toml")
    assert settings_path(None, {"RIGHTSDESK_CONFIG": ""}) == Path("rightsdesk.toml")
    assert settings_path(None, {}) == Path("rightsdesk.toml")


def test_the_text_of_this_test_is_toml() -> None:
    assert len(tomllib.loads(SPEC + SECOND)["mailbox"]) == 2


HOOK = """
[[webhook]]
name = "crm"
url = "https://crm.example.org/hooks/rightsdesk?for=us"
secret_file = "hook.secret"
events = ["case.opened"]
organisation = "example"
"""


def test_a_web_hook_has_its_secret_from_a_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / "hook.secret").write_text("a secret that nobody guesses\n")
    (hook,) = load(SPEC + HOOK).webhooks
    assert (hook.name, hook.secret, hook.events) == ("crm", b"a secret that nobody guesses", {"case.opened"})
    assert "secret" not in repr(hook)
    (tmp_path / "hook.secret").write_text("whsec_" + base64.b64encode(bytes(range(32))).decode())
    (hook,) = load(SPEC + HOOK.replace('["case.opened"]', "[]")).webhooks
    assert (hook.secret, hook.events) == (bytes(range(32)), set(HookEvent))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("https://crm", "http://crm", "http:// is for loopback addresses only"),
        ("https://crm", "ftp://crm", "must be an address like"),
        ("https://crm", "https://me:secret@crm", "must be an address like"),
        ("https://crm", "https://:secret@crm", "must be an address like"),
        ("crm.example.org/", "crm.example.org:99999/", "is no address"),
        ("crm.example.org/", "crm.example.org/a b", "is no address"),
        ('"case.opened"', '"case.exploded"', "Input should be 'case.opened'"),
        ('organisation = "example"\n', 'organisation = "elsewhere"\n', "there is no organisation 'elsewhere'"),
        ('"hook.secret"', '"none.secret"', "cannot be read"),
        ('"hook.secret"', '"short.secret"', "at least 24 characters"),
        ('"hook.secret"', '"odd.secret"', "stands base64"),
        ("secret_file", "secretfile", "did you mean secret_file?"),
    ],
)
def test_a_web_hook_that_cannot_be_is_refused(refusal: Refusal, tmp_path: Path, old: str, new: str, words: str) -> None:
    for name, secret in (("hook", "a secret that nobody guesses"), ("short", "short"), ("odd", "whsec_%%%")):
        (tmp_path / f"{name}.secret").write_text(secret)
    assert any(words in line for line in refusal(SPEC + changed(old, new, HOOK)))


def test_two_web_hooks_of_one_name_are_refused(refusal: Refusal, tmp_path: Path) -> None:
    (tmp_path / "hook.secret").write_text("a secret that nobody guesses")
    assert any("'crm' stands there twice" in line for line in refusal(SPEC + HOOK + HOOK))
