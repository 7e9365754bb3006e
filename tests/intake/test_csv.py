"""CSV is read exactly, or refused with its line."""

import csv
from io import StringIO
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.domain.verdicts import Code, Refused
from workflow.intake.lines import LONGEST_FIELD
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
        (5, "in column step, a quote stands where none may"),
        (6, "in column step, it holds a NUL character"),
        (7, f"in column step, the text is longer than {LONGEST_FIELD} characters"),
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", (1, "the file is empty")),
        (b"reference,step\nP-1,\xff\xfe\xc0\xaf\n", (2, "it is not utf-8: give --encoding")),
        (b'reference,step\nP-1,agree\nP-2,"open\nP-3,agree\n',
         (3, "in column step, a quote is opened and not closed as it should be")),
        (b'reference,step\nP-1,"x\nP-9,agree"y\n',
         (2, "in column step, a quote is opened and not closed as it should be")),
        (b"\n\n , \n", (1, "the file is empty")),
        (b"\nreference,step\n,,\n", (3, "there is no row below the header")),
        (b"reference,,step\nP-1,,agree\n", (1, "column 2 has no name")),
        (b"reference,step,step\n", (1, "it names the column step twice")),
        (b"\nreference,step,state\n", (2, Code.COLUMN_UNKNOWN)),
        (b"reference\n", (1, Code.COLUMN_MISSING)),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_relied_on_is_refused_whole(
    content: bytes, found: tuple[int, str]
) -> None:
    assert isinstance(read_table(content, COLUMNS), Refused)
    assert problems(content) == [found]


# What each encoding can write; NUL is refused, and strip() takes white space off either end.
ALPHABETS = {
    "utf-8": st.characters(codec="utf-8", exclude_characters="\0"),
    "utf-8-sig": st.characters(codec="utf-8", exclude_characters="\0"),
    "utf-16": st.characters(codec="utf-8", exclude_characters="\0"),
    "utf-16-be": st.characters(codec="utf-8", exclude_characters="\0"),
    "utf-32": st.characters(codec="utf-8", exclude_characters="\0"),
    "shift_jis": st.sampled_from("会議の提案カタカナabcXYZ019 ,;\t|'\"\r\n-_"),
    "cp932": st.sampled_from("①㈱会議の提案abcXYZ019 ,;\t|'\"\r\n-_"),
    "euc_jp": st.sampled_from("会議の提案カタカナabcXYZ019 ,;\t|'\"\r\n-_"),
    "cp1251": st.sampled_from("Предложениеабвяabc019 ,;\t|'\"\r\n-_«»№"),
    "koi8-r": st.sampled_from("Предложениеабвяabc019 ,;\t|'\"\r\n-_"),
}


@given(
    encoding=st.sampled_from(sorted(ALPHABETS)),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\r\n", "\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    drawn=st.data(),
)
def test_what_the_library_writes_is_read_back(
    encoding: str, delimiter: str, end: str, quoting: Literal[0, 1], drawn: st.DataObject
) -> None:
    text = st.text(ALPHABETS[encoding], max_size=9)
    rows = drawn.draw(st.lists(st.tuples(text, text), max_size=6))
    kept = [(f"P{a}".strip(), b.strip()) for a, b in rows] or [("P-1", "agree")]
    file = StringIO(newline="")
    # The library leaves half a line end unquoted where the other half ends lines.
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
    assume(quoting == csv.QUOTE_ALL or not set("\r\n") & set("".join(map("".join, kept))))
    writer.writerows([("reference", "step"), *kept])
    content = file.getvalue().encode(encoding)
    said = {} if encoding in ("utf-8-sig", "utf-16", "utf-32") else {"encoding": encoding}
    read = cells(content, **said)
    assert [(row["reference"], row["step"]) for row in read] == kept


@given(
    cut=st.integers(0, 80), put=st.binary(max_size=4), length=st.integers(0, 9),
    encoding=st.sampled_from(sorted(ALPHABETS)), said=st.sampled_from([None, *sorted(ALPHABETS)]),
)  # fmt: skip
def test_a_damaged_file_is_read_or_refused(
    cut: int, put: bytes, length: int, encoding: str, said: str | None
) -> None:
    whole = 'reference,step\r\nP-1,agree\r\n"P-2","a ""b"" c"\r\n'.encode(encoding)
    content = whole[:cut] + put + whole[cut + length :]
    answer = read_table(content, COLUMNS, said)
    if isinstance(answer, Refused):
        assert all(each.named.get("line") for each in answer.reasons)


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    read_table(b"reference,step\n" + content, COLUMNS)
    read_table(content, COLUMNS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_parts_the_columns_is_found_in_the_header(delimiter: str) -> None:
    text = "Step,REFERENCE,reason\nagree,P-1,'a; b | c'\n".replace("'", '"')
    text = text.replace(",", delimiter)
    row = cells(f"sep={delimiter}\n{text}".encode())[0]
    assert cells(text.encode()) == [row]
    assert (row["reference"], row["step"]) == ("P-1", "agree")


def test_a_delimiter_that_is_said_and_does_not_part_is_told() -> None:
    answer = read_table(b"reference;step\nP-1;agree\n", COLUMNS, delimiter=",")
    assert isinstance(answer, Refused)
    assert "a semicolon parts its columns" in str(answer.reasons[0].named["problem"])


def test_empty_columns_and_lines_that_a_spreadsheet_adds_are_passed_over() -> None:
    content = b"reference,step,,\nP-1,agree,,\nP-2,agree\n,,,\n  \nP-3,agree,,,,\n"
    assert [row["reference"] for row in cells(content)] == ["P-1", "P-2", "P-3"]
    assert problems(b"reference,step\nP-1,agree,x\n") == [
        (2, "it has 3 fields where the header has 2")
    ]


def test_a_row_keeps_its_line_number_across_blocks_and_line_ends() -> None:
    rows = [f"P-{number},agree,{'x' * 60}" for number in range(40_000)]
    content = ("reference,step,reason\r\n" + "\r\n".join([*rows, "P"])).encode()
    assert problems(content) == [(40_002, "it has 1 fields where the header has 3")]


def test_a_field_of_two_megabytes_is_told_and_the_rest_is_read() -> None:
    for field in ("x" * 2_000_000, f'"{"x" * 2_000_000}"', f'"{"x" * 80 + chr(10)}' * 1 + '"'):
        content = f"reference,step,reason\nP-1,agree,{field}\nP-2,agree,\n".encode()
        rows = read_table(content, COLUMNS)
        assert not isinstance(rows, Refused)
        assert (rows[0].refusal is None, rows[1].refusal) == (len(field) < 100, None)


def test_a_quote_that_is_never_closed_costs_no_more_than_reading_on() -> None:
    lines = "P-1,agree,x\n" * 200_000
    assert problems(f'reference,step,reason\nP-0,agree,"x\n{lines}'.encode()) == [
        (2, "in column reason, a quote is opened and not closed as it should be")
    ]


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
