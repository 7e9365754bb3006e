"""`summit work`, and the one process beside `summit serve` that does the same."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import update
from sqlalchemy.engine import make_url

from config.settings import Settings
from tests import make
from tests.beside_server import wait_for
from tests.cli.conftest import Type
from tests.fakes import FakeClock
from tests.live_server import Serve
from workflow.bootstrap import Runtime, build_runtime
from workflow.cli.exits import BROKEN, DONE
from workflow.persistence.proposal_tables import Proposal

SILENCE = {
    "needs": {
        "silence": {
            "of": ["lead"], "role": "foreign_ministry", "days": 5, "place": "Asia/Tokyo",
        }
    }
}  # fmt: skip
NOTHING = {"looked": 0, "steps_taken": 0, "scheduled": 0, "unscheduled": 0, "failed": []}


def damage(runtime: Runtime, reference: str) -> None:
    with runtime.uow.write() as tx:
        chosen = update(Proposal).where(Proposal.reference == reference)
        tx.connection.execute(chosen.values(shape="?"))


def test_work_says_what_it_did(runtime: Runtime, clock: FakeClock, typed: Type) -> None:
    make.definition(runtime, agree=SILENCE)
    make.proposal(runtime)
    assert typed("work") == (DONE, NOTHING)
    clock.advance(days=6)
    assert typed("work") == (DONE, NOTHING | {"looked": 1, "steps_taken": 1})
    assert typed("work") == (DONE, NOTHING)


def test_work_names_a_damaged_proposal_and_ends_with_the_code_for_damage(
    runtime: Runtime, clock: FakeClock, typed: Type
) -> None:
    make.definition(runtime, agree=SILENCE)
    damaged, _ = make.proposal(runtime), make.proposal(runtime)
    damage(runtime, damaged)
    clock.advance(days=6)
    code, document = typed("work")
    assert (code, document["steps_taken"]) == (BROKEN, 1)
    assert [each["reference"] for each in document["failed"]] == [damaged]


def test_work_stops_at_a_limit(runtime: Runtime, clock: FakeClock, typed: Type) -> None:
    make.definition(runtime, agree=SILENCE)
    for _ in range(3):
        make.proposal(runtime)
    clock.advance(days=6)
    assert typed("work", "--limit", "2") == (DONE, NOTHING | {"looked": 2, "steps_taken": 2})


@pytest.fixture
def last_year(sqlite_url: str) -> Iterator[Runtime]:
    """Give a runtime whose proposals have long been due for everybody else."""
    runtime = build_runtime(Settings(database_url=sqlite_url), clock=FakeClock())
    yield runtime
    runtime.engine.dispose()


def test_serve_does_what_is_due_on_the_embedded_database(
    last_year: Runtime, sqlite_url: str, live_server: Serve
) -> None:
    make.definition(last_year, agree=SILENCE)
    damaged, fund = make.proposal(last_year), make.proposal(last_year)
    damage(last_year, damaged)
    server = live_server(sqlite_url)
    wait_for(lambda: state_of(sqlite_url, fund) == "agreed", server)
    said = f"{damaged}: what is due cannot be done"
    wait_for(lambda: said in server.log.read_text(encoding="utf-8"), server)


def state_of(url: str, reference: str) -> str:
    with closing(sqlite3.connect(make_url(url).database or "")) as connection:
        asked = "SELECT state FROM proposal WHERE reference = ?"
        (state,) = connection.execute(asked, (reference,)).fetchone()
    return str(state)
