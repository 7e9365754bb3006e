"""Delays: what is satisfied is scheduled, and takes effect at the start of a local day."""

from datetime import date
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

SEATS = {code: (code, "line_ministry") for code in ("UZ", "JP", "KZ")}
EFFECT = utc("2026-02-03", "15:00")
"""Thirty days after 5 January is 4 February, which begins in Tokyo at 15:00 UTC the day before."""


def delayed(**others: Any) -> dict[str, Any]:  # noqa: ANN401 - of the rule
    return {"delay": {"days": 30, "place": "Asia/Tokyo"} | others}


@pytest.fixture
def officials(runtime: Runtime) -> dict[str, Caller]:
    return {code: make.delegate(runtime, code.lower(), *seat) for code, seat in SEATS.items()}


def facts(runtime: Runtime, fund: str, kind: str = "schedule") -> list[tuple[str, str]]:
    """Give the event's day and the day of effect of each entry."""
    told = [dict(event.facts) for event in events(runtime, fund, kind)]
    return [(str(each["event_on"]), str(each["effective_on"])) for each in told]


def test_what_is_satisfied_is_scheduled_and_takes_effect_on_its_day(
    runtime: Runtime, clock: FakeClock, officials: dict[str, Caller]
) -> None:
    make.definition(runtime, agree=delayed())
    fund = make.proposal(runtime)
    for code in ("UZ", "JP"):
        make.approve(runtime, fund, officials[code])
    assert facts(runtime, fund) == [("2026-01-05", "2026-02-04")]
    assert lacking(runtime, fund) == [Code.NOT_YET_EFFECTIVE]
    clock.set(EFFECT)
    do_due_work(runtime)
    (taken,) = events(runtime, fund, "step")
    assert (state(runtime, fund), taken.occurred_on) == ("agreed", date(2026, 2, 4))
    assert list(find_faults(runtime)) == []


def test_the_day_is_counted_in_tokyo_where_it_is_tomorrow_already(
    runtime: Runtime, clock: FakeClock, officials: dict[str, Caller]
) -> None:
    make.definition(runtime, agree=delayed())
    fund = make.proposal(runtime)
    clock.set(utc("2026-01-05", "15:30"))
    for code in ("UZ", "JP"):
        make.approve(runtime, fund, officials[code])
    assert facts(runtime, fund) == [("2026-01-06", "2026-02-05")]


def test_losing_the_condition_unschedules_and_gaining_it_schedules_anew(
    runtime: Runtime, clock: FakeClock, officials: dict[str, Caller]
) -> None:
    make.definition(runtime, agree=delayed())
    fund = make.proposal(runtime)
    for code in ("UZ", "JP"):
        make.approve(runtime, fund, officials[code])
    clock.set(utc("2026-01-10"))
    make.decide(runtime, fund, officials["JP"], Decision.WITHDRAW)
    assert len(events(runtime, fund, "unschedule")) == 1
    assert lacking(runtime, fund) == [Code.SIGNOFFS_MISSING]
    clock.set(utc("2026-01-20"))
    make.approve(runtime, fund, officials["JP"])
    assert facts(runtime, fund)[1:] == [("2026-01-20", "2026-02-19")]
    clock.set(EFFECT)
    do_due_work(runtime)
    assert state(runtime, fund) == "proposed"


def test_an_irrevocable_step_takes_effect_though_its_condition_is_lost(
    runtime: Runtime, clock: FakeClock, officials: dict[str, Caller]
) -> None:
    make.definition(runtime, agree=delayed(irrevocable=True))
    fund = make.proposal(runtime)
    for code in ("UZ", "JP"):
        make.approve(runtime, fund, officials[code])
    make.decide(runtime, fund, officials["JP"], Decision.WITHDRAW)
    assert events(runtime, fund, "unschedule") == []
    assert lacking(runtime, fund) == [Code.NOT_YET_EFFECTIVE]
    clock.set(EFFECT)
    do_due_work(runtime)
    assert state(runtime, fund) == "agreed"


@pytest.mark.parametrize("irrevocable", [False, True])
def test_a_new_text_is_not_scheduled_by_what_was_signed_on_the_old_one(
    runtime: Runtime, clock: FakeClock, officials: dict[str, Caller], *, irrevocable: bool
) -> None:
    make.definition(runtime, agree=delayed(irrevocable=irrevocable))
    fund = make.proposal(runtime)
    for code in ("UZ", "JP"):
        make.approve(runtime, fund, officials[code])
    assert revise(
        runtime, officials["UZ"], Revise(fund, fields={"amount": Money(100, "USD")})
    ).granted
    assert live(runtime, fund) == []
    assert len(events(runtime, fund, "unschedule")) == 1
    clock.set(EFFECT)
    do_due_work(runtime)
    assert state(runtime, fund) == "proposed"
    assert list(find_faults(runtime)) == []


def test_a_signature_beyond_those_needed_moves_no_day(
    runtime: Runtime, clock: FakeClock, officials: dict[str, Caller]
) -> None:
    needs = {"signoffs": {"each": ["lead", "member"], "role": "line_ministry", "at_least": 2}}
    make.definition(runtime, agree={"needs": needs, **delayed()})
    three = (("UZ", "lead"), ("JP", "member"), ("KZ", "member"))
    fund = make.proposal(runtime, parties=three)
    for day, code in enumerate(("UZ", "JP", "KZ"), start=5):
        clock.set(utc(f"2026-01-{day:02}"))
        make.approve(runtime, fund, officials[code])
    assert facts(runtime, fund) == [("2026-01-06", "2026-02-05")]


def test_losing_an_early_signature_counts_from_the_day_that_is_now_the_second(
    runtime: Runtime, clock: FakeClock, officials: dict[str, Caller]
) -> None:
    needs = {"signoffs": {"each": ["lead", "member"], "role": "line_ministry", "at_least": 2}}
    make.definition(runtime, agree={"needs": needs, **delayed()})
    three = (("UZ", "lead"), ("JP", "member"), ("KZ", "member"))
    fund = make.proposal(runtime, parties=three)
    for day, code in enumerate(("UZ", "JP", "KZ"), start=5):
        clock.set(utc(f"2026-01-{day:02}"))
        make.approve(runtime, fund, officials[code])
    make.decide(runtime, fund, officials["UZ"], Decision.WITHDRAW)
    assert facts(runtime, fund)[1:] == [("2026-01-07", "2026-02-06")]
    assert list(find_faults(runtime)) == []


def test_months_end_where_the_month_does(
    runtime: Runtime, clock: FakeClock, officials: dict[str, Caller]
) -> None:
    make.definition(runtime, agree={"delay": {"months": 1, "place": "Asia/Tokyo"}})
    fund = make.proposal(runtime)
    clock.set(utc("2026-01-31", "03:00"))
    for code in ("UZ", "JP"):
        make.approve(runtime, fund, officials[code])
    assert facts(runtime, fund) == [("2026-01-31", "2026-02-28")]


def test_the_secretariat_takes_a_delayed_step_on_its_day_and_no_earlier(
    runtime: Runtime, clock: FakeClock, officials: dict[str, Caller]
) -> None:
    make.definition(runtime, agree={"by": ["secretariat"], **delayed()})
    fund = make.proposal(runtime)
    for code in ("UZ", "JP"):
        make.approve(runtime, fund, officials[code])
    secretary = make.secretary(runtime)
    assert try_to_take(runtime, fund, "agree", secretary) == [Code.NOT_YET_EFFECTIVE]
    clock.set(EFFECT)
    assert try_to_take(runtime, fund, "agree", secretary) == []


def test_an_act_on_the_day_of_effect_finds_the_step_taken(
    runtime: Runtime, clock: FakeClock, officials: dict[str, Caller]
) -> None:
    make.definition(runtime, agree=delayed())
    fund = make.proposal(runtime)
    for code in ("UZ", "JP"):
        make.approve(runtime, fund, officials[code])
    clock.set(utc("2026-02-10"))
    assert try_to_sign(runtime, fund, officials["JP"], SEATS["JP"], Decision.WITHDRAW) == [
        Code.STEP_NOT_OPEN
    ]
    (taken,) = events(runtime, fund, "step")
    assert taken.occurred_at == EFFECT


def test_a_date_that_was_over_when_it_was_named_shortens_no_delay(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    written = make.rules(
        agree={"needs": {"date": {"field": "opening", "place": "Asia/Tokyo"}}, **delayed()}
    )
    written["fields"]["opening"] = {"type": "date", "labels": make.labels("Opening")}
    make.publish(runtime, written)
    fund = make.proposal(runtime)
    order = Revise(fund, fields={"opening": date(2025, 1, 1)})
    assert revise(runtime, officials["UZ"], order).granted
    assert facts(runtime, fund) == [("2026-01-05", "2026-02-04")]
    assert list(find_faults(runtime)) == []
