"""What works beside `summit serve`: it seals, it comes back, and it ends with the server."""

import os
import signal
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import make_url

from tests import make
from tests.beside_server import beside, is_alive, wait_for
from tests.live_server import Serve
from tests.processes import real_runtime

SEALER, DUE_WORK, KEEPER = "seal", "work", "workflow.cli.companions"


def waiting(url: str) -> int:
    with closing(sqlite3.connect(make_url(url).database or "")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM audit_pending").fetchone()
    return int(count)


def test_a_server_seals_what_is_done_beside_it(sqlite_url: str, live_server: Serve) -> None:
    server = live_server(sqlite_url)
    with real_runtime(sqlite_url) as runtime:
        make.definition(runtime)
        make.proposal(runtime)
    assert waiting(sqlite_url) >= 0
    wait_for(lambda: waiting(sqlite_url) == 0, server)


@pytest.mark.parametrize("which", [SEALER, DUE_WORK])
def test_what_is_killed_beside_a_server_is_started_again(
    sqlite_url: str, live_server: Serve, which: str
) -> None:
    server = live_server(sqlite_url)
    wait_for(lambda: len(beside(server, which)) == 1, server)
    (killed,) = beside(server, which)
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: beside(server, which) not in ([], [killed]), server)


def test_other_databases_leave_due_work_to_a_timer(postgresql_url: str, live_server: Serve) -> None:
    server = live_server(postgresql_url)
    wait_for(lambda: len(beside(server, SEALER)) == 1, server)
    assert beside(server, DUE_WORK) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_what_works_beside_a_server_ends_with_it(
    sqlite_url: str, live_server: Serve, how: signal.Signals
) -> None:
    server = live_server(sqlite_url)
    for which in (SEALER, DUE_WORK):
        wait_for(lambda which=which: len(beside(server, which)) == 1, server)  # type: ignore[misc] # a default binds it
    processes = [each for which in (SEALER, DUE_WORK, KEEPER) for each in beside(server, which)]
    server.process.send_signal(how)
    server.process.wait()
    wait_for(lambda: not any(map(is_alive, processes)))
