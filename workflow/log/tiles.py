"""A tree as tiles: files or rows of up to 256 hashes that never change once they are full.

The tile (level, number) holds, for each place p in it, the root over the 256^level leaves from
(256 * number + p) * 256^level on. Only whole subtrees stand in tiles; the rest of a root is
computed. Source: C2SP tlog-tiles, 'Merkle Tree'.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from workflow.log.merkle import HASH_BYTES, fold_root, root_of

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
TILE_BYTES: Final = TILE_WIDTH * HASH_BYTES
"""A full tile: 256 hashes."""

_GROUP = 1_000
_LENGTH_BYTES = 2
_CACHED_TILES = 64


class TileError(ValueError):
    """A tile is absent, too short or not as the tree says."""


@dataclass(frozen=True, slots=True, order=True)
class TileName:
    """Which tile, and how many hashes it holds: 256, or fewer at the right edge of the tree."""

    level: int
    number: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Return the tile's path. Source: C2SP tlog-tiles: tile/<L>/<N>[.p/<W>]."""
        return f"tile/{self.level}/{_number(self.number)}{_partial(self.width)}"

    @property
    def entries_path(self) -> str:
        """Return the path of the entries below it. Source: as above: tile/entries/<N>[.p/<W>]."""
        return f"tile/entries/{_number(self.number)}{_partial(self.width)}"


class Tiles(Protocol):
    """Where tiles are kept: a folder, a database, memory."""

    def read(self, name: TileName) -> bytes:
        """Return a tile's hashes, at least as many as its width. Raises: TileError."""


@dataclass(slots=True)
class Tree:
    """A tree of a size whose hashes are read from tiles as they are needed."""

    tiles: Tiles
    size: int
    _seen: dict[tuple[int, int], bytes] = field(default_factory=dict)

    @property
    def root(self) -> bytes:
        """Return the root. Raises: TileError."""
        return self.root_at(self.size)

    def root_at(self, size: int) -> bytes:
        """Return the root that the tree had when it held so many leaves. Raises: TileError."""
        return fold_root(size, self.subtree)

    def range_root(self, start: int, end: int) -> bytes:
        """Return the root over leaves start to end, a node of some tree. Raises: TileError."""
        return fold_root(end - start, self.subtree, start)

    def leaf(self, index: int) -> bytes:
        """Return a leaf's hash. Raises: TileError."""
        return self.subtree(0, index)

    def subtree(self, height: int, index: int) -> bytes:
        """Return the root over 2^height leaves from index * 2^height on. Raises: TileError."""
        level, rest = divmod(height, TILE_HEIGHT)
        number, place = divmod(index << rest, TILE_WIDTH)
        hashes = self._tile(level, number)
        piece = hashes[place * HASH_BYTES : (place + (1 << rest)) * HASH_BYTES]
        if len(piece) != HASH_BYTES << rest:
            raise TileError(f"no leaves of a tree of {self.size} end at {index + 1 << height}")
        return root_of(piece)

    def _tile(self, level: int, number: int) -> bytes:
        hashes = self._seen.pop((level, number), None)
        if hashes is None:
            width = min(TILE_WIDTH, (self.size >> TILE_HEIGHT * level) - number * TILE_WIDTH)
            if width < 1:
                raise TileError(f"tile {level}/{number} lies outside a tree of {self.size}")
            name = TileName(level, number, width)
            hashes = self.tiles.read(name)[: width * HASH_BYTES]
            if len(hashes) != width * HASH_BYTES:
                raise TileError(f"{name.path} has fewer hashes than its tree")
        self._seen[level, number] = hashes  # the newest last
        if len(self._seen) > _CACHED_TILES:
            del self._seen[next(iter(self._seen))]
        return hashes


def tiles_of(size: int) -> Iterator[TileName]:
    """Yield the tiles of a tree, level by level, each level from the left."""
    level = 0
    while count := size >> TILE_HEIGHT * level:
        yield from (TileName(level, number) for number in range(count // TILE_WIDTH))
        if count % TILE_WIDTH:
            yield TileName(level, count // TILE_WIDTH, count % TILE_WIDTH)
        level += 1


def edge_of(size: int) -> list[TileName]:
    """Return the tiles that still grow: the partial ones, level by level."""
    counts = [size >> TILE_HEIGHT * level for level in range(size.bit_length() // TILE_HEIGHT + 1)]
    return [
        TileName(level, count // TILE_WIDTH, count % TILE_WIDTH)
        for level, count in enumerate(counts)
        if count % TILE_WIDTH
    ]


def pack_entries(leaves: Iterable[bytes]) -> bytes:
    """Return leaves as an entries file: each after its length in two bytes, big-endian.

    Source: C2SP tlog-tiles, 'Log Entries'.
    """
    return b"".join(len(leaf).to_bytes(_LENGTH_BYTES) + leaf for leaf in leaves)


def unpack_entries(content: bytes) -> list[bytes]:
    """Return the leaves of an entries file. Raises: TileError when it ends within one."""
    leaves: list[bytes] = []
    at, end = 0, len(content)
    while at < end:
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(content[at:start])
        leaves.append(content[start:at])
    if at != end:
        raise TileError("the file ends within an entry")
    return leaves


def _number(number: int) -> str:
    """Return 1234067 as x001/x234/067. Source: C2SP tlog-tiles."""
    number, last = divmod(number, _GROUP)
    groups = [f"{last:03d}"]
    while number:
        number, group = divmod(number, _GROUP)
        groups.append(f"x{group:03d}")
    return "/".join(reversed(groups))


def _partial(width: int) -> str:
    return "" if width == TILE_WIDTH else f".p/{width}"
