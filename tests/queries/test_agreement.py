"""Tests that every question and the act itself give one answer, on a kind that is shipped."""

from collections.abc import Sequence

from config.definitions import shipped_kinds
from tests import make
from workflow.domain.commands import Decision, Money, Sign
from workflow.domain.definition import Definition
from workflow.domain.identity import OPERATOR, Caller
from workflow.persistence import definitions
from workflow.queries.explain import explain_step
from workflow.queries.inbox import InboxItem, inbox
from workflow.queries.portfolio import Filters, portfolio
from workflow.queries.proposal import proposal_page
from workflow.services.runtime import Runtime
from workflow.services.sign import sign

ROLES = (
    "line_ministry.transport", "foreign_ministry", "finance_ministry", "legal_service",
    "head_of_delegation", "auditor",
)  # fmt: skip
STATES = ("UZ", "JP", "KZ", "KG", "TJ")
TAKING_PART = (
    ("UZ", "lead"), ("JP", "lead"), ("KZ", "member"), ("KG", "member"), ("TJ", "member"),
    ("JICA", "contributor"), ("JBIC", "contributor"), ("NEXI", "observer"),
)  # fmt: skip


def fund_and_officials(runtime: Runtime) -> tuple[str, list[Caller]]:
    """Make an investment fund by its shipped rules, and an official for every role."""
    definition = Definition.from_mapping(shipped_kinds()["investment-fund"])
    with runtime.uow.write() as tx:
        definitions.publish(tx, definition, tx.at, None)
    fund = make.proposal(
        runtime,
        kind=definition.kind,
        parties=TAKING_PART,
        fields={"amount": Money(5_000, "USD")},
    )
    officials = [make.delegate(runtime, party=code, role=role) for code in STATES for role in ROLES]
    agencies = [
        make.delegate(runtime, party=code, role="implementing_agency") for code in ("JICA", "JBIC")
    ]
    make.evidence(runtime, fund, officials[0], "UZ", "founding_memorandum")
    for code, agency in zip(("JICA", "JBIC"), agencies, strict=True):
        make.evidence(runtime, fund, agency, code, "pledge_letter")
    verifier = make.delegate(runtime, party="JP", role="verifier")
    for number in (1, 2, 3):
        make.verified(runtime, fund, verifier, number)
    return fund, [*officials, *agencies, make.secretary(runtime)]


def offered(runtime: Runtime, who: Caller) -> Sequence[InboxItem]:
    """Give what somebody's inbox offers."""
    with runtime.uow.read() as tx:
        return inbox(tx, make.viewer(tx, who)).rows


def check_one_answer(runtime: Runtime, fund: str, who: Caller) -> None:
    """Demand that inbox, list, page and matrix say the same of one person."""
    items = offered(runtime, who)
    with runtime.uow.read() as tx:
        viewer = make.viewer(tx, who)
        page = proposal_page(tx, viewer, fund)
        (card,) = portfolio(tx, viewer, Filters()).rows
    assert page is not None
    assert page.matrix is not None
    places = {(step.name, *place) for step in page.steps if not step.side
              for place in step.signable}  # fmt: skip
    assert {(item.step, item.party, item.role) for item in items if item.act == "sign"} <= places
    yours = sum(cell.status == "yours" for _, cells in page.matrix.rows for cell in cells)
    assert (card.mine, page.mine) == (bool(items), bool(items))
    assert ("yours" in card.grid, yours > 0) == (bool(items), bool(items))
    assert (card.signed, card.needed) == (page.signed, page.needed)


def test_a_fund_is_agreed_by_nothing_but_what_inboxes_offer(runtime: Runtime) -> None:
    fund, officials = fund_and_officials(runtime)
    moved, signed = True, 0
    while moved:
        moved = False
        for who in officials:
            check_one_answer(runtime, fund, who) if signed == 0 else None
            for item in offered(runtime, who):
                if item.step != "agree":
                    continue
                make.decide(runtime, fund, who, Decision.APPROVE, party=item.party, role=item.role)
                moved, signed = True, signed + 1
    with runtime.uow.read() as tx:
        page = proposal_page(tx, OPERATOR, fund)
    assert page is not None
    assert page.state == "agreed"
    assert signed == sum(each.decision == "approve" for each in page.signoffs)


def test_what_no_inbox_offers_adds_nothing(runtime: Runtime) -> None:
    fund, officials = fund_and_officials(runtime)
    for who in officials:
        with runtime.uow.read() as tx:
            (mandate,) = make.viewer(tx, who).mandates
        if offered(runtime, who):
            continue
        order = Sign((fund,), "agree", mandate.party, mandate.role)
        (outcome,) = sign(runtime, who, order)
        assert not outcome.granted, mandate


def test_the_operators_cures_are_those_whose_inbox_has_it(runtime: Runtime) -> None:
    fund, officials = fund_and_officials(runtime)
    with runtime.uow.read() as tx:
        found = explain_step(tx, OPERATOR, fund, "agree")
    assert found is not None
    assert found.tree is not None
    ready = {who.login for who in officials if offered(runtime, who)}
    cures = {login for reason in found.reasons for login in reason.who_can_cure}
    assert ready < cures
    assert not found.tree.satisfied
