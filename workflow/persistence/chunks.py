"""Cuts long lists of keys into pieces that one statement can carry."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

CHUNK = 10_000
"""How many proposals a change locks and writes at once; SQLite takes 32,766 parameters."""

T = TypeVar("T")


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Give the items in order, at most `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
