"""What would change if somebody signed: the same rules, on a standing that is only imagined."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from workflow.domain.commands import Decision
from workflow.domain.deadlines import DELAY, Day, effect_of, local_day, start_of
from workflow.domain.decide import Case, lacks
from workflow.domain.definition import Delay, StepRule
from workflow.domain.explain import Answered, Office
from workflow.domain.requirement import Seat, Silence, time_leaves
from workflow.domain.signing import Signer, judge_sign, standing_after_sign
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.domain.waits import TakingPart

Place = tuple[str, int]
"""A step, and the number of a leaf of its rule or DELAY."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """A proposal as it would stand, and the seats that could not have signed, with the reasons."""

    case: Case
    answers: tuple[Answered, ...]
    refused: tuple[tuple[Office, tuple[Refusal, ...]], ...] = ()


def with_signed(
    case: Case,
    step: StepRule,
    parties: TakingPart,
    answers: Iterable[Answered],
    seats: Iterable[Office],
    at: datetime,
) -> Simulated:
    """Let these seats approve as far as the rules allow, whatever order they were named in.

    What that satisfies is scheduled as of the instant `at`, where the step has a delay.
    """
    now = Simulated(case, tuple(answers))
    waiting = list(dict.fromkeys(seats))
    moved = True
    while moved:
        moved = False
        for office in list(waiting):
            if not _reasons(now.case, step, parties, now.answers, office):
                now = _signed(now, step, parties, office)
                waiting.remove(office)
                moved = True
    refused = tuple(
        (office, reasons)
        for office in waiting
        if (reasons := _reasons(now.case, step, parties, now.answers, office))
    )
    return replace(now, case=scheduled(now.case, step, at), refused=refused)


def scheduled(case: Case, step: StepRule, at: datetime) -> Case:
    """Give the case with the step's day of effect, if all it needs is there and it has a delay."""
    if step.delay is None or case.day(step) is not None or lacks(case, step):
        return case
    due = effect_of(step.delay.span, step.delay.place, local_day(at, step.delay.place))
    day = Day(due.due_on, passed=due.due_at <= at)
    return replace(case, days={**case.days, (step.name, DELAY): day})


def on_day(case: Case, step: StepRule, day: date, today: date) -> Case:
    """Give the case as the calendar alone will have changed it by a day, which is today or later.

    Each deadline is read in its own place.
    """
    coming = {place: _comes(case, place, known) for place, known in case.days.items()}
    then = _after(case, {place for place, come in coming.items() if come.on <= day})
    if step.delay is None or then.day(step) is not None or lacks(then, step):
        return then
    ahead = {place: come for place, come in coming.items() if come.on <= day}
    event = _satisfied_on(case, step, step.delay, ahead) or today
    effect = effect_of(step.delay.span, step.delay.place, event)
    known = Day(effect.due_on, effect.due_on <= day)
    return replace(then, days={**then.days, (step.name, DELAY): known})


class _Coming(NamedTuple):
    """When a deadline will have passed: in its own place's days, and the instant."""

    on: date
    at: datetime


def _satisfied_on(
    case: Case, step: StepRule, delay: Delay, ahead: Mapping[Place, _Coming]
) -> date | None:
    """Give the day, where the delay is counted, on which the step will have all it needs."""
    came: set[Place] = set()
    for place, come in sorted(ahead.items(), key=lambda each: each[1].at):
        came.add(place)
        if not case.days[place].passed and not lacks(_after(case, came), step):
            return local_day(come.at, delay.place)
    return None


def _after(case: Case, came: Container[Place]) -> Case:
    """Give the case once these deadlines have passed."""
    days = {
        place: Day(known.due_on, known.passed or place in came)
        for place, known in case.days.items()
    }
    return replace(case, days=days)


def _comes(case: Case, place: Place, known: Day) -> _Coming:
    """Give the first day on which a deadline has passed: a silence lasts its last day out."""
    name, number = place
    step = case.definition.steps[name]
    leaf = dict(time_leaves(step.needs)).get(number)
    on = known.due_on + timedelta(days=isinstance(leaf, Silence))
    zone = leaf.place if leaf else step.delay.place if step.delay else "UTC"
    return _Coming(on, start_of(on, zone))


def _signed(at: Simulated, step: StepRule, parties: TakingPart, office: Office) -> Simulated:
    signer = _signer(step, parties, at.answers, office)
    standings = {
        **at.case.standings,
        step.name: standing_after_sign(at.case, step.name, signer),
    }
    kept = [a for a in at.answers if (a.step, a.party, a.role) != (step.name, *office)]
    answer = Answered(step.name, *office, Decision.APPROVE)
    return Simulated(replace(at.case, standings=standings), (*kept, answer))


def _reasons(
    case: Case, step: StepRule, parties: TakingPart, answers: Iterable[Answered], office: Office
) -> tuple[Refusal, ...]:
    if office[0] not in parties:
        return (refuse(Code.SEAT_UNKNOWN, party=office[0], role=office[1], step=step.name),)
    return judge_sign(case, step.name, _signer(step, parties, answers, office))


def _signer(
    step: StepRule, parties: TakingPart, answers: Iterable[Answered], office: Office
) -> Signer:
    party, role = office
    sort, capacities = parties[party]
    own = [a for a in answers if a.step == step.name and a.party == party]
    held = next((a for a in own if a.role == role), None)
    return Signer(
        seat=Seat(party, role, capacities, sort),
        decision=Decision.APPROVE,
        held=held.decision if held else None,
        held_weighs=held is None or held.weighs,
        held_awaits_confirmation=held is not None and held.awaits_confirmation,
        party_answers=tuple(
            sorted((a.role, a.decision) for a in own if a.role != role and a.weighs)
        ),
        gives_note=True,
    )
