"""Fixtures for every test: databases, a runtime with a clock that stands still, a browser."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import hypothesis
import pytest

from config.settings import Settings
from tests import databases
from tests.fakes import FakeClock, FakeIds
from tests.postgresql import Folder, UnavailableError
from workflow.bootstrap import Runtime, build_runtime

pytest_plugins = ["tests.chromium", "tests.live_server"]

# No deadline: the machine that runs the tests may be busy with others.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")

_RUN_FOLDER = pytest.StashKey[ExitStack]()
_NUMBERS = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Open the run's folder, once: in the process that starts the workers."""
    if not hasattr(config, "workerinput"):
        stack = config.stash[_RUN_FOLDER] = ExitStack()
        config.option.postgresql_folder = stack.enter_context(Folder.opened()).path


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker where the run's folder is."""
    node.workerinput["postgresql_folder"] = str(node.config.option.postgresql_folder)  # type: ignore[attr-defined]  # xdist ships no types


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the run's folder; its watcher stops the server."""
    if stack := config.stash.get(_RUN_FOLDER, None):
        stack.close()


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Folder:
    """Give the run's PostgreSQL server; skip with the reason where none can be had."""
    given = getattr(request.config, "workerinput", vars(request.config.option))
    try:
        return Folder(Path(given["postgresql_folder"])).server()
    except UnavailableError as reason:
        pytest.skip(f"PostgreSQL cannot be had: {reason}")


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the worker's folder for prepared SQLite files."""
    return tmp_path_factory.mktemp("prepared")


@pytest.fixture
def sqlite_url(prepared_folder: Path, tmp_path: Path) -> Iterator[str]:
    """Give the address of a fresh migrated SQLite file."""
    with databases.sqlite_copy(prepared_folder / "sqlite", tmp_path / "summit.sqlite") as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql: Folder, worker_name: str) -> Iterator[str]:
    """Give the address of a fresh migrated PostgreSQL database."""
    with databases.postgresql_copy(postgresql, f"{worker_name}_{next(_NUMBERS)}") as url:
        yield url


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the address of a fresh migrated database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def clock() -> FakeClock:
    """Give a clock that stands still."""
    return FakeClock()


@pytest.fixture
def runtime(database_url: str, clock: FakeClock) -> Iterator[Runtime]:
    """Give a runtime on a fresh migrated database, with the test's clock and counted ids."""
    runtime = build_runtime(Settings(database_url=database_url), clock=clock, ids=FakeIds())
    yield runtime
    runtime.engine.dispose()


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """Give this worker's name, which no other worker of the run has."""
    name: str = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    return name
