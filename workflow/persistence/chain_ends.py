"""Read where each chain ends by the rows that keep its end: a proposal's own, or `audit_chain`."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import exists, literal, select

from workflow.domain.entry import Link
from workflow.persistence.audit_tables import AuditChain, AuditEntry
from workflow.persistence.proposal_tables import Proposal
from workflow.persistence.unit_of_work import Tx

_PROPOSAL = "proposal/"


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain should end, and the proposal it belongs to."""

    link: Link
    proposal_id: int | None = None


def read_ends(tx: Tx, chains: Collection[str]) -> dict[str, End]:
    """Return the kept ends of these chains; a chain of nothing is left out."""
    references = [each.removeprefix(_PROPOSAL) for each in chains if each.startswith(_PROPOSAL)]
    proposals = tx.connection.execute(
        select(Proposal.id, Proposal.reference, Proposal.version, Proposal.head).where(
            Proposal.reference.in_(references)
        )
    )
    others = tx.connection.execute(
        select(AuditChain.chain, AuditChain.sequence, AuditChain.head).where(
            AuditChain.chain.in_(chains)
        )
    )
    ends = {row.chain: End(Link(row.sequence, row.head)) for row in others}
    for row in proposals:
        ends[_PROPOSAL + row.reference] = End(Link(row.version, row.head), row.id)
    return ends


def find_lost_chain(tx: Tx) -> str | None:
    """Return a chain whose end is kept though it has no entries at all."""
    reference = tx.connection.scalar(
        select(Proposal.reference)
        .where(~exists().where(AuditEntry.chain == literal(_PROPOSAL) + Proposal.reference))
        .order_by(Proposal.id)
        .limit(1)
    )
    if reference is not None:
        return f"{_PROPOSAL}{reference}"
    return tx.connection.scalar(
        select(AuditChain.chain)
        .where(AuditChain.sequence > 0, ~exists().where(AuditEntry.chain == AuditChain.chain))
        .order_by(AuditChain.chain)
        .limit(1)
    )
