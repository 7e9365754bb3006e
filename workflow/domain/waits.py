"""Whom a proposal waits for: the seats that could bring an open step forward today."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from workflow.domain.commands import Decision
from workflow.domain.decide import Case, lacks, unmet
from workflow.domain.definition import StepRule
from workflow.domain.identity import JOINT_SECRETARIAT
from workflow.domain.requirement import (
    NamedSignOff,
    Seat,
    SignOffs,
    Silence,
    asking_leaves,
    gaps,
    open_leaves,
    role_covers,
)

TakingPart = Mapping[str, tuple[str, frozenset[str]]]
"""The parties of one proposal: code to (sort, capacities)."""

OBSERVER = frozenset({"observer"})

SIGN, CONFIRM, TAKE = "sign", "confirm", "take"


class Awaited(NamedTuple):
    """One thing a party is waited for: to sign for a step, to confirm there, or to take it."""

    step: str
    role: str
    act: str = SIGN


@dataclass(frozen=True, slots=True)
class Answer:
    """A live sign-off, whichever way it went: its party has been heard in this role."""

    step: str
    party: str
    role: str
    decision: Decision = Decision.APPROVE
    awaits_confirmation: bool = False
    """It was made on paper, and nobody of the party has confirmed it here."""

    @property
    def is_provisional(self) -> bool:
        """Say whether somebody must confirm it before it counts."""
        return self.awaits_confirmation or self.decision is Decision.AD_REFERENDUM


def awaited(
    case: Case, parties: TakingPart, answers: Iterable[Answer]
) -> dict[str, frozenset[Awaited]]:
    """Give, for each party, what is waited for; parties that are not waited for are absent.

    A side step waits for nobody until somebody has signed it.
    """
    found: dict[str, set[Awaited]] = defaultdict(set)
    if case.awaits_revision:
        return {}
    answers = tuple(answers)
    for step in case.definition.open_steps(case.state):
        heard = [answer for answer in answers if answer.step == step.name]
        if step.side and not heard:
            continue
        for waits in (_to_act, _to_confirm):
            for party, item in waits(case, step, parties, heard):
                found[party].add(item)
    return {party: frozenset(items) for party, items in found.items()}


def _to_act(
    case: Case, step: StepRule, parties: TakingPart, heard: list[Answer]
) -> Iterator[tuple[str, Awaited]]:
    if lacks(case, step):
        yield from _seats(case, step, parties, heard)
    elif not unmet(case, step):
        yield from _takers(step, parties)


def _seats(
    case: Case, step: StepRule, parties: TakingPart, heard: list[Answer]
) -> Iterator[tuple[str, Awaited]]:
    counts = case.counts(step)
    reached = set(open_leaves(step.needs, counts, case.shape))
    for gap in gaps(step.needs, counts, case.shape):
        leaf = gap.part
        if gap.number not in reached or not isinstance(leaf, SignOffs | NamedSignOff | Silence):
            continue
        answered = {each.party for each in heard if role_covers(leaf.role, each.role)}
        for party, (sort, capacities) in parties.items():
            if party not in answered and leaf.asks(Seat(party, leaf.role, capacities, sort)):
                yield party, Awaited(step.name, leaf.role)


def _to_confirm(
    case: Case, step: StepRule, parties: TakingPart, heard: list[Answer]
) -> Iterator[tuple[str, Awaited]]:
    reached = set(open_leaves(step.needs, case.counts(step), case.shape))
    for answer in heard:
        sort, capacities = parties.get(answer.party, ("", OBSERVER))
        seat = Seat(answer.party, answer.role, capacities, sort)
        # Where an earlier stage has fallen back, nothing can be confirmed until it holds again.
        if answer.is_provisional and not reached.isdisjoint(asking_leaves(step.needs, seat)):
            yield answer.party, Awaited(step.name, answer.role, CONFIRM)


def _takers(step: StepRule, parties: TakingPart) -> Iterator[tuple[str, Awaited]]:
    for role in step.by:
        if role_covers("secretariat", role):
            yield JOINT_SECRETARIAT, Awaited(step.name, role, TAKE)
            continue
        for party, (_, capacities) in parties.items():
            if capacities != OBSERVER:
                yield party, Awaited(step.name, role, TAKE)
