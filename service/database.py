"""Opening the database of a configuration: enough to list and to verify."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.settings import Settings
from store.database import Database, open_database
from store.schema import prepare_schema


@contextmanager
def opened_database(settings: Settings) -> Iterator[Database]:
    """Yield the database with its schema; raises SettingsError or TemporaryFailure with advice."""
    database = open_database(settings.database_url)
    try:
        prepare_schema(database)
        yield database
    finally:
        database.close()
