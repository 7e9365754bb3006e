"""What a proposal has gathered: for each touched step, a count a leaf and the objections.

Counts only, no identities, so that proposals which stand alike are judged once
(HOUSE.md, 'One is a set of one'). Untouched steps are absent.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from workflow.domain.requirement import Counts, EvidenceCount, FieldFilled, Part, Seat, leaves


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

    approvals: tuple[tuple[str, Seat], ...] = ()
    """Counting sign-offs: (step, seat)."""
    objections: tuple[tuple[str, Seat], ...] = ()
    evidence: tuple[tuple[str, bool], ...] = ()
    """(type, verified) of each document."""
    fields: frozenset[str] = frozenset()


def count_step(
    step: str, needs: Part, gathered: Gathered, objecting: frozenset[str]
) -> StepStanding:
    """Count what the step has gathered; each party counts once a leaf."""
    counts = []
    for leaf in leaves(needs):
        if isinstance(leaf, EvidenceCount):
            counts.append(_documents(leaf, gathered))
        elif isinstance(leaf, FieldFilled):
            counts.append(int(leaf.name in gathered.fields))
        else:
            signed = {
                seat.party for at, seat in gathered.approvals if at == step and leaf.asks(seat)
            }
            counts.append(len(signed))
    against = sum(
        1
        for at, seat in gathered.objections
        if at == step and not seat.capacities.isdisjoint(objecting)
    )
    return StepStanding(tuple(counts), against)


def _documents(leaf: EvidenceCount, gathered: Gathered) -> int:
    return sum(
        1
        for of_type, verified in gathered.evidence
        if of_type == leaf.type and (verified or not leaf.verified)
    )


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
