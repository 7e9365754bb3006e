"""Tables of the transparency log: the tree over the entries, and who vouches for it.

Entries wait in blocks until the sealer gives them their places in the tree; what it writes is
never changed afterwards, but for tiles at the tree's right edge, which grow.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.persistence.base import Base
from workflow.persistence.types import Identifier, UtcMicros


class AuditPending(Base):
    """A block of entries that are not in the tree yet, in the order of their chains.

    `entry_ids` are eight bytes each, big-endian; `hashes` the 32 bytes of their leaf hashes.
    """

    __tablename__ = "audit_pending"
    __table_args__ = (
        CheckConstraint("entries >= 1", name="entries_positive"),
        CheckConstraint("length(entry_ids) = 8 * entries", name="entry_ids_length"),
        CheckConstraint("length(hashes) = 32 * entries", name="hashes_length"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    entries: Mapped[int]
    entry_ids: Mapped[bytes] = mapped_column(LargeBinary)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)


class AuditRun(Base):
    """Which entries stand in the tree from one leaf on; `entry_ids` as in `audit_pending`."""

    __tablename__ = "audit_run"
    __table_args__ = (
        CheckConstraint("entries >= 1", name="entries_positive"),
        CheckConstraint("length(entry_ids) = 8 * entries", name="entry_ids_length"),
        Index("ix_audit_run_highest_id", "highest_id", "lowest_id"),
    )

    first_leaf: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    entries: Mapped[int]
    lowest_id: Mapped[int] = mapped_column(Identifier)
    highest_id: Mapped[int] = mapped_column(Identifier)
    entry_ids: Mapped[bytes] = mapped_column(LargeBinary)


class AuditTile(Base):
    """Up to 256 hashes of one level of the tree. Source: C2SP tlog-tiles."""

    __tablename__ = "audit_tile"
    __table_args__ = (
        CheckConstraint("length(hashes) BETWEEN 32 AND 8192", name="hashes_length"),
        CheckConstraint("length(hashes) % 32 = 0", name="hashes_whole"),
    )

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)


class LogState(Base):
    """How far the tree has grown: one row, which the sealer holds locked while it works."""

    __tablename__ = "log_state"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("size >= 0", name="size_not_negative"),
        CheckConstraint("length(root) = 32", name="root_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(Identifier)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_at: Mapped[datetime | None] = mapped_column(UtcMicros)


class LogKey(Base):
    """A public key that signs the log, as signed notes write it. Source: C2SP signed-note."""

    __tablename__ = "log_key"
    __table_args__ = (UniqueConstraint("vkey"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    vkey: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(UtcMicros)


class AuditCheckpoint(Base):
    """A signed statement of the tree's size and root. Source: C2SP tlog-checkpoint."""

    __tablename__ = "audit_checkpoint"
    __table_args__ = (
        CheckConstraint("size >= 1", name="size_positive"),
        CheckConstraint("length(root) = 32", name="root_length"),
    )

    size: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str]
    signed_at: Mapped[datetime] = mapped_column(UtcMicros)


class AuditWitness(Base):
    """A key by which a party cosigns checkpoints; its administrator adds and removes it."""

    __tablename__ = "audit_witness"
    __table_args__ = (UniqueConstraint("vkey"), Index("ix_audit_witness_party", "party"))

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    party: Mapped[str] = mapped_column(ForeignKey("party.code"))
    name: Mapped[str]
    vkey: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(UtcMicros)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcMicros)


class AuditCosignature(Base):
    """A witness's signature line for a checkpoint. Source: C2SP tlog-cosignature."""

    __tablename__ = "audit_cosignature"
    # How far a witness has come is asked for by every page.
    __table_args__ = (Index("ix_audit_cosignature_witness", "witness_id", "size"),)

    size: Mapped[int] = mapped_column(ForeignKey("audit_checkpoint.size"), primary_key=True)
    witness_id: Mapped[int] = mapped_column(ForeignKey("audit_witness.id"), primary_key=True)
    line: Mapped[str]
    cosigned_at: Mapped[datetime] = mapped_column(UtcMicros)
