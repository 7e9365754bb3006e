"""Read entries with what is kept beside them, in batches and without holding them all."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    collate,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute

from workflow.domain.canonical import CanonicalError, Json, parse_canonical
from workflow.domain.disclosure import Disclosure, Subject
from workflow.persistence.audit_tables import AuditDetail, AuditEntry, AuditSubject
from workflow.persistence.unit_of_work import Tx

BATCH_ROWS = 1_000

_ESCAPES = re.compile(r'[\x00-\x1f"\\\ud800-\udfff]').search

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
_LEAF_COLUMNS: tuple[ColumnElement[Any], ...] = (
    literal_column("audit_entry.id").label("id"),
    literal_column("audit_entry.leaf").label("leaf"),
    literal_column("audit_entry.leaf_hash").label("leaf_hash"),
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


Text = tuple[int, str, str, str]
"""An entry's number, the name of a text of its, the salt and the canonical value."""


class Leaves(NamedTuple):
    """What an export needs of some entries: number, leaf and hash of each, and their texts."""

    rows: Sequence[Row[int, bytes, bytes]]
    texts: Mapping[int, Sequence[Text]]


def stream_leaves(tx: Tx, where: Sequence[ColumnElement[bool]] = ()) -> Iterator[Leaves]:
    """Yield batches of entries in the order they were written."""
    statement = select(*_LEAF_COLUMNS).select_from(AuditEntry).where(*where)
    statement = statement.order_by(AuditEntry.id)
    # Whoever stops early leaves a cursor open on the server: the block closes it.
    with tx.connection.execute(statement, execution_options={"stream_results": True}) as found:
        for batch in found.partitions(BATCH_ROWS):
            yield _with_texts(tx, batch)


def read_leaves(tx: Tx, ids: Sequence[int]) -> Leaves:
    """Return entries in the order of the numbers given, without those that are not there."""
    statement = select(*_LEAF_COLUMNS).select_from(AuditEntry).where(_among(AuditEntry.id, ids))
    rows = {row[0]: row for row in tx.connection.execute(statement).all()}
    return _with_texts(tx, [rows[each] for each in ids if each in rows])


def disclose_text(text: Text) -> Disclosure:
    """Return a stored text as the disclosure that it is."""
    _, name, salt, value = text
    return Disclosure(name, salt, _parse(value))


def find_place(tx: Tx, entry_id: int) -> str:
    """Name an entry for people: its chain and number."""
    statement = select(AuditEntry.chain, AuditEntry.sequence).where(AuditEntry.id == entry_id)
    chain, sequence = tx.connection.execute(statement).one()
    return f"{chain} #{sequence}"


def count_entries(tx: Tx, where: Sequence[ColumnElement[bool]] = ()) -> int:
    """Return how many entries there are."""
    statement = select(func.count()).select_from(AuditEntry).where(*where)
    return tx.connection.scalar(statement) or 0


def count_batches(tx: Tx, where: Sequence[ColumnElement[bool]] = ()) -> int:
    """Return how many batches entries come in, about."""
    return -(-count_entries(tx, where) // BATCH_ROWS)


def stream_heads(tx: Tx, where: Sequence[ColumnElement[bool]] = ()) -> Iterator[tuple[str, str]]:
    """Yield each chain with the leaf hash of its last entry, in the order of their code points."""
    ends = (
        select(AuditEntry.chain, func.max(AuditEntry.sequence).label("sequence"))
        .where(*where)
        .group_by(AuditEntry.chain)
        .subquery()
    )
    by_code_points = "C" if tx.is_postgresql else "BINARY"
    statement = (
        select(AuditEntry.chain, AuditEntry.leaf_hash)
        .join(ends, and_(AuditEntry.chain == ends.c.chain, AuditEntry.sequence == ends.c.sequence))
        .order_by(collate(AuditEntry.chain, by_code_points))
    )
    with tx.connection.execute(statement, execution_options={"stream_results": True}) as found:
        for batch in found.partitions(BATCH_ROWS):
            yield from ((chain, leaf_hash.hex()) for chain, leaf_hash in batch)


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


def _with_texts(tx: Tx, rows: Sequence[Any]) -> Leaves:
    texts: dict[int, list[Text]] = {}
    for text_row in _read_texts(tx, [row[0] for row in rows]):
        texts.setdefault(text_row[0], []).append(text_row)
    return Leaves(rows, texts)


def _among(column: InstrumentedAttribute[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """Say that a number is one of these, or lies between them where they stand close."""
    if ids and max(ids) - min(ids) < 2 * len(ids):
        return column.between(min(ids), max(ids))
    return column.in_(ids)


def _read_details(tx: Tx, entry_ids: Sequence[int]) -> dict[int, dict[str, Disclosure]]:
    details: dict[int, dict[str, Disclosure]] = {}
    for text_row in _read_texts(tx, entry_ids):
        details.setdefault(text_row[0], {})[text_row[1]] = disclose_text(text_row)
    return details


def _read_texts(tx: Tx, entry_ids: Sequence[int]) -> Sequence[Any]:
    columns = (AuditDetail.entry_id, AuditDetail.field, AuditDetail.salt, AuditDetail.value)
    statement = select(*columns).where(_among(AuditDetail.entry_id, entry_ids))
    # All at once: one row at a time costs the driver and SQLAlchemy twice as much.
    return tx.connection.execute(statement).all()


def _parse(value: str) -> Json:
    if (plain := _plain_text(value)) is not None:
        return plain
    try:
        return parse_canonical(str(value).encode("utf-8"))
    except CanonicalError:
        # Somebody changed it. As it stands it matches no digest, which verify reports.
        return value


def _plain_text(value: object) -> str | None:
    """Return the text of a canonical string without an escape, which nearly all values are."""
    if type(value) is str and value[:1] == '"' == value[-1:] and len(value) > 1:
        inner = value[1:-1]
        if not _ESCAPES(inner):
            return inner
    return None
