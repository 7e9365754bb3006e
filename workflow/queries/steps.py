"""The steps open to a proposal, as one viewer may act on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from workflow.domain.commands import Decision
from workflow.domain.decide import judge_sign, judge_step
from workflow.domain.definition import StepRule
from workflow.domain.explain import Node, explain
from workflow.domain.requirement import asking_leaves
from workflow.persistence.situations import Signing, signer_of
from workflow.queries.cures import Reason, with_cures
from workflow.queries.dossier import Dossier
from workflow.queries.waits import Holders, may_take


class Place(NamedTuple):
    """A party and a role in which the viewer may sign."""

    party: str
    role: str


@dataclass(frozen=True, slots=True)
class StepView:
    """One open step: whether it may be taken, why not, and what the viewer can do."""

    name: str
    to: str
    side: bool
    fires_by_itself: bool
    reason_required: bool
    granted: bool
    """The proposal has all that the step needs; who may then take it, `takeable` says."""
    reasons: tuple[Reason, ...]
    tree: Node
    signable: tuple[Place, ...]
    objectable: tuple[Place, ...]
    takeable: bool


def step_views(dossier: Dossier, holders: Holders) -> tuple[StepView, ...]:
    """Show each step that leads out of the present state, main ones first."""
    at = dossier.at
    return tuple(_view(dossier, step, holders) for step in at.definition.open_steps(at.row.state))


def holders_of(dossier: Dossier) -> Holders:
    """Give who holds each of the viewer's own roles, from what the dossier has read."""
    return {(m.party, m.role): dossier.present(m.party, m.role) for m in dossier.viewer.mandates}


def _view(dossier: Dossier, step: StepRule, holders: Holders) -> StepView:
    at = dossier.at
    reasons = judge_step(at.case, step.name)
    return StepView(
        name=step.name,
        to=step.to,
        side=step.side,
        fires_by_itself=step.fires_by_itself,
        reason_required=step.reason_required,
        granted=not reasons,
        reasons=with_cures(dossier, step, reasons),
        tree=explain(at.case, step, at.parties, dossier.answers),
        signable=tuple(_places(dossier, step, holders, Decision.APPROVE)),
        objectable=tuple(_places(dossier, step, holders, Decision.OBJECT)),
        takeable=may_take(dossier.viewer, at, step.name) is not None,
    )


def _places(
    dossier: Dossier, step: StepRule, holders: Holders, decision: Decision
) -> Iterator[Place]:
    viewer, at = dossier.viewer, dossier.at
    offices = dict.fromkeys(
        Place(mandate.party, mandate.role)
        for mandate in viewer.mandates
        if mandate.party in at.parties and mandate.summit in (None, at.row.summit)
    )
    for place in offices:
        if not asking_leaves(step.needs, at.seat(*place)):
            continue
        signing = Signing(step.name, *place, decision, gives_note=True)
        signer = signer_of(at, viewer.person_id, signing, holders[place])
        if not judge_sign(at.case, step.name, signer):
            yield place
