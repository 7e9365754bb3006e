"""Reads the first sheet of a workbook row by row; what a formula would give is nobody's word.

A workbook is a ZIP archive of XML, so its sizes are judged before anything of it is unpacked.

Source: ECMA-376, part 1, 18.3.1 (sheets, rows, cells); part 2 forbids document types;
Microsoft, 'Excel specifications and limits' (1,048,576 rows).
"""

import warnings
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import Any, Final
from zipfile import ZipFile

from openpyxl import load_workbook

from workflow.intake.lines import Line, UnreadableError, make_line
from workflow.intake.package import judge_package
from workflow.intake.xlsx_cells import CellError, cell_text

MOST_ROWS: Final = 1_048_576
MOST_CELLS: Final = 20_000_000
_AT_ONCE: Final = 1_000
"""Rows that are read with the library's warnings held back, of which each is a sentence here."""

_DAMAGED: Final = "the workbook is damaged: open it, and save it again"


def read_sheet(content: bytes) -> Iterator[Line]:
    """Yield the rows of the first sheet; each is as wide as the first at least.

    Raises: UnreadableError for a workbook that is damaged, too large, or hides its first sheet.
    """
    with ZipFile(BytesIO(content)) as archive:
        judge_package(archive)
    sheet = _first_sheet(content)
    width, left = 0, MOST_CELLS
    for number, cells in enumerate(_rows(sheet), start=1):
        left -= len(cells)
        if left < 0 or number > MOST_ROWS:
            most = f"{MOST_ROWS} rows and {MOST_CELLS} cells are the most"
            raise UnreadableError(number, f"the sheet is too large: {most}")
        if filled := _without_empty_end(cells):
            line = _line(number, filled, width)
            width = width or len(line.fields)
            yield line


def _first_sheet(content: bytes) -> Any:  # noqa: ANN401 - the library is untyped
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size need not be so
    except Exception:  # noqa: BLE001 - a damaged part may raise anything in the library
        raise UnreadableError(1, _DAMAGED) from None
    if sheet.sheet_state != "visible":
        raise UnreadableError(1, "the first sheet is hidden: show it, or move it to the end")
    return sheet


def _rows(sheet: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - the library is untyped
    number, rows = 0, sheet.iter_rows()
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                some = list(islice(rows, _AT_ONCE))
        except Exception:  # noqa: BLE001 - a damaged part may raise anything in the library
            raise UnreadableError(number + 1, _DAMAGED) from None
        if not some:
            return
        yield from some
        number += len(some)


def _without_empty_end(cells: Sequence[Any]) -> Sequence[Any]:
    end = len(cells)
    while end and cells[end - 1].value is None:
        end -= 1
    return cells[:end]


def _line(number: int, cells: Sequence[Any], width: int) -> Line:
    texts: list[str] = []
    for cell in cells:
        try:
            texts.append(cell_text(cell))
        except CellError as error:
            return Line(number, tuple(texts), error.problem, len(texts))
    texts += [""] * (width - len(texts))
    return make_line(number, texts, sum(map(len, texts)))
