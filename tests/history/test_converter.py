"""The example of the guides: events of Python Enhancement Proposals become acts and are judged."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.definitions import load_file
from tests.history.conftest import Import
from workflow.bootstrap import Runtime
from workflow.domain.definition import Definition
from workflow.persistence import definitions
from workflow.persistence.proposal_tables import Proposal, ProposalField
from workflow.services.check import find_faults

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "peps"


def event(pep: int, day: str, *changed: str, status: str = "Draft", **headers: str) -> Any:  # noqa: ANN401 - an event as the source has it
    known = {"title": f"Number {pep}", "Type": "Process", "Resolution": "", "Superseded-By": ""}
    return {
        "pep": pep, "date": f"{day}T12:00:00-04:00", "changed": list(changed), "Status": status,
        **known, **headers,
    }  # fmt: skip


EVENTS = [
    event(1, "2001-01-01", "created"),
    event(2, "2001-01-02", "created", status="Active"),
    event(1, "2001-02-01", "Status", "Resolution", status="Accepted", Resolution="https://e.org/1"),
    event(1, "2001-02-02", "Python-Version", status="Accepted"),
    event(1, "2001-02-03", "Python-Version", status="Accepted"),
    event(1, "2001-03-01", "Status", status="Final"),
    event(1, "2001-04-01", "Status", status="Draft"),
    event(2, "2001-05-01", "Status", status="Draught"),
    event(2, "2001-06-01", "Status", status=""),
    event(1, "2000-01-01", "Status", status="Rejected"),
]


@pytest.fixture
def acts(runtime: Runtime) -> list[Any]:
    with runtime.uow.write() as tx:
        rules = Definition.from_mapping(load_file(EXAMPLE / "pep.yaml"))
        definitions.publish(tx, rules, tx.at, None)
    return list(runpy.run_path(str(EXAMPLE / "convert.py"))["acts_of"](EVENTS))


def test_every_event_comes_in_and_every_irregular_jump_is_told(
    runtime: Runtime, imported: Import, acts: list[Any]
) -> None:
    told = imported(*acts)
    assert {act["event"] for act in acts if "event" in act} == {str(n) for n in range(1, 11)}
    odd = [
        (act["event"], act.get("step"), reasons)
        for act, (outcome, reasons) in zip(acts, told, strict=True)
        if outcome == "irregular"
    ]
    assert odd == [
        ("2", "begin", ("step_unknown",)),
        ("7", "reopen", ("step_not_open",)),
        ("8", "to-draught", ("step_unknown",)),
        ("9", "to-nothing", ("step_unknown",)),
        ("10", "reject", ("out_of_order",)),
    ]
    with runtime.uow.read() as tx:
        states = tx.connection.execute(
            select(Proposal.reference, Proposal.state).order_by(Proposal.id)
        ).all()
        kept = select(ProposalField.text_value).where(ProposalField.name == "resolution")
        assert tx.connection.scalar(kept) == "https://e.org/1"
    assert list(map(tuple, states)) == [("PEP-0001", "rejected"), ("PEP-0002", "active")]
    assert list(find_faults(runtime)) == []
