"""Proofs that a leaf is in a tree, and that a tree is the beginning of a later one.

Making them reads a few tiles; checking them needs nothing but hashes. Source: RFC 9162,
sections 2.1.3 (inclusion) and 2.1.4 (consistency), which make and check the proofs of RFC 6962.
"""

from collections.abc import Sequence

from workflow.log.merkle import EMPTY_ROOT, HASH_BYTES, hash_children, split_point
from workflow.log.tiles import Tree


class ProofError(ValueError):
    """A proof does not show what it should."""


def inclusion_proof(tree: Tree, index: int, size: int) -> list[bytes]:
    """Return the hashes that lead from a leaf to the root of the tree's first `size` leaves.

    Raises: IndexError when the leaf is not among them, TileError. Source: RFC 9162, 2.1.3.1.
    """
    if not 0 <= index < size <= tree.size:
        raise IndexError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split_point(end - start)
        if index < middle:
            path.append(tree.range_root(middle, end))
            end = middle
        else:
            path.append(tree.range_root(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(tree: Tree, old: int, new: int) -> list[bytes]:
    """Return the hashes that lead from the root at one size to the root at a later one.

    Raises: IndexError when the sizes are not in order, TileError. Source: RFC 9162, 2.1.4.1;
    from an empty tree everything follows, without a hash.
    """
    if not 0 <= old <= new <= tree.size:
        raise IndexError(f"no proof leads from {old} to {new} in a tree of {tree.size}")
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old and old != end:
        middle = start + split_point(end - start)
        if old <= middle:
            path.append(tree.range_root(middle, end))
            end = middle
        else:
            path.append(tree.range_root(start, middle))
            start, whole = middle, False
    if old and not whole:
        path.append(tree.range_root(start, end))
    return path[::-1]


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf stands at an index of the tree. Raises: ProofError.

    Source: RFC 9162, 2.1.3.2.
    """
    _see_hashes(leaf_hash, root, *proof)
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of {size}")
    place, last, found = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            raise ProofError("the proof is longer than the tree is high")
        if place & 1 or place == last:
            found = hash_children(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = hash_children(found, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof is shorter than the tree is high")
    if found != root:
        raise ProofError("the proof leads to another root")


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the old tree is the beginning of the new one. Raises: ProofError.

    Source: RFC 9162, 2.1.4.2.
    """
    if old_size != new_size:  # else the roots are only compared
        _see_hashes(old_root, new_root, *proof)
    if not 0 <= old_size <= new_size:
        raise ProofError(f"a tree of {new_size} is not later than one of {old_size}")
    if old_size in (0, new_size):
        _verify_without_hashes(old_size, old_root, new_size, new_root, proof)
        return
    if not proof:
        raise ProofError("the proof is empty")
    whole = old_size & (old_size - 1) == 0
    first, rest = (old_root, proof) if whole else (proof[0], proof[1:])
    found = _climb(old_size, new_size, first, rest)
    if found != (old_root, new_root):
        raise ProofError("the proof leads to another root")


def _verify_without_hashes(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    if proof:
        raise ProofError("nothing was to be proved, and there is a proof")
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise ProofError("an empty tree has another root")
    if old_size == new_size and old_root != new_root:
        raise ProofError("two trees of one size have different roots")


def _climb(
    old_size: int, new_size: int, first: bytes, rest: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Return the roots of both trees as a proof gives them. Raises: ProofError."""
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = first
    for sibling in rest:
        if last == 0:
            raise ProofError("the proof is longer than the tree is high")
        if place & 1 or place == last:
            old, new = hash_children(sibling, old), hash_children(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = hash_children(new, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof is shorter than the tree is high")
    return old, new


def _see_hashes(*hashes: bytes) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ProofError("a hash does not have 32 bytes")
