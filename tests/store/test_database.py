"""The database: commits last, writers wait for each other, errors say what to do."""

import threading
import time
from datetime import datetime

import pytest
from conftest import on_postgresql
from sqlalchemy import text

from models.audit import Action
from models.errors import SettingsError, TemporaryFailure
from store.audit import Audit
from store.database import Database, despite_deadlocks, open_database
from store.presence import Presence


def test_sqlite_keeps_every_commit_through_a_power_cut(tmp_path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/d.db")
    with database.reading() as session:
        answers = [
            session.connection().execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
    assert answers == ["wal", 2, 1, 1]
    database.close()


def test_writers_in_many_threads_lose_nothing(database: Database, audit: Audit, now: datetime) -> None:
    def write() -> None:
        for _ in range(10):
            with database.transaction() as session:
                audit.append(session, Action.MESSAGE_STORED, at=now)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        found = audit.verify(session)
    assert (found.entries, found.problem) == (40, "")


@on_postgresql
def test_two_steps_that_waited_for_each_other_are_both_done(database: Database) -> None:
    meeting, done = threading.Barrier(2), []

    def step(first: int, second: int) -> None:
        def locked() -> None:
            with database.transaction() as session:
                session.connection().execute(text(f"select pg_advisory_xact_lock({first})"))
                if not meeting.broken:
                    meeting.wait(5)
                    time.sleep(0.2)
                    meeting.abort()
                session.connection().execute(text(f"select pg_advisory_xact_lock({second})"))
                done.append(first)

        despite_deadlocks(locked)

    threads = [threading.Thread(target=step, args=order) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [1, 2]


def test_an_error_inside_undoes_everything(database: Database, audit: Audit, now: datetime) -> None:
    with pytest.raises(KeyError), database.transaction() as session:
        audit.append(session, Action.MESSAGE_STORED, at=now)
        raise KeyError
    with database.reading() as session:
        assert audit.verify(session).entries == 0


def test_a_database_that_is_away_is_a_temporary_failure_that_says_so() -> None:
    database = open_database("postgresql+psycopg://desk@127.0.0.1:1/none?connect_timeout=2")
    with pytest.raises(TemporaryFailure, match="does not answer"), database.reading() as session:
        session.connection().execute(text("select 1"))
    database.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite+aiosqlite:///x.db"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(SettingsError, match=r"database\.url"):
        open_database(url)


def test_a_folder_that_cannot_be_written_is_told(tmp_path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/no/such/folder/d.db")
    with pytest.raises(TemporaryFailure, match="cannot be written"), database.reading() as session:
        session.connection()
    database.close()


def test_a_living_process_is_known_from_a_dead_one(database: Database) -> None:
    one, other = Presence(database), Presence(database)
    assert one.is_alive(other.name)
    other.leave()
    assert not one.is_alive(other.name)
    assert one.is_alive(one.name)
    one.leave()
