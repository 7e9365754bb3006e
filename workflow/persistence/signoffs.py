"""Reads, adds and ends sign-offs; an ended one stays on record with the reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from workflow.domain.commands import Decision
from workflow.domain.deadlines import local_day
from workflow.persistence.chunks import chunks
from workflow.persistence.proposal_tables import SignOff
from workflow.persistence.proposals import ProposalRow
from workflow.persistence.unit_of_work import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSignOff:
    """A sign-off that still speaks, of the present revision and round."""

    id: int | None = None
    step: str
    party: str
    role: str
    decision: Decision
    person_id: int | None
    signed_at: datetime
    note: str | None = None
    meaning: str | None = None
    holder_id: int | None = None
    """The mandate's holder, where they let `person_id` sign for them."""
    mandate_id: int | None = None
    delegation_id: int | None = None
    weighs: bool = True
    occurred_on: date | None = None
    occurred_at: datetime | None = None
    recorded_by: int | None = None
    """Who recorded it from a document, where it was made on paper."""
    confirmed_by: int | None = None
    document_sha256: str | None = None

    @property
    def awaits_confirmation(self) -> bool:
        """Say whether it is a paper act that nobody of the party has confirmed."""
        return self.recorded_by is not None and self.confirmed_by is None

    @property
    def persons(self) -> frozenset[int]:
        """Give everybody in whose name it stands: who decided, and the mandate's holder."""
        return frozenset({self.person_id, self.holder_id} - {None})  # type: ignore[arg-type] # None is taken out

    def day_in(self, place: str) -> date:
        """Give the local date, in a place, on which it was made."""
        return self.occurred_on or local_day(self.occurred_at or self.signed_at, place)


_KEPT = tuple(each.name for each in fields(LiveSignOff))


def live(tx: Tx, ids: Sequence[int]) -> dict[int, list[LiveSignOff]]:
    """Read each proposal's live sign-offs, oldest first."""
    found: dict[int, list[LiveSignOff]] = defaultdict(list)
    columns = [getattr(SignOff, name) for name in _KEPT]
    for chunk in chunks(ids):
        statement = (
            select(SignOff.proposal_id, *columns)
            .where(SignOff.proposal_id.in_(chunk), SignOff.ended_at.is_(None))
            .order_by(SignOff.id)
        )
        for proposal_id, *values in tx.connection.execute(statement):
            kept = dict(zip(_KEPT, values, strict=True))
            kept["decision"] = Decision(kept["decision"])
            found[proposal_id].append(LiveSignOff(**kept))
    return found


def row_of(at: ProposalRow, signoff: LiveSignOff, counted: int | None) -> dict[str, Any]:
    """Give the row of a new sign-off; `counted` is the person whose one sign-off it is."""
    kept = {name: getattr(signoff, name) for name in _KEPT if name != "id"}
    return kept | {
        "proposal_id": at.id, "revision": at.revision, "round": at.round,
        "decision": signoff.decision.value, "counted_person": counted,
        "ended_at": None, "ended_because": None,
    }  # fmt: skip


def add(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write new sign-offs; the unique indexes are the last defence of seat and person."""
    if rows:
        tx.connection.execute(insert(SignOff), list(rows))


def end(tx: Tx, ended: Sequence[tuple[int, str]]) -> None:
    """End sign-offs, each with its reason."""
    if ended:
        tx.connection.execute(
            _END,
            [{"row_id": number, "ended": tx.at, "because": because} for number, because in ended],
        )


def revive(tx: Tx, proposal_id: int, because: str, ended_at: datetime) -> None:
    """Let sign-offs speak again that one act ended, where that act itself is undone."""
    tx.connection.execute(
        update(SignOff)
        .where(
            SignOff.proposal_id == proposal_id,
            SignOff.ended_because == because,
            SignOff.ended_at == ended_at,
        )
        .values(ended_at=None, ended_because=None)
    )


def count_persons(tx: Tx, ids: Sequence[int], counted: Mapping[int, int | None]) -> None:
    """Write anew, for the live sign-offs of these proposals, whose one sign-off of a step it is."""
    for chunk in chunks(ids):
        # First nobody's: the index would refuse a person who is named twice on the way.
        tx.connection.execute(
            update(SignOff)
            .where(SignOff.proposal_id.in_(chunk), SignOff.ended_at.is_(None))
            .values(counted_person=None)
        )
    rows = [{"row_id": row, "person": person} for row, person in counted.items() if person]
    if rows:
        tx.connection.execute(_COUNT, rows)


_COUNT = (
    update(SignOff)
    .where(SignOff.id == bindparam("row_id"))
    .values(counted_person=bindparam("person"))
)
_END = (
    update(SignOff)
    .where(SignOff.id == bindparam("row_id"), SignOff.ended_at.is_(None))
    .values(ended_at=bindparam("ended"), ended_because=bindparam("because"))
)
