"""Which proposals a question or a command is about, as conditions on the `proposal` table."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from workflow.domain.identity import Viewer
from workflow.persistence.proposal_tables import Proposal, ProposalParty


def may_see(viewer: Viewer, summit: str, parties: Collection[str], *, public: bool) -> bool:
    """Say of one proposal that was read already what `visible_to` says in a statement."""
    overseen = viewer.overseen_summits
    return (
        viewer.operator
        or public
        or None in overseen
        or summit in overseen
        or not viewer.parties.isdisjoint(parties)
    )


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Say which proposals exist for a viewer; every list, count and sum is filtered by this.

    Source: DOMAIN.md, 'People and authority': a party takes part, it is public, or the viewer
    oversees its summit for the joint secretariat.
    """
    if viewer.operator:
        return true()
    summits = viewer.overseen_summits
    if None in summits:
        return true()
    conditions: list[ColumnElement[bool]] = [Proposal.public.is_(True)]
    if summits:
        conditions.append(Proposal.summit.in_(sorted(str(summit) for summit in summits)))
    if viewer.parties:
        conditions.append(
            select(1)
            .where(
                and_(
                    ProposalParty.proposal_id == Proposal.id,
                    ProposalParty.party.in_(sorted(viewer.parties)),
                )
            )
            .exists()
        )
    return or_(false(), *conditions)
