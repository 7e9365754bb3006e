"""Reads and writes the rows of proposals: their standing, texts, parties, fields, revisions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from workflow.domain.commands import FieldValue
from workflow.domain.identity import Viewer
from workflow.domain.shape import CAPACITIES
from workflow.domain.texts import is_storable
from workflow.domain.waits import TakingPart
from workflow.persistence import contents
from workflow.persistence.chunks import chunks
from workflow.persistence.people_tables import Party
from workflow.persistence.proposal_tables import (
    Proposal,
    ProposalParty,
    Transition,
)
from workflow.persistence.selection import visible_to
from workflow.persistence.unit_of_work import Tx


@dataclass(slots=True)
class ProposalRow:
    """A proposal as the rules read it; a change works on this and writes it back."""

    id: int
    reference: str
    kind: str
    edition_id: int
    summit: str
    state: str
    round: int
    revision: int
    revision_sha256: str
    version: int
    head: bytes
    shape: str
    standing: str
    awaits_revision: bool
    public: bool
    imported: bool
    proposed_by: int | None
    edited_by: int | None
    changed_at: datetime
    parent_id: int | None = None


_COLUMNS = tuple(getattr(Proposal, name) for name in ProposalRow.__dataclass_fields__)


def lock(tx: Tx, references: Sequence[str]) -> dict[str, ProposalRow]:
    """Read these proposals for a change, locked in one order, whoever may see them.

    Children come before parents, whose rows a child's act locks later, and then the ids decide.
    SQLite has no row locks: there the transaction is immediate, and alone.
    """
    rows: dict[str, ProposalRow] = {}
    for chunk in chunks([each for each in references if is_storable(each)]):
        statement = (
            select(*_COLUMNS)
            .where(Proposal.reference.in_(chunk))
            .order_by(Proposal.parent_id.is_(None), Proposal.id)
            .with_for_update(of=Proposal)
        )
        rows |= {row.reference: ProposalRow(*row) for row in tx.connection.execute(statement)}
    return rows


def lock_ids(tx: Tx, ids: Sequence[int]) -> list[ProposalRow]:
    """Read these proposals for a change in the same way, by their ids."""
    rows: list[ProposalRow] = []
    for chunk in chunks(sorted(ids)):
        statement = (
            select(*_COLUMNS)
            .where(Proposal.id.in_(chunk))
            .order_by(Proposal.parent_id.is_(None), Proposal.id)
            .with_for_update(of=Proposal)
        )
        rows += [ProposalRow(*row) for row in tx.connection.execute(statement)]
    return rows


def read(tx: Tx, viewer: Viewer, references: Sequence[str]) -> dict[str, ProposalRow]:
    """Read these proposals without locking them; hidden ones are absent."""
    rows: dict[str, ProposalRow] = {}
    for chunk in chunks([each for each in references if is_storable(each)]):
        statement = select(*_COLUMNS).where(Proposal.reference.in_(chunk), visible_to(viewer))
        rows |= {row.reference: ProposalRow(*row) for row in tx.connection.execute(statement)}
    return rows


def choose(
    tx: Tx, viewer: Viewer, kind: str | None = None, state: str | None = None,
    summit: str | None = None,
) -> list[str]:  # fmt: skip
    """Give the references of all proposals of a kind, state and summit, oldest first."""
    wanted = {Proposal.kind: kind, Proposal.state: state, Proposal.summit: summit}
    conditions = [column == value for column, value in wanted.items() if value is not None]
    statement = select(Proposal.reference).where(visible_to(viewer), *conditions)
    return list(tx.connection.scalars(statement.order_by(Proposal.id)))


def visible_references(tx: Tx, viewer: Viewer) -> Iterator[str]:
    """Yield every reference that the viewer may know, a few thousand in memory at a time."""
    statement = select(Proposal.reference).where(visible_to(viewer))
    with tx.connection.execute(statement, execution_options={"yield_per": 5_000}) as found:
        yield from found.scalars()


def find(tx: Tx, viewer: Viewer, reference: str) -> ProposalRow | None:
    """Read one proposal without locking it; None if it does not exist for the viewer."""
    if not is_storable(reference):
        return None
    row = tx.connection.execute(
        select(*_COLUMNS).where(Proposal.reference == reference, visible_to(viewer))
    ).one_or_none()
    return None if row is None else ProposalRow(*row)


def by_ids(tx: Tx, ids: Sequence[int]) -> list[ProposalRow]:
    """Read these proposals without locking; the caller has seen that they exist for the viewer."""
    found = tx.connection.execute(select(*_COLUMNS).where(Proposal.id.in_(ids)))
    return [ProposalRow(*row) for row in found]


def parties_of(tx: Tx, ids: Sequence[int]) -> dict[int, TakingPart]:
    """Read who takes part in each proposal, and in which capacities."""
    gathered: dict[int, dict[str, tuple[str, frozenset[str]]]] = defaultdict(dict)
    one = {capacity: frozenset({capacity}) for capacity in CAPACITIES}
    for chunk in chunks(ids):
        statement = (
            select(
                ProposalParty.proposal_id, ProposalParty.party, Party.sort, ProposalParty.capacity
            )
            .join(Party, Party.code == ProposalParty.party)
            .where(ProposalParty.proposal_id.in_(chunk))
        )
        for proposal_id, code, sort, capacity in tx.connection.execute(statement):
            parties = gathered[proposal_id]
            held = parties[code][1] | one[capacity] if code in parties else one[capacity]
            parties[code] = (sort, held)
    return dict(gathered)


def write_back(tx: Tx, rows: Iterable[ProposalRow], seen: Mapping[int, int]) -> None:
    """Write what a change made of these rows, each guarded by the version that was read.

    Raises: LostUpdateError if a row has another version: it was not locked.
    """
    changed = [
        {f"new_{name}": getattr(row, name) for name in _WRITTEN}
        | {"row_id": row.id, "seen": seen[row.id]}
        for row in rows
    ]
    if not changed:
        return
    done = tx.connection.execute(_WRITE_BACK, changed)
    if done.rowcount not in (-1, len(changed)):
        raise LostUpdateError(len(changed) - done.rowcount)


_WRITTEN = (
    "state", "round", "revision", "revision_sha256", "version", "head", "shape", "standing",
    "awaits_revision", "edited_by", "changed_at", "edition_id",
)  # fmt: skip
_WRITE_BACK = (
    update(Proposal)
    .where(Proposal.id == bindparam("row_id"), Proposal.version == bindparam("seen"))
    .values({name: bindparam(f"new_{name}") for name in _WRITTEN})
)


class LostUpdateError(Exception):
    """Rows changed between being read and being written, although they should be locked."""

    def __init__(self, number: int) -> None:
        """Say how many."""
        super().__init__(f"{number} proposals changed under a lock")


def texts_of(tx: Tx, proposal_id: int) -> dict[str, tuple[str, str]]:
    """Read {language: (title, summary)}."""
    return contents.texts_of(tx, [proposal_id]).get(proposal_id, {})


def fields_of(tx: Tx, proposal_id: int) -> dict[str, FieldValue]:
    """Read the filled fields."""
    return contents.fields_of(tx, [proposal_id]).get(proposal_id, {})


def add_transitions(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Record changes of state; the key refuses a second one for the same version."""
    if rows:
        tx.connection.execute(insert(Transition), list(rows))


def moved_by(tx: Tx, change_id: str, ids: Sequence[int]) -> set[int]:
    """Give those of the proposals that this change has already moved."""
    moved: set[int] = set()
    for chunk in chunks(ids):
        moved |= set(
            tx.connection.scalars(
                select(Transition.proposal_id).where(
                    Transition.change_id == change_id, Transition.proposal_id.in_(chunk)
                )
            )
        )
    return moved
