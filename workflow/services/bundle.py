"""Write a bundle for an auditor; that somebody did so is an entry, too.

Everything is read in one snapshot, in which the newest checkpoint says how far the bundle goes.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from workflow.domain.entry import write_instant
from workflow.domain.identity import Caller, Viewer
from workflow.domain.verdicts import Code, Refused, refuse
from workflow.export.bundle import Bundled, Contents, Rules, write_bundle
from workflow.export.new_folder import NewFolder
from workflow.log.note import parse_note, sign_note
from workflow.log.policy import write_policy
from workflow.persistence import bundle_rows, checkpoints, covering, people
from workflow.persistence.checkpoints import Signed
from workflow.persistence.entries import append
from workflow.persistence.entry_rows import freeze
from workflow.persistence.entry_scope import (
    EntryFilter,
    entries_seen_by,
    matching,
    sees_everything,
)
from workflow.persistence.unit_of_work import Tx
from workflow.services.audit import (
    Export,
    ExportReport,
    as_auditor,
    audit_mandates,
    draft_of_export,
    find_export_refusals,
    partial_chains,
)
from workflow.services.bundle_records import Watch, all_records, chosen_records
from workflow.services.runtime import LogKey, Runtime
from workflow.services.seal import seal
from workflow.services.tree import DatabaseTiles
from workflow.services.witness_policy import suggest_policy

BUNDLE: Final = "bundle"

_COSIGNED, _OTHERS = 100, 20
"""So many older trees the bundle is proved to continue; its tiles prove all others as well."""


class NoLogKeyError(Exception):
    """The log's private key, which signs a manifest, is not on this machine."""


@dataclass(frozen=True, slots=True)
class BundleOrder:
    """An order to write a bundle to a folder: of all that an auditor sees, or of one proposal."""

    path: Path
    proposal: str | None = None

    @property
    def wanted(self) -> EntryFilter:
        """Return the filter."""
        return EntryFilter(proposal=self.proposal)

    @property
    def export(self) -> Export:
        """Return the order as every export is recorded."""
        return Export(path=self.path, form=BUNDLE, wanted=self.wanted)


def export_bundle(
    runtime: Runtime, caller: Caller, order: BundleOrder, watch: Watch = lambda each, _: each
) -> ExportReport | Refused:
    """Seal the log, write what the auditor may see of it to a folder, and record the export.

    The folder takes its name only after the entry is committed: no export without its entry.
    The digest in the report and in the entry is the manifest's.

    Raises: NoLogKeyError, BrokenTreeError, ForkedLogError, FileExistsAlreadyError, OSError,
    LeafError or TileError when the log in the database is damaged.
    """
    with NewFolder(order.path) as folder:
        with runtime.uow.read() as tx:
            if reasons := find_export_refusals(tx, people.viewer_of(tx, caller), order.wanted):
                return Refused(reasons)
        key = runtime.read_log_key()
        if key is None:
            raise NoLogKeyError
        seal(runtime)
        with runtime.uow.read() as tx:
            freeze(tx)
            viewer = people.viewer_of(tx, caller)
            if reasons := find_export_refusals(tx, viewer, order.wanted):
                return Refused(reasons)
            newest = checkpoints.newest_checkpoint(tx)
            if newest is None:
                return Refused((refuse(Code.CHECKPOINT_MISSING),))
            written = _write(tx, viewer, order, newest, _Signer(folder, key, watch))
        with runtime.uow.write() as tx:
            # The export took its time: the mandate must still be in force when it is recorded.
            viewer = people.viewer_of(tx, caller)
            if reasons := find_export_refusals(tx, viewer, order.wanted):
                return Refused(reasons)
            mandate = audit_mandates(viewer)[0]
            draft = draft_of_export(
                caller, mandate, order.export, written.entries, written.manifest
            )
            (entry,) = append(tx, [draft])
        folder.publish()
    return ExportReport(written.entries, order.path, written.manifest, entry.leaf_hash.hex())


@dataclass(frozen=True, slots=True)
class _Signer:
    """Where a bundle goes, who signs its manifest, and who watches."""

    folder: NewFolder
    key: LogKey
    watch: Watch


def _write(tx: Tx, viewer: Viewer, order: BundleOrder, newest: Signed, to: _Signer) -> Bundled:
    auditor = as_auditor(viewer)
    is_whole = order.proposal is None and sees_everything(auditor)
    conditions = [entries_seen_by(auditor), *matching(order.wanted)]
    earlier = covering.best_covering(tx, 0)
    contents = Contents(
        checkpoint=_signed_by_all(_note(tx, newest), to.key),
        cosigned=_note(tx, earlier) if earlier and earlier.size < newest.size else None,
        tiles=DatabaseTiles(tx),
        records=all_records(tx, newest.size, to.watch)
        if is_whole
        else chosen_records(tx, newest.size, conditions, to.watch),
        is_whole=is_whole,
        partial=partial_chains(tx, viewer, order.wanted) if order.proposal is None else (),
        filters={"proposal": order.proposal} if order.proposal is not None else {},
        policy=_policy(tx),
        old_sizes=bundle_rows.older_sizes(tx, newest.size, _COSIGNED, _OTHERS),
        made_at=write_instant(tx.at),
        rules=lambda digests: _read_rules(tx, digests),
    )
    signers = to.key.signers()
    return write_bundle(to.folder, contents, lambda text: sign_note(text, *signers).content)


def _signed_by_all(checkpoint: bytes, key: LogKey) -> bytes:
    """Return a checkpoint with a line by each key that signs now.

    It may have been signed before the newest key was there; whoever holds that key alone must be
    able to check the bundle.
    """
    note = parse_note(checkpoint)
    missing = [
        each.sign(note.text)
        for each in key.signers()
        if not any(each.verifier.made(line) for line in note.signatures)
    ]
    return replace(note, signatures=(*note.signatures, *missing)).content


def _note(tx: Tx, signed: Signed) -> bytes:
    return covering.cosigned_note(tx, signed).encode()


def _read_rules(tx: Tx, digests: Iterable[str]) -> Iterator[Rules]:
    """Yield editions in the bytes that their digests are of, see `Definition.digest`."""
    for row in bundle_rows.editions_of_digests(tx, list(digests)):
        content = json.dumps(
            json.loads(row.document), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        yield Rules(row.kind, row.number, content.encode())


def _policy(tx: Tx) -> bytes:
    note = "# What the host suggests. Whom you trust, and how many of them, is yours to say.\n"
    return note.encode() + write_policy(suggest_policy(tx))
