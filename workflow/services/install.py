"""Makes a database ready: newest tables, and on PostgreSQL what the app's own role may do."""

from pathlib import Path

from workflow.persistence.grants import grant_to_app
from workflow.persistence.revisions import newest_revision, present_revision
from workflow.persistence.revisions import upgrade as run_revisions
from workflow.persistence.unit_of_work import open_engine
from workflow.services.runtime import Runtime


def upgrade(runtime: Runtime, owner_url: str | None = None) -> None:
    """Create the database where needed, and bring its tables to the newest revision.

    With the URL of an owner's role the tables are that role's, and the app's role may read and
    write them but neither alter a table nor change or delete an entry of the log.
    """
    url = runtime.engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        _make_private_file(Path(url.database))
        # Hashes of passwords are in it; SQLite gives its journal the same mode.
        Path(url.database).touch(mode=0o600)
    if owner_url is None:
        run_revisions(runtime.engine)
    else:
        _upgrade_as_owner(owner_url, url.username or "")


def _make_private_file(path: Path) -> None:
    """Make the file, empty and for its owner's eyes alone; what SQLite puts beside it follows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)


def _upgrade_as_owner(owner_url: str, app_role: str) -> None:
    engine = open_engine(owner_url)
    try:
        run_revisions(engine)
        with engine.begin() as connection:
            grant_to_app(connection, app_role)
    finally:
        engine.dispose()


def is_current(runtime: Runtime) -> bool:
    """Say whether the database has the tables this code was written for."""
    with runtime.uow.read() as tx:
        return present_revision(tx.connection) == newest_revision()
