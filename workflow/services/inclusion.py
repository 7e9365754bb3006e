"""Prove that an entry is in the log: by its hash alone, and without telling what it says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflow.domain.entry import leaf_hash
from workflow.log.checkpoint import CheckpointError, open_checkpoint
from workflow.log.keys import VerifierKey
from workflow.log.proofs import ProofError, inclusion_proof, verify_inclusion
from workflow.log.strict import FormatError
from workflow.log.tiles import TileError
from workflow.log.tlog_proof import TlogProof, write_tlog_proof
from workflow.persistence import checkpoints, covering
from workflow.persistence.checkpoints import Cosigned, Signed
from workflow.persistence.leaf_search import Place, find_leaf, read_stored
from workflow.persistence.unit_of_work import Tx
from workflow.services.tree import read_tree


class Standing(StrEnum):
    """How far an entry is proved to be in the log."""

    PROVED = "proved"
    WAITS = "waits"
    """It is recorded; the sealer has not come by yet."""
    UNSIGNED = "unsigned"
    """It is in the tree; no checkpoint covers it yet."""
    DAMAGED = "damaged"
    """Entry, tree and checkpoint do not agree."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What proves an entry; all but `standing` is None or empty as far as it is not there.

    `recorded_at` is when it was written, `covered_at` when the first checkpoint over it was
    signed. `checkpoint` is the one that `hashes` lead to: of those over the entry the one that
    most parties cosigned, else the newest.
    """

    standing: Standing
    recorded_at: datetime | None = None
    index: int | None = None
    covered_at: datetime | None = None
    checkpoint: Signed | None = None
    cosigned: tuple[Cosigned, ...] = ()
    hashes: tuple[bytes, ...] = ()


def find_inclusion(tx: Tx, wanted: bytes) -> Inclusion | None:
    """Look an entry up by its hash, and prove it; None where no entry has the hash."""
    place = find_leaf(tx, wanted)
    if place is None:
        return None
    recorded_at = _recorded_at(tx, place, wanted)
    if recorded_at is None:
        return Inclusion(Standing.DAMAGED, index=place.index)
    if place.index is None:
        return Inclusion(Standing.WAITS, recorded_at)
    # The checkpoint is read before the tree, which only grows: so it is never ahead of it.
    signed = covering.best_covering(tx, place.index)
    if signed is None:
        return Inclusion(Standing.UNSIGNED, recorded_at, place.index)
    hashes = _prove(tx, wanted, place.index, signed)
    return Inclusion(
        standing=Standing.DAMAGED if hashes is None else Standing.PROVED,
        recorded_at=recorded_at,
        index=place.index,
        covered_at=covering.first_signed_at(tx, place.index),
        checkpoint=signed,
        cosigned=tuple(checkpoints.cosignatures_of(tx, signed.size)),
        hashes=hashes or (),
    )


def write_proof(tx: Tx, found: Inclusion) -> bytes | None:
    """Return the proof as a file, without the entry; None where it is not proved.

    Source: C2SP tlog-proof.
    """
    if found.standing is not Standing.PROVED or found.index is None or found.checkpoint is None:
        return None
    note = covering.cosigned_note(tx, found.checkpoint)
    return write_tlog_proof(TlogProof(found.index, found.hashes, note.encode()))


def _recorded_at(tx: Tx, place: Place, wanted: bytes) -> datetime | None:
    """Return when the entry was recorded, if it is there and still has its hash."""
    found = read_stored(tx, place.entry_id) if place.entry_id is not None else None
    # SQLite lets anybody store text where bytes belong.
    if found is None or not isinstance(found.leaf, bytes):
        return None
    return found.at if leaf_hash(found.leaf) == wanted == found.leaf_hash else None


def _prove(tx: Tx, wanted: bytes, index: int, signed: Signed) -> tuple[bytes, ...] | None:
    """Return the hashes from the entry to the checkpoint's root; None where they do not fit."""
    try:
        keys = [VerifierKey.parse(text) for text in checkpoints.read_vkeys(tx)]
        said = open_checkpoint(signed.note.encode(), *keys)
        hashes = inclusion_proof(read_tree(tx), index, said.size)
        verify_inclusion(wanted, index, said.size, hashes, said.root)
    except (FormatError, CheckpointError, TileError, ProofError, IndexError):
        return None
    return tuple(hashes)
