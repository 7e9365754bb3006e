"""The export as JSON Lines: one object a line in UTF-8, columns in order, then the tail."""

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from workflow.domain.canonical import Json
from workflow.export.layout import RecordError
from workflow.export.row import COLUMNS

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class JsonLines:
    """The layout `jsonl`."""

    name = "jsonl"

    def write_head(self) -> str:
        """Return nothing: the first line is a row."""
        return ""

    def write_row(self, columns: Mapping[str, Json]) -> str:
        """Return one line."""
        return _encode(columns) + "\n"

    def write_tail(self, tail: str) -> str:
        """Return the tail as a line of its own."""
        return tail + "\n"

    def split_records(self, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """Yield every line with its number, from 1."""
        return enumerate(file, start=1)

    def find_tail(self, record: str) -> str | None:
        """Return the line when it is no row."""
        return record.removesuffix("\n") if record.startswith('{"count":') else None

    def read_cells(self, record: str) -> list[Json]:
        """Return the values of a line. Raises: RecordError."""
        try:
            body = json.loads(record)
        except (ValueError, RecursionError) as cause:
            raise RecordError("the line is not JSON") from cause
        if not isinstance(body, dict) or tuple(body) != COLUMNS:
            raise RecordError("the line does not have the columns of an export")
        return list(body.values())

    def show_cells(self, columns: Mapping[str, Json]) -> list[Json]:
        """Return the values themselves."""
        return list(columns.values())

    def read_disclosures(self, cell: Json) -> Json:
        """Return the value itself."""
        return cell
