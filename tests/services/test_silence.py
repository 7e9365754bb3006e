"""Silence procedures: adopted unless somebody objects in time, in the days of a named place."""

from typing import Any

import pytest

from tests import make
from tests.fakes import FakeClock
from tests.services.life import events, lacking, live, state, try_to_sign, try_to_take, utc
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, Money, Revise
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code
from workflow.services.check import find_faults
from workflow.services.due import do_due_work
from workflow.services.revise import revise

SEAT = ("JP", "foreign_ministry")
LAST_MOMENT, OVER = utc("2026-01-19", "14:59"), utc("2026-01-19", "15:00")
"""Fourteen days after 5 January: 19 January ends in Tokyo at 15:00 UTC."""


def silence(**others: Any) -> dict[str, Any]:  # noqa: ANN401 - of the rule
    asked = {"of": ["lead", "member"], "role": "foreign_ministry", "days": 14,
             "place": "Asia/Tokyo"}  # fmt: skip
    return {"silence": asked | others}


@pytest.fixture
def diplomat(runtime: Runtime) -> Caller:
    return make.delegate(runtime, "jun", *SEAT)


@pytest.fixture
def fund(runtime: Runtime) -> str:
    """Give a proposal whose adoption the secretariat announces once nobody has objected."""
    make.definition(runtime, agree={"by": ["secretariat"], "needs": silence()})
    return make.proposal(runtime)


def objects(runtime: Runtime, fund: str, by: Caller) -> None:
    assert not try_to_sign(runtime, fund, by, SEAT, Decision.OBJECT, note="We cannot agree.")


def test_nothing_is_adopted_while_the_silence_runs(
    runtime: Runtime, clock: FakeClock, fund: str
) -> None:
    clock.set(LAST_MOMENT)
    assert lacking(runtime, fund) == [Code.SILENCE_RUNS]
    assert try_to_take(runtime, fund, "agree", make.secretary(runtime)) == [Code.SILENCE_RUNS]


def test_one_late_objection_is_recorded_and_changes_nothing(
    runtime: Runtime, clock: FakeClock, fund: str, diplomat: Caller
) -> None:
    clock.set(OVER)
    objects(runtime, fund, diplomat)
    assert live(runtime, fund) == [("JP", "object", False)]
    assert lacking(runtime, fund) == []
    assert try_to_take(runtime, fund, "agree", make.secretary(runtime)) == []
    assert state(runtime, fund) == "agreed"
    assert list(find_faults(runtime)) == []


def test_the_same_objection_in_time_blocks_and_goes_on_blocking(
    runtime: Runtime, clock: FakeClock, fund: str, diplomat: Caller
) -> None:
    clock.set(LAST_MOMENT)
    objects(runtime, fund, diplomat)
    assert live(runtime, fund) == [("JP", "object", True)]
    clock.set(OVER)
    assert lacking(runtime, fund) == [Code.OBJECTED]
    assert state(runtime, fund) == "proposed"


def test_an_objection_in_time_that_is_lifted_late_blocks_no_more(
    runtime: Runtime, clock: FakeClock, fund: str, diplomat: Caller
) -> None:
    objects(runtime, fund, diplomat)
    clock.set(OVER)
    assert not try_to_sign(runtime, fund, diplomat, SEAT, Decision.LIFT)
    assert lacking(runtime, fund) == []


def test_an_objection_in_time_is_not_raised_again_once_the_silence_is_over(
    runtime: Runtime, clock: FakeClock, fund: str, diplomat: Caller
) -> None:
    objects(runtime, fund, diplomat)
    clock.set(OVER)
    assert not try_to_sign(runtime, fund, diplomat, SEAT, Decision.LIFT)
    objects(runtime, fund, diplomat)
    assert live(runtime, fund) == [("JP", "object", False)]
    assert lacking(runtime, fund) == []


def test_a_new_revision_starts_the_silence_anew(
    runtime: Runtime, clock: FakeClock, fund: str, diplomat: Caller
) -> None:
    clock.set(utc("2026-01-15"))
    editor = make.delegate(runtime, party="UZ", role="line_ministry")
    assert revise(runtime, editor, Revise(fund, fields={"amount": Money(100, "USD")})).granted
    clock.set(OVER)
    assert lacking(runtime, fund) == [Code.SILENCE_RUNS]
    clock.set(utc("2026-01-29", "14:59"))
    objects(runtime, fund, diplomat)
    assert live(runtime, fund) == [("JP", "object", True)]


def test_what_is_not_material_leaves_the_silence_running(
    runtime: Runtime, clock: FakeClock, fund: str
) -> None:
    clock.set(utc("2026-01-15"))
    editor = make.delegate(runtime, party="UZ", role="line_ministry")
    assert revise(runtime, editor, Revise(fund, fields={"venue": "Samarkand"})).granted
    clock.set(OVER)
    assert lacking(runtime, fund) == []


def test_after_a_return_no_silence_runs_until_there_is_a_new_text(
    runtime: Runtime, clock: FakeClock, fund: str
) -> None:
    ministry = make.delegate(runtime, party="UZ", role="foreign_ministry")
    make.approve(runtime, fund, ministry, step="return")
    make.step(runtime, fund, "return", ministry, reason="The budget is missing.")
    clock.set(utc("2026-03-01"))
    assert Code.REVISION_AWAITED in lacking(runtime, fund)
    do_due_work(runtime)
    editor = make.delegate(runtime, party="UZ", role="line_ministry")
    assert revise(runtime, editor, Revise(fund, titles={"en": "Another text"})).granted
    assert lacking(runtime, fund) == [Code.SILENCE_RUNS]
    clock.set(utc("2026-03-15", "15:00"))
    assert lacking(runtime, fund) == []


def test_an_act_after_the_deadline_finds_what_the_silence_has_made(
    runtime: Runtime, clock: FakeClock, diplomat: Caller
) -> None:
    make.definition(runtime, agree={"fires": "by-itself", "needs": silence()})
    fund = make.proposal(runtime)
    clock.set(utc("2026-02-01", "10:00"))
    assert try_to_sign(runtime, fund, diplomat, SEAT, Decision.OBJECT, note="Too late.") == [
        Code.STEP_NOT_OPEN
    ]
    (taken,) = events(runtime, fund, "step")
    assert (taken.at, taken.occurred_at, taken.actor_name) == (clock(), OVER, None)
    assert state(runtime, fund) == "agreed"


def test_a_silence_is_counted_in_the_days_of_its_own_place(
    runtime: Runtime, clock: FakeClock
) -> None:
    make.definition(runtime, agree={"by": ["secretariat"], "needs": silence(place="Asia/Tashkent")})
    fund = make.proposal(runtime)
    clock.set(OVER)
    assert lacking(runtime, fund) == [Code.SILENCE_RUNS]
    clock.set(utc("2026-01-19", "19:00"))
    assert lacking(runtime, fund) == []


def test_an_act_that_is_refused_leaves_done_what_was_due_before_it(
    runtime: Runtime, clock: FakeClock
) -> None:
    make.definition(runtime, agree={"fires": "by-itself", "needs": silence()})
    fund = make.proposal(runtime)
    clock.set(OVER)
    editor = make.delegate(runtime, party="UZ", role="line_ministry")
    outcome = revise(runtime, editor, Revise(fund, titles={"en": "Another text"}))
    assert [reason.code for reason in outcome.reasons] == [Code.NOT_EDITABLE]
    assert (outcome.state, state(runtime, fund)) == ("agreed", "agreed")
    assert list(find_faults(runtime)) == []
