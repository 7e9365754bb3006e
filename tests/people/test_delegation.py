"""A holder lets a colleague act for them for some days: bounded, and both names are kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests import make
from tests.fakes import FakeClock
from tests.people.delegations import (
    BACK,
    ORDER,
    START,
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
from workflow.services.delegation import delegate, undelegate
from workflow.services.people import Done, disable


@pytest.fixture
def ada(runtime: Runtime, clock: FakeClock) -> Caller:
    """Give the holder, who has colleagues."""
    return holder_with_colleagues(runtime, clock)


def test_a_delegate_acts_from_the_first_day_to_the_last(
    runtime: Runtime, clock: FakeClock, ada: Caller
) -> None:
    given(runtime, ada, replace(ORDER, starts="2026-03-10", ends="2026-03-11"))
    seen = []
    for day, hour in ((9, 14), (9, 15), (11, 14), (11, 15)):
        clock.set(datetime(2026, 3, day, hour, tzinfo=UTC))
        seen.append(acts(runtime))
    assert seen == [False, True, True, False]


def test_a_delegated_mandate_says_whose_it_is(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    mandate = mandate_of(runtime)
    assert mandate.delegation is not None
    assert mandate.delegation.depth == 1
    assert mandate.delegation.holder_id == ada.person_id
    assert mandate.delegation.givers == (ada.person_id,)
    assert mandate.delegation.holder_pseudonym == ada.pseudonym
    assert mandate.starts_at == START
    assert mandate.ends_at == datetime(2026, 3, 31, 15, tzinfo=UTC)


def test_the_holder_keeps_the_mandate(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    with runtime.uow.read() as tx:
        assert people.holders(tx, "UZ", "finance_ministry") == ("ada", "bo")


def test_ones_own_mandate_comes_before_a_delegated_one(runtime: Runtime, ada: Caller) -> None:
    bo = make.delegate(runtime, "bo", "UZ", "finance_ministry")
    given(runtime, ada)
    with runtime.uow.read() as tx:
        held = [
            each.delegation is None
            for each in people.mandates_of(tx, bo.person_id)
            if each.role == "finance_ministry"
        ]
    assert held == [True, False]


def test_an_entry_names_both(runtime: Runtime, ada: Caller) -> None:
    done = given(runtime, ada)
    row = entry(runtime)
    assert (row.leaf_hash, row.kind, row.chain) == (done.entry, "delegate", "party/UZ")
    assert row.actor is not None
    assert row.person is not None
    assert (row.actor.login, row.role, row.person.login) == ("ada", "finance_ministry", "bo")
    assert row.on_behalf_of is None


@pytest.mark.usefixtures("ada")
def test_the_administrator_delegates_and_revokes_for_a_holder(runtime: Runtime) -> None:
    admin = administrator(runtime)
    given(runtime, admin, replace(ORDER, holder="ada"))
    row = entry(runtime)
    assert row.on_behalf_of is not None
    assert (row.role, row.on_behalf_of.login) == ("administrator", "ada")
    assert acts(runtime)
    assert isinstance(undelegate(runtime, admin, BACK), Done)
    assert not acts(runtime)


def test_a_delegation_is_taken_back_at_once_and_the_entry_names_both(
    runtime: Runtime, ada: Caller
) -> None:
    given(runtime, ada)
    assert isinstance(undelegate(runtime, ada, BACK), Done)
    assert not acts(runtime)
    row = entry(runtime)
    assert row.person is not None
    assert row.actor is not None
    assert (row.kind, row.actor.login, row.person.login) == ("undelegate", "ada", "bo")
    assert codes(undelegate(runtime, ada, BACK)) == (Code.DELEGATION_UNKNOWN,)


def test_what_was_delegated_at_an_instant_is_still_known_later(
    runtime: Runtime, clock: FakeClock, ada: Caller
) -> None:
    given(runtime, ada)
    clock.set(START + timedelta(hours=1))
    undelegate(runtime, ada, BACK)
    with runtime.uow.read() as tx:
        bo = make.person(runtime, "bo").person_id
        before = people.mandates_of(tx, bo, START + timedelta(minutes=59))
        assert [bool(each.delegation) for each in before] == [False, True]
        assert len(people.mandates_of(tx, bo, START + timedelta(hours=1))) == 1


def test_a_colleague_can_revoke_nothing_of_others(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada)
    for login in ("cy", "bo"):
        answer = undelegate(runtime, make.person(runtime, login), BACK)
        assert codes(answer) == (Code.DELEGATION_UNKNOWN,)
    assert acts(runtime)


@pytest.mark.parametrize("role", ["administrator", "auditor", "verifier"])
def test_who_watches_over_acts_delegates_nothing(runtime: Runtime, ada: Caller, role: str) -> None:
    make.mandate(runtime, ada, "UZ", role)
    answer = delegate(runtime, ada, replace(ORDER, role=role))
    assert codes(answer) == (Code.OVERSIGHT_NOT_DELEGATED,)


def test_nobody_delegates_to_themselves(runtime: Runtime, ada: Caller) -> None:
    assert codes(delegate(runtime, ada, replace(ORDER, to="ada"))) == (Code.DELEGATE_IS_GIVER,)


def test_a_delegation_needs_an_end(runtime: Runtime, ada: Caller) -> None:
    assert codes(delegate(runtime, ada, replace(ORDER, ends=None))) == (Code.DELEGATION_ENDLESS,)


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        ("2026-03-01", "2026-03-05", Code.DELEGATION_PAST),
        (None, "2026-03-01", Code.DELEGATION_PAST),
        ("2026-03-06", "2026-03-05", Code.DATES_MALFORMED),
        ("someday", "2026-03-05", Code.DATES_MALFORMED),
        (None, "9999-12-31T23:59:59+00:00", Code.DATES_MALFORMED),
    ],
)
def test_days_that_make_no_sense_are_refused(
    runtime: Runtime, ada: Caller, starts: str | None, ends: str, code: Code
) -> None:
    answer = delegate(runtime, ada, replace(ORDER, starts=starts, ends=ends))
    assert codes(answer) == (code,)


def test_what_begins_today_begins_now(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada, replace(ORDER, starts="2026-03-02", ends="2026-03-02"))
    assert mandate_of(runtime).starts_at == START


@pytest.mark.usefixtures("ada")
def test_a_delegation_does_not_outlast_the_mandate(runtime: Runtime) -> None:
    eve = make.delegate(
        runtime, "eve", "UZ", "legal_service", until=datetime(2026, 3, 20, tzinfo=UTC)
    )
    answer = delegate(runtime, eve, replace(ORDER, role="legal_service"))
    assert codes(answer) == (Code.DELEGATION_TOO_LONG,)


@pytest.mark.usefixtures("ada")
def test_who_holds_nothing_delegates_nothing(runtime: Runtime) -> None:
    answer = delegate(runtime, make.person(runtime, "cy"), ORDER)
    assert codes(answer) == (Code.MANDATE_UNKNOWN,)


def test_another_party_acts_for_nobody(runtime: Runtime, ada: Caller) -> None:
    make.delegate(runtime, "jo", "JP", "finance_ministry")
    answer = delegate(runtime, ada, replace(ORDER, to="jo"))
    assert codes(answer) == (Code.DELEGATE_OF_NO_MANDATE,)
    stranger = administrator(runtime, "JP")
    answer = delegate(runtime, stranger, replace(ORDER, holder="ada"))
    assert codes(answer) == (Code.NOT_ADMINISTRATOR,)


def test_unknown_and_disabled_people_act_for_nobody(runtime: Runtime, ada: Caller) -> None:
    disable(runtime, administrator(runtime), "cy")
    assert codes(delegate(runtime, ada, replace(ORDER, to="cy"))) == (Code.PERSON_DISABLED,)
    assert codes(delegate(runtime, ada, replace(ORDER, to="no"))) == (Code.PERSON_UNKNOWN,)
    assert codes(delegate(runtime, ada, replace(ORDER, party="XX"))) == (Code.PARTY_UNKNOWN,)


def test_the_same_days_are_delegated_once(runtime: Runtime, ada: Caller) -> None:
    given(runtime, ada, replace(ORDER, ends="2026-03-10"))
    answer = delegate(runtime, ada, replace(ORDER, starts="2026-03-10"))
    assert codes(answer) == (Code.ALREADY_DELEGATED,)
    given(runtime, ada, replace(ORDER, starts="2026-03-11"))
