"""Write the entries of a bundle in one pass: leaves, texts and tables.

Memory grows with the number of chains, whose ends the manifest names.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import msgspec

from workflow.export.bundle_contents import Contents
from workflow.export.bundle_views import write_views
from workflow.export.new_folder import NewFolder, NewMember
from workflow.export.row import Record, Row, make_row
from workflow.export.tail import Scope
from workflow.log.bundle.disclosed import DISCLOSURES, DisclosedLine
from workflow.log.bundle.entries import ENTRIES, EntryLine
from workflow.log.leaf import LeafError
from workflow.log.tiles import TILE_WIDTH, TileName, pack_entries

_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last entry of a chain."""

    sequence: int
    leaf_hash: bytes
    leaf_index: int


@dataclass(slots=True)
class EntryWriter:
    """Writes the entries, and remembers where each chain ends and which rules were named."""

    size: int
    contents: Contents
    count: int = 0
    ends: dict[str, ChainHead] = field(default_factory=dict)
    definitions: set[str] = field(default_factory=set)

    def write(self, folder: NewFolder) -> None:
        """Write leaves, texts and views in one pass. Raises: LeafError, OSError."""
        with ExitStack() as stack:
            texts = stack.enter_context(folder.open(DISCLOSURES))
            records = (
                self._write_tiles(folder)
                if self.contents.is_whole
                else self._write_lines(stack.enter_context(folder.open(ENTRIES)))
            )
            rows = self._read(records, texts)
            if self.contents.with_views:
                write_views(folder, rows, self._scope(), _Heads(self.ends))
            else:
                deque(rows, maxlen=0)

    def _write_tiles(self, folder: NewFolder) -> Iterator[Record]:
        """Pass records on while their leaves are written below the tiles. Raises: LeafError."""
        waiting: list[bytes] = []
        for record in self.contents.records:
            if record.leaf_index != self.count:
                raise LeafError(f"leaf {self.count}: it is missing from the database")
            waiting.append(record.leaf)
            yield record
            if len(waiting) == TILE_WIDTH or self.count == self.size:
                name = TileName(0, (self.count - 1) // TILE_WIDTH, len(waiting))
                folder.write_plain(name.entries_path, pack_entries(waiting))
                waiting.clear()
        if self.count != self.size:
            raise LeafError(f"leaf {self.count}: it is missing from the database")

    def _write_lines(self, lines: NewMember) -> Iterator[Record]:
        """Pass records on while their leaves are written as lines."""
        for record in self.contents.records:
            yield record
            line = EntryLine(leaf=record.leaf.decode("utf-8"), leaf_index=_index(record))
            lines.write(_encode(line) + b"\n")

    def _read(self, records: Iterable[Record], texts: NewMember) -> Iterator[Row]:
        for record in records:
            row = make_row(record)
            self._remember(row, record)
            _write_texts(texts, record)
            yield row

    def _remember(self, row: Row, record: Record) -> None:
        about = row.form.object
        self.ends[about.chain] = ChainHead(about.sequence, row.leaf_hash, _index(record))
        if row.form.definition is not None:
            self.definitions.add(row.form.definition)
        self.count += 1

    def _scope(self) -> Scope:
        return Scope(
            partial=sorted(self.contents.partial),
            whole=self.contents.is_whole,
            checkpoint=self.contents.checkpoint.decode(),
            cosigned=self.contents.cosigned.decode() if self.contents.cosigned else None,
        )


@dataclass(frozen=True, slots=True)
class _Heads:
    """Chains in order with their last hashes, each time they are asked for."""

    ends: Mapping[str, ChainHead]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for chain in sorted(self.ends):
            yield chain, self.ends[chain].leaf_hash.hex()


def _write_texts(texts: NewMember, record: Record) -> None:
    if record.disclosures:
        parts = {
            name: (each.salt, each.field, each.value) for name, each in record.disclosures.items()
        }
        line = DisclosedLine(disclosures=parts, leaf_index=_index(record))
        texts.write(_encode(line) + b"\n")


def _index(record: Record) -> int:
    if record.leaf_index is None:
        raise LeafError("an entry is not sealed yet")
    return record.leaf_index
