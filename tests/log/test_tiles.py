"""Tiles have the names, widths and hashes of C2SP tlog-tiles, and a tree reads itself from them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.log import naive_tree
from tests.log.memory_tiles import MemoryTiles, grown, tree
from workflow.log.tiles import (
    TileError,
    TileName,
    Tree,
    edge_of,
    pack_entries,
    tiles_of,
    unpack_entries,
)

NUMBERS = st.integers(0, 2**40)
WIDTHS = st.integers(1, 256)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (TileName(0, 0), "tile/0/000"),
        (TileName(0, 0, 1), "tile/0/000.p/1"),
        (TileName(0, 999), "tile/0/999"),
        (TileName(0, 1_000), "tile/0/x001/000"),
        (TileName(0, 273, 112), "tile/0/273.p/112"),
        (TileName(1, 1, 17), "tile/1/001.p/17"),
        (TileName(63, 1_234_067), "tile/63/x001/x234/067"),
        (TileName(2, 1_234_067, 255), "tile/2/x001/x234/067.p/255"),
        (TileName(0, 1_000_000), "tile/0/x001/x000/000"),
    ],
)
def test_path_is_as_the_specification_shows_it(name: TileName, path: str) -> None:
    assert name.path == path


def test_entries_stand_beside_their_tile() -> None:
    assert TileName(0, 1_234_067, 3).entries_path == "tile/entries/x001/x234/067.p/3"
    assert TileName(0, 5).entries_path == "tile/entries/005"


@given(st.integers(0, 63), NUMBERS, WIDTHS)
def test_path_says_level_number_and_width(level: int, number: int, width: int) -> None:
    path = TileName(level, number, width).path
    found = re.fullmatch(r"tile/(0|[1-9]\d?)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?", path)
    assert found is not None
    assert int(found[1]) == level
    assert int(found[2].replace("x", "").replace("/", "")) == number
    assert not found[2].startswith("x000")
    assert found[3] == (None if width == 256 else str(width))


@given(NUMBERS, WIDTHS, NUMBERS, WIDTHS)
def test_no_path_is_another_tiles_or_the_folder_of_one(
    number: int, width: int, other: int, other_width: int
) -> None:
    one, two = TileName(0, number, width), TileName(0, other, other_width)
    if one != two:
        assert one.path != two.path
        assert not two.path.startswith(f"{one.path}/")


def test_tiles_of_70_000_are_those_of_the_specification() -> None:
    names = list(tiles_of(70_000))
    assert names == [
        *(TileName(0, number) for number in range(273)),
        TileName(0, 273, 112),
        TileName(1, 0),
        TileName(1, 1, 17),
        TileName(2, 0, 1),
    ]
    assert edge_of(70_000) == [TileName(0, 273, 112), TileName(1, 1, 17), TileName(2, 0, 1)]


def test_tiles_of_256_are_one_full_and_one_of_a_single_hash() -> None:
    assert list(tiles_of(256)) == [TileName(0, 0), TileName(1, 0, 1)]
    assert edge_of(256) == [TileName(1, 0, 1)]


@given(st.sampled_from([*naive_tree.SIZES, *naive_tree.LARGE]) | st.integers(0, 200_000))
def test_tiles_are_as_wide_as_their_tree_asks(size: int) -> None:
    names = list(tiles_of(size))
    assert {(name.level, name.number): name.width for name in names} == naive_tree.widths(size)
    assert edge_of(size) == [name for name in names if name.width < 256]


@pytest.mark.parametrize("size", [*naive_tree.SIZES, 700])
def test_tiles_hold_the_hashes_of_the_definition(size: int) -> None:
    tiles, entries = grown(size), naive_tree.entries(size)
    for name in tiles_of(size):
        expected = naive_tree.tile(name.level, name.number, name.width, entries)
        assert tiles.read(name) == expected
    assert len(tiles.kept) == len(list(tiles_of(size)))


@pytest.mark.parametrize("size", naive_tree.LARGE)
def test_the_last_tile_of_each_level_of_a_large_tree_is_the_definitions(size: int) -> None:
    tiles, entries = grown(size), naive_tree.entries(size)
    names = {name.level: name for name in tiles_of(size)}
    assert len(names) == (3 if size >= 65_536 else 2)
    for name in names.values():
        expected = naive_tree.tile(name.level, name.number, name.width, entries)
        assert tiles.read(name) == expected


@pytest.mark.parametrize("size", naive_tree.SIZES)
def test_tree_knows_every_root_it_ever_had(size: int) -> None:
    entries = naive_tree.entries(size)
    old = [tree(size).root_at(at) for at in range(size + 1)]
    assert old == [naive_tree.root(entries[:at]) for at in range(size + 1)]
    assert tree(size).root == old[-1]


@pytest.mark.parametrize("size", naive_tree.LARGE)
def test_large_tree_knows_every_root_it_ever_had(size: int) -> None:
    entries = naive_tree.entries(size)
    for at in (1, 255, 256, 257, 65_279, 65_280, 65_281, 65_535, size):
        assert tree(size).root_at(at) == naive_tree.root(entries[:at])


@pytest.mark.parametrize("size", [*naive_tree.SIZES, 65_537])
def test_tree_gives_each_leaf_and_nothing_beyond(size: int) -> None:
    hashes = naive_tree.hashes(size)
    for index in {0, 1, 254, 255, 256, 257, 510, 511, 512, 65_535, 65_536} & set(range(size)):
        assert tree(size).leaf(index) == hashes[32 * index : 32 * index + 32]
    for beyond in (size, size + 1, size + 255, size + 256, size + 65_536):
        with pytest.raises(TileError):
            tree(size).leaf(beyond)
        with pytest.raises(TileError):
            tree(size).root_at(beyond + 1)


@given(st.integers(1, 600), st.integers(0, 600), st.integers(0, 12))
def test_tree_gives_a_subtree_only_when_all_its_leaves_are_there(
    size: int, index: int, height: int
) -> None:
    end = index + 1 << height
    if end <= size:
        piece = naive_tree.entries(size)[index << height : end]
        assert tree(size).subtree(height, index) == naive_tree.root(piece)
    else:
        with pytest.raises(TileError):
            tree(size).subtree(height, index)


def test_tree_refuses_a_tile_that_is_absent_or_too_short() -> None:
    tiles = grown(300)
    tiles.kept[0, 0] = tiles.kept[0, 0][:-1]
    with pytest.raises(TileError, match="tile/0/000 has fewer hashes than its tree"):
        Tree(tiles, 300).leaf(0)
    del tiles.kept[0, 1]
    with pytest.raises(TileError, match=r"tile/0/001\.p/44 is absent"):
        Tree(tiles, 300).leaf(299)


def test_tree_reads_a_tile_that_has_grown_since_as_it_was() -> None:
    assert Tree(grown(700), 300).root == naive_tree.root(naive_tree.entries(300))
    with pytest.raises(TileError):
        Tree(grown(700), 300).leaf(300)


def test_large_tree_is_read_from_few_tiles() -> None:
    whole = grown(65_537)
    edge = {place: whole.kept[place] for place in ((0, 256), (2, 0))}
    assert Tree(MemoryTiles(kept=edge), 65_537).root == Tree(whole, 65_537).root


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_entries_are_unpacked_as_they_were_packed(leaves: list[bytes]) -> None:
    content = pack_entries(leaves)
    assert unpack_entries(content) == leaves
    assert len(content) == sum(2 + len(leaf) for leaf in leaves)


def test_entries_stand_behind_their_length_big_endian() -> None:
    assert pack_entries([b"a", b"", b"b" * 258]) == b"\0\1a\0\0\1\2" + b"b" * 258
    assert unpack_entries(pack_entries([b"c" * 65_535])) == [b"c" * 65_535]


def test_an_entry_too_long_for_its_length_is_refused() -> None:
    with pytest.raises(OverflowError):
        pack_entries([bytes(65_536)])


@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=9), st.data())
def test_entries_cut_off_are_refused(leaves: list[bytes], data: st.DataObject) -> None:
    content = pack_entries(leaves)
    ends = {len(pack_entries(leaves[:count])) for count in range(len(leaves) + 1)}
    end = data.draw(st.integers(0, len(content)).filter(lambda at: at not in ends))
    with pytest.raises(TileError):
        unpack_entries(content[:end])
