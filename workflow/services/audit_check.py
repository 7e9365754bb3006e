"""Check the log in a database: hashes, chains, digests, and all that repeats what leaves say."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from workflow.domain.disclosure import Disclosure
from workflow.domain.entry import PEOPLE, Link, leaf_hash, write_instant
from workflow.log.bundle.verify import Trust
from workflow.log.chain import Chains
from workflow.log.disclosures import find_false_disclosures
from workflow.log.leaf import Leaf, LeafError, read_leaf
from workflow.log.verdict import Fault, Verified
from workflow.persistence.chain_ends import End, find_lost_chain, read_ends
from workflow.persistence.entry_rows import EntryRow, freeze, read_subjects, stream_chains
from workflow.persistence.unit_of_work import Tx, UnitOfWork
from workflow.services.tree_check import TreeCheck, judge_signatures


def verify_database(uow: UnitOfWork, trust: Trust | None = None) -> Verified:
    """Return whether the log is whole and agrees with the rows beside it, and the first fault.

    With the keys of `trust` the newest checkpoint must be signed by one of them, and its policy
    and older checkpoint are judged as well. Chains are read one after the other: memory grows by
    eight bytes an entry.

    Raises: FormatError when the older checkpoint is none of this log's.
    """
    with uow.read() as tx:
        freeze(tx)
        check = _Check(tx, TreeCheck(tx))
        with closing(check.find_faults()) as faults:
            fault = next(faults, None)
        signed = None
        if fault is None and trust is not None:
            signed, fault = judge_signatures(tx, trust)
        return Verified(check.entries, check.ended, fault, (), signed, check.also)


@dataclass(slots=True)
class _Check:
    """One pass over all chains; `last` is the entry before, `end` what its chain should end at.

    `place` is where the entry before stands in the tree, None where it waits; `placed` says
    whether such places are known.
    """

    tx: Tx
    tree: TreeCheck
    entries: int = 0
    ended: int = 0
    chains: Chains = field(default_factory=Chains)
    last: Leaf | None = None
    ends: Mapping[str, End] = field(default_factory=dict)
    place: int | None = -1
    placed: bool = True

    @property
    def also(self) -> tuple[str, ...]:
        """Return what else was checked."""
        waiting = f", {self.tree.waiting} not yet" if self.tree.waiting else ""
        return (f"{self.tree.size} of them sealed{waiting}",)

    def find_faults(self) -> Generator[Fault]:
        """Yield faults in order; only the first one means anything.

        What is wrong with an entry is told by its chain, which people know, before the tree.
        """
        in_tree = next(self.tree.find_faults(), None)
        self.placed = in_tree is None
        yield from self._find_in_chains()
        if in_tree is not None:
            yield in_tree

    def _find_in_chains(self) -> Iterator[Fault]:
        for batch in stream_chains(self.tx):
            fresh = read_ends(self.tx, {str(row.chain) for row in batch})
            for row, leaf in _with_leaves(batch):
                if isinstance(leaf, str):
                    yield Fault(leaf, f"{row.chain} #{row.sequence}")
                    return
                if self.last is None or leaf.chain != self.last.chain:
                    yield from self._close_chain()
                    self.place = -1
                self.ends = fresh
                yield from self._check_entry(row, leaf)
            yield from _check_subjects(self.tx, batch)
        yield from self._close_chain()
        if (lost := find_lost_chain(self.tx)) is not None:
            yield Fault("its entries are missing", lost)

    def _check_entry(self, row: EntryRow, leaf: Leaf) -> Iterator[Fault]:
        self.last = leaf
        for what in (*_find_differences(row, leaf), *find_false_disclosures(leaf, row.details)):
            yield Fault(what, leaf.place)
        if (broken := self.chains.follow(leaf, row.leaf_hash)) is not None:
            yield Fault(broken, leaf.place)
        end = self.ends.get(leaf.chain)
        if end is not None and end.proposal_id != row.proposal_id:
            yield Fault("proposal_id is not that of the leaf's proposal", leaf.place)
        if self.placed:
            yield from self._check_place(row.id, leaf)
        self.entries += 1

    def _check_place(self, entry_id: int, leaf: Leaf) -> Iterator[Fault]:
        """See that a chain's entries stand in the tree in its order, those that wait last."""
        place = self.tree.place_of(entry_id)
        if place is not None and (self.place is None or place < self.place):
            yield Fault("comes in the tree before the entry that it follows", leaf.place)
        self.place = place

    def _close_chain(self) -> Iterator[Fault]:
        """Compare a chain's end with the row that keeps it, and forget the chain."""
        if self.last is None:
            return
        kept, found = self.ends.get(self.last.chain), self.chains.ends.pop(self.last.chain)
        self.ended += 1
        if kept is None:
            yield Fault("nothing in the database belongs to this chain", self.last.place)
        elif kept.link != found:
            yield Fault(_show_end(kept.link, found), self.last.place)


def _with_leaves(batch: list[EntryRow]) -> Iterator[tuple[EntryRow, Leaf | str]]:
    for row in batch:
        if not _are_bytes(row.leaf, row.leaf_hash):
            yield row, "the leaf or its hash is not bytes"
        elif leaf_hash(row.leaf) != row.leaf_hash:
            yield row, "the leaf does not have the hash that is stored with it"
        else:
            try:
                yield row, read_leaf(row.leaf)
            except LeafError as error:
                yield row, str(error)


def _are_bytes(*values: object) -> bool:
    # SQLite lets anybody store text where bytes belong.
    return all(isinstance(value, bytes) for value in values)


def _show_instant(stored: object) -> object:
    """Return an instant as leaves write it; SQLite's driver gives just that text."""
    return write_instant(stored) if isinstance(stored, datetime) else stored


def _find_differences(row: EntryRow, leaf: Leaf) -> Iterator[str]:
    """Yield the columns that do not repeat what the leaf says."""
    pairs: dict[str, tuple[object, object]] = {
        "chain": (row.chain, leaf.chain),
        "sequence": (row.sequence, leaf.sequence),
        "at": (_show_instant(row.at), leaf.at),
        "kind": (row.kind, leaf.kind),
        "actor": (row.actor, leaf.people.get("actor")),
        "party": (row.party, leaf.party),
        "role": (row.role, leaf.role),
        "step": (row.step, leaf.step),
        "change_id": (row.change_id, leaf.change),
    }
    for name, (stored, said) in pairs.items():
        if stored != said:
            yield f"{name} is not what the leaf says"


def _check_subjects(tx: Tx, batch: list[EntryRow]) -> Iterator[Fault]:
    """Compare the people kept beside the log with the pseudonyms that are digests of them."""
    leaves = [read_leaf(row.leaf) for row in batch]
    known = read_subjects(tx, sorted({one for leaf in leaves for one in leaf.people.values()}))
    for leaf in leaves:
        people = {
            name: Disclosure("login", subject.salt, subject.login)
            for name in PEOPLE
            if (subject := known.get(leaf.people.get(name, ""))) is not None
            and subject.salt is not None
        }
        for what in find_false_disclosures(leaf, people):
            yield Fault(what, leaf.place)


def _show_end(kept: Link, found: Link) -> str:
    if kept.sequence > found.sequence:
        return f"#{found.sequence + 1} to #{kept.sequence} are missing after it"
    if kept.sequence < found.sequence:
        return f"the chain should have ended at #{kept.sequence}"
    return "the head kept for the chain is not this entry's hash"
