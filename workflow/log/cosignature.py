"""A witness's signature of a checkpoint: that at a time it was the largest tree it had seen.

Source: C2SP tlog-cosignature, 'Format' and 'Ed25519 signed message'.
"""

from typing import Final

from workflow.log.keys import COSIGNATURE, NoteError, Signature, SigningKey, VerifierKey
from workflow.log.strict import MAX_NUMBER

_TIME_BYTES: Final = 8
_SIGNED_BYTES: Final = _TIME_BYTES + 64


def cosigned_message(body: str, seconds: int) -> bytes:
    """Return what a witness signs: two lines, then the checkpoint's body.

    Source: C2SP tlog-cosignature, 'Ed25519 signed message'.
    """
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


def cosign(key: SigningKey, body: str, seconds: int) -> Signature:
    """Sign a checkpoint's body at a time in seconds since 1970. Raises: NoteError.

    Source: C2SP tlog-cosignature, 'Format': u64 timestamp, big-endian || 64-byte signature.
    """
    if key.sort != COSIGNATURE:
        raise NoteError(f"{key.name} is not a witness's key")
    if not 0 <= seconds <= MAX_NUMBER:
        raise NoteError("a time has at most 63 bits")
    signed = key.sign_bytes(cosigned_message(body, seconds))
    return Signature(key.name, key.verifier.id, seconds.to_bytes(_TIME_BYTES) + signed)


def cosigned_at(signature: Signature) -> int:
    """Return the time that a cosignature names, in seconds since 1970. Raises: NoteError."""
    seconds = int.from_bytes(signature.content[:_TIME_BYTES])
    if len(signature.content) != _SIGNED_BYTES or seconds > MAX_NUMBER:
        raise NoteError(f"the cosignature of {signature.name} is not a time and 64 bytes")
    return seconds


def is_cosigned(key: VerifierKey, body: str, signature: Signature) -> bool:
    """Say whether a line is this witness's cosignature of a checkpoint's body."""
    try:
        message = cosigned_message(body, cosigned_at(signature))
    except NoteError:
        return False
    signed = signature.content[_TIME_BYTES:]
    return key.sort == COSIGNATURE and key.made(signature) and key.checks(message, signed)
