"""What the calendar does to a proposal being changed: silences, dates and days of effect."""

from collections.abc import Mapping
from datetime import date, datetime

from workflow.domain.commands import FieldValue
from workflow.domain.deadlines import (
    DELAY,
    LOOK,
    Due,
    effect_of,
    local_day,
    reached,
    silence_ends,
)
from workflow.domain.decide import lacks
from workflow.domain.definition import Delay, StepRule
from workflow.domain.requirement import (
    DateReached,
    NamedSignOff,
    SignOffs,
    Silence,
    held_since,
    leaves,
    time_leaves,
)
from workflow.persistence.deadlines import Kept, Place
from workflow.persistence.situations import Situation


def keep_dates(work: Situation, fields: Mapping[str, FieldValue]) -> None:
    """Keep the days of all dates that steps wait for; those of fields follow their values."""
    for step in work.definition.steps.values():
        for number, leaf in time_leaves(step.needs):
            if isinstance(leaf, DateReached):
                _keep_date(work, (step.name, number), leaf, fields)


def open_silences(work: Situation) -> None:
    """Start every silence of the steps that are open now, anew; other steps have none."""
    forget(work, Silence)
    if work.row.awaits_revision:
        return
    for step in work.definition.open_steps(work.row.state):
        for number, leaf in time_leaves(step.needs):
            if isinstance(leaf, Silence):
                due = silence_ends(leaf.span, leaf.place, work.as_of)
                work.deadlines[step.name, number] = Kept(due)


def close_round(work: Situation) -> None:
    """Forget what belonged to a round that is over: silences, days of effect, calls to look."""
    forget(work, Silence)
    for place in [place for place in work.deadlines if place[1] in (DELAY, LOOK)]:
        del work.deadlines[place]


def forget(work: Situation, kind: type) -> None:
    """Forget the deadlines of all leaves of a kind."""
    for name, step in work.definition.steps.items():
        for number, leaf in time_leaves(step.needs):
            if isinstance(leaf, kind):
                work.deadlines.pop((name, number), None)


def next_due(work: Situation, until: datetime) -> tuple[Place, Due] | None:
    """Give the earliest deadline that is due by then and that nobody has looked at."""
    open_ones = [
        (kept.due.due_at, place)
        for place, kept in work.deadlines.items()
        if kept.handled_at is None and kept.due.due_at <= until
    ]
    if not open_ones:
        return None
    _, place = min(open_ones)
    return place, work.deadlines[place].due


def scheduling(work: Situation) -> list[tuple[StepRule, Due | None]]:
    """Give each open step whose day of effect changes, with the new day; None takes it away."""
    changes: list[tuple[StepRule, Due | None]] = []
    for step in work.definition.open_steps(work.row.state):
        if step.delay is None:
            continue
        kept = work.deadlines.get((step.name, DELAY))
        due = _effect(work, step, step.delay, kept)
        if (kept.due if kept else None) != due:
            changes.append((step, due))
    return changes


def _effect(work: Situation, step: StepRule, delay: Delay, kept: Kept | None) -> Due | None:
    if lacks(work.case, step):
        return None
    if kept is not None and delay.irrevocable:
        return kept.due
    today = local_day(kept.due.since if kept else work.as_of, delay.place)
    days = _days(work, step, delay.place)
    case = work.case
    # The day is that of the last needed sign-off: evidence that is filed later does not move it.
    event = held_since(step.needs, days, case.counts(step), case.shape, date.min)
    return effect_of(delay.span, delay.place, today if event == date.min else event)


def _days(work: Situation, step: StepRule, place: str) -> list[list[date]]:
    """Give the sorted days of what each leaf has gathered, as far as they are known."""
    return [_leaf_days(work, step, number, place) for number, _ in enumerate(leaves(step.needs))]


def _leaf_days(work: Situation, step: StepRule, number: int, place: str) -> list[date]:
    leaf = list(leaves(step.needs))[number]
    if isinstance(leaf, Silence | DateReached):
        kept = work.deadlines.get((step.name, number))
        # A day that was over when it was named has come when it was named.
        return [local_day(max(kept.due.due_at, kept.due.since), place)] if kept else []
    if not isinstance(leaf, SignOffs | NamedSignOff):
        return []
    first: dict[str, date] = {}
    for each in work.live:
        seat = work.seat(each.party, each.role)
        if each.step == step.name and each.weighs and leaf.counts(seat, each.decision):
            day = each.day_in(place)
            first[each.party] = min(day, first.get(each.party, day))
    return sorted(first.values())


def _keep_date(
    work: Situation, place: Place, leaf: DateReached, fields: Mapping[str, FieldValue]
) -> None:
    day = fields.get(leaf.field) if leaf.field else leaf.on
    if not isinstance(day, date):
        work.deadlines.pop(place, None)
        return
    kept = work.deadlines.get(place)
    if kept is None or kept.due.due_on != day:
        due = reached(day, leaf.place, work.as_of)
        # The act that names a day settles what a past one brings: it is not due any more.
        is_past = due.due_at <= work.as_of
        work.deadlines[place] = Kept(due, work.as_of if is_past else None)
