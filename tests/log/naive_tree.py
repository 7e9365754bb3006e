"""A Merkle tree as its definition reads, for comparison: slow, and nothing of ours in it.

Every function takes the entries themselves. Source: RFC 6962, section 2.1; for tiles C2SP
tlog-tiles, 'Merkle Tree'.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

Entries = Sequence[bytes]

SIZES = [0, 1, 2, 3, 255, 256, 257, 511, 512, 513]
"""Where a tree changes its shape: tiles fill and levels begin."""

LARGE = [65_535, 65_536, 65_537]
"""Where a third level of tiles begins."""


@cache
def entries(size: int) -> tuple[bytes, ...]:
    """Return so many entries, every one another."""
    return tuple(b"entry %d" % index for index in range(size))


@cache
def hashes(size: int) -> bytes:
    """Return the leaf hashes of so many entries, as one run."""
    return b"".join(sha256(b"\x00" + entry).digest() for entry in entries(size))


def root(d: Entries) -> bytes:
    """Return MTH(D). Source: 2.1."""
    if not d:
        return sha256(b"").digest()
    if len(d) == 1:
        return sha256(b"\x00" + d[0]).digest()
    k = _k(len(d))
    return sha256(b"\x01" + root(d[:k]) + root(d[k:])).digest()


def path(m: int, d: Entries) -> list[bytes]:
    """Return PATH(m, D). Source: 2.1.1."""
    if len(d) == 1:
        return []
    k = _k(len(d))
    if m < k:
        return [*path(m, d[:k]), root(d[k:])]
    return [*path(m - k, d[k:]), root(d[:k])]


def sides(m: int, n: int) -> str:
    """Return on which side each hash of PATH(m, D[n]) stands, left or right: the path's shape."""
    if n == 1:
        return ""
    k = _k(n)
    return sides(m, k) + "r" if m < k else sides(m - k, n - k) + "l"


def proof(m: int, d: Entries) -> list[bytes]:
    """Return PROOF(m, D), 0 < m < n. Source: 2.1.2."""
    return _subproof(m, d, whole=True)


def _subproof(m: int, d: Entries, *, whole: bool) -> list[bytes]:
    if m == len(d):
        return [] if whole else [root(d)]
    k = _k(len(d))
    if m <= k:
        return [*_subproof(m, d[:k], whole=whole), root(d[k:])]
    return [*_subproof(m - k, d[k:], whole=False), root(d[:k])]


def tile(level: int, number: int, width: int, d: Entries) -> bytes:
    """Return a tile: MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l]) for every i."""
    span = 256**level
    starts = [(number * 256 + place) * span for place in range(width)]
    return b"".join(root(d[start : start + span]) for start in starts)


def widths(size: int) -> dict[tuple[int, int], int]:
    """Return how wide each tile of a tree is, by level and number."""
    found: dict[tuple[int, int], int] = {}
    level = 0
    while count := size // 256**level:
        found |= {(level, number): 256 for number in range(count // 256)}
        if count % 256:
            found[level, count // 256] = count % 256
        level += 1
    return found


def _k(n: int) -> int:
    """Return the largest power of two smaller than n."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k
