"""Parents: what a proposal knows of its children, and what that brings about."""

from typing import Any

import pytest

from tests import make
from tests.fakes import FakeClock
from tests.services.life import events, lacking, state, try_to_take
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller, Via
from workflow.domain.verdicts import Code
from workflow.services.check import find_faults
from workflow.services.due import do_due_work

ANY_LEAD: dict[str, Any] = {"parties": {"in": ["lead"], "at_least": 1}}


@pytest.fixture
def secretary(runtime: Runtime) -> Caller:
    return make.secretary(runtime)


@pytest.fixture(autouse=True)
def lines(runtime: Runtime) -> None:
    """Publish the kind of the children, which the secretariat moves."""
    make.definition(
        runtime,
        "line",
        agree={"by": ["secretariat"], "needs": ANY_LEAD},
        implement={"by": ["secretariat"], "needs": ANY_LEAD},
    )


def portfolio(runtime: Runtime, rule: dict[str, Any], children: int = 2, **agree: Any) -> str:  # noqa: ANN401 - of the step
    """Put a portfolio on record, which its children's states adopt, and so many children."""
    make.definition(runtime, agree={"fires": "by-itself", "needs": {"children": rule}, **agree})
    whole = make.proposal(runtime, reference="WHOLE")
    for number in range(children):
        make.proposal(runtime, reference=f"LINE-{number}", kind="line", parent=whole)
    return whole


def move(runtime: Runtime, by: Caller, number: int, step: str = "agree") -> None:
    make.step(runtime, f"LINE-{number}", step, by, reason="Done.")


def test_a_parent_knows_of_its_childs_step_in_the_childs_act(
    runtime: Runtime, secretary: Caller
) -> None:
    whole = portfolio(runtime, {"in": ["agreed", "implemented"]})
    move(runtime, secretary, 0)
    assert lacking(runtime, whole) == [Code.CHILDREN_MISSING]
    move(runtime, secretary, 1)
    assert lacking(runtime, whole) == []
    assert list(find_faults(runtime)) == []


def test_the_parents_own_step_is_fired_by_the_due_work_as_of_the_childs_act(
    runtime: Runtime, clock: FakeClock, secretary: Caller
) -> None:
    whole = portfolio(runtime, {"in": ["agreed"]}, children=1)
    move(runtime, secretary, 0)
    moved = clock()
    assert state(runtime, whole) == "proposed"
    clock.advance(hours=5)
    do_due_work(runtime)
    (taken,) = events(runtime, whole, "step")
    assert (taken.at, taken.occurred_at, taken.via) == (clock(), moved, Via.DUE_WORK)
    assert state(runtime, whole) == "agreed"
    assert list(find_faults(runtime)) == []


def test_an_act_on_the_parent_finds_it_as_its_children_left_it(
    runtime: Runtime, secretary: Caller
) -> None:
    whole = portfolio(runtime, {"in": ["agreed"]}, children=1)
    move(runtime, secretary, 0)
    assert try_to_take(runtime, whole, "agree", secretary) == [Code.STEP_NOT_OPEN]
    assert state(runtime, whole) == "agreed"


def test_a_roll_up_of_nothing_is_not_reached(runtime: Runtime) -> None:
    whole = portfolio(runtime, {"in": ["agreed"]}, children=0)
    do_due_work(runtime)
    assert lacking(runtime, whole) == [Code.CHILDREN_MISSING]


def test_so_many_children_are_enough(runtime: Runtime, secretary: Caller) -> None:
    whole = portfolio(runtime, {"in": ["agreed"], "at_least": 2}, children=3)
    for number in (0, 1):
        move(runtime, secretary, number)
    do_due_work(runtime)
    assert state(runtime, whole) == "agreed"


def test_a_child_that_moves_on_out_of_the_wanted_states_is_missing_again(
    runtime: Runtime, secretary: Caller
) -> None:
    whole = portfolio(runtime, {"in": ["agreed"]}, by=["secretariat"])
    for number in (0, 1):
        move(runtime, secretary, number)
    assert lacking(runtime, whole) == []
    move(runtime, secretary, 0, "implement")
    assert lacking(runtime, whole) == [Code.CHILDREN_MISSING]
    assert list(find_faults(runtime)) == []


def test_a_new_child_must_come_as_far_as_the_others(runtime: Runtime, secretary: Caller) -> None:
    whole = portfolio(runtime, {"in": ["agreed"]}, children=1, by=["secretariat"])
    move(runtime, secretary, 0)
    make.proposal(runtime, reference="LINE-9", kind="line", parent=whole)
    assert lacking(runtime, whole) == [Code.CHILDREN_MISSING]


def test_a_delay_is_counted_from_the_last_childs_step(
    runtime: Runtime, clock: FakeClock, secretary: Caller
) -> None:
    whole = portfolio(runtime, {"in": ["agreed"]}, delay={"days": 10, "place": "Asia/Tokyo"})
    move(runtime, secretary, 0)
    clock.advance(days=2)
    move(runtime, secretary, 1)
    clock.advance(days=3)
    do_due_work(runtime)
    (scheduled,) = events(runtime, whole, "schedule")
    facts = dict(scheduled.facts)
    assert (facts["event_on"], facts["effective_on"]) == ("2026-01-07", "2026-01-17")
    clock.advance(days=20)
    do_due_work(runtime)
    assert state(runtime, whole) == "agreed"
    assert list(find_faults(runtime)) == []
