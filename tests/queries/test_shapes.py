"""Tests that JSON has the keys that scripts rely on, and is JSON."""

import json

from tests import make
from workflow.domain.commands import Money
from workflow.domain.identity import OPERATOR
from workflow.domain.verdicts import Refusal
from workflow.queries.explain import explain_step
from workflow.queries.inbox import inbox
from workflow.queries.portfolio import Filters, portfolio
from workflow.queries.proposal import proposal_page
from workflow.queries.shapes import card_json, explanation_json, inbox_json, page_json
from workflow.services.runtime import Runtime

LINE = {"reference", "kind", "summit", "state", "title", "revision", "version"}


def say(refusal: Refusal) -> str:
    """Say a reason in its code's words."""
    return refusal.code.value.replace("_", " ")


def test_the_list_has_exactly_its_keys(runtime: Runtime) -> None:
    make.proposal(runtime)
    with runtime.uow.read() as tx:
        (card,) = portfolio(tx, OPERATOR, Filters()).rows
    assert card_json(card) == {
        "reference": "P-1", "kind": make.KIND, "summit": make.SUMMIT, "state": "proposed",
        "title": {"en": "Proposal P-1"}, "revision": 1, "version": 1,
    }  # fmt: skip


def test_a_shown_proposal_is_json_with_its_keys(runtime: Runtime) -> None:
    fund = make.proposal(runtime, fields={"amount": Money(5, "USD")})
    ada = make.delegate(runtime, "ada")
    make.approve(runtime, fund, ada)
    make.evidence(runtime, fund, ada)
    make.claim(runtime, fund, 5)
    with runtime.uow.read() as tx:
        found = proposal_page(tx, OPERATOR, fund)
    assert found is not None
    shown = json.loads(json.dumps(page_json(found, say)))
    wanted = {*LINE, "parties", "claims", "evidence", "signoffs", "steps", "history"}
    assert wanted <= set(shown)
    assert shown["parties"] == {"UZ": ["lead"], "JP": ["member"]}
    assert shown["fields"] == {"amount": {"minor_units": 5, "currency": "USD"}}
    (signoff,) = shown["signoffs"]
    assert (signoff["person"], signoff["decision"], signoff["live"], signoff["at"]) == (
        "Ada", "approve", True, "2026-01-05T09:00:00.000000Z",
    )  # fmt: skip
    assert [(each["version"], each["kind"]) for each in shown["history"]] == [
        (3, "evidence"), (2, "sign"), (1, "propose"),
    ]  # fmt: skip


def test_an_explanation_has_its_keys_all_the_way_down(runtime: Runtime) -> None:
    make.delegate(runtime, "ada")
    fund = make.proposal(runtime)
    with runtime.uow.read() as tx:
        found = explain_step(tx, OPERATOR, fund, "agree")
    assert found is not None
    shape = explanation_json(found, say, lambda node: node.code.value)
    assert (shape["reference"], shape["step"], shape["granted"]) == (fund, "agree", False)
    assert shape["reasons"] == [
        {"code": "signoffs_missing", "text": "signoffs missing", "who_can_cure": ["ada"]}
    ]
    assert {"text", "satisfied", "parts"} <= set(shape["tree"])
    assert [part["text"] for part in shape["tree"]["parts"]] == [
        "open_here", "revision_present", "no_objection", "signoffs",
    ]  # fmt: skip


def test_an_inbox_has_its_keys(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime)
    with runtime.uow.read() as tx:
        (item,) = inbox_json(inbox(tx, make.viewer(tx, ada)).rows)
    assert item == {
        "reference": fund, "step": "agree", "party": "UZ", "role": "line_ministry",
        "revision": 1, "due": None, "act": "sign", "since": "2026-01-05T09:00:00.000000Z",
    }  # fmt: skip
