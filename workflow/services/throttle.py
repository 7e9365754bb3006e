"""Slows down guessing: attempts are counted before a password is compared, for all workers alike.

An account has 5 attempts a minute and an address 20; each further one waits twice as long, up to
a quarter of an hour. Nobody is locked out: an address from which a person has signed in before
has an allowance of its own, which strangers cannot use up. Only digests of logins and addresses
are kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workflow.persistence.people_tables import SignInThrottle
from workflow.persistence.unit_of_work import Tx

ACCOUNT_LIMIT: Final = 5
ADDRESS_LIMIT: Final = 20
WINDOW: Final = timedelta(minutes=1)
FIRST_DELAY: Final = timedelta(minutes=1)
LONGEST_DELAY: Final = timedelta(minutes=15)
KNOWN_FOR: Final = timedelta(days=30)

_KNOWN = "known:"


@dataclass(frozen=True, slots=True)
class Count:
    """The attempts of one account or address in its present window."""

    attempts: int
    started_at: datetime
    blocked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """Under which subjects an attempt is counted; `known` marks where the person signs in from."""

    account: str
    address: str
    known: str


def count_attempt(tx: Tx, attempt: Attempt) -> int:
    """Count an attempt, or return the seconds to wait before the next one is looked at."""
    counts = _lock(tx, (attempt.account, attempt.address))
    until = max((each.blocked_until or tx.at for each in counts.values()), default=tx.at)
    if until > tx.at:
        return ceil((until - tx.at).total_seconds())
    _write(tx, attempt.account, _counted(counts[attempt.account], tx.at, ACCOUNT_LIMIT))
    _write(tx, attempt.address, _counted(counts[attempt.address], tx.at, ADDRESS_LIMIT))
    return 0


def count_look(tx: Tx, address: str) -> int:
    """Count a stranger's question, or return the seconds to wait until the next is answered."""
    subject = _subject("look:", _network(address))
    count = _lock(tx, (subject,))[subject]
    if tx.at >= count.started_at + WINDOW:
        count = Count(0, tx.at, None)
    if count.attempts >= ADDRESS_LIMIT:
        return ceil((count.started_at + WINDOW - tx.at).total_seconds())
    _write(tx, subject, Count(count.attempts + 1, count.started_at, None))
    return 0


def name_attempt(tx: Tx, login: str, address: str) -> Attempt:
    """Say under which subjects an attempt is counted."""
    network = _network(address)
    known = _subject(_KNOWN, login, network)
    seen_at = tx.connection.scalar(
        select(SignInThrottle.window_started_at).where(SignInThrottle.subject == known)
    )
    is_known = seen_at is not None and seen_at > tx.at - KNOWN_FOR
    account = _subject("account:", login, *([network] if is_known else []))
    return Attempt(account, _subject("address:", network), known)


def forgive(tx: Tx, attempt: Attempt) -> None:
    """Take a right password's attempt back, and remember where it came from."""
    count = _lock(tx, (attempt.account, attempt.address, attempt.known))[attempt.address]
    _write(tx, attempt.account, Count(0, tx.at, None))
    _write(tx, attempt.known, Count(0, tx.at, None))
    attempts = max(0, count.attempts - 1)
    still = count.blocked_until if attempts >= ADDRESS_LIMIT else None
    _write(tx, attempt.address, Count(attempts, count.started_at, still))


def forget(tx: Tx, login: str) -> None:
    """Drop the count of an account; those by address hold no login that could be read."""
    tx.connection.execute(
        delete(SignInThrottle).where(SignInThrottle.subject == _subject("account:", login))
    )


def _counted(count: Count, at: datetime, limit: int) -> Count:
    if _is_over(count, at):
        return Count(1, at, None)
    attempts = count.attempts + 1
    if attempts < limit:
        return Count(attempts, count.started_at, None)
    # a shift of more than 20 would be longer than the longest delay anyway
    delay = FIRST_DELAY * 2 ** min(attempts - limit, 20)
    return Count(attempts, count.started_at, at + min(delay, LONGEST_DELAY))


def _is_over(count: Count, at: datetime) -> bool:
    """Forget after a quiet minute; after a delay, only once the longest one has passed as well."""
    if count.blocked_until is None:
        return at >= count.started_at + WINDOW
    return at >= count.blocked_until + LONGEST_DELAY


def _lock(tx: Tx, subjects: Iterable[str]) -> Mapping[str, Count]:
    """Lock the counts in the order of their names, making those that are not there yet."""
    names = sorted(subjects)
    upsert = postgresql.insert if tx.is_postgresql else sqlite.insert
    fresh = {"attempts": 0, "window_started_at": tx.at, "blocked_until": None}
    made = tx.connection.execute(
        upsert(SignInThrottle).on_conflict_do_nothing(),
        [fresh | {"subject": name} for name in names],
    )
    if made.rowcount:
        _sweep(tx)
    rows = tx.connection.execute(
        select(
            SignInThrottle.subject,
            SignInThrottle.attempts,
            SignInThrottle.window_started_at,
            SignInThrottle.blocked_until,
        )
        .where(SignInThrottle.subject.in_(names))
        .order_by(SignInThrottle.subject)
        .with_for_update()
    )
    return {
        subject: Count(attempts, started_at, blocked_until)
        for subject, attempts, started_at, blocked_until in rows
    }


def _write(tx: Tx, subject: str, count: Count) -> None:
    tx.connection.execute(
        update(SignInThrottle)
        .where(SignInThrottle.subject == subject)
        .values(
            attempts=count.attempts,
            window_started_at=count.started_at,
            blocked_until=count.blocked_until,
        )
    )


def _sweep(tx: Tx) -> None:
    """Forget subjects nobody has tried for a day, so that guessed logins do not pile up."""
    is_known = SignInThrottle.subject.startswith(_KNOWN)
    at = SignInThrottle.window_started_at
    old = (
        select(SignInThrottle.subject)
        .where((~is_known & (at < tx.at - timedelta(days=1))) | (at < tx.at - KNOWN_FOR))
        # two sweepers, or a sweeper and an attempt, never wait for each other
        .with_for_update(skip_locked=True)
    )
    tx.connection.execute(delete(SignInThrottle).where(SignInThrottle.subject.in_(old)))


def _subject(sort: str, *parts: str) -> str:
    digest = sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{sort}{digest}"


def _network(address: str) -> str:
    """Return an address, or the /64 of an IPv6 one: whoever has one has 2^64 of them."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return address if ip.version == 4 else str(ip_network(f"{ip}/64", strict=False))  # noqa: PLR2004 - IPv4
