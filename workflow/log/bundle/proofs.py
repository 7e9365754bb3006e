"""Check the proofs that lie in a bundle, and those that a party kept of its own.

Files in `consistency/` have the form that witnesses are asked in (C2SP tlog-witness,
'add-checkpoint'), those in `proofs/` that of C2SP tlog-proof.
"""

from typing import Final

from workflow.log.bundle.folder import Folder
from workflow.log.checkpoint import Checkpoint, CheckpointError, parse_checkpoint
from workflow.log.merkle import hash_leaf
from workflow.log.proofs import ProofError, verify_consistency, verify_inclusion
from workflow.log.strict import FormatError
from workflow.log.tiles import Tree
from workflow.log.tlog_proof import MAX_PROOF_BYTES, TlogProof, parse_tlog_proof
from workflow.log.verdict import BrokenError
from workflow.log.witness_request import MAX_REQUEST_BYTES, parse_request

CONSISTENCY: Final = "consistency/"
PROOFS: Final = "proofs/"
PROOF_ENDING: Final = ".tlog-proof"


def check_consistency(folder: Folder, name: str, tree: Tree, checkpoint: Checkpoint) -> None:
    """Check that a file proves this tree to continue the one of its size. Raises: BrokenError."""
    try:
        request = parse_request(folder.read(name, MAX_REQUEST_BYTES))
        _see_same(request.checkpoint, checkpoint, name)
        if name != f"{CONSISTENCY}{request.old_size}.txt" or request.old_size > tree.size:
            raise BrokenError(f"is a proof from the size {request.old_size}", name)
        old_root = tree.root_at(request.old_size)
        verify_consistency(request.old_size, old_root, tree.size, checkpoint.root, request.proof)
    except (FormatError, ProofError) as error:
        raise BrokenError(str(error), name) from error


def check_inclusion(folder: Folder, name: str, tree: Tree, checkpoint: Checkpoint) -> None:
    """Check that a file proves its leaf to be in the tree. Raises: BrokenError."""
    try:
        proof = parse_tlog_proof(folder.read(name, MAX_PROOF_BYTES))
        _see_same(proof.checkpoint, checkpoint, name)
        leaf_hash = bytes.fromhex(name.removeprefix(PROOFS).removesuffix(PROOF_ENDING))
        verify_inclusion(leaf_hash, proof.index, tree.size, proof.hashes, checkpoint.root)
    except (FormatError, ProofError) as error:
        raise BrokenError(str(error), name) from error
    except ValueError as error:
        raise BrokenError("is not named by a leaf hash", name) from error


def check_since(kept: Checkpoint, tree: Tree) -> str:
    """Check that the tree continues one that was kept, and say so. Raises: BrokenError."""
    if kept.size > tree.size:
        raise BrokenError(
            f"has {tree.size} leaves, and the checkpoint that was kept has {kept.size}: "
            "the log was rolled back, or this is an older copy of it",
            "the tree",
        )
    see_continued(kept, tree, "the checkpoint that was kept")
    return f"it continues the checkpoint of {kept.size} that was kept"


def see_continued(older: Checkpoint, tree: Tree, place: str) -> None:
    """Check that the tree begins with an older one. Raises: BrokenError."""
    if older.size > tree.size or tree.root_at(older.size) != older.root:
        raise BrokenError(
            f"the tree does not begin with the {older.size} leaves of that checkpoint: "
            "the log was rewritten, or forked",
            place,
        )


def check_receipt(receipt: TlogProof, kept: Checkpoint, tree: Tree) -> bytes | None:
    """Return the receipt's leaf once its log is this tree's; None where it came after the tree.

    Raises: BrokenError, FormatError when the receipt does not prove its own leaf.
    """
    if receipt.extra is None:
        raise FormatError("the receipt does not hold its entry, so it cannot be looked for")
    leaf = receipt.extra
    hashed = hash_leaf(leaf)
    try:
        verify_inclusion(hashed, receipt.index, kept.size, receipt.hashes, kept.root)
    except ProofError as error:
        raise FormatError(f"the receipt does not prove its entry: {error}") from error
    if kept.size <= tree.size:
        check_since(kept, tree)
    if receipt.index >= tree.size:
        return None
    if tree.leaf(receipt.index) != hashed:
        raise BrokenError(
            "is not the entry of the receipt: the log was rewritten, or forked",
            f"leaf {receipt.index}",
        )
    return leaf


def _see_same(content: bytes, checkpoint: Checkpoint, name: str) -> None:
    try:
        other, _ = parse_checkpoint(content)
    except CheckpointError as error:
        raise BrokenError(str(error), name) from error
    if other != checkpoint:
        raise BrokenError("is about another checkpoint than the bundle's", name)
