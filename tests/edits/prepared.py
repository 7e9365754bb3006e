"""A database to be edited: real acts, several levels of tiles, and entries that still wait."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from shutil import copyfile

from sqlalchemy import Engine, create_engine, event

from config.log_key import LogKeyFile
from config.settings import Settings
from tests import make
from tests.edits.databases import SAME_CHAIN, Owned
from tests.fakes import FakeClock, FakeIds
from tests.postgresql import Folder
from tests.sealed import acts, cosign_newest, record, with_key
from workflow.bootstrap import build_runtime
from workflow.domain.entry import Draft
from workflow.log.bundle.verify import Trust
from workflow.persistence.checkpoints import newest_checkpoint
from workflow.persistence.schema import metadata
from workflow.persistence.unit_of_work import UnitOfWork
from workflow.services.seal import seal

Copied = Callable[[], AbstractContextManager[UnitOfWork]]

_SEVERAL_LEVELS = 280


def fill(url: str, folder: Path, copied: Copied) -> Owned:
    """Fill a migrated database and switch its triggers off; somebody keeps a checkpoint."""
    runtime = build_runtime(Settings(database_url=url), clock=FakeClock(), ids=FakeIds())
    log = with_key(runtime, folder)
    for _ in range(3):
        make.agreed(log, make.proposal(log))
    reasons = [
        Draft(chain="party/JP", kind="grant", via="cli", texts={"reason": f"because of {number}"})
        for number in range(20)
    ]
    record(log, *reasons, *acts(_SEVERAL_LEVELS), *acts(9, "log"))
    seal(log)
    record(log, *acts(20, "log"))
    seal(log)
    with log.uow.read() as tx:
        kept = newest_checkpoint(tx)
    assert kept is not None
    cosign_newest(log)
    record(log, *acts(20))
    seal(log)
    record(log, *acts(SAME_CHAIN), *acts(3, "log"))
    record(log, *acts(5, "party/JP"))
    _drop_triggers(log.engine)
    log.engine.dispose()
    key = LogKeyFile(folder / "log.key").signers()[0]
    trust = Trust((key.verifier,), since=kept.note.encode())
    return Owned(copied, trust, key, kept.size)


def on_sqlite(url: str, folder: Path) -> Owned:
    """Fill a SQLite file, of which every edit gets a copy."""
    source, target = Path(url.removeprefix("sqlite:///")), folder / "edited.sqlite"

    @contextmanager
    def copied() -> Iterator[UnitOfWork]:
        for end in ("-wal", "-shm"):
            target.with_name(target.name + end).unlink(missing_ok=True)
        copyfile(source, target)
        with _opened(f"sqlite:///{target}") as uow:
            yield uow

    owned = fill(url, folder, copied)
    with _opened(url) as uow, uow.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return owned


def on_postgresql(url: str, folder: Path, server: Folder) -> Owned:
    """Fill a database of a server, of which every edit gets a copy."""
    name = url.partition("?")[0].rpartition("/")[2]
    numbers = count(1)

    @contextmanager
    def copied() -> Iterator[UnitOfWork]:
        copy = f"{name}_edited_{next(numbers)}"
        try:
            with _opened(server.create(copy, name)) as uow:
                yield uow
        finally:
            server.drop(copy)

    return fill(url, folder, copied)


@contextmanager
def _opened(url: str) -> Iterator[UnitOfWork]:
    """Open a database as its owner's tools do: keys of other tables are not looked at."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
    try:
        yield UnitOfWork(engine, FakeClock(), FakeIds())
    finally:
        engine.dispose()


def _drop_triggers(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            found = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type='trigger'"
            )
            for (name,) in found.all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for table in metadata.tables:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
