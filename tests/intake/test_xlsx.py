"""A workbook's first sheet is read as its reader sees it, or refused with the line."""

import datetime as dt
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from workflow.domain.verdicts import Refused
from workflow.intake.table import Columns, read_table

COLUMNS = Columns(("reference", "step"), ("reason", "occurred_on"))
HEADER = ("reference", "step", "reason", "occurred_on")
ROUNDED = (
    "the number has more than 15 digits, of which a spreadsheet drops the rest: "
    "make the cell a text"
)


def workbook(*rows: Sequence[Any], shape: Callable[[Any], None] = lambda _: None) -> bytes:
    """Write a workbook with openpyxl; `shape` changes it before it is saved."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    shape(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def shared_workbook() -> bytes:
    """Write a workbook with XlsxWriter, which shares texts between cells, counting from 1904."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "date_1904": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["P-1", "agree"])
    sheet.write_string(1, 2, "=1+1")
    sheet.write_datetime(1, 3, dt.datetime(2026, 5, 1), day)  # noqa: DTZ001 - cells have no zone
    book.close()
    return file.getvalue()


def cells(content: bytes) -> list[tuple[str, ...]]:
    rows = read_table(content, COLUMNS)
    assert not isinstance(rows, Refused), rows
    assert [row.refusal for row in rows if row.refusal] == []
    return [tuple(row.cells.values()) for row in rows]


def problems(content: bytes) -> list[tuple[int, str]]:
    rows = read_table(content, COLUMNS)
    refusals = rows.reasons if isinstance(rows, Refused) else [row.refusal for row in rows]
    return [(int(e.named["line"]), str(e.named["problem"])) for e in refusals if e is not None]


def repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Write a workbook again with its parts changed."""
    file = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return file.getvalue()


def test_texts_numbers_and_days_are_read_as_they_are_seen() -> None:
    content = workbook(
        HEADER,
        ("P-1", "agree", "提案", dt.date(2026, 5, 1)),
        (12, "agree", 1.1, dt.datetime(2026, 5, 1)),  # noqa: DTZ001 - as above
        (0.1 + 0.2, "agree", True, "2026-05-01"),
        ("P-4", "agree", -1.5e-3, None),
    )
    assert cells(content) == [
        ("P-1", "agree", "提案", "2026-05-01"),
        ("12", "agree", "1.1", "2026-05-01"),
        ("0.3", "agree", "true", "2026-05-01"),
        ("P-4", "agree", "-0.0015", ""),
    ]


def test_leading_zeros_that_a_format_shows_are_kept() -> None:
    def shape(book: Any) -> None:  # noqa: ANN401 - the library is untyped
        book.active["A2"].number_format = "00000"

    assert cells(workbook(HEADER, (42, "agree"), shape=shape))[0][0] == "00042"


def test_what_another_program_writes_is_read() -> None:
    assert cells(shared_workbook()) == [("P-1", "agree", "=1+1", "2026-05-01")]


def test_a_formula_is_refused_by_line_and_column_and_the_rest_is_read() -> None:
    content = workbook(
        HEADER, ("P-1", "agree"), ("P-2", '=HYPERLINK("http://x.invalid")'), (), ("P-3", "agree"),
        ("P-4", "agree", "", "=TODAY()"), ("P-5", "agree", "#N/A"), ("P-6", "agree", 10**15),
        ("P-7", "agree", "", dt.timedelta(days=1)),
    )  # fmt: skip
    assert problems(content) == [
        (3, "in column step, it is a formula: paste its value instead"),
        (6, "in column occurred_on, it is a formula: paste its value instead"),
        (7, "in column reason, it holds the error #N/A"),
        (8, f"in column reason, {ROUNDED}"),
        (9, "in column occurred_on, it is neither a text nor a number nor a day"),
    ]  # fmt: skip
    rows = read_table(content, COLUMNS)
    assert not isinstance(rows, Refused)
    assert [row.number for row in rows if row.refusal is None] == [2, 5]


def test_a_header_is_judged_as_in_csv() -> None:
    assert problems(workbook(("reference", "", "step"), ("P-1", "", "agree"))) == [
        (1, "column 2 has no name")
    ]
    assert problems(workbook()) == [(1, "the file is empty")]
    assert problems(workbook((), HEADER)) == [(3, "there is no row below the header")]
    wide = workbook(("reference", "step"), ("P-1", "agree", "more"))
    assert problems(wide) == [(2, "it has 3 fields where the header has 2")]


def test_a_first_sheet_that_nobody_sees_is_told() -> None:
    def shape(book: Any) -> None:  # noqa: ANN401 - the library is untyped
        book.create_sheet("Seen")
        book.active.sheet_state = "hidden"
        book.active = 1

    content = workbook(HEADER, ("P-1", "agree"), shape=shape)
    assert problems(content) == [
        (1, "the first sheet is hidden: show it, or move it to the end")
    ]  # fmt: skip


def test_the_strict_form_is_told_from_damage() -> None:
    plain = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    content = repacked(shared_workbook(), lambda _, part: part.replace(plain, strict))
    assert problems(content) == [
        (1, "it is a Strict workbook: save it as a plain .xlsx workbook")
    ]  # fmt: skip


def test_a_size_that_the_file_misstates_changes_nothing() -> None:
    content = workbook(HEADER, *((f"P-{number}", "agree") for number in range(50)))
    lying = repacked(content, lambda _, part: part.replace(b'ref="A1:D51"', b'ref="A1:A1"'))
    assert len(cells(lying)) == 50


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/styles.xml", "docProps/app.xml"])
def test_a_bomb_is_refused_before_it_is_unpacked(part: str) -> None:
    swollen = repacked(shared_workbook(), lambda n, was: was + b" " * (n == part) * 70_000_000)
    assert len(swollen) < 200_000
    assert problems(swollen) == [(1, "the workbook unpacks into too much to be a table")]


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml"])
def test_a_part_that_defines_entities_is_refused(part: str) -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    declared = repacked(
        shared_workbook(),
        lambda n, was: was.replace(b"?>", b"?>" + entities, 1) if n == part else was,
    )
    assert problems(declared) == [(1, "the workbook defines entities, which no workbook may")]


def test_a_sheet_of_too_many_rows_or_cells_is_refused_with_its_line() -> None:
    content = workbook(HEADER, ("P-1", "agree"))
    far = repacked(content, lambda _, part: part.replace(b'"A2"', b'"A9000000"').replace(
        b'r="2"', b'r="9000000"').replace(b'"B2"', b'"B9000000"'))  # fmt: skip
    assert problems(far)[-1][0] == 1_048_577
    assert "the sheet is too large" in problems(far)[-1][1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"<html><script>alert(1)</script></html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04" + b"\0" * 60, "damaged workbook"),
        (b"\x1f\x8b\x08", "gzip"),
        (b'{"reference": "P-1"}', "JSON"),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(content: bytes, said: str) -> None:
    ((line, problem),) = problems(content)
    assert (line, said in problem) == (1, True)


@pytest.mark.parametrize(
    ("part", "said"),
    [("content.xml", ".ods"), ("xl/workbook.bin", ".xlsb"), ("word/document.xml", ".docx"),
     ("Index/Document.iwa", "Numbers"), ("notes.txt", "ZIP archive")],
)  # fmt: skip
def test_another_kind_of_archive_is_called_by_its_name(part: str, said: str) -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr(part, "x")
    ((line, problem),) = problems(file.getvalue())
    assert (line, said in problem) == (1, True)


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff"),
    max_size=12,
).filter(lambda text: "_x" not in text and "x005F_" not in text and not text.startswith("="))


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6))
def test_what_the_library_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    kept = [(f"P{a}".strip(), f"s{b}".strip()) for a, b in rows]
    assert [row[:2] for row in cells(workbook(("reference", "step"), *kept))] == kept


SMALL = shared_workbook()
PARTS = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml",
         "[Content_Types].xml", "xl/_rels/workbook.xml.rels")  # fmt: skip


@given(
    name=st.sampled_from(PARTS),
    at=st.integers(0, 3_000),
    length=st.integers(0, 12),
    put=st.binary(max_size=4) | st.sampled_from([b"9" * 400, b"<", b'" r="', b"-1", b"d"]),
)
def test_a_damaged_workbook_is_read_or_refused(name: str, at: int, length: int, put: bytes) -> None:
    def damage(part: str, content: bytes) -> bytes:
        start = at % (len(content) + 1)
        return content[:start] + put + content[start + length :] if part == name else content

    answer = read_table(repacked(SMALL, damage), COLUMNS)
    if isinstance(answer, Refused):
        assert all(each.named.get("line") for each in answer.reasons)


@given(at=st.integers(0, len(SMALL)), length=st.integers(0, 9), put=st.binary(max_size=4))
def test_a_damaged_archive_is_read_or_refused(at: int, length: int, put: bytes) -> None:
    read_table(SMALL[:at] + put + SMALL[at + length :], COLUMNS)
