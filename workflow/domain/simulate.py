"""What would change if somebody signed: the same rules, on a standing that is only imagined."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from workflow.domain.commands import Decision
from workflow.domain.deadlines import DELAY, Day, effect_of, local_day
from workflow.domain.decide import Case, lacks
from workflow.domain.definition import StepRule
from workflow.domain.explain import Answered, Office
from workflow.domain.requirement import Seat, Silence, time_leaves
from workflow.domain.signing import Signer, judge_sign, standing_after_sign
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.domain.waits import TakingPart


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
    comes = {place: _comes(case, place, known) for place, known in case.days.items()}
    days = {
        place: Day(known.due_on, known.passed or comes[place] <= day)
        for place, known in case.days.items()
    }
    then = replace(case, days=days)
    if step.delay is None or then.day(step) is not None or lacks(then, step):
        return then
    brought = [on for (name, _), on in comes.items() if name == step.name and today < on <= day]
    effect = effect_of(step.delay.span, step.delay.place, max(brought, default=today))
    known = Day(effect.due_on, effect.due_on <= day)
    return replace(then, days={**days, (step.name, DELAY): known})


def _comes(case: Case, place: tuple[str, int], known: Day) -> date:
    """Give the first day on which a deadline has passed: a silence lasts its last day out."""
    name, number = place
    silent = dict(time_leaves(case.definition.steps[name].needs)).get(number)
    return known.due_on + timedelta(days=isinstance(silent, Silence))


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
