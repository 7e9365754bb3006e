"""The place whose local date a deadline is: every deadline is one of a named place."""

from workflow.domain.deadlines import DELAY, LOOK
from workflow.domain.definition import Definition
from workflow.domain.requirement import DateReached, Silence, leaves


def place_of(definition: Definition, name: str, number: int) -> str | None:
    """Give the place of a step's leaf or delay; None for a look, and where no rule has a day."""
    step = definition.steps.get(name)
    if step is None or number == LOOK:
        return None
    if number == DELAY:
        return step.delay.place if step.delay else None
    leaf = dict(enumerate(leaves(step.needs))).get(number)
    return leaf.place if isinstance(leaf, Silence | DateReached) else None
