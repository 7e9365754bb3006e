"""Days that rules count: spans of days or months, and local dates of a named place.

A deadline is a local date of a place (an IANA time zone such as Asia/Tokyo), never of UTC: in
Tokyo a day is over nine hours before it is in London. Source: DOMAIN.md, 'Exactly', Delay.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DELAY = -1
"""Stands for a step's own delay where a part of its rule has a number."""

LOOK = -2
"""Asks due work to look at a step, since a child of the proposal has moved."""


@dataclass(frozen=True, slots=True)
class Span:
    """A number of days or of calendar months."""

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        """Give the day that ends the span; the day it starts from is not counted.

        A month ends where it has no such day: a month after 31 January is 28 or 29 February.

        Raises: OverflowError beyond the year 9999.
        """
        if not self.months:
            return day + timedelta(days=self.days)
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        if year > date.max.year:
            raise OverflowError("beyond the last year of the calendar")
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last))


class Due(NamedTuple):
    """A day, the instant at which what it brings becomes true, and what it was counted from."""

    since: datetime
    due_on: date
    due_at: datetime


class Day(NamedTuple):
    """A deadline as a decision sees it: its local date, and whether it has passed."""

    due_on: date
    passed: bool


def is_place(name: str) -> bool:
    """Say whether a place has a time zone that is known."""
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def local_day(at: datetime, place: str) -> date:
    """Give the local date of an instant in a place."""
    return at.astimezone(_zone(place)).date()


def start_of(day: date, place: str) -> datetime:
    """Give the instant, in UTC, at which a local date begins in a place."""
    try:
        return datetime.combine(day, time.min, _zone(place)).astimezone(UTC)
    except OverflowError:  # the first day of the calendar, which began in Tokyo before it
        return datetime.min.replace(tzinfo=UTC)


def silence_ends(span: Span, place: str, since: datetime) -> Due:
    """Give the last day to object, and the instant after it."""
    last = span.after(local_day(since, place))
    return Due(since, last, start_of(last + timedelta(days=1), place))


def effect_of(span: Span, place: str, event: date) -> Due:
    """Give the day on which a delayed step takes effect, from its beginning."""
    day = span.after(event)
    return Due(start_of(event, place), day, start_of(day, place))


def reached(day: date, place: str, since: datetime) -> Due:
    """Give the instant at which a fixed date is reached."""
    return Due(since, day, start_of(day, place))


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
