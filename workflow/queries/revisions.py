"""The texts of a proposal's revisions, as their digests cover them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from workflow.domain.identity import Viewer
from workflow.persistence import proposals
from workflow.persistence.proposal_tables import Revision
from workflow.persistence.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class Revisions:
    """Some revisions of one proposal: its kind, and each revision's content by number."""

    kind: str
    contents: Mapping[int, Mapping[str, Any]]


def revisions(tx: Tx, viewer: Viewer, reference: str, numbers: Iterable[int]) -> Revisions | None:
    """Read these revisions; None where the proposal does not exist for the viewer."""
    row = proposals.find(tx, viewer, reference)
    if row is None:
        return None
    found = tx.connection.execute(
        select(Revision.number, Revision.document).where(
            Revision.proposal_id == row.id, Revision.number.in_(sorted(numbers))
        )
    )
    return Revisions(row.kind, {number: json.loads(document) for number, document in found})
