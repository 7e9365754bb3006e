"""Tests that the factories make the world that HOUSE.md's example of a test needs."""

from tests import make
from workflow.domain.commands import Sign
from workflow.domain.verdicts import Code, refuse
from workflow.services.runtime import Runtime
from workflow.services.sign import sign


def test_a_proposer_may_not_sign_their_own_proposal(runtime: Runtime) -> None:
    ada = make.delegate(runtime)
    fund = make.proposal(runtime, by=ada)
    (outcome,) = sign(runtime, ada, Sign((fund,), "agree", "UZ", "line_ministry"))
    assert outcome.reasons == (
        refuse(Code.PROPOSER_MAY_NOT_SIGN),
        refuse(Code.LAST_EDITOR_MAY_NOT_SIGN),
    )


def test_both_ministries_make_a_proposal_agreed(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    make.approve(runtime, fund, make.delegate(runtime, party="UZ"))
    outcome = make.approve(runtime, fund, make.delegate(runtime, party="JP"))
    assert outcome.state == "agreed"


def test_evidence_and_the_secretariat_implement(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    make.agreed(runtime, fund)
    make.evidence(runtime, fund, make.delegate(runtime, party="UZ"))
    make.verified(runtime, fund, make.delegate(runtime, party="JP", role="verifier"))
    outcome = make.step(runtime, fund, "implement", make.secretary(runtime))
    assert outcome.state == "implemented"
