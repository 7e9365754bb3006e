"""Reads, adds and ends sign-offs; an ended one stays on record with the reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from workflow.domain.commands import Decision
from workflow.persistence.chunks import chunks
from workflow.persistence.proposal_tables import SignOff
from workflow.persistence.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class LiveSignOff:
    """A sign-off that still speaks, of the present revision and round."""

    id: int | None
    step: str
    party: str
    role: str
    decision: Decision
    person_id: int | None
    signed_at: datetime
    note: str | None = None


def live(tx: Tx, ids: Sequence[int]) -> dict[int, list[LiveSignOff]]:
    """Read each proposal's live sign-offs, oldest first."""
    found: dict[int, list[LiveSignOff]] = defaultdict(list)
    for chunk in chunks(ids):
        statement = (
            select(
                SignOff.proposal_id, SignOff.id, SignOff.step, SignOff.party, SignOff.role,
                SignOff.decision, SignOff.person_id, SignOff.signed_at, SignOff.note,
            )
            .where(SignOff.proposal_id.in_(chunk), SignOff.ended_at.is_(None))
            .order_by(SignOff.id)
        )  # fmt: skip
        for row in tx.connection.execute(statement):
            found[row.proposal_id].append(_read(row))
    return found


def _read(row: Any) -> LiveSignOff:  # noqa: ANN401 - a result row
    return LiveSignOff(
        row.id, row.step, row.party, row.role, Decision(row.decision), row.person_id,
        row.signed_at, row.note,
    )  # fmt: skip


def add(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write new sign-offs; the unique indexes are the last defence of seat and person."""
    if rows:
        tx.connection.execute(insert(SignOff), list(rows))


def end(tx: Tx, ended: Sequence[tuple[int, str]]) -> None:
    """End sign-offs, each with its reason."""
    if ended:
        tx.connection.execute(
            _END,
            [{"row_id": number, "ended": tx.at, "because": because} for number, because in ended],
        )


_END = (
    update(SignOff)
    .where(SignOff.id == bindparam("row_id"), SignOff.ended_at.is_(None))
    .values(ended_at=bindparam("ended"), ended_because=bindparam("because"))
)
