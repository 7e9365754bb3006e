"""The narrow rows the inbox reads: the seats of one party that one proposal waits for."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Table, bindparam, delete, insert, select

from workflow.domain.waits import Awaited
from workflow.persistence.chunks import chunks
from workflow.persistence.proposal_tables import Waiting
from workflow.persistence.unit_of_work import Tx

_WAITING: Table = Waiting.__table__  # type: ignore[assignment] # a declarative class has a Table

_DELETE_ONE = delete(_WAITING).where(
    _WAITING.c.proposal_id == bindparam("number"), _WAITING.c.party == bindparam("code")
)

Seats = Mapping[str, frozenset[Awaited]]
"""Party to what is awaited of it."""


def rewrite(tx: Tx, waited: Mapping[int, Seats]) -> None:
    """Make the rows of these proposals say just this; a party that waited on keeps its `since`.

    Rows that say it already are left alone: of a treaty's two hundred parties an act moves one.
    """
    for ids in chunks(sorted(waited)):
        wanted = {
            (number, party): " ".join(sorted(":".join(item) for item in seats))
            for number in ids
            for party, seats in waited[number].items()
            if seats
        }
        known = {
            (number, party): (seats, since)
            for number, party, seats, since in tx.connection.execute(
                select(Waiting.proposal_id, Waiting.party, Waiting.seats, Waiting.since).where(
                    Waiting.proposal_id.in_(ids)
                )
            )
        }
        kept = {place for place, (seats, _) in known.items() if wanted.get(place) == seats}
        _delete(tx, known.keys() - kept, {number for number, _ in kept})
        rows = [
            {
                "proposal_id": place[0],
                "party": place[1],
                "seats": seats,
                "since": known[place][1] if place in known else tx.at,
            }
            for place, seats in wanted.items()
            if place not in kept
        ]
        if rows:
            tx.connection.execute(insert(_WAITING), rows)


def _delete(tx: Tx, places: Collection[tuple[int, str]], partly: Collection[int]) -> None:
    """Delete rows: one by one of proposals that keep others, else all of a proposal's at once."""
    whole = sorted({number for number, _ in places if number not in partly})
    if whole:
        tx.connection.execute(delete(_WAITING).where(_WAITING.c.proposal_id.in_(whole)))
    single = [{"number": n, "code": party} for n, party in sorted(places) if n in partly]
    if single:
        tx.connection.execute(_DELETE_ONE, single)


def read_seats(written: str) -> list[Awaited]:
    """Read back what `rewrite` wrote."""
    return [Awaited(*item.split(":")) for item in written.split()]


def seats_of(tx: Tx, ids: Sequence[int]) -> dict[int, dict[str, list[Awaited]]]:
    """Read what is awaited of each party, by proposal."""
    found: dict[int, dict[str, list[Awaited]]] = defaultdict(dict)
    for chunk in chunks(ids):
        rows = tx.connection.execute(
            select(Waiting.proposal_id, Waiting.party, Waiting.seats).where(
                Waiting.proposal_id.in_(chunk)
            )
        )
        for proposal_id, party, seats in rows:
            found[proposal_id][party] = read_seats(seats)
    return found
