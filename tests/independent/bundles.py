"""Bundles made in a moment for other people's programs to check, and ways to spoil them."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
        return replace(self, folder=Path(shutil.copytree(self.folder, folder)))


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


def _flip(path: str, at: int) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        content = bytearray((folder / path).read_bytes())
        content[at] ^= 1
        (folder / path).write_bytes(content)

    return spoil


def _swap(one: str, other: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        first = (folder / one).read_bytes()
        (folder / one).write_bytes((folder / other).read_bytes())
        (folder / other).write_bytes(first)

    return spoil


def _cut(path: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        content = (folder / path).read_bytes()
        (folder / path).write_bytes(content[:-1])

    return spoil


def _say(line: int, text: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        lines = (folder / "checkpoint").read_text("utf-8").split("\n")
        lines[line] = text
        (folder / "checkpoint").write_text("\n".join(lines), "utf-8")

    return spoil


def _flip_signature(folder: Path) -> None:
    lines = (folder / "checkpoint").read_text("utf-8").split("\n")
    lines[4] = lines[4][:-10] + ("A" if lines[4][-10] != "A" else "B") + lines[4][-9:]
    (folder / "checkpoint").write_text("\n".join(lines), "utf-8")


SPOILT_CHECKPOINT: Final[dict[str, Callable[[Path], None]]] = {
    "another log's name": _say(0, "localhost/log-00000000"),
    "another size": _say(1, "601"),
    "another root": _say(2, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    "a signature with one letter changed": _flip_signature,
}
SPOILT_TILES: Final[dict[str, Callable[[Path], None]]] = {
    "a bit of an entry": _flip("tile/entries/001", 40),
    "the length of an entry": _flip("tile/entries/001", 1),
    "a bit of a full tile": _flip("tile/0/001", 40),
    "a bit of a partial tile": _flip("tile/0/002.p/88", 40),
    "a bit of an upper tile": _flip("tile/1/000.p/2", 0),
    "two tiles swapped": _swap("tile/0/000", "tile/0/001"),
    "two files of entries swapped": _swap("tile/entries/000", "tile/entries/001"),
    "the last byte of the last entry gone": _cut("tile/entries/002.p/88"),
    "the last byte of a tile gone": _cut("tile/0/000"),
}
