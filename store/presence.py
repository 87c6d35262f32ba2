"""Which processes live: a claim of a dead process may be taken over at once, one of a living process never.

Each process holds a lock that its death releases, however it dies: a file lock beside a SQLite file, an advisory lock
on PostgreSQL. A process that only sleeps keeps its lock.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text

from models.errors import TemporaryFailure
from store.database import Database, translated_errors


class Presence:
    """This process, among those that work on one database."""

    def __init__(self, database: Database) -> None:
        """Announce this process; `name` is what its claims carry."""
        self.name = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._database = database
        self._file: IO[bytes] | None = None
        self._connection: Connection | None = None
        if database.is_sqlite:
            self._file = self._hold_file()
        else:
            with translated_errors():
                self._connection = database.engine.connect()
                self._connection.execute(text("select pg_advisory_lock(:key)"), {"key": _lock_key(self.name)})
                self._connection.commit()

    def is_alive(self, name: str) -> bool:
        """Tell whether the process of that name still lives."""
        if name == self.name:
            return True
        return self._file_is_held(name) if self._database.is_sqlite else self._key_is_held(name)

    def leave(self) -> None:
        """Release the lock; claims of this process may be taken over."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                Path(self._file.name).unlink()
            self._file.close()
        if self._connection is not None:
            with contextlib.suppress(Exception):
                self._connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _lock_key(self.name)})
            self._connection.close()

    def _hold_file(self) -> IO[bytes]:
        path = self._path(self.name)
        try:
            file = path.open("wb")
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            msg = f"the folder of the database cannot be written ({error.strerror})"
            raise TemporaryFailure(msg) from error
        return file

    def _file_is_held(self, name: str) -> bool:
        path = self._path(name)
        return path.exists() and not is_left_behind(path)

    def _key_is_held(self, name: str) -> bool:
        with translated_errors(), self._database.engine.connect() as connection:
            key = {"key": _lock_key(name)}
            is_free = connection.execute(text("select pg_try_advisory_lock(:key)"), key).scalar_one()
            if is_free:
                connection.execute(text("select pg_advisory_unlock(:key)"), key)
            connection.commit()
        return not is_free

    def _path(self, name: str) -> Path:
        database = Path(self._database.engine.url.database or "rightsdesk.db")
        return database.with_name(f".{database.name}.{name}.alive")


def is_left_behind(path: Path) -> bool:
    """Tell whether the process that held a file is dead."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"rightsdesk {name}".encode()).digest()[:8], signed=True)
