"""Give the log a tree: blocks, runs, tiles, checkpoints, and the parties that cosign them."""

from collections.abc import Sequence
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

from migrations.log_triggers import create_log_triggers
from workflow.persistence.types import UtcMicros

revision: str = "20261124_transparency_log"
down_revision: str | None = "20261123_whole_language"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BLOCK = 50_000


def upgrade() -> None:
    """Make the tables, and let every entry there is wait for its place in the tree."""
    _make_blocks()
    _make_tree()
    _make_signatures()
    _make_witnesses()
    _begin()
    for statement in create_log_triggers(op.get_bind().dialect.name):
        op.execute(statement)


def _make_blocks() -> None:
    _make(
        "audit_pending",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        *_block("audit_pending"),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        _check("audit_pending", "hashes_length", "length(hashes) = 32 * entries"),
        key=("id",),
    )
    _make(
        "audit_run",
        sa.Column("first_leaf", _ID, autoincrement=False, nullable=False),
        *_block("audit_run"),
        sa.Column("lowest_id", _ID, nullable=False),
        sa.Column("highest_id", _ID, nullable=False),
        key=("first_leaf",),
    )
    op.create_index("ix_audit_run_highest_id", "audit_run", ["highest_id", "lowest_id"])


def _make_tree() -> None:
    _make(
        "audit_tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", _ID, autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        _check("audit_tile", "hashes_length", "length(hashes) BETWEEN 32 AND 8192"),
        _check("audit_tile", "hashes_whole", "length(hashes) % 32 = 0"),
        key=("level", "number"),
    )
    _make(
        "log_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", _ID, nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed_at", UtcMicros(), nullable=True),
        _check("log_state", "one_row", "id = 1"),
        _check("log_state", "size_not_negative", "size >= 0"),
        _check("log_state", "root_length", "length(root) = 32"),
        key=("id",),
    )


def _make_signatures() -> None:
    _make(
        "log_key",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("vkey", sa.String(), nullable=False),
        sa.Column("added_at", UtcMicros(), nullable=False),
        sa.UniqueConstraint("vkey", name=op.f("uq_log_key_vkey")),
        key=("id",),
    )
    _make(
        "audit_checkpoint",
        sa.Column("size", _ID, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("signed_at", UtcMicros(), nullable=False),
        _check("audit_checkpoint", "size_positive", "size >= 1"),
        _check("audit_checkpoint", "root_length", "length(root) = 32"),
        key=("size",),
    )


def _make_witnesses() -> None:
    _make(
        "audit_witness",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("vkey", sa.String(), nullable=False),
        sa.Column("added_at", UtcMicros(), nullable=False),
        sa.Column("added_by", _ID, nullable=True),
        sa.Column("removed_at", UtcMicros(), nullable=True),
        _foreign("audit_witness", "party", "party.code"),
        _foreign("audit_witness", "added_by", "person.id"),
        sa.UniqueConstraint("vkey", name=op.f("uq_audit_witness_vkey")),
        key=("id",),
    )
    op.create_index("ix_audit_witness_party", "audit_witness", ["party"])
    _make(
        "audit_cosignature",
        sa.Column("size", _ID, nullable=False),
        sa.Column("witness_id", _ID, nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("cosigned_at", UtcMicros(), nullable=False),
        _foreign("audit_cosignature", "size", "audit_checkpoint.size"),
        _foreign("audit_cosignature", "witness_id", "audit_witness.id"),
        key=("size", "witness_id"),
    )
    op.create_index("ix_audit_cosignature_witness", "audit_cosignature", ["witness_id", "size"])


def _begin() -> None:
    """Write the tree without leaves, and a block for every so many entries, in their order."""
    connection = op.get_bind()
    connection.execute(
        sa.text("INSERT INTO log_state (id, size, root) VALUES (1, 0, :root)"),
        {"root": sha256(b"").digest()},
    )
    last = 0
    while rows := connection.execute(
        sa.text(
            "SELECT id, leaf_hash FROM audit_entry WHERE id > :last ORDER BY id LIMIT :most"
        ), {"last": last, "most": _BLOCK},
    ).all():  # fmt: skip
        connection.execute(
            sa.text(
                "INSERT INTO audit_pending (entries, entry_ids, hashes)"
                " VALUES (:entries, :entry_ids, :hashes)"
            ),
            {
                "entries": len(rows),
                "entry_ids": b"".join(number.to_bytes(8) for number, _ in rows),
                "hashes": b"".join(bytes(digest) for _, digest in rows),
            },
        )
        last = rows[-1][0]


def _make(table: str, *parts: "sa.schema.SchemaItem", key: tuple[str, ...]) -> None:
    op.create_table(table, *parts, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")))


def _block(table: str) -> "tuple[sa.schema.SchemaItem, ...]":
    return (
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("entry_ids", sa.LargeBinary(), nullable=False),
        _check(table, "entries_positive", "entries >= 1"),
        _check(table, "entry_ids_length", "length(entry_ids) = 8 * entries"),
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    """Refuse: nothing on record is ever taken away; restore a backup instead."""
    raise RuntimeError("this revision has no way back; restore the backup made before it")
