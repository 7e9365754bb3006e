"""Objections: one blocks, or so many do, or they are only recorded; their makers lift them."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests import make
from tests.fakes import FakeClock
from tests.services.life import events, lacking, live, state, try_to_sign
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code
from workflow.services.check import find_faults

SEATS = {code: (code, "line_ministry") for code in ("UZ", "JP", "KZ")}
PARTIES = (("UZ", "lead"), ("JP", "member"), ("KZ", "contributor"))
ONE_OF_THEM = {
    "signoffs": {"each": ["lead", "member", "contributor"], "role": "line_ministry", "at_least": 1}
}


@pytest.fixture
def officials(runtime: Runtime) -> dict[str, Caller]:
    return {code: make.delegate(runtime, code.lower(), *seat) for code, seat in SEATS.items()}


def proposal_under(runtime: Runtime, objections: Mapping[str, Any] | str) -> str:
    """Put a proposal on record that one approval adopts, unless objections block it."""
    make.definition(runtime, agree={"needs": ONE_OF_THEM, "objections": objections, "bars": []})
    return make.proposal(runtime, parties=PARTIES)


def test_one_objection_blocks_where_the_rule_gives_a_veto(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    fund = proposal_under(runtime, {"from": ["lead", "member"], "block_at": 1})
    make.object_to(runtime, fund, officials["JP"])
    make.approve(runtime, fund, officials["UZ"])
    assert lacking(runtime, fund) == [Code.OBJECTED]
    make.decide(runtime, fund, officials["JP"], Decision.LIFT)
    assert state(runtime, fund) == "agreed"


def test_two_objections_block_where_the_rule_says_two(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    fund = proposal_under(runtime, {"from": ["member", "contributor"], "block_at": 2})
    for code in ("JP", "KZ"):
        make.object_to(runtime, fund, officials[code])
    make.approve(runtime, fund, officials["UZ"])
    assert lacking(runtime, fund) == [Code.OBJECTED]
    make.decide(runtime, fund, officials["KZ"], Decision.LIFT)
    assert state(runtime, fund) == "agreed"
    assert list(find_faults(runtime)) == []


def test_two_objections_of_one_party_are_one(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    fund = proposal_under(runtime, {"from": ["member"], "block_at": 2})
    for role in ("line_ministry.transport", "line_ministry.energy"):
        make.object_to(runtime, fund, make.delegate(runtime, party="JP", role=role))
    make.approve(runtime, fund, officials["UZ"])
    assert state(runtime, fund) == "agreed"


def test_objections_are_only_recorded_where_the_rule_says_so(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    fund = proposal_under(runtime, "recorded")
    make.object_to(runtime, fund, officials["JP"])
    make.approve(runtime, fund, officials["UZ"])
    assert state(runtime, fund) == "agreed"
    assert [dict(each.facts)["decision"] for each in events(runtime, fund, "sign")] == [
        "object", "approve",
    ]  # fmt: skip


def test_who_may_not_block_is_heard_and_does_not_block(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    fund = proposal_under(runtime, {"from": ["lead", "member"], "block_at": 1})
    make.object_to(runtime, fund, officials["KZ"])
    assert live(runtime, fund) == [("KZ", "object", True)]
    assert Code.OBJECTED not in lacking(runtime, fund)


def test_an_objection_says_why(runtime: Runtime, officials: dict[str, Caller]) -> None:
    fund = proposal_under(runtime, "recorded")
    assert try_to_sign(runtime, fund, officials["JP"], SEATS["JP"], Decision.OBJECT) == [
        Code.NOTE_MISSING
    ]


def test_an_objection_takes_the_place_of_the_seats_approval(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    make.definition(runtime)
    fund = make.proposal(runtime)
    make.approve(runtime, fund, officials["UZ"])
    make.object_to(runtime, fund, officials["UZ"])
    assert live(runtime, fund) == [("UZ", "object", True)]
    assert lacking(runtime, fund) == [Code.OBJECTED, Code.SIGNOFFS_MISSING]


def test_nobody_lifts_anothers_objection(runtime: Runtime, officials: dict[str, Caller]) -> None:
    fund = proposal_under(runtime, {"from": ["lead", "member"], "block_at": 1})
    make.object_to(runtime, fund, officials["JP"])
    colleague = make.delegate(runtime, "colleague", *SEATS["JP"])
    assert try_to_sign(runtime, fund, colleague, SEATS["JP"], Decision.LIFT) == [
        Code.SEAT_SIGNED_BY_ANOTHER
    ]
    make.revoke(runtime, officials["JP"])
    assert not try_to_sign(runtime, fund, colleague, SEATS["JP"], Decision.LIFT)


def test_an_objection_lifted_counts_a_delay_from_what_was_signed(
    runtime: Runtime, clock: FakeClock, officials: dict[str, Caller]
) -> None:
    make.definition(
        runtime,
        agree={"needs": ONE_OF_THEM, "bars": [], "delay": {"days": 30, "place": "Asia/Tokyo"},
               "objections": {"from": ["lead", "member"], "block_at": 1}},
    )  # fmt: skip
    fund = make.proposal(runtime, parties=PARTIES)
    make.approve(runtime, fund, officials["UZ"])
    clock.advance(days=3)
    make.object_to(runtime, fund, officials["JP"])
    assert len(events(runtime, fund, "unschedule")) == 1
    clock.advance(days=3)
    make.decide(runtime, fund, officials["JP"], Decision.LIFT)
    days = [dict(each.facts)["effective_on"] for each in events(runtime, fund, "schedule")]
    assert days == ["2026-02-04", "2026-02-04"]
