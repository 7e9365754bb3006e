"""An export's rows stand where the tree has them, whatever order their numbers came in."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import openpyxl
import pytest
from sqlalchemy import delete, select

from config.settings import Settings
from tests.audit.conftest import World
from tests.sealed import acts, faults, order, record, with_key
from workflow.bootstrap import Runtime, build_runtime
from workflow.domain.identity import Caller
from workflow.export.verify import Trust, verify_export
from workflow.export.write import FORMS
from workflow.log.checkpoint import Checkpoint, sign_checkpoint
from workflow.log.keys import SigningKey, VerifierKey
from workflow.log.leaf import LeafError
from workflow.persistence import entry_rows, leaf_places
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.entries import append
from workflow.persistence.entry_scope import EVERYTHING, EntryFilter
from workflow.persistence.leaf_places import Places, stream_places
from workflow.persistence.log_tables import AuditPending
from workflow.persistence.sealing import add_pending
from workflow.services import audit_records
from workflow.services.audit import Export, ExportReport, export_entries
from workflow.services.log_keys import public_keys
from workflow.services.seal import seal
from workflow.services.tree import read_tree

SEED = 20251220


@pytest.fixture
def log(runtime: Runtime, tmp_path: Path) -> Runtime:
    """Give a log whose key is on this machine."""
    return with_key(runtime, tmp_path)


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let batches be small, so that a few entries make many of them."""
    for module in (entry_rows, audit_records):
        monkeypatch.setattr(module, "BATCH_ROWS", 3)
    monkeypatch.setattr(leaf_places, "_RUNS_AT_ONCE", 2)
    monkeypatch.setattr(leaf_places, "_ENTRIES_AT_ONCE", 4)
    monkeypatch.setattr(leaf_places, "_MOST_KEPT", 5)


def export(
    log: Runtime, caller: Caller, path: Path, wanted: EntryFilter = EVERYTHING
) -> ExportReport:
    order = Export(path=path, form=path.suffix[1:], wanted=wanted, replace=True)
    report = export_entries(log, caller, order)
    assert isinstance(report, ExportReport)
    return report


def rows(path: Path) -> list[dict[str, object]]:
    """Return the rows of an export in any format, every cell as text."""
    if path.suffix == ".jsonl":
        found = [json.loads(line) for line in path.read_text("utf-8").splitlines()[:-1]]
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))[:-1]
    else:
        sheet = openpyxl.load_workbook(path)["Entries 1"]
        names, *cells = sheet.iter_rows(values_only=True)
        found = [dict(zip(names, each, strict=True)) for each in cells]
    return [{name: "" if value is None else str(value) for name, value in row.items()}
            for row in found]  # fmt: skip


def trust(log: Runtime) -> Trust:
    return Trust(keys=[VerifierKey.parse(text) for text in public_keys(log)])


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_whole_export_is_the_signed_tree(
    log: Runtime, world: World, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"log.{form}"
    export(log, world.everything, path)
    found = rows(path)
    assert [row["leaf_index"] for row in found] == [str(number) for number in range(14)]
    with log.uow.read() as tx:
        tree = read_tree(tx)
        assert [row["leaf_hash"] for row in found] == [tree.leaf(n).hex() for n in range(14)]
    result = verify_export(path, trust(log))
    assert result.checkpoint is not None
    assert (result.ok, result.checkpoint.size) == (True, 14)
    assert result.also == ("the first 14 rows are that tree",)


def test_later_export_continues_the_checkpoint_of_an_earlier_one(
    log: Runtime, world: World, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.csv"
    export(log, world.everything, first)
    record(log, *acts(5))
    export(log, world.everything, second)
    kept = json.loads(first.read_text("utf-8").splitlines()[-1])["checkpoint"].encode()
    result = verify_export(second, replace(trust(log), since=kept))
    assert result.sentence.endswith("it continues the checkpoint of 14 that was kept.")
    assert result.entries == 14 + 1 + 5


FILTERS = {
    "everything": (EVERYTHING, 14),
    "proposal": (EntryFilter(proposal="UZ-2"), 3),
    "kind": (EntryFilter(kind="forum"), 9),
    "party": (EntryFilter(party="UZ"), 9),
    "actor": (EntryFilter(actor="u.signer"), 9),
    "step": (EntryFilter(step="agree"), 6),
    "combined": (EntryFilter(step="agree", proposal="UZ-2", party="UZ", actor="u.signer"), 2),
    "nothing": (EntryFilter(step="agree", party="JP"), 0),
}


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("wanted", "count"), FILTERS.values(), ids=FILTERS)
def test_every_filter_in_every_format_gives_rows_their_places(
    log: Runtime, world: World, tmp_path: Path, wanted: EntryFilter, count: int, form: str
) -> None:
    path = tmp_path / f"log.{form}"
    assert export(log, world.everything, path, wanted).entries == count
    found = rows(path)
    with log.uow.read() as tx:
        tree = read_tree(tx)
        assert [row["leaf_hash"] for row in found] == [
            tree.leaf(int(str(row["leaf_index"]))).hex() for row in found
        ]
    assert len(found) == count


def test_days_and_other_filters_narrow_together(log: Runtime, world: World, tmp_path: Path) -> None:
    with log.uow.read() as tx:
        at = tx.connection.scalars(select(AuditEntry.at)).first()
    wanted = EntryFilter(since=at, step="agree", proposal="UZ-2")
    assert export(log, world.everything, tmp_path / "log.csv", wanted).entries == 2
    wanted = EntryFilter(until=at, step="agree", proposal="UZ-2")
    assert export(log, world.everything, tmp_path / "log.csv", wanted).entries == 0


def test_partys_export_is_no_whole_one(log: Runtime, world: World, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    export(log, world.of_uz, path)
    result = verify_export(path, trust(log))
    assert result.checkpoint is None
    assert "but that these rows are in it only a bundle proves" in result.sentence


@pytest.mark.usefixtures("few_at_once")
def test_places_are_found_for_any_selection_in_any_runs(log: Runtime) -> None:
    """Runs of one entry and of many, selections sparse and dense, chosen by a seeded generator."""
    chance = Random(SEED)  # noqa: S311 - a sample that can be repeated, no secret
    for _ in range(20):
        record(log, *acts(chance.randrange(1, 9)))
        seal(log)
    with log.uow.read() as tx:
        leaf_of = {entry: leaf for leaf, entry in enumerate(order(tx))}
        for share in (0.05, 0.3, 0.7, 1):
            ids = [entry for entry in sorted(leaf_of) if chance.random() < share]
            places, found = Places(tx), list[int | None]()
            for start in range(0, len(ids), 4):
                found += places.find(ids[start : start + 4])
            assert found == [leaf_of[each] for each in ids]
        groups = list(stream_places(tx, 4))
        assert [each for _, group in groups for each in group] == order(tx)
        assert [first for first, _ in groups] == list(range(0, len(leaf_of), 4))


@pytest.mark.usefixtures("few_at_once")
def test_entries_that_wait_come_last_without_a_place(log: Runtime) -> None:
    seal(log)
    waiting = [entry.entry_id for entry in record(log, *acts(2))]
    with log.uow.read() as tx:
        assert Places(tx).find([1, *waiting]) == [0, None, None]
        assert list(stream_places(tx, 4))[-1] == (None, waiting)


@pytest.fixture
def on_postgresql(postgresql_url: str, tmp_path: Path) -> Iterator[Runtime]:
    runtime = build_runtime(Settings(database_url=postgresql_url))
    yield with_key(runtime, tmp_path)
    runtime.engine.dispose()


@pytest.mark.postgresql
@pytest.mark.usefixtures("few_at_once")
def test_numbers_that_were_committed_late_have_later_places(on_postgresql: Runtime) -> None:
    """Of two writers the one with the lower numbers commits last, and is sealed last."""
    log = on_postgresql
    with log.uow.write() as slow:
        early = [each.entry_id for each in append(slow, acts(5, "party/UZ"))]
        late = [each.entry_id for each in record(log, *acts(5, "party/JP"))]
        seal(log)
    seal(log)
    assert max(early) < min(late)
    with log.uow.read() as tx:
        places = Places(tx)
        assert places.find(early) == [6, 7, 8, 9, 10]
        assert places.find(late) == [1, 2, 3, 4, 5]
    assert faults(log) == []


def test_forked_log_is_exported_as_it_is(log: Runtime, world: World, tmp_path: Path) -> None:
    """Whoever has to find out what happened needs the entries, and is told."""
    seal(log)
    key = log.read_log_key()
    assert key is not None
    note = key.last()
    assert note is not None
    root = note.split("\n")[2]
    another = SigningKey.parse(key.signers()[0].text)
    forged = sign_checkpoint(Checkpoint(another.name, 99, bytes(32)), another)
    key.keep(forged.content.decode())
    record(log, *acts(1))
    path = tmp_path / "log.jsonl"
    report = export(log, world.everything, path)
    assert report.unsealed is not None
    assert "rolled back" in report.unsealed
    assert root in path.read_text("utf-8").splitlines()[-1]
    assert verify_export(path, trust(log)).ok


def test_entry_that_the_tree_has_and_the_database_lacks_ends_the_export(
    log: Runtime, world: World, tmp_path: Path
) -> None:
    with log.uow.write() as tx:
        add_pending(tx, [10_000], [bytes(32)])
    with pytest.raises(LeafError, match="entry 10000: it is missing"):
        export(log, world.everything, tmp_path / "log.csv")
    assert not (tmp_path / "log.csv").exists()


def test_entry_that_neither_stands_nor_waits_ends_the_export(
    log: Runtime, world: World, tmp_path: Path
) -> None:
    with log.uow.write() as tx:
        tx.connection.execute(delete(AuditPending))
    with pytest.raises(LeafError, match="14 entries are neither in it nor waiting"):
        export(log, world.everything, tmp_path / "log.csv")
