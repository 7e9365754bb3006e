"""Backs the database up while it is in use, and sees that the copy is good before it is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workflow.export.new_file import NewFile
from workflow.persistence import postgresql_tools, sqlite_files
from workflow.persistence.unit_of_work import UnitOfWork
from workflow.services.audit_check import verify_database
from workflow.services.runtime import Runtime

Watch = Callable[[str], None]
"""Is told what is being done, in a word."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """Where the copy is, how large, and how many entries of the log it holds at least."""

    path: Path
    size_bytes: int
    entries: int


class DamagedError(Exception):
    """A database or a copy of it is damaged; the text says how."""


def back_up(
    runtime: Runtime, path: Path, *, replace: bool = False, watch: Watch = lambda _: None
) -> BackedUp:
    """Copy the database to a file that only its owner reads, and verify what was written.

    The file takes its name once it is whole and verified; until then what had the name keeps it.
    `watch` is told what is being done.

    Raises: FileExistsAlreadyError, OSError, DamagedError, NoToolError, ToolFailedError.
    """
    with NewFile(path, replace=replace) as file:
        if runtime.engine.dialect.name == "sqlite":
            entries = _copy_file(runtime, file.beside, watch)
        else:
            entries = _dump(runtime, file.beside, watch)
        size_bytes = file.beside.stat().st_size
        file.publish()
    return BackedUp(path, size_bytes, entries)


def verify_file(runtime: Runtime, path: Path) -> int:
    """Verify a SQLite file and the log in it, and count its entries. Raises: DamagedError."""
    if damage := sqlite_files.find_damage(path):
        raise DamagedError(damage)
    with sqlite_files.opened(path) as engine:
        return verify_log(UnitOfWork(engine, runtime.clock, runtime.ids))


def verify_log(uow: UnitOfWork) -> int:
    """Verify the log of a database, and count its entries. Raises: DamagedError."""
    found = verify_database(uow)
    if found.fault is not None:
        raise DamagedError(f"the log is broken: {found.fault.sentence}")
    return found.entries


def _copy_file(runtime: Runtime, path: Path, watch: Watch) -> int:
    watch("Copying")
    sqlite_files.copy_into(runtime.engine, path)
    watch("Verifying")
    return verify_file(runtime, path)


def _dump(runtime: Runtime, path: Path, watch: Watch) -> int:
    """Dump, then verify the log that was dumped and has only grown since."""
    tools = postgresql_tools.find_tools(runtime.engine)
    watch("Copying")
    tools.dump(path)
    watch("Verifying")
    tools.read(path)
    return verify_log(runtime.uow)
