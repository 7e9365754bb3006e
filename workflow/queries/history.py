"""Everything that happened to a proposal, newest first, as its log entries say it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select

from workflow.domain.disclosure import Subject
from workflow.domain.identity import Via, Viewer
from workflow.domain.names import ERASED_NAME
from workflow.domain.texts import is_storable
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.entry_rows import EntryRow, read_subjects, select_entries, with_details
from workflow.persistence.entry_scope import exists_for
from workflow.persistence.proposal_tables import Proposal
from workflow.persistence.unit_of_work import Tx
from workflow.queries.paging import Count, Page, at_most, read_cursor, write_cursor

EVENTS = 50
"""How many events a page of history has."""


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded act; a text that was erased is None, and who was is called `ERASED_NAME`."""

    sequence: int
    kind: str
    at: datetime
    """When it was recorded."""
    occurred_on: date | None
    occurred_at: datetime | None
    occurred_in: str | None
    """The place whose local date `occurred_on` is."""
    actor_name: str | None
    holder_name: str | None
    """Whose mandate it was, where they let the actor act for them."""
    person_name: str | None
    """Whose act on paper it was, where the actor recorded or confirmed it."""
    party: str | None
    role: str | None
    step: str | None
    from_state: str | None
    to_state: str | None
    decision: str | None
    reason: str | None
    """The reason given, or the note of a sign-off."""
    leaf_hash: str
    via: str
    source: str | None
    """Where an imported act was recorded from: it was not done here."""
    revision: int | None
    facts: Mapping[str, Any]

    @property
    def irregular(self) -> tuple[str, ...]:
        """Give what was wrong with an act that a source tells of, in codes."""
        return tuple(self.facts.get("reasons", ())) if self.facts.get("irregular") else ()


def history(
    tx: Tx, viewer: Viewer, reference: str, after: str | None = None, limit: int = EVENTS
) -> Page[Event] | None:
    """Give a page of a proposal's events; None if hidden or unknown. Raises: BadCursorError."""
    if not is_storable(reference) or not exists_for(tx, viewer, reference):
        return None
    return read_history(tx, reference, after, limit)


def read_history(
    tx: Tx, reference: str, after: str | None = None, limit: int = EVENTS
) -> Page[Event]:
    """Give a page of events of a proposal that the caller knows the viewer may see."""
    limit, chain = at_most(limit), AuditEntry.chain == f"proposal/{reference}"
    statement = select_entries(chain).order_by(AuditEntry.sequence.desc()).limit(limit + 1)
    if after is not None:
        (sequence,) = read_cursor(after, int)
        statement = statement.where(AuditEntry.sequence < sequence)
    rows = with_details(tx, tx.connection.execute(statement).all())
    shown = rows[:limit]
    events = _events(tx, reference, shown)
    more = write_cursor(shown[-1].sequence) if len(rows) > limit else None
    total = tx.connection.scalar(select(func.max(AuditEntry.sequence)).where(chain)) or 0
    return Page(events, more, Count(total))


def _events(tx: Tx, reference: str, rows: Sequence[EntryRow]) -> tuple[Event, ...]:
    leaves = [json.loads(row.leaf) for row in rows]
    people = read_subjects(tx, sorted({who for leaf in leaves for who in _named_in(leaf)}))
    source = tx.connection.scalar(select(Proposal.source).where(Proposal.reference == reference))
    return tuple(_event(row, leaf, people, source) for row, leaf in zip(rows, leaves, strict=True))


def _named_in(leaf: Mapping[str, Any]) -> set[str]:
    """Give the pseudonyms of everybody whom an entry names."""
    actor = leaf["actor"]
    named = (actor.get("pseudonym"), actor.get("on_behalf_of"), leaf["object"].get("person"))
    return {who for who in named if who is not None}


def _event(
    row: EntryRow, leaf: Mapping[str, Any], people: Mapping[str, Subject], source: str | None
) -> Event:
    told = {name: str(each.value) for name, each in row.details.items()}
    facts = leaf.get("facts", {})
    name = partial(_name, people)
    return Event(
        sequence=row.sequence,
        kind=row.kind,
        at=row.at,
        occurred_on=_day(leaf.get("occurred_on")),
        occurred_at=_instant(leaf.get("occurred_at")),
        occurred_in=leaf.get("occurred_in"),
        actor_name=name(row.actor),
        holder_name=name(leaf["actor"].get("on_behalf_of")),
        person_name=name(leaf["object"].get("person")),
        party=row.party,
        role=row.role,
        step=row.step,
        from_state=leaf.get("from"),
        to_state=leaf.get("to"),
        decision=facts.get("decision"),
        reason=told.get("reason") or told.get("note"),
        leaf_hash=row.leaf_hash.hex(),
        via=leaf["via"],
        source=(told.get("source") or source) if leaf["via"] == Via.IMPORT else None,
        revision=leaf["object"].get("revision"),
        facts=facts,
    )


def _name(people: Mapping[str, Subject], pseudonym: str | None) -> str | None:
    if pseudonym is None:
        return None
    known = people.get(pseudonym)
    return known.name if known else ERASED_NAME


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
