"""The check says anew which deadlines there ought to be."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, select, update

from tests import make
from workflow.bootstrap import Runtime
from workflow.persistence.proposal_tables import Deadline
from workflow.services.check import find_faults

ASKED = {"of": ["lead"], "role": "foreign_ministry", "days": 5, "place": "Asia/Tokyo"}
SIGNED = {"signoffs": {"each": ["lead"], "role": "line_ministry"}}
OPENING = {"date": {"on": "2026-05-01", "place": "Asia/Tashkent"}}


@pytest.fixture
def fund(runtime: Runtime) -> str:
    """Make a proposal that is scheduled, in a silence, and waits for a date."""
    make.definition(
        runtime,
        agree={"needs": SIGNED, "delay": {"days": 10, "place": "Asia/Tokyo"}},
        implement={"needs": OPENING},
        shelve={
            "from": "proposed", "to": "implemented", "side": True, "fires": "by-itself",
            "needs": {"silence": ASKED},
        },
    )  # fmt: skip
    reference = make.proposal(runtime)
    make.approve(runtime, reference, make.delegate(runtime))
    return reference


def test_a_scheduled_proposal_with_a_silence_and_a_date_has_no_fault(
    runtime: Runtime, fund: str
) -> None:
    with runtime.uow.read() as tx:
        kept = tx.connection.execute(select(Deadline.step, Deadline.leaf).order_by(Deadline.step))
        assert [tuple(row) for row in kept] == [("agree", -1), ("implement", 0), ("shelve", 0)]
    assert fund
    assert list(find_faults(runtime)) == []


@pytest.mark.parametrize("step", ["agree", "implement", "shelve"])
@pytest.mark.parametrize(
    "edit",
    [
        None,
        {"leaf": 7},
        {"step": "return"},
        {"due_on": date(2026, 4, 1)},
        {"due_at": datetime(2026, 4, 1, tzinfo=UTC)},
    ],
    ids=["gone", "leaf", "step", "due_on", "due_at"],
)
def test_a_deadline_that_is_not_what_the_rules_say_is_named(
    runtime: Runtime, fund: str, step: str, edit: dict[str, object] | None
) -> None:
    of_step = Deadline.step == step
    with runtime.uow.write() as tx:
        changed = delete(Deadline) if edit is None else update(Deadline).values(**edit)
        tx.connection.execute(changed.where(of_step))
    faults = list(find_faults(runtime))
    assert faults
    assert all(fault.startswith(f"{fund}: ") for fault in faults)
