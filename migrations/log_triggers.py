"""The triggers that keep what the sealer wrote: nothing is changed, and tiles only grow.

As with `migrations.triggers`, a migration that rebuilds one of these tables on SQLite must
create its triggers again.
"""

from collections.abc import Iterator

_KEYS = {
    "audit_run": "first_leaf = NEW.first_leaf",
    "audit_checkpoint": "size = NEW.size",
    "audit_cosignature": "size = NEW.size AND witness_id = NEW.witness_id",
    "log_key": "id = NEW.id OR vkey = NEW.vkey",
    "audit_tile": "level = NEW.level AND number = NEW.number",
    "log_state": "id = NEW.id",
}

_GROWS = {
    "audit_tile": "NEW.level <> OLD.level OR NEW.number <> OLD.number"
    " OR length(NEW.hashes) <= length(OLD.hashes)"
    " OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes",
    "log_state": "NEW.id <> OLD.id OR NEW.size <= OLD.size",
}
"""When a change is no growth."""


def create_log_triggers(dialect_name: str) -> list[str]:
    """Return the statements that create them, in order."""
    return list(_sqlite() if dialect_name == "sqlite" else _postgresql())


def _sqlite() -> Iterator[str]:
    for table, key in _KEYS.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        when = f"WHEN {_GROWS[table]} " if table in _GROWS else ""
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key}) "  # noqa: S608 - names of ours
        yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}{refuse}"
        yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"
        # INSERT OR REPLACE walks past a DELETE trigger unless recursive_triggers is on.
        yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {there}{refuse}"


def _postgresql() -> Iterator[str]:
    yield """
        CREATE FUNCTION log_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
          RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
        """
    for table in _KEYS:
        events = "DELETE OR TRUNCATE" if table in _GROWS else "UPDATE OR DELETE OR TRUNCATE"
        yield _trigger(table, f"{table}_append_only", events, "EACH STATEMENT")
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only"
    for table, shrinks in _GROWS.items():
        yield _trigger(table, f"{table}_grows", "UPDATE", f"EACH ROW WHEN ({shrinks})")
        # A plain trigger sleeps under session_replication_role = replica.
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_grows"


def _trigger(table: str, name: str, events: str, scope: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {events} ON {table}"
        f" FOR {scope} EXECUTE FUNCTION log_refuse_change()"
    )
