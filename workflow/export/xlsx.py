"""The export as a workbook for people: it cannot be verified, and says so on its first sheet.

Every cell but the whole numbers is a plain text: nothing in it is a formula or a link, whatever
it begins with. Source: ECMA-376, part 1, 18.3.1 (cells); Microsoft, 'Excel specifications and
limits' (rows of a sheet, signs of a cell).
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from workflow.domain.canonical import Json
from workflow.export.row import COLUMNS, Row
from workflow.export.tail import Scope

ROWS_PER_SHEET: Final = 1_000_000
"""Excel has 1,048,576 rows, the header among them."""

LONGEST_CELL: Final = 32_767
"""In UTF-16 units, which is how Excel counts; with one more it calls the file damaged."""

CUT_MARK: Final = " … (shortened: the JSON Lines export has it all)"

_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS: Final = (10, 16, 16, 14, 28, 28, 20, 12, 24, 18, 9, 9, 16, 16, 40, 40)
_WARNING: Final = (
    "It cannot be verified. A spreadsheet shortens, reformats and rewrites what it holds, so "
    "nothing in it proves that a row is as the log has it, or that none is missing."
)
_WAY_OUT: Final = (
    "What can be verified: the same export as JSON Lines or CSV, and best a bundle, which anybody "
    "checks offline. 'summit audit export --format bundle' makes one and 'summit audit verify' "
    "checks it; on the audit page choose another format."
)
_HASHES: Final = (
    "The column leaf_hash names each entry for good. By it an entry is found again in a bundle, "
    "and at the address /verify/ followed by the hash."
)
_TIMES: Final = (
    "All times are in UTC and end in Z. A cell that ends in "
    f"'{CUT_MARK.strip()}' was too long for a spreadsheet."
)
_encode = msgspec.json.Encoder().encode


def write_workbook(
    file: BinaryIO | Path, rows: Iterable[Row], scope: Scope, sheet_rows: int = ROWS_PER_SHEET
) -> int:
    """Write rows to sheets of so many rows; return how many there were. Raises: LeafError."""
    with tempfile.TemporaryDirectory(prefix="summit-xlsx-") as folder:
        options = {**_OPTIONS, "tmpdir": folder}
        book = Workbook(str(file) if isinstance(file, Path) else file, options)
        book.use_zip64()
        try:
            about = book.add_worksheet("About", PlainSheet)
            count = _write_sheets(book, iter(rows), sheet_rows)
            _write_about(book, about, count, scope)
            book.close()
        except FileCreateError as error:
            # Its argument is what the system said.
            raise error.args[0] from error
        finally:
            for sheet in book.worksheets():
                sheet.let_go()
    return count


def _write_sheets(book: Workbook, rows: Iterator[Row], sheet_rows: int) -> int:
    """Fill one sheet after the other; there is one even where there is no row."""
    count, number = 0, 1
    while True:
        head = list(islice(rows, 1))
        if not head and number > 1:
            return count
        sheet = book.add_worksheet(f"Entries {number}", PlainSheet)
        _write_header(book, sheet)
        count += _write_rows(sheet, chain(head, islice(rows, sheet_rows - 1)))
        number += 1


def _write_header(book: Workbook, sheet: Worksheet) -> None:
    bold = book.add_format({"bold": True})
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, bold)


def _write_rows(sheet: Worksheet, rows: Iterable[Row]) -> int:
    number = 0
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row.columns.values()):
            if value is None:
                continue
            if type(value) is int:
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, show_text(value))
    return number


def show_text(value: Json) -> str:
    """Return a value as the text of a cell that Excel takes."""
    text = value if isinstance(value, str) else _encode(value).decode()
    if len(text) > LONGEST_CELL // 2 and _units(text) > LONGEST_CELL:
        return _shorten(text)
    return text


def _shorten(text: str) -> str:
    """Cut a text that is too long, and say so at its end."""
    room = 2 * (LONGEST_CELL - _units(CUT_MARK))
    # A surrogate pair that is cut in two is left out.
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT_MARK


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class PlainSheet(Worksheet):  # type: ignore[misc] # XlsxWriter ships no types
    """A sheet that takes no text for markup.

    XlsxWriter writes a text between <r> and </r> as it stands, for its own rich strings, which
    we never use: somebody's reason could put cells of its own into the file.
    """

    def let_go(self) -> None:
        """Close the file that rows wait in, which XlsxWriter does only for a finished book."""
        self.row_data_fh.close()

    def _xml_rich_inline_string(self, string: str, attributes: list[Any]) -> None:
        self._xml_inline_string(string, preserve=True, attributes=attributes)


def _write_about(book: Workbook, sheet: Worksheet, count: int, scope: Scope) -> None:
    title = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, "Entries of the audit log, to be read by people", title)
    for number, text in enumerate(_about(count, scope), start=2):
        sheet.write_string(number, 0, text, wrapped)


def _about(count: int, scope: Scope) -> Sequence[str]:
    held = "every entry of the log" if scope.whole else "a selection of the log's entries"
    return (
        f"This workbook holds {held}: {count} of them, one a row, on the sheets after this one.",
        _WARNING,
        _WAY_OUT,
        _HASHES,
        _TIMES,
    )
