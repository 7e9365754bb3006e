"""Pages by keyset: a cursor says where the last page ended, so that no page is slow or skips."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from workflow.domain.texts import is_storable

T = TypeVar("T")

PAGE = 25
"""How many rows a page has unless asked."""

MOST_ON_A_PAGE = 200


class BadCursorError(ValueError):
    """A cursor is not one that this question gave out."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, as far as was counted; `capped` means at least this many."""

    number: int
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, the cursor of what follows (None at the end), and how many there are in all."""

    rows: tuple[T, ...]
    next: str | None
    count: Count


def write_cursor(*keys: datetime | str | int) -> str:
    """Write the keys of a page's last row so that an address can carry them."""
    plain = [key.isoformat() if isinstance(key, datetime) else key for key in keys]
    encoded = json.dumps(plain, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(encoded).rstrip(b"=").decode()


def read_cursor(cursor: str, *types: type) -> tuple[datetime | str | int, ...]:
    """Read what `write_cursor` wrote, of these types. Raises: BadCursorError."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        keys = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(keys, list) or len(keys) != len(types):
            raise BadCursorError(cursor)
        return tuple(_read_key(key, of) for key, of in zip(keys, types, strict=True))
    except (ValueError, OverflowError, RecursionError, binascii.Error) as fault:
        raise BadCursorError(cursor) from fault


def at_most(limit: int) -> int:
    """Keep the size of a page between one row and what a page may hold."""
    return max(1, min(limit, MOST_ON_A_PAGE))


def _read_key(key: object, of: type) -> datetime | str | int:
    if of is datetime and isinstance(key, str):
        at = datetime.fromisoformat(key)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    if of is int and type(key) is int and abs(key) < 2**63:
        return key
    if of is str and isinstance(key, str) and is_storable(key):
        return key
    raise BadCursorError(str(key))
