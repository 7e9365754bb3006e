"""What a format that can be verified must be able to do: write rows, and take them apart again."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import BinaryIO, Final, Protocol

from workflow.domain.canonical import Json

LONGEST_LINE_BYTES: Final = 256 * 2**20
"""The last line names every chain: two million of them fit."""


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file's lines; one that is longer than any comes in pieces, never as a whole."""
    return iter(partial(file.readline, LONGEST_LINE_BYTES), b"")


class RecordError(ValueError):
    """A record is not one that the format writes."""


class Layout(Protocol):
    """A format. A record is one row as written, in UTF-8, line break included."""

    name: str

    def write_head(self) -> bytes:
        """Return what stands before the first row."""

    def write_row(self, columns: Mapping[str, Json]) -> bytes:
        """Return a row as a record."""

    def write_tail(self, pieces: Iterable[str]) -> Iterator[bytes]:
        """Yield the last record around the pieces of the tail's JSON."""

    def split_records(self, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """Yield the number of the first line and the bytes of each record."""

    def find_tail(self, record: bytes) -> bytes | None:
        """Return the tail's JSON when the record is the last one."""

    def read_cells(self, record: bytes) -> list[Json]:
        """Return the cells of a row as the format keeps them. Raises: RecordError."""

    def show_cells(self, columns: Mapping[str, Json]) -> list[Json]:
        """Return a row's columns as `read_cells` gives them back."""

    def read_index(self, cell: Json) -> int | None:
        """Return the leaf index of its cell. Raises: RecordError."""

    def read_disclosures(self, cell: Json) -> Json:
        """Return the disclosures of their cell. Raises: RecordError."""
