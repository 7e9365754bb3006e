"""The one evaluator: may this be signed, may this step be taken; if not, every reason.

Guard, explanation, inbox, matrix, counters, bulk and API ask here, so they cannot disagree.
A situation holds all that a decision depends on and nothing else; equal situations have equal
answers, so a bulk change judges each distinct one once (HOUSE.md, 'One is a set of one').
"""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.domain.commands import Decision
from workflow.domain.definition import Definition, StepRule
from workflow.domain.machine import move
from workflow.domain.requirement import (
    EvidenceCount,
    FieldFilled,
    Leaf,
    NamedSignOff,
    Seat,
    SignOffs,
    asking_leaves,
    leaves,
    open_leaves,
    signing_leaves,
)
from workflow.domain.shape import Shape
from workflow.domain.standing import StepStanding
from workflow.domain.verdicts import Code, Refusal, refuse

Standings = Mapping[str, StepStanding]


@dataclass(frozen=True, slots=True)
class Case:
    """Where a proposal stands, in the words the rules know."""

    definition: Definition
    state: str
    shape: Shape
    standings: Standings
    awaits_revision: bool = False

    def standing(self, step: StepRule) -> StepStanding:
        """Give what the step has gathered, untouched or not."""
        return self.standings.get(step.name) or StepStanding((0,) * len(list(leaves(step.needs))))


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes a step by hand, as far as a rule can tell."""

    may_take: bool
    """Holds one of the step's roles, of a party that takes part or of the joint secretariat."""
    gives_reason: bool


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, in which seat and how, as far as a rule can tell."""

    seat: Seat
    decision: Decision
    mandate_valid: bool = True
    is_proposer: bool = False
    is_last_editor: bool = False
    signed_other_seat: bool = False
    """Has a counting sign-off of this step and round in another seat."""
    held: Decision | None = None
    """The seat's live sign-off."""
    held_is_theirs: bool = True
    """They made it, or whoever did no longer holds the seat."""
    party_roles: tuple[str, ...] = ()
    """Roles of the same party's other counting sign-offs of this step."""
    gives_note: bool = False
    revision_is_present: bool = True


# --- taking a step -------------------------------------------------------------------------------


def judge_step(case: Case, name: str, taker: Taker | None = None) -> tuple[Refusal, ...]:
    """Give every reason why the step cannot be taken now; none means that it can.

    Without a taker the question is about the proposal alone: does it have all that it needs.
    """
    step = case.definition.steps.get(name)
    if step is None:
        return (refuse(Code.STEP_UNKNOWN, step=name),)
    if case.state not in step.sources:
        return (refuse(Code.STEP_NOT_OPEN, step=name, state=case.state),)
    return move(
        case.definition, name, case.state, lambda: _step_reasons(case, step, taker)
    ).refusals


def state_after(case: Case, name: str, taker: Taker | None = None) -> str:
    """Give the state the machine moves to; the present one if the guard refuses."""
    step = case.definition.steps[name]
    return move(case.definition, name, case.state, lambda: _step_reasons(case, step, taker)).state


def _step_reasons(case: Case, step: StepRule, taker: Taker | None) -> tuple[Refusal, ...]:
    reasons = [] if taker is None else _taker_reasons(step, taker)
    reasons += unmet(case, step)
    return tuple(reasons)


def _taker_reasons(step: StepRule, taker: Taker) -> list[Refusal]:
    reasons = []
    if not step.by:
        reasons.append(refuse(Code.FIRES_BY_ITSELF, step=step.name))
    elif not taker.may_take:
        reasons.append(refuse(Code.MAY_NOT_TAKE_STEP, step=step.name, roles=", ".join(step.by)))
    if step.reason_required and not taker.gives_reason:
        reasons.append(refuse(Code.REASON_MISSING, step=step.name))
    return reasons


def unmet(case: Case, step: StepRule) -> list[Refusal]:
    """Give what the step still lacks, in the order its rule is written, objections first."""
    standing = case.standing(step)
    reasons = []
    if case.awaits_revision:
        reasons.append(refuse(Code.REVISION_AWAITED))
    if step.blocks(standing.objections):
        reasons.append(refuse(Code.OBJECTED, step=step.name, objections=standing.objections))
    signing = [leaf for _, leaf in signing_leaves(step.needs)]
    if signing and not any(leaf.seats(case.shape) for leaf in signing):
        reasons.append(refuse(Code.NOBODY_CAN_SIGN, step=step.name))
    counted = zip(leaves(step.needs), standing.counts, strict=True)
    for number, (leaf, count) in enumerate(counted):
        needed = leaf.needed(case.shape)
        if count < needed:
            reasons.append(_missing(leaf, number, count, needed))
    return reasons


def _missing(leaf: Leaf, number: int, have: int, need: int) -> Refusal:
    match leaf:
        case EvidenceCount(type=of_type):
            return refuse(Code.EVIDENCE_MISSING, type=of_type, leaf=number, have=have, need=need)
        case FieldFilled(name=name):
            return refuse(Code.FIELD_MISSING, field=name, leaf=number)
        case NamedSignOff(party=party, role=role):
            return refuse(Code.SIGNOFF_MISSING, party=party, role=role, leaf=number)
        case SignOffs(role=role):
            return refuse(Code.SIGNOFFS_MISSING, role=role, leaf=number, have=have, need=need)


# --- signing -------------------------------------------------------------------------------------


def judge_sign(case: Case, name: str, signer: Signer) -> tuple[Refusal, ...]:
    """Give every reason why this person may not sign so; none means that they may."""
    step = case.definition.steps.get(name)
    if step is None:
        return (refuse(Code.STEP_UNKNOWN, step=name),)
    if case.state not in step.sources:
        return (refuse(Code.STEP_NOT_OPEN, step=name, state=case.state),)
    reasons = [*_authority_reasons(step, signer), *_text_reasons(case, signer)]
    if signer.decision in (Decision.APPROVE, Decision.OBJECT):
        reasons += _seat_reasons(case, step, signer)
    else:
        reasons += _ending_reasons(signer)
    return tuple(reasons)


def _authority_reasons(step: StepRule, signer: Signer) -> list[Refusal]:
    reasons = []
    if not signer.mandate_valid:
        reasons.append(refuse(Code.NO_MANDATE, party=signer.seat.party, role=signer.seat.role))
    if not asking_leaves(step.needs, signer.seat):
        reasons.append(
            refuse(
                Code.SEAT_UNKNOWN, party=signer.seat.party, role=signer.seat.role, step=step.name
            )
        )
    return reasons


def _text_reasons(case: Case, signer: Signer) -> list[Refusal]:
    reasons = []
    if case.awaits_revision:
        reasons.append(refuse(Code.REVISION_AWAITED))
    if not signer.revision_is_present:
        reasons.append(refuse(Code.REVISION_OLD))
    return reasons


def _seat_reasons(case: Case, step: StepRule, signer: Signer) -> list[Refusal]:
    asking = asking_leaves(step.needs, signer.seat)
    reasons = []
    reached = set(open_leaves(step.needs, case.standing(step).counts, case.shape))
    if asking and reached.isdisjoint(asking):
        reasons.append(refuse(Code.STAGE_NOT_OPEN, role=signer.seat.role))
    if signer.held == signer.decision:
        reasons.append(
            refuse(Code.SEAT_ALREADY_SIGNED, party=signer.seat.party, role=signer.seat.role)
        )
    elif signer.held and not signer.held_is_theirs:
        reasons.append(
            refuse(Code.SEAT_SIGNED_BY_ANOTHER, party=signer.seat.party, role=signer.seat.role)
        )
    if signer.decision is Decision.APPROVE:
        reasons += _counting_reasons(step, signer)
    if not signer.gives_note and _wants_note(step, signer.decision):
        reasons.append(refuse(Code.NOTE_MISSING))
    return reasons


def _counting_reasons(step: StepRule, signer: Signer) -> list[Refusal]:
    reasons = []
    if signer.is_proposer and "proposer" in step.bars:
        reasons.append(refuse(Code.PROPOSER_MAY_NOT_SIGN))
    if signer.is_last_editor and "last-editor" in step.bars:
        reasons.append(refuse(Code.LAST_EDITOR_MAY_NOT_SIGN))
    if signer.signed_other_seat:
        reasons.append(refuse(Code.PERSON_ALREADY_SIGNED))
    return reasons


def _wants_note(step: StepRule, decision: Decision) -> bool:
    # A step that fires by itself has nobody who could give its reason but those who sign it.
    by_signers = step.fires_by_itself and step.reason_required
    return decision is Decision.OBJECT or by_signers


def _ending_reasons(signer: Signer) -> list[Refusal]:
    if signer.decision is Decision.LIFT and signer.held is not Decision.OBJECT:
        return [refuse(Code.NOTHING_TO_LIFT)]
    if signer.held is None:
        return [refuse(Code.NOTHING_TO_WITHDRAW)]
    if not signer.held_is_theirs:
        return [refuse(Code.SEAT_SIGNED_BY_ANOTHER, party=signer.seat.party, role=signer.seat.role)]
    return []


def standing_after_sign(case: Case, name: str, signer: Signer) -> StepStanding:
    """Give the step's standing once the decision is made; the caller has seen it granted."""
    step = case.definition.steps[name]
    standing = case.standing(step)
    own = [
        number
        for number, leaf in signing_leaves(step.needs)
        if leaf.asks(signer.seat)
        # The party counts once a leaf: another of its roles already counts there.
        and not any(leaf.asks(_with_role(signer.seat, role)) for role in signer.party_roles)
    ]
    against = int(not signer.seat.capacities.isdisjoint(step.objections_from))
    if signer.held is Decision.APPROVE:
        standing = standing.changed(own, -1)
    elif signer.held is Decision.OBJECT:
        standing = standing.changed((), 0, -against)
    if signer.decision is Decision.APPROVE:
        return standing.changed(own, +1)
    if signer.decision is Decision.OBJECT:
        return standing.changed((), 0, +against)
    return standing


def _with_role(seat: Seat, role: str) -> Seat:
    return Seat(seat.party, role, seat.capacities, seat.sort)


# --- what follows by itself ----------------------------------------------------------------------


def spent(definition: Definition, standings: Standings) -> Standings:
    """Give the standings once a step is taken: sign-offs are spent, evidence and fields stay."""
    return {name: _kept(definition.steps[name], at) for name, at in standings.items()}


def _kept(step: StepRule, standing: StepStanding) -> StepStanding:
    signing = {number for number, _ in signing_leaves(step.needs)}
    return StepStanding(
        tuple(0 if at in signing else count for at, count in enumerate(standing.counts))
    )


def next_by_itself(case: Case) -> StepRule | None:
    """Give the first step that fires by itself from here and has all it needs."""
    for step in case.definition.open_steps(case.state):
        if step.fires_by_itself and not unmet(case, step):
            return step
    return None
