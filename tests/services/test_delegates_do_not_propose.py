"""A mandate that is lent lets somebody sign, not put forward: the holder could sign that."""

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.commands import AddEvidence, Propose, Revise
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Outcome
from workflow.services.delegation import Delegate, delegate
from workflow.services.evidence import add_evidence
from workflow.services.people import Done
from workflow.services.propose import propose
from workflow.services.revise import revise


def delegate_alone(runtime: Runtime) -> Caller:
    """Give an auditor of UZ who acts for its line ministry by delegation."""
    holder = make.delegate(runtime, "ada")
    auditor = make.delegate(runtime, "olim", role="auditor")
    order = Delegate(to="olim", party="UZ", role="line_ministry", ends="2026-01-31")
    assert isinstance(delegate(runtime, holder, order), Done)
    return auditor


def why(outcome: Outcome) -> tuple[Code, ...]:
    return tuple(each.code for each in outcome.reasons)


def test_a_delegate_does_not_propose_for_the_holder(runtime: Runtime) -> None:
    make.proposal(runtime)
    order = Propose(
        reference="P-9", kind=make.KIND, summit=make.SUMMIT, titles={"en": "Ours"},
        parties=(("UZ", "lead"), ("JP", "member")),
    )  # fmt: skip
    assert why(propose(runtime, delegate_alone(runtime), order)) == (Code.NO_MANDATE,)


def test_a_delegate_does_not_edit_for_the_holder(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    order = Revise(fund, titles={"en": "Better words"})
    assert why(revise(runtime, delegate_alone(runtime), order)) == (Code.NO_MANDATE,)


def test_a_delegate_does_not_supply_documents_for_the_holder(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    order = AddEvidence(
        fund, "meeting_report", "Report", runtime.clock().date(), "UZ",
        link="https://example.org/report",
    )  # fmt: skip
    assert why(add_evidence(runtime, delegate_alone(runtime), order)) == (Code.NO_MANDATE,)
