"""The ways to sign: approve, reserve, ad referendum and confirm, abstain; and who counts."""

from typing import Any

import pytest

from tests import make
from tests.services.life import events, lacking, live, state, try_to_sign
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code
from workflow.queries.inbox import inbox
from workflow.services.check import find_faults

SEATS = {code: (code, "line_ministry") for code in ("UZ", "JP", "JICA")}
BOTH = {"each": ["lead", "member"], "role": "line_ministry"}


@pytest.fixture
def officials(runtime: Runtime) -> dict[str, Caller]:
    return {code: make.delegate(runtime, code.lower(), *seat) for code, seat in SEATS.items()}


def signoffs(**others: Any) -> dict[str, Any]:  # noqa: ANN401 - of the rule
    return {"needs": {"signoffs": BOTH | others}}


def test_an_approval_ad_referendum_counts_once_it_is_confirmed(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    fund = make.proposal(runtime)
    make.approve(runtime, fund, officials["UZ"])
    make.decide(runtime, fund, officials["JP"], Decision.AD_REFERENDUM)
    assert lacking(runtime, fund) == [Code.SIGNOFFS_MISSING]
    make.decide(runtime, fund, officials["JP"], Decision.CONFIRM)
    assert state(runtime, fund) == "agreed"
    facts = dict(events(runtime, fund, "sign")[-1].facts)
    assert (facts["decision"], facts["confirms"]) == ("confirm", "ad-referendum")
    assert list(find_faults(runtime)) == []


def test_another_holder_of_the_seat_confirms_and_it_counts_as_theirs(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    fund = make.proposal(runtime)
    make.decide(runtime, fund, officials["JP"], Decision.AD_REFERENDUM)
    minister = make.delegate(runtime, "minister", *SEATS["JP"])
    assert not try_to_sign(runtime, fund, minister, SEATS["JP"], Decision.CONFIRM)
    assert live(runtime, fund) == [("JP", "confirm", True)]
    assert try_to_sign(runtime, fund, officials["JP"], SEATS["JP"], Decision.WITHDRAW) == [
        Code.SEAT_SIGNED_BY_ANOTHER
    ]


def test_who_must_confirm_finds_it_in_the_inbox(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    fund = make.proposal(runtime)
    make.decide(runtime, fund, officials["JP"], Decision.AD_REFERENDUM)
    with runtime.uow.read() as tx:
        page = inbox(tx, make.viewer(tx, officials["JP"]))
    assert [(item.reference, item.step) for item in page.rows] == [(fund, "agree")]


def test_nothing_is_confirmed_that_was_approved_outright(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    fund = make.proposal(runtime)
    for before in (None, Decision.APPROVE):
        if before:
            make.decide(runtime, fund, officials["JP"], before)
        assert try_to_sign(runtime, fund, officials["JP"], SEATS["JP"], Decision.CONFIRM) == [
            Code.NOTHING_TO_CONFIRM
        ]


def test_one_person_confirms_one_seat_where_they_may_sign_once(runtime: Runtime) -> None:
    needs = {"all": [{"signoffs": BOTH}, {"signoffs": {**BOTH, "role": "finance_ministry"}}]}
    make.definition(runtime, agree={"needs": needs})
    fund = make.proposal(runtime)
    both = make.delegate(runtime, "both", "JP", "line_ministry")
    make.mandate(runtime, both, "JP", "finance_ministry")
    seats = (SEATS["JP"], ("JP", "finance_ministry"))
    for seat in seats:
        assert not try_to_sign(runtime, fund, both, seat, Decision.AD_REFERENDUM)
    assert not try_to_sign(runtime, fund, both, seats[0], Decision.CONFIRM)
    assert try_to_sign(runtime, fund, both, seats[1], Decision.CONFIRM) == [
        Code.PERSON_ALREADY_SIGNED
    ]


def test_a_reservation_counts_and_says_what_is_reserved(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    fund = make.proposal(runtime)
    make.approve(runtime, fund, officials["UZ"])
    assert try_to_sign(runtime, fund, officials["JP"], SEATS["JP"], Decision.RESERVE) == [
        Code.NOTE_MISSING
    ]
    make.decide(runtime, fund, officials["JP"], Decision.RESERVE, note="Article 4 excepted.")
    assert state(runtime, fund) == "agreed"
    assert events(runtime, fund, "sign")[-1].reason == "Article 4 excepted."


@pytest.mark.parametrize(("rule", "end"), [({}, "proposed"), ({"abstentions": "count"}, "agreed")])
def test_an_abstention_answers_and_counts_only_where_the_rule_says_so(
    runtime: Runtime, officials: dict[str, Caller], rule: dict[str, Any], end: str
) -> None:
    make.definition(runtime, agree=signoffs(**rule))
    fund = make.proposal(runtime)
    make.approve(runtime, fund, officials["UZ"])
    make.decide(runtime, fund, officials["JP"], Decision.ABSTAIN)
    assert state(runtime, fund) == end
    with runtime.uow.read() as tx:
        assert inbox(tx, make.viewer(tx, officials["JP"])).rows == ()
    assert list(find_faults(runtime)) == []


def test_a_regional_organisation_signs_beside_its_members_and_does_not_count(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    make.definition(runtime, agree=signoffs(at_least=2, counting="state"))
    union = (("UZ", "lead"), ("JP", "member"), ("JICA", "member"))
    treaty = make.proposal(runtime, parties=union)
    make.approve(runtime, treaty, officials["JICA"])
    make.approve(runtime, treaty, officials["UZ"])
    assert lacking(runtime, treaty) == [Code.SIGNOFFS_MISSING]
    make.approve(runtime, treaty, officials["JP"])
    assert state(runtime, treaty) == "agreed"


@pytest.mark.parametrize(
    ("person", "reasons"), [("once", [Code.PERSON_ALREADY_SIGNED]), ("once-a-seat", [])]
)
def test_one_person_fills_several_seats_only_where_the_rule_says_so(
    runtime: Runtime, person: str, reasons: list[Code]
) -> None:
    needs = {"all": [{"signoffs": BOTH}, {"signoffs": {**BOTH, "role": "finance_ministry"}}]}
    make.definition(runtime, agree={"needs": needs, "person": person})
    fund = make.proposal(runtime)
    both = make.delegate(runtime, "both", "UZ", "line_ministry")
    make.mandate(runtime, both, "UZ", "finance_ministry")
    assert not try_to_sign(runtime, fund, both, SEATS["UZ"])
    assert try_to_sign(runtime, fund, both, ("UZ", "finance_ministry")) == reasons
    assert list(find_faults(runtime)) == []


def test_the_last_editor_may_object_to_what_they_may_not_approve(runtime: Runtime) -> None:
    ada = make.delegate(runtime, "ada", *SEATS["UZ"])
    fund = make.proposal(runtime, by=ada)
    for decision in (Decision.APPROVE, Decision.RESERVE, Decision.AD_REFERENDUM):
        reasons = try_to_sign(runtime, fund, ada, SEATS["UZ"], decision, note="Why.")
        assert reasons == [Code.PROPOSER_MAY_NOT_SIGN, Code.LAST_EDITOR_MAY_NOT_SIGN]
    assert not try_to_sign(runtime, fund, ada, SEATS["UZ"], Decision.OBJECT, note="Why.")


def test_alternatives_are_enough_one_without_the_other(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    head = {"signoffs": {"party": "UZ", "role": "head_of_delegation"}}
    make.definition(runtime, agree={"needs": {"any": [{"signoffs": BOTH}, head]}})
    fund, other = make.proposal(runtime), make.proposal(runtime)
    for code in ("UZ", "JP"):
        make.approve(runtime, fund, officials[code])
    make.approve(runtime, other, make.delegate(runtime, "head", "UZ", "head_of_delegation"))
    assert [state(runtime, each) for each in (fund, other)] == ["agreed", "agreed"]
