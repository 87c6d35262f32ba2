"""The database: the only place that makes an engine, opens a transaction and commits.

Comes in: a URL (`sqlite:///file` or `postgresql+psycopg://...`). Goes out: sessions whose work is kept whole or not
at all.
Functions below take an open session and never commit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session

from models.errors import Deadlocked, DeskError, SettingsError, Taken, TemporaryFailure

BUSY_SECONDS = 30
_DEADLOCK = "40P01"
_NOT_UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
_MOST_DEADLOCKS = 5
Result = TypeVar("Result")


class Database:
    """An open database."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine made by `open_database`."""
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        # SQLite lets one write at a time, and makes others sleep and look again: within a process a lock is quicker.
        self._one_writer = Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session whose work is committed at the end, or rolled back on any error.

        On SQLite it takes the write lock at once (BEGIN IMMEDIATE), so that what was read cannot change under it.
        Queries see what was added or changed before them only after a flush: say so where it matters.

        Raises TemporaryFailure where the database is locked, full or away, and Taken where another transaction made
        first what there may be once.
        """
        engine = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        session = Session(engine, expire_on_commit=False, autoflush=False)
        with self._one_writer, translated_errors(), session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session for reading only; nothing done in it is kept.

        Raises TemporaryFailure where the database is away.
        """
        with translated_errors(), Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.rollback()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Return the database at a URL, with every connection set up for lasting commits.

    Raises SettingsError for an unusable URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        msg = "database.url is not a database URL; write sqlite:///file.db or postgresql+psycopg://user@host/name"
        raise SettingsError(msg) from error
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"}:
        return Database(_open_sqlite(url))
    if parsed.drivername == "postgresql+psycopg":
        return Database(create_engine(url, pool_pre_ping=True, pool_size=10, hide_parameters=True))
    msg = f"database.url names {parsed.drivername}; rightsdesk runs on sqlite and postgresql+psycopg"
    raise SettingsError(msg)


def _open_sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and Path(path).parent.is_dir():
        Path(path).touch(mode=0o600)  # the queue's names and addresses are readable in it
    connect = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=connect, hide_parameters=True)  # parameters are personal data

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        """Set up a new connection."""
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",  # a commit outlives a power cut; NORMAL would not
            "foreign_keys = ON",
            "secure_delete = ON",  # a forgotten key leaves no bytes behind
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        """Begin a transaction, with the write lock where it is to write."""
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def insert_into(session: Session, table: Any) -> Any:
    """Return an insert that can give way to a row that is there: both databases can, each in its own words."""
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return kind.insert(table.__table__)


def ping(database: Database) -> str:
    """Return the server's name and version; raises TemporaryFailure where it cannot be reached."""
    query = "select sqlite_version()" if database.is_sqlite else "show server_version"
    with database.reading() as session:
        version = session.connection().execute(text(query)).scalar_one()
    return f"{'SQLite' if database.is_sqlite else 'PostgreSQL'} {version}"


def despite_deadlocks(step: Callable[[], Result]) -> Result:
    """Do a step that is one transaction, again where the database ended it because it and another waited for each
    other; raises Deadlocked where that does not end.
    """
    for _ in range(_MOST_DEADLOCKS - 1):
        try:
            return step()
        except Deadlocked:
            continue
    return step()


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the driver's errors of a database that is locked, full or away into TemporaryFailure with advice, and of
    a row that there may be once into Taken."""
    try:
        yield
    except DeskError:
        raise
    except OperationalError as error:
        is_deadlock = getattr(error.orig, "sqlstate", "") == _DEADLOCK
        raise (Deadlocked if is_deadlock else TemporaryFailure)(_advice(error)) from error
    except IntegrityError as error:
        if {getattr(error.orig, "sqlstate", ""), getattr(error.orig, "sqlite_errorname", "")} & _NOT_UNIQUE:
            raise Taken("somebody else made the same at the same moment: look at what is there now") from error
        raise
    except DBAPIError as error:
        if error.connection_invalidated:
            raise TemporaryFailure(_advice(error)) from error
        raise


def _advice(error: DBAPIError) -> str:
    # The driver's own text, never the statement: that would carry its parameters.
    cause = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    if "full" in cause or "No space" in cause:
        return f"the disk is full ({cause}): free some space; nothing was lost, work goes on by itself"
    if "locked" in cause:
        return f"another program holds the database ({cause}): close it; work goes on by itself"
    if "unable to open" in cause or "readonly" in cause:
        return f"the database file cannot be written ({cause}): check database.url and the rights of its folder"
    return f"the database does not answer ({cause})"
