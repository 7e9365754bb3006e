"""Killed at any statement the sealer leaves a log that the next run continues."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event

from config.log_key import LogKeyFile
from tests.sealed import acts, faults, record, with_key
from workflow.bootstrap import Runtime
from workflow.log.keys import SigningKey
from workflow.persistence.checkpoints import newest_checkpoint
from workflow.persistence.sealing import read_state
from workflow.services.seal import seal


class CrashError(Exception):
    """The machine stops here."""


@dataclass(eq=False)
class Instants:
    """Counts the moments at which a machine may stop, and stops it at one of them."""

    crash_at: int
    passed: Iterator[int] = field(default_factory=lambda: count(1))

    def __call__(self, *_: object) -> None:
        """Pass one such moment."""
        if next(self.passed) == self.crash_at:
            raise CrashError


@dataclass(frozen=True)
class CrashingKey:
    """A key on a machine that may stop before or after it keeps what was signed."""

    file: LogKeyFile
    instants: Instants

    def signers(self) -> tuple[SigningKey, ...]:
        """Return the file's keys."""
        return self.file.signers()

    def last(self) -> str | None:
        """Return the file's last checkpoint."""
        return self.file.last()

    def keep(self, note: str) -> None:
        """Keep a checkpoint, if the machine lives so long."""
        self.instants()
        self.file.keep(note)
        self.instants()


@contextmanager
def crashing(runtime: Runtime, at: int) -> Iterator[Runtime]:
    """Yield a runtime whose machine stops before a statement or a commit, or at the key."""
    instants, key = Instants(at), runtime.read_log_key()
    assert isinstance(key, LogKeyFile)
    with ExitStack() as stack:
        for name in ("before_cursor_execute", "commit"):
            event.listen(runtime.engine, name, instants)
            stack.callback(event.remove, runtime.engine, name, instants)
        yield replace(runtime, read_log_key=lambda: CrashingKey(key, instants))


def signed_size(runtime: Runtime) -> int:
    with runtime.uow.read() as tx:
        newest = newest_checkpoint(tx)
        return newest.size if newest else 0


def tree_size(runtime: Runtime) -> int:
    with runtime.uow.read() as tx:
        return read_state(tx).size


def test_stopped_at_any_instant_the_next_run_continues(runtime: Runtime, tmp_path: Path) -> None:
    log = with_key(runtime, tmp_path)
    record(log, *acts(150))
    between = 0
    for instant in count(1):
        record(log, *acts(6), *acts(1, "log"))
        try:
            with crashing(log, instant) as doomed:
                seal(doomed)
        except CrashError:
            assert faults(log, all_sealed=False) == []
            between += tree_size(log) > signed_size(log) > 0
            seal(log)
            assert faults(log) == []
            assert signed_size(log) == tree_size(log) == 151 + 7 * instant
        else:
            break
    assert instant > 15, "there are fewer instants than the sealer has statements"
    assert between > 3, "it was never stopped between the tree and the checkpoint"
    assert faults(log) == []


def test_stopped_again_and_again_it_gets_there(runtime: Runtime, tmp_path: Path) -> None:
    """Each run comes one instant further than the one before."""
    log = with_key(runtime, tmp_path)
    record(log, *acts(300))
    for instant in count(1):
        try:
            with crashing(log, instant) as doomed:
                seal(doomed)
        except CrashError:
            continue
        break
    assert faults(log) == []
    assert signed_size(log) == 301


def test_a_checkpoint_kept_and_not_stored_is_signed_again(runtime: Runtime, tmp_path: Path) -> None:
    log = with_key(runtime, tmp_path)
    file = log.read_log_key()
    assert file is not None
    with crashing(log, at=10**6) as doomed:
        key = doomed.read_log_key()
    assert isinstance(key, CrashingKey)
    stopping = CrashingKey(key.file, Instants(2))
    with pytest.raises(CrashError):
        seal(replace(log, read_log_key=lambda: stopping))
    kept = file.last()
    assert kept is not None
    assert signed_size(log) == 0
    record(log, *acts(3))
    assert seal(log).signed == 4
    assert file.last() != kept
    assert faults(log) == []
