"""Check a bundle's tiles: all of them must follow from those of level 0, and lead to the root.

Source: C2SP tlog-tiles, 'Merkle Tree'; RFC 6962, 2.1.
"""

from collections.abc import Mapping

from workflow.log.bundle.folder import Folder, FolderTiles
from workflow.log.checkpoint import Checkpoint
from workflow.log.merkle import HASH_BYTES, fold_root, root_of
from workflow.log.tiles import TILE_BYTES, TILE_HEIGHT, TILE_WIDTH, TileName, Tree, tiles_of
from workflow.log.verdict import BrokenError

Rows = Mapping[int, bytes]
"""The hashes of each level."""


def check_tree(folder: Folder, checkpoint: Checkpoint, roots: bytes) -> Tree:
    """Return a bundle's tree once its tiles lead to the root that was signed.

    `roots` are those of the full tiles of level 0. Raises: BrokenError, which names the first
    tile that is wrong.
    """
    size = checkpoint.size
    rows = _climb(roots)
    if _root(folder, size, rows) != checkpoint.root:
        raise _find_bad_tile(folder, size, roots)
    for name in tiles_of(size):
        if name.level and folder.read_tile(name) != _cut(rows, name):
            raise BrokenError("does not hold the hashes of the tiles below it", name.path)
    return Tree(FolderTiles(folder), size)


def _climb(roots: bytes) -> Rows:
    """Return the rows of level 1 and above: a level's hashes are the roots of full tiles below."""
    rows, level = {1: roots}, 1
    while len(rows[level]) >= TILE_BYTES:
        row = rows[level]
        whole = range(0, len(row) // TILE_BYTES * TILE_BYTES, TILE_BYTES)
        rows[level + 1] = b"".join(root_of(row[at : at + TILE_BYTES]) for at in whole)
        level += 1
    return rows


def _root(folder: Folder, size: int, rows: Rows) -> bytes:
    """Return the root as level 0 gives it; of that level only the right edge is read."""
    edge = size % TILE_WIDTH
    last = folder.read_tile(TileName(0, size // TILE_WIDTH, edge)) if edge else b""

    def subtree(height: int, index: int) -> bytes:
        level, rest = divmod(height, TILE_HEIGHT)
        start, width = index << rest, 1 << rest
        row, start = (
            (rows[level], start) if level else (last, start - size // TILE_WIDTH * TILE_WIDTH)
        )
        return root_of(row[start * HASH_BYTES : (start + width) * HASH_BYTES])

    return fold_root(size, subtree)


def _find_bad_tile(folder: Folder, size: int, roots: bytes) -> BrokenError:
    """Return which tile of level 0 differs from what level 1 holds of it, else the last one."""
    what = "does not lead to the root that was signed"
    for name in tiles_of(size):
        if name.level != 1:
            continue
        held, found = folder.read_tile(name), roots[name.number * TILE_BYTES :]
        for place in range(name.width):
            at = place * HASH_BYTES
            if held[at : at + HASH_BYTES] != found[at : at + HASH_BYTES]:
                return BrokenError(what, TileName(0, name.number * TILE_WIDTH + place).path)
    if size % TILE_WIDTH == 0:
        return BrokenError("lead to another root than the one that was signed", "the tiles")
    return BrokenError(what, TileName(0, size // TILE_WIDTH, size % TILE_WIDTH).path)


def _cut(rows: Rows, name: TileName) -> bytes:
    start = name.number * TILE_BYTES
    return rows[name.level][start : start + name.width * HASH_BYTES]
