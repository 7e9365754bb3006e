"""Reads and writes what proposals say: texts, parties, fields and revisions, for one or many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, delete, insert, select

from workflow.domain.commands import FieldValue, Money
from workflow.domain.revision import Content
from workflow.persistence.chunks import chunks
from workflow.persistence.proposal_tables import (
    ProposalField,
    ProposalParty,
    ProposalText,
    Revision,
)
from workflow.persistence.unit_of_work import Tx

_TEXT: Table = ProposalText.__table__  # type: ignore[assignment] # a declarative class has a Table
_PARTY: Table = ProposalParty.__table__  # type: ignore[assignment] # as above
_FIELD: Table = ProposalField.__table__  # type: ignore[assignment] # as above
_REVISION: Table = Revision.__table__  # type: ignore[assignment] # as above


def texts_of(tx: Tx, ids: Sequence[int]) -> dict[int, dict[str, tuple[str, str]]]:
    """Read each proposal's {language: (title, summary)}."""
    found: dict[int, dict[str, tuple[str, str]]] = defaultdict(dict)
    columns = (_TEXT.c.proposal_id, _TEXT.c.language, _TEXT.c.title, _TEXT.c.summary)
    for chunk in chunks(ids):
        rows = tx.connection.execute(select(*columns).where(_TEXT.c.proposal_id.in_(chunk)))
        for proposal_id, language, title, summary in rows:
            found[proposal_id][language] = (title, summary)
    return found


def fields_of(tx: Tx, ids: Sequence[int]) -> dict[int, dict[str, FieldValue]]:
    """Read each proposal's filled fields."""
    found: dict[int, dict[str, FieldValue]] = defaultdict(dict)
    for chunk in chunks(ids):
        rows = tx.connection.execute(select(_FIELD).where(_FIELD.c.proposal_id.in_(chunk)))
        for row in rows:
            found[row.proposal_id][row.name] = _field_value(row)
    return found


def _field_value(row: Any) -> FieldValue:  # noqa: ANN401 - a result row
    if row.currency is not None:
        return Money(row.integer_value, row.currency)
    for value in (row.text_value, row.integer_value, row.date_value):
        if value is not None:
            return value  # type: ignore[no-any-return] # one of the columns' own types
    raise AssertionError(row)


def add(tx: Tx, said: Mapping[int, Content]) -> None:
    """Write what new proposals say."""
    every = [
        (_TEXT, [row for number, each in said.items() for row in _texts(number, each)]),
        (_PARTY, [row for number, each in said.items() for row in _parties(number, each)]),
        (_FIELD, [row for number, each in said.items() for row in _fields(number, each)]),
    ]
    for table, rows in every:
        if rows:
            tx.connection.execute(insert(table), rows)


def replace(tx: Tx, said: Mapping[int, Content]) -> None:
    """Write what these proposals say now, in place of what they said."""
    for ids in chunks(sorted(said)):
        for table in (_TEXT, _PARTY, _FIELD):
            tx.connection.execute(delete(table).where(table.c.proposal_id.in_(ids)))
    add(tx, said)


def _texts(proposal_id: int, content: Content) -> list[dict[str, Any]]:
    return [
        {
            "proposal_id": proposal_id,
            "language": language,
            "title": title,
            "summary": content.summaries.get(language, ""),
        }
        for language, title in content.titles.items()
    ]


def _parties(proposal_id: int, content: Content) -> list[dict[str, Any]]:
    return [
        {"proposal_id": proposal_id, "party": party, "capacity": capacity}
        for party, capacity in sorted(content.parties)
    ]


def _fields(proposal_id: int, content: Content) -> list[dict[str, Any]]:
    return [
        {"proposal_id": proposal_id, "name": name, **_field_columns(value)}
        for name, value in content.fields.items()
    ]


def _field_columns(value: FieldValue) -> dict[str, object]:
    columns: dict[str, object] = dict.fromkeys(
        ("text_value", "integer_value", "currency", "date_value")
    )
    match value:
        case Money(minor_units, currency):
            return columns | {"integer_value": minor_units, "currency": currency}
        case date():
            return columns | {"date_value": value}
        case int():
            return columns | {"integer_value": value}
        case _:
            return columns | {"text_value": value}


def add_revisions(tx: Tx, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep revisions for good; `revision_row` makes their rows."""
    found = list(rows)
    if found:
        tx.connection.execute(insert(_REVISION), found)


def revision_row(
    proposal_id: int, number: int, document: bytes, sha256: str, made_at: datetime,
    made_by: int | None = None, reason: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Give the row of one revision; `document` is the canonical text that is signed."""
    return {
        "proposal_id": proposal_id, "number": number, "sha256": sha256, "document": document,
        "made_by": made_by, "made_at": made_at, "reason": reason,
    }  # fmt: skip
