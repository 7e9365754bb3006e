"""CSV cells that no spreadsheet takes for a formula, and the way back.

A cell that begins with = + - @, a tab or a line break (also after white space, also in the
full-width forms that some spreadsheets fold) gets an apostrophe in front; so does one that
begins with an apostrophe, which makes the guard reversible. Where a semicolon separates cells,
as in most of Europe and Central Asia, Excel does not see our commas: what follows a semicolon,
tab or line break within a text is then a cell of its own, and is guarded in the same way. So
the way back is to take away one apostrophe at the beginning and after each of these.

Source: OWASP, CSV Injection; RFC 4180 for quoting.
"""

import csv
import re
from collections.abc import Iterable
from typing import Final

_GUARD: Final = "'"
_STARTS_FORMULA: Final = r"=+\-@＝＋－＠﹢﹣﹦﹫−"
_WEAK = re.compile(
    rf"^(?=\s*[{_STARTS_FORMULA}\t\r\n]|')"
    # A pair of CR and LF stays one.
    rf"|(?:(?<=[;\t\n])|(?<=\r)(?!\n))(?=\s*[{_STARTS_FORMULA}]|')"
)
_GUARDED = re.compile(r"(^|[;\t\r\n])'")

# A cell may be as long as a leaf and more; the csv module stops at 131,072 by itself.
csv.field_size_limit(2**31 - 1)


class CellError(ValueError):
    """A line is not one well-formed CSV record."""


def guard(text: str) -> str:
    """Return a cell's text made harmless."""
    # Nearly all cells leave here; the rest is a hundred times as slow.
    if (text[:1].isalnum() or text[:1] in ("", "{")) and not (
        ";" in text or "\n" in text or "\r" in text or "\t" in text
    ):
        return text
    return _WEAK.sub(_GUARD, text)


def unguard(cell: str) -> str:
    """Return the text that `guard` made harmless."""
    return _GUARDED.sub(r"\1", cell) if _GUARD in cell else cell


def write_record(texts: Iterable[str]) -> str:
    """Return one CSV record; all cells are quoted, so that no line break splits it."""
    return ",".join(['"' + guard(text).replace('"', '""') + '"' for text in texts]) + "\r\n"


def read_record(record: str) -> list[str]:
    """Return the texts of one record. Raises: CellError."""
    try:
        rows = list(csv.reader([record], strict=True))
    except csv.Error as cause:
        raise CellError(str(cause)) from cause
    if len(rows) != 1 or not rows[0]:
        raise CellError("not one record")
    return [unguard(cell) for cell in rows[0]]
