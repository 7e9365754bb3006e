"""Entries that were written before there was a tree get their places in it by the upgrade."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, insert

from config.settings import Settings
from tests.databases import empty, postgresql_copy, sqlite_copy
from tests.fakes import EPOCH, FakeClock, FakeIds
from tests.sealed import acts, faults, record, waiting, with_key
from workflow.bootstrap import Runtime, build_runtime
from workflow.domain.entry import START, Draft, Link, Stamp, seal_draft
from workflow.persistence import revisions
from workflow.persistence.audit_tables import AuditChain, AuditEntry
from workflow.services.install import upgrade
from workflow.services.seal import SealReport, seal

BEFORE_THE_TREE = "20261123_whole_language"
CHAINS = ("log", "party/JP", "party/UZ")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runtime]:
    """Give a runtime on a database of the revision before the tree."""
    if request.param == "sqlite":
        opened = sqlite_copy(tmp_path / "empty", tmp_path / "old.sqlite", empty)
    else:
        opened = postgresql_copy(request.getfixturevalue("postgresql"), "old_entries", empty)
    with opened as url:
        runtime = build_runtime(Settings(database_url=url), clock=FakeClock(), ids=FakeIds())
        _migrate(runtime.engine, BEFORE_THE_TREE)
        yield runtime
        runtime.engine.dispose()


def _migrate(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        configuration = revisions._configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)


def _write_entries(runtime: Runtime, count: int) -> None:
    """Write entries in turns to three chains, as the program did that knew no tree."""
    ends: dict[str, Link] = dict.fromkeys(CHAINS, START)
    rows = []
    for number in range(1, count + 1):
        chain = CHAINS[number % len(CHAINS)]
        stamp = Stamp(f"event-{number}", EPOCH, ends[chain])
        draft = Draft(chain=chain, kind="grant", via="cli")
        sealed = seal_draft(draft, stamp, runtime.ids.salt)
        ends[chain] = Link(stamp.sequence, sealed.leaf_hash)
        rows.append(
            {
                "id": 2 * number, "chain": chain, "sequence": stamp.sequence, "at": EPOCH,
                "kind": draft.kind, "leaf": sealed.leaf, "leaf_hash": sealed.leaf_hash,
            }
        )  # fmt: skip
    with runtime.uow.write() as tx:
        tx.connection.execute(insert(AuditEntry), rows)
        tx.connection.execute(
            insert(AuditChain),
            [
                {"chain": chain, "sequence": end.sequence, "head": end.head}
                for chain, end in ends.items()
                if end.sequence
            ],
        )


@pytest.mark.parametrize("count", [1, 700])
def test_old_entries_are_sealed_after_the_upgrade(old: Runtime, tmp_path: Path, count: int) -> None:
    _write_entries(old, count)
    upgrade(old)
    with old.uow.read() as tx:
        assert waiting(tx) == [2 * number for number in range(1, count + 1)]
    log = with_key(old, tmp_path)
    assert seal(log) == SealReport(count + 1, count + 1, count + 1)
    assert faults(log) == []


def test_an_old_database_without_entries_starts_an_empty_tree(old: Runtime, tmp_path: Path) -> None:
    upgrade(old)
    assert seal(old) == SealReport(0, 0, None)
    log = with_key(old, tmp_path)
    assert seal(log) == SealReport(1, 1, 1)


def test_many_old_entries_wait_in_several_blocks(old: Runtime, tmp_path: Path) -> None:
    if old.engine.dialect.name == "postgresql":
        pytest.skip("the statements are the same; once is enough for so many entries")
    _write_entries(old, 50_003)
    upgrade(old)
    upgrade(old)
    log = with_key(old, tmp_path)
    record(log, *acts(2, "party/SECRETARIAT"))
    assert seal(log).size == 50_006
    assert faults(log) == []
