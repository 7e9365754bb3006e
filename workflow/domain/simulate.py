"""What would change if somebody signed: the same rules, on a standing that is only imagined."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from workflow.domain.commands import Decision
from workflow.domain.decide import Case, Signer, judge_sign, standing_after_sign
from workflow.domain.definition import StepRule
from workflow.domain.explain import Answered, Office
from workflow.domain.requirement import Seat
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
) -> Simulated:
    """Let these seats approve as far as the rules allow, whatever order they were named in."""
    at = Simulated(case, tuple(answers))
    waiting = list(dict.fromkeys(seats))
    moved = True
    while moved:
        moved = False
        for office in list(waiting):
            if not _reasons(at.case, step, parties, at.answers, office):
                at = _signed(at, step, parties, office)
                waiting.remove(office)
                moved = True
    refused = tuple(
        (office, reasons)
        for office in waiting
        if (reasons := _reasons(at.case, step, parties, at.answers, office))
    )
    return replace(at, refused=refused)


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
    return Signer(
        seat=Seat(party, role, capacities, sort),
        decision=Decision.APPROVE,
        held=next((a.decision for a in own if a.role == role), None),
        party_roles=tuple(
            sorted(a.role for a in own if a.role != role and a.decision is Decision.APPROVE)
        ),
        gives_note=True,
    )
