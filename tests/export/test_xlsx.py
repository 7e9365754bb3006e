"""A workbook shows what an export holds, and nothing in it is more than a text or a number."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell import Cell
from openpyxl.utils.escape import unescape

from tests.export.samples import sample_records
from workflow.domain.disclosure import Disclosure
from workflow.export.row import COLUMNS, Row, make_row
from workflow.export.tail import Scope
from workflow.export.xlsx import CUT_MARK, LONGEST_CELL, write_workbook
from workflow.log.leaf import LeafError

ROWS = [make_row(each) for each in sample_records()]
REASON = COLUMNS.index("reason")


def saying(reason: str) -> Row:
    """Return a row with a reason of its own."""
    return replace_reason(ROWS[0], reason)


def replace_reason(row: Row, reason: str) -> Row:
    return row._replace(columns=row.columns | {"reason": reason})


def workbook(rows: list[Row], sheet_rows: int = 1_000) -> openpyxl.Workbook:
    file = BytesIO()
    assert write_workbook(file, iter(rows), Scope(), sheet_rows) == len(rows)
    return openpyxl.load_workbook(file)


def cells(book: openpyxl.Workbook) -> Iterator[Cell]:
    return (cell for sheet in book for row in sheet.iter_rows() for cell in row)


def shown_reason(reason: str) -> object:
    cell = workbook([saying(reason)])["Entries 1"].cell(2, REASON + 1)
    assert cell.data_type in ("s", "n", "inlineStr")
    assert cell.hyperlink is None
    return unescape(cell.value) if isinstance(cell.value, str) else cell.value


def test_workbook_says_first_that_it_cannot_be_verified() -> None:
    book = workbook(ROWS)
    about = [cell.value for (cell,) in book["About"].iter_rows() if cell.value]
    assert book.sheetnames == ["About", "Entries 1"]
    assert "a selection of the log's entries: 9 of them" in about[1]
    assert about[2].startswith("It cannot be verified.")
    assert "'summit audit verify'" in about[3]


def test_rows_hold_the_columns_of_every_export() -> None:
    sheet = workbook(ROWS)["Entries 1"]
    header, *rows = sheet.iter_rows(values_only=True)
    assert header == COLUMNS
    assert sheet.freeze_panes == "A2"
    plain = [name for name in COLUMNS if name not in ("disclosures", "reason")]
    for cells_of_row, row in zip(rows, ROWS, strict=True):
        found = dict(zip(COLUMNS, cells_of_row, strict=True))
        assert {name: found[name] for name in plain} == {n: row.columns[n] for n in plain}


def test_rows_are_split_between_sheets() -> None:
    book = workbook(ROWS, sheet_rows=4)
    sheets = [book[f"Entries {number}"] for number in (1, 2, 3)]
    assert book.sheetnames == ["About", *(sheet.title for sheet in sheets)]
    assert [sheet.max_row - 1 for sheet in sheets] == [4, 4, 1]
    hashes = [row[1] for sheet in sheets for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert hashes == [row.leaf_hash.hex() for row in ROWS]
    full = workbook(ROWS[:4], sheet_rows=4)
    assert full.sheetnames == ["About", "Entries 1"]
    assert workbook([]).sheetnames == ["About", "Entries 1"]


HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "\t=1+1",
    "http://localhost/x", "mailto:x@localhost", "internal:About!A1", "12", "1e5", "TRUE",
    "<r><f>1+1</f></r>", "<r></r>", '</is></c><c r="A9"><f>1+1</f></c>', "&lt;", "]]>", "<!--",
    "_x0041_", "_x005F_", "\x00\x01\x1f", "\ufffe\uffff", "a\r\nb\n", " spaces ", "合意した 🤝",
]  # fmt: skip


@pytest.mark.parametrize("reason", HOSTILE)
def test_hostile_text_stays_a_text(reason: str) -> None:
    assert shown_reason(reason) == reason


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_text_is_read_back_as_it_was(reason: str) -> None:
    assert shown_reason(reason) == reason


@pytest.mark.parametrize("sign", ["a", "🤝", "語"])
def test_text_too_long_for_a_cell_is_shortened_with_a_mark(sign: str) -> None:
    shown = shown_reason(sign * 40_000)
    assert isinstance(shown, str)
    assert shown.endswith(CUT_MARK)
    assert set(shown.removesuffix(CUT_MARK)) == {sign}
    assert LONGEST_CELL - 1 <= len(shown.encode("utf-16-le")) // 2 <= LONGEST_CELL


def test_longest_text_that_fits_is_whole() -> None:
    assert shown_reason("a" * LONGEST_CELL) == "a" * LONGEST_CELL


def test_no_part_of_the_file_is_a_formula_or_leads_elsewhere() -> None:
    file = BytesIO()
    write_workbook(file, map(saying, HOSTILE), Scope())
    with zipfile.ZipFile(file) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            assert b"<f>" not in content, name
            assert b"TargetMode=" not in content, name


def test_damaged_leaf_ends_the_workbook_and_leaves_nothing(tmp_path: Path) -> None:
    records = [replace(each, leaf=b"{}") for each in sample_records()]
    with pytest.raises(LeafError):
        write_workbook(tmp_path / "log.xlsx", map(make_row, records), Scope())
    assert list(tmp_path.iterdir()) == []


def test_full_disk_is_told_as_the_system_tells_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_workbook(tmp_path / "nowhere" / "log.xlsx", iter(ROWS), Scope())


def test_disclosures_are_shown_as_json() -> None:
    record = replace(sample_records()[0], disclosures={"note": Disclosure("note", "s", "=1")})
    sheet = workbook([make_row(record)])["Entries 1"]
    assert sheet.cell(2, len(COLUMNS)).value == '{"note":["s","note","=1"]}'
