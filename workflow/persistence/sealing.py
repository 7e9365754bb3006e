"""The tree over the entries, in the database: blocks that wait, tiles, runs and the log's state."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, delete, insert, select, update

from workflow.persistence.log_tables import AuditPending, AuditRun, AuditTile, LogState
from workflow.persistence.unit_of_work import Tx

BLOCK_ENTRIES = 50_000
"""The most entries of one block."""

_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class State:
    """How far the tree has grown."""

    size: int
    root: bytes


class StateMissingError(Exception):
    """Somebody deleted the row that says how far the tree has grown."""


@dataclass(frozen=True, slots=True)
class Block:
    """Entries in the order of their chains, and their leaf hashes, 32 bytes each."""

    entry_ids: bytes
    hashes: bytes

    @property
    def entries(self) -> int:
        """Return how many entries there are."""
        return len(self.entry_ids) // _ID_BYTES


@dataclass(frozen=True, slots=True)
class Tile:
    """A stored tile: its hashes, 32 bytes each."""

    level: int
    number: int
    hashes: bytes


def add_pending(tx: Tx, entry_ids: Sequence[int], hashes: Sequence[bytes]) -> None:
    """Let entries wait for their places in the tree, in this order."""
    rows = [
        {
            "entries": len(part),
            "entry_ids": pack_ids(part),
            "hashes": b"".join(hashes[start : start + BLOCK_ENTRIES]),
        }
        for start in range(0, len(entry_ids), BLOCK_ENTRIES)
        if (part := entry_ids[start : start + BLOCK_ENTRIES])
    ]
    if rows:
        tx.connection.execute(insert(AuditPending), rows)


def has_pending(tx: Tx) -> bool:
    """Say whether any entry waits."""
    return tx.connection.scalar(select(AuditPending.id).limit(1)) is not None


def hold_log(tx: Tx) -> State:
    """Return the log's state and keep other sealers out until the transaction ends.

    Raises: StateMissingError.
    """
    return _state(tx, select(LogState.size, LogState.root).with_for_update())


def read_state(tx: Tx) -> State:
    """Return the log's state. Raises: StateMissingError."""
    return _state(tx, select(LogState.size, LogState.root))


def _state(tx: Tx, statement: Select[int, bytes]) -> State:
    row = tx.connection.execute(statement).one_or_none()
    if row is None:
        raise StateMissingError
    return State(*row)


def take_pending(tx: Tx, most: int) -> list[Block]:
    """Take the oldest blocks that can be seen, up to so many entries but at least one block.

    The caller holds the log. A block of a transaction that is still open stays for the next
    time: numbers do not follow commits, so nothing is concluded from those that are missing.
    """
    waiting = tx.connection.execute(
        select(AuditPending.id, AuditPending.entries).order_by(AuditPending.id).limit(most)
    )
    chosen: list[int] = []
    total = 0
    for number, entries in waiting:
        if chosen and total + entries > most:
            break
        chosen.append(number)
        total += entries
    return [block for part in _parts(chosen) for block in _take(tx, part)]


def _take(tx: Tx, numbers: Sequence[int]) -> list[Block]:
    found = tx.connection.execute(
        select(AuditPending.entry_ids, AuditPending.hashes)
        .where(AuditPending.id.in_(numbers))
        .order_by(AuditPending.id)
    ).all()
    tx.connection.execute(delete(AuditPending).where(AuditPending.id.in_(numbers)))
    return [Block(*row) for row in found]


def _parts(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    # SQLite takes 32,766 parameters in one statement.
    return (numbers[start : start + 10_000] for start in range(0, len(numbers), 10_000))


def read_tile(tx: Tx, level: int, number: int) -> bytes | None:
    """Return a tile's hashes, if it is stored."""
    return tx.connection.scalar(
        select(AuditTile.hashes).where(AuditTile.level == level, AuditTile.number == number)
    )


def write_tiles(tx: Tx, fresh: Sequence[Tile], grown: Sequence[Tile]) -> None:
    """Store new tiles, and those of the right edge that have become longer."""
    if fresh:
        tx.connection.execute(insert(AuditTile), [_row(tile) for tile in fresh])
    if grown:
        statement = update(AuditTile).where(
            AuditTile.level == bindparam("at_level"), AuditTile.number == bindparam("at_number")
        )
        tx.connection.execute(
            statement.values(hashes=bindparam("row")),
            [{"at_level": t.level, "at_number": t.number, "row": t.hashes} for t in grown],
        )


def _row(tile: Tile) -> dict[str, object]:
    return {"level": tile.level, "number": tile.number, "hashes": tile.hashes}


def write_run(tx: Tx, first_leaf: int, entry_ids: bytes) -> None:
    """Keep which entries stand in the tree from a leaf on."""
    numbers = unpack_ids(entry_ids)
    tx.connection.execute(
        insert(AuditRun).values(
            first_leaf=first_leaf,
            entries=len(numbers),
            lowest_id=min(numbers),
            highest_id=max(numbers),
            entry_ids=entry_ids,
        )
    )


def write_state(tx: Tx, state: State) -> None:
    """Keep how far the tree has grown."""
    tx.connection.execute(
        update(LogState).values(size=state.size, root=state.root, sealed_at=tx.at)
    )


def pack_ids(numbers: Sequence[int]) -> bytes:
    """Return entries' numbers as eight bytes each, big-endian."""
    return struct.pack(f">{len(numbers)}q", *numbers)


def unpack_ids(packed: bytes) -> tuple[int, ...]:
    """Return the numbers that `pack_ids` packed."""
    return struct.unpack(f">{len(packed) // _ID_BYTES}q", packed)
