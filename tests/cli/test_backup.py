"""`summit backup` and `summit restore`, as typed, on both databases."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest

from config.log_key import LogKeyFile
from config.settings import Settings
from tests import databases, make
from tests.cli.typing_on import Typed, codes, type_on
from tests.fakes import FakeClock, FakeIds
from tests.sealed import acts, record, with_key
from workflow.bootstrap import Runtime, build_runtime
from workflow.persistence import checkpoints
from workflow.services.audit_check import verify_database
from workflow.services.check import find_faults
from workflow.services.seal import seal

_NUMBERS = count(1)


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Typed:
    """Give what types a command with --json on a runtime, and returns exit code and document."""
    return type_on(capsys)


@pytest.fixture
def signing(runtime: Runtime, tmp_path: Path) -> Runtime:
    """Give a machine that signs its log, with a proposal and a checkpoint."""
    signing = with_key(replace_key(runtime, tmp_path), tmp_path)
    make.proposal(signing)
    seal(signing)
    return signing


def replace_key(runtime: Runtime, folder: Path) -> Runtime:
    """Name the log's key file in the settings."""
    return replace(runtime, settings=replace(runtime.settings, log_key_file=folder / "log.key"))


@pytest.fixture
def vacant(request: pytest.FixtureRequest, runtime: Runtime, tmp_path: Path) -> Iterator[Runtime]:
    """Give a runtime like `signing` whose database is not there yet."""
    if runtime.engine.dialect.name == "sqlite":
        yield from _at(f"sqlite:///{tmp_path / 'other' / 'summit.sqlite'}", tmp_path)
        return
    folder = request.getfixturevalue("postgresql")
    name = f"{request.getfixturevalue('worker_name')}_vacant_{next(_NUMBERS)}"
    with databases.postgresql_copy(folder, name, databases.empty) as url:
        yield from _at(url, tmp_path)


def _at(url: str, folder: Path) -> Iterator[Runtime]:
    settings = Settings(database_url=url, log_key_file=folder / "log.key")
    made = build_runtime(settings, clock=FakeClock(), ids=FakeIds())
    yield made
    made.engine.dispose()


def last_size(folder: Path) -> int:
    """Give the size that the key's last checkpoint vouches for."""
    note = LogKeyFile(folder / "log.key").last()
    assert note is not None
    return int(note.split("\n")[1])


def test_a_backup_is_restored_whole_and_the_log_goes_on(
    signing: Runtime, vacant: Runtime, typed: Typed, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    code, done = typed(signing, "backup", file)
    entries = verify_database(signing.uow).entries
    assert (code, done["path"], done["entries"]) == (0, str(file), entries)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    code, restored = typed(vacant, "restore", file)
    assert (code, restored) == (
        0, {"entries": entries, "lost": 0, "uncertain": False, "former": None, "vkey": None},
    )  # fmt: skip
    assert list(find_faults(vacant)) == []
    make.proposal(vacant)
    assert seal(vacant).signed == seal(vacant).size > entries


def test_an_existing_file_stays_unless_forced(
    signing: Runtime, typed: Typed, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    file.write_text("precious")
    assert typed(signing, "backup", file)[0] == 2
    assert file.read_text() == "precious"
    assert typed(signing, "backup", file, "--force")[0] == 0
    assert file.read_bytes()[:5] in {b"SQLit", b"PGDMP"}


def test_a_backup_is_taken_while_others_write(
    signing: Runtime, vacant: Runtime, typed: Typed, tmp_path: Path
) -> None:
    stop, begun = Event(), Event()

    def write() -> None:
        while not stop.is_set():
            record(signing, *acts(3))
            seal(signing)
            begun.set()

    writer = Thread(target=write)
    writer.start()
    begun.wait()
    code, done = typed(signing, "backup", tmp_path / "a.backup")
    stop.set()
    writer.join()
    assert code == 0
    # Entries that were signed after the backup are lost, as after a fire.
    code, restored = typed(vacant, "restore", tmp_path / "a.backup", "--accept-loss")
    assert code == 0
    assert 0 < restored["entries"] <= done["entries"]
    assert verify_database(vacant.uow).ok


def test_a_broken_log_is_neither_backed_up_nor_restored(
    signing: Runtime, vacant: Runtime, typed: Typed, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.backup", tmp_path / "bad.backup"
    assert typed(signing, "backup", good)[0] == 0
    with signing.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE proposal SET version = version + 1")
    code, answer = typed(signing, "backup", bad)
    assert (code, codes(answer), bad.exists()) == (3, ["damaged"], False)
    if signing.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(good)) as stored, stored:
            stored.execute("UPDATE proposal SET version = version + 1")
        code, answer = typed(vacant, "restore", good)
        assert (code, codes(answer)) == (3, ["damaged"])
        file = vacant.settings.database_file
        assert file is not None
        assert not file.exists()


def test_entries_that_were_signed_are_not_lost_in_silence(
    signing: Runtime, vacant: Runtime, typed: Typed, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    typed(signing, "backup", file)
    backed_up = last_size(tmp_path)
    record(signing, *acts(2))
    seal(signing)
    assert last_size(tmp_path) == backed_up + 2
    code, answer = typed(vacant, "restore", file)
    assert (code, codes(answer)) == (1, ["entries_lost"])
    code, done = typed(vacant, "restore", file, "--accept-loss")
    assert (code, done["lost"]) == (0, 2)
    assert seal(vacant).signed == backed_up + 2  # the entries of the loss and of the key
    with vacant.uow.read() as tx:
        old, new = checkpoints.read_vkeys(tx)
        newest = checkpoints.newest_checkpoint(tx)
    assert newest is not None
    assert new == done["vkey"]
    assert newest.note.partition("\n")[0] == new.partition("+")[0] != old.partition("+")[0]
    assert list(find_faults(vacant)) == []


def test_entries_that_waited_are_sealed_as_they_were(
    signing: Runtime, vacant: Runtime, typed: Typed, tmp_path: Path
) -> None:
    record(signing, *acts(2))
    record(signing, *acts(3, "party/JP"))
    typed(signing, "backup", tmp_path / "a.backup")
    seal(signing)
    code, done = typed(vacant, "restore", tmp_path / "a.backup")
    assert (code, done["lost"]) == (0, 0)
    assert seal(vacant).signed == last_size(tmp_path)


def test_a_checkpoint_that_somebody_kept_is_asked_for(
    signing: Runtime, vacant: Runtime, typed: Typed, tmp_path: Path
) -> None:
    file, kept = tmp_path / "a.backup", tmp_path / "kept"
    typed(signing, "backup", file)
    record(signing, *acts(1))
    seal(signing)
    (tmp_path / "log.key.last").rename(kept)
    code, answer = typed(vacant, "restore", file, "--since", kept)
    assert (code, codes(answer)) == (1, ["entries_lost"])
    kept.write_text("nonsense\n")
    code, answer = typed(vacant, "restore", file, "--since", kept)
    assert (code, codes(answer)) == (1, ["unreadable_checkpoint"])


def test_a_key_that_forgot_what_it_signed_asks_somebody_who_did_not(
    signing: Runtime, vacant: Runtime, typed: Typed, tmp_path: Path
) -> None:
    file, kept = tmp_path / "a.backup", tmp_path / "kept"
    typed(signing, "backup", file)
    (tmp_path / "log.key.last").rename(kept)
    code, answer = typed(vacant, "restore", file)
    assert (code, codes(answer)) == (1, ["extent_unknown"])
    code, done = typed(vacant, "restore", file, "--since", kept)
    assert (code, done["lost"], done["uncertain"]) == (0, 0, False)


def test_without_anybody_who_remembers_the_log_goes_on_under_another_name(
    signing: Runtime, vacant: Runtime, typed: Typed, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    typed(signing, "backup", file)
    (tmp_path / "log.key.last").unlink()
    code, done = typed(vacant, "restore", file, "--accept-loss")
    assert (code, done["lost"], done["uncertain"]) == (0, 0, True)
    with vacant.uow.read() as tx:
        old, new = checkpoints.read_vkeys(tx)
    assert new == done["vkey"]
    assert old.partition("+")[0] != new.partition("+")[0]
    seal(vacant)
    assert list(find_faults(vacant)) == []


def test_another_history_of_the_same_size_is_a_fork(
    signing: Runtime, vacant: Runtime, typed: Typed, tmp_path: Path
) -> None:
    before, fork = tmp_path / "before", tmp_path / "fork"
    typed(signing, "backup", before)
    last = (tmp_path / "log.key.last").read_text()
    assert typed(vacant, "restore", before)[0] == 0
    record(vacant, *acts(1, "party/JP"))
    seal(vacant)
    typed(vacant, "backup", fork)
    (tmp_path / "log.key.last").write_text(last)
    record(signing, *acts(1))
    seal(signing)
    forked = _emptied(vacant)
    code, answer = typed(forked, "restore", fork)
    assert (code, codes(answer)) == (1, ["log_forked"])
    assert typed(forked, "restore", fork, "--accept-loss")[0] == 1


def _emptied(runtime: Runtime) -> Runtime:
    """Take away what a runtime's database holds."""
    runtime.engine.dispose()
    if file := runtime.settings.database_file:
        for each in file.parent.iterdir():
            each.unlink()
        return runtime
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    return runtime


def test_what_is_there_is_not_overwritten_unasked(
    signing: Runtime, typed: Typed, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    typed(signing, "backup", file)
    code, answer = typed(signing, "restore", file)
    assert (code, len(codes(answer))) == (1, 1)
    assert codes(answer)[0].startswith("not_empty")
    assert verify_database(signing.uow).ok


def test_files_that_are_no_backup_are_refused(
    vacant: Runtime, typed: Typed, tmp_path: Path
) -> None:
    text, other = tmp_path / "text", tmp_path / "other.backup"
    text.write_text("a letter")
    code, answer = typed(vacant, "restore", text)
    assert (code, codes(answer)) == (1, ["not_a_backup"])
    is_file = vacant.engine.dialect.name == "sqlite"
    other.write_bytes(b"PGDMP" if is_file else b"SQLite format 3\0")
    code, answer = typed(vacant, "restore", other)
    assert (code, codes(answer)) == (1, ["other_database"])


def test_the_key_of_another_log_is_not_taken_for_this_ones(
    signing: Runtime, vacant: Runtime, typed: Typed, tmp_path: Path
) -> None:
    typed(signing, "backup", tmp_path / "a.backup")
    LogKeyFile(tmp_path / "log.key").make_first("localhost")
    code, answer = typed(vacant, "restore", tmp_path / "a.backup")
    assert (code, codes(answer)) == (1, ["other_key"])
