"""A tree that does not continue what was signed is not signed, and the reason is said."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from config.log_key import LogKeyFile
from config.settings import Settings
from tests.fakes import FakeClock, FakeIds
from tests.postgresql import Folder
from tests.sealed import acts, faults, record, with_key
from workflow.bootstrap import Runtime, build_runtime
from workflow.log.keys import SigningKey
from workflow.persistence.checkpoints import newest_checkpoint
from workflow.persistence.sealing import read_state
from workflow.services.seal import seal
from workflow.services.tree import BrokenTreeError, ForkedLogError


@dataclass
class Backups:
    """Makes copies of a database, each at an address of its own."""

    folder: Path
    server: Callable[[], Folder]
    opened: list[Runtime] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def copy(self, runtime: Runtime) -> str:
        """Copy a database as it is now; give the copy's address."""
        number, url = next(self.numbers), runtime.engine.url
        runtime.engine.dispose()
        if url.get_backend_name() == "sqlite":
            target = self.folder / f"copy-{number}.sqlite"
            with (
                closing(sqlite3.connect(str(url.database))) as source,
                closing(sqlite3.connect(target)) as copy,
            ):
                source.backup(copy)
            return f"sqlite:///{target}"
        self.made.append(f"{url.database}_copy_{number}")
        return self.server().create(self.made[-1], str(url.database))

    def open(self, address: str) -> Runtime:
        """Start on a database with the key that lies in the folder."""
        settings = Settings(database_url=address, log_key_file=self.folder / "log.key")
        self.opened.append(build_runtime(settings, clock=FakeClock(), ids=FakeIds()))
        return self.opened[-1]

    def close(self) -> None:
        """Let go of every copy."""
        for runtime in self.opened:
            runtime.engine.dispose()
        for name in self.made:
            self.server().drop(name)


@pytest.fixture
def backups(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Backups]:
    backups = Backups(tmp_path, lambda: request.getfixturevalue("postgresql"))
    yield backups
    backups.close()


@pytest.fixture
def log(runtime: Runtime, tmp_path: Path) -> Runtime:
    """Give a log of ten entries that are sealed."""
    log = with_key(runtime, tmp_path)
    record(log, *acts(9))
    seal(log)
    return log


def signed(runtime: Runtime) -> tuple[int, str | None]:
    """Give the largest size that was signed, and what is kept beside the key."""
    key = runtime.read_log_key()
    with runtime.uow.read() as tx:
        newest = newest_checkpoint(tx)
    assert newest is not None
    return newest.size, key.last() if key else None


@contextmanager
def refusal(words: str, runtime: Runtime) -> Iterator[None]:
    """Expect that a checkpoint is refused in these words, and that nothing was signed."""
    before = signed(runtime)
    with pytest.raises(ForkedLogError, match=words):
        yield
    assert signed(runtime) == before


def test_an_older_copy_that_goes_on_is_refused(log: Runtime, backups: Backups) -> None:
    older = backups.copy(log)
    record(log, *acts(30))
    seal(log)
    restored = backups.open(older)
    record(restored, *acts(2))
    words = (
        "rolled back: the last checkpoint beside the key vouches for 40 entries, the tree has 12"
    )
    with refusal(words, restored):
        seal(restored)
    with refusal(words, restored):
        seal(restored)


def test_an_older_copy_that_grew_past_the_newer_one_is_refused(
    log: Runtime, backups: Backups
) -> None:
    older = backups.copy(log)
    record(log, *acts(5))
    seal(log)
    restored = backups.open(older)
    record(restored, *acts(20, "log"))
    with refusal("rewritten: its first 15 entries are not those that the last", restored):
        seal(restored)


def test_an_older_copy_is_refused_before_anybody_writes_to_it(
    log: Runtime, backups: Backups
) -> None:
    older = backups.copy(log)
    record(log, *acts(30))
    seal(log)
    restored = backups.open(older)
    words = (
        "rolled back: the last checkpoint beside the key vouches for 40 entries, the tree has 10"
    )
    with refusal(words, restored):
        seal(restored)


def test_of_two_copies_that_went_on_only_the_first_is_signed(
    log: Runtime, backups: Backups
) -> None:
    twin = backups.open(backups.copy(log))
    record(log, *acts(5))
    record(twin, *acts(5, "log"))
    assert seal(log).signed == 15
    with refusal("rewritten", twin):
        seal(twin)
    assert faults(log) == []
    record(log, *acts(1))
    assert seal(log).signed == 16


def test_a_copy_that_holds_all_that_was_signed_goes_on(log: Runtime, backups: Backups) -> None:
    record(log, *acts(3))
    newest = backups.open(backups.copy(log))
    assert seal(newest).signed == 13
    record(newest, *acts(2))
    assert seal(newest).signed == 15
    assert faults(newest) == []


def test_the_key_of_another_log_is_refused(log: Runtime, tmp_path: Path) -> None:
    file = LogKeyFile(tmp_path / "log.key")
    name = file.signers()[0].name
    record(log, *acts(1))
    file.write((SigningKey.generate(name),))
    with refusal("holds the keys of another log", log):
        seal(log)


@pytest.mark.parametrize("note", ["", "no note\n", "other/log\n3\nAAAA\n\n"])
def test_a_last_checkpoint_that_cannot_be_read_is_refused(
    log: Runtime, tmp_path: Path, note: str
) -> None:
    LogKeyFile(tmp_path / "log.key").keep(note)
    record(log, *acts(1))
    with refusal("beside the log's key is no checkpoint of this log", log):
        seal(log)


def run_as_owner(log: Runtime, statement: str) -> None:
    """Change the tree as its database's owner can, who switches the triggers off."""
    with log.engine.begin() as connection:
        if log.engine.dialect.name == "sqlite":
            for table in ("audit_tile", "log_state", "audit_checkpoint"):
                for name in ("no_update", "no_delete", "no_replace"):
                    connection.exec_driver_sql(f"DROP TRIGGER {table}_{name}")
        else:
            for table in ("audit_tile", "log_state", "audit_checkpoint"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        assert connection.exec_driver_sql(statement).rowcount > 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_tile",
        "UPDATE audit_tile SET hashes = substr(hashes, 1, 32)",
        "UPDATE audit_tile SET number = 7",
        "UPDATE log_state SET size = 9",
        "UPDATE log_state SET size = 11",
        "UPDATE log_state SET size = 256",
        "UPDATE log_state SET root = (SELECT substr(hashes, 1, 32) FROM audit_tile)",
    ],
)
def test_nothing_is_built_on_a_tree_that_does_not_hang_together(
    log: Runtime, statement: str
) -> None:
    record(log, *acts(1))
    run_as_owner(log, statement)
    with log.uow.read() as tx:
        before = read_state(tx)
    for _ in range(2):
        with pytest.raises(BrokenTreeError):
            seal(log)
    with log.uow.read() as tx:
        assert read_state(tx) == before


def test_a_checkpoint_here_that_the_tree_does_not_continue_is_refused(log: Runtime) -> None:
    run_as_owner(log, "UPDATE audit_checkpoint SET root = (SELECT substr(hashes, 1, 32)"
                      " FROM audit_tile)")  # fmt: skip
    record(log, *acts(1))
    with refusal("rewritten: its first 10 entries are not those that the newest checkpoint", log):
        seal(log)


def test_nothing_is_sealed_where_nobody_knows_how_far_the_tree_has_grown(log: Runtime) -> None:
    record(log, *acts(1))
    run_as_owner(log, "DELETE FROM log_state")
    with pytest.raises(BrokenTreeError, match="how far the log has grown is missing"):
        seal(log)
