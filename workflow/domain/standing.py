"""What a proposal has gathered: for each touched step, a count a leaf and the objections.

Counts only, no identities, so that proposals which stand alike are judged once
(HOUSE.md, 'One is a set of one'). Untouched steps are absent.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from workflow.domain.commands import Decision
from workflow.domain.requirement import (
    ChildrenIn,
    Counts,
    EvidenceCount,
    FieldFilled,
    Leaf,
    NamedSignOff,
    Part,
    Seat,
    SignOffs,
    leaves,
)


@dataclass(frozen=True, slots=True)
class StepStanding:
    """What one step has gathered, in the numbering of its rule's leaves."""

    counts: Counts
    objections: int = 0

    def changed(self, numbers: Iterable[int], by: int, objections: int = 0) -> "StepStanding":
        """Give the standing with `by` added at these leaves and `objections` to its objections."""
        counts = list(self.counts)
        for number in numbers:
            counts[number] += by
        return StepStanding(tuple(counts), self.objections + objections)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The live facts of one proposal that a standing is counted from."""

    answers: tuple[tuple[str, Seat, Decision], ...] = ()
    """Sign-offs that weigh: (step, seat, decision)."""
    evidence: tuple[tuple[str, bool, Seat], ...] = ()
    """(type, verified, the supplying party's seat) of each document."""
    fields: frozenset[str] = frozenset()
    children: Mapping[str, int] = field(default_factory=dict)
    """How many children are in each state."""


def count_step(
    step: str, needs: Part, gathered: Gathered, objecting: frozenset[str]
) -> StepStanding:
    """Count what the step has gathered; each party counts once a leaf, and objects once.

    What the calendar or the shape decides is not gathered, and stays 0.
    """
    answers = [(seat, decision) for at, seat, decision in gathered.answers if at == step]
    against = {
        seat.party
        for seat, decision in answers
        if decision is Decision.OBJECT and not seat.capacities.isdisjoint(objecting)
    }
    counts = tuple(_count(leaf, gathered, answers) for leaf in leaves(needs))
    return StepStanding(counts, len(against))


def _count(leaf: Leaf, gathered: Gathered, answers: list[tuple[Seat, Decision]]) -> int:
    match leaf:
        case SignOffs() | NamedSignOff():
            return len({seat.party for seat, decision in answers if leaf.counts(seat, decision)})
        case EvidenceCount():
            return _documents(leaf, gathered)
        case FieldFilled(name=name):
            return int(name in gathered.fields)
        case ChildrenIn(states=states):
            return sum(gathered.children.get(state, 0) for state in states)
        case _:
            return 0


def _documents(leaf: EvidenceCount, gathered: Gathered) -> int:
    supplied = Counter(
        seat.party
        for of_type, verified, seat in gathered.evidence
        if of_type == leaf.type and (verified or not leaf.verified) and leaf.asks(seat)
    )
    if leaf.capacities:
        return sum(number >= leaf.count for number in supplied.values())
    return supplied.total()


def write_standing(steps: Mapping[str, StepStanding]) -> str:
    """Write the touched steps canonically, such as `{"agree":[[2,0,1],0]}`."""
    touched = {
        name: [list(at.counts), at.objections]
        for name, at in steps.items()
        if any(at.counts) or at.objections
    }
    return json.dumps(touched, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=65_536)
def read_standing(written: str) -> Mapping[str, StepStanding]:
    """Read what `write_standing` wrote."""
    return {
        name: StepStanding(tuple(counts), objections)
        for name, (counts, objections) in json.loads(written).items()
    }
