"""Which entry stands where in the tree: found for many entries at once, and read leaf by leaf."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count, islice

from sqlalchemy import func, select, tuple_

from workflow.persistence.log_tables import AuditRun
from workflow.persistence.sealing import unpack_ids
from workflow.persistence.tree_rows import stream_pending
from workflow.persistence.unit_of_work import Tx

_RUNS_AT_ONCE = 500
_ENTRIES_AT_ONCE = 50_000
_MOST_KEPT = 200_000


class MisplacedError(Exception):
    """The tree's places and the entries do not fit together."""


def stream_places(tx: Tx, most: int) -> Iterator[tuple[int | None, Sequence[int]]]:
    """Yield all entries' numbers, so many at a time: in the order of the tree, then who waits.

    With each comes the leaf index of the first, which is None for those that wait.

    Raises: MisplacedError when leaves are missing.
    """
    size = 0
    for ids in _regrouped(_sealed_ids(tx), most):
        yield size, ids
        size += len(ids)
    waiting = (unpack_ids(block.entry_ids) for block in stream_pending(tx))
    yield from ((None, ids) for ids in _regrouped(waiting, most))


def _sealed_ids(tx: Tx) -> Iterator[Sequence[int]]:
    """Yield the entries of each run, in the order of leaves. Raises: MisplacedError."""
    size = 0
    columns = (AuditRun.first_leaf, AuditRun.entries)
    while True:
        following = tx.connection.execute(
            select(*columns)
            .where(AuditRun.first_leaf >= size)
            .order_by(AuditRun.first_leaf)
            .limit(_RUNS_AT_ONCE)
        ).all()
        if not following:
            return
        for first_leaf, ids in _read_runs(
            tx, _as_many_as_fit([(first, entries) for first, entries in following])
        ):
            if first_leaf != size:
                raise MisplacedError(f"nothing says which entry leaf {size} is")
            yield ids
            size += len(ids)


def _as_many_as_fit(runs: Sequence[tuple[int, int]]) -> list[int]:
    """Return the first leaves of runs, given with their entries, that are read at once."""
    chosen, total = list[int](), 0
    for first_leaf, entries in runs:
        if chosen and total + entries > _ENTRIES_AT_ONCE:
            break
        chosen.append(first_leaf)
        total += entries
    return chosen


def _read_runs(tx: Tx, first_leaves: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    found = tx.connection.execute(
        select(AuditRun.first_leaf, AuditRun.entry_ids)
        .where(AuditRun.first_leaf.in_(first_leaves))
        .order_by(AuditRun.first_leaf)
    )
    for first_leaf, entry_ids in found.all():
        yield first_leaf, unpack_ids(entry_ids)


def _regrouped(groups: Iterable[Sequence[int]], most: int) -> Iterator[Sequence[int]]:
    """Yield the same numbers in groups of one size: a run may be one entry, or 50,000."""
    numbers = chain.from_iterable(groups)
    while some := list(islice(numbers, most)):
        yield some


@dataclass(slots=True)
class Places:
    """Finds the leaf indices of entries that are asked for in the order of their numbers.

    Runs are read once, in the order of their highest numbers, and no further than is needed.
    """

    tx: Tx
    _leaf_of: dict[int, int] = field(default_factory=dict)
    _read_to: tuple[int, int] = (-1, -1)
    _highest: int | None = None

    def find(self, ids: Sequence[int]) -> list[int | None]:
        """Return the leaf index of each, None where it waits; later calls ask for later ones."""
        if self._highest is None:
            self._highest = self.tx.connection.scalar(select(func.max(AuditRun.highest_id))) or 0
        if ids and ids[0] > self._read_to[0]:
            # Runs that end before it are of no use to anybody any more.
            self._read_to = (ids[0] - 1, 2**62)
        while any(each not in self._leaf_of and each <= self._highest for each in ids):
            if not self._read_on():
                break
        found = [self._leaf_of.pop(each, None) for each in ids]
        if len(self._leaf_of) > _MOST_KEPT:
            self._forget_before(ids[-1])
        return found

    def _read_on(self) -> bool:
        """Take the next runs in; say whether there were any."""
        key = tuple_(AuditRun.highest_id, AuditRun.first_leaf)
        following = self.tx.connection.execute(
            select(AuditRun.highest_id, AuditRun.first_leaf, AuditRun.entries)
            .where(key > tuple_(*self._read_to))
            .order_by(AuditRun.highest_id, AuditRun.first_leaf)
            .limit(_RUNS_AT_ONCE)
        ).all()
        chosen = _as_many_as_fit([(each.first_leaf, each.entries) for each in following])
        for first_leaf, ids in _read_runs(self.tx, chosen):
            self._leaf_of.update(zip(ids, count(first_leaf), strict=False))
        if chosen:
            last = following[len(chosen) - 1]
            self._read_to = (last.highest_id, last.first_leaf)
        return bool(chosen)

    def _forget_before(self, entry_id: int) -> None:
        self._leaf_of = {each: leaf for each, leaf in self._leaf_of.items() if each > entry_id}
