"""The harness itself: fresh databases, the run's folder, the browser."""

import subprocess
import sys
import threading
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, inspect, text

from tests.accessibility import scrolls_sideways, violations
from tests.databases import empty, postgresql_copy, sqlite_copy
from tests.fakes import EPOCH, FakeClock, FakeIds
from tests.live_server import Serve
from tests.postgresql import Folder


def test_a_postgresql_database_is_fresh_each_time_and_gone_afterwards(postgresql: Folder) -> None:
    for _ in range(2):
        with postgresql_copy(postgresql, "harness_fresh", empty) as url:
            engine = create_engine(url)
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE trace (id integer)"))
            assert inspect(engine).get_table_names() == ["trace"]
            engine.dispose()
    with postgresql.connected() as connection:
        names = connection.execute("SELECT datname FROM pg_database").fetchall()
    assert ("harness_fresh",) not in names


def test_a_sqlite_file_is_a_copy_of_one_that_was_prepared_once(tmp_path: Path) -> None:
    prepared: list[str] = []
    for name in ("a", "b"):
        with sqlite_copy(tmp_path / "prepared", tmp_path / name, prepared.append) as url:
            assert url == f"sqlite:///{tmp_path / name}"
    assert len(prepared) == 1


def test_the_server_never_runs_as_root(postgresql: Folder) -> None:
    pid = (postgresql.path / "database" / "postmaster.pid").read_text().split()[0]
    assert Path(f"/proc/{pid}").stat().st_uid != 0 or not Path("/proc").exists()


@pytest.mark.parametrize("signal", ["SIGKILL", "none"])
def test_the_server_ends_with_the_run_however_that_ends(signal: str) -> None:
    script = (
        "import os, signal\n"
        "from tests.postgresql import Folder\n"
        "with Folder.opened() as folder:\n"
        "    print(folder.server().path, flush=True)\n"
        f"    if {signal!r} != 'none': os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    folder = Path(run.stdout.strip())
    gone = threading.Event()
    while folder.exists():
        gone.wait(0.05)
    with pytest.raises(psycopg.OperationalError), Folder(folder).connected():
        pass


def test_the_fake_clock_stands_still_until_told() -> None:
    clock = FakeClock()
    assert (clock(), clock.now()) == (EPOCH, EPOCH)
    assert (clock.advance(days=1) - EPOCH).days == 1


def test_fake_ids_are_the_same_for_the_same_test_and_never_equal() -> None:
    ids = [FakeIds(), FakeIds()]
    first, second = ([i.event_id(), i.event_id(), i.pseudonym(), i.token()] for i in ids)
    assert first == second
    assert len(set(first)) == len(first)


@pytest.mark.browser
def test_the_browser_reaches_nothing_beyond_this_machine(page: Page) -> None:
    page.set_content("<p>Здравствуйте 提案 oʻ</p>")
    assert page.inner_text("p") == "Здравствуйте 提案 oʻ"
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")


@pytest.mark.browser
def test_axe_finds_what_a_page_keeps_from_people(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 480})
    good = "<!doctype html><html lang=en><title>A</title><main><h1>A</h1><label>B<input></label>"
    page.set_content(good)
    assert (violations(page), scrolls_sideways(page)) == (set(), False)
    page.set_content(good + "<input style='width: 900px'>")
    assert (violations(page), scrolls_sideways(page)) == ({("label", "main > input")}, True)


def test_the_live_server_answers_from_the_tests_own_database(
    live_server: Serve, database_url: str
) -> None:
    server = live_server(database_url)
    with urlopen(f"{server.url}/readyz", timeout=10) as answer:  # noqa: S310 - our own address
        assert answer.status == 200
    assert server.process.poll() is None
