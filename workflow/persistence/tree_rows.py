"""Read the tables of the tree as a whole, as a check does: in order, and never all at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Row, func, select

from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.checkpoints import Signed
from workflow.persistence.log_tables import (
    AuditCheckpoint,
    AuditCosignature,
    AuditPending,
    AuditRun,
    AuditTile,
    AuditWitness,
    LogState,
)
from workflow.persistence.sealing import Block, unpack_ids
from workflow.persistence.unit_of_work import Tx

AT_ONCE = 5_000
"""The most entries that one statement asks for."""

_HASH_BYTES = 32
_TILE_WIDTH = 256
_TILES_AT_ONCE = 256


def highest_entry(tx: Tx) -> int:
    """Return the highest number of an entry, 0 where there is none."""
    return tx.connection.scalar(select(func.max(AuditEntry.id))) or 0


def count_entries(tx: Tx) -> int:
    """Return how many entries there are."""
    return tx.connection.scalar(select(func.count()).select_from(AuditEntry)) or 0


def has_state(tx: Tx) -> bool:
    """Say whether the row is there that says how far the tree has grown."""
    return tx.connection.scalar(select(LogState.id)) is not None


def count_tiles(tx: Tx) -> int:
    """Return how many tiles there are."""
    return tx.connection.scalar(select(func.count()).select_from(AuditTile)) or 0


@dataclass(frozen=True, slots=True)
class Run:
    """The entries that stand in the tree from a leaf on; `bounds` are kept to find them by."""

    first_leaf: int
    ids: Sequence[int]
    bounds: tuple[int, int]


def stream_runs(tx: Tx) -> Iterator[Run]:
    """Yield the runs in the order of leaves."""
    after = -1
    statement = select(
        AuditRun.first_leaf, AuditRun.entry_ids, AuditRun.lowest_id, AuditRun.highest_id
    ).order_by(AuditRun.first_leaf)
    while True:
        found = tx.connection.execute(statement.where(AuditRun.first_leaf > after).limit(20)).all()
        if not found:
            return
        for first_leaf, entry_ids, lowest, highest in found:
            yield Run(first_leaf, unpack_ids(entry_ids), (lowest, highest))
            after = first_leaf


def stream_pending(tx: Tx) -> Iterator[Block]:
    """Yield the blocks that wait."""
    after = 0
    statement = select(AuditPending.id, AuditPending.entry_ids, AuditPending.hashes)
    while row := tx.connection.execute(
        statement.where(AuditPending.id > after).order_by(AuditPending.id).limit(1)
    ).one_or_none():
        after = row.id
        yield Block(row.entry_ids, row.hashes)


def hashes_of(tx: Tx, ids: Sequence[int]) -> dict[int, bytes]:
    """Return the stored leaf hash of each entry that is there."""
    found: dict[int, bytes] = {}
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        whole = all(later - one == 1 for one, later in pairwise(part))
        chosen = AuditEntry.id.between(part[0], part[-1]) if whole else AuditEntry.id.in_(part)
        rows = tx.connection.execute(select(AuditEntry.id, AuditEntry.leaf_hash).where(chosen))
        found |= {number: bytes(digest) for number, digest in rows}
    return found


def leaf_hashes(tx: Tx, first: int, count: int) -> bytes:
    """Return the hashes that stand in the lowest tiles for leaves, 32 bytes each."""
    lowest, start = divmod(first, _TILE_WIDTH)
    rows = tx.connection.scalars(
        select(AuditTile.hashes)
        .where(
            AuditTile.level == 0,
            AuditTile.number.between(lowest, (first + count - 1) // _TILE_WIDTH),
        )
        .order_by(AuditTile.number)
    )
    hashes = b"".join(rows)
    return hashes[start * _HASH_BYTES : (start + count) * _HASH_BYTES]


def stream_lowest_tiles(tx: Tx) -> Iterator[bytes]:
    """Yield the hashes of all leaves in order, many tiles at a time."""
    after = -1
    statement = select(AuditTile.number, AuditTile.hashes).where(AuditTile.level == 0)
    while found := tx.connection.execute(
        statement.where(AuditTile.number > after).order_by(AuditTile.number).limit(_TILES_AT_ONCE)
    ).all():
        after = found[-1].number
        yield b"".join(row.hashes for row in found)


def stream_checkpoints(tx: Tx) -> Iterator[Signed]:
    """Yield every checkpoint, the smallest tree first."""
    after = 0
    statement = select(
        AuditCheckpoint.size, AuditCheckpoint.root, AuditCheckpoint.note, AuditCheckpoint.signed_at
    )
    while found := tx.connection.execute(
        statement.where(AuditCheckpoint.size > after).order_by(AuditCheckpoint.size).limit(1_000)
    ).all():
        yield from (Signed(*row) for row in found)
        after = found[-1].size


def stream_cosignatures(tx: Tx) -> Iterator[Row[int, str, str, str]]:
    """Yield (size, the checkpoint's note, the witness's key, its line), the smallest tree first."""
    found = tx.connection.execute(
        select(
            AuditCosignature.size, AuditCheckpoint.note, AuditWitness.vkey, AuditCosignature.line
        )
        .join(AuditCheckpoint, AuditCheckpoint.size == AuditCosignature.size)
        .join(AuditWitness, AuditWitness.id == AuditCosignature.witness_id)
        .order_by(AuditCosignature.size, AuditCosignature.witness_id),
        execution_options={"yield_per": 1_000},
    )
    yield from found
