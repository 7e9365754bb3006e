"""The sealer gives every entry one place in the tree, in the order of its chain."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from config.log_key import LogKeyFile
from tests import make
from tests.sealed import acts, faults, order, record, waiting, with_key
from workflow.bootstrap import Runtime
from workflow.log.checkpoint import open_checkpoint
from workflow.log.keys import SigningKey, VerifierKey
from workflow.persistence import sealing
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.checkpoints import newest_checkpoint, read_vkeys
from workflow.persistence.entries import append
from workflow.persistence.log_tables import AuditCheckpoint, AuditRun, AuditTile
from workflow.services import seal as sealer
from workflow.services.log_keys import add_key
from workflow.services.seal import SealReport, seal

TREE = (AuditRun, AuditTile, AuditCheckpoint)


@pytest.fixture
def log(runtime: Runtime, tmp_path: Path) -> Runtime:
    """Give a log whose key is on this machine and whose only entry, which names it, is sealed."""
    log = with_key(runtime, tmp_path)
    assert seal(log) == SealReport(1, 1, 1)
    return log


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let blocks and portions be small, so that a few hundred entries make many of them."""
    monkeypatch.setattr(sealing, "BLOCK_ENTRIES", 30)
    monkeypatch.setattr(sealer, "BLOCK_ENTRIES", 30)
    monkeypatch.setattr(sealer, "ENTRIES_AT_ONCE", 100)


def contents(runtime: Runtime) -> list[list[tuple[object, ...]]]:
    """Give all that the sealer writes."""
    with runtime.uow.read() as tx:
        return [
            [tuple(row) for row in tx.connection.execute(select(*table.__table__.c))]
            for table in TREE
        ]


def checkpoint_sizes(runtime: Runtime) -> list[int]:
    with runtime.uow.read() as tx:
        sizes = select(AuditCheckpoint.size).order_by(AuditCheckpoint.size)
        return list(tx.connection.scalars(sizes))


def test_every_entry_is_sealed_once_in_the_order_of_its_chain(log: Runtime) -> None:
    written = [entry.entry_id for entry in record(log, *acts(3), *acts(2, "log"))]
    written += [entry.entry_id for entry in record(log, *acts(1), *acts(300, "party/JP"))]
    assert seal(log) == SealReport(306, 307, 307)
    with log.uow.read() as tx:
        assert order(tx)[1:] == written
        assert waiting(tx) == []
    assert faults(log) == []


def test_real_acts_are_sealed(log: Runtime) -> None:
    reference = make.proposal(log)
    make.agreed(log, reference)
    with log.uow.read() as tx:
        number = len(list(tx.connection.scalars(select(AuditEntry.id))))
    assert seal(log).size == number
    assert faults(log) == []


def test_sealing_again_writes_nothing(log: Runtime) -> None:
    record(log, *acts(5))
    seal(log)
    before = contents(log)
    assert seal(log) == SealReport(0, 6, 6)
    assert contents(log) == before


def test_where_nothing_waits_nothing_is_written(runtime: Runtime) -> None:
    assert seal(runtime) == SealReport(0, 0, None)
    assert contents(runtime) == [[], [], []]


def test_an_act_that_failed_leaves_nothing_to_seal(log: Runtime) -> None:
    def act() -> None:
        with log.uow.write() as tx:
            sealing.add_pending(tx, [99], [bytes(32)])
            raise KeyError

    with pytest.raises(KeyError):
        act()
    assert seal(log).sealed == 0


@pytest.mark.usefixtures("few_at_once")
def test_many_blocks_are_sealed_portion_by_portion(log: Runtime) -> None:
    for count in (1, 1, 250, 29, 30, 31, 1):
        record(log, *acts(count))
    record(log, *(draft for _ in range(70) for chain in ("log", "party/JP")
                  for draft in acts(1, chain)))  # fmt: skip
    assert seal(log) == SealReport(483, 484, 484)
    assert checkpoint_sizes(log) == [1, 484]
    assert faults(log) == []


@pytest.mark.usefixtures("few_at_once")
def test_any_portions_give_the_tree_of_one(log: Runtime) -> None:
    random = Random(20261122)  # noqa: S311 - chosen anew the same way each time
    for _ in range(12):
        for _ in range(random.randrange(4)):
            record(log, *acts(random.choice([1, 2, 40, 150])))
        seal(log)
        assert faults(log) == []
    with log.uow.read() as tx:
        assert sealing.read_state(tx).size > 256


def test_two_sealers_at_once_seal_once(log: Runtime) -> None:
    for chain in ("log", "party/UZ", "party/JP"):
        record(log, *acts(40, chain))
    with ThreadPoolExecutor(4) as pool:
        reports = [one.result() for one in [pool.submit(seal, log) for _ in range(4)]]
    assert sum(report.sealed for report in reports) == 120
    assert {report.size for report in reports} == {121}
    assert checkpoint_sizes(log) == [1, 121]
    assert faults(log) == []


def test_an_open_transaction_is_left_for_the_next_time(log: Runtime) -> None:
    """Its entries have lower numbers than those that are sealed before it."""
    if log.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with log.uow.write() as early:
        first = [entry.entry_id for entry in append(early, acts(1))]
        later = record(log, *acts(2, "party/JP"))
        assert seal(log).sealed == 2
        assert faults(log, all_sealed=False) == []
    assert seal(log).sealed == 1
    with log.uow.read() as tx:
        assert order(tx)[1:] == [*(entry.entry_id for entry in later), *first]
        assert first[0] < later[0].entry_id
    assert faults(log) == []


def test_without_the_key_the_tree_grows_and_nothing_is_signed(log: Runtime) -> None:
    keyless = replace(log, read_log_key=lambda: None)
    record(keyless, *acts(4))
    assert seal(keyless) == SealReport(4, 5, 1)
    assert checkpoint_sizes(log) == [1]
    assert seal(log) == SealReport(0, 5, 5)
    assert faults(log) == []


def test_two_keys_sign_each_checkpoint(log: Runtime, tmp_path: Path) -> None:
    file = LogKeyFile(tmp_path / "log.key")
    successor = SigningKey.generate(file.signers()[0].name)
    file.write((*file.signers(), successor))
    add_key(log, successor)
    assert seal(log) == SealReport(1, 2, 2)
    with log.uow.read() as tx:
        newest, vkeys = newest_checkpoint(tx), read_vkeys(tx)
    assert newest is not None
    assert len(vkeys) == 2
    for vkey in vkeys:
        assert open_checkpoint(newest.note.encode(), VerifierKey.parse(vkey)).size == 2
    assert faults(log) == []
