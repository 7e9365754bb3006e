"""The tree over rows that pass one by one: its roots at the sizes that somebody signed.

Source: RFC 6962, section 2.1.
"""

from collections.abc import Iterable

from workflow.log.growth import Edge, grow
from workflow.log.merkle import EMPTY_ROOT, root_of

_HASHES_AT_ONCE = 4_096


class RowTree:
    """A tree that grows; `roots` holds its root at each size that was asked for and reached."""

    def __init__(self, sizes: Iterable[int]) -> None:
        """Ask for the roots at these sizes."""
        self.roots: dict[int, bytes] = {0: EMPTY_ROOT}
        self._sizes = sorted(set(sizes) - {0}, reverse=True)
        self._size = 0
        self._edge: Edge = {}
        self._waiting: list[bytes] = []
        self._stop = self._next_stop()

    def add(self, leaf_hash: bytes) -> None:
        """Append a leaf."""
        if not self._sizes:
            return
        self._waiting.append(leaf_hash)
        if len(self._waiting) == self._stop:
            self._grow()

    def _grow(self) -> None:
        grown = grow(self._size, self._edge, b"".join(self._waiting))
        self._size, self._edge = grown.size, grown.edge
        self._waiting.clear()
        if self._sizes[-1] == self._size:
            self.roots[self._sizes.pop()] = _root_of_edge(self._edge)
        self._stop = self._next_stop()

    def _next_stop(self) -> int:
        """Return after how many leaves to grow: at a size that was asked for, or when enough."""
        left = self._sizes[-1] - self._size if self._sizes else _HASHES_AT_ONCE
        return min(left, _HASHES_AT_ONCE)


def _root_of_edge(edge: Edge) -> bytes:
    """Return a tree's root from its partial tiles.

    What stands to the right of a level's last whole node is one node more of it, which moves up
    as it is where it has no sibling.
    """
    rest = b""
    for level in range(max(edge) + 1):
        row = edge.get(level, b"") + rest
        rest = root_of(row) if row else b""
    return rest
