"""Check all leaves of a bundle: in files below the tiles, or chosen ones in entries.jsonl."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from workflow.log.bundle.disclosed import DISCLOSURES, Disclosed, split_lines
from workflow.log.bundle.folder import Folder
from workflow.log.bundle.leaves import Leaves, name_leaf
from workflow.log.bundle.manifest import MANIFEST, Manifest
from workflow.log.bundle.stretch import Checked, Stretch, check_stretch
from workflow.log.leaf_form import UNREADABLE
from workflow.log.merkle import hash_leaf
from workflow.log.tiles import TILE_WIDTH, Tree
from workflow.log.verdict import BrokenError

ENTRIES: Final = "entries.jsonl"

ALONE_BELOW: Final = 40_000
"""So many leaves are checked sooner than another process starts."""


class EntryLine(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A line of entries.jsonl: a leaf's text, and its index in the tree."""

    leaf: str
    leaf_index: int


_decode = msgspec.json.Decoder(EntryLine).decode
_encode = msgspec.json.Encoder().encode


def check_stretches(folder: Path, manifest: Manifest, processes: int) -> list[Checked]:
    """Check level 0 and, in a whole bundle, the leaves below it. Raises: BrokenError."""
    stretches = _divide(folder, manifest, processes)
    if len(stretches) == 1:
        return [check_stretch(stretches[0])]
    # Loading these takes longer than checking a small bundle.
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - see above
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - as above
    from multiprocessing import get_context  # noqa: PLC0415 - as above

    try:
        with (
            _without_collecting(),
            ProcessPoolExecutor(len(stretches), get_context(_start()), _begin) as pool,
        ):
            return list(pool.map(check_stretch, stretches))
    except (OSError, BrokenProcessPool):
        # No further process can be had here: one does the same, only later.
        return [check_stretch(each) for each in stretches]


def _begin() -> None:
    """Leave Ctrl-C to the process that waits, and look for no cycles: leaves make none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Take in the ends of many chains without looking for cycles among them again and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def join_stretches(checked: Sequence[Checked]) -> Leaves:
    """Return what the stretches hold together. Raises: BrokenError with the first fault."""
    joined = Leaves()
    for each in checked:
        joined.join(each.leaves)
        if each.fault is not None:
            raise BrokenError(each.fault.what, each.fault.place)
    return joined


def check_lines(folder: Folder, manifest: Manifest, tree: Tree, *, has_texts: bool) -> Leaves:
    """Check entries.jsonl against the tree. Raises: BrokenError."""
    leaves = Leaves(frozenset(manifest.partial))
    disclosed = Disclosed(folder.read_lines(DISCLOSURES) if has_texts else iter(()))
    before = -1
    for index, leaf in read_entry_lines(folder):
        if index <= before:
            raise BrokenError(f"leaf {index} comes after leaf {before}", ENTRIES)
        hashed = hash_leaf(leaf)
        if index >= tree.size or tree.leaf(index) != hashed:
            raise BrokenError("is not the entry that the tree has there", name_leaf(index, leaf))
        leaves.read(index, [leaf], [hashed], disclosed)
        before = index
    disclosed.finish()
    joined = Leaves(leaves.partial)
    joined.join(leaves)
    return joined


def read_entry_lines(folder: Folder) -> Iterator[tuple[int, bytes]]:
    """Yield index and leaf of each line. Raises: BrokenError."""
    for number, line in enumerate(folder.read_lines(ENTRIES), start=1):
        try:
            read = _decode(line)
            leaf, same = read.leaf.encode(), _encode(read) + b"\n" == line
        except UNREADABLE as cause:
            raise BrokenError(f"line {number} is malformed", ENTRIES) from cause
        if not same:
            raise BrokenError(f"line {number} is not written as a bundle writes it", ENTRIES)
        yield read.leaf_index, leaf


def check_chains(leaves: Leaves, manifest: Manifest) -> None:
    """Compare the chains that were read with those of the manifest. Raises: BrokenError."""
    if leaves.count != manifest.entries:
        raise BrokenError(
            f"says that there are {manifest.entries} entries, and {leaves.count} were found",
            MANIFEST,
        )
    rest = leaves.ends.keys() - set(manifest.partial)
    for each in manifest.chains:
        sequence, head = leaves.ends.get(each.chain, (0, ""))
        if sequence < each.entries:
            raise BrokenError(
                f"ends at #{sequence}, and the manifest says that it has {each.entries} entries",
                each.chain,
            )
        if (sequence, head) != (each.entries, each.head):
            raise BrokenError("does not end as the manifest says", each.chain)
        rest.discard(each.chain)
    if rest:
        raise BrokenError("is not named in the manifest", min(rest))


def _divide(folder: Path, manifest: Manifest, processes: int) -> list[Stretch]:
    tiles = -(-manifest.size // TILE_WIDTH)
    count = processes if manifest.size >= ALONE_BELOW else 1
    firsts = [tiles * part // count for part in range(count)]
    lines = [(0, 0)] * count
    if manifest.is_whole and any(each.name == DISCLOSURES for each in manifest.files):
        opened = Folder(folder)
        lines = split_lines(opened, opened.size(DISCLOSURES), [at * TILE_WIDTH for at in firsts])
    return [
        Stretch(folder, manifest.size, first, last, manifest.is_whole, where)
        for first, last, where in zip(firsts, [*firsts[1:], tiles], lines, strict=True)
    ]


def processors() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _start() -> str:
    # A copy of this process starts at once, but only where no thread could hold a lock.
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
