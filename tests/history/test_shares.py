"""A file is taken in by shares; where it is cut, and how often, makes no difference."""

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import make
from tests.history import past
from tests.history.conftest import Import
from tests.processes import done, environment_as, real_runtime
from workflow.bootstrap import Runtime
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.installation_tables import InstallationFact
from workflow.persistence.proposal_tables import Proposal, SignOff, Transition
from workflow.persistence.unit_of_work import BusyError
from workflow.services import history
from workflow.services.check import find_faults

TWO = {"NO": "lead", "SE": "member"}
PERSON = {"act": "person", "login": "o.nord", "name": "O. Nord", "at": past.at("1990-02-01")}
OFFICE = {"login": "o.nord", "party": "NO", "role": "line_ministry"}
GRANTED = {"act": "grant", **OFFICE, "at": past.at("1990-02-02")}
REVOKED = {"act": "revoke", **OFFICE, "at": past.at("1991-02-15")}
BY_PERSON = {"login": "o.nord"}

ACTS = [
    *past.parties("NO", "SE"),
    *past.parties("NO"),
    PERSON,
    GRANTED,
    GRANTED,
    past.propose(TWO),
    past.propose(TWO, "X-2", fields={"venue": "Oslo"}),
    past.sign("NO", "1991-02-01", **BY_PERSON),
    past.sign("NO", "1991-02-01", reference="X-2", **BY_PERSON),
    past.revise("1991-02-02", "X-2", title={"en": "Another"}),
    past.revise("1991-02-03", "X-2", fields={"venue": "Bergen"}),
    past.sign("SE", "1991-02-04"),
    past.step("agree", "1991-02-04", to="agreed"),
    past.step("agree", "1991-02-04", to="agreed"),
    REVOKED,
    past.sign("NO", "1991-03-01", reference="X-2", **BY_PERSON),
    past.sign("SE", "1991-03-02", "object", "X-2"),
    past.sign("SE", "1991-03-03", "lift", "X-2"),
    past.sign("NO", "1991-01-01", reference="X-2"),
    past.sign("NO", "1991-03-04", reference="X-3"),
    past.step("leap", "1991-04-01", "X-2", to="implemented"),
    past.propose(TWO, "X-4", day="1991-03-31"),
    past.sign("NO", "1991-05-01", reference="X-4"),
]
OUTCOMES = ["recorded"] * 14 + ["irregular", "recorded", "irregular", "recorded", "recorded",
            "irregular", "refused", "irregular", "irregular", "recorded"]  # fmt: skip


def standing(runtime: Runtime) -> list[list[Any]]:
    """Read what the import has made, without the order that numbers were given in."""
    with runtime.uow.read() as tx:
        proposals = select(
            Proposal.reference, Proposal.state, Proposal.round, Proposal.revision,
            Proposal.version, Proposal.standing,
        )  # fmt: skip
        signed = select(SignOff.party, SignOff.decision, SignOff.ended_because, SignOff.revision)
        moves = select(Transition.step, Transition.to_state, Transition.version)
        return [
            sorted(tx.connection.execute(each).all(), key=str)
            for each in (proposals, signed, moves)
        ]


@pytest.mark.parametrize("share", [1, 2, 5, 1_000])
def test_the_size_of_shares_makes_no_difference(
    runtime: Runtime, imported: Import, monkeypatch: pytest.MonkeyPatch, share: int
) -> None:
    make.definition(runtime)
    monkeypatch.setattr(history, "CHUNK", share)
    told = imported(*ACTS)
    assert [outcome for outcome, _ in told] == OUTCOMES
    proposals, signed, moves = standing(runtime)
    assert [tuple(each)[:4] for each in proposals] == [
        ("X-1", "agreed", 2, 1), ("X-2", "implemented", 2, 2), ("X-4", "proposed", 1, 1),
    ]  # fmt: skip
    assert [tuple(each)[:2] for each in moves] == [("agree", "agreed"), ("leap", "implemented")]
    assert len(signed) == 5
    assert list(find_faults(runtime)) == []
    assert imported(*ACTS) == told
    assert standing(runtime) == [proposals, signed, moves]


def test_a_run_that_was_cut_off_goes_on_where_it_ended(
    runtime: Runtime, imported: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.definition(runtime)
    monkeypatch.setattr(history, "CHUNK", 4)
    content = "\n".join(map(json.dumps, ACTS)).encode()
    taken = 0

    def cut_off(shares: object, _number: int) -> object:
        nonlocal taken
        for share in shares:  # type: ignore[attr-defined] # an iterable of shares
            if taken == 3:
                raise KeyboardInterrupt
            taken += 1
            yield share

    with pytest.raises(KeyboardInterrupt):
        history.import_history(
            runtime, make.secretary(runtime), io.BytesIO(content), watch=cut_off  # type: ignore[arg-type] # as above
        )  # fmt: skip
    with runtime.uow.read() as tx:
        assert tx.connection.scalar(select(func.count()).select_from(InstallationFact)) == 1
    assert [outcome for outcome, _ in imported(*ACTS)] == OUTCOMES
    with runtime.uow.read() as tx:
        assert tx.connection.scalar(select(func.count()).select_from(InstallationFact)) == 0
    assert list(find_faults(runtime)) == []


def test_one_file_is_not_taken_in_twice_at_a_time(runtime: Runtime, imported: Import) -> None:
    make.definition(runtime)
    content = "\n".join(map(json.dumps, ACTS)).encode()

    def meanwhile(shares: object, _number: int) -> object:
        imported(*ACTS)
        yield from shares  # type: ignore[misc] # an iterable of shares

    with pytest.raises(BusyError):
        history.import_history(
            runtime, make.secretary(runtime), io.BytesIO(content), watch=meanwhile  # type: ignore[arg-type] # as above
        )  # fmt: skip
    assert list(find_faults(runtime)) == []


def test_a_killed_import_is_finished_by_running_it_again(database_url: str, tmp_path: Path) -> None:
    file, report = tmp_path / "past.jsonl", tmp_path / "report.csv"
    many = [past.propose(TWO, f"Y-{number}") for number in range(40)]
    file.write_text("\n".join(map(json.dumps, [*past.parties("NO", "SE"), *many])))
    asked = ("history", "import", str(file), "--report", str(report), "--as", "secretary", "--json")
    one_a_share = (
        "import workflow.services.history as h; h.CHUNK = 1; from workflow.cli import main; main()"
    )
    with real_runtime(database_url) as runtime:
        env = environment_as(runtime, make.secretary(runtime))
        make.definition(runtime)
        cut = subprocess.Popen([sys.executable, "-c", one_a_share, *asked], env=env)
        while entries(runtime) < 6 and cut.poll() is None:
            time.sleep(0.005)
        cut.send_signal(signal.SIGKILL)
        cut.wait()
        assert entries(runtime) < 40
        assert not report.exists()

        again = done(env, *asked)
        assert again.returncode == 0, again.stderr
        assert json.loads(again.stdout) == {
            "acts": 42, "recorded": 42, "irregular": 0, "refused": 0,
        }  # fmt: skip
        assert entries(runtime) == 40
        assert len(report.read_text().splitlines()) == 43
        assert list(find_faults(runtime)) == []


def entries(runtime: Runtime) -> int:
    with runtime.uow.read() as tx:
        made = select(func.count()).where(AuditEntry.kind == "propose")
        return tx.connection.scalar(made) or 0
