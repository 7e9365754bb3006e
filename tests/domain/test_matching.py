"""Seats and people: enough of them, or exactly where they lack."""

from collections import Counter
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.matching import Demand, Shortage, shortage

people = st.frozensets(st.integers(0, 4), max_size=3)
seats = st.lists(people, max_size=3)


def demand(number: int, each: list[frozenset[int]], count: int) -> Demand:
    """Give a demand whose seats are named after its number."""
    return Demand(count, tuple((f"{number}{at}", who) for at, who in enumerate(each)))


def can_be_filled(demands: list[Demand]) -> bool:
    """Try every way to give people seats, to be compared with."""
    asked = [(each, who) for each in demands for _, who in each.seats]
    return any(
        all(
            sum(of is each and person is not None for person, (of, _) in sitting) >= each.count
            for each in demands
        )
        for chosen in product(*({None, *who} for _, who in asked))
        for sitting in [tuple(zip(chosen, asked, strict=True))]
        if max(Counter(each for each in chosen if each is not None).values(), default=0) <= 1
    )


def test_two_seats_of_one_person_are_too_many() -> None:
    ada = frozenset({1})
    assert shortage([demand(0, [ada, ada], 2)]) == Shortage(("00", "01"), (1,))


def test_only_the_seats_that_compete_are_named() -> None:
    ada, others = frozenset({1}), frozenset({2, 3})
    assert shortage([demand(0, [ada, others, ada], 3)]) == Shortage(("00", "02"), (1,))


def test_a_demand_of_some_seats_takes_those_that_can_be_filled() -> None:
    ada, bo = frozenset({1}), frozenset({1, 2})
    assert shortage([demand(0, [ada], 1), demand(1, [ada, bo, frozenset()], 1)]) is None


@given(st.lists(seats, max_size=2), st.data())
def test_a_shortage_is_found_exactly_where_there_is_one(
    each: list[list[frozenset[int]]], data: st.DataObject
) -> None:
    demands = [
        demand(number, listed, data.draw(st.integers(0, min(2, len(listed)))))
        for number, listed in enumerate(each)
    ]
    lack = shortage(demands)
    assert (lack is None) == can_be_filled(demands)
    assert lack is None or len(lack.people) < len(lack.seats)
