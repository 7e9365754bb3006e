"""A proposal's page: where it stands, what blocks it, who signed, its facts and its history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from workflow.domain.commands import FieldValue
from workflow.domain.definition import Definition
from workflow.domain.identity import Viewer
from workflow.domain.requirement import role_covers, signing_leaves
from workflow.persistence import proposals
from workflow.persistence.proposal_tables import Proposal, Transition
from workflow.persistence.selection import visible_to
from workflow.persistence.unit_of_work import Tx
from workflow.persistence.waiting import seats_of
from workflow.queries.amounts import headlines_of
from workflow.queries.cards import Card, make_card
from workflow.queries.deadlines import DeadlineView, deadlines_of
from workflow.queries.dossier import Dossier, names_of, open_dossier
from workflow.queries.history import Event, read_history
from workflow.queries.matrix import Matrix, Void, build_matrix, in_order, yours_in
from workflow.queries.records import (
    ClaimView,
    EvidenceView,
    RevisionView,
    SignOffView,
    claims_of,
    evidence_of,
    revisions_of,
    signoffs_of,
)
from workflow.queries.steps import Place, StepView, holders_of, step_views
from workflow.queries.waits import Holders

__all__ = ["Event", "Place", "ProposalPage", "StepView", "proposal_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage(Card):
    """Everything about one proposal that its viewer may see."""

    definition: Definition
    """The edition the proposal is pinned to."""
    revision_sha256: str
    state_since: datetime
    created_at: datetime
    public: bool
    source: str | None
    """What its proposer names as the source; an imported one was recorded from it."""
    is_imported: bool
    awaits_revision: bool
    proposed_by: str | None
    edited_by: str | None
    parent: str | None
    """The reference of the umbrella, if it exists for the viewer."""
    lines: tuple[str, ...]
    """References of the proposals under this one that exist for the viewer."""
    summaries: dict[str, str]
    fields: tuple[tuple[str, FieldValue], ...]
    claims: tuple[ClaimView, ...]
    evidence: tuple[EvidenceView, ...]
    revisions: tuple[RevisionView, ...]
    """Newest first."""
    signoffs: tuple[SignOffView, ...]
    """Live and ended ones, oldest first."""
    steps: tuple[StepView, ...]
    deadlines: tuple[DeadlineView, ...]
    """What comes next by itself, soonest first."""
    matrices: tuple[Matrix, ...]
    """One for each main step that is open."""
    history: tuple[Event, ...]
    """Newest first."""
    history_next: str | None
    """The cursor of `history` for what came before."""

    @property
    def matrix(self) -> Matrix | None:
        """Give the grid of the next main step."""
        return self.matrices[0] if self.matrices else None


def proposal_page(tx: Tx, viewer: Viewer, reference: str) -> ProposalPage | None:
    """Read a proposal's page; None if it is hidden or unknown, which nobody can tell apart."""
    dossier = open_dossier(tx, viewer, reference)
    if dossier is None:
        return None
    holders, row = holders_of(dossier), dossier.at.row
    signoffs = signoffs_of(tx, row.id)
    steps = step_views(dossier, holders)
    return ProposalPage(
        **_card_fields(tx, dossier, holders),
        **_origin(tx, viewer, row.id),
        **_people(tx, dossier),
        **_texts(tx, row.id),
        definition=dossier.at.definition,
        revision_sha256=row.revision_sha256,
        public=row.public,
        is_imported=row.imported,
        awaits_revision=row.awaits_revision,
        fields=_fields(tx, dossier),
        claims=claims_of(tx, row.id),
        evidence=evidence_of(tx, row.id),
        revisions=revisions_of(tx, row.id),
        signoffs=signoffs,
        steps=steps,
        deadlines=deadlines_of(dossier.at),
        matrices=_matrices(dossier, steps, signoffs, holders),
    )


def _card_fields(tx: Tx, dossier: Dossier, holders: Holders) -> dict[str, Any]:
    at, ids = dossier.at, [dossier.at.row.id]
    card = make_card(
        dossier.viewer, at, seats_of(tx, ids).get(at.row.id, {}), holders,
        titles={}, worth=headlines_of(tx, ids).get(at.row.id, ()),
    )  # fmt: skip
    page = read_history(tx, at.row.reference)
    plain = {name: getattr(card, name) for name in Card.__dataclass_fields__ if name != "titles"}
    return {**plain, "history": page.rows, "history_next": page.next}


def _texts(tx: Tx, proposal_id: int) -> dict[str, Any]:
    texts = sorted(proposals.texts_of(tx, proposal_id).items())
    return {
        "titles": {language: title for language, (title, _) in texts},
        "summaries": {language: summary for language, (_, summary) in texts if summary},
    }


def _fields(tx: Tx, dossier: Dossier) -> tuple[tuple[str, FieldValue], ...]:
    """Give the filled fields in the order the definition names them."""
    filled = proposals.fields_of(tx, dossier.at.row.id)
    order = list(dossier.at.definition.fields)
    return tuple((name, filled[name]) for name in order if name in filled)


def _people(tx: Tx, dossier: Dossier) -> dict[str, Any]:
    row = dossier.at.row
    names = names_of(tx, (row.proposed_by, row.edited_by))
    return {
        "proposed_by": names.get(row.proposed_by or 0),
        "edited_by": names.get(row.edited_by or 0),
    }


def _origin(tx: Tx, viewer: Viewer, proposal_id: int) -> dict[str, Any]:
    own = tx.connection.execute(
        select(Proposal.source, Proposal.created_at, Proposal.parent_id).where(
            Proposal.id == proposal_id
        )
    ).one()
    moved = tx.connection.scalar(
        select(Transition.at)
        .where(Transition.proposal_id == proposal_id)
        .order_by(Transition.version.desc())
        .limit(1)
    )
    return {
        "source": own.source,
        "created_at": own.created_at,
        "state_since": moved or own.created_at,
        # Two questions: asked as one, SQLite reads the whole table.
        "parent": next(iter(_references(tx, viewer, Proposal.id == (own.parent_id or 0))), None),
        "lines": _references(tx, viewer, Proposal.parent_id == proposal_id),
    }


def _references(tx: Tx, viewer: Viewer, which: ColumnElement[bool]) -> tuple[str, ...]:
    found = select(Proposal.reference).where(which, visible_to(viewer))
    return tuple(tx.connection.scalars(found.order_by(Proposal.id)))


def _matrices(
    dossier: Dossier, steps: tuple[StepView, ...], signoffs: tuple[SignOffView, ...],
    holders: Holders,
) -> tuple[Matrix, ...]:  # fmt: skip
    at = dossier.at
    return tuple(
        build_matrix(
            step.name,
            step.tree,
            yours_in(dossier.viewer, at, step.name, step.tree, holders),
            {(each.party, each.role): each.note for each in at.live if each.step == step.name},
            _voids(dossier.at.definition, step.name, signoffs),
            in_order({code: held for code, (_, held) in at.parties.items()}),
        )
        for step in steps
        if not step.side
    )


def _voids(
    definition: Definition, step: str, signoffs: tuple[SignOffView, ...]
) -> dict[tuple[str, str], Void]:
    """Give the last void sign-off of each seat that the step asks for."""
    asked = {leaf.role for _, leaf in signing_leaves(definition.steps[step].needs)}
    return {
        (each.party, role): Void(each.person or "", each.signed_at, each.ended_because or "")
        for each in signoffs
        if each.step == step and each.is_void
        for role in asked
        if role_covers(role, each.role)
    }
