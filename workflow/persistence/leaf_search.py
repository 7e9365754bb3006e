"""Find a leaf by its hash: in the tiles at the foot of the tree, or among the entries that wait.

The hash of an entry has no index (see `audit_tables`); 32 bytes an entry are looked through
instead of the entries themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.log_tables import AuditPending, AuditRun, AuditTile
from workflow.persistence.sealing import pack_ids, unpack_ids
from workflow.persistence.unit_of_work import Tx

_HASH_BYTES = 32
_ID_BYTES = 8
_TILE_WIDTH = 256


@dataclass(frozen=True, slots=True)
class Place:
    """Where a leaf is: the entry's number, and its index in the tree (None while it waits).

    `entry_id` is None where no run says which entry stands at the index.
    """

    entry_id: int | None
    index: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry's bytes and hash, which need not fit each other if somebody changed one."""

    at: datetime
    leaf: bytes
    leaf_hash: bytes


def find_leaf(tx: Tx, leaf_hash: bytes) -> Place | None:
    """Return where a leaf is; None where there is no such leaf."""
    # Those that wait come first: an entry moves from them to the tree, never back.
    return _find_waiting(tx, leaf_hash) or _find_sealed(tx, leaf_hash)


def entry_at(tx: Tx, index: int) -> int | None:
    """Return which entry stands at an index of the tree."""
    run = tx.connection.execute(
        select(AuditRun.first_leaf, AuditRun.entry_ids)
        .where(AuditRun.first_leaf <= index)
        .order_by(AuditRun.first_leaf.desc())
        .limit(1)
    ).one_or_none()
    if run is None:
        return None
    ids, place = bytes(run.entry_ids), _ID_BYTES * (index - run.first_leaf)
    found = ids[place : place + _ID_BYTES]
    return unpack_ids(found)[0] if len(found) == _ID_BYTES else None


def places_of(tx: Tx, entry_ids: Sequence[int]) -> dict[int, int]:
    """Return the index in the tree of each of a few entries; those that wait are left out."""
    if not entry_ids:
        return {}
    around = [(AuditRun.lowest_id <= each) & (AuditRun.highest_id >= each) for each in entry_ids]
    runs = tx.connection.execute(
        select(
            AuditRun.lowest_id, AuditRun.highest_id, AuditRun.first_leaf, AuditRun.entry_ids
        ).where(or_(*around))
    )
    found: dict[int, int] = {}
    for lowest, highest, first_leaf, ids in runs:
        for each in entry_ids:
            place = _position(each, bytes(ids)) if lowest <= each <= highest else None
            if place is not None:
                found[each] = first_leaf + place
    return found


def read_stored(tx: Tx, entry_id: int) -> Stored | None:
    """Return an entry's bytes as they are kept, and when it was recorded."""
    row = tx.connection.execute(
        select(AuditEntry.at, AuditEntry.leaf, AuditEntry.leaf_hash).where(
            AuditEntry.id == entry_id
        )
    ).one_or_none()
    return Stored(*row) if row else None


def _find_waiting(tx: Tx, leaf_hash: bytes) -> Place | None:
    found = tx.connection.execute(
        select(AuditPending.hashes, AuditPending.entry_ids).where(
            _holds(tx, AuditPending.hashes, leaf_hash)
        )
    )
    for hashes, entry_ids in found.all():
        place = _place_of(leaf_hash, hashes)
        if place is not None:
            return Place(unpack_ids(entry_ids)[place], None)
    return None


def _find_sealed(tx: Tx, leaf_hash: bytes) -> Place | None:
    found = tx.connection.execute(
        select(AuditTile.hashes, AuditTile.number).where(
            AuditTile.level == 0, _holds(tx, AuditTile.hashes, leaf_hash)
        )
    )
    for hashes, number in found.all():
        place = _place_of(leaf_hash, hashes)
        if place is not None:
            index = number * _TILE_WIDTH + place
            return Place(entry_at(tx, index), index)
    return None


def _holds(tx: Tx, hashes: InstrumentedAttribute[bytes], leaf_hash: bytes) -> ColumnElement[bool]:
    wanted = literal(leaf_hash)
    if tx.is_postgresql:
        return func.position(wanted.op("IN")(hashes)) > 0
    return func.instr(hashes, wanted) > 0


def _position(entry_id: int, ids: bytes) -> int | None:
    """Say which of a run's entries it is; a piece that lies across two of them is none."""
    wanted = pack_ids([entry_id])
    at = ids.find(wanted)
    while at > 0 and at % _ID_BYTES:
        at = ids.find(wanted, at + 1)
    return None if at < 0 else at // _ID_BYTES


def _place_of(leaf_hash: bytes, hashes: bytes) -> int | None:
    """Say which of the hashes it is; a piece that lies across two of them is none."""
    starts = range(0, len(hashes), _HASH_BYTES)
    return next(
        (n for n, at in enumerate(starts) if hashes[at : at + _HASH_BYTES] == leaf_hash), None
    )
