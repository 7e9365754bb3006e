"""One proposal while it is being changed: what was read, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflow.domain.standing import Gathered, count_step, write_standing
from workflow.domain.waits import Answer, Awaited, awaited
from workflow.persistence.deadlines import Kept, Place
from workflow.persistence.signoffs import LiveSignOff, row_of
from workflow.persistence.situations import Situation

Documents = list[tuple[str, bool, str]]
"""(type, verified, party that supplied it) of each document."""


@dataclass(slots=True)
class Work(Situation):
    """One proposal being changed."""

    added: list[dict[str, Any]] = field(default_factory=list)
    ended: list[tuple[int, str]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    first_draft: int | None = None
    own_draft: int | None = None
    """The draft of the caller's act, where due work came before it."""
    seen_deadlines: Mapping[Place, Kept] = field(default_factory=dict)

    def put(self, signoff: LiveSignOff, counted: int | None) -> None:
        """Add a sign-off; `counted` is the person whose one sign-off of the step it is."""
        self.live.append(signoff)
        self.added.append(row_of(self.row, signoff, counted))

    def end(self, signoff: LiveSignOff, because: str, at: datetime) -> None:
        """End a live sign-off, whether it was read or has just been made."""
        self.live.remove(signoff)
        if signoff.id is not None:
            self.ended.append((signoff.id, because))
            return
        for row in self.added:
            same = (row["step"], row["party"], row["role"]) == (
                signoff.step, signoff.party, signoff.role,
            )  # fmt: skip
            if same and row["ended_at"] is None:
                row |= {"ended_at": at, "ended_because": because}


def count_standing(
    at: Situation, fields: frozenset[str], documents: Documents, children: Mapping[str, int]
) -> str:
    """Count what every step has gathered from the facts themselves."""
    gathered = Gathered(
        answers=tuple(
            (each.step, at.seat(each.party, each.role), each.decision)
            for each in at.live
            if each.weighs
        ),
        evidence=tuple((kind, ok, at.seat(party, "")) for kind, ok, party in documents),
        fields=fields,
        children=children,
    )
    return write_standing(
        {
            step.name: count_step(step.name, step.needs, gathered, step.objections_from)
            for step in at.definition.steps.values()
        }
    )


def awaited_of(at: Situation) -> Mapping[str, frozenset[Awaited]]:
    """Give what the proposal waits for, by party."""
    answers = [
        Answer(each.step, each.party, each.role, each.decision, each.awaits_confirmation)
        for each in at.live
    ]
    return awaited(at.case, at.parties, answers)
