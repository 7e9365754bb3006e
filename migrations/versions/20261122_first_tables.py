"""Make every table of the first release."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.triggers import create_triggers
from workflow.persistence.types import UtcMicros

revision: str = "20261122_first_tables"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make every table of the first release."""
    op.create_table(
        "audit_chain",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=True),
        sa.CheckConstraint(
            "(sequence = 0) = (head IS NULL)", name=op.f("ck_audit_chain_head_whole")
        ),
        sa.CheckConstraint(
            "head IS NULL OR length(head) = 32", name=op.f("ck_audit_chain_head_length")
        ),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_chain")),
    )
    op.create_table(
        "audit_entry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("at", UtcMicros(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=True),
        sa.Column("party", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("change_id", sa.String(), nullable=True),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("length(leaf) <= 65535", name=op.f("ck_audit_entry_leaf_length")),
        sa.CheckConstraint("length(leaf_hash) = 32", name=op.f("ck_audit_entry_leaf_hash_length")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_audit_entry_sequence_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("chain", "sequence", name=op.f("uq_audit_entry_chain_sequence")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_actor", ["actor", "id"], unique=False)
        batch_op.create_index("ix_audit_entry_at", ["at", "id"], unique=False)
        batch_op.create_index("ix_audit_entry_party", ["party", "id"], unique=False)

    op.create_table(
        "audit_subject",
        sa.Column("pseudonym", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("pseudonym", name=op.f("pk_audit_subject")),
    )
    op.create_table(
        "evidence_file",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence_file")),
    )
    op.create_table(
        "installation_fact",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation_fact")),
    )
    op.create_table(
        "party",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("created_at", UtcMicros(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.CheckConstraint("sort IN ('state', 'organisation')", name=op.f("ck_party_sort")),
        sa.CheckConstraint("length(code) BETWEEN 2 AND 20", name=op.f("ck_party_code_length")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_party")),
    )
    op.create_table(
        "person",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("pseudonym", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("disabled_at", UtcMicros(), nullable=True),
        sa.Column("created_at", UtcMicros(), nullable=False),
        sa.CheckConstraint(
            "origin <> 'import' OR password_hash IS NULL",
            name=op.f("ck_person_imported_cannot_sign_in"),
        ),
        sa.CheckConstraint("origin IN ('real', 'demo', 'import')", name=op.f("ck_person_origin")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_person_pseudonym")),
    )
    op.create_table(
        "sign_in_throttle",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("window_started_at", UtcMicros(), nullable=False),
        sa.Column("blocked_until", UtcMicros(), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_throttle")),
    )
    op.create_table(
        "access_token",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", UtcMicros(), nullable=False),
        sa.Column("expires_at", UtcMicros(), nullable=False),
        sa.Column("revoked_at", UtcMicros(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_access_token_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_access_token_token_sha256")),
    )
    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.create_index("ix_access_token_person", ["person_id"], unique=False)

    op.create_table(
        "audit_detail",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_detail_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", "field", name=op.f("pk_audit_detail")),
    )
    op.create_table(
        "definition_edition",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("published_at", UtcMicros(), nullable=False),
        sa.Column(
            "published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_definition_edition_published_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_edition")),
        sa.UniqueConstraint("digest", name=op.f("uq_definition_edition_digest")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_definition_edition_kind_number")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", UtcMicros(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_idempotency_key_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("expires_at", UtcMicros(), nullable=False),
        sa.Column("used_at", UtcMicros(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('invitation', 'reset')", name=op.f("ck_one_time_link_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id")
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_one_time_link")),
    )
    op.create_table(
        "party_bootstrap",
        sa.Column("party", sa.String(), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("document_sha256", sa.String(), nullable=False),
        sa.Column("document_name", sa.String(), nullable=False),
        sa.Column("at", UtcMicros(), nullable=False),
        sa.ForeignKeyConstraint(["party"], ["party.code"], name=op.f("fk_party_bootstrap_party")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_party_bootstrap_person_id")
        ),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_party_bootstrap")),
    )
    op.create_table(
        "party_name",
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["party"], ["party.code"], name=op.f("fk_party_name_party")),
        sa.PrimaryKeyConstraint("party", "language", name=op.f("pk_party_name")),
    )
    op.create_table(
        "summit",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["host"], ["party.code"], name=op.f("fk_summit_host")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_summit")),
    )
    op.create_table(
        "web_session",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("created_at", UtcMicros(), nullable=False),
        sa.Column("last_seen_at", UtcMicros(), nullable=False),
        sa.Column("expires_at", UtcMicros(), nullable=False),
        sa.Column("ended_at", UtcMicros(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_web_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_web_session_token_sha256")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index("ix_web_session_person", ["person_id"], unique=False)

    op.create_table(
        "mandate",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("summit", sa.String(), nullable=True),
        sa.Column("starts_at", UtcMicros(), nullable=False),
        sa.Column("ends_at", UtcMicros(), nullable=True),
        sa.Column(
            "granted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "revoked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("origin", sa.String(), nullable=False),
        sa.CheckConstraint("origin IN ('real', 'demo', 'import')", name=op.f("ck_mandate_origin")),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_mandate_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_mandate_granted_by")),
        sa.ForeignKeyConstraint(["party"], ["party.code"], name=op.f("fk_mandate_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mandate_person_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_mandate_revoked_by")),
        sa.ForeignKeyConstraint(["summit"], ["summit.code"], name=op.f("fk_mandate_summit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.create_index("ix_mandate_party_role", ["party", "role"], unique=False)
        batch_op.create_index("ix_mandate_person", ["person_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("summit", sa.String(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revision_sha256", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.Column("shape", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("awaits_revision", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column(
            "proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("edited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcMicros(), nullable=False),
        sa.Column("changed_at", UtcMicros(), nullable=False),
        sa.CheckConstraint("length(head) = 32", name=op.f("ck_proposal_head_length")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_proposal_revision_positive")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_proposal_round_positive")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_proposal_version_positive")),
        sa.ForeignKeyConstraint(["edited_by"], ["person.id"], name=op.f("fk_proposal_edited_by")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["definition_edition.id"], name=op.f("fk_proposal_edition_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["proposal.id"], name=op.f("fk_proposal_parent_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_proposal_proposed_by")
        ),
        sa.ForeignKeyConstraint(["summit"], ["summit.code"], name=op.f("fk_proposal_summit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("reference", name=op.f("uq_proposal_reference")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_changed", ["changed_at", "id"], unique=False)
        batch_op.create_index("ix_proposal_parent", ["parent_id"], unique=False)
        batch_op.create_index(
            "ix_proposal_state_changed", ["state", "changed_at", "id"], unique=False
        )

    op.create_table(
        "summit_title",
        sa.Column("summit", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["summit"], ["summit.code"], name=op.f("fk_summit_title_summit")),
        sa.PrimaryKeyConstraint("summit", "language", name=op.f("pk_summit_title")),
    )
    op.create_table(
        "claim",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("minor_units", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("said_where", sa.String(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "meaning IN ('pledge', 'commitment', 'disbursement')", name=op.f("ck_claim_meaning")
        ),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_claim_currency_length")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_claim_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_proposal", ["proposal_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column(
            "proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column(
            "supplied_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("supplied_party", sa.String(), nullable=False),
        sa.Column("supplied_at", UtcMicros(), nullable=False),
        sa.Column(
            "verified_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("verified_party", sa.String(), nullable=True),
        sa.Column("verified_at", UtcMicros(), nullable=True),
        sa.CheckConstraint(
            "(sha256 IS NULL) <> (link IS NULL)", name=op.f("ck_evidence_file_or_link")
        ),
        sa.CheckConstraint(
            "(verified_at IS NULL) = (verified_party IS NULL)",
            name=op.f("ck_evidence_verified_whole"),
        ),
        sa.CheckConstraint(
            "verified_by IS NULL OR verified_by <> supplied_by",
            name=op.f("ck_evidence_verified_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_evidence_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["evidence_file.sha256"], name=op.f("fk_evidence_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["supplied_by"], ["person.id"], name=op.f("fk_evidence_supplied_by")
        ),
        sa.ForeignKeyConstraint(
            ["supplied_party"], ["party.code"], name=op.f("fk_evidence_supplied_party")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by"], ["person.id"], name=op.f("fk_evidence_verified_by")
        ),
        sa.ForeignKeyConstraint(
            ["verified_party"], ["party.code"], name=op.f("fk_evidence_verified_party")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "number", name=op.f("pk_evidence")),
    )
    op.create_table(
        "proposal_field",
        sa.Column(
            "proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text_value", sa.String(), nullable=True),
        sa.Column("integer_value", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("date_value", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN text_value IS NULL THEN 0 ELSE 1 END) + (CASE WHEN integer_value IS NULL THEN 0 ELSE 1 END) + (CASE WHEN date_value IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_proposal_field_one_value"),
        ),
        sa.CheckConstraint(
            "currency IS NULL OR length(currency) = 3",
            name=op.f("ck_proposal_field_currency_length"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_field_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "name", name=op.f("pk_proposal_field")),
    )
    op.create_table(
        "proposal_party",
        sa.Column(
            "proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.CheckConstraint(
            "capacity IN ('proposer', 'lead', 'member', 'contributor', 'host', 'observer')",
            name=op.f("ck_proposal_party_capacity"),
        ),
        sa.ForeignKeyConstraint(["party"], ["party.code"], name=op.f("fk_proposal_party_party")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_party_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "party", "capacity", name=op.f("pk_proposal_party")),
    )
    with op.batch_alter_table("proposal_party", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_party_party", ["party", "proposal_id"], unique=False)

    op.create_table(
        "proposal_text",
        sa.Column(
            "proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_text_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "language", name=op.f("pk_proposal_text")),
    )
    op.create_table(
        "revision",
        sa.Column(
            "proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", UtcMicros(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_revision_made_by")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_revision_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "number", name=op.f("pk_revision")),
    )
    op.create_table(
        "sign_off",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column(
            "counted_person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "mandate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("meaning", sa.String(), nullable=True),
        sa.Column("signed_at", UtcMicros(), nullable=False),
        sa.Column("ended_at", UtcMicros(), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=True),
        sa.CheckConstraint("decision IN ('approve', 'object')", name=op.f("ck_sign_off_decision")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_because IS NULL)",
            name=op.f("ck_sign_off_ended_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["counted_person"], ["person.id"], name=op.f("fk_sign_off_counted_person")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandate.id"], name=op.f("fk_sign_off_mandate_id")
        ),
        sa.ForeignKeyConstraint(["party"], ["party.code"], name=op.f("fk_sign_off_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_off_person_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_sign_off_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
    )
    with op.batch_alter_table("sign_off", schema=None) as batch_op:
        batch_op.create_index("ix_sign_off_proposal", ["proposal_id", "id"], unique=False)
        batch_op.create_index(
            "uq_sign_off_live_seat",
            ["proposal_id", "revision", "round", "step", "party", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_sign_off_person_once",
            ["proposal_id", "round", "step", "counted_person"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND counted_person IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND counted_person IS NOT NULL"),
        )

    op.create_table(
        "transition",
        sa.Column(
            "proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("at", UtcMicros(), nullable=False),
        sa.Column("change_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_transition_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "version", name=op.f("pk_transition")),
    )
    with op.batch_alter_table("transition", schema=None) as batch_op:
        batch_op.create_index("ix_transition_change", ["change_id"], unique=False)

    op.create_table(
        "waiting",
        sa.Column(
            "proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("seats", sa.String(), nullable=False),
        sa.Column("since", UtcMicros(), nullable=False),
        sa.ForeignKeyConstraint(["party"], ["party.code"], name=op.f("fk_waiting_party")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_waiting_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "party", name=op.f("pk_waiting")),
    )
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.create_index("ix_waiting_party", ["party", "since", "proposal_id"], unique=False)

    for statement in create_triggers(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: nothing on record is ever taken away; restore a backup instead."""
    raise RuntimeError("this revision has no way back; restore the backup made before it")
