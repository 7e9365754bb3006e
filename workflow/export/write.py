"""Write entries in a format, one after the other, in constant memory."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from typing import BinaryIO, Final

from workflow.export.csv import Csv
from workflow.export.jsonl import JsonLines
from workflow.export.layout import Layout
from workflow.export.row import Record, make_row
from workflow.export.tail import Scope, Tail, write_pieces

LAYOUTS: Final[dict[str, type[Layout]]] = {"csv": Csv, "jsonl": JsonLines}
"""The formats that can be verified, by name."""

XLSX: Final = "xlsx"
FORMS: Final = (*LAYOUTS, XLSX)
"""Every format."""

Heads = Iterable[tuple[str, str]]
"""Chains in order, each with the leaf hash of its last entry; asked for after the last row."""

_ROWS_AT_ONCE = 500
_WHOLE = Scope()


def write_entries(
    form: str, file: BinaryIO, records: Iterable[Record], heads: Heads, scope: Scope = _WHOLE
) -> int:
    """Write an export in a format of `FORMS`; return how many entries it has. Raises: LeafError."""
    if form == XLSX:
        from workflow.export.xlsx import write_workbook  # noqa: PLC0415 - few ask for it

        return write_workbook(file, map(make_row, records), scope)
    writer = Writer(LAYOUTS[form](), scope)
    file.writelines(writer.write(records, heads))
    return writer.count


class Writer:
    """Turns records into the pieces of a file; afterwards `count` says how many there were."""

    def __init__(self, layout: Layout, scope: Scope = _WHOLE) -> None:
        """Write in a layout; `scope` goes into the last line."""
        self.layout, self.scope, self.count = layout, scope, 0
        self._digest = sha256()

    def write(self, records: Iterable[Record], heads: Heads) -> Iterator[bytes]:
        """Yield the head, the rows and the tail. Raises: LeafError when a leaf is damaged."""
        yield self._digested(self.layout.write_head())
        left, write_row = iter(records), self.layout.write_row
        while some := [write_row(make_row(each).columns) for each in islice(left, _ROWS_AT_ONCE)]:
            self.count += len(some)
            yield self._digested(b"".join(some))
        tail = Tail(scope=self.scope, count=self.count, sha256=self._digest.hexdigest())
        yield from self.layout.write_tail(write_pieces(tail, heads))

    def _digested(self, chunk: bytes) -> bytes:
        self._digest.update(chunk)
        return chunk
