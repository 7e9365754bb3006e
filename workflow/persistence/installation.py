"""Facts about this database, and the lock that lets one machine at a time set it up."""

from sqlalchemy import exists, insert, select, text

from workflow.persistence.installation_tables import InstallationFact
from workflow.persistence.people_tables import Person
from workflow.persistence.unit_of_work import Tx

DEMO = "demo"
"""The fact that the database holds the demo's people."""

_LOCK = 0x53554D53455455
"""The advisory lock of whoever sets a PostgreSQL database up."""


def lock_installation(tx: Tx) -> None:
    """Let others who set up wait until this transaction ends; on SQLite every writer waits."""
    if tx.is_postgresql:
        tx.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def read_fact(tx: Tx, name: str) -> str | None:
    """Read a fact; None if nobody wrote it."""
    return tx.connection.scalar(select(InstallationFact.value).where(InstallationFact.name == name))


def write_fact(tx: Tx, name: str, value: str) -> None:
    """Write a fact for the first time."""
    tx.connection.execute(insert(InstallationFact).values(name=name, value=value))


def has_people(tx: Tx, origin: str) -> bool:
    """Say whether anybody of this origin (real, demo, import) is on record."""
    found = exists().where(Person.origin == origin)
    return bool(tx.connection.scalar(select(found)))
