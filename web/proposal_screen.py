"""What the proposal's page shows beside its facts: the step in question and what one may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from web.clock_faces import TASHKENT
from workflow.domain.commands import Decision
from workflow.domain.definition import PROPOSED
from workflow.domain.identity import JOINT_SECRETARIAT, Viewer, speaks_for_party
from workflow.domain.requirement import EvidenceCount, leaves
from workflow.persistence import proposals, signoffs
from workflow.persistence.signoffs import LiveSignOff
from workflow.persistence.unit_of_work import Tx
from workflow.queries.explain import explain_step
from workflow.queries.proposal import ProposalPage, StepView
from workflow.queries.steps import Choice

_MAIN = ("proposed", "agreed", "implemented")
_MAIN_DECISIONS = (Decision.CONFIRM, Decision.APPROVE)
"""What a seat is waited for, what can be confirmed before what can be approved."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place where the person can decide now."""

    step: str
    party: str
    role: str
    moves: bool
    """This sign-off would complete a step that is then taken by itself."""
    decision: str
    """What the rules wait for here: `approve` or `confirm`; '' if the person may do neither."""
    others: tuple[str, ...]
    """What else the person may decide here."""
    holder: str
    """The login of whose mandate it is, where it came by delegation."""


@dataclass(frozen=True, slots=True)
class ProposalScreen:
    """The step that the page is about, and everything that its reader may do."""

    main: StepView | None
    others: tuple[StepView, ...]
    """The side steps; their forms are on pages of their own."""
    places: tuple[Place, ...]
    own: tuple[LiveSignOff, ...]
    stages: tuple[str, ...]
    reached_on: date | None
    """The day the present state was reached, where that is not the day it was recorded."""
    supplies_for: tuple[str, ...]
    verifies_for: tuple[str, ...]
    evidence_types: tuple[str, ...]
    may_edit: bool
    """The person may change the text or a field of it now."""

    def places_on(self, step: str) -> tuple[Place, ...]:
        """Give the places where the person can sign for a step."""
        return tuple(place for place in self.places if place.step == step)

    @classmethod
    def made(cls, tx: Tx, viewer: Viewer, page: ProposalPage) -> "ProposalScreen":
        """Gather what the page needs of the rules and of its reader."""
        parties = {code for code, capacities in page.parties if set(capacities) != {"observer"}}
        parties.add(JOINT_SECRETARIAT)
        own = _own(tx, viewer, page)
        return cls(
            main=next((step for step in page.steps if not step.side), None),
            others=tuple(step for step in page.steps if step.side),
            places=_places(tx, viewer, page, own),
            own=own,
            stages=_stages(page),
            reached_on=_reached_on(page),
            supplies_for=_parties(viewer, parties),
            verifies_for=tuple(sorted(p for p in parties if viewer.holds("verifier", [p]))),
            evidence_types=_evidence_types(page),
            may_edit=bool(editable_names(page)) and may_edit(viewer, page),
        )


def may_edit(viewer: Viewer, page: ProposalPage) -> bool:
    """Say whether the person acts for a party that may change the text, as `revise` judges."""
    parties = {code for code, capacities in page.parties if set(capacities) != {"observer"}}
    return any(
        mandate.party in parties | {JOINT_SECRETARIAT}
        and mandate.summit in (None, page.summit)
        and speaks_for_party(mandate.role)
        for mandate in viewer.own
    )


def editable_names(page: ProposalPage) -> tuple[str, ...]:
    """Name what can change now: all while it is proposed, afterwards what is not material."""
    names = ("titles", "summary", *page.definition.fields)
    fixed = frozenset() if page.state == PROPOSED else page.definition.material
    return tuple(name for name in names if name not in fixed)


def _places(
    tx: Tx, viewer: Viewer, page: ProposalPage, own: Sequence[LiveSignOff]
) -> tuple[Place, ...]:
    """Give the places where one may decide, those that are waited for first."""
    signed = {(each.step, each.party, each.role) for each in own}
    places = []
    for step in page.steps:
        for each in step.choices:
            main = next((one for one in _MAIN_DECISIONS if one in each.decisions), None)
            ended = (step.name, each.party, each.role) in signed
            others = (
                one.value
                for one in each.decisions
                if one is not main and (one.is_kept or not ended)
            )
            moves = main is not None and _moves(tx, viewer, page, step, each)
            places.append(
                Place(
                    step.name, each.party, each.role, moves, main.value if main else "",
                    tuple(others), each.holder,
                )
            )  # fmt: skip
    return tuple(sorted(places, key=lambda place: not place.decision))


def _moves(tx: Tx, viewer: Viewer, page: ProposalPage, step: StepView, seat: Choice) -> bool:
    if not step.fires_by_itself or Decision.APPROVE not in seat.decisions:
        return False
    told = explain_step(tx, viewer, page.reference, step.name, [(seat.party, seat.role)])
    return told is not None and told.granted


def _own(tx: Tx, viewer: Viewer, page: ProposalPage) -> tuple[LiveSignOff, ...]:
    row = proposals.find(tx, viewer, page.reference)
    live = signoffs.live(tx, [row.id]).get(row.id, []) if row else []
    return tuple(each for each in live if each.person_id == viewer.person_id)


def _stages(page: ProposalPage) -> tuple[str, ...]:
    """Give the states of the stepper: the main road, or the road that was left."""
    if page.state in _MAIN:
        return _MAIN
    if page.state == "suspended":
        return ("proposed", "agreed", "suspended", "implemented")
    passed = [event.to_state for event in page.history if event.to_state]
    return ("proposed", *(("agreed",) if "agreed" in passed else ()), page.state)


def _reached_on(page: ProposalPage) -> date | None:
    moves = (event for event in page.history if event.kind == "step")
    last = next((event for event in moves if event.to_state == page.state), None)
    if last is None or last.occurred_on is not None or last.occurred_at is None:
        return last.occurred_on if last else None
    return last.occurred_at.astimezone(TASHKENT).date()


def _parties(viewer: Viewer, parties: set[str]) -> tuple[str, ...]:
    held = {mandate.party for mandate in viewer.own if speaks_for_party(mandate.role)}
    return tuple(sorted(held & parties))


def _evidence_types(page: ProposalPage) -> tuple[str, ...]:
    asked = {
        leaf.type
        for step in page.definition.steps.values()
        for leaf in leaves(step.needs)
        if isinstance(leaf, EvidenceCount)
    }
    return tuple(sorted(asked))
