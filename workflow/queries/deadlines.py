"""What comes next by itself: the days ahead of a proposal's open steps, soonest first."""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.domain.deadlines import DELAY
from workflow.domain.places import place_of
from workflow.domain.requirement import Silence, leaves
from workflow.persistence.deadlines import Place
from workflow.persistence.situations import Situation

SILENCE, DATE, EFFECT = "silence", "date", "effect"


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A day on which something becomes true of a step without anybody acting."""

    step: str
    to: str
    """The state that the step leads to."""
    what: str
    """`silence`: the last day to object; `date`: a day that is waited for; `effect`: the day on
    which the step, which has all it needs, takes effect."""
    due_on: date
    due_at: datetime
    place: str
    """The place whose local date `due_on` is."""


def deadlines_of(at: Situation) -> tuple[DeadlineView, ...]:
    """Give the deadlines that are still ahead."""
    ahead = (
        _view(at, place, where)
        for place, kept in at.deadlines.items()
        if kept.due.due_at > at.as_of
        and (where := place_of(at.definition, *place)) is not None
        and at.row.state in at.definition.steps[place[0]].sources
    )
    return tuple(sorted(ahead, key=lambda each: (each.due_at, each.step, each.what)))


def _view(at: Situation, place: Place, where: str) -> DeadlineView:
    step, due = at.definition.steps[place[0]], at.deadlines[place].due
    return DeadlineView(step.name, step.to, _what(at, place), due.due_on, due.due_at, where)


def _what(at: Situation, place: Place) -> str:
    name, number = place
    if number == DELAY:
        return EFFECT
    leaf = list(leaves(at.definition.steps[name].needs))[number]
    return SILENCE if isinstance(leaf, Silence) else DATE
