"""CSV is read exactly, or refused with its line."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.verdicts import Code, Refused
from workflow.intake.csv import LONGEST_FIELD
from workflow.intake.table import Columns, read_table

COLUMNS = Columns(("reference", "step"), ("reason",))
PAYLOADS = Path(__file__).parents[3] / "shared" / "payloads" / "csv_files"
HOSTILE = sorted(PAYLOADS.glob("*.csv")) if PAYLOADS.is_dir() else []


def cells(content: bytes, **how: str) -> list[dict[str, str]]:
    rows = read_table(content, COLUMNS, **how)
    assert not isinstance(rows, Refused), rows
    return [dict(row.cells) for row in rows]


def problems(content: bytes) -> list[tuple[int, str]]:
    """Give (line, problem) of the whole file or of its rows."""
    rows = read_table(content, COLUMNS)
    refusals = rows.reasons if isinstance(rows, Refused) else [row.refusal for row in rows]
    return [
        (int(each.named.get("line", 0)), str(each.named.get("problem", each.code)))
        for each in refusals
        if each is not None
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_parts_rows(end: str) -> None:
    text = end.join(("reference,step", "P-1,agree", "", "P-2,agree"))
    assert cells(text.encode()) == [
        {"reference": "P-1", "step": "agree"},
        {"reference": "P-2", "step": "agree"},
    ]


@pytest.mark.parametrize(
    ("encoding", "how"),
    [("utf-8", {}), ("utf-8-sig", {}), ("utf-16", {"encoding": "utf-16"}),
     ("cp1251", {"encoding": "cp1251"}), ("shift_jis", {"encoding": "shift_jis"})],
)  # fmt: skip
def test_a_file_is_read_in_the_encoding_that_is_said(encoding: str, how: dict[str, str]) -> None:
    content = "reference,step,reason\nP-1,agree,Тест\n".encode(encoding)
    assert cells(content, **how)[0]["reason"] == "Тест"


def test_a_header_is_found_whatever_its_case_and_order() -> None:
    assert cells(b" Step ,REFERENCE\nagree,P-1\n") == [{"step": "agree", "reference": "P-1"}]


def test_a_quoted_cell_may_hold_quotes_delimiters_and_lines() -> None:
    content = b'reference,step,reason\nP-1,agree,"a, ""b""\r\nc"\nP-2,agree,d\n'
    rows = read_table(content, COLUMNS)
    assert not isinstance(rows, Refused)
    assert [(row.number, row.cells["reason"]) for row in rows] == [(2, 'a, "b"\r\nc'), (4, "d")]


def test_a_bad_row_is_named_by_its_line_and_the_rest_is_read() -> None:
    long = "x" * (LONGEST_FIELD + 1)
    content = f'reference,step\nP-1,agree\nP-2\nP-3,a,b\nP-4,a"b\nP-5,\0\nP-6,{long}\nP-7,agree\n'
    assert problems(content.encode()) == [
        (3, "it has 1 fields where the header has 2"),
        (4, "it has 3 fields where the header has 2"),
        (5, "a quote stands where none may"),
        (6, "it holds a NUL character"),
        (7, f"a field is longer than {LONGEST_FIELD} characters"),
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", (1, "the file is empty")),
        (b"reference,step\nP-1,\xff\n", (2, "it is not utf-8: give --encoding")),
        (b'reference,step\nP-1,agree\nP-2,"open\nP-3,agree\n',
         (3, "a quote is opened and not closed as it should be")),
        (b'reference,step\nP-1,"x\nP-9,agree"y\n',
         (2, "a quote is opened and not closed as it should be")),
        (b"reference;step\nP-1;agree\n", (1, "a semicolon parts its columns: give --delimiter")),
        (b"reference,step,step\n", (1, "it names the column step twice")),
        (b"reference,step,state\n", (0, Code.COLUMN_UNKNOWN)),
        (b"reference\n", (0, Code.COLUMN_MISSING)),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_relied_on_is_refused_whole(
    content: bytes, found: tuple[int, str]
) -> None:
    assert isinstance(read_table(content, COLUMNS), Refused)
    assert problems(content) == [found]


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=6))
def test_what_the_library_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    kept = [(a, b) for a, b in rows if "\0" not in a + b and a.isprintable() and b.isprintable()]
    file = StringIO()
    csv.writer(file).writerows([("reference", "step"), *kept])
    read = cells(file.getvalue().encode("utf-8"))
    assert [(row["reference"], row["step"]) for row in read] == [
        (a.strip(), b.strip()) for a, b in kept
    ]


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    read_table(b"reference,step\n" + content, COLUMNS)


@pytest.mark.skipif(not HOSTILE, reason="the hostile files are not on this machine")
@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_a_hostile_file_is_read_or_refused_with_its_line(path: Path) -> None:
    columns = Columns(("proposal", "action", "party"), ("note",))
    answer = read_table(path.read_bytes(), columns)
    if isinstance(answer, Refused):
        assert answer.reasons
        assert all("line" in each.named or "column" in each.named for each in answer.reasons)
    else:
        assert all(row.number > 1 for row in answer)
