"""Every command that imports a table takes it in any encoding, or as a workbook."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.cli.conftest import Type
from workflow.bootstrap import Runtime
from workflow.cli import summit, table_files
from workflow.cli.frame import run

PARTIES = [
    ("code", "name_en", "name_ru", "sort", "time_zone"),
    ("QZ", "Quezon", "Кесон", "state", "Asia/Manila"),
    ("QY", "Quyi", "Куйи", "state", "Asia/Tashkent"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "parties"


def names(typed: Type) -> set[str]:
    _, listed = typed("parties", "list")
    return {each["names"].get("ru", "") for each in listed}


def test_parties_come_from_a_workbook(typed: Type, file: Path) -> None:
    book = Workbook()
    for row in PARTIES:
        book.active.append(row)
    saved = BytesIO()
    book.save(saved)
    file.write_bytes(saved.getvalue())
    assert typed("parties", "import", str(file))[0] == 0
    assert {"Кесон", "Куйи"} <= names(typed)


def test_parties_come_from_an_older_spreadsheet(typed: Type, file: Path) -> None:
    file.write_bytes("\r\n".join(";".join(row) for row in PARTIES).encode("cp1251"))
    code, answer = typed("parties", "import", str(file))
    assert (code, answer["reasons"][0]["text"]) == (
        1,
        "Line 2 cannot be read: it is not utf-8; cp1251 fits: give --encoding cp1251.",
    )
    assert typed("parties", "import", str(file), "--encoding", "windows-1251")[0] == 0
    assert {"Кесон", "Куйи"} <= names(typed)


def test_a_row_is_told_with_its_line_once(
    runtime: Runtime, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("code,name_en,sort,time_zone\nQZ,Quezon\n")
    assert run(summit, ["parties", "import", str(file)], runtime) == 1
    assert capsys.readouterr().out == (
        "Line 2 cannot be read: it has 2 fields where the header has 4.\n"
    )


def test_a_file_too_large_to_be_a_table_is_not_read(typed: Type, file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(table_files.LARGEST + 1)
    assert typed("parties", "import", str(file))[0] == 2
