"""Published editions of workflow definitions; immutable, so each is read from the database once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, insert, select

from workflow.domain.definition import Definition
from workflow.persistence.proposal_tables import DefinitionEdition
from workflow.persistence.unit_of_work import Tx

_known: dict[str, Definition] = {}
"""Definitions by digest: what was read once holds in every database."""


def edition(tx: Tx, edition_id: int) -> Definition:
    """Give the definition of an edition."""
    return editions(tx, [edition_id])[edition_id]


def editions(tx: Tx, ids: Iterable[int]) -> dict[int, Definition]:
    """Give the definitions of these editions."""
    wanted = sorted(set(ids))
    rows = tx.connection.execute(
        select(DefinitionEdition.id, DefinitionEdition.digest).where(
            DefinitionEdition.id.in_(wanted)
        )
    )
    return {number: _known.get(digest) or _read(tx, digest) for number, digest in rows}


def _read(tx: Tx, digest: str) -> Definition:
    document = tx.connection.execute(
        select(DefinitionEdition.document).where(DefinitionEdition.digest == digest)
    ).scalar_one()
    _known[digest] = Definition.from_document(document)
    return _known[digest]


def newest(tx: Tx, kind: str) -> tuple[int, Definition] | None:
    """Give the id and definition of a kind's newest edition."""
    row = tx.connection.execute(
        select(DefinitionEdition.id, DefinitionEdition.digest)
        .where(DefinitionEdition.kind == kind)
        .order_by(DefinitionEdition.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.id, _known.get(row.digest) or _read(tx, row.digest))


def numbered(tx: Tx, kind: str, number: int) -> tuple[int, Definition] | None:
    """Give the id and definition of a kind's edition of this number."""
    row = tx.connection.execute(
        select(DefinitionEdition.id, DefinitionEdition.digest).where(
            DefinitionEdition.kind == kind, DefinitionEdition.number == number
        )
    ).one_or_none()
    return None if row is None else (row.id, _known.get(row.digest) or _read(tx, row.digest))


def of_digest(tx: Tx, digest: str) -> tuple[int, Definition]:
    """Give the id and definition of a published edition."""
    number = tx.connection.execute(
        select(DefinitionEdition.id).where(DefinitionEdition.digest == digest)
    ).scalar_one()
    return number, _known.get(digest) or _read(tx, digest)


def newest_of_all(tx: Tx) -> dict[str, tuple[int, str]]:
    """Give {kind: (number, digest)} of the newest editions."""
    rows = tx.connection.execute(
        select(DefinitionEdition.kind, DefinitionEdition.number, DefinitionEdition.digest).order_by(
            DefinitionEdition.kind, DefinitionEdition.number
        )
    )
    return {kind: (number, digest) for kind, number, digest in rows}


def number_of(tx: Tx, digest: str) -> int | None:
    """Give the number under which a definition was published; None for a new one."""
    return tx.connection.execute(
        select(DefinitionEdition.number).where(DefinitionEdition.digest == digest)
    ).scalar_one_or_none()


def publish(tx: Tx, definition: Definition, at: datetime, by: int | None) -> int:
    """Add a definition as its kind's next edition and give its number."""
    last = tx.connection.execute(
        select(func.coalesce(func.max(DefinitionEdition.number), 0)).where(
            DefinitionEdition.kind == definition.kind
        )
    ).scalar_one()
    tx.connection.execute(
        insert(DefinitionEdition).values(
            kind=definition.kind,
            number=last + 1,
            digest=definition.digest,
            document=definition.document,
            published_at=at,
            published_by=by,
        )
    )
    return int(last) + 1
