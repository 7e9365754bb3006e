"""Documents a proposal has gathered; their bytes are kept once, by digest."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, update

from workflow.persistence.chunks import chunks
from workflow.persistence.evidence_tables import Evidence, EvidenceFile
from workflow.persistence.unit_of_work import Tx


def gathered(tx: Tx, ids: Sequence[int]) -> dict[int, list[tuple[str, bool, str]]]:
    """Read (type, verified, party that supplied it) of each proposal's documents."""
    found: dict[int, list[tuple[str, bool, str]]] = defaultdict(list)
    for chunk in chunks(ids):
        rows = tx.connection.execute(
            select(
                Evidence.proposal_id,
                Evidence.type,
                Evidence.verified_at.is_not(None),
                Evidence.supplied_party,
            ).where(Evidence.proposal_id.in_(chunk))
        )
        for proposal_id, of_type, verified, party in rows:
            found[proposal_id].append((of_type, bool(verified), party))
    return found


def add(tx: Tx, proposal_id: int, values: Mapping[str, Any]) -> int:
    """Write a document's row and give its number within the proposal."""
    last = tx.connection.execute(
        select(func.coalesce(func.max(Evidence.number), 0)).where(
            Evidence.proposal_id == proposal_id
        )
    ).scalar_one()
    tx.connection.execute(
        insert(Evidence).values(proposal_id=proposal_id, number=last + 1, **values)
    )
    return int(last) + 1


def keep_file(tx: Tx, sha256: str, media_type: str, content: bytes) -> None:
    """Keep the bytes unless they are there already."""
    known = tx.connection.execute(
        select(EvidenceFile.sha256).where(EvidenceFile.sha256 == sha256)
    ).one_or_none()
    if known is None:
        tx.connection.execute(
            insert(EvidenceFile).values(
                sha256=sha256, media_type=media_type, size_bytes=len(content), content=content
            )
        )


def find(tx: Tx, proposal_id: int, number: int) -> Any:  # noqa: ANN401 - a result row
    """Read one document's row without its bytes."""
    return tx.connection.execute(
        select(*Evidence.__table__.columns).where(
            Evidence.proposal_id == proposal_id, Evidence.number == number
        )
    ).one_or_none()


def verify(tx: Tx, proposal_id: int, number: int, person_id: int, party: str) -> None:
    """Mark a document as verified."""
    tx.connection.execute(
        update(Evidence)
        .where(Evidence.proposal_id == proposal_id, Evidence.number == number)
        .values(verified_by=person_id, verified_party=party, verified_at=tx.at)
    )


def read_file(tx: Tx, sha256: str) -> tuple[str, bytes]:
    """Read (media type, bytes)."""
    row = tx.connection.execute(
        select(EvidenceFile.media_type, EvidenceFile.content).where(EvidenceFile.sha256 == sha256)
    ).one()
    return row.media_type, row.content
