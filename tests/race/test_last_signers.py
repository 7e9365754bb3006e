"""Two officials sign the last two seats at the same moment: the step is taken exactly once."""

import json

import pytest
from sqlalchemy import select

from tests import make
from tests.processes import environment_as, real_runtime, started
from workflow.persistence.proposal_tables import Proposal, Transition
from workflow.services.check import find_faults

ROUNDS = 3


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_last_two_signers_make_one_transition(database_url: str, number: int) -> None:
    with real_runtime(database_url) as runtime:
        signers = [make.delegate(runtime, f"signer.{code.lower()}", code) for code in ("UZ", "JP")]
        fund = make.proposal(runtime)
        processes = [
            started(
                environment_as(runtime, who), "sign", fund, "agree", "--party", code,
                "--role", "line_ministry", "--as", who.login, "--json",
            )
            for who, code in zip(signers, ("UZ", "JP"), strict=True)
        ]  # fmt: skip
        said = [process.communicate() for process in processes]
        answers = [json.loads(out) for out, _ in said]
        assert [process.returncode for process in processes] == [0, 0], (number, said)
        with runtime.uow.read() as tx:
            moved = tx.connection.execute(select(Transition.step, Transition.to_state)).all()
            state = tx.connection.scalar(select(Proposal.state))
        assert [tuple(row) for row in moved] == [("agree", "agreed")]
        assert state == "agreed"
        assert sorted(answer["state"] for answer in answers) == ["agreed", "proposed"]
        assert list(find_faults(runtime)) == []
