"""Seal entries into the log's tree: one sealer at a time, in any process, gives them their order.

An entry's number in the database says nothing about when its transaction committed, so a reader
of 'everything after the last one' loses entries. The sealer alone orders: it holds the log, takes
every block that it can see, and gives leaves without a gap. Of one chain the later entry was
written by a transaction that waited for the earlier one to commit, so both are seen, in order.

It commits the tree before a checkpoint is signed: killed at any instant, it leaves a tree that
the next run continues, and nothing was signed that is not there.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from workflow.log.growth import Growth, grow
from workflow.log.keys import KeyFileError
from workflow.log.tiles import TileError, Tree, edge_of
from workflow.persistence import sealing
from workflow.persistence.retrying import retried
from workflow.persistence.sealing import BLOCK_ENTRIES, Block, State, StateMissingError, Tile
from workflow.persistence.unit_of_work import BusyError, Tx
from workflow.services.checkpoints import sign_newest
from workflow.services.runtime import Runtime
from workflow.services.tree import BrokenTreeError, DatabaseTiles, ForkedLogError

ENTRIES_AT_ONCE = 2 * BLOCK_ENTRIES
"""The most entries that one transaction seals; others wait for it."""


@dataclass(frozen=True, slots=True)
class SealReport:
    """How many entries were sealed, the tree's size, and the size that a checkpoint vouches for."""

    sealed: int
    size: int
    signed: int | None


def seal(runtime: Runtime) -> SealReport:
    """Seal every entry that waits and is committed, and sign a checkpoint over all of them.

    Nothing is written where nothing waits. Without the log's key on this machine the tree grows
    and the checkpoint is left to the machine that has it.

    Raises: BrokenTreeError, ForkedLogError, KeyFileError.
    """
    try:
        return _seal(runtime)
    except StateMissingError as error:
        raise BrokenTreeError("The row that says how far the log has grown is missing.") from error


def _seal(runtime: Runtime) -> SealReport:
    sealed = 0
    while portion := _seal_portion(runtime):
        sealed += portion
    signed = sign_newest(runtime)
    with runtime.uow.read() as tx:
        return SealReport(sealed, sealing.read_state(tx).size, signed)


def seal_after(runtime: Runtime) -> None:
    """Seal at the end of a large change, which stands whatever is wrong with the log.

    What is wrong is told by whoever seals, verifies or checks next.
    """
    with suppress(BrokenTreeError, ForkedLogError, KeyFileError, BusyError):
        seal(runtime)


@retried
def _seal_portion(runtime: Runtime) -> int:
    with runtime.uow.read() as tx:
        # Most looks find nothing, and a look takes no lock.
        if not sealing.has_pending(tx):
            return 0
    with runtime.uow.write() as tx:
        state = sealing.hold_log(tx)
        blocks = sealing.take_pending(tx, ENTRIES_AT_ONCE)
        if blocks:
            _extend(tx, state, blocks)
        return sum(block.entries for block in blocks)


def _extend(tx: Tx, state: State, blocks: list[Block]) -> None:
    grown = grow(state.size, _read_edge(tx, state), b"".join(block.hashes for block in blocks))
    _write_tiles(tx, state.size, grown)
    for first, ids in _runs(state.size, blocks):
        sealing.write_run(tx, first, ids)
    root = Tree(DatabaseTiles(tx), grown.size).root
    sealing.write_state(tx, State(grown.size, root))


def _read_edge(tx: Tx, state: State) -> Mapping[int, bytes]:
    """Return the partial tiles, after seeing that they are those of the state's root."""
    tiles = DatabaseTiles(tx)
    try:
        if Tree(tiles, state.size).root != state.root:
            raise BrokenTreeError("The tiles of the log do not lead to the root kept for them.")
        return {name.level: tiles.read(name) for name in edge_of(state.size)}
    except TileError as error:
        raise BrokenTreeError(f"The tree of the log is damaged: {error}.") from error


def _write_tiles(tx: Tx, size: int, grown: Growth) -> None:
    started = {(name.level, name.number) for name in edge_of(size)}
    tiles = [Tile(name.level, name.number, hashes) for name, hashes in grown.tiles.items()]
    sealing.write_tiles(
        tx,
        fresh=[tile for tile in tiles if (tile.level, tile.number) not in started],
        grown=[tile for tile in tiles if (tile.level, tile.number) in started],
    )


def _runs(size: int, blocks: list[Block]) -> Iterator[tuple[int, bytes]]:
    """Yield first leaf and entries of each run: small blocks share one."""
    first, ids = size, b""
    for block in blocks:
        if ids and len(ids) + len(block.entry_ids) > 8 * BLOCK_ENTRIES:
            yield first, ids
            first, ids = first + len(ids) // 8, b""
        ids += block.entry_ids
    yield first, ids
