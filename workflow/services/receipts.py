"""Hand out receipts: proofs that an entry is in the log, for whoever may see the entry."""

from dataclasses import dataclass

from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Refused, refuse
from workflow.log.tlog_proof import TlogProof, write_tlog_proof
from workflow.persistence import covering, people
from workflow.persistence.bundle_rows import is_among
from workflow.persistence.entry_scope import entries_seen_by
from workflow.persistence.leaf_search import find_leaf, read_stored
from workflow.services.inclusion import Inclusion, Standing, find_inclusion
from workflow.services.runtime import Runtime
from workflow.services.seal import seal
from workflow.services.tree import BrokenTreeError


@dataclass(frozen=True, slots=True)
class Receipt:
    """A proof as a file (C2SP tlog-proof) with the entry's bytes in it, and where the entry is."""

    content: bytes
    leaf_index: int
    size: int


def make_receipt(runtime: Runtime, caller: Caller, entry: bytes) -> Receipt | Refused:
    """Seal the log, and prove the entry with this hash to somebody who may see it.

    Of the checkpoints over the entry it is the one that most parties cosigned, else the newest.

    Raises: BrokenTreeError, ForkedLogError.
    """
    seal(runtime)
    with runtime.uow.read() as tx:
        place = find_leaf(tx, entry)
        seen = entries_seen_by(people.viewer_of(tx, caller))
        if place is None or place.entry_id is None or not is_among(tx, place.entry_id, seen):
            return Refused((refuse(Code.ENTRY_NOT_FOUND, entry=entry.hex()),))
        found, stored = find_inclusion(tx, entry), read_stored(tx, place.entry_id)
        if found is None or stored is None or found.standing is Standing.DAMAGED:
            raise BrokenTreeError("The entry, the tree and the checkpoint do not agree.")
        if found.checkpoint is None or found.index is None:
            return Refused((refuse(Code.CHECKPOINT_MISSING),))
        note = covering.cosigned_note(tx, found.checkpoint).encode()
        return _receipt(found, found.index, note, stored.leaf)


def _receipt(found: Inclusion, index: int, note: bytes, leaf: bytes) -> Receipt:
    proof = TlogProof(index, found.hashes, note, leaf)
    size = found.checkpoint.size if found.checkpoint else 0
    return Receipt(write_tlog_proof(proof), index, size)
