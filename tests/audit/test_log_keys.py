"""The log's keys follow one another, and nobody who holds an older one is left behind."""

from pathlib import Path

import pytest

from config.log_key import LogKeyFile
from tests.sealed import acts, faults, record, with_key
from workflow.bootstrap import Runtime
from workflow.log.checkpoint import CheckpointError, open_checkpoint
from workflow.log.keys import SigningKey
from workflow.services.checkpoints import read_newest
from workflow.services.log_keys import add_key
from workflow.services.seal import seal


@pytest.fixture
def file(tmp_path: Path) -> LogKeyFile:
    return LogKeyFile(tmp_path / "log.key")


@pytest.fixture
def log(runtime: Runtime, tmp_path: Path) -> Runtime:
    """Give a log of three entries that are sealed."""
    log = with_key(runtime, tmp_path)
    record(log, *acts(2))
    seal(log)
    return log


def newest_note(log: Runtime) -> bytes:
    found = read_newest(log)
    assert found is not None
    return found.note.encode()


def test_while_two_keys_are_in_the_file_both_sign(log: Runtime, file: LogKeyFile) -> None:
    (old,) = file.signers()
    fresh = SigningKey.generate(old.name)
    add_key(log, fresh)
    file.write((old, fresh))
    assert seal(log).signed == 4
    for key in (old, fresh):
        assert open_checkpoint(newest_note(log), key.verifier).size == 4


def test_a_retired_key_opens_what_it_signed_and_nothing_later(
    log: Runtime, file: LogKeyFile
) -> None:
    (old,) = file.signers()
    kept, fresh = newest_note(log), SigningKey.generate(old.name)
    add_key(log, fresh)
    file.write((old, fresh))
    seal(log)
    file.write((fresh,))
    record(log, *acts(1))
    assert seal(log).signed == 5
    assert open_checkpoint(kept, old.verifier).size == 3
    with pytest.raises(CheckpointError, match="no key that is trusted here"):
        open_checkpoint(newest_note(log), old.verifier)
    assert faults(log) == []


def test_a_key_may_retire_that_signed_last_alone(log: Runtime, file: LogKeyFile) -> None:
    """A server's sealer can come between the entry of a key and the file that holds it."""
    (old,) = file.signers()
    fresh = SigningKey.generate(old.name)
    add_key(log, fresh)
    seal(log)
    file.write((fresh,))
    record(log, *acts(1))
    assert seal(log).signed == 5
    assert open_checkpoint(newest_note(log), fresh.verifier).size == 5
    assert faults(log) == []
