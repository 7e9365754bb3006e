"""`summit restore` where a SQLite file has its place already, and PostgreSQL's tools."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from tests.cli.typing_on import Typed, codes, type_on
from tests.fakes import FakeClock, FakeIds
from tests.sealed import acts, record
from workflow.bootstrap import Runtime, build_runtime
from workflow.persistence.postgresql_tools import NoToolError, find_tools
from workflow.persistence.unit_of_work import open_engine
from workflow.services.audit_check import verify_database


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Typed:
    """Give what types a command with --json on a runtime, and returns exit code and document."""
    return type_on(capsys)


@pytest.fixture
def file(sqlite_url: str) -> Iterator[Runtime]:
    """Give a runtime on a SQLite file."""
    settings = Settings(database_url=sqlite_url)
    runtime = build_runtime(settings, clock=FakeClock(), ids=FakeIds())
    yield runtime
    runtime.engine.dispose()


def test_a_replaced_file_stands_aside(file: Runtime, typed: Typed, tmp_path: Path) -> None:
    typed(file, "backup", tmp_path / "a.backup")
    record(file, *acts(5))
    code, done = typed(file, "restore", tmp_path / "a.backup", "--replace")
    assert code == 0
    assert done["former"] == f"{tmp_path / 'summit.sqlite'}.before-20260105T090000Z"
    with closing(sqlite3.connect(done["former"])) as former:
        assert former.execute("SELECT count(*) FROM audit_entry").fetchone() == (5,)
    assert verify_database(file.uow).entries == 0


def test_a_file_in_use_is_not_replaced(file: Runtime, typed: Typed, tmp_path: Path) -> None:
    typed(file, "backup", tmp_path / "a.backup")
    with closing(sqlite3.connect(tmp_path / "summit.sqlite")) as server:
        server.execute("SELECT count(*) FROM person").fetchone()
        code, answer = typed(file, "restore", tmp_path / "a.backup", "--replace")
    assert (code, codes(answer)) == (4, ["in_use"])
    assert typed(file, "restore", tmp_path / "a.backup", "--replace")[0] == 0


def test_a_damaged_file_is_replaced(file: Runtime, typed: Typed, tmp_path: Path) -> None:
    typed(file, "backup", tmp_path / "a.backup")
    file.engine.dispose()
    database = tmp_path / "summit.sqlite"
    database.write_bytes(b"burnt")
    assert typed(file, "restore", tmp_path / "a.backup")[0] == 1
    assert typed(file, "restore", tmp_path / "a.backup", "--replace")[0] == 0
    assert verify_database(file.uow).ok


def test_a_torn_backup_is_refused(file: Runtime, typed: Typed, tmp_path: Path) -> None:
    backup = tmp_path / "a.backup"
    typed(file, "backup", backup)
    os.truncate(backup, backup.stat().st_size // 2)
    code, answer = typed(file, "restore", backup, "--replace")
    assert (code, codes(answer)) == (3, ["damaged"])
    assert sorted(each.name for each in tmp_path.iterdir() if "backup" in each.name) == ["a.backup"]


@pytest.mark.postgresql
def test_tools_are_of_the_servers_version_or_newer(postgresql_url: str) -> None:
    engine = open_engine(postgresql_url)
    assert (find_tools(engine).folder / "pg_dump").exists()
    with pytest.raises(NoToolError, match="PostgreSQL 1"):
        find_tools(engine, folders=[])
    engine.dispose()
