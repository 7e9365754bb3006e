"""Export entries for an auditor; that somebody did so is an entry, too."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from workflow.domain.canonical import Json
from workflow.domain.disclosure import Disclosure
from workflow.domain.entry import PEOPLE, Actor, Draft, write_instant
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate, Viewer
from workflow.domain.requirement import role_covers
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.export.new_file import NewFile
from workflow.export.row import Record
from workflow.export.write import LAYOUTS, Writer
from workflow.log.chain import EVERY_CHAIN
from workflow.log.leaf import Leaf, LeafError, read_leaf
from workflow.persistence import people
from workflow.persistence.entries import append
from workflow.persistence.entry_rows import EntryRow, freeze, read_subjects, stream_entries
from workflow.persistence.entry_scope import (
    EVERYTHING,
    LOG,
    EntryFilter,
    chains_seen_in_part,
    entries_seen_by,
    exists_for,
    matching,
)
from workflow.persistence.unit_of_work import Tx
from workflow.services.runtime import Runtime

AUDITOR = "auditor"

Watch = Callable[[Iterable[Record]], Iterable[Record]]
"""Wraps the records on their way, to show progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An order to export entries to a file; `form` is a name of `LAYOUTS`."""

    path: Path
    form: str
    wanted: EntryFilter = EVERYTHING
    replace: bool = False


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was exported: how many entries, where to, the file's SHA-256, the export's own entry."""

    entries: int
    path: Path
    digest: str
    entry: str


def export_entries(
    runtime: Runtime, caller: Caller, order: Export, watch: Watch = iter
) -> ExportReport | Refused:
    """Write every entry that the auditor may see and asked for, then record the export.

    The file takes its name only after the entry is committed: no export without its entry.

    Raises: FileExistsAlreadyError, OSError, LeafError when an entry in the database is damaged.
    """
    with NewFile(order.path, replace=order.replace) as file:
        with runtime.uow.read() as tx:
            freeze(tx)
            viewer = people.viewer_of(tx, caller)
            if reasons := _find_refusals(tx, viewer, order.wanted):
                return Refused(reasons)
            writer = Writer(LAYOUTS[order.form](), partial_chains(tx, viewer, order.wanted))
            file.write_all(writer.write(watch(read_records(tx, viewer, order.wanted))))
        with runtime.uow.write() as tx:
            # The export took its time: the mandate must still be in force when it is recorded.
            viewer = people.viewer_of(tx, caller)
            if reasons := _find_refusals(tx, viewer, order.wanted):
                return Refused(reasons)
            draft = _draft(caller, audit_mandates(viewer)[0], order, writer.count, file.digest)
            (entry,) = append(tx, [draft])
        file.publish()
    return ExportReport(writer.count, order.path, file.digest, entry.leaf_hash.hex())


def audit_mandates(viewer: Viewer) -> tuple[Mandate, ...]:
    """Return the mandates that let somebody read the log, the joint secretariat's first."""
    held = [each for each in viewer.mandates if role_covers(AUDITOR, each.role)]
    return tuple(sorted(held, key=lambda each: (each.party != JOINT_SECRETARIAT, each.party)))


def as_auditor(viewer: Viewer) -> Viewer:
    """Return a viewer whose other mandates are left at the door."""
    return Viewer(viewer.person_id, audit_mandates(viewer), viewer.operator)


def read_records(tx: Tx, viewer: Viewer, wanted: EntryFilter) -> Iterator[Record]:
    """Yield the entries an auditor may see and asked for, with texts and logins not erased."""
    conditions = [entries_seen_by(as_auditor(viewer)), *matching(wanted)]
    for batch in stream_entries(tx, conditions):
        yield from make_records(tx, batch)


def make_records(tx: Tx, batch: list[EntryRow]) -> Iterator[Record]:
    """Yield rows as records, with the people behind their pseudonyms."""
    leaves = [_read(row) for row in batch]
    known = read_subjects(tx, sorted({one for leaf in leaves for one in leaf.people.values()}))
    for row, leaf in zip(batch, leaves, strict=True):
        found = dict(row.details)
        for name in PEOPLE:
            subject = known.get(leaf.people.get(name, ""))
            if subject is not None and subject.salt is not None:
                found[name] = Disclosure("login", subject.salt, subject.login)
        yield Record(row.leaf, found)


def partial_chains(tx: Tx, viewer: Viewer, wanted: EntryFilter) -> tuple[str, ...]:
    """Return the chains of which an export holds a selection only."""
    if not wanted.keeps_chains_whole:
        return (EVERY_CHAIN,)
    return chains_seen_in_part(tx, as_auditor(viewer))


def _read(row: EntryRow) -> Leaf:
    try:
        return read_leaf(row.leaf)
    except LeafError as error:
        raise LeafError(f"{row.chain} #{row.sequence}: {error}") from error


def _find_refusals(tx: Tx, viewer: Viewer, wanted: EntryFilter) -> tuple[Refusal, ...]:
    if not audit_mandates(viewer):
        return (refuse(Code.AUDITOR_ONLY),)
    if wanted.proposal is not None and not exists_for(tx, as_auditor(viewer), wanted.proposal):
        return (refuse(Code.NOT_FOUND, reference=wanted.proposal),)
    return ()


def _draft(caller: Caller, mandate: Mandate, order: Export, count: int, digest: str) -> Draft:
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
