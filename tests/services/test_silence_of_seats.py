"""A silence is broken from the seats it asks, before their stage and before their deadline."""

from typing import Any

import pytest

from tests import make
from tests.fakes import FakeClock
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, Sign
from workflow.domain.identity import OPERATOR, Caller
from workflow.domain.verdicts import Code, Outcome
from workflow.queries.proposal import ProposalPage, proposal_page
from workflow.services.check import find_faults
from workflow.services.due import do_due_work
from workflow.services.sign import sign

BLOCKING = {"from": ["lead", "member"], "block_at": 1}
HEADS, MINISTRIES = "head_of_delegation", "line_ministry"


def of_all(role: str, **others: Any) -> dict[str, Any]:  # noqa: ANN401 - a rule's own keys
    """Ask every party's holder of a role to sign."""
    return {"signoffs": {"each": ["lead", "member"], "role": role, **others}}


def silence(role: str, *of: str) -> dict[str, Any]:
    """Let a week pass in Tokyo, in which these may object."""
    asked = {"of": list(of) or ["lead", "member"], "role": role}
    return {"silence": asked | {"days": 7, "place": "Asia/Tokyo"}}


def agreeing(**needs: Any) -> dict[str, Any]:  # noqa: ANN401 - a rule
    """Give a step that fires by itself and that one objection stops."""
    return {"fires": "by-itself", "bars": [], "objections": BLOCKING, "needs": needs}


def signed(
    runtime: Runtime, by: Caller, fund: str, role: str, party: str = "UZ",
    decision: Decision = Decision.APPROVE,
) -> Outcome:  # fmt: skip
    """Sign, whatever becomes of it."""
    (outcome,) = sign(runtime, by, Sign((fund,), "agree", party, role, decision, "Why not."))
    return outcome


def why(outcome: Outcome) -> tuple[Code, ...]:
    """Give the codes of a refusal."""
    return tuple(each.code for each in outcome.reasons)


def page(runtime: Runtime, fund: str) -> ProposalPage:
    """Give the proposal's page, as the operator sees it."""
    with runtime.uow.read() as tx:
        found = proposal_page(tx, OPERATOR, fund)
    assert found is not None
    return found


def test_a_silence_can_be_broken_before_its_stage_is_reached(
    runtime: Runtime, clock: FakeClock
) -> None:
    stages = [
        {"stage": "ministries", **of_all(MINISTRIES)},
        {"stage": "heads", **silence(HEADS)},
    ]
    make.definition(runtime, agree=agreeing(all=stages))
    fund = make.proposal(runtime)
    head = make.delegate(runtime, "jo", "JP", HEADS)
    assert signed(runtime, head, fund, HEADS, "JP", Decision.OBJECT).granted
    clock.advance(days=30)
    do_due_work(runtime)
    make.agreed(runtime, fund)
    assert page(runtime, fund).state == "proposed"
    assert signed(runtime, head, fund, HEADS, "JP", Decision.LIFT).granted
    assert page(runtime, fund).state == "agreed"
    assert list(find_faults(runtime)) == []


def test_an_objection_is_late_only_from_a_seat_whose_silence_is_over(
    runtime: Runtime, clock: FakeClock
) -> None:
    stages = [
        {"stage": "ministries", **silence(MINISTRIES)},
        {"stage": "heads", **of_all(HEADS, at_least=1)},
    ]
    make.definition(runtime, agree=agreeing(all=stages))
    fund = make.proposal(runtime)
    clock.advance(days=30)
    head = make.delegate(runtime, "jo", "JP", HEADS)
    assert signed(runtime, head, fund, HEADS, "JP", Decision.OBJECT).granted
    assert signed(runtime, make.delegate(runtime, "ada", role=HEADS), fund, HEADS).granted
    assert page(runtime, fund).state == "proposed"
    assert list(find_faults(runtime)) == []


@pytest.mark.parametrize(
    "needs",
    [
        silence(HEADS, "contributor"),
        {"any": [of_all(MINISTRIES), silence(HEADS, "contributor")]},
    ],
)
def test_the_silence_of_nobody_is_no_consent(
    runtime: Runtime, clock: FakeClock, needs: dict[str, Any]
) -> None:
    make.definition(runtime, agree=agreeing(**needs))
    fund = make.proposal(runtime)
    clock.advance(days=30)
    do_due_work(runtime)
    assert page(runtime, fund).state == "proposed"
    assert list(find_faults(runtime)) == []
