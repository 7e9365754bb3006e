"""Follow chains: every entry names the hash of the one before it, and its own number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from workflow.domain.entry import START, Link
from workflow.log.leaf import Leaf

EVERY_CHAIN = "*"
"""In a list of partial chains: gaps are expected everywhere (a filtered export)."""


@dataclass(slots=True)
class Chains:
    """The ends of the chains read so far.

    `partial` names the chains of which entries may be missing; a link is then checked only
    where two entries that follow each other are both there. Memory: one link a chain.
    """

    partial: Collection[str] = ()
    ends: dict[str, Link] = field(default_factory=dict)

    def follow(self, leaf: Leaf, leaf_hash: bytes) -> str | None:
        """Move a chain's end to an entry; return what is wrong with the link, if anything."""
        fault = self._find_fault(leaf, self.ends.get(leaf.chain, START))
        self.ends[leaf.chain] = Link(leaf.sequence, leaf_hash)
        return fault

    @property
    def heads(self) -> Mapping[str, str]:
        """Return each chain's last leaf hash in hexadecimal."""
        return {chain: end.head.hex() for chain, end in self.ends.items() if end.head}

    def _find_fault(self, leaf: Leaf, end: Link) -> str | None:
        if leaf.sequence <= end.sequence:
            return f"comes after #{end.sequence} of its chain"
        if leaf.sequence == end.sequence + 1:
            expected = end.head.hex() if end.head is not None else None
            return None if leaf.prev == expected else "does not name the hash of the entry before"
        if leaf.prev is None:
            return "names no entry before it"
        if EVERY_CHAIN in self.partial or leaf.chain in self.partial:
            return None
        return _missing(end.sequence + 1, leaf.sequence - 1)


def _missing(first: int, last: int) -> str:
    return (
        f"#{first} is missing before it"
        if first == last
        else (f"#{first} to #{last} are missing before it")
    )
