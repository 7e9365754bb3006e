"""Moments that only the calendar brings about, and how an entry tells them.

Three dates are kept apart: when something was recorded (the entry's own `at`), when it took effect
(`occurred_at`, and the local date `occurred_on` of the place `occurred_in` that the rule names),
and for a step with a delay the day it is counted from (the fact `event_on`). Source: DOMAIN.md,
'What a sign-off rule must be able to say', Delay.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from workflow.domain.deadlines import DELAY, Due, local_day
from workflow.domain.places import place_of
from workflow.persistence.deadlines import Place
from workflow.persistence.situations import Situation

_BEFORE = timedelta(microseconds=1)


class Moment(NamedTuple):
    """A deadline that has come, and the place whose local date it is; a look has no place."""

    due: Due
    where: str | None
    is_effect: bool = False
    """Whether a step takes effect that was satisfied earlier."""

    @property
    def told(self) -> Mapping[str, Any]:
        """Say when it happened, as an entry does."""
        at = self.due.due_at
        if self.where is None:
            return {"occurred_at": at}
        day = local_day(at, self.where)
        return {"occurred_at": at, "occurred_on": day, "occurred_in": self.where}

    @property
    def facts(self) -> Mapping[str, str]:
        """Name the day that a delay was counted from."""
        if not self.is_effect or self.where is None:
            return {}
        return {"event_on": local_day(self.due.since, self.where).isoformat()}


def moment_of(at: Situation, place: Place) -> Moment | None:
    """Give the moment of a deadline that the proposal keeps."""
    kept = at.deadlines.get(place)
    if kept is None:
        return None
    return Moment(kept.due, place_of(at.definition, *place), is_effect=place[1] == DELAY)


def looked_at_last(at: Situation, otherwise: datetime) -> datetime:
    """Give the latest moment that the proposal has been settled at, never before `otherwise`."""
    handled = (kept.due.due_at for kept in at.deadlines.values() if kept.handled_at is not None)
    return max(otherwise, max(handled, default=otherwise))


def settled_until(at: Situation) -> datetime:
    """Give the moment up to which everything that was due has happened; at most now.

    Who is waited for is kept as of then: what is due and not yet done has changed nothing.
    """
    ahead = (kept.due.due_at for kept in at.deadlines.values() if kept.handled_at is None)
    return min(at.as_of, min((each - _BEFORE for each in ahead), default=at.as_of))
