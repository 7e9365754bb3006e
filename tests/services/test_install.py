"""A database made by its owner's role, and used by a role that cannot change the log."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from config.settings import Settings
from tests import databases, make
from tests.people.erasing import DETAILS, ORDER, assert_whole, held, wordy
from tests.people.world import administrator
from tests.postgresql import Folder
from workflow.bootstrap import Runtime, build_runtime
from workflow.persistence.postgresql_tools import empty
from workflow.persistence.wiping import MAINTAIN_SINCE
from workflow.services.backup import back_up
from workflow.services.erase import Erased, erase
from workflow.services.install import is_current, upgrade
from workflow.services.restore import Restore, restore

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


def test_the_apps_role_erases_a_person_whole(runtime: Runtime) -> None:
    admin = administrator(runtime)
    wordy(runtime, admin)
    done = erase(runtime, admin, ORDER)
    assert isinstance(done, Erased)
    assert held(runtime, *DETAILS) == []
    # Before 17 nobody but the owner may vacuum.
    assert done.wiped is ((runtime.engine.dialect.server_version_info or ()) >= MAINTAIN_SINCE)
    assert_whole(runtime)


def test_what_the_apps_role_backs_up_the_owner_restores(
    runtime: Runtime, owner_url: str, tmp_path: Path
) -> None:
    make.agreed(runtime, make.proposal(runtime))
    file = tmp_path / "a.backup"
    entries = back_up(runtime, file).entries
    owner = create_engine(owner_url)
    empty(owner)
    owner.dispose()
    assert restore(runtime, Restore(path=file), owner_url).entries == entries
    make.agreed(runtime, make.proposal(runtime))
    assert_whole(runtime)
    with pytest.raises(ProgrammingError), runtime.uow.write() as tx:
        tx.connection.execute(text("DELETE FROM audit_entry"))
