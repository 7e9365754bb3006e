"""Bundles made in a moment for other people's programs to check, and ways to spoil them."""

import dataclasses
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from workflow.domain.canonical import canonical_bytes
from workflow.domain.entry import MAX_LEAF_BYTES
from workflow.log.checkpoint import Checkpoint, sign_checkpoint
from workflow.log.cosignature import cosign
from workflow.log.growth import grow
from workflow.log.merkle import hash_leaf, root_of
from workflow.log.note import COSIGNATURE, Note, SigningKey
from workflow.log.proofs import inclusion_proof
from workflow.log.tiles import TileName, Tree, pack_entries
from workflow.log.tlog_proof import TlogProof, write_tlog_proof

ORIGIN: Final = "localhost/log-3f9a0c12"
COSIGNED_AT: Final = 1_767_603_600

_LONG = 7
"""The one entry of each bundle that is as long as an entry may be."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A whole bundle: what its log's and its witness's keys are, and a checkpoint kept from before.

    `older` lies outside the folder, as whoever kept it would have it.
    """

    folder: Path
    vkey: str
    witness: str
    older: Path

    def copied(self, folder: Path) -> "Bundle":
        """Return a copy that may be spoilt."""
        return dataclasses.replace(self, folder=Path(shutil.copytree(self.folder, folder)))


def key_of(name: str = ORIGIN, seed: str = "log", sort: int = 1) -> SigningKey:
    """Return the key that belongs to a name and a seed: the same in every run."""
    return SigningKey(name, sha256(seed.encode()).digest(), sort)


def entries(count: int) -> list[bytes]:
    """Return so many entries, of which one has the greatest length."""
    made = [canonical_bytes({"kind": "step", "sequence": at, "v": 1}) for at in range(count)]
    if count > _LONG:
        made[_LONG] = b'"' + b"a" * (MAX_LEAF_BYTES - 2) + b'"'
    return made


def write_bundle(folder: Path, leaves: Sequence[bytes], before: int) -> Bundle:
    """Write the log of these entries, and beside the folder its checkpoint of when it had fewer."""
    hashes = b"".join(map(hash_leaf, leaves))
    for name, content in grow(0, {}, hashes).tiles.items():
        _write(folder / name.path, content)
        if name.level == 0:
            first = name.number * 256
            _write(folder / name.entries_path, pack_entries(leaves[first : first + name.width]))
    witness = key_of("witness.example/jp", "witness", COSIGNATURE)
    _write(folder / "checkpoint", _checkpoint(hashes, witness))
    older = folder.with_name(f"{folder.name}-older")
    _write(older, _checkpoint(hashes[: before * 32], witness))
    return Bundle(folder, key_of().verifier.text, witness.verifier.text, older)


def write_fork(path: Path, bundle: Bundle, size: int) -> Path:
    """Write what a log that shows two faces would have signed: as large, with another entry."""
    other = [b'{"sequence":0}', *entries(size)[1:]]
    witness = key_of("witness.example/jp", "witness", COSIGNATURE)
    assert bundle.vkey == key_of().verifier.text
    return _write(path, _checkpoint(b"".join(map(hash_leaf, other)), witness))


def write_receipt(path: Path, bundle: Bundle, index: int, size: int) -> Path:
    """Write a receipt of an entry: where it stands in the tree that the bundle's log signed."""
    tree = Tree(_Folder(bundle.folder), size)
    proof = tuple(inclusion_proof(tree, index, size))
    checkpoint = (bundle.folder / "checkpoint").read_bytes()
    return _write(path, write_tlog_proof(TlogProof(index, proof, checkpoint)))


def _checkpoint(hashes: bytes, witness: SigningKey) -> bytes:
    state = Checkpoint(ORIGIN, len(hashes) // 32, root_of(hashes))
    note = sign_checkpoint(state, key_of())
    line = cosign(witness, note.text, COSIGNED_AT)
    return Note(note.text, (*note.signatures, line)).content


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@dataclass(frozen=True, slots=True)
class _Folder:
    folder: Path

    def read(self, name: TileName) -> bytes:
        return (self.folder / name.path).read_bytes()


# --- ways to spoil a bundle of 600 entries --------------------------------------------------------

SPOILT_SIZE: Final = 600

Spoil = Callable[[Path], None]
"""Changes something in a bundle's folder."""


def change(path: str, change_it: Callable[[bytes], bytes]) -> Spoil:
    """Change a file's content."""

    def spoil(folder: Path) -> None:
        before = (folder / path).read_bytes()
        after = change_it(before)
        assert after != before
        (folder / path).write_bytes(after)

    return spoil


def flip(path: str, at: int) -> Spoil:
    """Flip one bit of a byte."""
    return change(path, lambda old: old[:at] + bytes([old[at] ^ 1]) + old[at + 1 :])


def cut(path: str) -> Spoil:
    """Take the last byte away."""
    return change(path, lambda old: old[:-1])


def replace(path: str, line: int, text: str) -> Spoil:
    """Let a line say something else."""

    def replaced(old: bytes) -> bytes:
        lines = old.split(b"\n")
        lines[line] = text.encode()
        return b"\n".join(lines)

    return change(path, replaced)


def drop_line(path: str, holding: bytes, which: int) -> Spoil:
    """Take away one of the lines that hold something: 0 is the first of them, -1 the last."""

    def dropped(old: bytes) -> bytes:
        lines = old.splitlines(keepends=True)
        del lines[[at for at, line in enumerate(lines) if holding in line][which]]
        return b"".join(lines)

    return change(path, dropped)


def swap(one: str, other: str) -> Spoil:
    """Let two files have each other's content."""

    def spoil(folder: Path) -> None:
        first, second = (folder / one).read_bytes(), (folder / other).read_bytes()
        assert first != second
        (folder / one).write_bytes(second)
        (folder / other).write_bytes(first)

    return spoil


def _change_signatures(old: bytes) -> bytes:
    """Change a letter within each signature; the last ones could be bits that nobody reads."""
    text, found, lines = old.rpartition(b"\n\n")
    changed = [
        line[:-20] + (b"B" if line[-20:-19] == b"A" else b"A") + line[-19:]
        for line in lines.splitlines()
    ]
    return text + found + b"".join(line + b"\n" for line in changed)


SPOILT_CHECKPOINT: Final[dict[str, Spoil]] = {
    "another log's name": replace("checkpoint", 0, "localhost/log-00000000"),
    "another size": replace("checkpoint", 1, "601"),
    "another root": replace("checkpoint", 2, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    "signatures with one letter changed": change("checkpoint", _change_signatures),
}
SPOILT_TILES: Final[dict[str, Spoil]] = {
    "a bit of an entry": flip("tile/entries/001", 40),
    "the length of an entry": flip("tile/entries/001", 1),
    "a bit of a full tile": flip("tile/0/001", 40),
    "a bit of a partial tile": flip("tile/0/002.p/88", 40),
    "a bit of an upper tile": flip("tile/1/000.p/2", 0),
    "two tiles swapped": swap("tile/0/000", "tile/0/001"),
    "two files of entries swapped": swap("tile/entries/000", "tile/entries/001"),
    "the last byte of the last entry gone": cut("tile/entries/002.p/88"),
    "the last byte of a tile gone": cut("tile/0/000"),
}
