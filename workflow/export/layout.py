"""What a format of the export must be able to do: write rows, and take them apart again."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Protocol

from workflow.domain.canonical import Json


class RecordError(ValueError):
    """A record is not one that the format writes."""


class Layout(Protocol):
    """A format. A record is one row as written, line break included."""

    name: str

    def write_head(self) -> str:
        """Return what stands before the first row."""

    def write_row(self, columns: Mapping[str, Json]) -> str:
        """Return a row as a record."""

    def write_tail(self, tail: str) -> str:
        """Return the last record around the tail's JSON."""

    def split_records(self, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """Yield the number of the first line and the bytes of each record."""

    def find_tail(self, record: str) -> str | None:
        """Return the tail's JSON when the record is the last one."""

    def read_cells(self, record: str) -> list[Json]:
        """Return the cells of a row as the format keeps them. Raises: RecordError."""

    def show_cells(self, columns: Mapping[str, Json]) -> list[Json]:
        """Return a row's columns as `read_cells` gives them back."""

    def read_disclosures(self, cell: Json) -> Json:
        """Return the disclosures of their cell. Raises: RecordError."""
