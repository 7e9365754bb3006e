"""What was delegated may be passed on: never in a circle, and only while every link holds."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import update

from tests import make
from tests.fakes import FakeClock
from tests.people.delegations import (
    BACK,
    ORDER,
    acts,
    entry,
    given,
    holder_with_colleagues,
    mandate_of,
)
from tests.people.world import administrator, codes
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code
from workflow.persistence import people
from workflow.persistence import people_tables as t
from workflow.services.delegation import delegate, undelegate
from workflow.services.people import Done, disable, revoke


@pytest.fixture
def ada(runtime: Runtime, clock: FakeClock) -> Caller:
    """Give the holder, who has colleagues."""
    return holder_with_colleagues(runtime, clock)


def test_a_delegate_passes_on_what_they_were_given(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    bo = make.person(runtime, "bo")
    given(runtime, bo, replace(ORDER, to="cy", ends="2026-03-20"))
    row, mandate = entry(runtime), mandate_of(runtime, "cy")
    assert mandate.delegation is not None
    assert mandate.delegation.givers == (bo.person_id, ada.person_id)
    assert (mandate.delegation.depth, mandate.delegation.holder_id) == (2, ada.person_id)
    assert row.on_behalf_of is not None
    assert (row.on_behalf_of.login, row.texts["giver"]) == ("ada", bo.pseudonym)


def test_what_is_passed_on_does_not_outlast_what_was_given(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    bo = make.person(runtime, "bo")
    answer = delegate(runtime, bo, replace(ORDER, to="cy", ends="2026-04-01"))
    assert codes(answer) == (Code.DELEGATION_TOO_LONG,)


def test_a_mandate_does_not_come_back_in_a_circle(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    given(runtime, make.person(runtime, "bo"), replace(ORDER, to="cy"))
    cy = make.person(runtime, "cy")
    for login in ("ada", "bo"):
        answer = delegate(runtime, cy, replace(ORDER, to=login))
        assert Code.DELEGATION_CYCLE in codes(answer)


def test_a_mandate_is_passed_on_three_times_at_most(runtime: Runtime, ada: Caller) -> None:
    make.delegate(runtime, "eve", "UZ", "line_ministry")
    by = ada
    for login in ("bo", "cy", "di"):
        given(runtime, by, replace(ORDER, to=login))
        by = make.person(runtime, login)
    assert codes(delegate(runtime, by, replace(ORDER, to="eve"))) == (Code.DELEGATION_TOO_DEEP,)


def test_a_chain_holds_as_long_as_every_link(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    given(runtime, make.person(runtime, "bo"), replace(ORDER, to="cy"))
    assert acts(runtime, "cy")
    undelegate(runtime, ada, BACK)
    assert not acts(runtime, "cy")
    row = entry(runtime)
    assert row.person is not None
    assert (row.kind, row.person.login) == ("undelegate", "cy")


def test_the_holder_takes_back_what_a_delegate_passed_on(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    given(runtime, make.person(runtime, "bo"), replace(ORDER, to="cy"))
    assert isinstance(undelegate(runtime, ada, replace(BACK, to="cy")), Done)
    assert [acts(runtime, login) for login in ("bo", "cy")] == [True, False]


def test_a_mandate_revoked_is_delegated_no_more(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    revoke(runtime, administrator(runtime), "ada", "UZ", "finance_ministry")
    assert not acts(runtime)


@pytest.mark.parametrize("login", ["ada", "bo"])
def test_whoever_is_disabled_breaks_the_chain(runtime: Runtime, ada: Caller, login: str) -> None:
    given(runtime, ada)
    given(runtime, make.person(runtime, "bo"), replace(ORDER, to="cy"))
    disable(runtime, administrator(runtime), login)
    assert not acts(runtime, "cy")


def test_who_leaves_the_party_acts_for_nobody_there(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    given(runtime, make.person(runtime, "bo"), replace(ORDER, to="cy"))
    revoke(runtime, administrator(runtime), "bo", "UZ", "line_ministry")
    assert [acts(runtime, login) for login in ("bo", "cy")] == [False, False]


def test_an_imported_mandate_is_delegated_to_nobody(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    with runtime.uow.write() as tx:
        of_ada = t.Mandate.person_id == ada.person_id
        tx.connection.execute(update(t.Mandate).where(of_ada).values(origin="import"))
    assert not acts(runtime)


def test_any_pseudonym_can_stand_in_the_entries(runtime: Runtime, ada: Caller) -> None:
    # facts of an entry begin with a letter or digit, and a pseudonym may not
    giver = make.person(runtime)
    while giver.pseudonym[0].isalnum():
        giver = make.person(runtime)
    make.mandate(runtime, giver, role="line_ministry")
    given(runtime, ada, replace(ORDER, to=giver.login))
    given(runtime, giver, replace(ORDER, to="cy"))
    assert entry(runtime).texts["giver"] == giver.pseudonym
    assert isinstance(undelegate(runtime, ada, replace(BACK, to="cy")), Done)


def test_a_revocation_waits_for_an_act_that_went_first(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    bo = make.person(runtime, "bo")
    with ThreadPoolExecutor(1) as pool:
        with runtime.uow.write() as tx:
            assert people.mandates_of(tx, bo.person_id, kept=True)
            taken_back = pool.submit(undelegate, runtime, ada, BACK)
            with pytest.raises(TimeoutError):
                taken_back.result(timeout=0.3)
        assert isinstance(taken_back.result(), Done)
