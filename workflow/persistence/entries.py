"""Append entries to the log, in the transaction of the acts they record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workflow.domain.canonical import canonical_bytes
from workflow.domain.entry import START, Draft, Link, Sealed, Stamp, seal_draft
from workflow.persistence.audit_tables import AuditChain, AuditDetail, AuditEntry, AuditSubject
from workflow.persistence.numbers import claim
from workflow.persistence.sealing import add_pending
from workflow.persistence.unit_of_work import Tx

_ENTRY: Table = AuditEntry.__table__  # type: ignore[assignment] # a declarative class has a Table
_DETAIL: Table = AuditDetail.__table__  # type: ignore[assignment] # as above
_SUBJECT: Table = AuditSubject.__table__  # type: ignore[assignment] # as above
_CHAIN: Table = AuditChain.__table__  # type: ignore[assignment] # as above

_PROPOSAL = "proposal/"


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an entry went; `link` is what the proposal's row must keep as version and head."""

    entry_id: int
    sequence: int
    leaf_hash: bytes

    @property
    def link(self) -> Link:
        """Return this entry as the one that the chain's next entry follows."""
        return Link(self.sequence, self.leaf_hash)


class UnlinkedDraftError(Exception):
    """A proposal's first draft in a call does not say which entry it follows."""

    def __init__(self, chain: str) -> None:
        """Name the chain that cannot be continued."""
        super().__init__(f"the first draft of {chain} must name the entry it follows")


def append(tx: Tx, drafts: Sequence[Draft]) -> list[Appended]:
    """Write one entry a draft, in order, and return where each went.

    Chains that are not proposals are locked here until the transaction ends, in the order of
    their names; of a proposal the caller holds the row, and writes the new version and head.

    Raises: UnlinkedDraftError, CanonicalError.
    """
    ends = _find_ends(tx, drafts)
    sealed = [_seal(tx, draft, ends) for draft in drafts]
    ids = _write_entries(tx, drafts, sealed)
    add_pending(tx, ids, [each.leaf_hash for each, _ in sealed])
    _write_details(tx, zip(ids, (each for each, _ in sealed), strict=True))
    _write_subjects(tx, drafts)
    _write_ends(tx, ends)
    return [
        Appended(entry_id, sequence, each.leaf_hash)
        for entry_id, (each, sequence) in zip(ids, sealed, strict=True)
    ]


def _seal(tx: Tx, draft: Draft, ends: dict[str, Link]) -> tuple[Sealed, int]:
    stamp = Stamp(tx.ids.event_id(), tx.at, ends[draft.chain])
    sealed = seal_draft(draft, stamp, tx.ids.salt)
    ends[draft.chain] = Link(stamp.sequence, sealed.leaf_hash)
    return sealed, stamp.sequence


def _find_ends(tx: Tx, drafts: Sequence[Draft]) -> dict[str, Link]:
    """Return each chain's end: a proposal's from its first draft, the others' under a lock."""
    ends: dict[str, Link] = {}
    own: set[str] = set()
    for draft in drafts:
        if not draft.chain.startswith(_PROPOSAL):
            own.add(draft.chain)
        elif draft.chain not in ends:
            if draft.previous is None:
                raise UnlinkedDraftError(draft.chain)
            ends[draft.chain] = draft.previous
    return ends | _lock_chains(tx, sorted(own))


def _lock_chains(tx: Tx, chains: list[str]) -> dict[str, Link]:
    if not chains:
        return {}
    # Of two first entries of a chain one waits here for the other to commit.
    tx.connection.execute(
        _upsert(tx.connection, _CHAIN).on_conflict_do_nothing(),
        [{"chain": chain, "sequence": 0, "head": None} for chain in chains],
    )
    found = tx.connection.execute(
        select(_CHAIN.c.chain, _CHAIN.c.sequence, _CHAIN.c.head)
        .where(_CHAIN.c.chain.in_(chains))
        .order_by(_CHAIN.c.chain)
        .with_for_update()
    )
    return {row.chain: Link(row.sequence, row.head) if row.sequence else START for row in found}


def _write_ends(tx: Tx, ends: dict[str, Link]) -> None:
    for chain, end in ends.items():
        if not chain.startswith(_PROPOSAL):
            tx.connection.execute(
                update(_CHAIN)
                .where(_CHAIN.c.chain == chain)
                .values(sequence=end.sequence, head=end.head)
            )


def _write_entries(
    tx: Tx, drafts: Sequence[Draft], sealed: Sequence[tuple[Sealed, int]]
) -> list[int]:
    """Write all rows with one statement, under numbers claimed before: RETURNING is slow."""
    if not drafts:
        return []
    ids = claim(tx, "audit_entry", len(drafts))
    tx.connection.execute(
        insert(_ENTRY),
        [
            _entry_row(tx, entry_id, draft, *each)
            for entry_id, draft, each in zip(ids, drafts, sealed, strict=True)
        ],
    )
    return ids


def _entry_row(
    tx: Tx, entry_id: int, draft: Draft, sealed: Sealed, sequence: int
) -> dict[str, object]:
    return {
        "id": entry_id,
        "chain": draft.chain,
        "sequence": sequence,
        "proposal_id": draft.proposal_id,
        "at": tx.at,
        "kind": draft.kind,
        "actor": draft.actor.pseudonym,
        "party": draft.actor.party,
        "role": draft.actor.role,
        "step": draft.step,
        "change_id": draft.change,
        "leaf": sealed.leaf,
        "leaf_hash": sealed.leaf_hash,
    }


def _write_details(tx: Tx, entries: Iterable[tuple[int, Sealed]]) -> None:
    rows = [
        {
            "entry_id": entry_id,
            "field": each.field,
            "salt": each.salt,
            "value": canonical_bytes(each.value).decode("utf-8"),
        }
        for entry_id, sealed in entries
        for each in sealed.disclosures
    ]
    if rows:
        tx.connection.execute(insert(_DETAIL), rows)


def _write_subjects(tx: Tx, drafts: Sequence[Draft]) -> None:
    """Keep people under their pseudonym; a new name replaces the old one."""
    people = {person.pseudonym: person for draft in drafts for person in draft.subjects}
    if not people:
        return
    statement = _upsert(tx.connection, _SUBJECT)
    tx.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["pseudonym"], set_={"name": statement.excluded.name}
        ),
        [
            {"pseudonym": p.pseudonym, "login": p.login, "name": p.name, "salt": p.salt}
            for p in people.values()
        ],
    )


def _upsert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
