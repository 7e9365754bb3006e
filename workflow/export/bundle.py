"""Write a bundle: a folder that anybody can check offline, with programs that are not ours.

Entries come in the order of the tree and pass by once; memory grows with the number of chains.
`workflow.log.bundle` reads what is written here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Final

from workflow.export.bundle_contents import Contents, Rules
from workflow.export.bundle_entries import EntryWriter
from workflow.export.new_folder import NewFolder
from workflow.log.bundle.beside import CHECKPOINT, COSIGNED, GUIDE, POLICY, SCHEMA, WORKFLOWS
from workflow.log.bundle.manifest import (
    MANIFEST,
    NOTE,
    ChainEnd,
    FileDigest,
    Manifest,
    note_text,
    write_manifest,
)
from workflow.log.bundle.proofs import CONSISTENCY, PROOF_ENDING, PROOFS
from workflow.log.checkpoint import Checkpoint, parse_checkpoint
from workflow.log.merkle import HASH_BYTES
from workflow.log.proofs import consistency_proof, inclusion_proof
from workflow.log.tiles import Tree, tiles_of
from workflow.log.tlog_proof import TlogProof, write_tlog_proof
from workflow.log.witness_request import Request, write_request

__all__ = ["Bundled", "Contents", "Rules", "write_bundle"]

SCHEMAS: Final = ("leaf-v1.schema.json",)


@dataclass(frozen=True, slots=True)
class Bundled:
    """What was written: how many entries, and the SHA-256 of the manifest in hexadecimal."""

    entries: int
    manifest: str


def write_bundle(folder: NewFolder, contents: Contents, sign: Callable[[str], bytes]) -> Bundled:
    """Write a bundle; `sign` turns the text of a note into the note, signed by the log.

    Raises: LeafError when an entry is damaged or missing, TileError, OSError.
    """
    checkpoint, _ = parse_checkpoint(contents.checkpoint)
    tree = Tree(contents.tiles, checkpoint.size)
    folder.write(CHECKPOINT, contents.checkpoint)
    if contents.cosigned is not None:
        folder.write(COSIGNED, contents.cosigned)
    for name in tiles_of(checkpoint.size):
        folder.write_plain(name.path, contents.tiles.read(name)[: name.width * HASH_BYTES])
    written = EntryWriter(checkpoint.size, contents)
    written.write(folder)
    _write_proofs(folder, contents, tree, written)
    _write_beside(folder, contents, checkpoint, written)
    manifest = write_manifest(_manifest(folder, contents, checkpoint, written))
    folder.write_plain(MANIFEST, manifest)
    folder.write_plain(NOTE, sign(note_text(checkpoint, manifest)))
    return Bundled(written.count, sha256(manifest).hexdigest())


def _write_proofs(folder: NewFolder, contents: Contents, tree: Tree, written: EntryWriter) -> None:
    for old in contents.old_sizes:
        proof = tuple(consistency_proof(tree, old, tree.size))
        request = Request(old, proof, contents.checkpoint)
        folder.write(f"{CONSISTENCY}{old}.txt", write_request(request))
    if contents.is_whole:
        # Whoever holds all tiles makes any proof; thousands of files would prove no more.
        return
    for end in written.ends.values():
        hashes = tuple(inclusion_proof(tree, end.leaf_index, tree.size))
        content = write_tlog_proof(TlogProof(end.leaf_index, hashes, contents.checkpoint))
        folder.write(f"{PROOFS}{end.leaf_hash.hex()}{PROOF_ENDING}", content)


def _write_beside(
    folder: NewFolder, contents: Contents, checkpoint: Checkpoint, written: EntryWriter
) -> None:
    for rules in contents.rules(sorted(written.definitions)):
        folder.write(f"{WORKFLOWS}{rules.kind}-{rules.number}.json", rules.content)
    for name in SCHEMAS:
        folder.write(f"{SCHEMA}{name}", (files("workflow.log.schema") / name).read_bytes())
    folder.write(POLICY, contents.policy)
    guide = (files("workflow.export") / "bundle_guide.txt").read_text("utf-8")
    holds = _WHOLE if contents.is_whole else _PART
    told = {"origin": checkpoint.origin, "size": str(checkpoint.size), "holds": holds}
    for word, text in told.items():
        guide = guide.replace(f"[{word}]", text)
    folder.write(GUIDE, guide.encode())


def _manifest(
    folder: NewFolder, contents: Contents, checkpoint: Checkpoint, written: EntryWriter
) -> Manifest:
    chains = sorted(written.ends.items())
    return Manifest(
        chains=tuple(
            ChainEnd(chain=chain, entries=end.sequence, head=end.leaf_hash.hex())
            for chain, end in chains
            if chain not in contents.partial
        ),
        entries=written.count,
        files=tuple(
            FileDigest(name=name, sha256=digest) for name, digest in sorted(folder.digests.items())
        ),
        filters=dict(contents.filters),
        made_at=contents.made_at,
        origin=checkpoint.origin,
        partial=tuple(chain for chain, _ in chains if chain in contents.partial),
        root=checkpoint.root.hex(),
        scope="whole" if contents.is_whole else "part",
        size=checkpoint.size,
    )


_WHOLE: Final = (
    "This bundle is whole: it holds every entry of the log up to this size, and that none is "
    "left\nout needs no word of ours: each leaf is there, and the tree is made of them."
)
_PART: Final = (
    "This bundle holds a part of the log: the chains that `manifest.json` lists under `chains`, "
    "each\nfrom its first entry to its last without a gap, and single entries of those under "
    "`partial`."
)
