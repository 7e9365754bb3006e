"""The log's public keys, and the checkpoints they signed with those who cosigned."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from workflow.persistence.log_tables import (
    AuditCheckpoint,
    AuditCosignature,
    AuditWitness,
    LogKey,
)
from workflow.persistence.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class Signed:
    """A stored checkpoint: the note as the log signed it, without cosignatures."""

    size: int
    root: bytes
    note: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness's line for a checkpoint, and the party whose witness it is."""

    party: str
    name: str
    line: str
    cosigned_at: datetime


def read_vkeys(tx: Tx) -> list[str]:
    """Return the log's public keys, the oldest first."""
    return list(tx.connection.scalars(select(LogKey.vkey).order_by(LogKey.id)))


def add_vkey(tx: Tx, vkey: str) -> None:
    """Keep a public key of the log."""
    tx.connection.execute(insert(LogKey).values(vkey=vkey, added_at=tx.at))


def newest_checkpoint(tx: Tx, upto: int | None = None) -> Signed | None:
    """Return the checkpoint of the largest tree, or of the largest up to a size."""
    statement = select(
        AuditCheckpoint.size, AuditCheckpoint.root, AuditCheckpoint.note, AuditCheckpoint.signed_at
    )
    if upto is not None:
        statement = statement.where(AuditCheckpoint.size <= upto)
    row = tx.connection.execute(
        statement.order_by(AuditCheckpoint.size.desc()).limit(1)
    ).one_or_none()
    return Signed(*row) if row else None


def write_checkpoint(tx: Tx, size: int, root: bytes, note: str) -> None:
    """Keep a checkpoint that was signed."""
    tx.connection.execute(
        insert(AuditCheckpoint).values(size=size, root=root, note=note, signed_at=tx.at)
    )


def cosignatures_of(tx: Tx, size: int) -> list[Cosigned]:
    """Return who cosigned the checkpoint of a size, in the order of parties and names."""
    found = tx.connection.execute(
        select(
            AuditWitness.party, AuditWitness.name, AuditCosignature.line,
            AuditCosignature.cosigned_at,
        )
        .join(AuditWitness, AuditWitness.id == AuditCosignature.witness_id)
        .where(AuditCosignature.size == size)
        .order_by(AuditWitness.party, AuditWitness.name)
    )  # fmt: skip
    return [Cosigned(*row) for row in found]
