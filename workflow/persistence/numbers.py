"""Claims the numbers of rows before they are written: asking for them back is slow."""

from sqlalchemy import text

from workflow.persistence.unit_of_work import Tx


def claim(tx: Tx, table: str, count: int) -> list[int]:
    """Return fresh numbers; on SQLite the write lock, on PostgreSQL a sequence keeps them apart."""
    if tx.is_postgresql:
        sequence = text(
            "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)"
        )
        return sorted(tx.connection.scalars(sequence, {"table": table, "count": count}))
    newest = text(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 - a table of ours
    last: int = tx.connection.scalar(newest) or 0
    return list(range(last + 1, last + 1 + count))
