"""What a bulk signing has signed already, read back from its entries."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select

from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.chunks import chunks
from workflow.persistence.unit_of_work import Tx

_CHAIN = "proposal/"

Signed = Mapping[tuple[str, str, str], Collection[str]]
"""By reference, step and party: the roles of the mandates that were signed by."""


def signed_by(tx: Tx, change: str, references: Collection[str]) -> Signed:
    """Return what a change signed on these proposals."""
    roles: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for part in chunks(sorted(_CHAIN + reference for reference in references)):
        found = tx.connection.execute(
            select(AuditEntry.chain, AuditEntry.step, AuditEntry.party, AuditEntry.role).where(
                AuditEntry.chain.in_(part),
                AuditEntry.kind == "sign",
                AuditEntry.change_id == change,
            )
        )
        for chain, step, party, role in found:
            roles[chain.removeprefix(_CHAIN), step or "", party or ""].append(role or "")
    return roles
