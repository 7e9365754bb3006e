"""Which entries somebody may see, and which of them a question is about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal, or_, select, true

from workflow.domain.identity import Viewer
from workflow.persistence.audit_tables import AuditEntry, AuditSubject
from workflow.persistence.people_tables import Party, PartyBootstrap
from workflow.persistence.proposal_tables import Proposal, ProposalParty
from workflow.persistence.selection import visible_to
from workflow.persistence.unit_of_work import Tx

LOG = "log"
"""The chain of acts on the installation itself: exports, definitions."""

BOOTSTRAP = "bootstrap"
"""How a party got its first administrator, which every party sees.

Source: DOMAIN.md, 'People and authority'.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """What a list or export of entries is narrowed to.

    `kind` is a proposal's kind, `party` and `actor` (a login) are who acted; `since` is the
    first instant inside, `until` the first one outside.
    """

    proposal: str | None = None
    kind: str | None = None
    party: str | None = None
    actor: str | None = None
    step: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def keeps_chains_whole(self) -> bool:
        """Say whether a chain is taken as a whole or not at all."""
        return not any((self.party, self.actor, self.step, self.since, self.until))


EVERYTHING = EntryFilter()
"""The filter that leaves nothing out."""


def entries_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return which entries exist for a viewer.

    Whole chains: those of visible proposals, of the viewer's parties and of the parties of
    visible proposals. Single entries: in the log's own chain what was done in the name of the
    viewer's parties or by the set-up; and how each party got its first administrator.
    """
    if sees_everything(viewer):
        return true()
    visible = select(Proposal.id).where(visible_to(viewer))
    done_by_own = or_(AuditEntry.party.in_(sorted(viewer.parties)), AuditEntry.actor.is_(None))
    return or_(
        AuditEntry.proposal_id.in_(visible),
        AuditEntry.chain.in_(select(literal("party/") + Party.code).where(_concerns(viewer))),
        and_(AuditEntry.chain == LOG, done_by_own),
        AuditEntry.kind == BOOTSTRAP,
    )


def chains_seen_in_part(tx: Tx, viewer: Viewer) -> tuple[str, ...]:
    """Return the chains of which a viewer sees single entries only."""
    if sees_everything(viewer):
        return ()
    others = tx.connection.scalars(
        select(literal("party/") + PartyBootstrap.party)
        .join(Party, Party.code == PartyBootstrap.party)
        .where(~_concerns(viewer))
        .order_by(PartyBootstrap.party)
    )
    return (LOG, *others)


def _concerns(viewer: Viewer) -> ColumnElement[bool]:
    """Say which parties take part in something the viewer sees, the viewer's own included."""
    visible = select(Proposal.id).where(visible_to(viewer))
    taking_part = select(ProposalParty.party).where(ProposalParty.proposal_id.in_(visible))
    return or_(Party.code.in_(sorted(viewer.parties)), Party.code.in_(taking_part))


def sees_everything(viewer: Viewer) -> bool:
    """Say whether nothing is hidden from a viewer: the operator, or who oversees all summits."""
    return viewer.operator or None in viewer.overseen_summits


def matching(wanted: EntryFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.proposal is not None:
        conditions.append(AuditEntry.chain == f"proposal/{wanted.proposal}")
    if wanted.kind is not None:
        of_kind = select(Proposal.id).where(Proposal.kind == wanted.kind)
        conditions.append(AuditEntry.proposal_id.in_(of_kind))
    if wanted.party is not None:
        conditions.append(AuditEntry.party == wanted.party)
    if wanted.actor is not None:
        behind = select(AuditSubject.pseudonym).where(AuditSubject.login == wanted.actor)
        conditions.append(AuditEntry.actor.in_(behind))
    if wanted.step is not None:
        conditions.append(AuditEntry.step == wanted.step)
    if wanted.since is not None:
        conditions.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AuditEntry.at < wanted.until)
    return conditions


def exists_for(tx: Tx, viewer: Viewer, reference: str) -> bool:
    """Say whether a proposal exists as far as a viewer may know."""
    statement = select(1).where(Proposal.reference == reference, visible_to(viewer))
    return tx.connection.scalar(statement) is not None
