"""Removes erased bytes from a database's files, once they are gone from its tables.

SQLite leaves deleted bytes in free pages, in unused parts of pages and in the write-ahead log:
VACUUM writes the file anew, and a checkpoint that truncates empties the log. PostgreSQL leaves
dead rows until VACUUM; ANALYZE, since its statistics keep frequent values of columns.

Source: SQLite, 'VACUUM', 'PRAGMA secure_delete', 'PRAGMA wal_checkpoint'; PostgreSQL manual,
'VACUUM', '25.1.2. Recovering Disk Space'.
"""

import sqlite3
from contextlib import closing
from typing import Final

from sqlalchemy import Connection, Engine, delete, select, text
from sqlalchemy.dialects import sqlite

from workflow.persistence.installation_tables import InstallationFact
from workflow.persistence.unit_of_work import BUSY_SECONDS, Tx, UnitOfWork

UNFINISHED = "erasure-unfinished"
"""The fact that something was erased whose bytes may still stand in the files."""

ERASED_FROM: Final = (
    "person", "audit_subject", "audit_detail", "sign_off", "revision", "idempotency_key",
    "web_session", "party_bootstrap", "sign_in_throttle",
)  # fmt: skip
"""The tables that an erasure changes."""

_CHECKPOINT_MILLISECONDS: Final = 1_000
"""How long readers of an older state are waited for, before it is left to another time."""

MAINTAIN_SINCE: Final = (17,)
"""The first PostgreSQL in which a role may be let vacuum the tables of another."""


def overwrite_deleted(tx: Tx) -> None:
    """Have SQLite overwrite with zeros what this transaction deletes, even before `wipe`."""
    if not tx.is_postgresql:
        tx.connection.exec_driver_sql("PRAGMA secure_delete = ON")


def mark_unfinished(tx: Tx, entry: str) -> None:
    """Keep that a SQLite file must be wiped, whatever becomes of this process, and for what."""
    if tx.is_postgresql:
        return
    statement = sqlite.insert(InstallationFact).values(name=UNFINISHED, value=entry)
    tx.connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"value": entry})
    )


def wipe(uow: UnitOfWork) -> bool:
    """Wipe the files if something was erased since they last were; say whether they are clean.

    They are not while others read an older state of a SQLite file, nor where the tables of
    PostgreSQL are another role's: its owner runs VACUUM, if autovacuum does not.
    """
    if uow.engine.dialect.name != "sqlite":
        return _vacuum_tables(uow.engine)
    with uow.read() as tx:
        entry = _unfinished(tx)
    if entry is None:
        return True
    if not _rewrite_file(uow.engine):
        return False
    with uow.write() as tx:
        # Somebody may have erased meanwhile: theirs is not wiped yet.
        mine = InstallationFact.value == entry
        tx.connection.execute(
            delete(InstallationFact).where(InstallationFact.name == UNFINISHED, mine)
        )
    return True


def _unfinished(tx: Tx) -> str | None:
    return tx.connection.scalar(
        select(InstallationFact.value).where(InstallationFact.name == UNFINISHED)
    )


def _rewrite_file(engine: Engine) -> bool:
    path, seconds = engine.url.database or "", BUSY_SECONDS
    with closing(sqlite3.connect(path, timeout=seconds, isolation_level=None)) as connection:
        try:
            connection.execute("VACUUM")
            connection.execute(f"PRAGMA busy_timeout = {_CHECKPOINT_MILLISECONDS}")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            # Locked, or no room on the disk: it stays to be done.
            return False
    return not busy


def _vacuum_tables(engine: Engine) -> bool:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not _may_vacuum(connection):
            return False
        connection.exec_driver_sql(f"VACUUM (ANALYZE) {', '.join(ERASED_FROM)}")
    return True


def _may_vacuum(connection: Connection) -> bool:
    """Say whether it would do anything: PostgreSQL passes over others' tables with a warning."""
    rights = "pg_has_role(relowner, 'USAGE')"
    if (connection.dialect.server_version_info or (0,)) >= MAINTAIN_SINCE:
        rights += " OR has_table_privilege(oid, 'MAINTAIN')"
    wanted = text(f"SELECT bool_and({rights}) FROM pg_class WHERE oid = ANY(:tables ::regclass[])")  # noqa: S608 - text of ours
    return bool(connection.scalar(wanted, {"tables": list(ERASED_FROM)}))
