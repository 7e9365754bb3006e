"""Tests that an inbox holds what its owner can do now, oldest first, and nothing else."""

from datetime import date

import pytest

from tests import make
from tests.fakes import FakeClock
from workflow.domain.commands import Decision
from workflow.domain.identity import Caller
from workflow.queries.inbox import inbox, inbox_count
from workflow.queries.paging import BadCursorError, Count
from workflow.services.runtime import Runtime


def references(runtime: Runtime, who: Caller) -> list[str]:
    """Give the references in somebody's inbox."""
    with runtime.uow.read() as tx:
        return [item.reference for item in inbox(tx, make.viewer(tx, who)).rows]


def test_inbox_holds_what_waits_for_a_seat(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    ada = make.delegate(runtime, party="UZ")
    with runtime.uow.read() as tx:
        (item,) = inbox(tx, make.viewer(tx, ada)).rows
    assert (item.reference, item.step, item.to, item.party, item.role, item.act) == (
        fund, "agree", "agreed", "UZ", "line_ministry", "sign",
    )  # fmt: skip
    assert (item.titles, item.revision) == ({"en": "Proposal P-1"}, 1)


def test_inbox_is_empty_for_another_role_and_for_another_party(runtime: Runtime) -> None:
    make.proposal(runtime)
    assert references(runtime, make.delegate(runtime, role="legal_service")) == []
    assert references(runtime, make.delegate(runtime, party="KZ")) == []


def test_a_finer_role_answers_for_the_role_that_is_asked(runtime: Runtime) -> None:
    make.proposal(runtime)
    ada = make.delegate(runtime, role="line_ministry.transport")
    with runtime.uow.read() as tx:
        (item,) = inbox(tx, make.viewer(tx, ada)).rows
    assert item.role == "line_ministry.transport"


def test_a_mandate_for_another_summit_has_nothing_waiting(runtime: Runtime) -> None:
    make.proposal(runtime)
    assert references(runtime, make.delegate(runtime, summit="OTHER-2026")) == []
    assert references(runtime, make.delegate(runtime, summit=make.SUMMIT)) == ["P-1"]


def test_the_proposer_has_nothing_waiting_where_the_step_bars_them(runtime: Runtime) -> None:
    ada = make.delegate(runtime)
    make.proposal(runtime, by=ada)
    assert references(runtime, ada) == []


def test_what_is_signed_leaves_the_inbox(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime)
    make.approve(runtime, fund, ada)
    assert references(runtime, ada) == []


def test_who_signed_one_seat_is_not_waited_for_in_another(runtime: Runtime) -> None:
    needs = {
        "all": [
            {"signoffs": {"each": ["lead"], "role": role}}
            for role in ("line_ministry", "legal_service")
        ]
    }
    make.definition(runtime, agree={"needs": needs})
    fund, ada = make.proposal(runtime), make.delegate(runtime)
    make.mandate(runtime, ada, role="legal_service")
    assert references(runtime, ada) == [fund, fund]
    make.approve(runtime, fund, ada)
    assert references(runtime, ada) == []


def test_a_revoked_mandate_has_nothing_waiting(runtime: Runtime, clock: FakeClock) -> None:
    make.proposal(runtime)
    ada = make.delegate(runtime)
    make.revoke(runtime, ada)
    clock.advance(seconds=1)
    assert references(runtime, ada) == []


def test_the_secretariat_takes_a_step_that_has_all_it_needs(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    make.agreed(runtime, fund)
    make.evidence(runtime, fund, make.delegate(runtime))
    assert references(runtime, make.secretary(runtime)) == []
    make.verified(runtime, fund, make.delegate(runtime, party="JP", role="verifier"))
    with runtime.uow.read() as tx:
        (item,) = inbox(tx, make.viewer(tx, make.secretary(runtime))).rows
    assert (item.step, item.act, item.party, item.role) == (
        "implement", "take", "SECRETARIAT", "secretariat",
    )  # fmt: skip


def test_pages_follow_one_another_oldest_first_and_agree_with_the_count(
    runtime: Runtime, clock: FakeClock
) -> None:
    ada = make.delegate(runtime)
    made = []
    for _ in range(7):
        made.append(make.proposal(runtime))
        clock.advance(minutes=1)
    with runtime.uow.read() as tx:
        viewer = make.viewer(tx, ada)
        pages = [inbox(tx, viewer, limit=3)]
        while pages[-1].next:
            pages.append(inbox(tx, viewer, pages[-1].next, limit=3))
        assert [[item.reference for item in page.rows] for page in pages] == [
            made[:3], made[3:6], made[6:],
        ]  # fmt: skip
        assert {page.count for page in pages} == {Count(7)}
        assert inbox_count(tx, viewer, most=5) == Count(5, capped=True)


def test_a_person_of_two_parties_sees_both_merged(runtime: Runtime, clock: FakeClock) -> None:
    ada = make.mandate(runtime, make.delegate(runtime, party="UZ"), "KZ")
    first = make.proposal(runtime, parties=(("KZ", "lead"), ("JP", "member")))
    clock.advance(minutes=1)
    both = make.proposal(runtime, parties=(("UZ", "lead"), ("KZ", "member")))
    with runtime.uow.read() as tx:
        viewer, got, cursor = make.viewer(tx, ada), [], None
        while True:
            page = inbox(tx, viewer, cursor, limit=1)
            got += [(item.reference, item.party) for item in page.rows]
            cursor = page.next
            if cursor is None:
                break
    assert got == [(first, "KZ"), (both, "KZ"), (both, "UZ")]


@pytest.mark.parametrize("cursor", ["", "x", "W10", "é", "bnVsbA", "WyJhIiwxLCJiIiwxXQ"])
def test_a_cursor_from_elsewhere_is_refused(runtime: Runtime, cursor: str) -> None:
    ada = make.delegate(runtime)
    with runtime.uow.read() as tx, pytest.raises(BadCursorError):
        inbox(tx, make.viewer(tx, ada), cursor)


def test_an_item_is_due_on_the_last_day_of_the_silence_that_ends_first(runtime: Runtime) -> None:
    silence = {"of": ["lead"], "role": "line_ministry", "place": "Asia/Tokyo"}
    later, first = ({"silence": {**silence, "days": days}} for days in (30, 14))
    make.definition(runtime, agree={"needs": {"all": [later, first]}})
    make.proposal(runtime)
    ada = make.delegate(runtime)
    with runtime.uow.read() as tx:
        (item,) = inbox(tx, make.viewer(tx, ada)).rows
    # 5 January 2026 in Tokyo is the day of the trigger, which does not count.
    assert item.due == date(2026, 1, 19)


def test_what_waits_for_confirmation_is_in_the_inbox_of_the_seat(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime, "ada")
    make.decide(runtime, fund, ada, Decision.AD_REFERENDUM)
    with runtime.uow.read() as tx:
        (item,) = inbox(tx, make.viewer(tx, make.delegate(runtime, "olim"))).rows
    assert (item.act, item.due) == ("confirm", None)
