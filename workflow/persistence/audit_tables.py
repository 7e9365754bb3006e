"""Tables of the log: entries that nobody changes, and what is kept beside them to be erasable.

The tree over the entries stands in `log_tables`, so that `audit_entry` never has to be updated.
The hash has no index: a random key would make a million inserts on SQLite three times slower.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.persistence.base import Base
from workflow.persistence.types import Identifier, UtcMicros


class AuditEntry(Base):
    """One recorded act; triggers refuse to change or delete it (`migrations/triggers.py`).

    `leaf` is the record, as written. The columns beside it repeat what lists are filtered by.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("chain", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence_positive"),
        CheckConstraint("length(leaf_hash) = 32", name="leaf_hash_length"),
        CheckConstraint("length(leaf) <= 65535", name="leaf_length"),
        Index("ix_audit_entry_party", "party", "id"),
        Index("ix_audit_entry_actor", "actor", "id"),
        Index("ix_audit_entry_at", "at", "id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    chain: Mapped[str]
    sequence: Mapped[int]
    proposal_id: Mapped[int | None] = mapped_column(Identifier)
    at: Mapped[datetime] = mapped_column(UtcMicros)
    kind: Mapped[str]
    actor: Mapped[str | None]
    party: Mapped[str | None]
    role: Mapped[str | None]
    step: Mapped[str | None]
    change_id: Mapped[str | None]
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditDetail(Base):
    """The salt and value behind one digest of an entry; erasing is deleting the row."""

    __tablename__ = "audit_detail"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[str]
    value: Mapped[str]


class AuditSubject(Base):
    """The person behind a pseudonym; erasing is deleting the row."""

    __tablename__ = "audit_subject"

    pseudonym: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str]
    name: Mapped[str]
    salt: Mapped[str | None]


class AuditChain(Base):
    """The end of a chain that is not a proposal's (a proposal keeps its own end on its row)."""

    __tablename__ = "audit_chain"
    __table_args__ = (
        CheckConstraint("(sequence = 0) = (head IS NULL)", name="head_whole"),
        CheckConstraint("head IS NULL OR length(head) = 32", name="head_length"),
    )

    chain: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    head: Mapped[bytes | None] = mapped_column(LargeBinary(32))
