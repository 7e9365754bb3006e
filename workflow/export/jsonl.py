"""The export as JSON Lines: one object a line in UTF-8, columns in order, then the tail."""

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

import msgspec

from workflow.domain.canonical import Json
from workflow.export.layout import RecordError, read_lines
from workflow.export.row import COLUMNS
from workflow.export.tail import TAIL_START
from workflow.log.leaf_form import UNREADABLE

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class JsonLines:
    """The layout `jsonl`."""

    name = "jsonl"

    def write_head(self) -> bytes:
        """Return nothing: the first line is a row."""
        return b""

    def write_row(self, columns: Mapping[str, Json]) -> bytes:
        """Return one line."""
        return _encode(columns) + b"\n"

    def write_tail(self, pieces: Iterable[str]) -> Iterator[bytes]:
        """Yield the tail as a line of its own."""
        yield from (piece.encode() for piece in pieces)
        yield b"\n"

    def split_records(self, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """Yield every line with its number, from 1."""
        return enumerate(read_lines(file), start=1)

    def find_tail(self, record: bytes) -> bytes | None:
        """Return the line when it is no row."""
        return record.removesuffix(b"\n") if record.startswith(TAIL_START.encode()) else None

    def read_cells(self, record: bytes) -> list[Json]:
        """Return the values of a line. Raises: RecordError."""
        try:
            body = _decode(record)
        except UNREADABLE as cause:
            raise RecordError("the line is not JSON") from cause
        if not isinstance(body, dict) or tuple(body) != COLUMNS:
            raise RecordError("the line does not have the columns of an export")
        return list(body.values())

    def show_cells(self, columns: Mapping[str, Json]) -> list[Json]:
        """Return the values themselves."""
        return list(columns.values())

    def read_index(self, cell: Json) -> int | None:
        """Return the number itself. Raises: RecordError."""
        if cell is None or (type(cell) is int and cell >= 0):
            return cell
        raise RecordError("leaf_index is no number")

    def read_disclosures(self, cell: Json) -> Json:
        """Return the value itself."""
        return cell
