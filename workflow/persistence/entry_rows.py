"""Read entries with what is kept beside them, in batches and without holding them all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, literal_column, select, text

from workflow.domain.canonical import CanonicalError, Json, parse_canonical
from workflow.domain.disclosure import Disclosure, Subject
from workflow.persistence.audit_tables import AuditDetail, AuditEntry, AuditSubject
from workflow.persistence.unit_of_work import Tx

BATCH_ROWS = 1_000

_COLUMNS = (
    AuditEntry.id,
    AuditEntry.chain,
    AuditEntry.sequence,
    AuditEntry.proposal_id,
    AuditEntry.at,
    AuditEntry.kind,
    AuditEntry.actor,
    AuditEntry.party,
    AuditEntry.role,
    AuditEntry.step,
    AuditEntry.change_id,
    AuditEntry.leaf,
    AuditEntry.leaf_hash,
)
# As the driver gives them: a damaged value must reach the check, not fail on its way.
_STORED: tuple[ColumnElement[Any], ...] = tuple(
    literal_column(f"audit_entry.{each.key}").label(each.key) for each in _COLUMNS
)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of `audit_entry`, its texts by name, as stored."""

    id: int
    chain: str
    sequence: int
    proposal_id: int | None
    at: datetime
    kind: str
    actor: str | None
    party: str | None
    role: str | None
    step: str | None
    change_id: str | None
    leaf: bytes
    leaf_hash: bytes
    details: Mapping[str, Disclosure]


def freeze(tx: Tx) -> None:
    """Let all statements of a transaction see one state of the database; call it first."""
    if tx.is_postgresql:
        tx.connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


def stream_entries(tx: Tx, where: Sequence[ColumnElement[bool]] = ()) -> Iterator[list[EntryRow]]:
    """Yield batches of entries in the order they were written."""
    statement = select(*_COLUMNS).where(*where).order_by(AuditEntry.id)
    yield from _stream(tx, statement)


def stream_chains(tx: Tx) -> Iterator[list[EntryRow]]:
    """Yield batches of all entries, chain by chain, each value as the driver gives it."""
    order = (AuditEntry.chain, AuditEntry.sequence)
    yield from _stream(tx, select(*_STORED).select_from(AuditEntry).order_by(*order))


def select_entries(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the statement that reads entries, for `with_details`."""
    return select(*_COLUMNS).where(*where)


def with_details(tx: Tx, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[EntryRow]:
    """Return rows of `select_entries` together with their texts."""
    details = _read_details(tx, [row.id for row in rows])
    return [EntryRow(**row._asdict(), details=details.get(row.id, {})) for row in rows]


def read_subjects(tx: Tx, pseudonyms: Sequence[str]) -> dict[str, Subject]:
    """Return the people behind pseudonyms; the erased are left out."""
    found = tx.connection.execute(
        select(
            AuditSubject.pseudonym, AuditSubject.login, AuditSubject.name, AuditSubject.salt
        ).where(AuditSubject.pseudonym.in_(pseudonyms))
    )
    return {row.pseudonym: Subject(*row) for row in found}


def _stream(tx: Tx, statement: Select[*tuple[Any, ...]]) -> Iterator[list[EntryRow]]:
    # Whoever stops early leaves a cursor open on the server: the block closes it.
    with tx.connection.execute(statement, execution_options={"stream_results": True}) as found:
        for batch in found.partitions(BATCH_ROWS):
            yield with_details(tx, batch)


def _read_details(tx: Tx, entry_ids: Sequence[int]) -> dict[int, dict[str, Disclosure]]:
    details: dict[int, dict[str, Disclosure]] = {}
    found = tx.connection.execute(
        select(AuditDetail.entry_id, AuditDetail.field, AuditDetail.salt, AuditDetail.value).where(
            AuditDetail.entry_id.in_(entry_ids)
        )
    )
    for entry_id, name, salt, value in found:
        details.setdefault(entry_id, {})[name] = Disclosure(name, salt, _parse(value))
    return details


def _parse(value: str) -> Json:
    try:
        return parse_canonical(str(value).encode("utf-8"))
    except CanonicalError:
        # Somebody changed it. As it stands it matches no digest, which verify reports.
        return value
