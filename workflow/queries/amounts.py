"""Which figures speak for a proposal, and how they add up.

One figure a proposal, currency and meaning: its *headline*, the claim recorded first. Later
claims of the same sort are other sources for it or parts of it (UZJ-08 has its 12 billion from
two sources, and 8 and 5 billion as parts that exceed the whole): they are shown and never added.
A proposal without claims speaks by its `amount` field, whose meaning is `amount`. An umbrella
and its lines are not added either: a line counts only where no proposal above it that is among
those summed has a headline of that currency and meaning.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import aliased

from workflow.domain.identity import Viewer
from workflow.persistence.proposal_tables import Claim, Proposal, ProposalField
from workflow.persistence.unit_of_work import Tx
from workflow.queries.filters import Filters, matching

STATED = "amount"
"""The meaning of an amount that a proposal's own text states, without a source beside it."""

_FIELD = "amount"


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure in the currency's minor units, and what it means."""

    minor: int
    currency: str
    meaning: str


@dataclass(frozen=True, slots=True)
class StateValue:
    """How many proposals are in a state, and what their figures come to."""

    state: str
    proposals: int
    amounts: tuple[Amount, ...]


def headlines_of(tx: Tx, ids: Sequence[int]) -> dict[int, tuple[Amount, ...]]:
    """Give the figures that speak for each proposal, in one statement."""
    found: dict[int, list[Amount]] = defaultdict(list)
    for row in tx.connection.execute(_headlines(), {"ids": ids}):
        found[row.proposal_id].append(Amount(row.minor_units, row.currency, row.meaning))
    return {proposal_id: tuple(amounts) for proposal_id, amounts in found.items()}


@cache
def _headlines() -> Select[*tuple[Any, ...]]:
    # Built once: making it anew costs more than running it.
    figures = _figures(Proposal.id.in_(bindparam("ids", expanding=True)))
    return select(figures).order_by(figures.c.proposal_id, figures.c.meaning, figures.c.currency)


def value_by_state(
    tx: Tx, viewer: Viewer, filters: Filters, only: Sequence[int] | None = None
) -> tuple[StateValue, ...]:
    """Count and sum what matches, by state; `only` narrows it to proposals judged already."""
    conditions = matching(viewer, filters)
    if only is not None:
        conditions.append(Proposal.id.in_(only))
    counts = tx.connection.execute(
        select(Proposal.state, func.count()).where(*conditions).group_by(Proposal.state)
    )
    sums = _sums(tx, _figures(*conditions))
    return tuple(
        StateValue(state, number, tuple(sums.get(state, ())))
        for state, number in sorted((str(state), int(number)) for state, number in counts)
    )


def _figures(*conditions: ColumnElement[bool]) -> CTE:
    """Select every headline: (proposal_id, state, minor_units, currency, meaning)."""
    stated = (
        select(
            Proposal.id.label("proposal_id"), Proposal.state,
            ProposalField.integer_value.label("minor_units"), ProposalField.currency,
            literal(STATED).label("meaning"),
        )
        .join(ProposalField, ProposalField.proposal_id == Proposal.id)
        .where(
            ProposalField.name == _FIELD,
            ProposalField.currency.is_not(None),
            ~select(Claim.id).where(Claim.proposal_id == Proposal.id).exists(),
            *conditions,
        )
    )  # fmt: skip
    claimed = (
        select(
            Proposal.id, Proposal.state, Claim.minor_units, Claim.currency, Claim.meaning,
        )
        .join(Claim, Claim.proposal_id == Proposal.id)
        .where(_is_first(), *conditions)
    )  # fmt: skip
    return union_all(stated, claimed).cte("figures")


def _is_first() -> ColumnElement[bool]:
    earlier = aliased(Claim)
    return ~(
        select(earlier.id)
        .where(
            earlier.proposal_id == Claim.proposal_id,
            earlier.currency == Claim.currency,
            earlier.meaning == Claim.meaning,
            earlier.id < Claim.id,
        )
        .exists()
    )


def _sums(tx: Tx, figures: CTE) -> dict[str, list[Amount]]:
    above, umbrella = _lineage(), figures.alias("umbrella")
    is_covered = (
        select(umbrella.c.proposal_id)
        .join(above, above.c.ancestor == umbrella.c.proposal_id)
        .where(
            above.c.line == figures.c.proposal_id,
            umbrella.c.currency == figures.c.currency,
            umbrella.c.meaning == figures.c.meaning,
        )
        .exists()
    )
    keys = (figures.c.state, figures.c.currency, figures.c.meaning)
    rows = tx.connection.execute(
        select(*keys, func.sum(figures.c.minor_units))
        .where(~is_covered)
        .group_by(*keys)
        .order_by(*keys)
    )
    sums: dict[str, list[Amount]] = defaultdict(list)
    for state, currency, meaning, total in rows:
        sums[state].append(Amount(int(total), currency, meaning))
    return sums


def _lineage() -> CTE:
    """Select each line with every proposal above it."""
    above = (
        select(Proposal.id.label("line"), Proposal.parent_id.label("ancestor"))
        .where(Proposal.parent_id.is_not(None))
        .cte("lineage", recursive=True)
    )
    higher = (
        select(above.c.line, Proposal.parent_id)
        .join(above, above.c.ancestor == Proposal.id)
        .where(Proposal.parent_id.is_not(None))
    )
    return above.union(higher)
