"""The database refuses to change what the sealer and the witnesses wrote; tiles only grow."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from tests.make_rows import party_row
from tests.sealed import acts, cosign_newest, faults, record, with_key
from workflow.bootstrap import Runtime
from workflow.services.seal import seal

Attempt = Callable[[str], None]

KEYS = {
    "audit_run": "first_leaf",
    "audit_checkpoint": "size",
    "audit_cosignature": "witness_id",
    "log_key": "id",
    "audit_tile": "number",
    "log_state": "id",
}
GROWING = {"audit_tile", "log_state"}


@pytest.fixture
def log(runtime: Runtime, tmp_path: Path) -> Runtime:
    """Give a log with a row in each of its tables."""
    log = with_key(runtime, tmp_path)
    record(log, *acts(3))
    seal(log)
    with log.uow.write() as tx:
        party_row(tx, "UZ", "state")
    cosign_newest(log)
    return log


@pytest.fixture
def attempt(log: Runtime) -> Attempt:
    """Return a way to run SQL as somebody who has the database but forgot our pragmas."""
    on_sqlite = log.engine.dialect.name == "sqlite"

    def run(statement: str) -> None:
        with log.engine.connect() as connection:
            if on_sqlite:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA recursive_triggers = OFF")
                connection.exec_driver_sql("BEGIN")
            try:
                connection.exec_driver_sql(statement)
                connection.commit()
            finally:
                if on_sqlite:
                    connection.exec_driver_sql("PRAGMA recursive_triggers = ON")

    return run


def of_any(table: str, key: str) -> list[str]:
    return [
        f"UPDATE {table} SET {key} = {key} + 1",
        f"UPDATE {table} SET {key} = {key}",
        f"DELETE FROM {table}",
    ]


def of_sqlite(table: str, key: str) -> list[str]:
    return [
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        f"UPDATE OR REPLACE {table} SET {key} = {key} + 1",
        (
            f"INSERT INTO {table} SELECT * FROM {table} WHERE true"
            f" ON CONFLICT DO UPDATE SET {key} = {key} + 1"
        ),
    ]


def of_postgresql(table: str, key: str) -> list[str]:
    replica = "SET session_replication_role = replica;"
    return [
        f"TRUNCATE {table} CASCADE",
        f"{replica} DELETE FROM {table}",
        f"{replica} TRUNCATE {table} CASCADE",
        f"{replica} UPDATE {table} SET {key} = {key} + 1",
        f"MERGE INTO {table} a USING {table} b ON a.{key} = b.{key} WHEN MATCHED THEN DELETE",
        (
            f"INSERT INTO {table} SELECT * FROM {table} WHERE true"
            f" ON CONFLICT ON CONSTRAINT pk_{table} DO UPDATE SET {key} = excluded.{key} + 1"
        ),
    ]


@pytest.mark.parametrize("table", KEYS)
def test_database_refuses_to_change_the_log(log: Runtime, attempt: Attempt, table: str) -> None:
    own = of_sqlite if log.engine.dialect.name == "sqlite" else of_postgresql
    for statement in [*of_any(table, KEYS[table]), *own(table, KEYS[table])]:
        with pytest.raises(DBAPIError, match="append-only"):
            attempt(statement)
    assert faults(log) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_tile SET hashes = substr(hashes, 1, 32)",
        "UPDATE audit_tile SET hashes = substr(hashes, 33, 96)",
        "UPDATE audit_tile SET hashes = substr(hashes, 33, 96) || hashes",
        "UPDATE audit_tile SET level = 1, hashes = hashes || substr(hashes, 1, 32)",
        "UPDATE audit_tile SET number = 1, hashes = hashes || substr(hashes, 1, 32)",
        "UPDATE log_state SET size = 3",
        "UPDATE log_state SET size = 0",
        "UPDATE log_state SET root = (SELECT substr(hashes, 1, 32) FROM audit_tile)",
        "UPDATE log_state SET size = 4, root = (SELECT substr(hashes, 1, 32) FROM audit_tile)",
        "UPDATE log_state SET id = 2, size = 9",
    ],
)
def test_database_lets_tiles_and_state_grow_and_nothing_else(
    log: Runtime, attempt: Attempt, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        attempt(statement)
    record(log, *acts(300))
    seal(log)
    assert faults(log) == []
