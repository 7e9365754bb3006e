"""A tree that grows in portions becomes the tree that was made at once."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.log import naive_tree
from tests.log.memory_tiles import MemoryTiles, grown
from workflow.log.growth import grow
from workflow.log.merkle import HASH_BYTES
from workflow.log.tiles import TileError, TileName, Tree, edge_of, tiles_of

PORTIONS = st.lists(st.sampled_from([0, 1, 2, 254, 255, 256, 257, 513]) | st.integers(0, 300))


@given(PORTIONS)
def test_portions_give_the_tiles_of_one(portions: list[int]) -> None:
    assert grown(*portions).kept == grown(sum(portions)).kept
    assert grown(*portions).edge == grown(sum(portions)).edge


@settings(max_examples=10)
@given(st.lists(st.integers(1, 65_536), max_size=6, unique=True), st.sampled_from(naive_tree.LARGE))
def test_portions_give_the_tiles_of_one_in_a_large_tree(cuts: list[int], size: int) -> None:
    at = [0, *sorted(cut for cut in cuts if cut < size), size]
    portions = [end - start for start, end in pairwise(at)]
    assert grown(*portions).kept == grown(size).kept


@given(st.integers(0, 600), st.integers(0, 600))
def test_grow_gives_only_the_tiles_that_are_new_or_longer(size: int, more: int) -> None:
    tiles = grown(size)
    names = tiles.append(naive_tree.hashes(size + more)[size * HASH_BYTES :])
    assert set(names) == set(tiles_of(size + more)) - set(tiles_of(size))
    assert len(names) == len(set(names))


@given(st.integers(0, 1_200))
def test_edge_is_the_partial_tile_of_each_level(size: int) -> None:
    tiles = grown(size)
    assert tiles.size == size
    assert tiles.edge == {name.level: tiles.read(name) for name in edge_of(size)}


@pytest.mark.parametrize("size", [254, 255, 256, 65_534, 65_535, 65_536])
def test_one_more_leaf_fills_tiles_one_above_the_other(size: int) -> None:
    tiles = grown(size)
    names = tiles.append(naive_tree.hashes(size + 1)[-HASH_BYTES:])
    expected = {
        254: [TileName(0, 0, 255)],
        255: [TileName(0, 0), TileName(1, 0, 1)],
        256: [TileName(0, 1, 1)],
        65_534: [TileName(0, 255, 255)],
        65_535: [TileName(0, 255), TileName(1, 0), TileName(2, 0, 1)],
        65_536: [TileName(0, 256, 1)],
    }
    assert names == expected[size]
    assert Tree(tiles, size + 1).root == naive_tree.root(naive_tree.entries(size + 1))


def test_nothing_appended_changes_nothing() -> None:
    assert grown(300).append(b"") == []
    assert MemoryTiles().append(b"") == []


@pytest.mark.parametrize("size", [1, 44, 255, 256, 257, 299, 301, 556, 65_836])
def test_the_edge_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(TileError, match=f"not the partial tiles of a tree of {size}"):
        grow(size, grown(300).edge, bytes(HASH_BYTES))


@pytest.mark.parametrize("hashes", [bytes(31), bytes(33), b"x"])
def test_hashes_cut_off_are_refused(hashes: bytes) -> None:
    with pytest.raises(TileError, match="end within one"):
        grow(300, grown(300).edge, hashes)


def test_an_edge_cut_off_is_refused() -> None:
    edge = {level: tile[:-1] for level, tile in grown(300).edge.items()}
    with pytest.raises(TileError):
        grow(300, edge, bytes(HASH_BYTES))
