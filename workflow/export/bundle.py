"""Write a bundle: a folder that anybody can check offline, with programs that are not ours.

Entries come in the order of the tree and pass by once; memory grows with the number of chains.
`workflow.log.bundle` reads what is written here.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from typing import Final

import msgspec

from workflow.export.bundle_views import write_views
from workflow.export.new_folder import NewFolder, NewMember
from workflow.export.row import Record, Row, make_row
from workflow.export.tail import Scope
from workflow.log.bundle.beside import CHECKPOINT, COSIGNED, GUIDE, POLICY, SCHEMA, WORKFLOWS
from workflow.log.bundle.disclosed import DISCLOSURES, DisclosedLine
from workflow.log.bundle.entries import ENTRIES, EntryLine
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
from workflow.log.leaf import LeafError
from workflow.log.merkle import HASH_BYTES
from workflow.log.proofs import consistency_proof, inclusion_proof
from workflow.log.tiles import TILE_WIDTH, TileName, Tiles, Tree, pack_entries, tiles_of
from workflow.log.tlog_proof import TlogProof, write_tlog_proof
from workflow.log.witness_request import Request, write_request

SCHEMAS: Final = ("leaf-v1.schema.json",)

_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True)
class Rules:
    """A published edition of a kind's rules, in the bytes that its digest is of."""

    kind: str
    number: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What goes into a bundle.

    `cosigned` is the checkpoint of an older tree that more witnesses cosigned, if there is one.
    `records` are the entries that the bundle holds, by leaf index, none beyond the checkpoint; of
    the chains in `partial` single ones. `old_sizes` are those of older trees that the bundle shall
    be proved to continue; `rules` finds editions by their digests.
    """

    checkpoint: bytes
    cosigned: bytes | None = None
    tiles: Tiles
    records: Iterable[Record]
    is_whole: bool
    partial: Sequence[str] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    policy: bytes = b""
    old_sizes: Sequence[int] = ()
    made_at: str
    rules: Callable[[Iterable[str]], Iterable[Rules]]
    with_views: bool = True


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
    written = _Entries(checkpoint.size, contents)
    written.write(folder)
    _write_proofs(folder, contents, tree, written)
    _write_beside(folder, contents, checkpoint, written)
    manifest = write_manifest(_manifest(folder, contents, checkpoint, written))
    folder.write_plain(MANIFEST, manifest)
    folder.write_plain(NOTE, sign(note_text(checkpoint, manifest)))
    return Bundled(written.count, sha256(manifest).hexdigest())


@dataclass(frozen=True, slots=True)
class _End:
    """The last entry of a chain."""

    sequence: int
    leaf_hash: bytes
    leaf_index: int


@dataclass(slots=True)
class _Entries:
    """Writes the entries, and remembers where each chain ends and which rules were named."""

    size: int
    contents: Contents
    count: int = 0
    ends: dict[str, _End] = field(default_factory=dict)
    definitions: set[str] = field(default_factory=set)

    def write(self, folder: NewFolder) -> None:
        """Write leaves, texts and views in one pass. Raises: LeafError, OSError."""
        with ExitStack() as stack:
            texts = stack.enter_context(folder.open(DISCLOSURES))
            records = (
                self._write_tiles(folder)
                if self.contents.is_whole
                else self._write_lines(stack.enter_context(folder.open(ENTRIES)))
            )
            rows = self._read(records, texts)
            if self.contents.with_views:
                write_views(folder, rows, self._scope(), _Heads(self.ends))
            else:
                deque(rows, maxlen=0)

    def _write_tiles(self, folder: NewFolder) -> Iterator[Record]:
        """Pass records on while their leaves are written below the tiles. Raises: LeafError."""
        waiting: list[bytes] = []
        for record in self.contents.records:
            if record.leaf_index != self.count:
                raise LeafError(f"leaf {self.count}: it is missing from the database")
            waiting.append(record.leaf)
            yield record
            if len(waiting) == TILE_WIDTH or self.count == self.size:
                name = TileName(0, (self.count - 1) // TILE_WIDTH, len(waiting))
                folder.write_plain(name.entries_path, pack_entries(waiting))
                waiting.clear()
        if self.count != self.size:
            raise LeafError(f"leaf {self.count}: it is missing from the database")

    def _write_lines(self, lines: NewMember) -> Iterator[Record]:
        """Pass records on while their leaves are written as lines."""
        for record in self.contents.records:
            yield record
            line = EntryLine(leaf=record.leaf.decode("utf-8"), leaf_index=_index(record))
            lines.write(_encode(line) + b"\n")

    def _read(self, records: Iterable[Record], texts: NewMember) -> Iterator[Row]:
        for record in records:
            row = make_row(record)
            self._remember(row, record)
            _write_texts(texts, record)
            yield row

    def _remember(self, row: Row, record: Record) -> None:
        about = row.form.object
        self.ends[about.chain] = _End(about.sequence, row.leaf_hash, _index(record))
        if row.form.definition is not None:
            self.definitions.add(row.form.definition)
        self.count += 1

    def _scope(self) -> Scope:
        return Scope(
            partial=sorted(self.contents.partial),
            whole=self.contents.is_whole,
            checkpoint=self.contents.checkpoint.decode(),
            cosigned=self.contents.cosigned.decode() if self.contents.cosigned else None,
        )


@dataclass(frozen=True, slots=True)
class _Heads:
    """Chains in order with their last hashes, each time they are asked for."""

    ends: Mapping[str, _End]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for chain in sorted(self.ends):
            yield chain, self.ends[chain].leaf_hash.hex()


def _write_texts(texts: NewMember, record: Record) -> None:
    if record.disclosures:
        parts = {
            name: (each.salt, each.field, each.value) for name, each in record.disclosures.items()
        }
        line = DisclosedLine(disclosures=parts, leaf_index=_index(record))
        texts.write(_encode(line) + b"\n")


def _write_proofs(folder: NewFolder, contents: Contents, tree: Tree, written: _Entries) -> None:
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
    folder: NewFolder, contents: Contents, checkpoint: Checkpoint, written: _Entries
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
    folder: NewFolder, contents: Contents, checkpoint: Checkpoint, written: _Entries
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


def _index(record: Record) -> int:
    if record.leaf_index is None:
        raise LeafError("an entry is not sealed yet")
    return record.leaf_index


_WHOLE: Final = (
    "This bundle is whole: it holds every entry of the log up to this size, and that none is "
    "left\nout needs no word of ours: each leaf is there, and the tree is made of them."
)
_PART: Final = (
    "This bundle holds a part of the log: the chains that `manifest.json` lists under `chains`, "
    "each\nfrom its first entry to its last without a gap, and single entries of those under "
    "`partial`."
)
