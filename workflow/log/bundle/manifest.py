"""The manifest: what a bundle holds, in bytes whose digest the log's key signs.

`manifest.json` is canonical JSON (RFC 8785). `manifest.note` is a signed note (C2SP signed-note)
whose text is four lines: 'summit-manifest/v1', the log's origin, the tree's size and root
(base64), and the SHA-256 of manifest.json in hexadecimal. Its second line is no number, so the
note can never be taken for a checkpoint.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, Literal

import msgspec

from workflow.log.checkpoint import Checkpoint, parse_checkpoint
from workflow.log.keys import NoteError, VerifierKey
from workflow.log.note import Note, parse_note, verify
from workflow.log.strict import write_base64
from workflow.log.verdict import BrokenError

MANIFEST: Final = "manifest.json"
NOTE: Final = "manifest.note"
FORMAT: Final = "summit-bundle/v1"
MANIFEST_BYTES: Final = 1 << 30
"""The most that a manifest may have: millions of chains fit."""

_NOTE_HEAD = "summit-manifest/v1"


class ChainEnd(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A chain that the bundle holds from its first entry: how many there are, and the last hash."""

    chain: str
    entries: int
    head: str


class FileDigest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A file that no tree covers, and its SHA-256 in hexadecimal."""

    name: str
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a bundle holds; fields stand in the order of their names, as RFC 8785 has them.

    `scope` is whole when every leaf of the tree is there. `chains` are held from 1 to `entries`
    without a gap; of those in `partial` single entries are there. `filters` is what was asked
    for.
    """

    chains: tuple[ChainEnd, ...]
    entries: int
    files: tuple[FileDigest, ...]
    filters: dict[str, str]
    format: Literal["summit-bundle/v1"] = FORMAT
    made_at: str
    origin: str
    partial: tuple[str, ...]
    root: str
    scope: Literal["whole", "part"]
    size: int

    @property
    def is_whole(self) -> bool:
        """Say whether the bundle holds every leaf of its tree."""
        return self.scope == "whole"


def write_manifest(manifest: Manifest) -> bytes:
    """Return the bytes of manifest.json."""
    return msgspec.json.encode(manifest, order="deterministic")


def note_text(tree: Checkpoint, manifest: bytes) -> str:
    """Return the text of manifest.note."""
    return (
        f"{_NOTE_HEAD}\n{tree.origin}\n{tree.size} {write_base64(tree.root)}\n"
        f"{sha256(manifest).hexdigest()}\n"
    )


def open_manifest(
    content: bytes, note: bytes, checkpoint: bytes, keys: Sequence[VerifierKey]
) -> Manifest:
    """Return what a manifest says, once a key of the log signed it with the checkpoint's tree.

    Raises: BrokenError.
    """
    tree, signed = parse_checkpoint(checkpoint)
    read = _open_note(note, tree, keys)
    # A line of a key that did not sign the checkpoint would say nothing, unnoticed.
    lines, known = _signers(read), _signers(signed)
    if not set(lines) <= set(known) or len(lines) != len(set(lines)) or read.content != note:
        raise BrokenError("holds other signatures than the log's", NOTE)
    if read.text != note_text(tree, content):
        raise BrokenError(_difference(read.text, note_text(tree, content)), MANIFEST)
    manifest = _read(content)
    told = (manifest.origin, manifest.size, manifest.root)
    if told != (tree.origin, tree.size, tree.root.hex()):
        raise BrokenError("is of another tree than the checkpoint", MANIFEST)
    return manifest


def _open_note(content: bytes, tree: Checkpoint, keys: Sequence[VerifierKey]) -> Note:
    try:
        note = parse_note(content)
        verify(note, [key for key in keys if key.name == tree.origin])
    except NoteError as cause:
        raise BrokenError(f"is not signed by the log: {cause}", NOTE) from cause
    return note


def _signers(note: Note) -> list[tuple[str, bytes]]:
    return [(each.name, each.key_id) for each in note.signatures]


def _difference(signed: str, expected: str) -> str:
    if signed.split("\n")[:3] == expected.split("\n")[:3]:
        return "was changed after the log's key signed its digest"
    return "was signed with another tree than the checkpoint's"


def _read(content: bytes) -> Manifest:
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
        same = write_manifest(manifest) == content
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as cause:
        raise BrokenError("is no manifest that this program knows", MANIFEST) from cause
    if not same:
        raise BrokenError("is not written in canonical form", MANIFEST)
    if (manifest.is_whole and manifest.partial) or not _covered(manifest).isdisjoint(
        manifest.partial
    ):
        raise BrokenError("says of a chain that it is whole, and that it is not", MANIFEST)
    return manifest


def _covered(manifest: Manifest) -> set[str]:
    return {each.chain for each in manifest.chains}
