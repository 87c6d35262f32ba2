"""The schema: what version a database has, and bringing it to ours by alembic.

Alembic loads slowly, and a database is nearly always as it should be: only what changes one loads it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from models.errors import SettingsError
from store.database import Database, translated_errors

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"


def prepare_schema(database: Database) -> None:
    """Give an empty database its schema; raises SettingsError where an older or newer one needs a decision."""
    current, wanted = schema_version(database), newest_version()
    if current is None and not _has_tables(database):
        upgrade_schema(database)
    elif current != wanted:
        msg = f"the database has schema {current or 'of another program'}, this rightsdesk needs {wanted}: "
        msg += (
            "run `rightsdesk db upgrade`"
            if current in _revisions()
            else "check database.url, or install a newer rightsdesk"
        )
        raise SettingsError(msg)


def upgrade_schema(database: Database) -> None:
    """Bring a database to the newest schema, in one transaction a step."""
    from alembic import command  # noqa: PLC0415 - see above

    with translated_errors():
        command.upgrade(alembic_config(database), "head")


def schema_version(database: Database) -> str | None:
    """Return the revision a database has, None where it has none."""
    with translated_errors(), database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def newest_version() -> str:
    """Return the revision this program needs."""
    return _revisions()[-1]


def alembic_config(database: Database) -> "Config":
    """Return alembic's configuration for a database."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["engine"] = database.engine
    return config


def _revisions() -> list[str]:
    """Return all revisions, oldest first: each begins the name of its file, and they are numbered."""
    return sorted(path.name.split("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def _has_tables(database: Database) -> bool:
    return bool(inspect(database.engine).get_table_names())
