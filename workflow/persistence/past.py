"""Reads the recorded past of proposals: their entries, documents and who the people are."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.evidence_tables import Evidence
from workflow.persistence.people_tables import Person
from workflow.persistence.proposal_tables import Proposal
from workflow.persistence.unit_of_work import Tx


def next_of_kind(tx: Tx, kind: str, after: int, most: int) -> list[int]:
    """Give the next proposals of a kind, in the order of their ids."""
    statement = select(Proposal.id).where(Proposal.kind == kind, Proposal.id > after)
    return list(tx.connection.scalars(statement.order_by(Proposal.id).limit(most)))


def entries_of(tx: Tx, ids: list[int]) -> Iterator[tuple[int, bytes]]:
    """Give (proposal_id, leaf) of every entry of these proposals, each one's oldest first."""
    rows = tx.connection.execute(
        select(AuditEntry.proposal_id, AuditEntry.leaf)
        .where(AuditEntry.proposal_id.in_(ids))
        .order_by(AuditEntry.proposal_id, AuditEntry.sequence)
    )
    for proposal_id, leaf in rows:
        yield proposal_id or 0, leaf


def documents_of(tx: Tx, ids: list[int]) -> Iterator[Any]:
    """Give (proposal_id, number, type, supplied_party) of every document."""
    yield from tx.connection.execute(
        select(Evidence.proposal_id, Evidence.number, Evidence.type, Evidence.supplied_party).where(
            Evidence.proposal_id.in_(ids)
        )
    )


def pseudonyms(tx: Tx) -> dict[str, int]:
    """Give every person's number by their pseudonym."""
    rows = tx.connection.execute(select(Person.pseudonym, Person.id))
    return {pseudonym: number for pseudonym, number in rows}  # noqa: C416 - a row is not a pair to mypy
