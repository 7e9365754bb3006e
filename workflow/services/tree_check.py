"""Check the log's tree in a database: every entry stands in it once, and every signature holds."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workflow.log.bundle.verify import Trust
from workflow.log.checkpoint import Checkpoint, CheckpointError, open_checkpoint
from workflow.log.cosignature import is_cosigned
from workflow.log.growth import grow
from workflow.log.keys import NoteError, Signature, VerifierKey
from workflow.log.merkle import EMPTY_ROOT, HASH_BYTES
from workflow.log.note import parse_note
from workflow.log.policy import Policy, judge_checkpoint
from workflow.log.tiles import TILE_BYTES, TileError, TileName, Tree, tiles_of
from workflow.log.verdict import Fault, SignedTree
from workflow.persistence import checkpoints, sealing, tree_rows
from workflow.persistence.covering import cosigned_note
from workflow.persistence.unit_of_work import Tx
from workflow.services.tree import DatabaseTiles

NOWHERE = 0
"""Stands in `places` for an entry without a place; others have their leaf index plus one."""


@dataclass(slots=True)
class TreeCheck:
    """One pass over the tree. `places` maps entries to leaves: eight bytes an entry.

    Entries that wait have the places which the next sealing would give them.
    """

    tx: Tx
    places: "array[int]" = field(default_factory=lambda: array("q"))
    waiting: int = 0
    size: int = 0

    def find_faults(self) -> Iterator[Fault]:
        """Yield faults; only the first one means anything, and `places` needs them all absent."""
        if not tree_rows.has_state(self.tx):
            yield Fault("the row that says how far it has grown is missing", "the tree")
            return
        state = sealing.read_state(self.tx)
        self.places = array("q", bytes(8 * (tree_rows.highest_entry(self.tx) + 1)))
        yield from self._check_runs(state.size)
        yield from self._check_tiles(state.size, state.root)
        yield from self._check_waiting()
        yield from self._check_checkpoints(state.size)

    def place_of(self, entry_id: int) -> int | None:
        """Return an entry's leaf index, or the one that it waits for; None if it has neither."""
        place = self.places[entry_id]
        return place - 1 if place != NOWHERE else None

    def _check_runs(self, size: int) -> Iterator[Fault]:
        """Compare each run's entries with the hashes that stand in the tree for them."""
        for run in tree_rows.stream_runs(self.tx):
            ids = run.ids
            if run.first_leaf != self.size:
                yield Fault("no run of entries stands in the tree here", f"leaf {self.size}")
                return
            if run.bounds != (min(ids), max(ids)):
                yield Fault("the run from here on is kept under other numbers", f"leaf {self.size}")
            for start in range(0, len(ids), tree_rows.AT_ONCE):
                part = ids[start : start + tree_rows.AT_ONCE]
                yield from self._check_part(self.size, part)
                self.size += len(part)
        if self.size != size:
            yield Fault(f"the runs end here, the tree has {size}", f"leaf {self.size}")

    def _check_part(self, first: int, ids: Sequence[int]) -> Iterator[Fault]:
        hashes = tree_rows.hashes_of(self.tx, ids)
        stored = tree_rows.leaf_hashes(self.tx, first, len(ids))
        for offset, entry_id in enumerate(ids):
            leaf = first + offset
            wanted = stored[offset * HASH_BYTES : (offset + 1) * HASH_BYTES]
            if entry_id not in hashes:
                yield Fault(f"its entry (number {entry_id}) is missing", f"leaf {leaf}")
            elif hashes[entry_id] != wanted:
                yield Fault(
                    f"entry number {entry_id} does not have the hash that stands in the tree",
                    f"leaf {leaf}",
                )
            elif self.places[entry_id] != NOWHERE:
                yield Fault(f"entry number {entry_id} stands in the tree twice", f"leaf {leaf}")
            else:
                self.places[entry_id] = leaf + 1

    def _check_tiles(self, size: int, root: bytes) -> Iterator[Fault]:
        """Build the tree anew from its lowest tiles, and compare all others with it."""
        grown, edge = 0, dict[int, bytes]()
        for hashes in tree_rows.stream_lowest_tiles(self.tx):
            growth = grow(grown, edge, hashes)
            grown, edge = growth.size, dict(growth.edge)
            for name, content in growth.tiles.items():
                if len(content) == TILE_BYTES:
                    yield from self._compare_tile(name, content)
        for level, content in edge.items():
            count = (grown >> 8 * level) // 256
            yield from self._compare_tile(TileName(level, count, len(content) // 32), content)
        if grown != size or tree_rows.count_tiles(self.tx) != sum(1 for _ in tiles_of(size)):
            yield Fault(f"the tiles are not those of a tree of {size}", "the tree")
        elif (Tree(DatabaseTiles(self.tx), size).root if size else EMPTY_ROOT) != root:
            yield Fault("the root that is kept is not that of the tiles", "the tree")

    def _compare_tile(self, name: TileName, content: bytes) -> Iterator[Fault]:
        if sealing.read_tile(self.tx, name.level, name.number) != content:
            yield Fault("is not what the tiles below it give", name.path)

    def _check_waiting(self) -> Iterator[Fault]:
        """See that exactly the entries that are not in the tree wait for it."""
        for block in tree_rows.stream_pending(self.tx):
            ids = sealing.unpack_ids(block.entry_ids)
            hashes = tree_rows.hashes_of(self.tx, ids)
            for offset, entry_id in enumerate(ids):
                wanted = block.hashes[offset * HASH_BYTES : (offset + 1) * HASH_BYTES]
                if hashes.get(entry_id) != wanted:
                    yield Fault("waits under another hash", f"entry number {entry_id}")
                elif self.places[entry_id] != NOWHERE:
                    yield Fault("waits for a second place", f"entry number {entry_id}")
                else:
                    self.places[entry_id] = self.size + self.waiting + offset + 1
            self.waiting += len(ids)
        entries = tree_rows.count_entries(self.tx)
        if entries != self.size + self.waiting:
            yield Fault(
                f"{self.size} entries are sealed and {self.waiting} wait, of {entries}", "the tree"
            )

    def _check_checkpoints(self, size: int) -> Iterator[Fault]:
        """Compare every signed root with the tree, and see that the log signed it."""
        tree = Tree(DatabaseTiles(self.tx), size)
        try:
            keys = [VerifierKey.parse(vkey) for vkey in checkpoints.read_vkeys(self.tx)]
        except NoteError as error:
            yield Fault(str(error), "the keys of the log")
            return
        for signed in tree_rows.stream_checkpoints(self.tx):
            place = f"the checkpoint of {signed.size}"
            try:
                said = open_checkpoint(signed.note.encode(), *keys)
                if signed.size > size:
                    yield Fault(f"the tree has {size} entries only: it was rolled back", place)
                elif not said.root == signed.root == tree.root_at(signed.size):
                    yield Fault("the tree has another root: it was rewritten", place)
            except (CheckpointError, TileError) as error:
                yield Fault(str(error), place)
        yield from _check_cosignatures(self.tx)


def _check_cosignatures(tx: Tx) -> Iterator[Fault]:
    for size, note, vkey, line in tree_rows.stream_cosignatures(tx):
        try:
            key, signature = VerifierKey.parse(vkey), Signature.parse(line)
            if is_cosigned(key, parse_note(note.encode()).text, signature):
                continue
        except NoteError:
            pass
        yield Fault("a cosignature does not fit it", f"the checkpoint of {size}")


def judge_signatures(tx: Tx, trust: Trust) -> tuple[SignedTree | None, Fault | None]:
    """Return whose signatures the newest checkpoint bears, or why they do not suffice.

    The tree was checked before. Raises: FormatError when the older checkpoint is unreadable.
    """
    signed = checkpoints.newest_checkpoint(tx)
    if signed is None:
        return None, Fault("no checkpoint was signed", "the tree")
    note = cosigned_note(tx, signed)
    place = f"the checkpoint of {signed.size}"
    kept = open_checkpoint(trust.since, *trust.keys) if trust.since is not None else None
    try:
        judged = judge_checkpoint(trust.policy or Policy(), note.encode(), *trust.keys)
    except NoteError as error:
        return None, Fault(str(error), place)
    if not judged.enough:
        return None, Fault("is not cosigned by as many witnesses as the policy asks for", place)
    if kept is not None and (fault := _find_unkept(tx, kept)) is not None:
        return None, fault
    return SignedTree(
        judged.checkpoint.origin, signed.size, signed.root, tuple(judged.witnesses)
    ), None


def _find_unkept(tx: Tx, kept: Checkpoint) -> Fault | None:
    """Return what is wrong if the tree does not begin with that of a kept checkpoint."""
    size = sealing.read_state(tx).size
    place = f"the checkpoint of {kept.size} that was kept"
    if kept.size > size:
        return Fault(f"the tree has {size} entries only: it was rolled back", place)
    if Tree(DatabaseTiles(tx), size).root_at(kept.size) != kept.root:
        return Fault("the tree has another root: it was rewritten", place)
    return None
