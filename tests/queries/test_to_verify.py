"""Tests that a verifier is told of exactly the documents that the rules let them verify."""

import pytest

from tests import make
from workflow.domain.commands import VerifyEvidence
from workflow.domain.identity import JOINT_SECRETARIAT, Caller
from workflow.queries.paging import BadCursorError
from workflow.queries.to_verify import to_verify
from workflow.services.evidence import verify_evidence
from workflow.services.runtime import Runtime


def waiting(
    runtime: Runtime, who: Caller, after: str | None = None, limit: int = 25
) -> tuple[list[tuple[str, int]], str | None]:
    """Give the documents that wait for somebody, and the cursor."""
    with runtime.uow.read() as tx:
        found, more = to_verify(tx, make.viewer(tx, who), after, limit)
    return [(each.reference, each.number) for each in found], more


def test_a_verifier_sees_what_another_party_supplied(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime, "ada")
    make.evidence(runtime, fund, ada)
    assert waiting(runtime, make.delegate(runtime, party="JP", role="verifier"))[0] == [(fund, 1)]
    desk = make.delegate(runtime, party=JOINT_SECRETARIAT, role="secretariat")
    secretariat = make.mandate(runtime, desk, JOINT_SECRETARIAT, "verifier")
    assert waiting(runtime, secretariat)[0] == [(fund, 1)]
    for party, role in (("UZ", "verifier"), ("KZ", "verifier"), ("JP", "line_ministry")):
        assert waiting(runtime, make.delegate(runtime, party=party, role=role))[0] == []


def test_the_list_and_the_act_agree(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime, "ada")
    make.evidence(runtime, fund, ada)
    make.mandate(runtime, ada, "JP", "verifier")
    others = [make.delegate(runtime, party=party, role="verifier") for party in ("UZ", "KZ", "JP")]
    for number, who in enumerate((ada, *others)):
        listed = bool(waiting(runtime, who)[0])
        order = VerifyEvidence(fund, 1, "JP", idempotency_key=f"k{number}")
        assert verify_evidence(runtime, who, order).granted == listed


def test_pages_follow_each_other(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime, "ada")
    for _ in range(3):
        make.evidence(runtime, fund, ada)
    who = make.delegate(runtime, party="JP", role="verifier")
    first, cursor = waiting(runtime, who, limit=2)
    assert (first, waiting(runtime, who, cursor, 2)) == (
        [(fund, 1), (fund, 2)], ([(fund, 3)], None),
    )  # fmt: skip
    with pytest.raises(BadCursorError):
        waiting(runtime, who, "nonsense")
