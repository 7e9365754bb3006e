"""The keys by which parties cosign the log, and what each of them has cosigned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from workflow.persistence.checkpoints import Signed
from workflow.persistence.log_tables import AuditCheckpoint, AuditCosignature, AuditWitness
from workflow.persistence.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """A party's witness, and the largest tree that it has cosigned; 0 before the first."""

    id: int
    party: str
    name: str
    vkey: str
    added_at: datetime
    removed_at: datetime | None
    size: int = 0
    cosigned_at: datetime | None = None


def add_witness(tx: Tx, party: str, name: str, vkey: str, added_by: int) -> None:
    """Keep a party's key."""
    row = {"party": party, "name": name, "vkey": vkey, "added_at": tx.at, "added_by": added_by}
    tx.connection.execute(insert(AuditWitness).values(row))


def remove_witness(tx: Tx, witness_id: int) -> None:
    """Ask a witness no more; what it cosigned stays."""
    tx.connection.execute(
        update(AuditWitness).where(AuditWitness.id == witness_id).values(removed_at=tx.at)
    )


def all_witnesses(tx: Tx) -> list[WitnessRow]:
    """Return every witness there ever was, by party and name."""
    last = (
        select(AuditCosignature.witness_id, func.max(AuditCosignature.size).label("size"))
        .group_by(AuditCosignature.witness_id)
        .subquery()
    )
    found = tx.connection.execute(
        select(
            AuditWitness.id, AuditWitness.party, AuditWitness.name, AuditWitness.vkey,
            AuditWitness.added_at, AuditWitness.removed_at, func.coalesce(last.c.size, 0),
            AuditCosignature.cosigned_at,
        )
        .outerjoin(last, last.c.witness_id == AuditWitness.id)
        .outerjoin(
            AuditCosignature,
            (AuditCosignature.witness_id == AuditWitness.id)
            & (AuditCosignature.size == last.c.size),
        )
        .order_by(AuditWitness.party, AuditWitness.name, AuditWitness.id)
    )  # fmt: skip
    return [WitnessRow(*row) for row in found]


def checkpoints_from_newest(tx: Tx) -> Iterator[Signed]:
    """Yield every checkpoint, that of the largest tree first."""
    statement = select(
        AuditCheckpoint.size,
        AuditCheckpoint.root,
        AuditCheckpoint.note,
        AuditCheckpoint.signed_at,
    ).order_by(AuditCheckpoint.size.desc())
    with tx.connection.execute(statement, execution_options={"yield_per": 500}) as found:
        for row in found:
            yield Signed(*row)


def has_cosigned(tx: Tx, witness_id: int, size: int) -> bool:
    """Say whether a witness's line for a checkpoint is kept already."""
    found = select(AuditCosignature.size).where(
        AuditCosignature.witness_id == witness_id, AuditCosignature.size == size
    )
    return tx.connection.scalar(found) is not None


def write_cosignature(tx: Tx, witness_id: int, size: int, line: str, cosigned_at: datetime) -> None:
    """Keep a witness's line for a checkpoint, without its newline."""
    row = {"witness_id": witness_id, "size": size, "line": line, "cosigned_at": cosigned_at}
    tx.connection.execute(insert(AuditCosignature).values(row))
