"""The list of proposals, newest change first, and what they are worth by state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import and_, func, or_, select

from workflow.domain.identity import Viewer
from workflow.persistence import people, proposals
from workflow.persistence.proposal_tables import Proposal
from workflow.persistence.situations import read_situations
from workflow.persistence.unit_of_work import Tx
from workflow.persistence.waiting import seats_of
from workflow.queries import amounts as figures
from workflow.queries.amounts import Amount, StateValue
from workflow.queries.cards import Card, is_blocked, make_card
from workflow.queries.filters import ALL, BLOCKED, MINE, VIEWS, Filters, matching
from workflow.queries.paging import PAGE, Count, Page, at_most, read_cursor, write_cursor
from workflow.queries.titles import titles_of

__all__ = [
    "ALL", "BLOCKED", "MINE", "VIEWS", "Amount", "Card", "Filters", "StateValue", "portfolio",
    "value_by_state",
]  # fmt: skip

MOST_COUNTED = 10_000
"""A list that is longer is said to have at least this many."""

MOST_JUDGED = 100
"""The same for a view whose every row the rules must judge."""

_BATCH = 100


def portfolio(
    tx: Tx, viewer: Viewer, filters: Filters, after: str | None = None, limit: int = PAGE
) -> Page[Card]:
    """Give a page of proposals. Raises: BadCursorError."""
    limit = at_most(limit)
    both = filters.is_judged and not after
    most = max(limit, MOST_JUDGED) if both else limit
    found = list(islice(_walk(tx, viewer, filters, after, limit + 1), most + 1))
    rows = found[:limit]
    more = write_cursor(rows[-1].changed_at, rows[-1].id) if len(found) > limit else None
    # The first page of a judged view has walked far enough to count as well.
    count = _counted(len(found), MOST_JUDGED) if both else _count(tx, viewer, filters)
    return Page(tuple(row.card for row in rows), more, count)


def value_by_state(tx: Tx, viewer: Viewer, filters: Filters) -> tuple[StateValue, ...]:
    """Count and sum the proposals that the filters select; `amounts` says what is added."""
    if not filters.is_judged:
        return figures.value_by_state(tx, viewer, filters)
    walk = islice(_walk(tx, viewer, filters, None, _BATCH), MOST_COUNTED)
    return figures.value_by_state(tx, viewer, filters, [row.id for row in walk])


def _count(tx: Tx, viewer: Viewer, filters: Filters) -> Count:
    if filters.is_judged:
        walk = _walk(tx, viewer, filters, None, _BATCH)
        return _counted(sum(1 for _ in islice(walk, MOST_JUDGED + 1)), MOST_JUDGED)
    some = select(Proposal.id).where(*matching(viewer, filters)).limit(MOST_COUNTED + 1)
    counted = select(func.count()).select_from(some.subquery())
    return _counted(tx.connection.scalar(counted) or 0, MOST_COUNTED)


def _counted(number: int, most: int) -> Count:
    return Count(min(number, most), capped=number > most)


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    changed_at: datetime
    card: Card
    is_blocked: bool


def _walk(
    tx: Tx, viewer: Viewer, filters: Filters, after: str | None, batch: int
) -> Iterator[_Row]:
    """Read rows in batches and give those that belong to the view."""
    batch = max(batch, _BATCH) if filters.is_judged else batch
    last: tuple[Any, ...] = read_cursor(after, datetime, int) if after is not None else ()
    while ids := _ids(tx, viewer, filters, last, batch):
        rows = _rows(tx, viewer, ids)
        yield from (row for row in rows if _belongs(row, filters))
        if len(ids) < batch:
            return
        last = (rows[-1].changed_at, rows[-1].id)


def _belongs(row: _Row, filters: Filters) -> bool:
    if filters.view == MINE:
        return row.card.mine
    return filters.view != BLOCKED or row.is_blocked


def _ids(
    tx: Tx, viewer: Viewer, filters: Filters, after: tuple[Any, ...], batch: int
) -> Sequence[int]:
    statement = (
        select(Proposal.id)
        .where(*matching(viewer, filters))
        .order_by(Proposal.changed_at.desc(), Proposal.id.desc())
        .limit(batch)
    )
    if after:
        changed_at, proposal_id = after
        statement = statement.where(
            or_(
                Proposal.changed_at < changed_at,
                and_(Proposal.changed_at == changed_at, Proposal.id < proposal_id),
            ),
            # The plain bound lets the index start there.
            Proposal.changed_at <= changed_at,
        )
    return tx.connection.scalars(statement).all()


def _rows(tx: Tx, viewer: Viewer, ids: Sequence[int]) -> list[_Row]:
    """Make cards in a fixed number of statements, whatever the number of rows."""
    situations = read_situations(tx, proposals.by_ids(tx, ids))
    titles, worth = titles_of(tx, ids), figures.headlines_of(tx, ids)
    waiting = seats_of(tx, ids)
    holders = people.persons_of_many(tx, {(m.party, m.role) for m in viewer.mandates})
    made = []
    for each in ids:
        at = situations[each]
        told = titles.get(each, {}), worth.get(each, ())
        card = make_card(viewer, at, waiting.get(each, {}), holders, *told)
        made.append(_Row(each, at.row.changed_at, card, is_blocked(at)))
    return made
