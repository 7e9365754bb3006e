"""`summit bulk sign`: each line goes the way of a single sign-off, and a file signs once."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests import make
from tests.cli.conftest import Type
from tests.processes import done, environment_as, real_runtime
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.proposal_tables import SignOff
from workflow.services.check import find_faults

ONE_A_CHUNK = (
    "import workflow.services.bulk_sign as b; b.CHUNK = 1; from workflow.cli import main; main()"
)
ROWS = 30
SEAT = ("--step", "agree", "--party", "UZ", "--role", "line_ministry")
RULES = {"needs": {"signoffs": {"each": ["lead", "member"], "role": "line_ministry"}}}


@pytest.fixture
def ada(runtime: Runtime) -> Caller:
    """Give a line ministry's official, and three proposals that wait for it."""
    make.definition(runtime, agree=RULES | {"by": ["secretariat"]})
    for _ in range(3):
        make.proposal(runtime)
    return make.delegate(runtime)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rows.csv"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.csv"


def told(report: Path) -> list[tuple[str, str, str, str]]:
    with report.open(encoding="utf-8", newline="") as text:
        return [
            (row["line"], row["reference"], row["outcome"], row["reasons"])
            for row in csv.DictReader(text)
        ]


def decisions(runtime: Runtime) -> list[tuple[str, str | None]]:
    with runtime.uow.read() as tx:
        rows = tx.connection.execute(select(SignOff.decision, SignOff.note).order_by(SignOff.id))
        return [(decision, note) for decision, note in rows]


def signs(runtime: Runtime) -> int:
    with runtime.uow.read() as tx:
        statement = select(func.count()).select_from(AuditEntry).where(AuditEntry.kind == "sign")
        return tx.connection.scalar(statement) or 0


def test_a_file_signs_each_line_by_the_rules_and_tells_each(
    runtime: Runtime, typed_as: Type, ada: Caller, file: Path, report: Path
) -> None:
    file.write_text("reference\nP-1\nP-9\nP-2\nP-1\n")
    code, numbers = typed_as(ada, "bulk", "sign", str(file), *SEAT, "--report", str(report))
    assert (code, numbers) == (1, {"signed": 2, "refused": 2, "already_done": 0})
    assert told(report) == [
        ("2", "P-1", "signed", ""),
        ("3", "P-9", "refused", "not_found"),
        ("4", "P-2", "signed", ""),
        ("5", "P-1", "refused", "row_malformed"),
    ]
    assert decisions(runtime) == [("approve", None), ("approve", None)]
    assert list(find_faults(runtime)) == []


def test_lines_may_differ_in_everything(
    runtime: Runtime, typed_as: Type, ada: Caller, file: Path, report: Path
) -> None:
    file.write_text(
        "reference,step,party,role,decision,note,revision\n"
        "P-1,agree,UZ,line_ministry,approve,,1\n"
        "P-2,agree,UZ,line_ministry,reserve,subject to funds,\n"
        "P-3,agree,UZ,line_ministry,object,,\n"
        "P-3,agree,JP,line_ministry,approve,,\n"
        "P-3,agree,UZ,line_ministry,shout,,\n"
        "P-3,agree,UZ,line_ministry,approve,,two\n"
    )
    code, numbers = typed_as(ada, "bulk", "sign", str(file), "--report", str(report))
    assert (code, numbers) == (1, {"signed": 2, "refused": 4, "already_done": 0})
    assert [line[-1] for line in told(report)] == [
        "", "", "note_missing", "no_mandate", "row_malformed", "row_malformed",
    ]  # fmt: skip
    assert decisions(runtime) == [("approve", None), ("reserve", "subject to funds")]


def test_the_same_file_signs_once_however_often_it_is_given(
    runtime: Runtime, typed_as: Type, ada: Caller, file: Path, report: Path
) -> None:
    file.write_text("reference\nP-1\nP-2\nP-3\n")
    sign = ("bulk", "sign", str(file), *SEAT, "--report", str(report))
    first, second = typed_as(ada, *sign), typed_as(ada, *sign)
    assert first == (0, {"signed": 3, "refused": 0, "already_done": 0})
    assert second == (0, {"signed": 0, "refused": 0, "already_done": 3})
    assert signs(runtime) == len(decisions(runtime)) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [("", "empty"), ("name\nP-1\n", "column name"), ('reference\n"P-1', "quote")],
)
def test_a_file_that_cannot_be_relied_on_signs_nothing(
    runtime: Runtime, typed_as: Type, ada: Caller, file: Path, report: Path, content: str,
    reason: str,
) -> None:  # fmt: skip
    file.write_text(content)
    code, document = typed_as(ada, "bulk", "sign", str(file), *SEAT, "--report", str(report))
    assert code == 1
    assert reason in document["reasons"][0]["text"]
    assert decisions(runtime) == []
    assert not report.exists()


def test_a_killed_signing_is_finished_by_running_it_again(
    database_url: str, tmp_path: Path
) -> None:
    rows, report = tmp_path / "rows.csv", tmp_path / "report.csv"
    with real_runtime(database_url) as runtime:
        make.definition(runtime, agree=RULES | {"by": ["secretariat"]})
        references = [make.proposal(runtime) for _ in range(ROWS)]
        ada = make.delegate(runtime)
        env = environment_as(runtime, ada)
        rows.write_text("reference\n" + "\n".join(references) + "\n")
        sign = (
            "bulk", "sign", str(rows), *SEAT, "--report", str(report), "--as", ada.login, "--json",
        )  # fmt: skip
        cut = subprocess.Popen([sys.executable, "-c", ONE_A_CHUNK, *sign], env=env)
        while signs(runtime) < 3 and cut.poll() is None:
            time.sleep(0.005)
        cut.send_signal(signal.SIGKILL)
        cut.wait()
        before = signs(runtime)

        again = done(env, *sign)
        assert again.returncode == 0, again.stderr
        numbers = json.loads(again.stdout)
        assert (numbers["signed"], numbers["already_done"]) == (ROWS - before, before)
        assert signs(runtime) == ROWS
        assert list(find_faults(runtime)) == []
