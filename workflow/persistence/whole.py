"""Reads whole tables for a check: what the database itself can say, and rows in batches."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import func, inspect, literal, select, text
from sqlalchemy.orm import aliased

from workflow.persistence import schema
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.evidence_tables import EvidenceFile
from workflow.persistence.people_tables import Delegation, Mandate, Person
from workflow.persistence.proposal_tables import (
    DefinitionEdition,
    Proposal,
    Revision,
    SignOff,
    Transition,
    Waiting,
)
from workflow.persistence.proposals import ProposalRow
from workflow.persistence.unit_of_work import Tx

BATCH = 1_000

_Holder = aliased(Person, name="holder")
_Confirmer = aliased(Person, name="confirmer")

_GROWING = ("audit_tile", "log_state")
_KEPT = ("audit_checkpoint", "audit_cosignature", "audit_entry", "audit_run", "log_key", *_GROWING)
_TRIGGERS_SQLITE = {
    f"{table}_{name}" for table in _KEPT for name in ("no_update", "no_delete", "no_replace")
}
_TRIGGERS_POSTGRESQL = {f"{table}_append_only" for table in _KEPT} | {
    f"{table}_grows" for table in _GROWING
}


def structure_faults(tx: Tx) -> Iterator[str]:
    """Say what the database finds wrong with its own pages, keys and triggers."""
    if tx.is_postgresql:
        yield from _postgresql_faults(tx)
    else:
        yield from _sqlite_faults(tx)


def _sqlite_faults(tx: Tx) -> Iterator[str]:
    for (found,) in tx.connection.execute(text("PRAGMA integrity_check(5)")):
        if found != "ok":
            yield f"the database file is damaged: {found}"
    for table, row, parent, _ in tx.connection.execute(text("PRAGMA foreign_key_check")):
        yield f"row {row} of {table} points to a row of {parent} that does not exist"
    names = tx.connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    yield from _missing(_TRIGGERS_SQLITE, set(names))


def _postgresql_faults(tx: Tx) -> Iterator[str]:
    loose = text("SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated")
    for name in tx.connection.scalars(loose):
        yield f"the foreign key {name} is not enforced"
    awake = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'")
    yield from _missing(_TRIGGERS_POSTGRESQL, set(tx.connection.scalars(awake)))


def _missing(wanted: set[str], present: set[str]) -> Iterator[str]:
    for name in sorted(wanted - present):
        yield f"the trigger {name}, which keeps the log unchanged, is missing"


def missing_tables(tx: Tx) -> list[str]:
    """Give the tables the program needs and the database does not have."""
    present = set(inspect(tx.connection).get_table_names())
    return sorted(set(schema.metadata.tables) - present)


def proposal_ids(tx: Tx) -> Iterator[list[int]]:
    """Give the numbers of all proposals, in batches."""
    last = 0
    while True:
        statement = select(Proposal.id).where(Proposal.id > last).order_by(Proposal.id)
        found = list(tx.connection.scalars(statement.limit(BATCH)))
        if not found:
            return
        yield found
        last = found[-1]


def revisions_of(tx: Tx, ids: list[int]) -> Iterator[Any]:
    """Give (proposal_id, number, sha256, document), oldest first."""
    yield from tx.connection.execute(
        select(Revision.proposal_id, Revision.number, Revision.sha256, Revision.document)
        .where(Revision.proposal_id.in_(ids))
        .order_by(Revision.proposal_id, Revision.number)
    )


def transitions_of(tx: Tx, ids: list[int]) -> Iterator[Any]:
    """Give each transition with the leaf of the entry that it must repeat, oldest first."""
    yield from tx.connection.execute(
        select(
            Transition.proposal_id, Transition.version, Transition.step,
            Transition.from_state, Transition.to_state, AuditEntry.leaf,
        )
        .join(Proposal, Proposal.id == Transition.proposal_id)
        .outerjoin(
            AuditEntry,
            (AuditEntry.chain == literal("proposal/") + Proposal.reference)
            & (AuditEntry.sequence == Transition.version),
        )
        .where(Transition.proposal_id.in_(ids))
        .order_by(Transition.proposal_id, Transition.version)
    )  # fmt: skip


def steps_logged(tx: Tx, rows: Iterable[ProposalRow]) -> dict[str, int]:
    """Count the entries of each proposal's chain that record a step, by reference."""
    chains = {f"proposal/{row.reference}": row.reference for row in rows}
    found = tx.connection.execute(
        select(AuditEntry.chain, func.count())
        .where(AuditEntry.chain.in_(chains), AuditEntry.kind == "step")
        .group_by(AuditEntry.chain)
    )
    return {chains[chain]: count for chain, count in found}


def signoffs_of(tx: Tx, ids: list[int]) -> Iterator[Any]:
    """Give every sign-off with the pseudonyms of those it names, live or ended, oldest first."""
    yield from tx.connection.execute(
        select(
            SignOff.proposal_id, SignOff.step, SignOff.party, SignOff.role, SignOff.decision,
            SignOff.round, SignOff.revision, Person.pseudonym, SignOff.ended_at,
            _Holder.pseudonym.label("holder"), _Confirmer.pseudonym.label("confirmer"),
            SignOff.recorded_by.is_not(None).label("on_paper"),
        )
        .outerjoin(Person, Person.id == SignOff.person_id)
        .outerjoin(_Holder, _Holder.id == SignOff.holder_id)
        .outerjoin(_Confirmer, _Confirmer.id == SignOff.confirmed_by)
        .where(SignOff.proposal_id.in_(ids))
        .order_by(SignOff.id)
    )  # fmt: skip


def signs_logged(tx: Tx, ids: list[int]) -> Iterator[Any]:
    """Give (proposal_id, leaf) of every entry that records a sign-off, oldest first."""
    yield from tx.connection.execute(
        select(AuditEntry.proposal_id, AuditEntry.leaf)
        .where(AuditEntry.proposal_id.in_(ids), AuditEntry.kind == "sign")
        .order_by(AuditEntry.id)
    )


def delegations(tx: Tx) -> Iterator[Any]:
    """Give every delegation with its mandate and the pseudonyms of its holder and delegate."""
    yield from tx.connection.execute(
        select(
            Delegation.starts_at, Delegation.ends_at, Delegation.depth, Delegation.revoked_at,
            Mandate.party, Mandate.role, _Holder.pseudonym.label("holder"), Person.pseudonym,
        )
        .join(Mandate, Mandate.id == Delegation.mandate_id)
        .join(_Holder, _Holder.id == Mandate.person_id)
        .join(Person, Person.id == Delegation.delegate_id)
    )  # fmt: skip


def leaves_of(tx: Tx, kind: str) -> Iterator[bytes]:
    """Give the leaf of every entry of a kind."""
    yield from tx.connection.scalars(select(AuditEntry.leaf).where(AuditEntry.kind == kind))


def waiting_of(tx: Tx, ids: list[int]) -> Iterator[Any]:
    """Give (proposal_id, party, seats)."""
    yield from tx.connection.execute(
        select(Waiting.proposal_id, Waiting.party, Waiting.seats).where(
            Waiting.proposal_id.in_(ids)
        )
    )


def editions(tx: Tx) -> Iterator[Any]:
    """Give (kind, number, digest, document) of every edition."""
    yield from tx.connection.execute(
        select(
            DefinitionEdition.kind, DefinitionEdition.number, DefinitionEdition.digest,
            DefinitionEdition.document,
        )
    )  # fmt: skip


def files(tx: Tx) -> Iterator[Any]:
    """Give (sha256, size_bytes, content) of every document, one at a time."""
    names = list(tx.connection.scalars(select(EvidenceFile.sha256)))
    for name in names:
        yield tx.connection.execute(
            select(EvidenceFile.sha256, EvidenceFile.size_bytes, EvidenceFile.content).where(
                EvidenceFile.sha256 == name
            )
        ).one()
