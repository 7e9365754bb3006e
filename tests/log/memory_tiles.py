"""Tiles in memory, by path, as `grow` makes them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from tests.log import naive_tree
from workflow.log.growth import Edge, grow
from workflow.log.merkle import HASH_BYTES
from workflow.log.tiles import TileError, TileName, Tree


@dataclass
class MemoryTiles:
    """A log's tiles: each at its newest width, as a table keeps them."""

    size: int = 0
    edge: Edge = field(default_factory=dict)
    kept: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def read(self, name: TileName) -> bytes:
        """Return a tile's hashes."""
        try:
            return self.kept[name.level, name.number]
        except KeyError:
            raise TileError(f"{name.path} is absent") from None

    def append(self, hashes: bytes) -> list[TileName]:
        """Append leaf hashes; return which tiles became new or longer."""
        grown = grow(self.size, self.edge, hashes)
        for name, content in grown.tiles.items():
            before = self.kept.get((name.level, name.number), b"")
            assert content.startswith(before)
            assert len(content) == name.width * HASH_BYTES > len(before)
            self.kept[name.level, name.number] = content
        self.size, self.edge = grown.size, grown.edge
        return list(grown.tiles)


def grown(*portions: int) -> MemoryTiles:
    """Return the tiles of a log that grew in these portions."""
    tiles, hashes = MemoryTiles(), naive_tree.hashes(sum(portions))
    for portion in portions:
        start = tiles.size * HASH_BYTES
        tiles.append(hashes[start : start + portion * HASH_BYTES])
    return tiles


@cache
def tree(size: int) -> Tree:
    """Return the tree of so many entries."""
    return Tree(grown(size), size)


def cut(hashes: bytes) -> Sequence[bytes]:
    """Return a run of hashes one by one."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
