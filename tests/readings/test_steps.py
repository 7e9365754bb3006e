"""A whole step reads as one paragraph with every clause that it has."""

from typing import Any

import pytest

from tests.make_rules import rules
from workflow.domain.definition import Definition
from workflow.readings import Voice, clauses, read_step

SIGNED = {"signoffs": {"each": ["lead"], "role": "legal_service"}}


def told(chain: int = 1, **changes: Any) -> list[str]:  # noqa: ANN401 - what YAML holds
    """Say the clauses of a step."""
    written = rules(agree=changes) | {"delegation": {"chain": chain}}
    definition = Definition.from_mapping(written)
    return [Voice().say(each) for each in clauses(definition.steps["agree"], definition)]


@pytest.mark.parametrize(
    ("changes", "clause"),
    [
        ({}, "It happens by itself as soon as all it needs is there"),
        ({"by": ["secretariat"]}, "It is taken by hand by: secretariat"),
        ({"reason": "required"}, "It needs a reason"),
        ({"objections": "recorded"}, "Objections are recorded and do not stop it"),
        ({}, "An objection by any lead, member stops it until it is lifted"),
        (
            {"objections": {"from": ["member", "lead"], "block_at": 2}},
            "Objections stop it when at least 2 that take part as lead, member object",
        ),
        ({}, "Whoever proposed it may not sign"),
        ({}, "Whoever edited the text last may not sign"),
        ({}, "One person signs once, whatever roles they hold"),
        ({"person": "once-a-seat"}, "One person may sign once in each of their roles"),
        ({}, "A mandate may reach the signer through at most 1 delegation"),
        ({"chain": 2}, "A mandate may reach the signer through at most 2 delegations"),
        ({"chain": 0}, "Nobody may sign by delegation"),
        (
            {"delay": {"months": 3, "place": "Asia/Tokyo"}},
            (
                "Takes effect 3 months after the last thing it needs is there, by the calendar of"
                " Asia/Tokyo"
            ),
        ),
    ],
)
def test_a_step_says_each_of_its_clauses(changes: dict[str, Any], clause: str) -> None:
    assert clause in told(**changes)


def test_a_step_without_sign_offs_says_nothing_of_signing() -> None:
    assert told(needs={"field": "amount"}, objections="recorded") == [
        "It happens by itself as soon as all it needs is there"
    ]


def test_a_late_objection_is_told_only_where_there_is_a_silence() -> None:
    late = "An objection after the deadline is recorded and does not stop it"
    silence = {"of": ["lead"], "role": "legal_service", "days": 3, "place": "Asia/Tokyo"}
    assert late not in told(needs=SIGNED)
    assert late in told(needs={"all": [SIGNED, {"silence": silence}]})


def test_a_paragraph_numbers_the_parts_and_ends_with_the_clauses() -> None:
    needs = {"all": [{"stage": "legal", **SIGNED}, {"any": [{"field": "amount"}, SIGNED]}]}
    definition = Definition.from_mapping(rules(agree={"needs": needs, "bars": []}))
    text = read_step(definition.steps["agree"], definition, Voice())
    assert text == (
        "agree leads from proposed to agreed. It needs: (1) Stage legal: (1.1) The legal_service of"
        " every lead signs; (2) Any one of these: (2.1) The field amount is filled in; (2.2) The"
        " legal_service of every lead signs. It happens by itself as soon as all it needs is there."
        " An objection by any lead, member stops it until it is lifted. One person signs once,"
        " whatever roles they hold. A mandate may reach the signer through at most 1 delegation."
    )
