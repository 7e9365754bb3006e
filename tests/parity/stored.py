"""All that a database keeps of its proposals, but for names and hashes: to be compared."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from tests.parity.world import World
from workflow.log.leaf import read_leaf
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.proposal_tables import (
    Deadline,
    Proposal,
    SignOff,
    Transition,
    Waiting,
)
from workflow.persistence.unit_of_work import Tx

Stored = dict[str, dict[str, object]]

_COLUMNS: dict[str, tuple[Any, ...]] = {
    "signed": (
        SignOff.step, SignOff.party, SignOff.role, SignOff.decision, SignOff.round,
        SignOff.revision, SignOff.person_id, SignOff.weighs, SignOff.counted_person,
        SignOff.signed_at, SignOff.ended_at, SignOff.ended_because,
    ),
    "moved": (Transition.version, Transition.step, Transition.from_state, Transition.to_state),
    "days": (
        Deadline.step, Deadline.leaf, Deadline.since, Deadline.due_on, Deadline.due_at,
        Deadline.handled_at,
    ),
    "awaited": (Waiting.party, Waiting.seats, Waiting.since),
}  # fmt: skip


def stored(world: World) -> Stored:
    """Read every proposal's row, sign-offs, steps, days, waits and entries, by reference."""
    with world.runtime.uow.read() as tx:
        rows = tx.connection.execute(
            select(
                Proposal.id, Proposal.reference, Proposal.state, Proposal.round,
                Proposal.revision, Proposal.version, Proposal.standing, Proposal.shape,
                Proposal.awaits_revision,
            )
        ).all()  # fmt: skip
        beside = {name: _of_each(tx, columns) for name, columns in _COLUMNS.items()}
        entries = _entries(tx)
    return {
        row.reference: {
            "row": tuple(row[2:]),
            "entries": entries[row.id],
            **{name: found[row.id] for name, found in beside.items()},
        }
        for row in rows
    }


def _of_each(tx: Tx, columns: tuple[Any, ...]) -> dict[int, list[tuple[Any, ...]]]:
    owner = columns[0].class_.proposal_id
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for proposal_id, *values in tx.connection.execute(select(owner, *columns)):
        found[proposal_id].append(tuple(values))
    return defaultdict(list, {number: sorted(rows, key=repr) for number, rows in found.items()})


def _entries(tx: Tx) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    rows = tx.connection.execute(
        select(AuditEntry.proposal_id, AuditEntry.leaf)
        .where(AuditEntry.proposal_id.is_not(None))
        .order_by(AuditEntry.id)
    )
    for proposal_id, content in rows:
        leaf = read_leaf(content)
        found[proposal_id or 0].append(
            (
                leaf.kind, leaf.via, leaf.at, leaf.occurred, leaf.revision, leaf.party, leaf.role,
                leaf.step, leaf.from_state, leaf.to_state, dict(leaf.people), dict(leaf.facts),
            )
        )  # fmt: skip
    return found
