"""What a bundle holds beside entries and tiles: older trees, rules, and who cosigns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.log_tables import AuditCheckpoint, AuditCosignature
from workflow.persistence.proposal_tables import DefinitionEdition
from workflow.persistence.unit_of_work import Tx

_IDS_AT_ONCE = 10_000
_DIGESTS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class EditionRow:
    """A published edition as stored."""

    kind: str
    number: int
    document: str


def editions_of_digests(tx: Tx, digests: Sequence[str]) -> Iterator[EditionRow]:
    """Yield the editions with these digests."""
    for start in range(0, len(digests), _DIGESTS_AT_ONCE):
        some = digests[start : start + _DIGESTS_AT_ONCE]
        for row in tx.connection.execute(
            select(
                DefinitionEdition.kind, DefinitionEdition.number, DefinitionEdition.document
            ).where(DefinitionEdition.digest.in_(some))
        ):
            yield EditionRow(*row)


def older_sizes(tx: Tx, size: int, cosigned: int, others: int) -> list[int]:
    """Return the sizes of older trees that somebody may have kept, in order.

    The newest so many of those that witnesses cosigned, and so many of the others.
    """
    of_witnesses = tx.connection.scalars(
        select(AuditCosignature.size)
        .where(AuditCosignature.size < size)
        .distinct()
        .order_by(AuditCosignature.size.desc())
        .limit(cosigned)
    )
    newest = tx.connection.scalars(
        select(AuditCheckpoint.size)
        .where(AuditCheckpoint.size < size)
        .order_by(AuditCheckpoint.size.desc())
        .limit(others)
    )
    return sorted({*of_witnesses, *newest})


def stream_ids(tx: Tx, where: Sequence[ColumnElement[bool]]) -> Iterator[list[int]]:
    """Yield the numbers of entries, in order, many at a time."""
    statement = select(AuditEntry.id).where(*where).order_by(AuditEntry.id)
    with tx.connection.execute(statement, execution_options={"stream_results": True}) as found:
        for batch in found.partitions(_IDS_AT_ONCE):
            yield [row.id for row in batch]


def is_among(tx: Tx, entry_id: int, where: ColumnElement[bool]) -> bool:
    """Say whether an entry is one of those that a condition is true of."""
    return tx.connection.scalar(select(1).where(AuditEntry.id == entry_id, where)) is not None
