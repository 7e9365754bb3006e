"""The check compares what is kept with what was logged, whoever changed it since."""

import pytest
from sqlalchemy import update

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision
from workflow.persistence.proposal_tables import SignOff
from workflow.services.check import find_faults


@pytest.fixture
def fund(runtime: Runtime) -> str:
    """Make a proposal with sign-offs that are live, replaced, withdrawn and spent."""
    busy, done = make.proposal(runtime), make.proposal(runtime)
    ada, jun = make.delegate(runtime), make.delegate(runtime, party="JP")
    make.object_to(runtime, busy, ada)
    make.approve(runtime, busy, ada)
    make.approve(runtime, busy, jun)
    make.agreed(runtime, done)
    other = make.proposal(runtime)
    make.approve(runtime, other, ada)
    make.decide(runtime, other, ada, Decision.WITHDRAW)
    make.object_to(runtime, other, jun)
    return other


def test_what_was_done_by_the_rules_has_no_fault(runtime: Runtime, fund: str) -> None:
    assert fund
    assert list(find_faults(runtime)) == []


@pytest.mark.parametrize(
    "edit",
    [
        {"decision": "approve"},
        {"person_id": 1},
        {"step": "implement"},
        {"party": "UZ"},
        {"role": "line_ministry.other"},
        {"round": 9},
        {"revision": 9},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_a_sign_off_that_was_edited_is_named(
    runtime: Runtime, fund: str, edit: dict[str, object]
) -> None:
    with runtime.uow.write() as tx:
        live_objection = (SignOff.decision == "object") & SignOff.ended_at.is_(None)
        tx.connection.execute(update(SignOff).where(live_objection).values(**edit))
    assert any(fault.startswith(f"{fund}: ") for fault in find_faults(runtime))
