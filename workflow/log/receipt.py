"""Verify a receipt by itself: that an entry is in the log, without the log.

Source: C2SP tlog-proof; a receipt of ours carries the entry's bytes as `extra`.
"""

from dataclasses import replace

from workflow.domain.entry import leaf_hash
from workflow.log.bundle.leaves import name_leaf
from workflow.log.bundle.verify import Trust
from workflow.log.checkpoint import Checkpoint, CheckpointError
from workflow.log.policy import judge_checkpoint
from workflow.log.tlog_proof import (
    FIRST_LINE,
    TlogProof,
    TlogProofError,
    parse_tlog_proof,
    verify_tlog_proof,
)
from workflow.log.verdict import BrokenError, SignedTree, Verified

START = FIRST_LINE.encode()
"""What a receipt begins with."""


def verify_receipt(content: bytes, trust: Trust, named: bytes | None = None) -> Verified:
    """Return whether a receipt proves its entry, which is `named` by its hash or in the receipt.

    Raises: TlogProofError when the receipt is about no entry that is known here.
    """
    try:
        return _verify(parse_tlog_proof(content), trust, named)
    except BrokenError as broken:
        return Verified(0, 0, broken.fault)


def _verify(proof: TlogProof, trust: Trust, named: bytes | None) -> Verified:
    if proof.extra is None and named is None:
        raise TlogProofError(
            "the receipt does not hold its entry: give its file the entry's hash as a name"
        )
    hashed = named if proof.extra is None else leaf_hash(proof.extra)
    if hashed is None or (named is not None and named != hashed):
        raise BrokenError("holds another entry than the one that it is named by", "the receipt")
    try:
        checkpoint = verify_tlog_proof(proof, hashed, *trust.keys)
        signed = _judge(proof, trust, checkpoint)
    except (CheckpointError, TlogProofError) as error:
        raise BrokenError(str(error), "the receipt") from error
    place = f"{name_leaf(proof.index, proof.extra)}," if proof.extra else f"leaf {proof.index}"
    return Verified(1, 1, checkpoint=signed, subject=f"{place} is in the log")


def _judge(proof: TlogProof, trust: Trust, checkpoint: Checkpoint) -> SignedTree:
    if trust.policy is None:
        return SignedTree(checkpoint.origin, checkpoint.size, checkpoint.root)
    judged = judge_checkpoint(replace(trust.policy, logs=()), proof.checkpoint, *trust.keys)
    if not judged.enough:
        raise TlogProofError("not as many witnesses cosigned it as the policy wants")
    names = tuple(sorted(judged.witnesses))
    return SignedTree(checkpoint.origin, checkpoint.size, checkpoint.root, names)
