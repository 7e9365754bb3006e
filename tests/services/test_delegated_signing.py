"""Who signs by delegation is bound by all that binds the holder, and both stand in the record."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.fakes import FakeClock
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, Propose, Revise, Sign
from workflow.domain.definition import Definition
from workflow.domain.identity import OPERATOR, Caller
from workflow.domain.verdicts import Code, Outcome
from workflow.persistence import definitions
from workflow.persistence.entry_scope import EVERYTHING
from workflow.persistence.proposal_tables import SignOff
from workflow.queries.audit import audit_page
from workflow.queries.explain import explain_step
from workflow.queries.inbox import inbox
from workflow.queries.proposal import proposal_page
from workflow.services.delegation import Delegate, Undelegate, delegate, undelegate
from workflow.services.people import Done
from workflow.services.propose import propose
from workflow.services.revise import revise
from workflow.services.sign import sign

ROLE = "line_ministry"
TWO_SEATS = {"needs": {"all": [
    {"signoffs": {"each": ["lead", "member"], "role": ROLE}},
    {"signoffs": {"each": ["lead", "member"], "role": "legal_service"}},
]}}  # fmt: skip


@pytest.fixture
def ada(runtime: Runtime) -> Caller:
    """Give the holder of UZ's line ministry."""
    return make.delegate(runtime, "ada")


@pytest.fixture
def bo(runtime: Runtime) -> Caller:
    """Give a colleague of the legal service."""
    return make.delegate(runtime, "bo", role="legal_service")


def handed(runtime: Runtime, by: Caller, to: Caller, role: str = ROLE) -> None:
    """Let somebody act for a mandate until the end of the month."""
    order = Delegate(to=to.login, party="UZ", role=role, ends="2026-01-31")
    done = delegate(runtime, by, order)
    assert isinstance(done, Done), done


def taken_back(runtime: Runtime, by: Caller, to: Caller) -> None:
    """Revoke a delegation of the line ministry."""
    done = undelegate(runtime, by, Undelegate(to=to.login, party="UZ", role=ROLE))
    assert isinstance(done, Done), done


def signed(
    runtime: Runtime, by: Caller, fund: str, role: str = ROLE,
    decision: Decision = Decision.APPROVE,
) -> Outcome:  # fmt: skip
    """Sign for UZ, whatever becomes of it."""
    (outcome,) = sign(runtime, by, Sign((fund,), "agree", "UZ", role, decision, "Why not."))
    return outcome


def why(outcome: Outcome) -> tuple[Code, ...]:
    """Give the codes of a refusal."""
    return tuple(each.code for each in outcome.reasons)


def test_a_delegate_signs_and_the_rows_name_both(runtime: Runtime, ada: Caller, bo: Caller) -> None:
    fund = make.proposal(runtime)
    handed(runtime, ada, bo)
    assert signed(runtime, bo, fund).granted
    with runtime.uow.read() as tx:
        row = tx.connection.execute(select(SignOff)).one()
    assert (row.person_id, row.holder_id) == (bo.person_id, ada.person_id)
    assert row.delegation_id is not None
    assert row.mandate_id is not None


def test_the_log_the_grid_and_the_explanation_name_both(
    runtime: Runtime, ada: Caller, bo: Caller
) -> None:
    fund = make.proposal(runtime)
    handed(runtime, ada, bo)
    signed(runtime, bo, fund)
    with runtime.uow.read() as tx:
        entry = audit_page(tx, OPERATOR, EVERYTHING).rows[0]
        page = proposal_page(tx, OPERATOR, fund)
    assert entry.actor is not None
    assert entry.on_behalf_of is not None
    assert (entry.kind, entry.actor.login, entry.on_behalf_of.login) == ("sign", "bo", "ada")
    assert page is not None
    agree = next(each for each in page.matrices if each.step == "agree")
    cell = agree.rows[0][1][agree.parties.index("UZ")]
    assert (cell.person, cell.holder) == ("Bo", "Ada")
    event = page.history[0]
    assert (event.actor_name, event.holder_name) == ("Bo", "Ada")


def test_a_delegate_is_asked_in_the_inbox_and_named_as_a_cure(
    runtime: Runtime, ada: Caller, bo: Caller
) -> None:
    fund = make.proposal(runtime)
    handed(runtime, ada, bo)
    with runtime.uow.read() as tx:
        eyes = make.viewer(tx, bo)
        assert [each.role for each in inbox(tx, eyes).rows] == [ROLE]
        told = explain_step(tx, eyes, fund, "agree")
    assert told is not None
    assert told.reasons[0].who_can_cure[:2] == ("bo", "ada")


def test_a_proposer_does_not_sign_through_a_delegate(
    runtime: Runtime, ada: Caller, bo: Caller
) -> None:
    fund = make.proposal(runtime, by=ada)
    handed(runtime, ada, bo)
    assert why(signed(runtime, bo, fund)) == (
        Code.PROPOSER_MAY_NOT_SIGN,
        Code.LAST_EDITOR_MAY_NOT_SIGN,
    )


def test_a_delegate_who_proposed_does_not_sign_for_the_holder(
    runtime: Runtime, ada: Caller, bo: Caller
) -> None:
    fund = make.proposal(runtime, by=bo)
    handed(runtime, ada, bo)
    assert Code.PROPOSER_MAY_NOT_SIGN in why(signed(runtime, bo, fund))
    assert signed(runtime, ada, fund).granted


def test_the_last_editor_does_not_sign_through_a_delegate(
    runtime: Runtime, ada: Caller, bo: Caller
) -> None:
    fund = make.proposal(runtime)
    assert revise(runtime, ada, Revise(fund, titles={"en": "Better"})).granted
    handed(runtime, ada, bo)
    assert why(signed(runtime, bo, fund)) == (Code.LAST_EDITOR_MAY_NOT_SIGN,)


def test_neither_the_delegate_nor_the_holder_signs_another_seat(
    runtime: Runtime, ada: Caller, bo: Caller
) -> None:
    make.definition(runtime, agree=TWO_SEATS)
    make.mandate(runtime, ada, role="legal_service")
    fund = make.proposal(runtime)
    handed(runtime, ada, bo)
    assert signed(runtime, bo, fund).granted
    for person in (ada, bo):
        answer = signed(runtime, person, fund, "legal_service")
        assert why(answer) == (Code.PERSON_ALREADY_SIGNED,)


def test_who_has_signed_does_not_sign_again_for_a_holder(
    runtime: Runtime, ada: Caller, bo: Caller
) -> None:
    make.definition(runtime, agree=TWO_SEATS)
    fund = make.proposal(runtime)
    handed(runtime, ada, bo)
    assert signed(runtime, bo, fund, "legal_service").granted
    assert why(signed(runtime, bo, fund)) == (Code.PERSON_ALREADY_SIGNED,)


def test_a_holder_who_has_signed_does_not_sign_again_through_a_delegate(
    runtime: Runtime, ada: Caller
) -> None:
    make.definition(runtime, agree=TWO_SEATS)
    make.mandate(runtime, ada, role="legal_service")
    cy = make.delegate(runtime, "cy", role="finance_ministry")
    fund = make.proposal(runtime)
    assert signed(runtime, ada, fund, "legal_service").granted
    handed(runtime, ada, cy)
    assert why(signed(runtime, cy, fund)) == (Code.PERSON_ALREADY_SIGNED,)


def test_a_chain_longer_than_the_definition_allows_signs_nothing(
    runtime: Runtime, ada: Caller, bo: Caller
) -> None:
    cy = make.delegate(runtime, "cy", role="finance_ministry")
    fund = make.proposal(runtime)
    handed(runtime, ada, bo)
    handed(runtime, bo, cy)
    assert why(signed(runtime, cy, fund)) == (Code.DELEGATED_TOO_FAR,)
    assert signed(runtime, bo, fund).granted


@pytest.mark.parametrize(("chain", "granted"), [(0, [False, False]), (2, [True, True])])
def test_a_definition_says_how_long_a_chain_may_be(
    runtime: Runtime, ada: Caller, bo: Caller, chain: int, granted: list[bool]
) -> None:
    law = Definition.from_mapping({**make.rules(), "delegation": {"chain": chain}})
    with runtime.uow.write() as tx:
        definitions.publish(tx, law, tx.at, None)
    cy = make.delegate(runtime, "cy", role="finance_ministry")
    handed(runtime, ada, bo)
    handed(runtime, bo, cy)
    answers = [signed(runtime, by, make.proposal(runtime)).granted for by in (bo, cy)]
    assert answers == granted


def test_whoever_passed_it_on_is_judged_too(runtime: Runtime, ada: Caller, bo: Caller) -> None:
    law = Definition.from_mapping({**make.rules(), "delegation": {"chain": 2}})
    with runtime.uow.write() as tx:
        definitions.publish(tx, law, tx.at, None)
    cy = make.delegate(runtime, "cy", role="finance_ministry")
    fund = make.proposal(runtime, by=bo)
    handed(runtime, ada, bo)
    handed(runtime, bo, cy)
    assert Code.PROPOSER_MAY_NOT_SIGN in why(signed(runtime, cy, fund))


def test_a_delegation_revoked_a_second_earlier_signs_nothing(
    runtime: Runtime, clock: FakeClock, ada: Caller, bo: Caller
) -> None:
    fund = make.proposal(runtime)
    handed(runtime, ada, bo)
    taken_back(runtime, ada, bo)
    clock.set(clock() + timedelta(seconds=1))
    assert Code.NO_MANDATE in why(signed(runtime, bo, fund))


def test_one_revoked_later_leaves_what_was_signed(
    runtime: Runtime, clock: FakeClock, ada: Caller, bo: Caller
) -> None:
    fund = make.proposal(runtime)
    handed(runtime, ada, bo)
    assert signed(runtime, bo, fund).granted
    clock.set(clock() + timedelta(seconds=1))
    taken_back(runtime, ada, bo)
    make.approve(runtime, fund, by=make.delegate(runtime, party="JP"))
    with runtime.uow.read() as tx:
        page = proposal_page(tx, OPERATOR, fund)
    assert page is not None
    assert page.state == "agreed"


def test_a_holder_withdraws_what_was_signed_for_them(
    runtime: Runtime, ada: Caller, bo: Caller
) -> None:
    fund = make.proposal(runtime)
    handed(runtime, ada, bo)
    signed(runtime, bo, fund)
    assert signed(runtime, ada, fund, decision=Decision.WITHDRAW).granted


def test_a_delegate_does_not_withdraw_what_the_holder_signed(
    runtime: Runtime, ada: Caller, bo: Caller
) -> None:
    fund = make.proposal(runtime)
    signed(runtime, ada, fund)
    handed(runtime, ada, bo)
    answer = signed(runtime, bo, fund, decision=Decision.WITHDRAW)
    assert why(answer) == (Code.SEAT_SIGNED_BY_ANOTHER,)


def test_what_a_delegate_proposes_names_the_holder_only_where_it_is_the_holders_mandate(
    runtime: Runtime, ada: Caller, bo: Caller
) -> None:
    handed(runtime, ada, bo)
    make.proposal(runtime)
    order = Propose(
        reference="OWN", kind=make.KIND, summit=make.SUMMIT, parties=make.TWO_PARTIES,
        titles={"en": "Own"},
    )  # fmt: skip
    assert propose(runtime, bo, order).granted
    with runtime.uow.read() as tx:
        entry = audit_page(tx, OPERATOR, EVERYTHING).rows[0]
    assert (entry.role, entry.on_behalf_of) == ("legal_service", None)
