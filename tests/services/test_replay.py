"""Other rules over the recorded past: the decisions that would have been others."""

from typing import Any

from tests import make
from tests.fakes import FakeClock
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision
from workflow.domain.definition import Definition
from workflow.domain.verdicts import Code
from workflow.services.replay import replay
from workflow.services.replaying import Difference

LEGAL = {"signoffs": {"each": ["lead", "member"], "role": "legal_service"}}
MINISTRIES = {"signoffs": {"each": ["lead", "member"], "role": "line_ministry"}}


def differences(runtime: Runtime, **steps: Any) -> list[Difference]:  # noqa: ANN401 - rules
    return list(replay(runtime, Definition.from_mapping(make.rules(make.KIND, **steps))))


def agreed(runtime: Runtime) -> str:
    reference = make.proposal(runtime)
    make.agreed(runtime, reference)
    return reference


def test_the_rules_that_were_in_force_would_have_decided_alike(runtime: Runtime) -> None:
    reference = agreed(runtime)
    make.evidence(runtime, reference, make.delegate(runtime, party="UZ"))
    make.verified(runtime, reference, make.delegate(runtime, party="JP", role="verifier"))
    make.step(runtime, reference, "implement", make.secretary(runtime))
    assert differences(runtime) == []


def test_a_step_that_lacks_what_new_rules_ask_for_is_listed_with_the_reasons(
    runtime: Runtime,
) -> None:
    agreed(runtime)
    (found,) = differences(runtime, agree={"needs": {"all": [MINISTRIES, LEGAL]}})
    assert (found.act, found.step, [each.code for each in found.reasons]) == (
        "step", "agree", [Code.SIGNOFFS_MISSING],
    )  # fmt: skip


def test_a_sign_off_that_new_rules_do_not_ask_for_is_listed(runtime: Runtime) -> None:
    reference = make.proposal(runtime)
    make.approve(runtime, reference, make.delegate(runtime, party="UZ"))
    (found,) = differences(runtime, agree={"needs": LEGAL})
    assert (found.act, [each.code for each in found.reasons]) == ("sign", [Code.SEAT_UNKNOWN])


def test_a_step_that_new_rules_would_have_taken_earlier_is_listed_once(runtime: Runtime) -> None:
    agreed(runtime)
    half = {"signoffs": {**MINISTRIES["signoffs"], "at_least": 1}}
    (found,) = differences(runtime, agree={"needs": half})
    assert (found.act, found.step, found.to) == ("by-itself", "agree", "agreed")


def test_a_silence_of_new_rules_would_have_ended_between_two_acts(
    runtime: Runtime, clock: FakeClock
) -> None:
    reference = make.proposal(runtime)
    clock.advance(days=20)
    make.decide(runtime, reference, make.delegate(runtime, party="UZ"), Decision.OBJECT, note="No.")
    silence = {
        "silence": {
            "of": ["lead", "member"], "role": "line_ministry", "days": 14, "place": "Asia/Tokyo",
        }
    }  # fmt: skip
    found = differences(runtime, agree={"needs": silence})
    assert [each.act for each in found] == ["by-itself"]
