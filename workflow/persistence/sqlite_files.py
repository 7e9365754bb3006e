"""Copies of a SQLite database as files: made while it is in use, examined, and put in its place.

Source: SQLite, 'VACUUM INTO', 'PRAGMA integrity_check', 'PRAGMA journal_mode'.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from workflow.persistence.unit_of_work import open_engine

MAGIC: Final = b"SQLite format 3\0"
"""What every SQLite file begins with."""

_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a database; it belongs to the file that it was made for."""


class InUseError(Exception):
    """Somebody has the database open, so that its file cannot be replaced."""


def copy_into(engine: Engine, path: Path) -> None:
    """Write the database as it stands now to an empty file, while others write to it.

    The copy is written anew rather than page by page: what was deleted is not in it.
    """
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("VACUUM INTO ?", (str(path),))


def find_damage(path: Path) -> str | None:
    """Return what is wrong with a database file as such, if anything is."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            (first,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            return str(error)
    if first != "ok":
        return str(first)
    return (
        f"a row of {dangling[0]} names one of {dangling[2]} that is not there" if dangling else None
    )


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    """Give an engine on a file; when the block ends nothing stands beside the file."""
    engine = open_engine(URL.create("sqlite", database=str(path)).render_as_string())
    try:
        yield engine
    finally:
        engine.dispose()


def is_empty(path: Path) -> bool:
    """Say whether there is no database at a path, or one without tables."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    with closing(sqlite3.connect(path)) as connection:
        try:
            return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
        except sqlite3.DatabaseError:
            return False


@contextmanager
def private_copy(path: Path, folder: Path) -> Iterator[Path]:
    """Give a copy of a file that only its owner reads; unless it is moved, nothing of it stays."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=f".{path.name[:80]}.")
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file, path.open("rb") as content:
            shutil.copyfileobj(content, file)
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)
        _clear_beside(fresh, None)


def put_in_place(fresh: Path, path: Path, aside: Path) -> bool:
    """Give a file the place of a database; say whether there was one, which then stands aside.

    Raises: InUseError while anybody has it open.
    """
    _flush(fresh)
    if not path.exists():
        _clear_beside(path, None)
        fresh.replace(path)
        _flush(path.parent)
        return False
    with _locked(path):
        # Linked, not renamed: at every instant one of the two has the place.
        _link(path, aside)
        _clear_beside(path, aside)
        fresh.replace(path)
    _flush(path.parent)
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep everybody out of a database whose file is about to go; a damaged one nobody can use."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=1)) as connection:
        try:
            # Leaving the write-ahead log needs every other connection to be closed.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise InUseError from error
        except sqlite3.DatabaseError:
            pass
        yield


def _flush(path: Path) -> None:
    with suppress(PermissionError):  # a folder cannot be opened everywhere
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _link(path: Path, aside: Path) -> None:
    try:
        os.link(path, aside)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems know no hard links.
        path.replace(aside)


def _clear_beside(path: Path, aside: Path | None) -> None:
    """Move away what belongs to the former file: SQLite would take it for the new one's."""
    for suffix in _BESIDE:
        with suppress(FileNotFoundError):
            left = path.with_name(path.name + suffix)
            if aside is None:
                left.unlink()
            else:
                left.rename(aside.with_name(aside.name + suffix))
