"""Reads what an act on paper is judged by, who held what then and since when, and its document."""

from datetime import datetime

from sqlalchemy import func, select

from workflow.domain.identity import Mandate
from workflow.persistence import people_tables as t
from workflow.persistence.delegations import delegated_to
from workflow.persistence.proposal_tables import Revision, SignOff, Transition
from workflow.persistence.proposals import ProposalRow
from workflow.persistence.unit_of_work import Tx


def held_between(tx: Tx, person_id: int, first: datetime, last: datetime) -> tuple[Mandate, ...]:
    """Give the mandates that somebody had at any instant from the first to the last.

    Those delegated to them are read at the last.
    """
    rows = tx.connection.execute(
        select(
            t.Mandate.id, t.Mandate.party, t.Mandate.role, t.Mandate.summit,
            t.Mandate.starts_at, t.Mandate.ends_at,
        )
        .join(t.Person, t.Person.id == t.Mandate.person_id)
        .where(
            t.Mandate.person_id == person_id,
            t.Mandate.origin != "import",
            t.Mandate.starts_at <= last,
            t.Mandate.ends_at.is_(None) | (t.Mandate.ends_at > first),
            t.Person.disabled_at.is_(None) | (t.Person.disabled_at > first),
        )
        .order_by(t.Mandate.party, t.Mandate.role, t.Mandate.id)
    )  # fmt: skip
    return (*(Mandate(*row) for row in rows), *delegated_to(tx, person_id, last))


def open_since(tx: Tx, row: ProposalRow) -> datetime:
    """Give when the present revision could first be signed in the present round."""
    made = select(Revision.made_at).where(
        Revision.proposal_id == row.id, Revision.number == row.revision
    )
    entered = select(func.max(Transition.at)).where(Transition.proposal_id == row.id)
    known = (tx.connection.scalar(made), tx.connection.scalar(entered))
    return max(each for each in known if each is not None)


def document_of(tx: Tx, proposal_id: int, number: int) -> str | None:
    """Give the digest of the document of a proposal's sign-off, counted from its first."""
    statement = (
        select(SignOff.document_sha256)
        .where(SignOff.proposal_id == proposal_id)
        .order_by(SignOff.id)
        .offset(number - 1)
        .limit(1)
    )
    return tx.connection.scalar(statement)
