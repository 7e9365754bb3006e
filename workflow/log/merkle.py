"""The hashes of a Merkle tree; a run of hashes is one string of 32 bytes each.

Source: RFC 6962, section 2.1 (RFC 9162, section 2.1.1, says the same).
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from workflow.domain.entry import leaf_hash as hash_leaf

__all__ = [
    "EMPTY_ROOT",
    "HASH_BYTES",
    "fold_root",
    "hash_children",
    "hash_leaf",
    "hash_pairs",
    "root_of",
    "split_point",
]

HASH_BYTES: Final = 32
"""The length of a SHA-256 hash."""

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a tree without leaves. Source: RFC 6962, 2.1: MTH({}) = SHA-256()."""

_NODE = b"\x01"


def hash_children(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node. Source: RFC 6962, 2.1: SHA-256(0x01 || left || right)."""
    return sha256(_NODE + left + right).digest()


def hash_pairs(hashes: bytes) -> bytes:
    """Return the parents of a run of hashes, two by two; its length must be even.

    Millions of hashes pass here: one comprehension over slices is what costs least.
    """
    step = 2 * HASH_BYTES
    return b"".join(
        [sha256(_NODE + hashes[at : at + step]).digest() for at in range(0, len(hashes), step)]
    )


def root_of(hashes: bytes) -> bytes:
    """Return the root over a run of leaf hashes.

    A level's last node without a sibling moves up as it is, which is what splitting at the
    largest power of two comes to. Source: RFC 6962, 2.1.
    """
    if not hashes:
        return EMPTY_ROOT
    while len(hashes) > HASH_BYTES:
        odd = len(hashes) % (2 * HASH_BYTES)
        hashes = hash_pairs(hashes[: len(hashes) - odd]) + hashes[len(hashes) - odd :]
    return hashes


def fold_root(size: int, subtree: Callable[[int, int], bytes], start: int = 0) -> bytes:
    """Return the root over `size` leaves from `start` on, asking for whole subtrees.

    `subtree(height, index)` gives the root over the 2^height leaves from index * 2^height on.
    `start` is a multiple of the smallest power of two that is not less than `size`.
    """
    if size == 0:
        return EMPTY_ROOT
    whole: list[bytes] = []
    at = start
    for height in range(size.bit_length() - 1, -1, -1):
        if size >> height & 1:
            whole.append(subtree(height, at >> height))
            at += 1 << height
    root = whole.pop()
    while whole:
        root = hash_children(whole.pop(), root)
    return root


def split_point(size: int) -> int:
    """Return the largest power of two smaller than a size of 2 or more. Source: RFC 6962, 2.1."""
    return 1 << (size - 1).bit_length() - 1
