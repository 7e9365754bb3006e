"""Tests that a tree names, part by part, who could bring it forward today."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests import make
from workflow.domain.commands import Decision
from workflow.domain.explain import Word
from workflow.domain.identity import OPERATOR
from workflow.domain.verdicts import Code
from workflow.queries.cured import Cured
from workflow.queries.explain import Explanation, explain_step
from workflow.services.runtime import Runtime

ALL = {"each": ["lead", "member"], "role": "line_ministry"}
SILENCE = {"of": ["lead", "member"], "role": "line_ministry", "days": 14, "place": "Asia/Tokyo"}
REPORT = {"type": "meeting_report", "count": 1, "verified": True, "each": ["lead", "member"]}


def explained(
    runtime: Runtime, needs: Mapping[str, Any], *acts: tuple[str, Decision]
) -> Explanation:
    """Explain to the operator a proposal that needs this, after these people's decisions."""
    make.definition(runtime, agree={"needs": needs})
    people = {"ada": "UZ", "kenji": "JP"}
    callers = {login: make.delegate(runtime, login, party) for login, party in people.items()}
    fund = make.proposal(runtime)
    for login, decision in acts:
        make.decide(runtime, fund, callers[login], decision, note="So.")
    with runtime.uow.read() as tx:
        answer = explain_step(tx, OPERATOR, fund, "agree")
    assert answer is not None
    return answer


def told(answer: Explanation) -> dict[Word, tuple[str, ...]]:
    """Give who can cure the parts that are missing, seats left out."""
    assert answer.told is not None
    return {
        each.node.code: each.who
        for each in _all(answer.told)
        if not each.node.satisfied and "party" not in each.node.named
    }


def _all(each: Cured) -> Iterator[Cured]:
    yield each
    for part in each.parts:
        yield from _all(part)


def test_each_party_that_has_not_signed_is_cured_by_its_own_people(runtime: Runtime) -> None:
    answer = explained(runtime, {"signoffs": ALL})
    assert answer.told is not None
    seats = {e.node.named["party"]: e.who for e in _all(answer.told) if "party" in e.node.named}
    assert seats == {"JP": ("kenji",), "UZ": ("ada",)}
    assert told(answer) == {Word.STEP: ("kenji", "ada"), Word.SIGNOFFS: ("kenji", "ada")}


def test_an_approval_ad_referendum_is_cured_by_whoever_confirms(runtime: Runtime) -> None:
    acts = ("ada", Decision.AD_REFERENDUM), ("kenji", Decision.RESERVE)
    answer = explained(runtime, {"signoffs": ALL}, *acts)
    assert [reason.who_can_cure for reason in answer.reasons] == [("ada",)]


def test_alternatives_are_cured_by_whoever_can_bring_one_of_them(runtime: Runtime) -> None:
    answer = explained(runtime, {"any": [{"silence": SILENCE}, {"signoffs": ALL}]})
    cures = {reason.refusal.code: reason.who_can_cure for reason in answer.reasons}
    assert cures == {
        Code.ALTERNATIVES_MISSING: ("kenji", "ada"),
        Code.SILENCE_RUNS: (),
        Code.SIGNOFFS_MISSING: ("kenji", "ada"),
    }
    assert [reason.is_inside for reason in answer.reasons] == [False, True, True]
    assert told(answer)[Word.SILENCE] == ()
    assert told(answer)[Word.AT_LEAST] == ("kenji", "ada")


def test_a_document_of_each_is_cured_by_the_people_of_who_lacks_it(runtime: Runtime) -> None:
    make.definition(runtime, agree={"needs": {"evidence": REPORT}})
    fund = make.proposal(runtime)
    ada = make.delegate(runtime, "ada")
    make.delegate(runtime, "kenji", "JP")
    make.delegate(runtime, "jp.verifier", "JP", "verifier")
    make.evidence(runtime, fund, ada, "UZ")
    with runtime.uow.read() as tx:
        answer = explain_step(tx, OPERATOR, fund, "agree")
    assert answer is not None
    (reason,) = answer.reasons
    assert reason.refusal.code is Code.EVIDENCE_OF_EACH_MISSING
    assert sorted(reason.who_can_cure) == ["jp.verifier", "kenji"]


def test_who_takes_part_is_cured_by_whoever_edits_while_proposed(runtime: Runtime) -> None:
    answer = explained(runtime, {"parties": {"in": ["member"], "at_least": 5}})
    (reason,) = answer.reasons
    assert reason.refusal.code is Code.PARTIES_MISSING
    assert {"ada", "kenji"} <= set(reason.who_can_cure)


def test_proposals_underneath_are_nobodys_to_cure_here(runtime: Runtime) -> None:
    answer = explained(runtime, {"children": {"in": ["implemented"]}})
    assert [(reason.refusal.code, reason.who_can_cure) for reason in answer.reasons] == [
        (Code.CHILDREN_MISSING, ())
    ]


def test_what_holds_needs_nobody(runtime: Runtime) -> None:
    answer = explained(runtime, {"signoffs": {**ALL, "at_least": 1}}, ("ada", Decision.OBJECT))
    assert told(answer)[Word.NO_OBJECTION] == ("ada",)
    assert answer.told is not None
    assert {each.who for each in _all(answer.told) if each.node.satisfied} == {()}
