"""Parents and children among proposals: a portfolio and its lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, func, select, update

from workflow.persistence.chunks import chunks
from workflow.persistence.proposal_tables import Proposal
from workflow.persistence.proposals import ProposalRow
from workflow.persistence.unit_of_work import Tx


def children_of(tx: Tx, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Count each proposal's children by their state."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for chunk in chunks(ids):
        rows = tx.connection.execute(
            select(Proposal.parent_id, Proposal.state, func.count())
            .where(Proposal.parent_id.in_(chunk))
            .group_by(Proposal.parent_id, Proposal.state)
        )
        for parent_id, state, number in rows:
            found[parent_id or 0][state] = number
    return found


def write_standings(tx: Tx, rows: Iterable[ProposalRow]) -> None:
    """Write shapes and standings alone; the caller holds the rows locked.

    The version stays: what a child did is an entry of the child.
    """
    changed = [
        {"row_id": row.id, "new_shape": row.shape, "new_standing": row.standing} for row in rows
    ]
    if changed:
        tx.connection.execute(_WRITE, changed)


_WRITE = (
    update(Proposal)
    .where(Proposal.id == bindparam("row_id"))
    .values(shape=bindparam("new_shape"), standing=bindparam("new_standing"))
)
