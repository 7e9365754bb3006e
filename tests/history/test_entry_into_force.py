"""From dated ratifications alone follows the very day on which a treaty entered into force."""

from typing import Any

import pytest
from sqlalchemy import select

from tests import make
from tests.history import past
from tests.history.conftest import Import
from workflow.bootstrap import Runtime
from workflow.log.leaf import Leaf, read_leaf
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.proposal_tables import Proposal
from workflow.services.check import find_faults

STATES = [f"{first}{second}" for first in "ABCDE" for second in "QRXYZ"]
ORGANISATION = "EUNION"


def treaty(runtime: Runtime, **delay: Any) -> None:  # noqa: ANN401 - days or months
    """Publish: in force so long after the twentieth ratification, organisations not counted."""
    make.definition(
        runtime,
        agree={
            "delay": {"place": "America/New_York", **delay},
            "needs": {
                "signoffs": {
                    "each": ["member"], "role": "head_of_delegation", "at_least": 20,
                    "counting": "state",
                }
            },
        },
    )  # fmt: skip


def opened(day: str = "1990-06-01") -> list[past.Act]:
    """Open a treaty for 25 states and their organisation."""
    everybody = dict.fromkeys([*STATES, ORGANISATION], "member")
    return [*past.parties(*everybody), past.propose(everybody, day=day)]


def ratify(party: str, day: str) -> past.Act:
    return past.sign(party, day, role="head_of_delegation")


def step_entry(runtime: Runtime) -> Leaf:
    with runtime.uow.read() as tx:
        (leaf,) = tx.connection.scalars(
            select(AuditEntry.leaf).where(AuditEntry.kind == "step").order_by(AuditEntry.id)
        )
    return read_leaf(leaf)


def state(runtime: Runtime) -> str | None:
    with runtime.uow.read() as tx:
        return tx.connection.scalar(select(Proposal.state))


def test_it_is_the_thirtieth_day_after_the_twentieth_state(
    runtime: Runtime, imported: Import
) -> None:
    treaty(runtime, days=30)
    days = past.days_from("1991-01-10", 20, 7)
    ratified = [ratify(code, day) for code, day in zip(STATES, days, strict=False)]
    told = imported(*opened(), ratify(ORGANISATION, "1991-01-05"), *ratified)
    assert {outcome for outcome, _ in told} == {"recorded"}
    # The twentieth state: 10 January 1991 and 19 weeks, 23 May. The thirtieth day after is
    # 22 June, from its beginning in New York (UTC-4).
    assert (days[19], step_entry(runtime).occurred) == ("1991-05-23", "1991-06-22T04:00:00.000000Z")
    assert (step_entry(runtime).via, state(runtime)) == ("import", "agreed")
    assert list(find_faults(runtime)) == []


def test_the_organisation_makes_no_twentieth(runtime: Runtime, imported: Import) -> None:
    treaty(runtime, days=30)
    days = past.days_from("1991-01-10", 19, 7)
    ratified = [ratify(code, day) for code, day in zip(STATES, days, strict=False)]
    imported(*opened(), *ratified, ratify(ORGANISATION, "1992-01-01"))
    assert state(runtime) == "proposed"


@pytest.mark.parametrize(
    ("twentieth", "months", "in_force"),
    [
        ("1991-08-31", 6, "1992-02-29T05:00:00.000000Z"),
        ("1992-02-29", 12, "1993-02-28T05:00:00.000000Z"),
        ("1991-10-05", 12, "1992-10-05T04:00:00.000000Z"),
    ],
)
def test_months_end_where_they_have_no_such_day(
    runtime: Runtime, imported: Import, twentieth: str, months: int, in_force: str
) -> None:
    treaty(runtime, months=months)
    days = [*past.days_from("1991-01-10", 19, 7), twentieth]
    imported(*opened(), *(ratify(code, day) for code, day in zip(STATES, days, strict=False)))
    assert step_entry(runtime).occurred == in_force


def test_the_last_hour_of_a_day_is_that_day_where_the_treaty_lies(
    runtime: Runtime, imported: Import
) -> None:
    treaty(runtime, days=30)
    days = past.days_from("1991-01-10", 19, 7)
    ratified = [ratify(code, day) for code, day in zip(STATES, days, strict=False)]
    # Two in the morning of 24 May in London is still the evening of the 23rd in New York.
    late = ratify(STATES[19], "1991-05-24") | {"at": past.at("1991-05-24", 2)}
    imported(*opened(), *ratified, late)
    assert step_entry(runtime).occurred == "1991-06-22T04:00:00.000000Z"


def test_whoever_ratifies_on_the_way_does_not_move_the_day(
    runtime: Runtime, imported: Import
) -> None:
    treaty(runtime, days=30)
    days = past.days_from("1991-01-10", 22, 7)
    ratified = [ratify(code, day) for code, day in zip(STATES, days, strict=False)]
    imported(*opened(), *ratified)
    assert step_entry(runtime).occurred == "1991-06-22T04:00:00.000000Z"


def test_a_ratification_withdrawn_in_time_puts_the_day_off(
    runtime: Runtime, imported: Import
) -> None:
    treaty(runtime, days=30)
    days = past.days_from("1991-01-10", 20, 7)
    ratified = [ratify(code, day) for code, day in zip(STATES, days, strict=False)]
    withdrawn = ratify(STATES[0], "1991-06-01") | {"decision": "withdraw"}
    imported(*opened(), *ratified, withdrawn, ratify(STATES[20], "1991-07-01"))
    assert step_entry(runtime).occurred == "1991-07-31T04:00:00.000000Z"
    assert list(find_faults(runtime)) == []


def test_a_source_that_names_the_step_as_well_changes_nothing(
    runtime: Runtime, imported: Import
) -> None:
    treaty(runtime, days=30)
    days = past.days_from("1991-01-10", 20, 7)
    ratified = [ratify(code, day) for code, day in zip(STATES, days, strict=False)]
    said = past.step("agree", "1991-06-22", to="agreed")
    told = imported(*opened(), *ratified, said, said)
    assert told[-2:] == [("recorded", ()), ("irregular", ("step_not_open",))]
    assert state(runtime) == "agreed"
