"""A mandate is held from an instant to another, and in the days of its party's zone."""

from datetime import UTC, datetime

import pytest

from tests import make
from tests.fakes import FakeClock
from tests.people.world import administrator, codes, office, roles_of
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code
from workflow.persistence import people
from workflow.services.people import Done, grant, revoke


@pytest.fixture
def uz(runtime: Runtime) -> Caller:
    """Give UZ's administrator, and somebody to grant to."""
    make.person(runtime, "someone")
    return administrator(runtime)


def held_at(runtime: Runtime, clock: FakeClock, at: datetime) -> set[str]:
    """Give what somebody holds at an instant."""
    clock.set(at)
    return roles_of(runtime, "someone")


def test_a_day_begins_and_ends_in_the_partys_time_zone(
    runtime: Runtime, clock: FakeClock, uz: Caller
) -> None:
    # the factory's parties live in Tokyo: 1 March begins there at 15:00 UTC of 28 February
    days = office(starts="2026-03-01", ends="2026-03-31")
    assert isinstance(grant(runtime, uz, "someone", days), Done)
    role = {"UZ:finance_ministry"}
    assert held_at(runtime, clock, datetime(2026, 2, 28, 14, 59, 59, 999999, UTC)) == set()
    assert held_at(runtime, clock, datetime(2026, 2, 28, 15, 0, tzinfo=UTC)) == role
    assert held_at(runtime, clock, datetime(2026, 3, 31, 14, 59, 59, 999999, UTC)) == role
    assert held_at(runtime, clock, datetime(2026, 3, 31, 15, 0, tzinfo=UTC)) == set()


def test_an_instant_is_taken_with_its_zone(runtime: Runtime, clock: FakeClock, uz: Caller) -> None:
    instant = office(starts="2026-03-01T09:00:00+05:00")
    assert isinstance(grant(runtime, uz, "someone", instant), Done)
    assert held_at(runtime, clock, datetime(2026, 3, 1, 3, 59, 59, tzinfo=UTC)) == set()
    assert held_at(runtime, clock, datetime(2026, 3, 1, 4, 0, tzinfo=UTC)) != set()


@pytest.mark.parametrize(
    "bounds",
    [
        {"starts": "2026-02-30"},
        {"starts": "2026-03-01T09:00:00"},
        {"starts": "2026-03-02", "ends": "2026-03-01"},
        {"starts": "0001-01-01"},
        {"ends": "9999-12-31"},
        {"starts": "yesterday"},
    ],
)
def test_dates_that_cannot_be_read_are_refused(
    runtime: Runtime, uz: Caller, bounds: dict[str, str]
) -> None:
    assert codes(grant(runtime, uz, "someone", office(**bounds))) == (Code.DATES_MALFORMED,)


def test_a_mandate_is_not_held_twice_at_once(runtime: Runtime, uz: Caller) -> None:
    assert isinstance(grant(runtime, uz, "someone", office(ends="2026-06-30")), Done)
    again = grant(runtime, uz, "someone", office(starts="2026-06-30"))
    assert codes(again) == (Code.MANDATE_ALREADY_HELD,)
    assert isinstance(grant(runtime, uz, "someone", office(starts="2026-07-01")), Done)


def test_a_revoked_mandate_ends_at_once(runtime: Runtime, clock: FakeClock, uz: Caller) -> None:
    grant(runtime, uz, "someone", office())
    clock.advance(days=1)
    assert isinstance(revoke(runtime, uz, "someone", "UZ", "finance_ministry"), Done)
    assert roles_of(runtime, "someone") == set()
    again = revoke(runtime, uz, "someone", "UZ", "finance_ministry")
    assert codes(again) == (Code.MANDATE_UNKNOWN,)


def test_a_mandate_revoked_before_it_starts_never_starts(
    runtime: Runtime, clock: FakeClock, uz: Caller
) -> None:
    grant(runtime, uz, "someone", office(starts="2026-03-01"))
    assert isinstance(revoke(runtime, uz, "someone", "UZ", "finance_ministry"), Done)
    clock.advance(days=100)
    assert roles_of(runtime, "someone") == set()


def test_a_finer_role_is_held_by_whoever_asks_for_its_head(runtime: Runtime) -> None:
    make.delegate(runtime, "t.minister", role="line_ministry.transport")
    make.delegate(runtime, "a.minister", role="line_ministry")
    make.delegate(runtime, "other", role="line_ministry_of_nothing")
    with runtime.uow.read() as tx:
        assert people.holders(tx, "UZ", "line_ministry") == ("a.minister", "t.minister")
        assert people.holders(tx, "UZ", "line_ministry.transport") == ("t.minister",)
        many = people.holders_of_many(tx, [("UZ", "line_ministry.transport"), ("JP", "auditor")])
    assert many == {("UZ", "line_ministry.transport"): ("t.minister",), ("JP", "auditor"): ()}
