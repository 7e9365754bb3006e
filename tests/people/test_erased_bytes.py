"""Erased details are gone from the bytes: database files, write-ahead log, backups and dumps."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from tests.fakes import FakeClock, FakeIds
from tests.people.erasing import DETAILS, LOGIN, ORDER, wordy
from tests.people.world import administrator
from workflow.bootstrap import Runtime, build_runtime
from workflow.cli import summit
from workflow.cli.frame import run
from workflow.persistence.postgresql_tools import find_tools
from workflow.services.backup import back_up
from workflow.services.erase import Erased, erase


@pytest.fixture
def file(sqlite_url: str) -> Iterator[Runtime]:
    """Give a runtime on a SQLite file."""
    settings = Settings(database_url=sqlite_url)
    runtime = build_runtime(settings, clock=FakeClock(), ids=FakeIds())
    yield runtime
    runtime.engine.dispose()


def in_files(folder: Path) -> list[bytes]:
    """Give those of the details that stand anywhere in the database's files."""
    content = b"".join(each.read_bytes() for each in sorted(folder.glob("summit.sqlite*")))
    return [each for each in DETAILS if each in content]


def read_dump(runtime: Runtime, path: Path) -> bytes:
    """Unpack an archive of pg_dump."""
    plain = path.with_suffix(".sql")
    tool = find_tools(runtime.engine).folder / "pg_restore"
    subprocess.run([tool, f"--file={plain}", path], check=True)
    return plain.read_bytes()


def readable(runtime: Runtime, path: Path) -> bytes:
    """Give what a backup holds, unpacked where it is packed."""
    is_file = runtime.engine.dialect.name == "sqlite"
    return path.read_bytes() if is_file else read_dump(runtime, path)


def test_a_backup_made_after_does_not_hold_the_person(runtime: Runtime, tmp_path: Path) -> None:
    admin = administrator(runtime)
    wordy(runtime, admin)
    before, after = tmp_path / "before", tmp_path / "after"
    back_up(runtime, before)
    assert isinstance(erase(runtime, admin, ORDER), Erased)
    back_up(runtime, after)
    assert [each for each in DETAILS if each in readable(runtime, before)] == list(DETAILS)
    assert [each for each in DETAILS if each in readable(runtime, after)] == []


def test_no_byte_is_left_in_the_files(file: Runtime, tmp_path: Path) -> None:
    admin = administrator(file)
    wordy(file, admin)
    assert in_files(tmp_path) == list(DETAILS)
    done = erase(file, admin, ORDER)
    assert isinstance(done, Erased)
    assert done.wiped
    assert in_files(tmp_path) == []
    file.engine.dispose()
    assert in_files(tmp_path) == []


def test_rows_that_are_only_deleted_would_be_found_in_the_files(
    file: Runtime, tmp_path: Path
) -> None:
    wordy(file, administrator(file))
    with closing(sqlite3.connect(tmp_path / "summit.sqlite")) as connection, connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM audit_subject WHERE login = ?", (LOGIN,))
        connection.execute("DELETE FROM audit_detail")
        connection.execute("UPDATE sign_off SET note = NULL")
        connection.execute("UPDATE revision SET reason = NULL")
    assert in_files(tmp_path) == list(DETAILS)


def test_what_a_reader_holds_up_is_wiped_by_due_work(file: Runtime, tmp_path: Path) -> None:
    admin = administrator(file)
    wordy(file, admin)
    with closing(sqlite3.connect(tmp_path / "summit.sqlite")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM person").fetchone()
        done = erase(file, admin, ORDER)
        assert isinstance(done, Erased)
        assert not done.wiped
        assert in_files(tmp_path) != []
    assert run(summit, ["work"], file) == 0
    assert in_files(tmp_path) == []
