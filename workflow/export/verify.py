"""Check an exported file: every byte of it must follow from its leaves, and these must chain."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final

from workflow.domain.canonical import CanonicalError, Json
from workflow.domain.disclosure import Disclosure
from workflow.domain.entry import PEOPLE
from workflow.export.csv import Csv
from workflow.export.jsonl import JsonLines
from workflow.export.layout import LONGEST_LINE_BYTES, Layout, RecordError
from workflow.export.row import COLUMNS, Record, Row, make_row, strict_form
from workflow.export.row_tree import RowTree
from workflow.export.tail import Tail, TailError, read_tail, write_tail
from workflow.export.vouched import NO_TRUST, NotComparableError, Vouched, open_vouched
from workflow.log.bundle.verify import Trust
from workflow.log.chain import EVERY_CHAIN, Chains
from workflow.log.disclosures import find_false
from workflow.log.leaf import LeafError
from workflow.log.leaf_form import KnownForm
from workflow.log.verdict import Fault, Verified

__all__ = ["NotComparableError", "Trust", "UnknownFileError", "verify_export"]

_HEAD_BYTES = 65_536
_WORDS: Final = (b"leaf_index", b"leaf_hash", b'"count"', b'""count""', b'"heads"', b'""heads""')
_INDEX = COLUMNS.index("leaf_index")
_LEAF, _DISCLOSURES = COLUMNS.index("leaf"), COLUMNS.index("disclosures")
_DISCLOSURE_PARTS = 3
# What a forged line can hold that no row can be written with.
_UNWRITABLE = (OverflowError, RecursionError, UnicodeError, TypeError)


class UnknownFileError(Exception):
    """A file is no export that this program knows."""


def verify_export(path: Path, trust: Trust = NO_TRUST) -> Verified:
    """Return whether a CSV or JSON Lines export is what was exported, and the first fault.

    Without keys in `trust` no signature is checked, which the result says.

    Raises: UnknownFileError, NotComparableError, CheckpointError, OSError.
    """
    with path.open("rb") as file:
        layout = _recognise(file)
        tail = _find_tail(layout, file)
        return _Check(layout, tail, open_vouched(tail, trust)).run(file)


def _recognise(file: BinaryIO) -> Layout:
    """Return the format; a damaged file must still be recognised, so no single byte decides."""
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    if not any(word in head for word in _WORDS):
        raise UnknownFileError
    return JsonLines() if head[:1] == b"{" or head[1:2] == b'"' else Csv()


def _find_tail(layout: Layout, file: BinaryIO) -> Tail | None:
    """Return what the last line says, before all others are read."""
    text = layout.find_tail(_read_last_line(file))
    file.seek(0)
    try:
        return read_tail(text or b"")
    except TailError:
        return None


def _read_last_line(file: BinaryIO, step_bytes: int = _HEAD_BYTES) -> bytes:
    end = file.seek(0, os.SEEK_END)
    kept = b""
    while len(kept) < min(end, LONGEST_LINE_BYTES) and b"\n" not in kept[:-1]:
        start = max(0, end - len(kept) - step_bytes)
        file.seek(start)
        kept = file.read(end - len(kept) - start) + kept
        step_bytes *= 2
    return kept[kept.rfind(b"\n", 0, -1) + 1 :]


@dataclass(slots=True)
class _Check:
    """One pass over a file; without a last line anything may be missing."""

    layout: Layout
    tail: Tail | None
    vouched: Vouched
    count: int = 0
    sealed: int = 0
    chains: Chains = field(init=False)
    tree: RowTree = field(init=False)
    digest: Any = field(default_factory=sha256)

    def run(self, file: BinaryIO) -> Verified:
        partial = tuple(map(str, self.tail.scope.partial)) if self.tail else (EVERY_CHAIN,)
        self.chains = Chains(frozenset(partial))
        self.tree = RowTree(self.vouched.sizes() if self.vouched.scope.whole else ())
        fault = next(self._find_faults(file), None)
        ends, also = len(self.chains.ends), tuple(self.vouched.also)
        return Verified(self.count, ends, fault, partial, self.vouched.signed, also)

    def _find_faults(self, file: BinaryIO) -> Iterator[Fault]:
        """Yield faults in the file's order; only the first one means anything."""
        records = self.layout.split_records(file)
        if head := self.layout.write_head():
            self.digest.update(head)
            if next(records, (1, b""))[1] != head:
                yield Fault("the header is not that of an export", line=1)
        line = 1
        for line, record in records:
            if (text := self.layout.find_tail(record)) is not None:
                yield from (Fault(what, line=line) for what in self._check_tail(record, text))
                yield from (Fault("stands after the last line", line=n) for n, _ in records)
                return
            yield from self._check_row(line, record)
            self.digest.update(record)
        yield Fault("the last line with the count is missing: the file is cut short", line=line)

    def _check_row(self, line: int, record: bytes) -> Iterator[Fault]:
        try:
            cells = self.layout.read_cells(record)
            disclosures = _read_disclosures(self.layout.read_disclosures(cells[_DISCLOSURES]))
            leaf = str(cells[_LEAF]).encode("utf-8", "replace")
            row = make_row(Record(leaf, disclosures, form=strict_form(leaf)))
        except (RecordError, LeafError, CanonicalError) as error:
            yield Fault(str(error), line=line)
            return
        for what in self._compare(row, cells, record, disclosures):
            yield Fault(what, row.place, line)
        if (broken := self.chains.follow(row.form.object, row.leaf_hash)) is not None:
            yield Fault(broken, row.place, line)
        self.count += 1

    def _compare(
        self, row: Row, cells: list[Json], record: bytes, disclosures: dict[str, Disclosure]
    ) -> Iterator[str]:
        yield from self._check_index(row, cells[_INDEX])
        try:
            same = self.layout.write_row(row.columns) == record
            expected = self.layout.show_cells(row.columns)
        except _UNWRITABLE:
            yield "disclosures is not what an export can hold"
            return
        if not same:
            yield from _find_differences(cells, expected)
        if disclosures:
            yield from find_false(_people(row.form), row.form.disclosures or {}, disclosures)
        if not same:
            yield "the line is not written as the export writes it"

    def _check_index(self, row: Row, cell: Json) -> Iterator[str]:
        """In a whole export the rows come as the tree has them, those without a place last."""
        try:
            index = row.columns["leaf_index"] = self.layout.read_index(cell)
        except RecordError as error:
            yield str(error)
            return
        if self.vouched.scope.whole and index not in self._possible_indices():
            yield "leaf_index is not the one that comes next in a whole export"
        if index is not None:
            self.sealed += 1
            self.tree.add(row.leaf_hash)

    def _possible_indices(self) -> tuple[int | None, ...]:
        return (self.count, None) if self.sealed == self.count else (None,)

    def _check_tail(self, record: bytes, text: bytes) -> Iterator[str]:
        if self.tail is None:
            yield "the last line is not written as the export writes it"
            return
        scope = self.tail.scope
        tail = Tail(scope=scope, count=self.count, sha256=self.tail.sha256, heads=self.chains.heads)
        if write_tail(tail).encode() != text:
            yield "the count or the heads are not those of the entries above"
        if b"".join(self.layout.write_tail([text.decode()])) != record:
            yield "the last line is not written as the export writes it"
        if self.tail.sha256 != self.digest.hexdigest():
            yield "the lines above do not have the SHA-256 of the last line"
        yield from self.vouched.find_faults(self.tree.roots, self.sealed, self.count)


def _people(form: KnownForm) -> dict[str, str]:
    found = (form.actor.pseudonym, form.actor.on_behalf_of, form.object.person)
    return {name: each for name, each in zip(PEOPLE, found, strict=True) if each is not None}


def _find_differences(cells: list[Json], expected: list[Json]) -> Iterator[str]:
    for column, cell, wanted in zip(COLUMNS, cells, expected, strict=True):
        if type(cell) is not type(wanted) or cell != wanted:
            yield f"{column} is not what the leaf says"


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
