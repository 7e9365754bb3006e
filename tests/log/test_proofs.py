"""Proofs are those of the definition, and nothing else than what they prove is accepted."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.log import naive_tree
from tests.log.memory_tiles import tree
from workflow.log.merkle import EMPTY_ROOT
from workflow.log.proofs import (
    ProofError,
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 600
ROOTS = [naive_tree.root(naive_tree.entries(size)) for size in range(LARGEST + 1)]
SIZES = st.sampled_from([1, 2, 3, 255, 256, 257, 511, 512, 513]) | st.integers(1, LARGEST)


@dataclass(frozen=True)
class Inclusion:
    """What is claimed of a leaf."""

    leaf_hash: bytes
    index: int
    size: int
    proof: list[bytes]
    root: bytes

    @property
    def accepted(self) -> bool:
        """Say whether the verifier believes it."""
        return accepts(
            lambda: verify_inclusion(self.leaf_hash, self.index, self.size, self.proof, self.root)
        )


@dataclass(frozen=True)
class Consistency:
    """What is claimed of two trees."""

    old_size: int
    old_root: bytes
    size: int
    root: bytes
    proof: list[bytes]

    @property
    def accepted(self) -> bool:
        """Say whether the verifier believes it."""
        return accepts(
            lambda: verify_consistency(
                self.old_size, self.old_root, self.size, self.root, self.proof
            )
        )


def accepts(verify: Callable[[], None]) -> bool:
    try:
        verify()
    except ProofError:
        return False
    return True


@st.composite
def inclusions(draw: st.DrawFn) -> Inclusion:
    size = draw(SIZES)
    index = draw(st.sampled_from([0, size - 1, size // 2]) | st.integers(0, size - 1))
    proof = inclusion_proof(tree(LARGEST), index, size)
    return Inclusion(tree(LARGEST).leaf(index), index, size, proof, ROOTS[size])


@st.composite
def consistencies(draw: st.DrawFn) -> Consistency:
    size = draw(SIZES)
    old = draw(st.sampled_from([0, 1, size - 1, size]) | st.integers(0, size))
    proof = consistency_proof(tree(LARGEST), old, size)
    return Consistency(old, ROOTS[old], size, ROOTS[size], proof)


def flip(content: bytes, bit: int) -> bytes:
    """Return bytes with one bit changed."""
    bit %= 8 * len(content)
    return bytes(each ^ (1 << bit % 8 if at == bit // 8 else 0) for at, each in enumerate(content))


@st.composite
def altered(draw: st.DrawFn, proof: list[bytes]) -> list[bytes]:
    """Return a proof with a bit flipped or a hash dropped, added, doubled, cut or moved."""
    ways = ["add"] if not proof else ["add", "flip", "drop", "double", "cut", "swap"]
    way, at = draw(st.sampled_from(ways)), draw(st.integers(0, max(len(proof) - 1, 0)))
    found, other = list(proof), draw(st.integers(0, max(len(proof) - 1, 0)))
    if way == "add":
        found.insert(draw(st.integers(0, len(proof))), draw(st.binary(min_size=32, max_size=32)))
    elif way == "flip":
        found[at] = flip(found[at], draw(st.integers(0, 255)))
    elif way == "drop":
        del found[at]
    elif way == "double":
        found.insert(at, found[at])
    elif way == "cut":
        found[at] = found[at][: draw(st.integers(0, 31))]
    else:
        found[at], found[other] = found[other], found[at]
    return found


@given(st.data())
def test_inclusion_proof_is_the_definitions(data: st.DataObject) -> None:
    given = data.draw(inclusions())
    entries = naive_tree.entries(given.size)
    assert given.proof == naive_tree.path(given.index, entries)
    assert given.accepted


@given(st.data())
def test_consistency_proof_is_the_definitions(data: st.DataObject) -> None:
    given = data.draw(consistencies())
    entries = naive_tree.entries(given.size)
    old = given.old_size
    assert given.proof == (naive_tree.proof(old, entries) if 0 < old < given.size else [])
    assert given.accepted


@pytest.mark.parametrize("size", naive_tree.LARGE)
@pytest.mark.parametrize("index", [0, 255, 256, 65_279, 65_534])
def test_inclusion_proof_in_a_large_tree_is_the_definitions(size: int, index: int) -> None:
    proof = inclusion_proof(tree(65_537), index, size)
    entries = naive_tree.entries(size)
    assert proof == naive_tree.path(index, entries)
    leaf, root = tree(65_537).leaf(index), naive_tree.root(entries)
    assert Inclusion(leaf, index, size, proof, root).accepted
    assert not Inclusion(leaf, index + 1, size, proof, root).accepted


@pytest.mark.parametrize("size", naive_tree.LARGE)
@pytest.mark.parametrize("old", [1, 255, 256, 257, 65_280, 65_534])
def test_consistency_proof_of_a_large_tree_is_the_definitions(size: int, old: int) -> None:
    proof = consistency_proof(tree(65_537), old, size)
    entries = naive_tree.entries(size)
    assert proof == naive_tree.proof(old, entries)
    roots = naive_tree.root(entries[:old]), naive_tree.root(entries)
    assert Consistency(old, roots[0], size, roots[1], proof).accepted
    assert not Consistency(old - 1, roots[0], size, roots[1], proof).accepted


@given(st.data())
def test_an_altered_proof_of_inclusion_is_refused(data: st.DataObject) -> None:
    given = data.draw(inclusions())
    proof = data.draw(altered(given.proof))
    assert replace(given, proof=proof).accepted == (proof == given.proof)


@given(st.data())
def test_an_altered_proof_of_consistency_is_refused(data: st.DataObject) -> None:
    given = data.draw(consistencies())
    proof = data.draw(altered(given.proof))
    assert replace(given, proof=proof).accepted == (proof == given.proof)


@given(st.data(), st.integers(-2, LARGEST + 2), st.integers(0, 255))
def test_inclusion_of_another_leaf_index_or_root_is_refused(
    data: st.DataObject, other: int, bit: int
) -> None:
    given = data.draw(inclusions())
    assert not replace(given, leaf_hash=flip(given.leaf_hash, bit)).accepted
    assert not replace(given, leaf_hash=given.leaf_hash[:-1]).accepted
    assert not replace(given, root=flip(given.root, bit)).accepted
    assert not replace(given, root=b"").accepted
    assert replace(given, index=other).accepted == (other == given.index)
    assert replace(given, root=ROOTS[abs(other) % 600]).accepted == (abs(other) % 600 == given.size)


@given(st.data(), st.integers(-2, LARGEST + 2), st.integers(0, 255))
def test_consistency_with_another_root_or_older_size_is_refused(
    data: st.DataObject, other: int, bit: int
) -> None:
    given = data.draw(consistencies())
    assert not replace(given, old_root=flip(given.old_root, bit)).accepted
    assert not replace(given, old_root=given.old_root[1:]).accepted
    # From an empty tree every tree follows: nothing is claimed of the later root.
    assert replace(given, root=flip(given.root, bit)).accepted == (given.old_size == 0)
    assert not replace(given, root=given.root + b"x").accepted
    if given.old_size:
        assert replace(given, old_size=other).accepted == (other == given.old_size)


@given(st.data(), st.integers(-2, 2 * LARGEST))
def test_a_proof_of_one_shape_is_refused_for_a_size_of_another(
    data: st.DataObject, other: int
) -> None:
    """A root says nothing of its size, which is why checkpoints sign both together."""
    leaf, older = data.draw(inclusions()), data.draw(consistencies())
    same = other > leaf.index and _shape(leaf.index, other) == _shape(leaf.index, leaf.size)
    assert replace(leaf, size=other).accepted == same
    old = older.old_size
    if 0 < old < older.size:
        same = other > old and _shape(old - 1, other) == _shape(old - 1, older.size)
        assert replace(older, size=other).accepted == same


def _shape(index: int, size: int) -> str:
    return naive_tree.sides(index, size)


@given(st.data())
def test_a_proof_of_consistency_with_its_sides_exchanged_is_refused(data: st.DataObject) -> None:
    given = data.draw(consistencies())
    turned = Consistency(given.size, given.root, given.old_size, given.old_root, given.proof)
    assert turned.accepted == (given.old_size == given.size)


def test_a_proof_that_climbs_above_the_root_is_refused() -> None:
    leaf, proof = tree(LARGEST).leaf(7), inclusion_proof(tree(LARGEST), 7, 8)
    assert Inclusion(leaf, 7, 8, proof, ROOTS[8]).accepted
    assert not Inclusion(leaf, 3, 4, proof, ROOTS[8]).accepted
    assert not Inclusion(leaf, 0, 1, proof, ROOTS[8]).accepted
    proof = consistency_proof(tree(LARGEST), 7, 8)
    assert Consistency(7, ROOTS[7], 8, ROOTS[8], proof).accepted
    assert not Consistency(3, ROOTS[7], 4, ROOTS[8], proof).accepted


def test_from_an_empty_tree_everything_follows_without_a_hash() -> None:
    assert Consistency(0, EMPTY_ROOT, 5, ROOTS[5], []).accepted
    assert not Consistency(0, EMPTY_ROOT, 5, ROOTS[5], [ROOTS[5]]).accepted
    assert not Consistency(0, ROOTS[1], 5, ROOTS[5], []).accepted
    assert not Consistency(0, ROOTS[1], 0, ROOTS[1], []).accepted


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (0, LARGEST + 1), (9, 3)])
def test_there_is_no_inclusion_proof_of_a_leaf_outside(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        inclusion_proof(tree(LARGEST), index, size)


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3), (3, LARGEST + 1), (-2, -1)])
def test_there_is_no_consistency_proof_for_sizes_out_of_order(old: int, new: int) -> None:
    with pytest.raises(IndexError):
        consistency_proof(tree(LARGEST), old, new)
