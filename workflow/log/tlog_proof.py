"""A proof in a file: that an entry is in a log, by a checkpoint that others may have cosigned.

Source: C2SP tlog-proof, 'Format'.
"""

from dataclasses import dataclass
from typing import Final

from workflow.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from workflow.log.keys import VerifierKey
from workflow.log.note import MAX_NOTE_BYTES
from workflow.log.proofs import ProofError, verify_inclusion
from workflow.log.strict import FormatError, read_base64, read_hash, read_number, write_base64

__all__ = [
    "TlogProof",
    "TlogProofError",
    "parse_tlog_proof",
    "verify_tlog_proof",
    "write_tlog_proof",
]

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
MAX_PROOF_BYTES: Final = 2 * MAX_NOTE_BYTES
MAX_HASHES: Final = 63
"""A tree of at most 2^63-1 leaves is at most so high."""


class TlogProofError(FormatError):
    """A proof is malformed, or does not prove what it should."""


@dataclass(frozen=True, slots=True)
class TlogProof:
    """An entry's index, the hashes from it to the root, and the checkpoint as it was signed.

    `extra` is not authenticated by anything: nobody may trust it.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def write_tlog_proof(proof: TlogProof) -> bytes:
    """Return a proof as a file. Source: C2SP tlog-proof, 'Format'."""
    extra = [f"extra {write_base64(proof.extra)}"] if proof.extra else []
    lines = [FIRST_LINE, *extra, f"index {proof.index}", *map(write_base64, proof.hashes), ""]
    return "".join(f"{line}\n" for line in lines).encode() + proof.checkpoint


def parse_tlog_proof(content: bytes) -> TlogProof:
    """Read a proof; nothing in it is verified yet. Raises: TlogProofError.

    Source: C2SP tlog-proof, 'Format'.
    """
    if len(content) > MAX_PROOF_BYTES:
        raise TlogProofError(f"the proof is longer than {MAX_PROOF_BYTES} bytes")
    # No line before the checkpoint is empty, so the first empty line ends them.
    head, found, checkpoint = content.partition(b"\n\n")
    if not found:
        raise TlogProofError("the proof has no empty line before its checkpoint")
    try:
        extra, index, hashes = _read_head(head.decode())
        parse_checkpoint(checkpoint)
    except TlogProofError:
        raise
    except ValueError as cause:
        raise TlogProofError(f"the proof cannot be read: {cause}") from cause
    return TlogProof(index, hashes, checkpoint, extra)


def verify_tlog_proof(proof: TlogProof, leaf_hash: bytes, *keys: VerifierKey) -> Checkpoint:
    """Check that a leaf is in the log whose keys are given, and return the checkpoint it is in.

    Raises: CheckpointError, TlogProofError.
    """
    checkpoint = open_checkpoint(proof.checkpoint, *keys)
    try:
        verify_inclusion(leaf_hash, proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    except ProofError as cause:
        raise TlogProofError(f"the entry is not shown to be in the log: {cause}") from cause
    return checkpoint


def _read_head(head: str) -> tuple[bytes | None, int, tuple[bytes, ...]]:
    """Return extra, index and hashes. Raises: FormatError."""
    first, *lines = head.split("\n")
    if first != FIRST_LINE:
        raise TlogProofError(f"the proof does not begin with {FIRST_LINE}")
    extra = _read_extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise TlogProofError("the proof has no line with the entry's index")
    index = read_number(lines.pop(0).removeprefix("index "))
    if len(lines) > MAX_HASHES:
        raise TlogProofError(f"the proof has more than {MAX_HASHES} hashes")
    return extra, index, tuple(map(read_hash, lines))


def _read_extra(line: str) -> bytes:
    extra = read_base64(line.removeprefix("extra "))
    if not extra:
        raise TlogProofError("the proof's extra line is empty: it should be left out")
    return extra
