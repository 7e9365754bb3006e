"""The narrow rows the inbox reads: the seats of one party that one proposal waits for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select

from workflow.domain.waits import Awaited
from workflow.persistence.chunks import chunks
from workflow.persistence.proposal_tables import Waiting
from workflow.persistence.unit_of_work import Tx

Seats = Mapping[str, frozenset[Awaited]]
"""Party to what is awaited of it."""


def rewrite(tx: Tx, waited: Mapping[int, Seats]) -> None:
    """Make the rows of these proposals say just this; a party that waited on keeps its `since`."""
    for ids in chunks(sorted(waited)):
        since = {
            (proposal_id, party): at
            for proposal_id, party, at in tx.connection.execute(
                select(Waiting.proposal_id, Waiting.party, Waiting.since).where(
                    Waiting.proposal_id.in_(ids)
                )
            )
        }
        tx.connection.execute(delete(Waiting).where(Waiting.proposal_id.in_(ids)))
        rows = [
            {
                "proposal_id": proposal_id,
                "party": party,
                "seats": " ".join(sorted(":".join(item) for item in seats)),
                "since": since.get((proposal_id, party), tx.at),
            }
            for proposal_id in ids
            for party, seats in waited[proposal_id].items()
            if seats
        ]
        if rows:
            tx.connection.execute(insert(Waiting), rows)


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
