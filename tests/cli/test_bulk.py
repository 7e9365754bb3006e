"""`summit bulk`: a plan changes nothing, an apply does nothing twice."""

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests import make
from tests.cli.conftest import Type
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.persistence.proposal_tables import Proposal, Transition
from workflow.services.check import find_faults

HEADER = "reference,step,reason\n"


@pytest.fixture
def three(runtime: Runtime) -> list[str]:
    """Give three proposals that the secretariat can agree at once."""
    make.definition(runtime, agree={"by": ["secretariat"], "needs": {"field": "venue"}})
    return [make.proposal(runtime, fields={"venue": "Tokyo"}) for _ in range(3)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rows.csv"


@pytest.fixture
def plan(tmp_path: Path) -> str:
    return str(tmp_path / "plan.jsonl")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.csv"


def rows_of(report: Path) -> list[tuple[str, str, str]]:
    with report.open(encoding="utf-8", newline="") as text:
        return [(row["reference"], row["outcome"], row["reasons"]) for row in csv.DictReader(text)]


def moves(runtime: Runtime) -> int:
    with runtime.uow.read() as tx:
        return tx.connection.scalar(select(func.count()).select_from(Transition)) or 0


def test_a_plan_says_what_would_happen_and_changes_nothing(
    runtime: Runtime, typed_as: Type, clerk: Caller, three: list[str], file: Path, plan: str
) -> None:
    file.write_text(HEADER + "P-1,agree,\nP-9,agree,\nP-2,fly,\nP-3\nP-1,agree,\n,agree,\n")
    code, numbers = typed_as(clerk, "bulk", "plan", str(file), "--out", plan)
    assert (code, numbers) == (
        0,
        {
            "rows": 6,
            "will_change": 1,
            "refused": 5,
            "by_reason": {"not_found": 1, "row_malformed": 3, "step_unknown": 1},
        },
    )
    header, *lines = [json.loads(line) for line in Path(plan).read_text().splitlines()]
    assert {"version", "step", "created_at", "by", "rows", "sha256"} == set(header)
    assert [(each["line"], each["outcome"], each["reasons"]) for each in lines] == [
        (2, "granted", []),
        (3, "refused", ["not_found"]),
        (4, "refused", ["step_unknown"]),
        (5, "refused", ["row_malformed"]),
        (6, "refused", ["row_malformed"]),
        (7, "refused", ["row_malformed"]),
    ]
    assert moves(runtime) == 0
    assert len(three) == 3


def test_a_plan_is_carried_out_once_however_often_it_is_applied(
    runtime: Runtime, typed_as: Type, clerk: Caller, three: list[str], file: Path, plan: str,
    report: Path,
) -> None:  # fmt: skip
    file.write_text("reference\n" + "\n".join(three))
    typed_as(clerk, "bulk", "plan", str(file), "--step", "agree", "--out", plan)
    apply = ("bulk", "apply", plan, "--report", str(report))
    first, second = typed_as(clerk, *apply), typed_as(clerk, *apply)
    assert first[1] | {"moved": 3} == first[1]
    assert second[1] | {"moved": 0, "already_done": 3} == second[1]
    assert (first[0], second[0]) == (0, 0)
    assert rows_of(report) == [(each, "already_done", "") for each in three]
    assert moves(runtime) == 3
    assert list(find_faults(runtime)) == []


def test_a_row_that_changed_since_the_plan_is_told_and_left(
    runtime: Runtime, typed_as: Type, clerk: Caller, three: list[str], file: Path, plan: str,
    report: Path,
) -> None:  # fmt: skip
    file.write_text(HEADER + "".join(f"{each},agree,\n" for each in three))
    typed_as(clerk, "bulk", "plan", str(file), "--out", plan)
    make.evidence(runtime, three[1], make.delegate(runtime))
    code, numbers = typed_as(clerk, "bulk", "apply", plan, "--report", str(report))
    assert code == 1
    assert (numbers["moved"], numbers["drifted"], numbers["refused"]) == (2, 1, 0)
    assert rows_of(report)[1] == (three[1], "drifted", "changed_meanwhile")


def test_atomic_moves_all_or_none(
    runtime: Runtime, typed_as: Type, clerk: Caller, three: list[str], file: Path, plan: str,
    report: Path,
) -> None:  # fmt: skip
    file.write_text(HEADER + "".join(f"{each},agree,\n" for each in three))
    typed_as(clerk, "bulk", "plan", str(file), "--out", plan)
    make.evidence(runtime, three[1], make.delegate(runtime))
    code, numbers = typed_as(clerk, "bulk", "apply", plan, "--report", str(report), "--atomic")
    assert (code, numbers["moved"], numbers["undone"], moves(runtime)) == (1, 0, 2, 0)
    typed_as(clerk, "bulk", "plan", str(file), "--out", plan)
    code, numbers = typed_as(clerk, "bulk", "apply", plan, "--report", str(report), "--atomic")
    assert (code, numbers["moved"], moves(runtime)) == (0, 3, 3)


def test_atomic_does_nothing_while_the_plan_refuses_a_row(
    runtime: Runtime, typed_as: Type, clerk: Caller, three: list[str], file: Path, plan: str,
    report: Path,
) -> None:  # fmt: skip
    file.write_text(HEADER + f"{three[0]},agree,\nP-9,agree,\n")
    typed_as(clerk, "bulk", "plan", str(file), "--out", plan)
    code, numbers = typed_as(clerk, "bulk", "apply", plan, "--report", str(report), "--atomic")
    assert (code, numbers["moved"], moves(runtime)) == (1, 0, 0)


def test_a_choice_plans_every_proposal_the_caller_can_see(
    typed_as: Type, clerk: Caller, three: list[str], plan: str
) -> None:
    chosen = ("--kind", make.KIND, "--state", "proposed", "--step", "agree")
    code, numbers = typed_as(clerk, "bulk", "plan", *chosen, "--out", plan)
    assert (code, numbers["will_change"]) == (0, len(three))


def test_a_plan_that_was_changed_is_refused(
    runtime: Runtime, typed_as: Type, clerk: Caller, three: list[str], file: Path, plan: str,
    report: Path,
) -> None:  # fmt: skip
    file.write_text(HEADER + f"{three[0]},agree,\n")
    typed_as(clerk, "bulk", "plan", str(file), "--out", plan)
    Path(plan).write_text(Path(plan).read_text().replace(three[0], three[1]))
    code, answer = typed_as(clerk, "bulk", "apply", plan, "--report", str(report))
    assert code == 1
    assert "changed after it was made" in answer["reasons"][0]["text"]
    assert (moves(runtime), report.exists()) == (0, False)


def test_whoever_applies_needs_the_authority_themselves(
    runtime: Runtime, typed_as: Type, clerk: Caller, three: list[str], file: Path, plan: str,
    report: Path,
) -> None:  # fmt: skip
    file.write_text(HEADER + f"{three[0]},agree,\n")
    typed_as(clerk, "bulk", "plan", str(file), "--out", plan)
    other = make.delegate(runtime)
    code, numbers = typed_as(other, "bulk", "apply", plan, "--report", str(report))
    assert (code, numbers["moved"], numbers["refused"]) == (1, 0, 1)
    assert rows_of(report) == [(three[0], "refused", "may_not_take_step")]


def test_an_idempotency_key_moves_a_proposal_once_across_plans(
    runtime: Runtime, typed_as: Type, clerk: Caller, three: list[str], file: Path, plan: str,
    report: Path,
) -> None:  # fmt: skip
    file.write_text(f"reference,step,idempotency_key\n{three[0]},agree,k1\n")
    typed_as(clerk, "bulk", "plan", str(file), "--out", plan)
    typed_as(clerk, "bulk", "apply", plan, "--report", str(report))
    file.write_text(f"reference,step,idempotency_key\n{three[1]},agree,k1\n")
    typed_as(clerk, "bulk", "plan", str(file), "--out", plan)
    code, numbers = typed_as(clerk, "bulk", "apply", plan, "--report", str(report))
    assert (code, numbers["moved"], moves(runtime)) == (1, 0, 1)
    assert rows_of(report) == [(three[1], "refused", "key_reused")]


@pytest.mark.parametrize(
    "words",
    [
        ("bulk", "plan", "--out", "x"),
        ("bulk", "plan", "--kind", "forum", "--out", "x"),
        ("bulk", "plan", "/nowhere.csv", "--out", "x"),
        ("bulk", "apply", "/nowhere.jsonl", "--report", "x"),
    ],
)
def test_wrong_use_is_told_with_code_2(
    typed_as: Type, clerk: Caller, words: tuple[str, ...]
) -> None:
    assert typed_as(clerk, *words)[0] == 2


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a;b\n", b'reference,step\n"', b"%PDF-1.7"])
def test_a_file_that_is_no_table_is_refused_with_a_sentence(
    typed_as: Type, clerk: Caller, file: Path, plan: str, content: bytes
) -> None:
    file.write_bytes(content)
    code, answer = typed_as(clerk, "bulk", "plan", str(file), "--out", plan)
    assert (code, answer["outcome"]) == (1, "refused")
    assert all(each["text"] for each in answer["reasons"])
    assert not Path(plan).exists()


def test_states_follow_the_report(
    runtime: Runtime, typed_as: Type, clerk: Caller, three: list[str], file: Path, plan: str,
    report: Path,
) -> None:  # fmt: skip
    file.write_text(HEADER + f"{three[0]},agree,\n{three[1]},implement,\n")
    typed_as(clerk, "bulk", "plan", str(file), "--out", plan)
    typed_as(clerk, "bulk", "apply", plan, "--report", str(report))
    with runtime.uow.read() as tx:
        rows = tx.connection.execute(select(Proposal.reference, Proposal.state))
        found = {row.reference: row.state for row in rows}
    assert found == {three[0]: "agreed", three[1]: "proposed", three[2]: "proposed"}
