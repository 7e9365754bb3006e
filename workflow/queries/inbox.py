"""What waits for one person, oldest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import and_, or_, select, tuple_, union_all

from workflow.domain.definition import StepRule
from workflow.domain.identity import Viewer
from workflow.domain.requirement import Silence, time_leaves
from workflow.persistence import people, proposals
from workflow.persistence.proposal_tables import Proposal, Waiting
from workflow.persistence.selection import visible_to
from workflow.persistence.situations import Situation, read_situations
from workflow.persistence.unit_of_work import Tx
from workflow.persistence.waiting import read_seats
from workflow.queries.paging import PAGE, Count, Page, at_most, read_cursor, write_cursor
from workflow.queries.titles import titles_of
from workflow.queries.waits import could_wait_for, mine

MOST_COUNTED = 100
"""An inbox that holds more is said to hold at least this many."""

_BATCH = 50


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One act that a proposal waits for, and the mandate the viewer would do it by."""

    reference: str
    titles: dict[str, str]
    kind: str
    summit: str
    step: str
    to: str
    party: str
    role: str
    act: str
    """`sign`, `confirm` or `take`."""
    revision: int
    since: datetime
    due: date | None = None
    """The day until which the rules give time; None while no rule sets one."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An item and the keys it is paged by."""

    item: InboxItem
    keys: tuple[datetime, int, str, int]


def inbox(tx: Tx, viewer: Viewer, after: str | None = None, limit: int = PAGE) -> Page[InboxItem]:
    """Give a page of what waits for the viewer. Raises: BadCursorError."""
    limit = at_most(limit)
    most = limit if after else max(limit, MOST_COUNTED)
    found = list(islice(_walk(tx, viewer, after), most + 1))
    rows = found[:limit]
    more = write_cursor(*rows[-1].keys) if len(found) > limit else None
    # A first page has walked far enough to count as well.
    count = inbox_count(tx, viewer) if after else _counted(len(found))
    return Page(tuple(each.item for each in rows), more, count)


def inbox_count(tx: Tx, viewer: Viewer, most: int = MOST_COUNTED) -> Count:
    """Count what waits for the viewer, by the walk that lists it, so that the two agree."""
    return _counted(sum(1 for _ in islice(_walk(tx, viewer, None), most + 1)), most)


def _counted(number: int, most: int = MOST_COUNTED) -> Count:
    return Count(min(number, most), capped=number > most)


def _walk(tx: Tx, viewer: Viewer, after: str | None) -> Iterator[_Found]:
    """Read waiting rows in batches and give those that the rules let the viewer answer."""
    keys: tuple[Any, ...] = ()
    if after is not None:
        keys = read_cursor(after, datetime, int, str, int)
    last = keys
    while rows := _rows(tx, viewer, last):
        for each in _items(tx, viewer, rows):
            if not keys or each.keys > keys:
                yield each
        if len(rows) < _BATCH:
            return
        final = rows[-1]
        # Past every item of the last row read.
        last = (final.since, final.proposal_id, final.party, 2**31)


def _rows(tx: Tx, viewer: Viewer, after: tuple[Any, ...]) -> Sequence[Any]:
    """Read the next rows; each party's own are in the order of an index, and merged."""
    if not viewer.parties:
        return ()
    each_party = []
    for party in sorted(viewer.parties):
        statement = (
            select(Waiting.since, Waiting.proposal_id, Waiting.party, Waiting.seats)
            .join(Proposal, Proposal.id == Waiting.proposal_id)
            .where(Waiting.party == party, could_wait_for(viewer), visible_to(viewer))
            .order_by(Waiting.since, Waiting.proposal_id)
            .limit(_BATCH)
        )
        if after:
            # The plain bound lets the index start there.
            statement = statement.where(Waiting.since >= after[0], _follows(after))
        each_party.append(select(statement.subquery()))
    merged = union_all(*each_party).subquery()
    ordered = select(merged).order_by(merged.c.since, merged.c.proposal_id, merged.c.party)
    return tx.connection.execute(ordered.limit(_BATCH)).all()


def _follows(after: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a condition
    since, proposal_id, party, number = after
    same_row = tuple_(Waiting.since, Waiting.proposal_id) == (since, proposal_id)
    later_party = Waiting.party > party if number >= 2**31 else Waiting.party >= party
    return or_(
        Waiting.since > since,
        and_(Waiting.since == since, Waiting.proposal_id > proposal_id),
        and_(same_row, later_party),
    )


def _items(tx: Tx, viewer: Viewer, rows: Sequence[Any]) -> Iterator[_Found]:
    ids = sorted({row.proposal_id for row in rows})
    situations = read_situations(tx, proposals.by_ids(tx, ids))
    titles = titles_of(tx, ids)
    holders = people.persons_of_many(tx, {(m.party, m.role) for m in viewer.mandates})
    for row in rows:
        at = situations[row.proposal_id]
        seats = {row.party: read_seats(row.seats)}
        for number, each in enumerate(mine(viewer, at, seats, holders)):
            step = at.definition.steps[each.awaited.step]
            item = InboxItem(
                reference=at.row.reference,
                titles=titles.get(at.row.id, {}),
                kind=at.row.kind,
                summit=at.row.summit,
                step=step.name,
                to=step.to,
                party=row.party,
                role=each.mandate.role,
                act=each.awaited.act,
                revision=at.row.revision,
                since=row.since,
                due=_due(at, step),
            )
            yield _Found(item, (row.since, row.proposal_id, row.party, number))


def _due(at: Situation, step: StepRule) -> date | None:
    """Give the last day to object in the step's silence that ends first, none that is over."""
    ends = [
        day.due_on
        for number, leaf in time_leaves(step.needs)
        if isinstance(leaf, Silence) and (day := at.case.day(step, number)) and not day.passed
    ]
    return min(ends, default=None)
