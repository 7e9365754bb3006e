"""Taking a step by hand: on whose authority, with what, and never past the rules."""

from datetime import date

import pytest

from tests import make
from tests.services.test_sign import attempt, codes, ended, live, transitions
from workflow.bootstrap import Runtime
from workflow.domain.commands import Revise, StepLine, TakeStep
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Outcome
from workflow.services.revise import revise
from workflow.services.step import take_step


def take(runtime: Runtime, who: Caller, reference: str, step: str, **line: object) -> Outcome:
    order = TakeStep(step, (StepLine(reference, **line),))  # type: ignore[arg-type] # typed by each test
    return take_step(runtime, who, order)[0]


@pytest.fixture
def agreed(runtime: Runtime) -> str:
    fund = make.proposal(runtime)
    make.agreed(runtime, fund)
    return fund


def test_the_secretariat_cannot_stand_in_for_what_is_missing(runtime: Runtime, agreed: str) -> None:
    refused = take(runtime, make.secretary(runtime), agreed, "implement")
    assert codes(refused) == [Code.EVIDENCE_MISSING]
    assert refused.state == "agreed"


def test_the_secretariat_takes_a_step_that_has_all_it_needs(runtime: Runtime, agreed: str) -> None:
    make.evidence(runtime, agreed, make.delegate(runtime))
    make.verified(runtime, agreed, make.delegate(runtime, party="JP", role="verifier"))
    done = take(runtime, make.secretary(runtime), agreed, "implement")
    assert (done.state, done.taken) == ("implemented", ("implement",))
    assert transitions(runtime) == [("proposed", "agreed"), ("agreed", "implemented")]


def test_evidence_counts_only_when_another_party_verified_it(runtime: Runtime, agreed: str) -> None:
    make.evidence(runtime, agreed, make.delegate(runtime))
    secretary = make.secretary(runtime)
    assert codes(take(runtime, secretary, agreed, "implement")) == [Code.EVIDENCE_MISSING]
    make.verified(runtime, agreed, make.delegate(runtime, party="JP", role="verifier"))
    assert take(runtime, secretary, agreed, "implement").granted


def test_a_role_the_step_does_not_name_may_not_take_it(runtime: Runtime, agreed: str) -> None:
    minister = make.delegate(runtime, role="line_ministry")
    assert Code.MAY_NOT_TAKE_STEP in codes(take(runtime, minister, agreed, "implement"))


def test_a_step_is_taken_only_from_its_own_state(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    assert codes(take(runtime, make.secretary(runtime), fund, "implement")) == [Code.STEP_NOT_OPEN]
    assert codes(take(runtime, make.secretary(runtime), fund, "no-such")) == [Code.STEP_UNKNOWN]


def test_a_step_that_fires_by_itself_is_nobodys_to_take(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    refused = codes(take(runtime, make.secretary(runtime), fund, "agree"))
    assert refused == [Code.FIRES_BY_ITSELF, Code.SIGNOFFS_MISSING]


def test_a_row_that_changed_since_it_was_planned_is_refused(runtime: Runtime, agreed: str) -> None:
    refused = take(runtime, make.secretary(runtime), agreed, "implement", version=1)
    assert codes(refused) == [Code.CHANGED_MEANWHILE]


def test_return_voids_all_and_waits_for_a_new_revision(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    ada = make.delegate(runtime)
    attempt(runtime, ada, fund)
    envoy = make.delegate(runtime, role="foreign_ministry")
    make.approve(runtime, fund, envoy, step="return")
    assert codes(take(runtime, envoy, fund, "return")) == [Code.REASON_MISSING]
    done = take(runtime, envoy, fund, "return", reason="Article 3 is unclear.")
    assert done.state == "proposed"
    assert sorted(ended(runtime), key=str) == ["returned", "returned"]
    assert codes(attempt(runtime, ada, fund)) == [Code.REVISION_AWAITED]
    revise(runtime, make.secretary(runtime), Revise(fund, titles={"en": "Clearer"}))
    assert attempt(runtime, ada, fund).granted
    assert live(runtime, fund) == [("UZ", "approve")]


def test_the_text_is_fixed_once_agreed(runtime: Runtime, agreed: str) -> None:
    refused = revise(runtime, make.secretary(runtime), Revise(agreed, titles={"en": "New"}))
    assert codes(refused) == [Code.NOT_EDITABLE]
    venue = Revise(agreed, fields={"venue": "Tashkent"})
    assert revise(runtime, make.secretary(runtime), venue).granted


def test_the_same_key_takes_a_step_once(runtime: Runtime, agreed: str) -> None:
    make.evidence(runtime, agreed, make.delegate(runtime))
    make.verified(runtime, agreed, make.delegate(runtime, party="JP", role="verifier"))
    secretary = make.secretary(runtime)
    first = take(runtime, secretary, agreed, "implement", idempotency_key="once")
    again = take(runtime, secretary, agreed, "implement", idempotency_key="once")
    assert first == again
    assert transitions(runtime) == [("proposed", "agreed"), ("agreed", "implemented")]


def test_a_step_did_not_happen_tomorrow(runtime: Runtime, agreed: str) -> None:
    secretary, tomorrow = make.secretary(runtime), date(2026, 1, 7)
    refused = take(runtime, secretary, agreed, "implement", occurred_on=tomorrow)
    assert Code.DATE_IN_FUTURE in codes(refused)
