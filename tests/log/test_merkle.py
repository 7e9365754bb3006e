"""The tree's hashes are those of its definition."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.log import naive_tree
from workflow.log.merkle import (
    EMPTY_ROOT,
    fold_root,
    hash_children,
    hash_leaf,
    hash_pairs,
    root_of,
    split_point,
)

SIZES = st.sampled_from(naive_tree.SIZES) | st.integers(0, 600)

# The entries and roots that the tests of Certificate Transparency have used since 2012.
KNOWN_ENTRIES = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
KNOWN_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.mark.parametrize("size", range(len(KNOWN_ROOTS)))
def test_root_is_the_one_that_others_found(size: int) -> None:
    entries = [bytes.fromhex(entry) for entry in KNOWN_ENTRIES[:size]]
    assert root_of(b"".join(map(hash_leaf, entries))).hex() == KNOWN_ROOTS[size]
    assert naive_tree.root(entries).hex() == KNOWN_ROOTS[size]


@given(SIZES)
def test_root_is_the_definitions(size: int) -> None:
    assert root_of(naive_tree.hashes(size)) == naive_tree.root(naive_tree.entries(size))


@pytest.mark.parametrize("size", naive_tree.LARGE)
def test_root_of_a_large_tree_is_the_definitions(size: int) -> None:
    assert root_of(naive_tree.hashes(size)) == naive_tree.root(naive_tree.entries(size))


@given(st.lists(st.binary(max_size=40), max_size=40))
def test_root_of_any_entries_is_the_definitions(entries: list[bytes]) -> None:
    assert root_of(b"".join(map(hash_leaf, entries))) == naive_tree.root(entries)


@given(st.binary(max_size=100))
def test_an_entry_and_a_node_of_the_same_bytes_have_different_hashes(content: bytes) -> None:
    left, right = sha256(content).digest(), sha256(content + b"x").digest()
    assert hash_leaf(left + right) != hash_children(left, right)
    assert hash_pairs(left + right + right + left) == (
        hash_children(left, right) + hash_children(right, left)
    )


@given(st.integers(0, 600), st.integers(0, 40))
def test_fold_root_needs_nothing_but_whole_subtrees(size: int, place: int) -> None:
    start = place << size.bit_length()
    run = naive_tree.entries(size)

    def subtree(height: int, index: int) -> bytes:
        at = (index << height) - start
        assert 0 <= at <= size - (1 << height)
        return naive_tree.root(run[at : at + (1 << height)])

    assert fold_root(size, subtree, start) == naive_tree.root(run)


@given(st.integers(2, 2**64))
def test_split_point_is_the_largest_power_of_two_below(size: int) -> None:
    point = split_point(size)
    assert point.bit_count() == 1
    assert point < size <= 2 * point


def test_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert root_of(b"") == EMPTY_ROOT == sha256().digest()
