"""The steps open to a proposal, as one viewer may act on them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from workflow.domain.commands import Decision
from workflow.domain.decide import judge_step
from workflow.domain.definition import StepRule
from workflow.domain.explain import Node, explain
from workflow.domain.identity import Mandate
from workflow.domain.requirement import asking_leaves
from workflow.domain.verdicts import Code, Refusal
from workflow.queries.cures import Reason, with_cures
from workflow.queries.dossier import Dossier
from workflow.queries.waits import Holders, may_sign, may_take


class Place(NamedTuple):
    """A party and a role in which the viewer may sign."""

    party: str
    role: str


class Choice(NamedTuple):
    """A place with every decision that the rules let the viewer make there now."""

    party: str
    role: str
    decisions: tuple[Decision, ...]
    holder: str = ""
    """The login of whose mandate it is, where it came by delegation."""


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
    choices: tuple[Choice, ...]
    takeable: bool
    effective_on: date | None = None
    """The day from which a step that has all it needs takes effect."""

    @property
    def blockers(self) -> tuple[tuple[Reason, tuple[Reason, ...]], ...]:
        """Give the reasons, each with those that are about its alternatives; one's own first."""
        found: list[tuple[Reason, list[Reason]]] = []
        for reason in self.reasons:
            if reason.is_inside and found:
                found[-1][1].append(reason)
            else:
                found.append((reason, []))
        found.sort(key=lambda each: not each[0].mine)
        return tuple((reason, tuple(inside)) for reason, inside in found)

    def places(self, *decisions: Decision) -> tuple[Place, ...]:
        """Give the places where the viewer may make one of these decisions."""
        return tuple(
            Place(each.party, each.role)
            for each in self.choices
            if not set(each.decisions).isdisjoint(decisions)
        )

    @property
    def signable(self) -> tuple[Place, ...]:
        """Give the places where the viewer may approve."""
        return self.places(Decision.APPROVE)

    @property
    def objectable(self) -> tuple[Place, ...]:
        """Give the places where the viewer may object."""
        return self.places(Decision.OBJECT)


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
        choices=tuple(_choices(dossier, step, holders)),
        takeable=may_take(dossier.viewer, at, step.name) is not None,
        effective_on=_effective_on(reasons),
    )


def _effective_on(reasons: Iterable[Refusal]) -> date | None:
    days = (each.named["on"] for each in reasons if each.code is Code.NOT_YET_EFFECTIVE)
    return next((date.fromisoformat(str(day)) for day in days if day), None)


def _choices(dossier: Dossier, step: StepRule, holders: Holders) -> Iterator[Choice]:
    viewer, at = dossier.viewer, dossier.at
    own: dict[tuple[str, str], Mandate] = {}
    for mandate in viewer.mandates:
        if mandate.party in at.parties and mandate.summit in (None, at.row.summit):
            own.setdefault((mandate.party, mandate.role), mandate)
    for (party, role), mandate in own.items():
        if not asking_leaves(step.needs, at.seat(party, role)):
            continue
        decisions = tuple(
            each for each in Decision if may_sign(viewer, at, step.name, mandate, holders, each)
        )
        if decisions:
            yield Choice(party, role, decisions, _holder(dossier, mandate))


def _holder(dossier: Dossier, mandate: Mandate) -> str:
    """Name by login whose mandate it is; '' for one's own."""
    if mandate.delegation is None:
        return ""
    holder = mandate.delegation.holder_id
    return next((each.login for each in dossier.holders if each.person_id == holder), "")
