"""Read a bundle's leaves in order: canonical, linked to those before, and disclosed truly.

What is checked here follows from the bytes alone; that they are the tree's is checked before.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from workflow.domain.entry import MAX_LEAF_BYTES, START, Link
from workflow.log.bundle.disclosed import Disclosed
from workflow.log.chain import find_broken_link
from workflow.log.leaf import LeafError
from workflow.log.leaf_form import (
    UNREADABLE,
    LeafForm,
    decode_known,
    read_form,
    read_loosely,
    write_into,
)
from workflow.log.verdict import BrokenError

Ends: TypeAlias = dict[str, tuple[int, str]]
"""Each chain's last number and leaf hash in hexadecimal."""

First: TypeAlias = tuple[int, str | None, int]
"""A chain's first entry in a stretch: its number, the hash it names, and its leaf index."""


@dataclass(slots=True)
class Leaves:
    """A stretch of leaves; how its chains go on from those before, `join` checks.

    Memory: a link or two for each chain, and the digests of definitions.
    """

    partial: Collection[str] = ()
    count: int = 0
    ends: Ends = field(default_factory=dict)
    firsts: dict[str, First] = field(default_factory=dict)
    definitions: set[str | None] = field(default_factory=set)

    def read(
        self, index: int, leaves: Iterable[bytes], hashes: Iterable[bytes], disclosed: Disclosed
    ) -> None:
        """Read leaves that follow each other in the tree. Raises: BrokenError."""
        # Millions of leaves pass here: names are bound once, and nothing of ours is called for a
        # leaf that is as it should be.
        ends, definitions, decode, write = self.ends, self.definitions, decode_known, write_into
        buffer, start = bytearray(), index
        form: LeafForm
        for leaf, hashed in zip(leaves, hashes, strict=True):
            try:
                form = known_form = decode(leaf)
                write(known_form, buffer)
                known = buffer == leaf and leaf.isascii() and len(leaf) <= MAX_LEAF_BYTES
            except UNREADABLE:
                known = False
            if not known:
                form = _read_slowly(index, leaf)
            about = form.object
            end = ends.get(about.chain)
            if end is None or end[0] + 1 != about.sequence or end[1] != about.prev:
                self._follow(index, form, end)
            ends[about.chain] = (about.sequence, hashed.hex())
            definitions.add(form.definition)
            if index == disclosed.next_index:
                _disclose(index, form, disclosed)
            index += 1
        self.count += index - start

    def join(self, later: "Leaves") -> None:
        """Take in the stretch that follows. Raises: BrokenError for a link between the two."""
        for chain, (sequence, prev, index) in later.firsts.items():
            end = _link(self.ends.get(chain))
            if what := find_broken_link(end, sequence, prev, gaps=chain in self.partial):
                raise BrokenError(what, place_of(index, chain, sequence))
        self.ends.update(later.ends)
        self.definitions |= later.definitions
        self.count += later.count

    def _follow(self, index: int, form: LeafForm, end: tuple[int, str] | None) -> None:
        about = form.object
        if end is None:
            self.firsts[about.chain] = (about.sequence, about.prev, index)
            return
        gaps = about.chain in self.partial
        if what := find_broken_link(_link(end), about.sequence, about.prev, gaps=gaps):
            raise BrokenError(what, place_of(index, about.chain, about.sequence))


def name_leaf(index: int, leaf: bytes) -> str:
    """Name a leaf for people: its index and, where it can be read, its place in its chain."""
    try:
        about = read_form(leaf).object
    except LeafError:
        return f"leaf {index}"
    return place_of(index, about.chain, about.sequence)


def place_of(index: int, chain: str, sequence: int) -> str:
    """Name a leaf by its index, chain and number."""
    return f"leaf {index}, {chain} #{sequence}"


def _read_slowly(index: int, leaf: bytes) -> LeafForm:
    try:
        return read_loosely(leaf)
    except LeafError as error:
        raise BrokenError(str(error), f"leaf {index}") from error


def _disclose(index: int, form: LeafForm, disclosed: Disclosed) -> None:
    try:
        disclosed.check(form)
    except BrokenError as broken:
        if broken.fault.place is not None:
            raise
        place = place_of(index, form.object.chain, form.object.sequence)
        raise BrokenError(broken.fault.what, place) from broken


def _link(end: tuple[int, str] | None) -> Link:
    return START if end is None else Link(end[0], bytes.fromhex(end[1]))
