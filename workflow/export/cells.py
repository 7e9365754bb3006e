"""CSV cells that no spreadsheet takes for a formula, and the way back.

A cell that begins with = + - @, a tab or a line break (also after white space, also in the
full-width forms that some spreadsheets fold) gets an apostrophe in front; so does one that
begins with an apostrophe, which makes the guard reversible: take one apostrophe away.

Source: OWASP, CSV Injection; RFC 4180 for quoting.
"""

import csv
from collections.abc import Iterable

_GUARD = "'"
_STARTS_FORMULA = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−")
_BREAKS = frozenset("\t\r\n")

# A cell may be as long as a leaf and more; the csv module stops at 131,072 by itself.
csv.field_size_limit(2**31 - 1)


class CellError(ValueError):
    """A line is not one well-formed CSV record."""


def guard(text: str) -> str:
    """Return a cell's text made harmless."""
    shown = text.lstrip()
    space = text[: len(text) - len(shown)]
    if shown[:1] in _STARTS_FORMULA or not _BREAKS.isdisjoint(space) or text.startswith(_GUARD):
        return _GUARD + text
    return text


def unguard(cell: str) -> str:
    """Return the text that `guard` made harmless."""
    return cell.removeprefix(_GUARD)


def write_record(texts: Iterable[str]) -> str:
    """Return one CSV record; all cells are quoted, so that no other separator splits them."""
    return ",".join('"' + guard(text).replace('"', '""') + '"' for text in texts) + "\r\n"


def read_record(record: str) -> list[str]:
    """Return the texts of one record. Raises: CellError."""
    try:
        rows = list(csv.reader([record], strict=True))
    except csv.Error as cause:
        raise CellError(str(cause)) from cause
    if len(rows) != 1 or not rows[0]:
        raise CellError("not one record")
    return [unguard(cell) for cell in rows[0]]
