"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String
from sqlalchemy.types import TypeDecorator, TypeEngine

Identifier = BigInteger().with_variant(Integer, "sqlite")
"""A surrogate key: SQLite counts upward only on a column of type INTEGER."""


class UtcMicros(TypeDecorator[datetime]):
    """An instant in UTC to the microsecond.

    PostgreSQL keeps TIMESTAMPTZ. SQLite has no zone and would give a naive value back, so it
    keeps text of fixed width, which sorts as time does: `2025-12-20T06:30:00.000000Z`.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the dialect."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - text or datetime by dialect
        """Refuse a naive instant, and write the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveInstantError(value)
        utc = value.astimezone(UTC)
        return _written(utc) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - text or datetime by dialect
        """Give back an aware instant in UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value).astimezone(UTC)
        return value.astimezone(UTC)  # type: ignore[no-any-return] # the driver returns datetime


def _written(utc: datetime) -> str:
    # strftime would write the year 999 with three digits, and take longer.
    return utc.isoformat(timespec="microseconds")[:-6] + "Z"


class NaiveInstantError(TypeError):
    """An instant without a time zone was about to be stored."""

    def __init__(self, value: datetime) -> None:
        """Name the value that has no zone."""
        super().__init__(f"{value!r} has no time zone; instants are stored in UTC")
