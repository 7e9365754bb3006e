"""Where is measured: a database of each kind, filled once and copied for every try."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from shutil import copyfile

from config.settings import Settings
from tests.bench.filling import People, fill
from tests.databases import postgresql_copy, sqlite_copy
from tests.postgresql import Folder
from tests.sealed import with_key
from workflow.bootstrap import Runtime, build_runtime
from workflow.services.seal import seal

Numbers = Iterator[int]


@dataclass(frozen=True)
class Ground:
    """A filled database and who acts in it; `copied` opens a fresh copy each time."""

    name: str
    url: str
    folder: Path
    people: People
    copied: Callable[[], AbstractContextManager[Runtime]]

    @contextmanager
    def opened(self) -> Iterator[Runtime]:
        """Yield a runtime on the database itself."""
        with _runtime(self.url, self.folder) as runtime:
            yield runtime


@dataclass(frozen=True)
class Site:
    """Where grounds are laid: a folder and a PostgreSQL server."""

    folder: Path
    server: Folder
    numbers: Numbers = field(default_factory=lambda: count(1))

    @contextmanager
    def sqlite(self, proposals: int, acts: int) -> Iterator[Ground]:
        """Yield a SQLite file with so many proposals and entries of each, all sealed."""
        folder = self._folder()
        with sqlite_copy(self.folder / "empty", folder / "log.sqlite") as url:
            people = _fill(url, folder, proposals, acts)

            @contextmanager
            def copied() -> Iterator[Runtime]:
                target = folder / "copy.sqlite"
                for end in ("", "-wal", "-shm"):
                    target.with_name(target.name + end).unlink(missing_ok=True)
                copyfile(folder / "log.sqlite", target)
                with _runtime(f"sqlite:///{target}", folder, last_forgotten=True) as runtime:
                    yield runtime

            yield Ground("SQLite", url, folder, people, copied)

    @contextmanager
    def postgresql(self, proposals: int, acts: int) -> Iterator[Ground]:
        """Yield a database on PostgreSQL in the same way."""
        folder, name = self._folder(), f"bench_{next(self.numbers)}"
        with postgresql_copy(self.server, name) as url:
            people = _fill(url, folder, proposals, acts)

            @contextmanager
            def copied() -> Iterator[Runtime]:
                try:
                    copy = self.server.create(f"{name}_copy", name)
                    with _runtime(copy, folder, last_forgotten=True) as runtime:
                        yield runtime
                finally:
                    self.server.drop(f"{name}_copy")

            yield Ground("PostgreSQL", url, folder, people, copied)

    def _folder(self) -> Path:
        folder = self.folder / str(next(self.numbers))
        folder.mkdir()
        return folder


def _fill(url: str, folder: Path, proposals: int, acts: int) -> People:
    with _runtime(url, folder) as runtime:
        people = fill(with_key(runtime, folder), proposals, acts)
        seal(runtime)
        if url.startswith("sqlite"):
            with runtime.engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
    return people


@contextmanager
def _runtime(url: str, folder: Path, *, last_forgotten: bool = False) -> Iterator[Runtime]:
    """Yield a runtime; a copy's key has not seen what was signed over another copy."""
    if last_forgotten:
        (folder / "log.key.last").unlink(missing_ok=True)
    runtime = build_runtime(Settings(database_url=url, log_key_file=folder / "log.key"))
    try:
        yield runtime
    finally:
        runtime.engine.dispose()
