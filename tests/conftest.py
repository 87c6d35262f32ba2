"""The real parts that tests run on: databases, Dovecot, an SMTP listener, a key, a configuration."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from chromium import Chromium
from dovecot import PASSWORD, USER, Dovecot
from hypothesis import HealthCheck, settings
from listener import Listener
from postgres import Cluster

from store.audit import Audit
from store.database import Database, open_database
from store.schema import upgrade_schema
from store.vault import MasterKey, Vault, write_key_file

# How fast a machine is says nothing about whether a property holds.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

BOTH = ["sqlite", "postgresql"]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what runs whole programs and has nothing to do with which database there is."""
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""For pages whose deeds are tried on both elsewhere: this one is the stricter with what is typed into forms."""


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    cluster.start()
    yield cluster
    cluster.stop()


def migrate(url: str) -> str:
    database = open_database(url)
    upgrade_schema(database)
    database.close()
    return url


@pytest.fixture(scope="session")
def postgresql_url(cluster: Cluster) -> str:
    """A PostgreSQL database with the schema, emptied before each test."""
    return migrate(cluster.url(cluster.create()))


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the schema, copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "desk.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database that migrations have prepared; each test that asks for it runs on both."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_file"), tmp_path / "desk.db")
        return f"sqlite:///{tmp_path}/desk.db"
    url: str = request.getfixturevalue("postgresql_url")
    request.getfixturevalue("cluster").empty(url)
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url)
    yield database
    database.close()


@pytest.fixture
def master() -> MasterKey:
    return MasterKey(secrets.token_bytes(32))


@pytest.fixture
def vault(master: MasterKey) -> Vault:
    return Vault(master)


@pytest.fixture
def audit(master: MasterKey) -> Audit:
    return Audit(master)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def dovecot(authority: trustme.CA) -> Iterator[Dovecot]:
    server = Dovecot(authority)
    server.start()
    yield server
    server.remove()


@pytest.fixture
def listener(authority: trustme.CA) -> Iterator[Listener]:
    server = Listener(authority)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """The browser; one a module, as no other event loop can run in its thread meanwhile."""
    with Chromium() as chromium:
        yield chromium


@pytest.fixture
def desk_folder(tmp_path: Path, dovecot: Dovecot, listener: Listener, database_url: str) -> Path:
    """A folder with a configuration for the real servers, as an administrator would write it."""
    folder = tmp_path / "desk"
    folder.mkdir()
    write_key_file(folder / "rightsdesk.key")
    (folder / "imap.password").write_text(PASSWORD + "\n")
    (folder / "rightsdesk.toml").write_text(f"""
[database]
url = "{database_url}"
[vault]
key_file = "rightsdesk.key"
[web]
port = 1
[auth]
require_codes = false
[[organisation]]
slug = "example"
name = "Example Ltd"
address = "1 High Street, London"
regime = "uk"
country = "GB-ENG"
timezone = "Europe/London"
languages = ["en", "es", "fr", "de"]
contact = "privacy@example.org"
lead_authority = "GB"
authorities = ["FR", "ES"]
trusted_authserv = ["mx.example.org"]
archive_before = "none"
staff_domains = ["example.org"]
[[mailbox]]
name = "contact"
organisation = "example"
address = "contact@example.org"
[mailbox.imap]
host = "127.0.0.1"
port = {dovecot.port}
tls = "starttls"
user = "{USER}"
password_file = "imap.password"
ca_file = "{dovecot.ca_file}"
[mailbox.smtp]
host = "127.0.0.1"
port = {listener.port}
tls = "starttls"
ca_file = "{dovecot.ca_file}"
""")
    return folder


class Command:
    """The real command `rightsdesk`, run in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = str(Path(sys.executable).parent / "rightsdesk")

    def __call__(
        self, *arguments: str, given: str | bytes = "", environment: dict[str, str] | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *arguments],
            cwd=self.folder,
            input=given if isinstance(given, str) else given.decode(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            env=os.environ | (environment or {}),
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.program, *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


@pytest.fixture
def rightsdesk(desk_folder: Path) -> Command:
    return Command(desk_folder)
