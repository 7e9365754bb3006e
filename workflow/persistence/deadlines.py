"""The days on which something becomes true of a proposal by itself, and which of them are due."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from workflow.domain.deadlines import Due
from workflow.persistence.chunks import chunks
from workflow.persistence.proposal_tables import Deadline
from workflow.persistence.unit_of_work import Tx

Place = tuple[str, int]
"""A step, and the number of a leaf of its rule, or DELAY or LOOK."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A deadline, and whether due work has looked at it."""

    due: Due
    handled_at: datetime | None = None


def read(tx: Tx, ids: Sequence[int]) -> dict[int, dict[Place, Kept]]:
    """Read each proposal's deadlines."""
    found: dict[int, dict[Place, Kept]] = defaultdict(dict)
    for chunk in chunks(ids):
        rows = tx.connection.execute(
            select(
                Deadline.proposal_id, Deadline.step, Deadline.leaf, Deadline.since,
                Deadline.due_on, Deadline.due_at, Deadline.handled_at,
            ).where(Deadline.proposal_id.in_(chunk))
        )  # fmt: skip
        for row in rows:
            due = Due(row.since, row.due_on, row.due_at)
            found[row.proposal_id][row.step, row.leaf] = Kept(due, row.handled_at)
    return found


def rewrite(tx: Tx, wanted: Mapping[int, Mapping[Place, Kept]]) -> None:
    """Make the deadlines of these proposals just these."""
    for ids in chunks(sorted(wanted)):
        tx.connection.execute(delete(Deadline).where(Deadline.proposal_id.in_(ids)))
        rows = [
            {
                "proposal_id": proposal_id, "step": step, "leaf": leaf, "since": kept.due.since,
                "due_on": kept.due.due_on, "due_at": kept.due.due_at,
                "handled_at": kept.handled_at,
            }
            for proposal_id in ids
            for (step, leaf), kept in wanted[proposal_id].items()
        ]  # fmt: skip
        if rows:
            tx.connection.execute(insert(Deadline), rows)
