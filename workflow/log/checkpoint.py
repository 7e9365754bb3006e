"""A checkpoint: a log's name, size and root, in a note that the log's key signs.

Source: C2SP tlog-checkpoint, 'Note text' and 'Signatures'.
"""

from dataclasses import dataclass

from workflow.log.keys import ED25519, NoteError, SigningKey, VerifierKey
from workflow.log.merkle import EMPTY_ROOT
from workflow.log.note import Note, parse_note, sign_note, verify
from workflow.log.strict import FormatError, read_hash, read_number, write_base64

__all__ = [
    "Checkpoint",
    "CheckpointError",
    "open_checkpoint",
    "parse_body",
    "parse_checkpoint",
    "sign_checkpoint",
    "write_body",
]

_LEAST_LINES = 3


class CheckpointError(NoteError):
    """A checkpoint is malformed, or not signed by the log it speaks for."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: which, how many leaves, and the root over them.

    `extension` are further lines, which our log never writes and nobody interprets.
    """

    origin: str
    size: int
    root: bytes
    extension: tuple[str, ...] = ()


def write_body(checkpoint: Checkpoint) -> str:
    """Return the text that is signed. Source: C2SP tlog-checkpoint, 'Note text'."""
    lines = (checkpoint.origin, str(checkpoint.size), write_base64(checkpoint.root))
    return "".join(f"{line}\n" for line in (*lines, *checkpoint.extension))


def parse_body(text: str) -> Checkpoint:
    """Read what a checkpoint's text says. Raises: CheckpointError.

    Source: C2SP tlog-checkpoint, 'Note text'.
    """
    *lines, rest = text.split("\n")
    if rest or len(lines) < _LEAST_LINES or not all(lines):
        raise CheckpointError("the checkpoint is not a name, a size and a root, a line each")
    origin, size, root, *extension = lines
    checkpoint = Checkpoint(origin, _size(size), _root(root), tuple(extension))
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise CheckpointError("the checkpoint gives an empty log another root than SHA-256 of ''")
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> Note:
    """Sign a checkpoint as the log. Raises: CheckpointError when the key is another log's."""
    if key.name != checkpoint.origin:
        raise CheckpointError(f"{key.name} does not sign for {checkpoint.origin}")
    body = write_body(checkpoint)
    parse_body(body)
    return sign_note(body, key)


def parse_checkpoint(content: bytes) -> tuple[Checkpoint, Note]:
    """Read a checkpoint whose signatures are not checked yet. Raises: CheckpointError."""
    try:
        note = parse_note(content)
    except NoteError as cause:
        raise CheckpointError(f"the checkpoint cannot be read: {cause}") from cause
    return parse_body(note.text), note


def open_checkpoint(content: bytes, *keys: VerifierKey) -> Checkpoint:
    """Return what a checkpoint says once a key of its log has signed it. Raises: CheckpointError.

    A log may have several keys, one after the other. A key speaks for the log of its own name
    alone: otherwise whoever is trusted for one log could speak for another.

    Source: C2SP tlog-checkpoint, 'Signatures'.
    """
    checkpoint, note = parse_checkpoint(content)
    own = [key for key in keys if (key.name, key.sort) == (checkpoint.origin, ED25519)]
    if not own:
        raise CheckpointError(f"the checkpoint is of {checkpoint.origin}, of which no key is given")
    try:
        verify(note, own)
    except NoteError as cause:
        raise CheckpointError(f"the checkpoint of {checkpoint.origin}: {cause}") from cause
    return checkpoint


def _size(text: str) -> int:
    try:
        return read_number(text)
    except FormatError as cause:
        raise CheckpointError(f"the checkpoint's size: {cause}") from cause


def _root(text: str) -> bytes:
    try:
        return read_hash(text)
    except FormatError as cause:
        raise CheckpointError(f"the checkpoint's root: {cause}") from cause
