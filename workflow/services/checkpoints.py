"""Sign checkpoints: only over a tree that continues every one that was signed before.

Whoever restores an old copy of the database and goes on has made a second history. Signing it
would give two parties two truths under one signature; so it is refused, in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf

from workflow.log.checkpoint import Checkpoint, CheckpointError, open_checkpoint, write_body
from workflow.log.note import VerifierKey, sign_note
from workflow.log.tiles import TileError, Tree
from workflow.persistence import checkpoints, sealing
from workflow.persistence.retrying import retried
from workflow.persistence.sealing import State
from workflow.persistence.unit_of_work import Tx
from workflow.services.runtime import LogKey, Runtime
from workflow.services.tree import DatabaseTiles, ForkedLogError


@retried
def sign_newest(runtime: Runtime) -> int | None:
    """Sign a checkpoint over the tree as it stands; return the size that is vouched for.

    Returns None while nothing is sealed, and where the log's key is not on this machine and
    nothing was signed elsewhere.

    Raises: ForkedLogError.
    """
    with runtime.uow.read() as tx:
        signed, newest = _signed_already(tx), checkpoints.newest_checkpoint(tx)
    key = runtime.read_log_key()
    if key is None:
        return newest.size if newest else None
    # An older copy of the database is refused at once, and not only when somebody writes to it.
    if signed is not None and _claimed_size(key.last()) <= signed:
        return signed
    with runtime.uow.write() as tx:
        state = sealing.hold_log(tx)
        _see_that_tree_continues(tx, state, key)
        if state.size == 0 or _signed_already(tx) is not None:
            return state.size or None
        _sign(tx, state, key)
        return state.size


@dataclass(frozen=True, slots=True)
class Vouched:
    """A checkpoint for people: the note carries all cosignatures, whose names stand beside it."""

    origin: str
    size: int
    root: bytes
    note: str
    signed_at: datetime
    cosigned_by: tuple[str, ...]


def read_newest(runtime: Runtime) -> Vouched | None:
    """Return the newest checkpoint with its cosignatures, if one was signed."""
    with runtime.uow.read() as tx:
        return newest_in(tx)


def newest_in(tx: Tx) -> Vouched | None:
    """Return the newest checkpoint within a transaction."""
    signed = checkpoints.newest_checkpoint(tx)
    if signed is None:
        return None
    cosigned = checkpoints.cosignatures_of(tx, signed.size)
    note = signed.note + "".join(f"{each.line}\n" for each in cosigned)
    origin = signed.note.partition("\n")[0]
    names = tuple(each.name for each in cosigned)
    return Vouched(origin, signed.size, signed.root, note, signed.signed_at, names)


def _signed_already(tx: Tx) -> int | None:
    state, newest = sealing.read_state(tx), checkpoints.newest_checkpoint(tx)
    same = newest is not None and (newest.size, newest.root) == (state.size, state.root)
    return state.size if same else None


def _claimed_size(note: str | None) -> float:
    """Return the size in a checkpoint that is not checked yet; endless where it has none."""
    if note is None:
        return 0
    size = note.split("\n")[1:2]
    return int(size[0]) if size and size[0].isdecimal() else inf


def _sign(tx: Tx, state: State, key: LogKey) -> None:
    signers = key.signers()
    body = write_body(Checkpoint(signers[0].name, state.size, state.root))
    note = sign_note(body, *signers).content.decode()
    # Kept beside the key first: what was signed and then lost in a crash counts as signed.
    key.keep(note)
    checkpoints.write_checkpoint(tx, state.size, state.root, note)


def _see_that_tree_continues(tx: Tx, state: State, key: LogKey) -> None:
    """Compare the tree with the newest checkpoint here, and with the last one beside the key.

    Raises: ForkedLogError.
    """
    known = checkpoints.read_vkeys(tx)
    if any(each.verifier.text not in known for each in key.signers()):
        raise ForkedLogError("The key file on this machine holds the keys of another log.")
    tree = Tree(DatabaseTiles(tx), state.size)
    try:
        if tree.root != state.root:
            raise ForkedLogError("The tiles of the log do not lead to the root kept for them.")
        stored = checkpoints.newest_checkpoint(tx)
        if stored is not None:
            _see_that_tree_holds(tree, stored.size, stored.root, "the newest checkpoint here")
        kept = key.last()
        if kept is not None:
            # By any key that is known: the one that signed last may sign no more.
            last = _open(kept, [VerifierKey.parse(each) for each in known])
            _see_that_tree_holds(tree, last.size, last.root, "the last checkpoint beside the key")
    except TileError as error:
        raise ForkedLogError(f"The tree of the log is damaged: {error}.") from error


def _open(note: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    try:
        return open_checkpoint(note.encode(), *keys)
    except CheckpointError as error:
        message = f"What is kept beside the log's key is no checkpoint of this log: {error}."
        raise ForkedLogError(message) from error


def _see_that_tree_holds(tree: Tree, size: int, root: bytes, what: str) -> None:
    if size > tree.size:
        raise ForkedLogError(
            f"The log was rolled back: {what} vouches for {size} entries, the tree has {tree.size}."
        )
    if tree.root_at(size) != root:
        raise ForkedLogError(
            f"The log was rewritten: its first {size} entries are not those that {what} names."
        )
