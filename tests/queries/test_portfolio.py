"""Tests that the list shows what exists for its reader, page by page, and adds up what may be."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event

from tests import make
from tests.fakes import FakeClock
from workflow.domain.commands import Money
from workflow.domain.identity import OPERATOR, Caller
from workflow.queries.paging import BadCursorError, Count
from workflow.queries.portfolio import Amount, Card, Filters, StateValue, portfolio, value_by_state
from workflow.services.runtime import Runtime


@contextmanager
def statements(runtime: Runtime) -> Iterator[list[str]]:
    """Gather the statements that reach the database."""
    seen: list[str] = []

    def keep(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(runtime.engine, "before_cursor_execute", keep)
    yield seen
    event.remove(runtime.engine, "before_cursor_execute", keep)


def cards(runtime: Runtime, who: Caller | None = None, **filters: str) -> list[Card]:
    """List the cards that somebody, or the operator, gets."""
    with runtime.uow.read() as tx:
        viewer = make.viewer(tx, who) if who else OPERATOR
        return list(portfolio(tx, viewer, Filters(**filters)).rows)


def references(runtime: Runtime, who: Caller | None = None, **filters: str) -> list[str]:
    """List the references of those cards."""
    return [card.reference for card in cards(runtime, who, **filters)]


def values(runtime: Runtime, **filters: str) -> tuple[StateValue, ...]:
    """Give the operator's sums."""
    with runtime.uow.read() as tx:
        return value_by_state(tx, OPERATOR, Filters(**filters))


def test_a_card_says_where_the_proposal_stands(runtime: Runtime) -> None:
    fund = make.proposal(runtime, fields={"amount": Money(120_000, "USD")})
    make.approve(runtime, fund, make.delegate(runtime))
    (card,) = cards(runtime, make.delegate(runtime, party="JP"))
    assert (card.reference, card.kind, card.summit, card.state, card.revision, card.version) == (
        fund, make.KIND, make.SUMMIT, "proposed", 1, 2,
    )  # fmt: skip
    assert card.titles == {"en": "Proposal P-1"}
    assert card.parties == (("UZ", ("lead",)), ("JP", ("member",)))
    assert card.amounts == (Amount(120_000, "USD", "amount"),)
    assert (card.signed, card.needed, card.grid) == (1, 2, ("yours", "signed"))
    assert (card.waiting_on, card.mine, card.objections) == (("JP",), True, 0)


def test_a_stranger_sees_nothing_but_what_is_public(runtime: Runtime) -> None:
    stranger = make.delegate(runtime, party="KZ")
    make.proposal(runtime)
    public = make.proposal(runtime, public=True)
    assert references(runtime, stranger) == [public]
    with runtime.uow.read() as tx:
        viewer = make.viewer(tx, stranger)
        assert portfolio(tx, viewer, Filters()).count == Count(1)
        assert value_by_state(tx, viewer, Filters()) == (StateValue("proposed", 1, ()),)


def test_filters_narrow_the_list(runtime: Runtime) -> None:
    first = make.proposal(runtime, titles={"en": "Fund 100%", "ru": "Фонд развития"})
    second = make.proposal(runtime, kind="forum", summit="OTHER-2026",
                           parties=(("KZ", "lead"), ("JP", "member")))  # fmt: skip
    make.agreed(runtime, first)
    assert references(runtime) == [second, first]
    assert references(runtime, state="agreed") == [first]
    assert references(runtime, kind="forum") == [second]
    assert references(runtime, summit="OTHER-2026") == [second]
    assert references(runtime, party="UZ") == [first]


@pytest.mark.parametrize("text", ["fund", "FUND", "100%", "фонд", "ФОНД", "Развития", "p-1"])
def test_a_title_is_found_in_any_case(runtime: Runtime, text: str) -> None:
    fund = make.proposal(
        runtime, titles={"en": "Fund 100%", "ru": "Фонд Развития", "uz": "фонд ФОНД"}
    )
    make.proposal(runtime)
    assert references(runtime, text=text) == [fund]


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1 --"])
def test_wildcards_are_plain_signs(runtime: Runtime, text: str) -> None:
    make.proposal(runtime)
    assert references(runtime, text=text) == []


def test_pages_follow_one_another_newest_change_first(runtime: Runtime, clock: FakeClock) -> None:
    made = []
    for _ in range(5):
        made.append(make.proposal(runtime))
        clock.advance(minutes=1)
    with runtime.uow.read() as tx:
        pages = [portfolio(tx, OPERATOR, Filters(), limit=2)]
        while pages[-1].next:
            pages.append(portfolio(tx, OPERATOR, Filters(), pages[-1].next, limit=2))
    got = [card.reference for page in pages for card in page.rows]
    assert (got, pages[0].count) == (made[::-1], Count(5))


def test_a_cursor_from_elsewhere_is_refused(runtime: Runtime) -> None:
    with runtime.uow.read() as tx, pytest.raises(BadCursorError):
        portfolio(tx, OPERATOR, Filters(), "bm8")


def test_thirty_rows_take_as_many_statements_as_one(runtime: Runtime) -> None:
    ada = make.delegate(runtime)
    make.proposal(runtime)
    numbers = []
    for more in (0, 29):
        for _ in range(more):
            make.proposal(runtime)
        cards(runtime, ada)
        with statements(runtime) as seen:
            found = len(cards(runtime, ada))
        numbers.append((found, len(seen)))
    assert numbers == [(1, numbers[0][1]), (25, numbers[0][1])]


def test_my_view_has_what_i_can_sign_and_no_more(runtime: Runtime) -> None:
    ada = make.delegate(runtime)
    make.proposal(runtime, by=ada)
    waiting = make.proposal(runtime)
    signed = make.proposal(runtime)
    make.approve(runtime, signed, ada)
    assert references(runtime, ada, view="mine") == [waiting]
    with runtime.uow.read() as tx:
        viewer = make.viewer(tx, ada)
        assert portfolio(tx, viewer, Filters(view="mine")).count == Count(1)
        assert value_by_state(tx, viewer, Filters(view="mine")) == (StateValue("proposed", 1, ()),)


def test_the_blocked_view_has_what_an_objection_stops(runtime: Runtime) -> None:
    make.proposal(runtime)
    blocked = make.proposal(runtime)
    make.object_to(runtime, blocked, make.delegate(runtime))
    assert references(runtime, view="blocked") == [blocked]
    (card,) = cards(runtime, view="blocked")
    assert (card.objections, card.grid) == (1, ("waiting", "objected"))


def test_an_objection_that_is_only_recorded_blocks_nothing(runtime: Runtime) -> None:
    make.definition(runtime, agree={"objections": {"from": ["lead"], "block_at": 2}})
    fund = make.proposal(runtime)
    make.object_to(runtime, fund, make.delegate(runtime))
    assert references(runtime, view="blocked") == []


def test_sources_that_repeat_a_figure_and_parts_of_it_are_never_added(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    make.claim(runtime, fund, 12_000, what="portfolio", said_on=date(2025, 12, 20))
    make.claim(runtime, fund, 12_000, what="portfolio", said_by="another")
    make.claim(runtime, fund, 8_000, what="JICA part")
    make.claim(runtime, fund, 700, meaning="disbursement")
    assert values(runtime) == (
        StateValue("proposed", 1, (Amount(700, "USD", "disbursement"),
                                   Amount(12_000, "USD", "pledge"))),
    )  # fmt: skip


def test_sums_are_per_state_currency_and_meaning(runtime: Runtime) -> None:
    funds = [make.proposal(runtime) for _ in range(3)]
    make.claim(runtime, funds[0], 100)
    make.claim(runtime, funds[1], 200)
    make.claim(runtime, funds[2], 3_000, currency="JPY")
    make.agreed(runtime, funds[2])
    assert values(runtime) == (
        StateValue("agreed", 1, (Amount(3_000, "JPY", "pledge"),)),
        StateValue("proposed", 2, (Amount(300, "USD", "pledge"),)),
    )


def test_an_umbrella_and_its_lines_are_never_added(runtime: Runtime) -> None:
    umbrella = make.proposal(runtime)
    line = make.proposal(runtime, parent=umbrella)
    deeper = make.proposal(runtime, parent=line)
    make.claim(runtime, umbrella, 1_000)
    make.claim(runtime, deeper, 400)
    make.claim(runtime, deeper, 50, currency="JPY")
    assert values(runtime) == (
        StateValue("proposed", 3, (Amount(50, "JPY", "pledge"), Amount(1_000, "USD", "pledge"))),
    )
    assert values(runtime, text=deeper)[0].amounts == (
        Amount(50, "JPY", "pledge"),
        Amount(400, "USD", "pledge"),
    )
