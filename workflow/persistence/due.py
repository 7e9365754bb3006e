"""Finds proposals that something is due for, and shares them out among those who do due work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from workflow.persistence.imports import UNFINISHED
from workflow.persistence.installation_tables import InstallationFact
from workflow.persistence.proposal_tables import Deadline, Proposal
from workflow.persistence.unit_of_work import Tx

_CHILD = aliased(Proposal)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which proposals: something is due for them by `until`, and nobody has looked."""

    until: datetime
    in_families: bool
    """Those that have a parent or children, or else those that stand alone."""
    without: Collection[int] = field(default=())
    only: Sequence[int] | None = None


def earliest(tx: Tx, wanted: Wanted) -> datetime | None:
    """Give the moment at which the longest due thing was due; None if nothing is."""
    return tx.connection.scalar(
        select(func.min(Deadline.due_at))
        .join(Proposal, Proposal.id == Deadline.proposal_id)
        .where(_is_wanted(wanted))
    )


def claim(tx: Tx, wanted: Wanted, most: int) -> list[int]:
    """Lock such proposals and give their ids, the longest due first.

    What another has locked is passed by: they are at it. SQLite has no row locks, and whoever
    writes is alone.
    """
    statement = (
        select(Proposal.id)
        .join(Deadline, Deadline.proposal_id == Proposal.id)
        .where(_is_wanted(wanted))
        .order_by(Deadline.due_at, Proposal.id)
        .limit(most)
        .with_for_update(of=Proposal, skip_locked=True)
    )
    return list(dict.fromkeys(tx.connection.scalars(statement)))


def references(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    """Give the references of proposals by their ids."""
    found = tx.connection.execute(
        select(Proposal.id, Proposal.reference).where(Proposal.id.in_(ids))
    )
    return {number: reference for number, reference in found}  # noqa: C416 - a row is not a pair to mypy


def _is_wanted(wanted: Wanted) -> ColumnElement[bool]:
    has_family = or_(
        Proposal.parent_id.is_not(None), exists().where(_CHILD.parent_id == Proposal.id)
    )
    conditions = [
        Deadline.handled_at.is_(None),
        Deadline.due_at <= wanted.until,
        has_family if wanted.in_families else ~has_family,
        # Half a history is no base for what follows from it: the import does that at its end.
        ~and_(Proposal.imported, exists().where(InstallationFact.name.startswith(UNFINISHED))),
    ]
    if wanted.without:
        conditions.append(Proposal.id.not_in(wanted.without))
    if wanted.only is not None:
        conditions.append(Proposal.id.in_(wanted.only))
    return and_(*conditions)
