"""Reads from when until when a mandate is delegated: days of the party's own time zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from workflow.domain.names import shown
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.persistence import people
from workflow.persistence.unit_of_work import Tx
from workflow.services.dates import read_end, read_start

_LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Until then every zone has a local date that the calendar knows."""


@dataclass(frozen=True, slots=True)
class Days:
    """The instants between which a delegation holds: the first inside, the last outside."""

    starts_at: datetime
    ends_at: datetime


def read_days(
    tx: Tx, party: str, starts: str | None, ends: str | None
) -> Days | tuple[Refusal, ...]:
    """Read the days of a delegation, or give every reason against them.

    It begins now if unsaid, and one that begins today begins now; nothing begins in the past,
    since nobody can have acted on it then. It must end.
    """
    time_zone = people.parties(tx)[party][1]
    start = read_start(starts, time_zone) if starts else tx.at
    end = read_end(ends, time_zone) if ends else refuse(Code.DELEGATION_ENDLESS)
    if isinstance(start, Refusal) or isinstance(end, Refusal):
        return tuple(each for each in (start, end) if isinstance(each, Refusal))
    zone = ZoneInfo(time_zone)
    today = datetime.combine(tx.at.astimezone(zone).date(), time(), zone)
    if start < today or end <= tx.at:
        return (refuse(Code.DELEGATION_PAST),)
    if end <= start or end > _LATEST:
        return (refuse(Code.DATES_MALFORMED, date=shown(str(ends), 40)),)
    return Days(max(start, tx.at), end)
