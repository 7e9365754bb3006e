"""Served demos: one that tests only read, and fresh ones on each database for acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.settings import Settings
from tests import databases
from tests.browser.site import Site, demonstrated
from tests.live_server import served
from tests.postgresql import Folder
from workflow.bootstrap import build_runtime


@contextmanager
def _site(url: str, folder: Path) -> Iterator[Site]:
    runtime = build_runtime(Settings(database_url=url))
    try:
        with served(url, folder) as server:
            yield Site(server.url, runtime, folder)
    finally:
        runtime.engine.dispose()


@pytest.fixture(scope="session")
def reading_room(prepared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give the worker's served demo; tests read it and change nothing but sessions."""
    folder = tmp_path_factory.mktemp("reading")
    file = folder / "summit.sqlite"
    with (
        databases.sqlite_copy(prepared_folder / "demo", file, demonstrated) as url,
        _site(url, folder) as site,
    ):
        yield site


@pytest.fixture(scope="module")
def desk(prepared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a module's served demo; each of its tests acts on proposals of its own."""
    folder = tmp_path_factory.mktemp("desk")
    file = folder / "summit.sqlite"
    with (
        databases.sqlite_copy(prepared_folder / "demo", file, demonstrated) as url,
        _site(url, folder) as site,
    ):
        yield site


@pytest.fixture
def sqlite_site(prepared_folder: Path, tmp_path: Path) -> Iterator[Site]:
    """Give a fresh served demo on SQLite."""
    file = tmp_path / "summit.sqlite"
    with (
        databases.sqlite_copy(prepared_folder / "demo", file, demonstrated) as url,
        _site(url, tmp_path) as site,
    ):
        yield site


@pytest.fixture
def postgresql_site(postgresql: Folder, worker_name: str, tmp_path: Path) -> Iterator[Site]:
    """Give a fresh served demo on PostgreSQL."""
    with (
        databases.postgresql_copy(postgresql, f"browser_{worker_name}", demonstrated) as url,
        _site(url, tmp_path) as site,
    ):
        yield site


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def site(request: pytest.FixtureRequest) -> Site:
    """Give a fresh served demo, once on each database."""
    made: Site = request.getfixturevalue(f"{request.param}_site")
    return made
