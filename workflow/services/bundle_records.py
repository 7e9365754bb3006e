"""The entries of a bundle, in the order of the tree and none beyond its checkpoint."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from sqlalchemy import ColumnElement

from workflow.export.row import Record
from workflow.log.leaf import LeafError
from workflow.persistence.bundle_rows import stream_ids
from workflow.persistence.entry_rows import BATCH_ROWS, read_leaves
from workflow.persistence.leaf_places import Places
from workflow.persistence.unit_of_work import Tx
from workflow.services.audit_records import Records

Watch = Callable[[Iterable[Iterable[Record]], Callable[[], int]], Iterable[Iterable[Record]]]
"""Wraps the batches of records on their way, to show progress; it may ask how many will come."""


def all_records(tx: Tx, size: int, watch: Watch) -> Iterator[Record]:
    """Yield the leaves of a tree of a size. Raises: LeafError."""
    batches = watch(Records(tx).whole(), lambda: -(-size // BATCH_ROWS))
    for record in chain.from_iterable(batches):
        if record.leaf_index is not None and record.leaf_index < size:
            yield record


def chosen_records(
    tx: Tx, size: int, where: Sequence[ColumnElement[bool]], watch: Watch
) -> Iterator[Record]:
    """Yield some of the leaves of a tree of a size; memory: 16 bytes each. Raises: LeafError."""
    leaves, ids = _place(tx, size, where)
    # In the order of the tree, which is not the one that entries were written in.
    order = sorted(range(len(leaves)), key=leaves.__getitem__)
    yield from chain.from_iterable(
        watch(_read(tx, leaves, ids, order), lambda: -(-len(order) // BATCH_ROWS))
    )


def _place(
    tx: Tx, size: int, where: Sequence[ColumnElement[bool]]
) -> tuple["array[int]", "array[int]"]:
    """Return leaf indices and entries' numbers, side by side."""
    places, leaves, ids = Places(tx), array("q"), array("q")
    for batch in stream_ids(tx, where):
        for entry_id, leaf in zip(batch, places.find(batch), strict=True):
            if leaf is not None and leaf < size:
                leaves.append(leaf)
                ids.append(entry_id)
    return leaves, ids


def _read(
    tx: Tx, leaves: Sequence[int], ids: Sequence[int], order: Sequence[int]
) -> Iterator[Iterable[Record]]:
    records = Records(tx)
    for start in range(0, len(order), BATCH_ROWS):
        part = order[start : start + BATCH_ROWS]
        found = read_leaves(tx, [ids[each] for each in part])
        if len(found.rows) != len(part):
            raise LeafError("an entry disappeared while the bundle was written")
        yield records.records(found, [leaves[each] for each in part])
