"""A database made by its owner's role, and used by a role that cannot change the log."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from config.settings import Settings
from tests import databases, make
from tests.postgresql import Folder
from workflow.bootstrap import Runtime, build_runtime
from workflow.services.install import is_current, upgrade

pytestmark = pytest.mark.postgresql
ROLE = "summit_app_of_a_test"


@pytest.fixture
def owner_url(postgresql: Folder, worker_name: str) -> Iterator[str]:
    """Give an empty database of an owner, in a cluster that has the app's role, too."""
    name = f"{worker_name}_owned"
    with databases.postgresql_copy(postgresql, name, make=databases.empty) as url:
        owner = create_engine(url, isolation_level="AUTOCOMMIT")
        with owner.connect() as connection:
            connection.execute(text(f"DROP ROLE IF EXISTS {ROLE}"))
            connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
        yield url
        with owner.connect() as connection:
            connection.execute(text(f"DROP OWNED BY {ROLE}"))
            connection.execute(text(f"DROP ROLE {ROLE}"))
        owner.dispose()


@pytest.fixture
def runtime(owner_url: str) -> Iterator[Runtime]:
    app_url = make_url(owner_url).set(username=ROLE).render_as_string(hide_password=False)
    made = build_runtime(replace(Settings(), database_url=app_url))
    upgrade(made, owner_url)
    yield made
    made.engine.dispose()


def test_the_apps_role_does_all_its_work(runtime: Runtime) -> None:
    assert is_current(runtime)
    fund = make.proposal(runtime)
    make.agreed(runtime, fund)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET kind = 'other'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DROP TRIGGER audit_entry_append_only ON audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "UPDATE alembic_version SET version_num = 'x'",
        "DELETE FROM transition",
        "UPDATE revision SET sha256 = 'x'",
    ],
)
def test_the_apps_role_cannot_change_what_is_on_record(runtime: Runtime, statement: str) -> None:
    make.agreed(runtime, make.proposal(runtime))
    with pytest.raises(ProgrammingError), runtime.uow.write() as tx:
        tx.connection.execute(text(statement))
