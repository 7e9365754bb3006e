"""The one evaluator: may this step be taken; if not, every reason.

Guard, explanation, inbox, matrix, counters, bulk and API ask here and in `decide_signing`, so
they cannot disagree. A case holds all that a decision depends on and nothing else; equal cases
have equal answers, so a bulk change judges each distinct one once (HOUSE.md, 'One is a set of
one').
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from workflow.domain.deadlines import DELAY, Day
from workflow.domain.definition import Definition, StepRule
from workflow.domain.machine import move
from workflow.domain.requirement import (
    ChildrenIn,
    Counts,
    DateReached,
    EvidenceCount,
    FieldFilled,
    Gap,
    Group,
    Leaf,
    NamedSignOff,
    PartiesPresent,
    Seat,
    SignOffs,
    Silence,
    gaps,
    leaves,
    signing_leaves,
    silences,
    width,
)
from workflow.domain.shape import Shape
from workflow.domain.standing import StepStanding
from workflow.domain.verdicts import Code, Refusal, refuse

Standings = Mapping[str, StepStanding]
Days = Mapping[tuple[str, int], Day]
"""(step, number of a leaf or DELAY) to its deadline."""


@dataclass(frozen=True, slots=True)
class Case:
    """Where a proposal stands, in the words the rules know."""

    definition: Definition
    state: str
    shape: Shape
    standings: Standings
    awaits_revision: bool = False
    days: Days = field(default_factory=dict)

    def standing(self, step: StepRule) -> StepStanding:
        """Give what the step has gathered, untouched or not."""
        return self.standings.get(step.name) or StepStanding((0,) * width(step.needs))

    def counts(self, step: StepRule) -> Counts:
        """Give what each leaf of the step has: gathered, or brought by the calendar or shape."""
        gathered = self.standing(step).counts
        return tuple(
            self._count(step, number, leaf, gathered[number])
            for number, leaf in enumerate(leaves(step.needs))
        )

    def _count(self, step: StepRule, number: int, leaf: object, gathered: int) -> int:
        if isinstance(leaf, Silence | DateReached):
            return int(self.has_passed(step, number))
        return leaf.present(self.shape) if isinstance(leaf, PartiesPresent) else gathered

    def day(self, step: StepRule, number: int = DELAY) -> Day | None:
        """Give the deadline of a leaf, or the day on which a scheduled step takes effect."""
        return self.days.get((step.name, number))

    def has_passed(self, step: StepRule, number: int = DELAY) -> bool:
        """Say whether that day has come, or for a silence has gone."""
        day = self.day(step, number)
        return day is not None and day.passed

    def is_late(self, step: StepRule, seat: Seat) -> bool:
        """Say whether a silence that asks the seat is over: its objection is only recorded."""
        return any(self.has_passed(step, number) for number in silences(step.needs, seat))


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes a step by hand, as far as a rule can tell."""

    may_take: bool
    """Holds one of the step's roles, of a party that takes part or of the joint secretariat."""
    gives_reason: bool


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


def unmet(case: Case, step: StepRule) -> list[Refusal]:
    """Give what the step still lacks, in the order its rule is written, objections first."""
    lacking = lacks(case, step)
    if lacking or step.delay is None or case.has_passed(step):
        return lacking
    day = case.day(step)
    on = day.due_on.isoformat() if day else ""
    return [refuse(Code.NOT_YET_EFFECTIVE, step=step.name, on=on)]


def lacks(case: Case, step: StepRule) -> list[Refusal]:
    """Give what the step lacks before it can be taken, or scheduled where it has a delay."""
    if case.awaits_revision:
        return [refuse(Code.REVISION_AWAITED), *_needs_reasons(case, step)]
    if step.delay is not None and step.delay.irrevocable and case.day(step) is not None:
        return []
    return _needs_reasons(case, step)


def next_by_itself(case: Case) -> StepRule | None:
    """Give the first step that fires by itself from here and has all it needs."""
    for step in case.definition.open_steps(case.state):
        if step.fires_by_itself and not unmet(case, step):
            return step
    return None


def spent(definition: Definition, standings: Standings) -> Standings:
    """Give the standings once a step is taken: sign-offs are spent, evidence and fields stay."""
    return {name: _kept(definition.steps[name], at) for name, at in standings.items()}


def _kept(step: StepRule, standing: StepStanding) -> StepStanding:
    signing = {number for number, _ in signing_leaves(step.needs)}
    return StepStanding(
        tuple(0 if at in signing else count for at, count in enumerate(standing.counts))
    )


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


def _needs_reasons(case: Case, step: StepRule) -> list[Refusal]:
    objections = case.standing(step).objections
    reasons = []
    if step.blocks(objections):
        reasons.append(refuse(Code.OBJECTED, step=step.name, objections=objections))
    signing = [leaf for _, leaf in signing_leaves(step.needs)]
    missing = list(gaps(step.needs, case.counts(step), case.shape))
    # Nobody at all to ask is no consent, even where the rule asks for each of nobody.
    silent = [leaf for leaf in leaves(step.needs) if isinstance(leaf, Silence)]
    asking = signing or silent
    if asking and not any(leaf.seats(case.shape) for leaf in asking):
        reasons.append(refuse(Code.NOBODY_CAN_SIGN, step=step.name))
    if back := _undone_by(case, step):
        reasons.append(refuse(Code.WOULD_BE_UNDONE, step=step.name, back=back))
    return reasons + [_missing(case, step, gap) for gap in missing]


def _undone_by(case: Case, step: StepRule) -> str | None:
    """Give the step that would lead back by itself at once, such as to a whole that is done."""
    if step.fires_by_itself or step.wants_new_revision:
        return None
    dates = {
        place: day
        for place, day in case.days.items()
        if isinstance(_leaf_at(case.definition, place), DateReached)
    }
    after = replace(
        case, state=step.to, standings=spent(case.definition, case.standings), days=dates
    )
    firing = next_by_itself(after)
    return firing.name if firing is not None and firing.to == case.state != step.to else None


def _leaf_at(definition: Definition, place: tuple[str, int]) -> Leaf | None:
    name, number = place
    return dict(enumerate(leaves(definition.steps[name].needs))).get(number)


def _missing(case: Case, step: StepRule, gap: Gap) -> Refusal:
    number = {"leaf": gap.number}
    counted = number | {"have": gap.have, "need": gap.need}
    match gap.part:
        case Group(parts=parts):
            return refuse(Code.ALTERNATIVES_MISSING, of=len(parts), **counted)
        case NamedSignOff(party=party, role=role):
            return refuse(Code.SIGNOFF_MISSING, party=party, role=role, **number)
        case SignOffs(role=role):
            return refuse(Code.SIGNOFFS_MISSING, role=role, **counted)
        case Silence() | DateReached() as leaf:
            return _not_yet(case, step, leaf, gap.number)
        case leaf:
            return _missing_fact(leaf, number, counted)


def _missing_fact(
    leaf: EvidenceCount | FieldFilled | ChildrenIn | PartiesPresent,
    number: dict[str, int],
    counted: dict[str, int],
) -> Refusal:
    match leaf:
        case EvidenceCount(type=of_type, capacities=()):
            return refuse(Code.EVIDENCE_MISSING, type=of_type, **counted)
        case EvidenceCount(type=of_type, count=count):
            return refuse(Code.EVIDENCE_OF_EACH_MISSING, type=of_type, count=count, **counted)
        case FieldFilled(name=name):
            return refuse(Code.FIELD_MISSING, field=name, **number)
        case ChildrenIn(states=states):
            # No numbers: some of the children may not exist for whoever reads this.
            return refuse(Code.CHILDREN_MISSING, states=", ".join(states), **number)
        case PartiesPresent(capacities=capacities):
            return refuse(Code.PARTIES_MISSING, capacities=", ".join(capacities), **counted)


def _not_yet(case: Case, step: StepRule, leaf: Silence | DateReached, number: int) -> Refusal:
    day = case.day(step, number)
    on = day.due_on.isoformat() if day else ""
    if isinstance(leaf, Silence):
        return refuse(Code.SILENCE_RUNS, on=on, leaf=number)
    if day is None:
        return refuse(Code.DATE_UNKNOWN, field=leaf.field or "", leaf=number)
    return refuse(Code.DATE_AHEAD, on=on, leaf=number)
