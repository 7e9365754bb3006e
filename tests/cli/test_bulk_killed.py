"""An apply that is killed between two chunks is run again, and does nothing twice."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from tests import make
from tests.processes import done, environment_as, real_runtime
from workflow.bootstrap import Runtime
from workflow.persistence.proposal_tables import Transition
from workflow.services.check import find_faults

ROWS = 40
ONE_A_CHUNK = (
    "import workflow.services.bulk as b; b.CHUNK = 1; from workflow.cli import main; main()"
)


def moves(runtime: Runtime) -> int:
    with runtime.uow.read() as tx:
        return tx.connection.scalar(select(func.count()).select_from(Transition)) or 0


def test_a_killed_apply_is_finished_by_running_it_again(database_url: str, tmp_path: Path) -> None:
    plan, report = tmp_path / "plan.jsonl", tmp_path / "report.csv"
    apply = ("bulk", "apply", str(plan), "--report", str(report), "--as", "secretary", "--json")
    with real_runtime(database_url) as runtime:
        env = environment_as(runtime, make.secretary(runtime))
        make.definition(runtime, agree={"by": ["secretariat"], "needs": {"field": "venue"}})
        for _ in range(ROWS):
            make.proposal(runtime, fields={"venue": "Tokyo"})
        chosen = ("--state", "proposed", "--step", "agree", "--as", "secretary")
        assert done(env, "bulk", "plan", *chosen, "--out", plan).returncode == 0

        cut = subprocess.Popen([sys.executable, "-c", ONE_A_CHUNK, *apply], env=env)
        while moves(runtime) < 3 and cut.poll() is None:
            time.sleep(0.005)
        cut.send_signal(signal.SIGKILL)
        cut.wait()
        before = moves(runtime)
        assert not report.exists()

        again = done(env, *apply)
        assert again.returncode == 0, again.stderr
        numbers = json.loads(again.stdout)
        assert (numbers["moved"], numbers["already_done"]) == (ROWS - before, before)
        assert moves(runtime) == ROWS
        assert list(find_faults(runtime)) == []
