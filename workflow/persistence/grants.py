"""What the app's own role may do on PostgreSQL: everything but change the log or the tables.

Source: CONTRACT 'SUMMIT_DATABASE_OWNER_URL': the owner's role makes the tables and is used by
`summit init` alone; the app's role cannot alter or delete entries, whatever the app does.
"""

from sqlalchemy import Connection, text

from workflow.persistence.wiping import ERASED_FROM, MAINTAIN_SINCE

APPEND_ONLY = (
    "audit_entry", "transition", "revision", "definition_edition",
    "audit_run", "audit_checkpoint", "audit_cosignature", "log_key",
)  # fmt: skip
"""Tables whose rows the app adds and never touches again."""


def grant_to_app(connection: Connection, role: str) -> None:
    """Let the app's role read and write, and only add to what is append-only."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    for statement in _statements(quoted):
        connection.execute(text(statement))
    if (connection.dialect.server_version_info or (0,)) >= MAINTAIN_SINCE:
        # So that dead rows of erased persons are removed without waiting for autovacuum.
        connection.execute(text(f"GRANT MAINTAIN ON {', '.join(ERASED_FROM)} TO {quoted}"))


def _statements(role: str) -> tuple[str, ...]:
    kept = ", ".join(APPEND_ONLY)
    return (
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {kept}, alembic_version FROM {role}",
        f"REVOKE INSERT ON alembic_version FROM {role}",
        f"REVOKE DELETE, TRUNCATE ON audit_tile, log_state FROM {role}",
        # What a person wrote as the reason of a revision goes when they are erased.
        f"GRANT UPDATE (reason) ON revision TO {role}",
    )
