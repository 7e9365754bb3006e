"""Writes a cell of a workbook as the text that its reader sees, or says why that is not known."""

import math
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

_DIGITS: Final = 15
"""What a spreadsheet keeps of a number. Source: Microsoft, 'Excel specifications and limits'."""

_ZEROS: Final = re.compile("0{2,64}")


class CellError(Exception):
    """A cell that is no text, number or day."""

    def __init__(self, problem: str) -> None:
        """Keep what is wrong."""
        super().__init__(problem)
        self.problem = problem


def cell_text(cell: Any) -> str:  # noqa: ANN401 - the library is untyped
    """Write a cell; numbers without binary dust, days as ISO 8601. Raises: CellError."""
    value, kind = cell.value, cell.data_type
    if kind == "f":
        raise CellError("it is a formula: paste its value instead")
    if kind == "e":
        raise CellError(f"it holds the error {str(value)[:20]}")
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, cell)
    if isinstance(value, datetime | date | time):
        return _moment(value)
    raise CellError("it is neither a text nor a number nor a day")


def _number(value: float, cell: Any) -> str:  # noqa: ANN401 - the library is untyped
    if not math.isfinite(value) or abs(value) >= 10**_DIGITS:
        raise CellError(
            f"the number has more than {_DIGITS} digits, of which a spreadsheet drops the rest: "
            "make the cell a text"
        )
    written = format(Decimal(f"{value:.{_DIGITS}g}"), "f")
    # A format such as 00000 shows leading zeros, which belong to what is read.
    shape = str(cell.number_format)
    return written.zfill(len(shape)) if _ZEROS.fullmatch(shape) and written.isdigit() else written


def _moment(value: date | time) -> str:
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat()
