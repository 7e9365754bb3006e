"""Makes a database ready: newest tables, and the facts that every installation has."""

from pathlib import Path

from workflow.persistence.revisions import newest_revision, present_revision
from workflow.persistence.revisions import upgrade as run_revisions
from workflow.services.runtime import Runtime


def upgrade(runtime: Runtime) -> None:
    """Create the database where needed, and bring its tables to the newest revision."""
    url = runtime.engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        # Hashes of passwords are in it; SQLite gives its journal the same mode.
        Path(url.database).touch(mode=0o600)
    run_revisions(runtime.engine)


def is_current(runtime: Runtime) -> bool:
    """Say whether the database has the tables this code was written for."""
    with runtime.uow.read() as tx:
        return present_revision(tx.connection) == newest_revision()
