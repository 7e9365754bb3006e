"""The log's tree as the database keeps it."""

from dataclasses import dataclass

from workflow.log.merkle import HASH_BYTES
from workflow.log.tiles import TileError, TileName, Tree
from workflow.persistence import sealing
from workflow.persistence.unit_of_work import Tx


class BrokenTreeError(Exception):
    """What the database keeps of the tree does not hang together; nothing is built on it."""


class ForkedLogError(Exception):
    """The tree does not continue a checkpoint that was signed: it was rolled back or rewritten."""


@dataclass(frozen=True, slots=True)
class DatabaseTiles:
    """The tiles of the tree, a statement each."""

    tx: Tx

    def read(self, name: TileName) -> bytes:
        """Return a tile's hashes. Raises: TileError."""
        hashes = sealing.read_tile(self.tx, name.level, name.number)
        # SQLite lets anybody store text where bytes belong.
        if not isinstance(hashes, bytes):
            raise TileError(f"{name.path} is missing")
        return hashes[: name.width * HASH_BYTES]


def read_tree(tx: Tx) -> Tree:
    """Return the tree at the size that it is sealed to."""
    return Tree(DatabaseTiles(tx), sealing.read_state(tx).size)
