"""`summit audit key`: a key follows another, in entries that both have signed."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from config.log_key import LogKeyFile
from tests.sealed import faults, with_key
from workflow.bootstrap import Runtime
from workflow.cli import summit
from workflow.cli.frame import run
from workflow.log.checkpoint import open_checkpoint
from workflow.persistence.audit_tables import AuditEntry
from workflow.services.checkpoints import read_newest
from workflow.services.seal import seal


@pytest.fixture
def signing(runtime: Runtime, tmp_path: Path) -> Runtime:
    """Give a machine that signs its log."""
    settings = replace(runtime.settings, log_key_file=tmp_path / "log.key")
    signing = with_key(replace(runtime, settings=settings), tmp_path)
    seal(signing)
    return signing


def kinds(runtime: Runtime) -> list[str]:
    with runtime.uow.read() as tx:
        return list(tx.connection.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))


def test_a_key_is_followed_by_another_and_says_so_in_what_it_signs_last(
    signing: Runtime, tmp_path: Path
) -> None:
    file = LogKeyFile(tmp_path / "log.key")
    (old,) = file.signers()
    assert run(summit, ["audit", "key", "--rotate"], signing) == 0
    assert run(summit, ["audit", "key", "--retire"], signing) == 0
    assert kinds(signing) == ["log-key", "log-key", "log-key-retired"]
    last = read_newest(signing)
    assert last is not None
    assert open_checkpoint(last.note.encode(), old.verifier).size == 3
    assert old not in file.signers()
    assert faults(signing) == []


def test_the_only_key_does_not_retire(signing: Runtime) -> None:
    assert run(summit, ["audit", "key", "--retire"], signing) == 2
    assert kinds(signing) == ["log-key"]


def test_rotating_and_retiring_at_once_would_leave_parties_behind(signing: Runtime) -> None:
    assert run(summit, ["audit", "key", "--rotate", "--retire"], signing) == 2
    assert kinds(signing) == ["log-key"]
