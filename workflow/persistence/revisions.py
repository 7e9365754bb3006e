"""Brings a database to the newest revision of its tables, and says which revision it has."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

import migrations

_LOCK = 0x53554D4D4954
"""The advisory lock that keeps two machines from migrating one PostgreSQL database at once."""


def upgrade(engine: Engine) -> None:
    """Run every revision the database does not have; safe from several machines at once."""
    if engine.dialect.name == "sqlite":
        _switch_to_wal(engine)
    opened = engine.connect().execution_options(summit_begin="BEGIN IMMEDIATE")
    with opened as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def present_revision(connection: Connection) -> str | None:
    """Give the revision the database has; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Give the revision this code was written for."""
    return ScriptDirectory.from_config(_configuration()).get_current_head()


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return configuration


def _switch_to_wal(engine: Engine) -> None:
    # Once, here: eight openers that each switched deadlocked in a trial.
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is not None:
            driver.execute("PRAGMA journal_mode = WAL")
