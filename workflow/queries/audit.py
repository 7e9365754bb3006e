"""The audit page: entries a viewer may see, newest first, a page at a time."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from workflow.domain.canonical import Json
from workflow.domain.disclosure import Subject
from workflow.domain.identity import Viewer
from workflow.log.leaf import Leaf, read_leaf
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.entry_rows import EntryRow, read_subjects, select_entries, with_details
from workflow.persistence.entry_scope import EntryFilter, entries_seen_by, matching
from workflow.persistence.leaf_search import find_leaf, places_of
from workflow.persistence.unit_of_work import Tx
from workflow.queries.text_changes import TextChange, text_changes

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Who:
    """A person of an entry; login and name are None once erased."""

    pseudonym: str
    login: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry for people: who, when, what, on which text, why, and its hash in hexadecimal.

    `occurred` is an instant or a date as written, where it differs from `at`; `reason` is a
    reason or a note; `texts` are all texts not erased, `erased` the names of the others;
    `facts` are the entry's codes. `leaf_index` is None until the entry is sealed. `change` is how
    the text was before and after, where the entry made a new revision of it.
    """

    entry_id: int
    at: datetime
    occurred: str | None
    kind: str
    chain: str
    sequence: int
    reference: str | None
    revision: int | None
    actor: Who | None
    on_behalf_of: Who | None
    person: Who | None
    party: str | None
    role: str | None
    step: str | None
    from_state: str | None
    to_state: str | None
    reason: str | None
    via: str
    facts: Mapping[str, Json]
    texts: Mapping[str, Json]
    erased: tuple[str, ...]
    definition: str | None
    previous: str | None
    change: TextChange | None
    leaf_index: int | None
    leaf: str
    leaf_hash: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Rows, newest first, and where the next page starts (None on the last one)."""

    rows: Sequence[AuditRow]
    after: int | None


def audit_page(
    tx: Tx,
    viewer: Viewer,
    wanted: EntryFilter,
    after: int | None = None,
    limit: int = PAGE_ROWS,
) -> AuditPage:
    """Return the page of entries that comes after one of the list, newest first.

    The viewer's scope is decided by the caller: `services.audit.as_auditor` for an auditor.
    """
    conditions = [entries_seen_by(viewer), *matching(wanted)]
    if after is not None:
        conditions.append(AuditEntry.id < after)
    # One more than shown says whether there is a next page, without counting.
    rows = _read(tx, conditions, limit + 1)
    shown = _show(tx, rows[:limit])
    return AuditPage(shown, shown[-1].entry_id if len(rows) > limit else None)


def entry_by_hash(tx: Tx, leaf_hash: bytes, viewer: Viewer | None = None) -> AuditRow | None:
    """Return the entry with a hash, if a viewer may see it; without a viewer, any."""
    place = find_leaf(tx, leaf_hash)
    if place is None or place.entry_id is None:
        return None
    conditions = [AuditEntry.id == place.entry_id]
    if viewer is not None:
        conditions.append(entries_seen_by(viewer))
    found = _show(tx, _read(tx, conditions, 1))
    return found[0] if found else None


def _read(tx: Tx, conditions: Sequence[ColumnElement[bool]], limit: int) -> list[EntryRow]:
    statement = select_entries(*conditions).order_by(AuditEntry.id.desc()).limit(limit)
    return with_details(tx, tx.connection.execute(statement).all())


def _show(tx: Tx, rows: Sequence[EntryRow]) -> list[AuditRow]:
    leaves = [read_leaf(row.leaf) for row in rows]
    people = read_subjects(tx, sorted({one for leaf in leaves for one in leaf.people.values()}))
    changes, places = text_changes(tx, rows, leaves), places_of(tx, [row.id for row in rows])
    return [
        _row(row, leaf, people, changes.get(row.id), places.get(row.id))
        for row, leaf in zip(rows, leaves, strict=True)
    ]


def _row(
    row: EntryRow,
    leaf: Leaf,
    people: Mapping[str, Subject],
    change: TextChange | None,
    place: int | None,
) -> AuditRow:
    texts = {name: each.value for name, each in row.details.items()}
    return AuditRow(
        entry_id=row.id,
        at=row.at,
        occurred=leaf.occurred,
        kind=leaf.kind,
        chain=leaf.chain,
        sequence=leaf.sequence,
        reference=leaf.reference,
        revision=leaf.revision,
        actor=_who(leaf, "actor", people),
        on_behalf_of=_who(leaf, "on_behalf_of", people),
        person=_who(leaf, "person", people),
        party=leaf.party,
        role=leaf.role,
        step=leaf.step,
        from_state=leaf.from_state,
        to_state=leaf.to_state,
        reason=_reason(texts),
        via=leaf.via,
        facts=leaf.facts,
        texts=texts,
        erased=tuple(sorted(leaf.digests.keys() - texts.keys())),
        definition=json.loads(row.leaf).get("definition"),
        previous=leaf.prev,
        change=change,
        leaf_index=place,
        leaf=row.leaf.decode("utf-8"),
        leaf_hash=row.leaf_hash.hex(),
    )


def _reason(texts: Mapping[str, Json]) -> str | None:
    found = texts.get("reason") or texts.get("note")
    return found if isinstance(found, str) else None


def _who(leaf: Leaf, name: str, people: Mapping[str, Subject]) -> Who | None:
    pseudonym = leaf.people.get(name)
    if pseudonym is None:
        return None
    known = people.get(pseudonym)
    return Who(pseudonym, known.login if known else None, known.name if known else None)
