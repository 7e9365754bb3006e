"""Signed notes: a text, a blank line, and a line for each signature.

Source: C2SP signed-note, 'Format' and 'Signatures'.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from workflow.log.cosignature import is_cosigned
from workflow.log.keys import COSIGNATURE, ED25519, NoteError, Signature, SigningKey, VerifierKey

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "Note",
    "NoteError",
    "Signature",
    "SigningKey",
    "VerifierKey",
    "parse_note",
    "parse_signatures",
    "sign_note",
    "verify",
]

MAX_NOTE_BYTES: Final = 1_000_000
MAX_SIGNATURES: Final = 100
"""Limits as Go's sumdb/note sets them; at least 16 signatures must be accepted."""

_BLANK_LINE = "\n\n"
_FIRST_PRINTABLE = " "


@dataclass(frozen=True, slots=True)
class Note:
    """A text, with its last newline, and the lines that sign it."""

    text: str
    signatures: tuple[Signature, ...] = ()

    @property
    def content(self) -> bytes:
        """Return the note's bytes."""
        lines = "".join(f"{each.line}\n" for each in self.signatures)
        return f"{self.text}\n{lines}".encode()


def parse_note(content: bytes) -> Note:
    """Read a note, whose signatures are not checked yet. Raises: NoteError."""
    if len(content) > MAX_NOTE_BYTES:
        raise NoteError(f"the note is longer than {MAX_NOTE_BYTES} bytes")
    text = _decoded(content)
    # The last blank line is the one that counts: a text may hold others.
    before, found, after = text.rpartition(_BLANK_LINE)
    if not found:
        raise NoteError("the note has no blank line before its signatures")
    return Note(before + "\n", parse_signatures(after))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Read signature lines, each of which ends with a newline. Raises: NoteError."""
    *each, rest = lines.split("\n")
    if rest or not each:
        raise NoteError("the signatures do not end with a newline")
    if len(each) > MAX_SIGNATURES:
        raise NoteError(f"the note has more than {MAX_SIGNATURES} signatures")
    return tuple(map(Signature.parse, each))


def verify(note: Note, keys: Iterable[VerifierKey]) -> dict[VerifierKey, Signature]:
    """Return which of the keys signed the note, each with its first signature.

    Lines of other keys are passed over. Raises: NoteError when a line of one of these keys does
    not verify, and when none of them signed.

    Source: C2SP signed-note, 'Signatures'.
    """
    known = _by_line(keys)
    signed: dict[VerifierKey, Signature] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not _verifies(key, note.text, signature):
            raise NoteError(f"the signature of {key.name} does not fit the text")
        signed.setdefault(key, signature)
    if not signed:
        raise NoteError("no key that is trusted here signed it")
    return signed


def sign_note(text: str, *keys: SigningKey) -> Note:
    """Sign a text that ends with a newline. Raises: NoteError."""
    _see_that_signable(text)
    return Note(text, tuple(key.sign(text) for key in keys))


def _verifies(key: VerifierKey, text: str, signature: Signature) -> bool:
    if key.sort == COSIGNATURE:
        return is_cosigned(key, text, signature)
    return key.checks(text.encode(), signature.content)


def _by_line(keys: Iterable[VerifierKey]) -> dict[tuple[str, bytes], VerifierKey]:
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.id), key) != key:
            raise NoteError(f"two different keys are called {key.name}+{key.id.hex()}")
    return known


def _decoded(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError as cause:
        raise NoteError("the note is not UTF-8") from cause
    _see_that_printable(text)
    return text


def _see_that_signable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as cause:
        raise NoteError("the text has no form in UTF-8") from cause
    _see_that_printable(text)
    if not text.endswith("\n"):
        raise NoteError("the text does not end with a newline")


def _see_that_printable(text: str) -> None:
    if any(sign < _FIRST_PRINTABLE and sign != "\n" for sign in text):
        raise NoteError("the note holds control characters")
