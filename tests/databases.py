"""Fresh migrated databases, quickly: each is a copy of one that was prepared once."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings
from tests.postgresql import Folder
from workflow.bootstrap import build_runtime

_TEMPLATE = "template_migrated"

Make = Callable[[str], None]
"""What prepares the database at an address."""


def migrated(url: str) -> None:
    """Migrate the database at an address to the newest revision, as `summit init` does."""
    from workflow.services.install import upgrade  # noqa: PLC0415 - most tests need no Alembic

    runtime = build_runtime(Settings(database_url=url))
    try:
        upgrade(runtime)
    finally:
        runtime.engine.dispose()


def empty(_url: str) -> None:
    """Leave a database without tables."""


@contextmanager
def sqlite_copy(prepared: Path, target: Path, make: Make = migrated) -> Iterator[str]:
    """Yield the address of a fresh SQLite file, a copy of the prepared one."""
    if not prepared.exists():
        _prepare_file(prepared, make)
    shutil.copyfile(prepared, target)
    yield f"sqlite:///{target}"


@contextmanager
def postgresql_copy(folder: Folder, name: str, make: Make = migrated) -> Iterator[str]:
    """Yield the address of a fresh PostgreSQL database, a copy of the prepared one."""
    prepared = f"{_TEMPLATE}_{make.__name__}"
    with folder.server().locked():
        if not (folder.path / prepared).exists():
            folder.drop(prepared)
            make(folder.create(prepared, "template0"))
            (folder.path / prepared).touch()
    url = folder.create(name, prepared)
    try:
        yield url
    finally:
        folder.drop(name)


def _prepare_file(prepared: Path, make: Make) -> None:
    unfinished = prepared.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    sqlite3.connect(unfinished).close()
    make(f"sqlite:///{unfinished}")
    with sqlite3.connect(unfinished) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    unfinished.rename(prepared)
