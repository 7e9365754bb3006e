"""The evaluator's other half: may this person sign so, and what does it make of the standing."""

from dataclasses import dataclass

from workflow.domain.commands import Decision
from workflow.domain.decide import Case
from workflow.domain.definition import Definition, StepRule
from workflow.domain.requirement import (
    Seat,
    asking_leaves,
    counting_leaves,
    open_leaves,
    silences,
)
from workflow.domain.standing import StepStanding
from workflow.domain.verdicts import Code, Refusal, refuse

_NOTED = frozenset({Decision.OBJECT, Decision.RESERVE})
_BARRED = frozenset({Decision.APPROVE, Decision.RESERVE, Decision.AD_REFERENDUM, Decision.CONFIRM})
"""Decisions that carry the text forward, which those whom the step bars may not do."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, in which seat and how, as far as a rule can tell.

    Whoever signs by delegation is judged together with everybody it came through: 'they' below
    is the one who signs and all of those.
    """

    seat: Seat
    decision: Decision
    mandate_valid: bool = True
    chain: int = 0
    """How many delegations lie between the mandate's holder and who signs."""
    is_proposer: bool = False
    is_last_editor: bool = False
    signed_other_seat: bool = False
    """They have a counting sign-off of this step and round in another seat."""
    held: Decision | None = None
    """The seat's live sign-off."""
    held_is_theirs: bool = True
    """They made it, or whoever did no longer holds the seat."""
    held_weighs: bool = True
    """It was not late, and needs no confirmation."""
    held_awaits_confirmation: bool = False
    """It was made on paper, and nobody of the party has confirmed it here."""
    is_recorder: bool = False
    """They recorded that paper act."""
    party_answers: tuple[tuple[str, Decision], ...] = ()
    """(role, decision) of the same party's other sign-offs of this step that weigh."""
    gives_note: bool = False
    revision_is_present: bool = True


def judge_sign(case: Case, name: str, signer: Signer) -> tuple[Refusal, ...]:
    """Give every reason why this person may not sign so; none means that they may."""
    step = case.definition.steps.get(name)
    if step is None:
        return (refuse(Code.STEP_UNKNOWN, step=name),)
    if case.state not in step.sources:
        return (refuse(Code.STEP_NOT_OPEN, step=name, state=case.state),)
    reasons = [
        *_authority_reasons(case.definition, step, signer),
        *_text_reasons(case, signer),
    ]
    if not signer.decision.is_kept:
        return (*reasons, *_ending_reasons(signer))
    reasons += _stage_reasons(case, step, signer)
    reasons += _confirming_reasons(signer) if _confirms(signer) else _held_reasons(signer)
    reasons += _separation_reasons(step, signer)
    if not signer.gives_note and _wants_note(step, signer.decision):
        reasons.append(refuse(Code.NOTE_MISSING))
    return tuple(reasons)


def standing_after_sign(case: Case, name: str, signer: Signer) -> StepStanding:
    """Give the step's standing once the decision is made; the caller has seen it granted."""
    step = case.definition.steps[name]
    standing = case.standing(step)
    if signer.held is not None and signer.held_weighs:
        standing = _weighed(standing, step, signer, signer.held, -1)
    if signer.decision.is_kept and weighs(case, step, signer):
        standing = _weighed(standing, step, signer, resulting(signer), +1)
    return standing


def resulting(signer: Signer) -> Decision:
    """Give the decision that stands on the seat afterwards: a paper act's own, once confirmed."""
    if _confirms(signer) and signer.held_awaits_confirmation and signer.held is not None:
        return signer.held
    return signer.decision


def weighs(case: Case, step: StepRule, signer: Signer) -> bool:
    """Say whether the decision has weight: an objection after the seat's silence has none."""
    return resulting(signer) is not Decision.OBJECT or not case.is_late(step, signer.seat)


def counts_for_person(step: StepRule, signer: Signer) -> bool:
    """Say whether the sign-off is the one of this step that a person may give."""
    return step.person_once and counts_in(step, signer.seat, resulting(signer))


def counts_in(step: StepRule, seat: Seat, decision: Decision) -> bool:
    """Say whether a decision from a seat counts anywhere in a step."""
    return decision.approves or bool(counting_leaves(step.needs, seat, decision))


def _weighed(
    standing: StepStanding, step: StepRule, signer: Signer, decision: Decision, by: int
) -> StepStanding:
    """Add or take what a decision weighs; a party counts once a leaf, and objects once."""
    seat = signer.seat
    if decision is Decision.OBJECT:
        others = any(each is Decision.OBJECT for _, each in signer.party_answers)
        heard = not others and not seat.capacities.isdisjoint(step.objections_from)
        return standing.changed((), 0, by if heard else 0)
    counted_by_others = {
        number
        for role, each in signer.party_answers
        for number in counting_leaves(step.needs, seat.in_role(role), each)
    }
    own = counting_leaves(step.needs, seat, decision)
    return standing.changed((each for each in own if each not in counted_by_others), by)


def _confirms(signer: Signer) -> bool:
    return signer.decision is Decision.CONFIRM


def _authority_reasons(definition: Definition, step: StepRule, signer: Signer) -> list[Refusal]:
    seat = signer.seat
    reasons = []
    if not signer.mandate_valid:
        reasons.append(refuse(Code.NO_MANDATE, party=seat.party, role=seat.role))
    elif signer.chain > definition.longest_chain:
        reasons.append(
            refuse(Code.DELEGATED_TOO_FAR, chain=signer.chain, longest=definition.longest_chain)
        )
    if not asking_leaves(step.needs, seat):
        reasons.append(refuse(Code.SEAT_UNKNOWN, party=seat.party, role=seat.role, step=step.name))
    return reasons


def _text_reasons(case: Case, signer: Signer) -> list[Refusal]:
    reasons = []
    if case.awaits_revision:
        reasons.append(refuse(Code.REVISION_AWAITED))
    if not signer.revision_is_present:
        reasons.append(refuse(Code.REVISION_OLD))
    return reasons


def _stage_reasons(case: Case, step: StepRule, signer: Signer) -> list[Refusal]:
    asking = asking_leaves(step.needs, signer.seat)
    reached = set(open_leaves(step.needs, case.counts(step), case.shape))
    if resulting(signer) is Decision.OBJECT:
        # A silence runs from the revision on, so it can be broken before its stage is reached.
        reached |= set(silences(step.needs, signer.seat))
    if asking and reached.isdisjoint(asking):
        return [refuse(Code.STAGE_NOT_OPEN, role=signer.seat.role)]
    return []


def _held_reasons(signer: Signer) -> list[Refusal]:
    seat = signer.seat
    if signer.held_awaits_confirmation:
        return []  # who holds the seat may sign themselves, in place of the paper act
    if signer.held == signer.decision:
        return [refuse(Code.SEAT_ALREADY_SIGNED, party=seat.party, role=seat.role)]
    if signer.held and not signer.held_is_theirs:
        return [refuse(Code.SEAT_SIGNED_BY_ANOTHER, party=seat.party, role=seat.role)]
    return []


def _confirming_reasons(signer: Signer) -> list[Refusal]:
    if signer.held is not Decision.AD_REFERENDUM and not signer.held_awaits_confirmation:
        return [refuse(Code.NOTHING_TO_CONFIRM)]
    if signer.held_awaits_confirmation and signer.is_recorder:
        return [refuse(Code.RECORDER_MAY_NOT_CONFIRM)]
    return []


def _separation_reasons(step: StepRule, signer: Signer) -> list[Refusal]:
    decision = resulting(signer)
    reasons = []
    if decision in _BARRED and signer.is_proposer and "proposer" in step.bars:
        reasons.append(refuse(Code.PROPOSER_MAY_NOT_SIGN))
    if decision in _BARRED and signer.is_last_editor and "last-editor" in step.bars:
        reasons.append(refuse(Code.LAST_EDITOR_MAY_NOT_SIGN))
    if signer.signed_other_seat and counts_for_person(step, signer):
        reasons.append(refuse(Code.PERSON_ALREADY_SIGNED))
    return reasons


def _wants_note(step: StepRule, decision: Decision) -> bool:
    # A step that fires by itself has nobody who could give its reason but those who sign it.
    by_signers = step.fires_by_itself and step.reason_required
    return decision in _NOTED or by_signers


def _ending_reasons(signer: Signer) -> list[Refusal]:
    if signer.decision is Decision.LIFT and signer.held is not Decision.OBJECT:
        return [refuse(Code.NOTHING_TO_LIFT)]
    if signer.held is None:
        return [refuse(Code.NOTHING_TO_WITHDRAW)]
    if not signer.held_is_theirs and not signer.held_awaits_confirmation:
        return [refuse(Code.SEAT_SIGNED_BY_ANOTHER, party=signer.seat.party, role=signer.seat.role)]
    return []
