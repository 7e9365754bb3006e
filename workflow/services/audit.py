"""Export entries for an auditor; that somebody did so is an entry, too."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from workflow.domain.canonical import Json
from workflow.domain.entry import Actor, Draft, write_instant
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate, Viewer
from workflow.domain.requirement import role_covers
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.export.new_file import NewFile
from workflow.export.row import Record
from workflow.export.tail import Scope
from workflow.export.write import write_entries
from workflow.log.chain import EVERY_CHAIN
from workflow.log.keys import KeyFileError
from workflow.persistence import people
from workflow.persistence.checkpoints import newest_checkpoint
from workflow.persistence.covering import best_covering, cosigned_note
from workflow.persistence.entries import append
from workflow.persistence.entry_rows import count_batches, freeze, stream_heads
from workflow.persistence.entry_scope import (
    EVERYTHING,
    LOG,
    EntryFilter,
    chains_seen_in_part,
    entries_seen_by,
    exists_for,
    matching,
    sees_everything,
)
from workflow.persistence.unit_of_work import Tx
from workflow.services.audit_records import Records
from workflow.services.runtime import Runtime
from workflow.services.seal import seal
from workflow.services.tree import BrokenTreeError, ForkedLogError

AUDITOR = "auditor"

Watch = Callable[[Iterable[Iterable[Record]], Callable[[], int]], Iterable[Iterable[Record]]]
"""Wraps the batches of records on their way, to show progress; it may ask how many will come."""


def _unwatched(
    batches: Iterable[Iterable[Record]], _length: Callable[[], int]
) -> Iterable[Iterable[Record]]:
    return batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An order to export entries to a file; `form` is one of `FORMS`."""

    path: Path
    form: str
    wanted: EntryFilter = EVERYTHING
    replace: bool = False


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was exported: how many entries, where to, the file's SHA-256, the export's own entry.

    `unsealed` says why the log could not be sealed before, if it could not.
    """

    entries: int
    path: Path
    digest: str
    entry: str
    unsealed: str | None = None


def export_entries(
    runtime: Runtime, caller: Caller, order: Export, watch: Watch = _unwatched
) -> ExportReport | Refused:
    """Write every entry that the auditor may see and asked for, then record the export.

    The file takes its name only after the entry is committed: no export without its entry.

    Raises: FileExistsAlreadyError, OSError, LeafError when an entry in the database is damaged.
    """
    with NewFile(order.path, replace=order.replace) as file:
        with runtime.uow.read() as tx:
            if reasons := find_export_refusals(tx, people.viewer_of(tx, caller), order.wanted):
                return Refused(reasons)
        unsealed = _seal(runtime)
        with runtime.uow.read() as tx:
            freeze(tx)
            viewer = people.viewer_of(tx, caller)
            if reasons := find_export_refusals(tx, viewer, order.wanted):
                return Refused(reasons)
            count = file.fill(lambda to: _write(tx, viewer, order, watch, to))
        with runtime.uow.write() as tx:
            # The export took its time: the mandate must still be in force when it is recorded.
            viewer = people.viewer_of(tx, caller)
            if reasons := find_export_refusals(tx, viewer, order.wanted):
                return Refused(reasons)
            draft = draft_of_export(caller, audit_mandates(viewer)[0], order, count, file.digest)
            (entry,) = append(tx, [draft])
        file.publish()
    return ExportReport(count, order.path, file.digest, entry.leaf_hash.hex(), unsealed)


def _seal(runtime: Runtime) -> str | None:
    """Seal the log, so that rows know their places; return why that cannot be done.

    A log that is broken must still be seen, by those who have to find out what happened.
    """
    try:
        seal(runtime)
    except (BrokenTreeError, ForkedLogError, KeyFileError) as error:
        return str(error)
    return None


def _write(tx: Tx, viewer: Viewer, order: Export, watch: Watch, to: BinaryIO) -> int:
    conditions = [entries_seen_by(as_auditor(viewer)), *matching(order.wanted)]
    scope = scope_of(tx, viewer, order.wanted)
    batches = Records(tx).whole() if scope.whole else Records(tx).selected(conditions)
    records = chain.from_iterable(watch(batches, lambda: count_batches(tx, conditions)))
    return write_entries(order.form, to, records, stream_heads(tx, conditions), scope)


def scope_of(tx: Tx, viewer: Viewer, wanted: EntryFilter) -> Scope:
    """Return which entries an export holds, and the checkpoints that vouch for them."""
    newest, cosigned = newest_checkpoint(tx), best_covering(tx, 0)
    earlier = cosigned is not None and newest is not None and cosigned.size < newest.size
    return Scope(
        partial=partial_chains(tx, viewer, wanted),
        whole=wanted == EVERYTHING and sees_everything(as_auditor(viewer)),
        checkpoint=cosigned_note(tx, newest) if newest else None,
        cosigned=cosigned_note(tx, cosigned) if cosigned and earlier else None,
    )


def audit_mandates(viewer: Viewer) -> tuple[Mandate, ...]:
    """Return the mandates that let somebody read the log, the joint secretariat's first."""
    held = [each for each in viewer.mandates if role_covers(AUDITOR, each.role)]
    return tuple(sorted(held, key=lambda each: (each.party != JOINT_SECRETARIAT, each.party)))


def as_auditor(viewer: Viewer) -> Viewer:
    """Return a viewer whose other mandates are left at the door."""
    return Viewer(viewer.person_id, audit_mandates(viewer), viewer.operator)


def partial_chains(tx: Tx, viewer: Viewer, wanted: EntryFilter) -> tuple[str, ...]:
    """Return the chains of which an export holds a selection only."""
    if not wanted.keeps_chains_whole:
        return (EVERY_CHAIN,)
    return chains_seen_in_part(tx, as_auditor(viewer))


def find_export_refusals(tx: Tx, viewer: Viewer, wanted: EntryFilter) -> tuple[Refusal, ...]:
    """Return why a viewer may not have an export."""
    if not audit_mandates(viewer):
        return (refuse(Code.AUDITOR_ONLY),)
    if wanted.proposal is not None and not exists_for(tx, as_auditor(viewer), wanted.proposal):
        return (refuse(Code.NOT_FOUND, reference=wanted.proposal),)
    return ()


def draft_of_export(
    caller: Caller, mandate: Mandate, order: Export, count: int, digest: str
) -> Draft:
    """Return the entry of an export, with the SHA-256 of what was written."""
    return Draft(
        chain=LOG,
        kind="export",
        via=caller.via,
        actor=Actor(caller.pseudonym, mandate.party, mandate.role, token=caller.credential),
        facts={"format": order.form, "entries": count, "sha256": digest},
        texts={"filters": _show_filters(order.wanted)} if order.wanted != EVERYTHING else {},
    )


def _show_filters(wanted: EntryFilter) -> dict[str, Json]:
    """Return the filters as a text: one of them is a person's login, which must stay erasable."""
    return {
        name: write_instant(value) if isinstance(value, datetime) else value
        for name, value in asdict(wanted).items()
        if value is not None
    }
