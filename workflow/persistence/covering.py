"""Which of the log's checkpoints cover a leaf, and which of those more parties vouch for."""

from datetime import datetime

from sqlalchemy import func, select

from workflow.persistence.checkpoints import Signed, cosignatures_of
from workflow.persistence.log_tables import AuditCheckpoint, AuditCosignature, AuditWitness
from workflow.persistence.unit_of_work import Tx

_RECENT = 300
"""So many of the newest cosignatures are looked at for the checkpoint that most parties signed."""

_COLUMNS = (
    AuditCheckpoint.size,
    AuditCheckpoint.root,
    AuditCheckpoint.note,
    AuditCheckpoint.signed_at,
)


def first_signed_at(tx: Tx, index: int) -> datetime | None:
    """Return when the first checkpoint that covers a leaf was signed."""
    return tx.connection.scalar(
        select(AuditCheckpoint.signed_at)
        .where(AuditCheckpoint.size > index)
        .order_by(AuditCheckpoint.size)
        .limit(1)
    )


def best_covering(tx: Tx, index: int) -> Signed | None:
    """Return the checkpoint over a leaf that most parties cosigned, else the newest one."""
    size = _most_cosigned(tx, index)
    statement = select(*_COLUMNS).where(AuditCheckpoint.size > index)
    if size is not None:
        statement = statement.where(AuditCheckpoint.size == size)
    row = tx.connection.execute(
        statement.order_by(AuditCheckpoint.size.desc()).limit(1)
    ).one_or_none()
    return Signed(*row) if row else None


def cosigned_note(tx: Tx, signed: Signed) -> str:
    """Return a checkpoint's note with a line for each cosignature after the log's own."""
    return signed.note + "".join(f"{each.line}\n" for each in cosignatures_of(tx, signed.size))


def _most_cosigned(tx: Tx, index: int) -> int | None:
    recent = (
        select(AuditCosignature.size, AuditCosignature.witness_id)
        .where(AuditCosignature.size > index)
        .order_by(AuditCosignature.size.desc())
        .limit(_RECENT)
        .subquery()
    )
    parties = func.count(AuditWitness.party.distinct())
    return tx.connection.scalar(
        select(recent.c.size)
        .join(AuditWitness, AuditWitness.id == recent.c.witness_id)
        .group_by(recent.c.size)
        .order_by(parties.desc(), recent.c.size.desc())
        .limit(1)
    )
