"""Keeping a database tidy while it is in use."""

from pathlib import Path

from store.database import Database
from store.presence import is_left_behind


def tidy_up(database: Database) -> None:
    """On SQLite: write the log back, so that forgotten keys leave no bytes in it, and sweep files of dead
    processes."""
    if not database.is_sqlite:
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = Path(database.engine.url.database or ".").parent
    for path in folder.glob(".*.alive"):
        if is_left_behind(path):
            path.unlink(missing_ok=True)
