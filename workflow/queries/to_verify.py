"""Documents that wait for a verifier, oldest first."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_

from workflow.domain.identity import JOINT_SECRETARIAT, Mandate, Viewer
from workflow.domain.requirement import role_covers
from workflow.persistence.evidence_tables import Evidence
from workflow.persistence.proposal_tables import Proposal, ProposalParty
from workflow.persistence.selection import visible_to
from workflow.persistence.unit_of_work import Tx
from workflow.queries.paging import PAGE, at_most, read_cursor, write_cursor

VERIFIER = "verifier"


@dataclass(frozen=True, slots=True)
class Unverified:
    """A document that the viewer may verify."""

    reference: str
    kind: str
    number: int
    type: str
    title: str
    supplier_party: str
    dated_on: date
    supplied_at: datetime


def is_verifier(viewer: Viewer) -> bool:
    """Say whether the viewer verifies for any party."""
    return bool(_mandates(viewer))


def to_verify(
    tx: Tx, viewer: Viewer, after: str | None = None, limit: int = PAGE
) -> tuple[tuple[Unverified, ...], str | None]:
    """Give documents that wait for the viewer, and the cursor of more. Raises: BadCursorError."""
    limit, mandates = at_most(limit), _mandates(viewer)
    if not mandates:
        return (), None
    keys = tuple_(Evidence.supplied_at, Evidence.proposal_id, Evidence.number)
    statement = (
        select(
            Proposal.reference, Proposal.kind, Evidence.number, Evidence.type, Evidence.title,
            Evidence.supplied_party, Evidence.dated_on, Evidence.supplied_at, Evidence.proposal_id,
        )
        .join(Proposal, Proposal.id == Evidence.proposal_id)
        .where(
            Evidence.verified_at.is_(None),
            or_(Evidence.supplied_by.is_(None), Evidence.supplied_by != viewer.person_id),
            visible_to(viewer),
            or_(false(), *(_may_by(mandate) for mandate in mandates)),
        )
        .order_by(Evidence.supplied_at, Evidence.proposal_id, Evidence.number)
        .limit(limit + 1)
    )  # fmt: skip
    if after is not None:
        statement = statement.where(keys > read_cursor(after, datetime, int, int))
    rows = tx.connection.execute(statement).all()
    more = None
    if len(rows) > limit:
        last = rows[limit - 1]
        more = write_cursor(last.supplied_at, last.proposal_id, last.number)
    return tuple(Unverified(*row[:8]) for row in rows[:limit]), more


def _mandates(viewer: Viewer) -> list[Mandate]:
    return [mandate for mandate in viewer.mandates if role_covers(VERIFIER, mandate.role)]


def _may_by(mandate: Mandate) -> ColumnElement[bool]:
    """Say which documents a mandate may verify, as `verify_evidence` judges."""
    conditions: list[ColumnElement[bool]] = [Evidence.supplied_party != mandate.party]
    if mandate.summit is not None:
        conditions.append(Proposal.summit == mandate.summit)
    if mandate.party != JOINT_SECRETARIAT:
        takes_part = select(1).where(
            ProposalParty.proposal_id == Proposal.id, ProposalParty.party == mandate.party
        )
        conditions.append(takes_part.exists())
    return and_(*conditions)
