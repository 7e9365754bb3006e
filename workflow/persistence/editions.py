"""Which proposals follow which edition of their kind's rules, and which a migration has moved."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.proposal_tables import Proposal
from workflow.persistence.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class Migrant:
    """A proposal that a migration moved: when, to which version, and from which rules."""

    proposal_id: int
    kind: str
    version: int
    at: datetime
    leaf: bytes
    """The entry, which names the rules it came from."""


def under_other_editions(tx: Tx, kind: str, edition_id: int, after: int, most: int) -> list[int]:
    """Give the next proposals of the kind that follow another edition, in the order of ids."""
    statement = (
        select(Proposal.id)
        .where(Proposal.kind == kind, Proposal.edition_id != edition_id, Proposal.id > after)
        .order_by(Proposal.id)
        .limit(most)
    )
    return list(tx.connection.scalars(statement))


def migrated_by(tx: Tx, change_id: str) -> list[Migrant]:
    """Give the proposals that a migration moved, as its entries say it."""
    entries = tx.connection.execute(
        select(
            Proposal.id, Proposal.kind, AuditEntry.sequence, AuditEntry.at,
            AuditEntry.leaf, AuditEntry.kind,
        )
        .join(Proposal, Proposal.id == AuditEntry.proposal_id)
        .where(AuditEntry.change_id == change_id, AuditEntry.kind.in_(("migrate", *_FOLLOWING)))
        .order_by(AuditEntry.proposal_id, AuditEntry.sequence)
    )  # fmt: skip
    found: dict[int, Migrant] = {}
    for number, kind, sequence, at, leaf, act in entries:
        if act == "migrate":
            found[number] = Migrant(number, kind, sequence, at, leaf)
        elif number in found:
            found[number] = replace(found[number], version=sequence)
    return list(found.values())


_FOLLOWING = ("schedule", "unschedule")
"""What a migration itself does to days, which can be undone with it; a step cannot."""
