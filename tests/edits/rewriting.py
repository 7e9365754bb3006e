"""What an owner who holds the log's key can do: write another history that hangs together."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from tests.edits.leaves import relinked
from workflow.domain.entry import leaf_hash
from workflow.log.checkpoint import Checkpoint, sign_checkpoint
from workflow.log.growth import grow
from workflow.log.keys import SigningKey
from workflow.log.merkle import root_of
from workflow.persistence.audit_tables import AuditChain, AuditDetail, AuditEntry
from workflow.persistence.log_tables import (
    AuditCheckpoint,
    AuditCosignature,
    AuditPending,
    AuditRun,
    AuditTile,
    LogState,
)
from workflow.persistence.proposal_tables import Proposal
from workflow.persistence.sealing import pack_ids, unpack_ids


@dataclass(frozen=True)
class Stored:
    """An entry as its row has it."""

    entry_id: int
    leaf: bytes


def sealed_entries(connection: Connection) -> list[Stored]:
    """Return the entries in the order of the tree."""
    leaves = dict(connection.execute(select(AuditEntry.id, AuditEntry.leaf)).all())
    runs = connection.scalars(select(AuditRun.entry_ids).order_by(AuditRun.first_leaf))
    return [Stored(number, leaves[number]) for ids in runs for number in unpack_ids(ids)]


def rewrite(connection: Connection, wanted: Sequence[Stored], key: SigningKey) -> None:
    """Make these entries, in this order, the whole log: nothing waits, and one checkpoint."""
    leaves = relinked([each.leaf for each in wanted])
    kept = [each.entry_id for each in wanted]
    _forget_others(connection, kept)
    # Numbers are unique in a chain: first all go out of the way.
    connection.execute(update(AuditEntry).values(sequence=AuditEntry.id + 10**6))
    values = [_row(leaf) | {"number": number} for number, leaf in zip(kept, leaves, strict=True)]
    columns: dict[str, BindParameter[object]] = {
        name.removeprefix("new_"): bindparam(name) for name in _row(leaves[0])
    }
    connection.execute(
        update(AuditEntry.__table__)  # type: ignore[arg-type] # a declarative class has a Table
        .where(AuditEntry.id == bindparam("number"))
        .values(columns),
        values,
    )
    _end_chains(connection, leaves)
    _plant(connection, kept, b"".join(map(leaf_hash, leaves)), key)


def _row(leaf: bytes) -> dict[str, object]:
    body = json.loads(leaf)
    return {
        "new_leaf": leaf,
        "new_leaf_hash": leaf_hash(leaf),
        "new_kind": body["kind"],
        "new_at": datetime.fromisoformat(body["at"]),
        "new_party": body["actor"].get("party"),
        "new_chain": body["object"]["chain"],
        "new_sequence": body["object"]["sequence"],
    }


def _forget_others(connection: Connection, kept: list[int]) -> None:
    connection.execute(delete(AuditDetail).where(AuditDetail.entry_id.not_in(kept)))
    connection.execute(delete(AuditEntry).where(AuditEntry.id.not_in(kept)))
    for table in (AuditPending, AuditRun, AuditTile, AuditCosignature, AuditCheckpoint):
        connection.execute(delete(table))


def _end_chains(connection: Connection, leaves: list[bytes]) -> None:
    connection.execute(update(AuditChain).values(sequence=0, head=None))
    for leaf in leaves:
        about = json.loads(leaf)["object"]
        reference = about["chain"].removeprefix("proposal/")
        version, head = about["sequence"], leaf_hash(leaf)
        if reference != about["chain"]:
            where, values = Proposal.reference == reference, {"version": version, "head": head}
            connection.execute(update(Proposal).where(where).values(values))
        else:
            connection.execute(
                update(AuditChain)
                .where(AuditChain.chain == about["chain"])
                .values(sequence=version, head=head)
            )


def _plant(connection: Connection, kept: list[int], hashes: bytes, key: SigningKey) -> None:
    size, root, at = len(kept), root_of(hashes), datetime.fromisoformat("2026-01-05T09:00:00Z")
    for name, tile in grow(0, {}, hashes).tiles.items():
        row = {"level": name.level, "number": name.number, "hashes": tile}
        connection.execute(insert(AuditTile).values(row))
    connection.execute(
        insert(AuditRun).values(
            first_leaf=0, entries=size, lowest_id=min(kept), highest_id=max(kept),
            entry_ids=pack_ids(kept),
        )
    )  # fmt: skip
    connection.execute(update(LogState).values(size=size, root=root))
    note = sign_checkpoint(Checkpoint(key.name, size, root), key).content.decode()
    connection.execute(
        insert(AuditCheckpoint).values(size=size, root=root, note=note, signed_at=at)
    )
