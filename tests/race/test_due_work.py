"""Several do what is due at once, or are killed at it: nothing is lost and nothing done twice."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from config.settings import Settings
from tests import make
from tests.fakes import FakeClock
from tests.live_server import environment
from tests.processes import done, real_runtime, started
from workflow.bootstrap import Runtime, build_runtime
from workflow.persistence.proposal_tables import Proposal, Transition
from workflow.services.check import find_faults
from workflow.services.due import do_due_work

AT_ONCE = 4
FAMILIES, LINES, ALONE = 5, 19, 100
ONE_A_CHUNK = (
    "import workflow.services.due as d; d.CHUNK = 1; from workflow.cli import main; main()"
)


@pytest.fixture
def last_year(database_url: str) -> Iterator[Runtime]:
    """Give a runtime of a year ago: what falls due there is due for every process of now."""
    runtime = build_runtime(Settings(database_url=database_url), clock=FakeClock())
    yield runtime
    runtime.engine.dispose()


def silence(days: int) -> dict[str, object]:
    asked = {"of": ["lead"], "role": "foreign_ministry", "days": days, "place": "Asia/Tokyo"}
    return {"needs": {"silence": asked}}


def prepare(runtime: Runtime, families: int, lines: int, alone: int) -> int:
    """Make proposals that are due, each of which will take one step; give how many."""
    make.definition(runtime, agree=silence(5))
    make.definition(runtime, "umbrella", agree={"needs": {"children": {"in": ["agreed"]}}})
    for _ in range(families):
        umbrella = make.proposal(runtime, kind="umbrella")
        for _ in range(lines):
            make.proposal(runtime, parent=umbrella)
    for _ in range(alone):
        make.proposal(runtime)
    return families * (lines + 1) + alone


def moves(runtime: Runtime) -> list[int]:
    with runtime.uow.read() as tx:
        return list(tx.connection.scalars(select(Transition.proposal_id)))


def states(runtime: Runtime) -> dict[str, int]:
    with runtime.uow.read() as tx:
        rows = tx.connection.execute(select(Proposal.state, func.count()).group_by(Proposal.state))
        return {state: number for state, number in rows}  # noqa: C416 - a row is not a pair to mypy


def test_four_at_once_take_each_step_exactly_once(last_year: Runtime, database_url: str) -> None:
    number = prepare(last_year, FAMILIES, LINES, ALONE)
    env = environment(database_url)
    processes = [started(env, "work", "--json") for _ in range(AT_ONCE)]
    said = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * AT_ONCE, said
    taken = sum(json.loads(out)["steps_taken"] for out, _ in said)
    left = json.loads(done(env, "work", "--json").stdout)["steps_taken"]
    assert taken + left == number
    assert set(Counter(moves(last_year)).values()) == {1}
    assert states(last_year) == {"agreed": number}
    assert list(find_faults(last_year)) == []


def test_killed_at_any_instant_it_is_finished_by_the_next(
    last_year: Runtime, database_url: str
) -> None:
    number, env, before = prepare(last_year, 2, 9, 20), environment(database_url), 0
    while before < number // 2:
        cut = subprocess.Popen([sys.executable, "-c", ONE_A_CHUNK, "work"], env=env)
        while len(moves(last_year)) < before + 3 and cut.poll() is None:
            time.sleep(0.003)
        cut.send_signal(signal.SIGKILL)
        cut.wait()
        before = len(moves(last_year))
    again = done(env, "work", "--json")
    assert json.loads(again.stdout)["steps_taken"] == number - before
    assert set(Counter(moves(last_year)).values()) == {1}
    assert states(last_year) == {"agreed": number}
    assert list(find_faults(last_year)) == []


def test_people_act_while_three_do_due_work_on_families_of_three_storeys(
    last_year: Runtime, database_url: str
) -> None:
    paper = {"evidence": {"type": "meeting_report", "count": 9}}
    later = {"fires": "by-itself", "needs": {"any": [silence(9)["needs"], paper]}}
    make.definition(last_year, agree=silence(5), implement=later)
    needs = {"needs": {"children": {"in": ["agreed", "implemented"]}}}
    make.definition(last_year, "umbrella", agree=needs)
    top = make.proposal(last_year, kind="umbrella")
    umbrellas = [make.proposal(last_year, kind="umbrella", parent=top) for _ in range(3)]
    lines = [make.proposal(last_year, parent=each) for each in umbrellas for _ in range(6)]
    ada = make.delegate(last_year)
    with real_runtime(database_url) as now, ThreadPoolExecutor(2 * AT_ONCE) as pool:
        works = [pool.submit(do_due_work, now) for _ in range(AT_ONCE - 1)]
        acts = [pool.submit(make.evidence, now, each, ada) for each in (*lines, *umbrellas, top)]
        assert all(act.result().granted for act in acts)
        assert [report for work in works for report in work.result().failed] == []
        assert do_due_work(now).failed == ()
        assert states(now) == {"implemented": len(lines), "agreed": len(umbrellas) + 1}
        assert Counter(moves(now)).most_common(1)[0][1] == 2
        assert len(moves(now)) == 2 * len(lines) + len(umbrellas) + 1
        assert list(find_faults(now)) == []
