"""Reads the days and instants between which a mandate is held."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow.domain.names import shown
from workflow.domain.verdicts import Code, Refusal, refuse


def read_start(text: str, time_zone: str) -> datetime | Refusal:
    """Read an instant with its zone, or a day, which begins at midnight in the party's zone."""
    return _read(text, time_zone, days=0)


def read_end(text: str, time_zone: str) -> datetime | Refusal:
    """Read an instant with its zone, or a last day, which ends at the next local midnight."""
    return _read(text, time_zone, days=1)


def _read(text: str, time_zone: str, days: int) -> datetime | Refusal:
    try:
        if "T" not in text and " " not in text.strip():
            day = date.fromisoformat(text.strip()) + timedelta(days=days)
            return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)
        instant = datetime.fromisoformat(text.strip())
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    return refuse(Code.DATES_MALFORMED, date=shown(text, 40))
