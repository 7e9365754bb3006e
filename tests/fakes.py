"""Stand-ins for the three things a test must own: the clock, the ids and the mail."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

EPOCH = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""When a fake clock starts: a Monday, an hour in which Tashkent and Tokyo share the day."""


class FakeClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, start: datetime = EPOCH) -> None:
        """Set the clock to an aware instant."""
        self._now = start

    def __call__(self) -> datetime:
        """Return the present instant."""
        return self._now

    def now(self) -> datetime:
        """Return the present instant."""
        return self._now

    def advance(self, **amount: float) -> datetime:
        """Move on by days, hours, minutes ... and return the new instant."""
        self._now += timedelta(**amount)
        return self._now

    def set(self, instant: datetime) -> None:
        """Move to an aware instant, be it back in time."""
        self._now = instant


@dataclass
class FakeIds:
    """Ids that count upwards: the same test makes the same ids, all of them different."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def event_id(self) -> str:
        """Return an id in the shape of a UUID of version 7."""
        return f"00000000-0000-7000-8000-{next(self.numbers):012x}"

    def pseudonym(self) -> str:
        """Return 32 hex digits."""
        return f"{next(self.numbers):032x}"

    def salt(self) -> bytes:
        """Return 16 bytes."""
        return next(self.numbers).to_bytes(16)

    def token(self) -> str:
        """Return 43 characters, as many as 256 random bits take."""
        return f"token-{next(self.numbers):037d}"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail that would have left."""

    to: str
    subject: str
    text: str


@dataclass
class FakeMail:
    """A mail server that keeps every letter."""

    letters: list[Letter] = field(default_factory=list)

    def send(self, to: str, subject: str, text: str) -> None:
        """Keep a letter."""
        self.letters.append(Letter(to, subject, text))
