"""The export as CSV (RFC 4180) in UTF-8: a header, rows, and the tail in a row marked END."""

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

import msgspec

from workflow.domain.canonical import Json
from workflow.export.cells import CellError, read_record, write_record
from workflow.export.layout import RecordError, read_lines
from workflow.export.row import COLUMNS
from workflow.log.leaf_form import UNREADABLE

END = "END"
"""Stands in the first cell of the last row; the row's `leaf` cell holds the tail."""

_LONGEST_RECORD_BYTES = 16 * 2**20
_HEADER = write_record(COLUMNS).encode()
_TAIL_CELL = COLUMNS.index("leaf")
_MARK = f'"{END}",'.encode()
_BEFORE_TAIL = (f'"{END}",' + '"",' * (_TAIL_CELL - 1) + '"').encode()
_AFTER_TAIL = ('"' + ',""' * (len(COLUMNS) - _TAIL_CELL - 1) + "\r\n").encode()

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Csv:
    """The layout `csv`."""

    name = "csv"

    def write_head(self) -> bytes:
        """Return the header."""
        return _HEADER

    def write_row(self, columns: Mapping[str, Json]) -> bytes:
        """Return one record."""
        return write_record(map(_show, columns.values())).encode()

    def write_tail(self, pieces: Iterable[str]) -> Iterator[bytes]:
        """Yield a row marked END that holds the tail.

        The tail needs no guard: it begins with a brace, and no name in it holds a semicolon.
        """
        yield _BEFORE_TAIL
        yield from (piece.replace('"', '""').encode() for piece in pieces)
        yield _AFTER_TAIL

    def split_records(self, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """Yield every record with the number of its first line; a quoted cell may hold breaks."""
        start, kept, size, quotes = 1, list[bytes](), 0, 0
        for number, line in enumerate(read_lines(file), start=1):
            kept.append(line)
            size, quotes = size + len(line), quotes + line.count(b'"')
            # A quote that never closes must not take the whole file into memory.
            if quotes % 2 == 0 or size > _LONGEST_RECORD_BYTES:
                yield start, b"".join(kept)
                start, kept, size, quotes = number + 1, [], 0, 0
        if kept:
            yield start, b"".join(kept)

    def find_tail(self, record: bytes) -> bytes | None:
        """Return the tail when the record is marked END."""
        if not record.startswith(_MARK):
            return None
        if not record.startswith(_BEFORE_TAIL) or not record.endswith(_AFTER_TAIL):
            return b""
        return record[len(_BEFORE_TAIL) : -len(_AFTER_TAIL)].replace(b'""', b'"')

    def read_cells(self, record: bytes) -> list[Json]:
        """Return the texts of a record. Raises: RecordError."""
        try:
            cells = read_record(record.decode())
        except (CellError, UnicodeDecodeError) as cause:
            raise RecordError("the line is not CSV") from cause
        if len(cells) != len(COLUMNS):
            raise RecordError("the line does not have the columns of an export")
        return list(cells)

    def show_cells(self, columns: Mapping[str, Json]) -> list[Json]:
        """Return each column as text."""
        return [_show(value) for value in columns.values()]

    def read_index(self, cell: Json) -> int | None:
        """Return the number in the cell. Raises: RecordError."""
        text = str(cell)
        if not text:
            return None
        if not text.isascii() or not text.isdigit():
            raise RecordError("leaf_index is no number")
        try:
            return int(text)
        except ValueError as cause:  # a number of thousands of digits
            raise RecordError("leaf_index is no number") from cause

    def read_disclosures(self, cell: Json) -> Json:
        """Return the JSON in the cell. Raises: RecordError."""
        try:
            value: Json = _decode(str(cell))
        except UNREADABLE as cause:
            raise RecordError("the disclosures are not JSON") from cause
        return value


def _show(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _encode(value).decode()
