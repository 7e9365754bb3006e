"""Keep what the whole language of rules needs: weights, paper acts, delegations, deadlines."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from workflow.persistence.types import UtcMicros

revision: str = "20261123_whole_language"
down_revision: str | None = "20261122_first_tables"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DECISIONS = "decision IN ('approve', 'reserve', 'ad-referendum', 'confirm', 'abstain', 'object')"
_PAPER = "recorded_by IS NULL OR (occurred_on IS NOT NULL AND document_sha256 IS NOT NULL)"


def upgrade() -> None:
    """Make the new tables, and widen the sign-offs."""
    _make_delegations()
    _make_deadlines()
    _widen_signoffs()


def _make_delegations() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("mandate_id", _ID, nullable=False),
        sa.Column("parent_id", _ID, nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("giver_id", _ID, nullable=False),
        sa.Column("delegate_id", _ID, nullable=False),
        sa.Column("starts_at", UtcMicros(), nullable=False),
        sa.Column("ends_at", UtcMicros(), nullable=False),
        sa.Column("revoked_at", UtcMicros(), nullable=True),
        sa.Column("granted_by", _ID, nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_delegation_ends_after_start")),
        sa.CheckConstraint("giver_id <> delegate_id", name=op.f("ck_delegation_not_to_oneself")),
        sa.CheckConstraint(
            "(depth = 1) = (parent_id IS NULL)", name=op.f("ck_delegation_depth_of_chain")
        ),
        _key("delegation", "mandate_id", "mandate.id"),
        _key("delegation", "parent_id", "delegation.id"),
        _key("delegation", "giver_id", "person.id"),
        _key("delegation", "delegate_id", "person.id"),
        _key("delegation", "granted_by", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index("ix_delegation_delegate", "delegation", ["delegate_id"])
    op.create_index("ix_delegation_mandate", "delegation", ["mandate_id"])


def _make_deadlines() -> None:
    op.create_table(
        "deadline",
        sa.Column("proposal_id", _ID, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("leaf", sa.Integer(), nullable=False),
        sa.Column("since", UtcMicros(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", UtcMicros(), nullable=False),
        sa.Column("handled_at", UtcMicros(), nullable=True),
        sa.CheckConstraint("leaf >= -2", name=op.f("ck_deadline_leaf")),
        _key("deadline", "proposal_id", "proposal.id"),
        sa.PrimaryKeyConstraint("proposal_id", "step", "leaf", name=op.f("pk_deadline")),
    )
    unhandled = sa.text("handled_at IS NULL")
    op.create_index(
        "ix_deadline_due", "deadline", ["due_at"],
        sqlite_where=unhandled, postgresql_where=unhandled,
    )  # fmt: skip


def _widen_signoffs() -> None:
    with op.batch_alter_table("sign_off") as table:
        table.drop_constraint(op.f("ck_sign_off_decision"), type_="check")
        table.create_check_constraint(op.f("ck_sign_off_decision"), _DECISIONS)
        for name in ("holder_id", "delegation_id", "recorded_by", "confirmed_by"):
            table.add_column(sa.Column(name, _ID, nullable=True))
        table.add_column(
            sa.Column("weighs", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        table.add_column(sa.Column("occurred_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("occurred_at", UtcMicros(), nullable=True))
        table.add_column(sa.Column("document_sha256", sa.String(), nullable=True))
        table.create_check_constraint(op.f("ck_sign_off_paper_act_whole"), _PAPER)
        for name, target in (
            ("holder_id", "person"), ("delegation_id", "delegation"),
            ("recorded_by", "person"), ("confirmed_by", "person"),
        ):  # fmt: skip
            table.create_foreign_key(op.f(f"fk_sign_off_{name}"), target, [name], ["id"])
        table.create_foreign_key(
            op.f("fk_sign_off_document_sha256"), "evidence_file", ["document_sha256"], ["sha256"]
        )


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    """Refuse: nothing on record is ever taken away; restore a backup instead."""
    raise RuntimeError("this revision has no way back; restore the backup made before it")
