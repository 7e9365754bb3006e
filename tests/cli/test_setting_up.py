"""`summit init`, `demo` and `serve`, as processes on a fresh machine."""

import os
import signal
import stat
from collections import Counter
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

from tests import make
from tests.live_server import Serve, environment
from tests.processes import done, real_runtime, started
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.people_tables import Mandate, Person
from workflow.persistence.proposal_tables import DefinitionEdition, Proposal
from workflow.services.audit_check import verify_database
from workflow.services.check import find_faults

AT_ONCE = 4


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """Give the environment of a machine whose database does not exist yet."""
    found = environment(f"sqlite:///{tmp_path / 'var' / 'summit.sqlite'}")
    return {name: value for name, value in found.items() if name != "SUMMIT_SECRET_KEY"}


def test_commands_say_to_run_init_first(env: dict[str, str]) -> None:
    for command in ("demo", "serve", "check"):
        told = done(env, command)
        assert (told.returncode, told.stdout) == (4, "")
        assert told.stderr == (
            "The database is not set up or of another version: run 'summit init'.\n"
        )


def test_init_makes_a_private_database_and_a_key_and_may_be_run_again(
    env: dict[str, str], tmp_path: Path
) -> None:
    first, second = done(env, "init"), done(env, "init")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert second.stdout == "The database is ready.\n"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "var").iterdir()}
    assert modes["secret.key"] == modes["summit.sqlite"] == 0o600


def _init_at_once(env: dict[str, str], url: str) -> None:
    processes = [started(env, "init") for _ in range(AT_ONCE)]
    told = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * AT_ONCE, told
    with real_runtime(url) as runtime:
        with runtime.uow.read() as tx:
            kinds = list(tx.connection.scalars(select(DefinitionEdition.kind)))
            entries = Counter(tx.connection.scalars(select(AuditEntry.kind)))
        assert len(kinds) == len(set(kinds)) == entries["publish"]
        assert entries["log-key"] == 1
        assert list(find_faults(runtime)) == []


def test_several_machines_may_run_init_at_once_on_sqlite(env: dict[str, str]) -> None:
    _init_at_once(env, env["SUMMIT_DATABASE_URL"])


@pytest.mark.postgresql
def test_several_machines_may_run_init_at_once_on_postgresql(
    postgresql_url: str, tmp_path: Path
) -> None:
    key = {"SUMMIT_LOG_KEY_FILE": str(tmp_path / "log.key")}
    _init_at_once(environment(postgresql_url) | key, postgresql_url)


def test_the_demo_loads_both_summits_once_with_a_clean_log(
    env: dict[str, str], tmp_path: Path
) -> None:
    done(env, "init")
    first, second = done(env, "demo"), done(env, "demo")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    sign_ins = tmp_path / "var" / "demo-sign-ins.txt"
    assert stat.S_IMODE(sign_ins.stat().st_mode) == 0o600
    assert second.stdout == f"The demo is loaded. Its sign-ins are in {sign_ins}.\n"
    with real_runtime(env["SUMMIT_DATABASE_URL"]) as runtime:
        with runtime.uow.read() as tx:
            states = list(tx.connection.scalars(select(Proposal.state)))
            officials = tx.connection.scalar(select(func.count()).select_from(Person))
            mandates = tx.connection.scalar(select(func.count()).select_from(Mandate))
            proposers = set(tx.connection.scalars(select(Proposal.proposed_by)))
        assert (len(states), states.count("agreed"), proposers) == (25, 6, {None})
        assert officials == mandates == len(sign_ins.read_text().splitlines()) - 1
        assert verify_database(runtime.uow).ok
        assert list(find_faults(runtime)) == []


def test_the_demo_refuses_a_database_with_real_people(sqlite_url: str) -> None:
    env = environment(sqlite_url)
    done(env, "init")
    with real_runtime(sqlite_url) as runtime:
        make.person(runtime)
    told = done(env, "demo")
    assert told.returncode == 1
    assert told.stdout.startswith("This database holds real people")


def test_a_demo_is_served_on_the_loopback_address_alone(env: dict[str, str]) -> None:
    done(env, "init")
    done(env, "demo")
    told = done(env, "serve", "--host", "0.0.0.0")  # noqa: S104 - it must be refused
    assert (told.returncode, told.stdout.partition(":")[0]) == (
        1, "This database holds the demo, whose sign-ins anybody may read",
    )  # fmt: skip


def test_a_server_without_its_secret_key_says_so_and_does_not_start(sqlite_url: str) -> None:
    kept = environment(sqlite_url)
    del kept["SUMMIT_SECRET_KEY"]
    told = done(kept | {"SUMMIT_SECRET_KEY_FILE": "/nowhere/secret.key"}, "serve")
    assert (told.returncode, told.stdout) == (2, "")
    assert "/nowhere/secret.key, which cannot be read" in told.stderr
    assert "Traceback" not in told.stderr


def test_serve_answers_and_stops_when_asked(sqlite_url: str, live_server: Serve) -> None:
    server = live_server(sqlite_url)
    with urlopen(f"{server.url}/livez", timeout=10) as answer:  # noqa: S310 - our own address
        assert answer.status == HTTPStatus.OK
    taken = done(environment(sqlite_url) | {"PORT": server.url.rpartition(":")[2]}, "serve")
    assert taken.returncode == 4
    assert taken.stderr.startswith("Nothing can listen on")
    os.kill(server.process.pid, signal.SIGTERM)
    assert server.process.wait(timeout=30) == 0
    assert "Serving http://localhost:" in server.log.read_text()
