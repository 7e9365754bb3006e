"""Verify a bundle offline: no key, witness or number in it is trusted before it was checked."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from workflow.log.bundle.beside import (
    CHECKPOINT,
    COSIGNED,
    check_definitions,
    check_digests,
    check_names,
    names_in,
)
from workflow.log.bundle.disclosed import DISCLOSURES
from workflow.log.bundle.entries import (
    check_chains,
    check_lines,
    check_stretches,
    join_stretches,
    processors,
    read_entry_lines,
)
from workflow.log.bundle.folder import Folder, list_files
from workflow.log.bundle.leaves import Leaves, name_leaf
from workflow.log.bundle.manifest import MANIFEST, MANIFEST_BYTES, NOTE, Manifest, open_manifest
from workflow.log.bundle.proofs import (
    CONSISTENCY,
    PROOFS,
    check_consistency,
    check_inclusion,
    check_receipt,
    check_since,
    see_continued,
)
from workflow.log.bundle.tree import check_tree
from workflow.log.checkpoint import Checkpoint, CheckpointError, open_checkpoint
from workflow.log.keys import VerifierKey
from workflow.log.leaf import LeafError
from workflow.log.leaf_form import read_form
from workflow.log.note import MAX_NOTE_BYTES
from workflow.log.policy import Judged, Policy, judge_checkpoint
from workflow.log.tiles import Tree
from workflow.log.tlog_proof import TlogProof, parse_tlog_proof
from workflow.log.verdict import BrokenError, SignedTree, Verified, show_chain

_WHOLE_OR_NOT: Final = "proposal/"
"""A chain of a proposal is seen as a whole or not at all."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verifier brings along: the log's keys, and what it may hold of its own.

    `since` is an older checkpoint, `receipt` a proof of an entry, both as they were handed out.
    """

    keys: Sequence[VerifierKey]
    policy: Policy | None = None
    since: bytes | None = None
    receipt: bytes | None = None


def verify_bundle(path: Path, trust: Trust, processes: int | None = None) -> Verified:
    """Return whether a bundle is what the log signed, and the first fault.

    Raises: FormatError when `since` or `receipt` is none of this log's; OSError.
    """
    check = _Check(Folder(path), trust, processes or min(processors(), 4))
    kept = check.open_kept()
    try:
        check.run(kept)
    except BrokenError as broken:
        return check.report(broken)
    return check.report(None)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the verifier kept, opened with the log's key."""

    since: Checkpoint | None
    receipt: tuple[TlogProof, Checkpoint] | None


@dataclass(slots=True)
class _Check:
    """One check, and how far it came."""

    folder: Folder
    trust: Trust
    processes: int
    signed: SignedTree | None = None
    leaves: Leaves = field(default_factory=Leaves)
    also: list[str] = field(default_factory=list)

    def open_kept(self) -> _Kept:
        """Open what the verifier kept. Raises: FormatError."""
        since = receipt = None
        if self.trust.since is not None:
            since = open_checkpoint(self.trust.since, *self.trust.keys)
        if self.trust.receipt is not None:
            proof = parse_tlog_proof(self.trust.receipt)
            receipt = proof, open_checkpoint(proof.checkpoint, *self.trust.keys)
        return _Kept(since, receipt)

    def run(self, kept: _Kept) -> None:
        """Check everything. Raises: BrokenError, FormatError."""
        found = list_files(self.folder.path)
        note = self.folder.read(CHECKPOINT, MAX_NOTE_BYTES)
        checkpoint = self._open_checkpoint(note)
        manifest = open_manifest(
            self.folder.read(MANIFEST, MANIFEST_BYTES),
            self.folder.read(NOTE, MAX_NOTE_BYTES),
            note,
            self.trust.keys,
        )
        self._tell_part(manifest)
        check_names(found, manifest)
        cosigned = self._open_cosigned(found)
        self._judge(filter(None, (note, cosigned[1])))
        tree = self._check_tree(manifest, checkpoint, found)
        if cosigned[0] is not None:
            see_continued(cosigned[0], tree, COSIGNED)
        check_chains(self.leaves, manifest)
        check_digests(self.folder, manifest)
        check_definitions(self.leaves.definitions, manifest)
        for name in names_in(manifest, CONSISTENCY):
            check_consistency(self.folder, name, tree, checkpoint)
        for name in names_in(manifest, PROOFS):
            check_inclusion(self.folder, name, tree, checkpoint)
        self._check_kept(kept, tree, manifest)

    def report(self, broken: BrokenError | None) -> Verified:
        """Return what came out."""
        leaves = self.leaves
        return Verified(
            leaves.count,
            len(leaves.ends),
            broken.fault if broken else None,
            sorted(leaves.partial),
            self.signed,
            tuple(self.also),
        )

    def _open_checkpoint(self, content: bytes) -> Checkpoint:
        checkpoint = self._open(content, CHECKPOINT)
        self.signed = SignedTree(checkpoint.origin, checkpoint.size, checkpoint.root)
        return checkpoint

    def _open_cosigned(self, found: AbstractSet[str]) -> tuple[Checkpoint | None, bytes | None]:
        """Return the older checkpoint that more witnesses cosigned, if there is one."""
        if COSIGNED not in found:
            return None, None
        content = self.folder.read(COSIGNED, MAX_NOTE_BYTES)
        return self._open(content, COSIGNED), content

    def _judge(self, notes: Iterable[bytes]) -> None:
        """See that enough witnesses cosigned the newest checkpoint, or else the older one."""
        if self.trust.policy is None or self.signed is None:
            return
        # The key given is what counts, whatever logs a policy names besides.
        policy = replace(self.trust.policy, logs=())
        newest = self.signed
        for note in notes:
            judged = self._judge_one(policy, note)
            tree, names = judged.checkpoint, tuple(sorted(judged.witnesses))
            if judged.enough:
                self.signed = SignedTree(tree.origin, tree.size, tree.root, names)
                self.also.append(policy.met)
                if tree.size < newest.size:
                    self.also.append(f"the log alone signed what follows, up to {newest.size}")
                return
        raise BrokenError("is not cosigned by as many witnesses as the policy wants", CHECKPOINT)

    def _judge_one(self, policy: Policy, note: bytes) -> Judged:
        try:
            return judge_checkpoint(policy, note, *self.trust.keys)
        except CheckpointError as error:
            raise BrokenError(str(error), CHECKPOINT) from error

    def _open(self, content: bytes, name: str) -> Checkpoint:
        try:
            return open_checkpoint(content, *self.trust.keys)
        except CheckpointError as error:
            raise BrokenError(str(error), name) from error

    def _check_tree(self, manifest: Manifest, checkpoint: Checkpoint, found: set[str]) -> Tree:
        checked = check_stretches(self.folder.path, manifest, self.processes)
        tree = check_tree(self.folder, checkpoint, b"".join(each.roots for each in checked))
        if manifest.is_whole:
            self.leaves = join_stretches(checked)
        else:
            has_texts = DISCLOSURES in found
            self.leaves = check_lines(self.folder, manifest, tree, has_texts=has_texts)
        return tree

    def _check_kept(self, kept: _Kept, tree: Tree, manifest: Manifest) -> None:
        if kept.since is not None:
            self.also.append(check_since(kept.since, tree))
        if kept.receipt is None:
            return
        proof, of = kept.receipt
        leaf = check_receipt(proof, of, tree)
        if leaf is None:
            self.also.append("the receipt is of a later entry")
            return
        self.also.append(self._see_included(manifest, proof.index, leaf))

    def _see_included(self, manifest: Manifest, index: int, leaf: bytes) -> str:
        """Say where the receipt's entry is. Raises: BrokenError when it was left out."""
        if manifest.is_whole or any(index == each for each, _ in read_entry_lines(self.folder)):
            return "the receipt's entry is there"
        try:
            chain = read_form(leaf).object.chain
        except LeafError as error:
            raise BrokenError(str(error), f"leaf {index}") from error
        asked = {f"{_WHOLE_OR_NOT}{each}" for each in manifest.filters.values()}
        if chain in {each.chain for each in manifest.chains} | asked:
            raise BrokenError("was left out, and the receipt proves it", name_leaf(index, leaf))
        if chain in manifest.partial and not chain.startswith(_WHOLE_OR_NOT):
            return f"the receipt's entry is none of those of {show_chain(chain)} that are here"
        if not manifest.filters:
            raise BrokenError(
                f"was left out with all of {chain}, unless this party may no longer see it",
                name_leaf(index, leaf),
            )
        return f"the receipt's entry is of {show_chain(chain)}, which is not in this bundle"

    def _tell_part(self, manifest: Manifest) -> None:
        """Say of a part what no hash proves. Only the whole log proves its own end."""
        if manifest.is_whole:
            return
        asked = [f"{show_chain(k)} {show_chain(v)}" for k, v in sorted(manifest.filters.items())]
        narrowed = f" narrowed to {', '.join(asked)}" if asked else ""
        self.also.append(
            f"it is a part of the log{narrowed}, and that nothing more belongs to it is the host's"
            " word"
        )
