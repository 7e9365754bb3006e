"""Small bundles for tests: a log of a few chains, its key, and what a verifier needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from tests.log.memory_tiles import MemoryTiles
from workflow.domain.disclosure import make_subject
from workflow.domain.entry import START, Actor, Draft, Link, Stamp, seal_draft
from workflow.export.bundle import Contents, Rules, write_bundle
from workflow.export.new_folder import NewFolder
from workflow.export.row import Record
from workflow.log.bundle.manifest import (
    MANIFEST,
    NOTE,
    FileDigest,
    Manifest,
    note_text,
    write_manifest,
)
from workflow.log.bundle.verify import Trust, verify_bundle
from workflow.log.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from workflow.log.keys import SigningKey
from workflow.log.merkle import hash_leaf
from workflow.log.note import sign_note
from workflow.log.proofs import inclusion_proof
from workflow.log.tiles import Tree
from workflow.log.tlog_proof import TlogProof, write_tlog_proof
from workflow.log.verdict import Verified

ORIGIN = "localhost/log-3f9a0c12"
KEY = SigningKey(ORIGIN, bytes(range(32)))
RULES = Rules("forum", 3, b'{"kind":"forum","steps":{}}')
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
ADA = make_subject("ada", "Ada", bytes(range(16)))
CHAINS = ("proposal/A-1", "party/UZ", "proposal/B-2", "log")


def make_records(count: int, *, fork: str = "") -> list[Record]:
    """Return so many entries of four chains in turn, the texts of a few erased."""
    ends = dict.fromkeys(CHAINS, START)
    records: list[Record] = []
    for index in range(count):
        chain = CHAINS[index % len(CHAINS)]
        sealed = seal_draft(
            _draft(chain, index, fork),
            Stamp(f"e-{index}", AT + timedelta(seconds=index), ends[chain]),
            lambda: bytes(16),
        )
        ends[chain] = Link(ends[chain].sequence + 1, sealed.leaf_hash)
        kept = {each.field: each for each in sealed.disclosures if index % 5}
        assert ADA.salt is not None
        kept["actor"] = replace(
            sealed.disclosures[0], field="login", salt=ADA.salt, value=ADA.login
        )
        records.append(Record(sealed.leaf, kept, index))
    return records


def _draft(chain: str, index: int, fork: str) -> Draft:
    of_proposal = chain.startswith("proposal/")
    return Draft(
        chain=chain,
        kind="sign",
        via="web",
        actor=Actor(ADA.pseudonym, "UZ", "line_ministry"),
        previous=START,
        proposal=chain.partition("/")[2] if of_proposal else None,
        definition=sha256(RULES.content).hexdigest() if of_proposal else None,
        facts={"decision": "approve"},
        texts={"note": f'"{fork}{index}" тест 合意\n', "parts": [index, True, None]},
    )


@dataclass(frozen=True)
class Log:
    """A log of a size, its entries, and the key that signs it."""

    records: Sequence[Record]
    key: SigningKey = KEY
    tiles: MemoryTiles = field(init=False)

    def __post_init__(self) -> None:
        """Build the tree."""
        tiles = MemoryTiles()
        tiles.append(b"".join(hash_leaf(each.leaf) for each in self.records))
        object.__setattr__(self, "tiles", tiles)

    @property
    def tree(self) -> Tree:
        """Return the tree over all entries."""
        return Tree(self.tiles, len(self.records))

    def checkpoint(self, size: int | None = None) -> bytes:
        """Return the signed checkpoint of the log when it had so many entries."""
        size = len(self.records) if size is None else size
        return sign_checkpoint(Checkpoint(ORIGIN, size, self.tree.root_at(size)), self.key).content

    def hash_of(self, index: int) -> bytes:
        """Return an entry's leaf hash."""
        return hash_leaf(self.records[index].leaf)

    def receipt(self, index: int, size: int | None = None) -> bytes:
        """Return the receipt of an entry, of a tree of a size."""
        size = len(self.records) if size is None else size
        hashes = tuple(inclusion_proof(self.tree, index, size))
        leaf = self.records[index].leaf
        return write_tlog_proof(TlogProof(index, hashes, self.checkpoint(size), leaf))

    def write(self, path: Path, chains: Iterable[str] | None = None, **more: Any) -> Path:  # noqa: ANN401 - fields
        """Write a bundle: whole, or of these chains; `more` are fields of `Contents`."""
        kept = None if chains is None else set(chains)
        contents = Contents(
            checkpoint=self.checkpoint(),
            tiles=self.tiles,
            records=[r for r in self.records if kept is None or _chain_of(r) in kept],
            is_whole=kept is None,
            policy=f"log {self.key.verifier.text}\nquorum none\n".encode(),
            made_at="2026-01-05T10:00:00.000000Z",
            rules=lambda digests: [RULES] if list(digests) else [],
            old_sizes=(1, len(self.records) // 2, len(self.records)),
        )
        with NewFolder(path) as folder:
            write_bundle(folder, replace(contents, **more), self.sign)
            folder.publish()
        return path

    def sign_again(self, path: Path, **changed: Any) -> Path:  # noqa: ANN401 - fields of `Manifest`
        """Do what a dishonest host can: sign a manifest of what the folder now holds."""
        manifest = msgspec.json.decode((path / MANIFEST).read_bytes(), type=Manifest)
        more = changed.pop("more", ())
        files = tuple(
            FileDigest(name=each.name, sha256=sha256((path / each.name).read_bytes()).hexdigest())
            for each in manifest.files
            if (path / each.name).exists()
        )
        content = write_manifest(
            msgspec.structs.replace(manifest, files=(*files, *more), **changed)
        )
        (path / MANIFEST).write_bytes(content)
        tree, _ = parse_checkpoint((path / "checkpoint").read_bytes())
        (path / NOTE).write_bytes(self.sign(note_text(tree, content)))
        return path

    def sign(self, text: str) -> bytes:
        """Sign a note as the log."""
        return sign_note(text, self.key).content


def _chain_of(record: Record) -> str:
    return next(each for each in CHAINS if f'"chain":"{each}"'.encode() in record.leaf)


def check(path: Path, **kept: Any) -> Verified:  # noqa: ANN401 - fields of `Trust`
    """Verify a bundle with the log's key."""
    return verify_bundle(path, replace(Trust((KEY.verifier,)), **kept))


def found(path: Path, **kept: Any) -> str:  # noqa: ANN401 - fields of `Trust`
    """Return the sentence of the first fault in a bundle, '' where there is none."""
    fault = check(path, **kept).fault
    return fault.sentence if fault else ""
