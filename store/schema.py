"""The schema: what version a database has, and bringing it to ours by alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from models.errors import SettingsError
from store.database import Database, translated_errors

_FOLDER = Path(__file__).parent / "migrations"


def prepare_schema(database: Database) -> None:
    """Give an empty database its schema; raises SettingsError where an older or newer one needs a decision."""
    current, wanted = schema_version(database), newest_version()
    if current is None and not _has_tables(database):
        upgrade_schema(database)
    elif current != wanted:
        msg = f"the database has schema {current or 'of another program'}, this rightsdesk needs {wanted}: "
        known = current in {script.revision for script in ScriptDirectory(str(_FOLDER)).walk_revisions()}
        msg += "run `rightsdesk db upgrade`" if known else "check database.url, or install a newer rightsdesk"
        raise SettingsError(msg)


def upgrade_schema(database: Database) -> None:
    """Bring a database to the newest schema, in one transaction a step."""
    with translated_errors():
        command.upgrade(alembic_config(database), "head")


def schema_version(database: Database) -> str | None:
    """Return the revision a database has, None where it has none."""
    with translated_errors(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str:
    """Return the revision this program needs."""
    return ScriptDirectory(str(_FOLDER)).get_current_head() or ""


def alembic_config(database: Database) -> Config:
    """Return alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["engine"] = database.engine
    return config


def _has_tables(database: Database) -> bool:
    return bool(inspect(database.engine).get_table_names())
