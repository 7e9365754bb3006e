"""The triggers that keep entries append-only, for the first migration and those that rebuild.

Alembic's batch mode on SQLite copies a table and silently drops its triggers: a migration that
rebuilds `audit_entry` must run `create_triggers` again.
"""

_SQLITE = [
    """
    CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
    """,
    """
    CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
    """,
    # INSERT OR REPLACE deletes without a DELETE trigger unless recursive_triggers is on, and
    # that is a setting of whoever connects: so a row that exists is refused here.
    """
    CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
    WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM audit_entry WHERE chain = NEW.chain AND sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
    """,
]

_POSTGRESQL = [
    """
    CREATE FUNCTION audit_entry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
      RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    # Per statement: TRUNCATE has no rows, and an UPDATE of no rows is refused as well.
    """
    CREATE TRIGGER audit_entry_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse_change()
    """,
    # A plain trigger sleeps under session_replication_role = replica.
    "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_append_only",
]


def create_triggers(dialect_name: str) -> list[str]:
    """Return the statements that make `audit_entry` append-only, in order."""
    return list(_SQLITE if dialect_name == "sqlite" else _POSTGRESQL)
