"""Check an exported file: every byte of it must follow from its leaves, and these must chain."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from workflow.domain.canonical import CanonicalError, Json
from workflow.domain.disclosure import Disclosure
from workflow.export.csv import Csv
from workflow.export.jsonl import JsonLines
from workflow.export.layout import Layout, RecordError
from workflow.export.row import COLUMNS, Record, Row, make_row
from workflow.export.tail import Tail, TailError, read_tail, write_tail
from workflow.log.chain import EVERY_CHAIN, Chains
from workflow.log.disclosures import find_false_disclosures
from workflow.log.leaf import LeafError
from workflow.log.verdict import Fault, Verified

_HEAD_BYTES = 65_536
_WORDS: Final = (b"leaf_index", b"leaf_hash", b'"count"', b'""count""', b'"heads"', b'""heads""')
_LEAF, _DISCLOSURES = COLUMNS.index("leaf"), COLUMNS.index("disclosures")
_DISCLOSURE_PARTS = 3


class UnknownFileError(Exception):
    """A file is no export that this program knows."""


def verify_export(path: Path) -> Verified:
    """Return whether a CSV or JSON Lines export is what was exported, and the first fault.

    Raises: UnknownFileError, OSError.
    """
    with path.open("rb") as file:
        layout = _recognise(file)
        return _Check(layout, _partial_chains(layout, file)).run(file)


def _recognise(file: BinaryIO) -> Layout:
    """Return the format; a damaged file must still be recognised, so no single byte decides."""
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    if not any(word in head for word in _WORDS):
        raise UnknownFileError
    return JsonLines() if head[:1] == b"{" or head[1:2] == b'"' else Csv()


def _partial_chains(layout: Layout, file: BinaryIO) -> tuple[str, ...]:
    """Return what the last line says may be missing; without a last line, anything may be."""
    tail = layout.find_tail(_read_last_line(file).decode("utf-8", "replace"))
    file.seek(0)
    try:
        return tuple(map(str, read_tail(tail or "").partial))
    except TailError:
        return (EVERY_CHAIN,)


def _read_last_line(file: BinaryIO, step_bytes: int = _HEAD_BYTES) -> bytes:
    end = file.seek(0, os.SEEK_END)
    kept = b""
    while len(kept) < end and b"\n" not in kept[:-1]:
        start = max(0, end - len(kept) - step_bytes)
        file.seek(start)
        kept = file.read(end - len(kept) - start) + kept
    return kept[kept.rfind(b"\n", 0, -1) + 1 :]


@dataclass(slots=True)
class _Check:
    """One pass over a file."""

    layout: Layout
    partial: tuple[str, ...]
    count: int = 0
    chains: Chains = field(init=False)

    def run(self, file: BinaryIO) -> Verified:
        self.chains = Chains(self.partial)
        fault = next(self._find_faults(file), None)
        return Verified(self.count, len(self.chains.ends), fault, self.partial)

    def _find_faults(self, file: BinaryIO) -> Iterator[Fault]:
        """Yield faults in the file's order; only the first one means anything."""
        records = self.layout.split_records(file)
        if self.layout.write_head() and _text(next(records, (1, b""))[1]) != (
            self.layout.write_head()
        ):
            yield Fault("the header is not that of an export", line=1)
        line = 1
        for line, content in records:
            record = _text(content)
            if (tail := self.layout.find_tail(record)) is not None:
                yield from self._check_tail(line, record, tail)
                yield from (Fault("stands after the last line", line=n) for n, _ in records)
                return
            yield from self._check_row(line, record)
        yield Fault("the last line with the count is missing: the file is cut short", line=line)

    def _check_row(self, line: int, record: str) -> Iterator[Fault]:
        try:
            cells = self.layout.read_cells(record)
            disclosures = _read_disclosures(self.layout.read_disclosures(cells[_DISCLOSURES]))
            row = make_row(Record(str(cells[_LEAF]).encode("utf-8", "replace"), disclosures))
        except (RecordError, LeafError, CanonicalError) as error:
            yield Fault(str(error), line=line)
            return
        place = row.leaf.place
        for what in self._compare(row, cells, record, disclosures):
            yield Fault(what, place, line)
        if (broken := self.chains.follow(row.leaf, row.leaf_hash)) is not None:
            yield Fault(broken, place, line)
        self.count += 1

    def _compare(
        self, row: Row, cells: list[Json], record: str, disclosures: dict[str, Disclosure]
    ) -> Iterator[str]:
        expected = self.layout.show_cells(row.columns)
        for column, cell, wanted in zip(COLUMNS, cells, expected, strict=True):
            if type(cell) is not type(wanted) or cell != wanted:
                yield f"{column} is not what the leaf says"
        yield from find_false_disclosures(row.leaf, disclosures)
        if self.layout.write_row(row.columns) != record:
            yield "the line is not written as the export writes it"

    def _check_tail(self, line: int, record: str, text: str) -> Iterator[Fault]:
        try:
            read_tail(text)
        except TailError as error:
            yield Fault(str(error), line=line)
            return
        expected = write_tail(Tail(self.count, self.chains.heads, self.partial))
        if text != expected or self.layout.write_tail(expected) != record:
            yield Fault("the count or the heads are not those of the entries above", line=line)


def _read_disclosures(cell: Json) -> dict[str, Disclosure]:
    """Return the disclosures of a row, without the erased. Raises: RecordError."""
    if not isinstance(cell, dict):
        raise RecordError("the disclosures are not an object")
    found: dict[str, Disclosure] = {}
    for name, parts in cell.items():
        if parts is None:
            continue
        if not isinstance(parts, list) or len(parts) != _DISCLOSURE_PARTS:
            raise RecordError(f"the disclosure of {name} is not salt, name and value")
        salt, label, value = parts
        if not isinstance(salt, str) or not isinstance(label, str):
            raise RecordError(f"the disclosure of {name} is not salt, name and value")
        found[name] = Disclosure(label, salt, value)
    return found


def _text(content: bytes) -> str:
    # A byte that is no UTF-8 becomes a lone surrogate, which equals nothing we write.
    return content.decode("utf-8", "surrogateescape")
