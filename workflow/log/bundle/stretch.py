"""Check a stretch of a bundle's tree: tiles of level 0 and, in a whole bundle, the leaves below.

A stretch is checked alone, in a process of its own where there are many leaves.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from workflow.log.bundle.disclosed import DISCLOSURES, Disclosed
from workflow.log.bundle.folder import Folder
from workflow.log.bundle.leaves import Leaves, name_leaf
from workflow.log.merkle import HASH_BYTES, hash_leaf, root_of
from workflow.log.tiles import TILE_WIDTH, TileError, TileName, unpack_entries
from workflow.log.verdict import BrokenError, Fault

_LENGTH_BYTES = 2
_LEAF = b"\x00"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tiles from `first` to `last` (outside) of level 0 in a tree of a size.

    `disclosed` is where in the file the lines of these leaves stand.
    """

    folder: Path
    size: int
    first: int
    last: int
    with_entries: bool
    disclosed: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Checked:
    """What a stretch came to: the roots of its full tiles, its leaves, and the first fault."""

    roots: bytes = b""
    leaves: Leaves = field(default_factory=Leaves)
    fault: Fault | None = None


def check_stretch(stretch: Stretch) -> Checked:
    """Check a stretch. Raises: BrokenError when a tile is missing or of another length."""
    folder, checked = Folder(stretch.folder), Checked()
    disclosed = _open_disclosed(folder, stretch)
    roots: list[bytes] = []
    for number in range(stretch.first, stretch.last):
        name = TileName(0, number, min(TILE_WIDTH, stretch.size - number * TILE_WIDTH))
        tile = folder.read_tile(name)
        if name.width == TILE_WIDTH:
            roots.append(root_of(tile))
        if stretch.with_entries and checked.fault is None:
            _check_entries(folder, name, tile, disclosed, checked)
    checked.roots = b"".join(roots)
    if stretch.with_entries and checked.fault is None:
        _finish(disclosed, checked)
    return checked


def _open_disclosed(folder: Folder, stretch: Stretch) -> Disclosed:
    start, end = stretch.disclosed
    return Disclosed(folder.read_lines(DISCLOSURES, start, end) if end > start else iter(()))


def _check_entries(
    folder: Folder, name: TileName, tile: bytes, disclosed: Disclosed, checked: Checked
) -> None:
    try:
        leaves, hashes = _hash_entries(name, folder.read_entries(name), tile)
        checked.leaves.read(name.number * TILE_WIDTH, leaves, hashes, disclosed)
    except BrokenError as broken:
        # The tiles still have to be read to the end: they say which of the two is wrong.
        checked.fault = broken.fault


def _finish(disclosed: Disclosed, checked: Checked) -> None:
    try:
        disclosed.finish()
    except BrokenError as broken:
        checked.fault = broken.fault


def _hash_entries(name: TileName, content: bytes, tile: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return leaves and their hashes once they are those of the tile. Raises: BrokenError."""
    try:
        leaves = unpack_entries(content)
        # RFC 6962, 2.1, written out: a call a leaf would cost a tenth of all time.
        hashes = [sha256(_LEAF + leaf).digest() for leaf in leaves]
    except TileError:
        leaves, hashes = [], []
    if b"".join(hashes) != tile:
        raise _find_bad_leaf(name, content, tile)
    return leaves, hashes


def _find_bad_leaf(name: TileName, content: bytes, tile: bytes) -> BrokenError:
    at, place = 0, 0
    while place < name.width:
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(content[at:start])
        leaf = content[start:at]
        if hash_leaf(leaf) != tile[place * HASH_BYTES : (place + 1) * HASH_BYTES]:
            named = name_leaf(name.number * TILE_WIDTH + place, leaf)
            return BrokenError(
                f"is not the entry whose hash stands in {name.path}",
                f"{named} ({name.entries_path})",
            )
        place += 1
    return BrokenError(f"holds more than its {name.width} entries", name.entries_path)
