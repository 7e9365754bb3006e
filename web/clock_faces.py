"""Instants and dates as people of two capitals read them."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location
from flask_babel import gettext as _

from web.languages import language

TASHKENT: Final = ZoneInfo("Asia/Tashkent")
TOKYO: Final = ZoneInfo("Asia/Tokyo")


def day(value: date, length: str = "medium") -> str:
    """Return a calendar day in the reader's language."""
    # Day before month: en alone is American.
    locale = "en_GB" if language() == "en" else language()
    return str(format_date(value, format=length, locale=locale))


def place(time_zone: str) -> str:
    """Name the place of a time zone in the reader's language: Asia/Tokyo is 東京."""
    try:
        return str(get_timezone_location(time_zone, locale=language(), return_city=True))
    except LookupError:
        return time_zone


def both_clocks(at: datetime) -> str:
    """Return an instant in Tashkent and Tokyo; Tokyo's day is told where it is another one."""
    here, there = at.astimezone(TASHKENT), at.astimezone(TOKYO)
    other_day = f"{day(there.date())}, " if there.date() != here.date() else ""
    return _("%(tashkent)s Tashkent · %(tokyo)s Tokyo") % {
        "tashkent": f"{day(here.date())}, {_hour(here)}",
        "tokyo": f"{other_day}{_hour(there)}",
    }


def clock_lines(at: datetime) -> tuple[str, str]:
    """Return an instant as two lines: day and hour in Tashkent, then in Tokyo."""
    here, there = at.astimezone(TASHKENT), at.astimezone(TOKYO)
    return (
        _("%(time)s Tashkent") % {"time": f"{day(here.date())}, {_hour(here)}"},
        _("%(time)s Tokyo") % {"time": f"{day(there.date())}, {_hour(there)}"},
    )


def day_in_tashkent(at: datetime) -> str:
    """Return the day of an instant where short is better than exact."""
    return day(at.astimezone(TASHKENT).date())


def happened(written: str) -> str:
    """Return when an act happened, as an entry writes it: a day, or an instant."""
    if len(written) == len("2026-01-31"):
        return day(date.fromisoformat(written))
    return both_clocks(datetime.fromisoformat(written))


def _hour(at: datetime) -> str:
    return f"{at:%H:%M}"
