"""Write entries in a format, one after the other, in constant memory but for the heads."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from workflow.export.csv import Csv
from workflow.export.jsonl import JsonLines
from workflow.export.layout import Layout
from workflow.export.row import Record, make_row
from workflow.export.tail import Tail, write_tail
from workflow.log.chain import Chains

LAYOUTS: Final[dict[str, type[Layout]]] = {"csv": Csv, "jsonl": JsonLines}
"""The formats by name."""


@dataclass(slots=True)
class Writer:
    """Turns records into the pieces of a file; afterwards `count` says how many there were."""

    layout: Layout
    partial: Sequence[str] = ()
    count: int = 0
    chains: Chains = field(default_factory=Chains)

    def write(self, records: Iterable[Record]) -> Iterator[str]:
        """Yield the head, every row and the tail. Raises: LeafError when a leaf is damaged."""
        yield self.layout.write_head()
        for record in records:
            row = make_row(record)
            # What is wrong with a link is for verify to say: an export hides nothing.
            self.chains.follow(row.leaf, row.leaf_hash)
            self.count += 1
            yield self.layout.write_row(row.columns)
        yield self.layout.write_tail(
            write_tail(Tail(self.count, self.chains.heads, list(self.partial)))
        )
