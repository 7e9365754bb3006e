"""What a log asks of a witness: a checkpoint, and a proof that it continues an older one.

Source: C2SP tlog-witness, 'add-checkpoint': an old size line, proof lines, an empty line and the
checkpoint.
"""

from dataclasses import dataclass
from typing import Final

from workflow.log.checkpoint import parse_checkpoint
from workflow.log.note import MAX_NOTE_BYTES
from workflow.log.strict import FormatError, read_hash, read_number, write_base64

MAX_REQUEST_BYTES: Final = 2 * MAX_NOTE_BYTES
MAX_HASHES: Final = 63
"""Source: C2SP tlog-witness: not more than 63 consistency proof lines."""


class RequestError(FormatError):
    """A request to a witness is malformed."""


@dataclass(frozen=True, slots=True)
class Request:
    """A checkpoint as it was signed, and the hashes that lead to it from an older size."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: bytes


def write_request(request: Request) -> bytes:
    """Return a request's body. Raises: RequestError when the proof has too many hashes."""
    if len(request.proof) > MAX_HASHES:
        raise RequestError(f"the request has more than {MAX_HASHES} hashes")
    lines = [f"old {request.old_size}", *map(write_base64, request.proof), ""]
    return "".join(f"{line}\n" for line in lines).encode() + request.checkpoint


def parse_request(content: bytes) -> Request:
    """Read a request, in which nothing is verified yet. Raises: RequestError."""
    if len(content) > MAX_REQUEST_BYTES:
        raise RequestError(f"the request is longer than {MAX_REQUEST_BYTES} bytes")
    # No line before the checkpoint is empty, so the first empty line ends them.
    head, found, checkpoint = content.partition(b"\n\n")
    if not found:
        raise RequestError("the request has no empty line before its checkpoint")
    try:
        old_size, proof = _read_head(head.decode())
        parse_checkpoint(checkpoint)
    except RequestError:
        raise
    except ValueError as cause:
        raise RequestError(f"the request cannot be read: {cause}") from cause
    return Request(old_size, proof, checkpoint)


def _read_head(head: str) -> tuple[int, tuple[bytes, ...]]:
    """Return the old size and the proof. Raises: FormatError."""
    first, *lines = head.split("\n")
    if not first.startswith("old "):
        raise RequestError("the request does not begin with 'old' and a size")
    if len(lines) > MAX_HASHES:
        raise RequestError(f"the request has more than {MAX_HASHES} hashes")
    return read_number(first.removeprefix("old ")), tuple(map(read_hash, lines))
