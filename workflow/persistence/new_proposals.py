"""Writes proposals that come on record, and all that hangs on them: one statement a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, insert, select

from workflow.domain.revision import Content
from workflow.domain.texts import is_storable
from workflow.persistence import contents
from workflow.persistence.chunks import chunks
from workflow.persistence.proposal_tables import Proposal
from workflow.persistence.proposals import ProposalRow
from workflow.persistence.unit_of_work import Tx

_PROPOSAL: Table = Proposal.__table__  # type: ignore[assignment] # a declarative class has a Table

UNWRITTEN = bytes(32)
"""The head of a row whose first entry is written later in the same transaction."""


@dataclass(frozen=True, slots=True)
class NewProposal:
    """A proposal about to be written; `row` has its claimed number."""

    row: ProposalRow
    source: str | None
    content: Content
    revision: Mapping[str, Any]
    """The row of its first revision."""


def taken(tx: Tx, references: Iterable[str]) -> set[str]:
    """Give those of the references that a proposal has."""
    found: set[str] = set()
    for chunk in chunks(sorted({each for each in references if is_storable(each)})):
        statement = select(Proposal.reference).where(Proposal.reference.in_(chunk))
        found |= set(tx.connection.scalars(statement))
    return found


def add(tx: Tx, new: Sequence[NewProposal]) -> None:
    """Write the proposals, a parent before its children."""
    if new:
        tx.connection.execute(insert(_PROPOSAL), [_row(tx, each) for each in new])
        contents.add(tx, {each.row.id: each.content for each in new})
        contents.add_revisions(tx, (each.revision for each in new))


def _row(tx: Tx, new: NewProposal) -> dict[str, Any]:
    values = {name: getattr(new.row, name) for name in ProposalRow.__dataclass_fields__}
    # Its first entry, and what came of it, are written later in the same transaction.
    unwritten = {"version": 1, "head": UNWRITTEN}
    return values | {"source": new.source, "created_at": tx.at} | unwritten
