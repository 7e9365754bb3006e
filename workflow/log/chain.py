"""Follow chains: every entry names the hash of the one before it, and its own number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from workflow.domain.entry import START, Link

EVERY_CHAIN = "*"
"""In a list of partial chains: gaps are expected everywhere (a filtered export)."""


class Linked(Protocol):
    """What a leaf says of its place: its chain, its number there, the hash of the one before."""

    @property
    def chain(self) -> str:
        """Name the chain."""

    @property
    def sequence(self) -> int:
        """Give the number, from 1."""

    @property
    def prev(self) -> str | None:
        """Give the leaf hash of the entry before, in hexadecimal."""


@dataclass(slots=True)
class Chains:
    """The ends of the chains read so far.

    `partial` names the chains of which entries may be missing; a link is then checked only
    where two entries that follow each other are both there. Memory: one link a chain.
    """

    partial: Collection[str] = ()
    ends: dict[str, Link] = field(default_factory=dict)

    def follow(self, leaf: Linked, leaf_hash: bytes) -> str | None:
        """Move a chain's end to an entry; return what is wrong with the link, if anything."""
        end = self.ends.get(leaf.chain, START)
        gaps = EVERY_CHAIN in self.partial or leaf.chain in self.partial
        fault = find_broken_link(end, leaf.sequence, leaf.prev, gaps=gaps)
        self.ends[leaf.chain] = Link(leaf.sequence, leaf_hash)
        return fault

    @property
    def heads(self) -> Mapping[str, str]:
        """Return each chain's last leaf hash in hexadecimal."""
        return {chain: end.head.hex() for chain, end in self.ends.items() if end.head}


def find_broken_link(end: Link, sequence: int, prev: str | None, *, gaps: bool) -> str | None:
    """Return what is wrong with an entry that comes next in its chain after an end, if anything.

    `prev` is the hash it names, in hexadecimal; where gaps are expected, a missing entry is no
    fault.
    """
    if sequence <= end.sequence:
        return f"comes after #{end.sequence} of its chain"
    if sequence == end.sequence + 1:
        expected = end.head.hex() if end.head is not None else None
        return None if prev == expected else "does not name the hash of the entry before"
    if prev is None:
        return "names no entry before it"
    return None if gaps else _missing(end.sequence + 1, sequence - 1)


def _missing(first: int, last: int) -> str:
    return (
        f"#{first} is missing before it"
        if first == last
        else (f"#{first} to #{last} are missing before it")
    )
