"""Every change to an exported file is found, and the first broken entry is named."""

import csv
import json
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.export.samples import SELECTION, sample_records, write_export
from workflow.export import layout, verify
from workflow.export.row import COLUMNS, Record
from workflow.export.verify import UnknownFileError, verify_export

FORMS = ["csv", "jsonl"]
SEED = 20251220


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    form: str = request.param
    return form


@pytest.fixture
def export(tmp_path: Path, form: str) -> Path:
    return write_export(tmp_path / f"log.{form}", form, sample_records())


def test_untouched_export_is_whole(export: Path) -> None:
    result = verify_export(export)
    assert result.sentence == (
        "OK: 9 entries in 3 chains; every chain is whole from its first entry."
    )


def test_empty_export_is_whole(tmp_path: Path, form: str) -> None:
    assert verify_export(write_export(tmp_path / "none", form, [])).ok


def test_both_forms_hold_the_same_columns(tmp_path: Path) -> None:
    records = sample_records()
    lines = write_export(tmp_path / "log.jsonl", "jsonl", records).read_text("utf-8").splitlines()
    with write_export(tmp_path / "log.csv", "csv", records).open(newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    assert tuple(rows[0]) == tuple(json.loads(lines[0])) == COLUMNS
    assert [row["leaf"] for row in rows[:-1]] == [json.loads(line)["leaf"] for line in lines[:-1]]
    assert rows[-1]["leaf_index"] == "END"
    tails = json.loads(rows[-1]["leaf"]), json.loads(lines[-1])
    assert tails[0] | {"sha256": ""} == tails[1] | {"sha256": ""}


def test_row_shows_logins_and_reasons_as_people_know_them(tmp_path: Path) -> None:
    lines = write_export(tmp_path / "log.jsonl", "jsonl", sample_records()).read_text().splitlines()
    row = json.loads(lines[1])
    del row["leaf"], row["leaf_hash"], row["disclosures"]
    assert row == {
        "leaf_index": None,
        "kind": "step",
        "at": "2026-01-05T09:00:01.000000Z",
        "occurred_at": "2025-12-20",
        "actor": "ada",
        "party": "UZ",
        "role": "line_ministry.transport",
        "reference": "B-2",
        "revision": None,
        "version": 1,
        "from": "proposed",
        "to": "agreed",
        "reason": "＠SUM(A1)",
    }


def test_erased_person_and_text_leave_the_export_whole(tmp_path: Path, form: str) -> None:
    records = [Record(each.leaf, {}) for each in sample_records()]
    assert verify_export(write_export(tmp_path / "log", form, records)).ok


def test_every_flipped_bit_is_found(export: Path) -> None:
    """One bit of each byte, chosen by a seeded generator."""
    content = export.read_bytes()
    bits = random.Random(SEED)  # noqa: S311 - a sample that can be repeated, no secret
    unnoticed = []
    for position in range(len(content)):
        damaged = bytearray(content)
        damaged[position] ^= 1 << bits.randrange(8)
        export.write_bytes(damaged)
        if verify_export(export).ok:
            unnoticed.append(position)
    assert unnoticed == []


def test_every_truncation_is_found(export: Path) -> None:
    content = export.read_bytes()
    for length in range(400, len(content), 7):
        export.write_bytes(content[:length])
        assert not verify_export(export).ok, length


def _records(export: Path) -> list[bytes]:
    """Return the file's rows; the samples hold line breaks in cells, always as CR LF."""
    kept: list[bytes] = []
    for line in export.read_bytes().splitlines(keepends=True):
        if kept and kept[-1].count(b'"') % 2:
            kept[-1] += line
        else:
            kept.append(line)
    return kept


Edit = Callable[[list[bytes], int], None]
EDITS: dict[str, Edit] = {
    "delete": lambda rows, n: rows.__delitem__(n),
    "repeat": lambda rows, n: rows.insert(n, rows[n]),
    "swap": lambda rows, n: rows.insert(n + 1, rows.pop(n)),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_every_deletion_repetition_and_swap_is_found(export: Path, edit: Edit) -> None:
    """A swap of entries of two chains as well: the last line holds the digest of all others."""
    rows = _records(export)
    first = 1 if export.suffix == ".csv" else 0
    for position in range(first, len(rows)):
        damaged = list(rows)
        edit(damaged, position)
        if damaged == rows:
            continue
        export.write_bytes(b"".join(damaged))
        assert not verify_export(export).ok, position


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_is_compared_and_the_entry_named(tmp_path: Path, column: str) -> None:
    path = write_export(tmp_path / "log.jsonl", "jsonl", sample_records())
    lines = path.read_text("utf-8").splitlines()
    row = json.loads(lines[4])
    row[column] = {"leaf": row["leaf"].replace("B-2", "B-3"), "disclosures": {"x": None}}.get(
        column, "forged"
    )
    lines[4] = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    fault = verify_export(path).fault
    assert fault is not None
    assert fault.line == 5
    assert fault.place == ("proposal/B-3 #2" if column == "leaf" else "proposal/B-2 #2")


def test_forged_reason_is_found_though_the_line_agrees_with_itself(tmp_path: Path) -> None:
    path = write_export(tmp_path / "log.jsonl", "jsonl", sample_records())
    path.write_text(path.read_text("utf-8").replace("合意した", "反対した"), "utf-8")
    fault = verify_export(path).fault
    assert fault is not None
    assert fault.sentence == (
        "line 5, proposal/B-2 #2: the disclosure of reason does not match its digest in the leaf"
    )


def test_entry_rewritten_with_its_hash_breaks_the_next_link(tmp_path: Path, form: str) -> None:
    """Somebody who can hash still has to rewrite all that follows, and the heads."""
    records = sample_records()
    forged = Record(records[0].leaf.replace(b"line_ministry", b"fine_ministry"), {})
    path = write_export(tmp_path / "log", form, [forged, *records[1:]])
    fault = verify_export(path).fault
    assert fault is not None
    assert (fault.place, fault.what) == (
        "proposal/A-1 #2",
        "does not name the hash of the entry before",
    )


def test_missing_entry_is_named_in_a_whole_export(tmp_path: Path, form: str) -> None:
    records = sample_records()
    fault = verify_export(write_export(tmp_path / "log", form, records[:3] + records[4:])).fault
    assert fault is not None
    assert (fault.place, fault.what) == ("proposal/A-1 #3", "#2 is missing before it")


def test_selection_says_that_it_cannot_show_gaps(tmp_path: Path, form: str) -> None:
    records = sample_records()
    result = verify_export(
        write_export(tmp_path / "log", form, records[:3] + records[4:], SELECTION)
    )
    assert result.ok
    assert "a selection" in result.sentence


def test_selection_still_checks_the_links_it_holds(tmp_path: Path, form: str) -> None:
    records = sample_records()
    forged = Record(records[3].leaf.replace(b"line_ministry", b"fine_ministry"), {})
    path = write_export(tmp_path / "log", form, [forged, *records[4:]], SELECTION)
    assert not verify_export(path).ok


def test_line_after_the_last_is_found(export: Path) -> None:
    export.write_bytes(export.read_bytes() + b"\n")
    assert not verify_export(export).ok


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"reference,step\nA-1,agree\n", b"{}"])
def test_other_files_are_not_taken_for_exports(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(UnknownFileError):
        verify_export(path)


def test_quote_that_never_closes_does_not_take_the_file_into_memory(tmp_path: Path) -> None:
    path = write_export(tmp_path / "log.csv", "csv", sample_records())
    content = path.read_bytes().replace(b'"\r\n', b"\r\n", 2)
    path.write_bytes(content + b"x\n" * 1000)
    assert not verify_export(path).ok


def test_a_line_without_an_end_is_not_taken_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sparse file costs its sender nothing, and must not cost its reader gigabytes."""
    longest = 2**20
    monkeypatch.setattr(layout, "LONGEST_LINE_BYTES", longest)
    monkeypatch.setattr(verify, "LONGEST_LINE_BYTES", longest)
    path = write_export(tmp_path / "log.jsonl", "jsonl", sample_records())
    with path.open("r+b") as file:
        file.truncate(2**36)
    tracemalloc.start()
    fault = verify_export(path).fault
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert fault is not None
    assert most_bytes < 8 * longest
