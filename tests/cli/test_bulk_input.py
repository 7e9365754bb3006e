"""`summit bulk plan` answers every file: with a plan, or with a sentence that names the line."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests import make
from tests.cli.conftest import Type
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller

CSV_FILES = Path(__file__).parents[3] / "shared" / "payloads" / "csv_files"
OURS = {"proposal": "reference", "action": "step", "party": "idempotency_key", "note": "reason"}
"""The columns of those files, and ours that take such cells."""

READ = {
    "blank_lines": 3, "case_header": 1, "conflict_rows": 3, "cr_only": 3, "crlf_injection": 1,
    "dup_rows": 3, "field_140k": 1, "formula": 55, "lf_only": 3, "long_row": 1,
    "lookalike_party": 1, "mixed_eol": 3, "newline_in_field": 1, "no_final_newline": 3,
    "nul_inside": 1, "other_party": 1, "quote_in_field": 1, "semicolon": 3, "sep_line": 3,
    "short_row": 1, "tab": 3, "utf16le_bom": 3, "utf32": 3, "utf8": 3, "utf8_bom": 3,
    "utf8_double_bom": 3,
}  # fmt: skip
REFUSED = {
    "cesu_surrogate": (2, "it is not utf-8"),
    "cols_5000": (1, "it has 5000 fields, and 200 is the most"),
    "cp1251": (2, "it is not utf-8; cp1251"),
    "cp1252_smart": (2, "it is not utf-8; cp1252"),
    "cp932": (2, "it is not utf-8; shift_jis or cp932"),
    "dup_header": (1, "it names the column idempotency_key twice"),
    "empty": (1, "the file is empty"),
    "euc_jp": (2, "it is not utf-8; euc_jp"),
    "header_only": (2, "there is no row below the header"),
    "invalid_utf8": (2, "it is not utf-8"),
    "is_html": (1, "it is a web page"),
    "is_pdf": (1, "it is a PDF document"),
    "is_zip": (1, "it is a damaged workbook"),
    "iso2022jp": (2, "it is iso2022_jp"),
    "koi8r": (2, "it is not utf-8; koi8_r"),
    "overlong_utf8": (2, "it is not utf-8"),
    "shift_jis": (2, "it is not utf-8; shift_jis"),
    "unclosed_quote": (2, "in column reason, a quote is opened and not closed"),
    "unknown_header": (1, "the column is_admin is not known"),
    "utf16be_nobom": (1, "it looks like utf-16-be"),
}
LEGACY = {
    "cp1251": "windows-1251", "koi8r": "koi8-r", "cp1252_smart": "windows-1252",
    "cp932": "cp932", "shift_jis": "Shift_JIS", "euc_jp": "euc-jp", "iso2022jp": "iso-2022-jp",
    "utf16be_nobom": "utf-16",
}  # fmt: skip
PROBLEMS = {
    "long_row": "it has 7 fields where the header has 4",
    "nul_inside": "in column step, it holds a NUL character",
    "quote_in_field": "in column reason, a quote stands where none may",
    "short_row": "it has 2 fields where the header has 4",
    "field_140k": "in column reason, the text is longer than 100000 characters",
    "lookalike_party": None,
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "plan.jsonl"


@pytest.fixture
def three(runtime: Runtime) -> list[str]:
    """Give three proposals that the secretariat can agree at once."""
    make.definition(runtime, agree={"by": ["secretariat"], "needs": {"field": "venue"}})
    return [make.proposal(runtime, fields={"venue": "Tokyo"}) for _ in range(3)]


def ours(name: str, tmp_path: Path) -> str:
    """Copy a file of theirs for the test's time, its header in our words."""
    path = CSV_FILES / f"{name}.csv"
    if not path.is_file():
        pytest.skip("the shared files are not on this machine")
    content = path.read_bytes()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
        for theirs, word in OURS.items():
            for written in (theirs, theirs.capitalize(), theirs.upper()):
                content = content.replace(written.encode(encoding), word.encode(encoding), 2)
    copy = tmp_path / path.name
    copy.write_bytes(content)
    return str(copy)


def planned(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_text().splitlines()[1:]]


def test_every_shared_file_is_expected() -> None:
    names = {path.stem for path in CSV_FILES.glob("*.csv")}
    if not names:
        pytest.skip("the shared files are not on this machine")
    assert set(READ) | set(REFUSED) == names


@pytest.mark.parametrize("name", sorted(READ))
def test_a_file_that_can_be_read_is_judged_line_by_line(
    typed_as: Type, clerk: Caller, tmp_path: Path, out: Path, name: str
) -> None:
    code, numbers = typed_as(clerk, "bulk", "plan", ours(name, tmp_path), "--out", str(out))
    assert (code, numbers["rows"], numbers["will_change"]) == (0, READ[name], 0)
    lines = planned(out)
    assert [line["line"] for line in lines] == sorted({line["line"] for line in lines})
    if name in PROBLEMS:
        assert [line.get("problem") for line in lines] == [PROBLEMS[name]]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_file_that_cannot_is_refused_with_a_sentence_and_its_line(
    typed_as: Type, clerk: Caller, tmp_path: Path, out: Path, name: str
) -> None:
    code, answer = typed_as(clerk, "bulk", "plan", ours(name, tmp_path), "--out", str(out))
    line, said = REFUSED[name]
    text = answer["reasons"][0]["text"]
    assert (code, text.startswith(f"Line {line}"), said in text) == (1, True, True), text
    assert not out.exists()


@pytest.mark.parametrize("name", sorted(LEGACY))
def test_a_file_of_another_encoding_is_read_when_that_is_said(
    typed_as: Type, clerk: Caller, tmp_path: Path, out: Path, name: str
) -> None:
    file = ours(name, tmp_path)
    words = ("bulk", "plan", file, "--encoding", LEGACY[name], "--out", str(out))
    code, numbers = typed_as(clerk, *words)
    assert (code, numbers["rows"] in (1, 3)) == (0, True)
    assert all(line["reasons"] == ["not_found"] for line in planned(out))


def test_a_repeated_reference_says_which_line_was_first(
    typed_as: Type, clerk: Caller, three: list[str], tmp_path: Path, out: Path
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("reference;occurred_on\nP-1;\nP-2;1.5.2026\n\nP-1;\nP-2;2026-05-01\n")
    typed_as(clerk, "bulk", "plan", str(file), "--step", "agree", "--out", str(out))
    assert [(line["line"], line.get("problem")) for line in planned(out)] == [
        (2, None),
        (3, "its occurred_on, 1.5.2026, is no day written as 2026-05-01"),
        (5, "it names P-1 again, after line 2"),
        (6, "it names P-2 again, after line 3"),
    ]
    assert len(three) == 3


def test_a_reference_that_looks_like_another_says_which(
    typed_as: Type, clerk: Caller, three: list[str], tmp_path: Path, out: Path
) -> None:
    cyrillic, fullwidth = "\u0420-2", "\uff30\uff0d3"
    file = tmp_path / "rows.csv"
    lines = ["P-l", cyrillic, fullwidth, "X-10", "X-lO", "P-1", "Q-1", "p-2\u200b"]
    file.write_text("reference\n" + "\n".join(lines), encoding="utf-8")
    typed_as(clerk, "bulk", "plan", str(file), "--step", "agree", "--out", str(out))
    looks = "there is no {} to be seen, though it looks like {}"
    assert [line.get("problem") for line in planned(out)] == [
        looks.format("P-l", three[0]),
        looks.format(cyrillic, three[1]),
        looks.format(fullwidth, three[2]),
        None,
        looks.format("X-lO", "X-10 on line 5"),
        None,
        None,
        looks.format("p-2\\u{200b}", three[1]),
    ]


def test_a_look_alike_names_nothing_that_the_caller_may_not_see(
    runtime: Runtime, typed_as: Type, tmp_path: Path, out: Path, three: list[str]
) -> None:
    stranger = make.delegate(runtime, party="KZ")
    file = tmp_path / "rows.csv"
    file.write_text("reference\nP-l\nP-1\n")
    typed_as(stranger, "bulk", "plan", str(file), "--step", "agree", "--out", str(out))
    assert three[0] == "P-1"
    assert [(line["reasons"], line.get("problem")) for line in planned(out)] == [
        (["not_found"], None),
        (["not_found"], "there is no P-1 to be seen, though it looks like P-l on line 2"),
    ]


def test_a_workbook_is_planned_as_a_csv_file_is(
    typed_as: Type, clerk: Caller, three: list[str], tmp_path: Path, out: Path
) -> None:
    book = Workbook()
    for row in [("reference", "step"), *((each, "agree") for each in three), ("P-9", "=A1")]:
        book.active.append(row)
    saved = BytesIO()
    book.save(saved)
    file = tmp_path / "rows.csv"  # what it is called does not matter
    file.write_bytes(saved.getvalue())
    code, numbers = typed_as(clerk, "bulk", "plan", str(file), "--out", str(out))
    assert (code, numbers["will_change"], numbers["refused"]) == (0, 3, 1)
    assert planned(out)[3]["problem"] == (
        "in column step, it is a formula: paste its value instead"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("--encoding", "klingon"), ("--encoding", "base64"), ("--delimiter", ";;"),
        ("--delimiter", '"'), ("--delimiter", "x"),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_is_told_with_code_2(
    typed_as: Type, clerk: Caller, tmp_path: Path, out: Path, words: tuple[str, str]
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("reference,step\nP-1,agree\n")
    assert typed_as(clerk, "bulk", "plan", str(file), *words, "--out", str(out))[0] == 2


@pytest.mark.parametrize("said", ["tab", "\\t", "\t"])
def test_a_tab_can_be_said_by_its_name(
    typed_as: Type, clerk: Caller, tmp_path: Path, out: Path, said: str
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("reference\tstep\nP-1\tagree\n")
    words = ("bulk", "plan", str(file), "--delimiter", said, "--out", str(out))
    assert typed_as(clerk, *words)[0] == 0
