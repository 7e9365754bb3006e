"""Append leaf hashes to a tree: only its right edge is needed, and only new tiles come out."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.log.merkle import HASH_BYTES, hash_pairs
from workflow.log.tiles import TILE_BYTES, TILE_HEIGHT, TILE_WIDTH, TileError, TileName, edge_of

Edge = Mapping[int, bytes]
"""The hashes of the partial tile of each level that has one."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A tree after leaves were appended; `tiles` are those that are new or longer than before."""

    size: int
    tiles: Mapping[TileName, bytes]
    edge: Edge


def grow(size: int, edge: Edge, hashes: bytes) -> Growth:
    """Return what becomes of a tree of a size and edge when leaf hashes are appended.

    Costs one hash a leaf and memory for the leaves given. Raises: TileError when the edge does
    not belong to a tree of that size, or a hash is cut off.
    """
    _see_that_edge_fits(size, edge, hashes)
    tiles: dict[TileName, bytes] = {}
    grown: dict[int, bytes] = dict(edge)
    level, before, fresh = 0, size, hashes
    while fresh:
        row = grown.pop(level, b"") + fresh
        number = before // TILE_WIDTH
        tiles |= _cut(level, number, row)
        whole = len(row) // TILE_BYTES * TILE_BYTES
        if len(row) > whole:
            grown[level] = row[whole:]
        fresh = _climb(row[:whole])
        level, before = level + 1, before // TILE_WIDTH
    return Growth(size + len(hashes) // HASH_BYTES, tiles, grown)


def _see_that_edge_fits(size: int, edge: Edge, hashes: bytes) -> None:
    widths = {level: len(tile) / HASH_BYTES for level, tile in edge.items()}
    if widths != {name.level: name.width for name in edge_of(size)}:
        raise TileError(f"these are not the partial tiles of a tree of {size}")
    if len(hashes) % HASH_BYTES:
        raise TileError("the hashes end within one")


def _cut(level: int, number: int, row: bytes) -> dict[TileName, bytes]:
    """Return a row of a level as tiles, from a number on."""
    return {
        TileName(level, number + at // TILE_BYTES, len(piece) // HASH_BYTES): piece
        for at in range(0, len(row), TILE_BYTES)
        if (piece := row[at : at + TILE_BYTES])
    }


def _climb(row: bytes) -> bytes:
    """Return the roots of full tiles, one after the other."""
    for _ in range(TILE_HEIGHT):
        row = hash_pairs(row)
    return row
