"""Says anew which deadlines each proposal ought to keep, and compares."""

from collections.abc import Iterator, Mapping

from workflow.domain.commands import FieldValue
from workflow.domain.deadlines import DELAY, LOOK, reached, silence_ends
from workflow.domain.requirement import DateReached, Silence, leaves
from workflow.persistence.deadlines import Kept, Place
from workflow.persistence.situations import Situation
from workflow.services.calendar import scheduling

Fields = Mapping[str, FieldValue]


def deadline_faults(at: Situation, kept: Mapping[Place, Kept], fields: Fields) -> Iterator[str]:
    """Yield what is wrong with the deadlines of one proposal; `kept` are all rows there are."""
    running = _running(at)
    for place in sorted(running - kept.keys()):
        yield f"the end of a silence of {place[0]} is not kept"
    for place in sorted(kept.keys()):
        if not _may_be(at, place, running, fields):
            yield f"a deadline of {place[0]} is kept that its rules do not have ({place[1]})"
        elif not _is_right(at, place, kept[place], fields):
            yield f"a deadline of {place[0]} is not on the day that its rules say ({place[1]})"
    yield from _early(at, kept)
    for place in sorted(_dates(at, fields) - kept.keys()):
        yield f"the date that {place[0]} waits for is not kept"
    if not _is_behind(at):
        for step, due in scheduling(at):
            day = due.due_on.isoformat() if due else "never"
            yield f"its rules give {day} as the day on which {step.name} takes effect"


def _running(at: Situation) -> set[Place]:
    if at.row.awaits_revision:
        return set()
    return {
        (step.name, number)
        for step in at.definition.open_steps(at.row.state)
        for number, leaf in enumerate(leaves(step.needs))
        if isinstance(leaf, Silence)
    }


def _dates(at: Situation, fields: Fields) -> set[Place]:
    return {
        (step.name, number)
        for step in at.definition.steps.values()
        for number, leaf in enumerate(leaves(step.needs))
        if isinstance(leaf, DateReached) and (leaf.field is None or leaf.field in fields)
    }


def _may_be(at: Situation, place: Place, running: set[Place], fields: Fields) -> bool:
    name, number = place
    if number == LOOK:
        return any(step.name == name for step in at.definition.open_steps(at.row.state))
    if number == DELAY:
        opened = at.definition.open_steps(at.row.state)
        return any(step.name == name and step.delay is not None for step in opened)
    return place in running | _dates(at, fields)


def _early(at: Situation, kept: Mapping[Place, Kept]) -> Iterator[str]:
    """Name what somebody is said to have looked at before it came, or later than now."""
    for (step, number), each in sorted(kept.items()):
        looked = each.handled_at
        if looked is not None and not each.due.due_at <= looked <= at.as_of:
            yield f"a deadline of {step} is said to be done before its time ({number})"


def _is_right(at: Situation, place: Place, kept: Kept, fields: Fields) -> bool:
    """Say whether the day and its instant follow from the rule and what it is counted from.

    The day of effect is for `scheduling` to say, and a look has none.
    """
    if place[1] in (DELAY, LOOK):
        return True
    leaf = list(leaves(at.definition.steps[place[0]].needs))[place[1]]
    if isinstance(leaf, Silence):
        return kept.due == silence_ends(leaf.span, leaf.place, kept.due.since)
    if isinstance(leaf, DateReached):
        day = fields.get(leaf.field) if leaf.field else leaf.on
        right = reached(kept.due.due_on, leaf.place, kept.due.since)
        return (kept.due.due_on, kept.due) == (day, right)
    return False


def _is_behind(at: Situation) -> bool:
    """Say whether something is due that nobody has done yet: it may change what is scheduled."""
    return any(
        kept.handled_at is None and kept.due.due_at <= at.as_of for kept in at.deadlines.values()
    )
