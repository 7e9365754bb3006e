"""The export as CSV (RFC 4180) in UTF-8: a header, rows, and the tail in a row marked END."""

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from workflow.domain.canonical import Json
from workflow.export.cells import CellError, read_record, write_record
from workflow.export.layout import RecordError
from workflow.export.row import COLUMNS

END = "END"
"""Stands in the first cell of the last row; the row's `leaf` cell holds the tail."""

_TAIL_CELL = COLUMNS.index("leaf")
_LONGEST_RECORD_BYTES = 16 * 2**20
_HEADER = write_record(COLUMNS)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Csv:
    """The layout `csv`."""

    name = "csv"

    def write_head(self) -> str:
        """Return the header."""
        return _HEADER

    def write_row(self, columns: Mapping[str, Json]) -> str:
        """Return one record."""
        return write_record(map(_show, columns.values()))

    def write_tail(self, tail: str) -> str:
        """Return a row marked END that holds the tail."""
        cells = [""] * len(COLUMNS)
        cells[0], cells[_TAIL_CELL] = END, tail
        return write_record(cells)

    def split_records(self, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """Yield every record with the number of its first line; a quoted cell may hold breaks."""
        start, kept, size, quotes = 1, list[bytes](), 0, 0
        for number, line in enumerate(file, start=1):
            kept.append(line)
            size, quotes = size + len(line), quotes + line.count(b'"')
            # A quote that never closes must not take the whole file into memory.
            if quotes % 2 == 0 or size > _LONGEST_RECORD_BYTES:
                yield start, b"".join(kept)
                start, kept, size, quotes = number + 1, [], 0, 0
        if kept:
            yield start, b"".join(kept)

    def find_tail(self, record: str) -> str | None:
        """Return the tail when the record is marked END."""
        if not record.startswith(f'"{END}",'):
            return None
        try:
            return read_record(record)[_TAIL_CELL]
        except (CellError, IndexError):
            return ""

    def read_cells(self, record: str) -> list[Json]:
        """Return the texts of a record. Raises: RecordError."""
        try:
            cells = read_record(record)
        except CellError as cause:
            raise RecordError("the line is not CSV") from cause
        if len(cells) != len(COLUMNS):
            raise RecordError("the line does not have the columns of an export")
        return list(cells)

    def show_cells(self, columns: Mapping[str, Json]) -> list[Json]:
        """Return each column as text."""
        return [_show(value) for value in columns.values()]

    def read_disclosures(self, cell: Json) -> Json:
        """Return the JSON in the cell. Raises: RecordError."""
        try:
            value: Json = json.loads(str(cell))
        except (ValueError, RecursionError) as cause:
            raise RecordError("the disclosures are not JSON") from cause
        return value


def _show(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _encode(value)
