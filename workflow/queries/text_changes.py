"""How the text of a proposal was before and after the entries that made a new revision of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, or_, select

from workflow.log.leaf import Leaf
from workflow.persistence.entry_rows import EntryRow
from workflow.persistence.proposal_tables import Proposal, Revision
from workflow.persistence.unit_of_work import Tx

_REVISE = "revise"


@dataclass(frozen=True, slots=True)
class TextChange:
    """Two revisions of a proposal of a kind, as their digests cover them."""

    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def text_changes(
    tx: Tx, rows: Sequence[EntryRow], leaves: Sequence[Leaf]
) -> Mapping[int, TextChange]:
    """Return what each entry changed, by its number; one that made no revision is left out."""
    revised = [
        (row, leaf.revision)
        for row, leaf in zip(rows, leaves, strict=True)
        if leaf.kind == _REVISE and leaf.revision and row.proposal_id is not None
    ]
    wanted = [
        (Revision.proposal_id == row.proposal_id) & Revision.number.in_((number - 1, number))
        for row, number in revised
    ]
    found = tx.connection.execute(
        select(
            Revision.proposal_id, Revision.number, Revision.document, Revision.made_at,
            Proposal.kind,
        )
        .join(Proposal, Proposal.id == Revision.proposal_id)
        .where(or_(false(), *wanted))
    )  # fmt: skip
    texts = {(each.proposal_id, each.number): each for each in found}
    changes: dict[int, TextChange] = {}
    for row, number in revised:
        before, after = (texts.get((row.proposal_id, each)) for each in (number - 1, number))
        # A change of what is not material leaves the revision that another entry made.
        if before is not None and after is not None and after.made_at == row.at:
            documents = (json.loads(each.document) for each in (before, after))
            changes[row.id] = TextChange(after.kind, *documents)
    return changes
