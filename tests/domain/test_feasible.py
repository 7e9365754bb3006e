"""What is found that nobody could satisfy, nobody can: tried against every way to sign."""

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.rules import CODES, ROLES, SORTS, consents, definition_of, parties
from workflow.domain.commands import Decision
from workflow.domain.feasible import Acting, Cast, unsatisfiable
from workflow.domain.lint_places import Placed, PlacedRule
from workflow.domain.requirement import Part, Seat, holds, leaves, signing_leaves
from workflow.domain.waits import TakingPart

Office = tuple[str, str]
Chosen = tuple[tuple[int, Office], ...]

offices = st.tuples(st.sampled_from(CODES), st.sampled_from(ROLES))
people = st.lists(st.sets(offices, min_size=1, max_size=2), max_size=4)
BARRED = 0
"""The number of who put the proposal forward."""


def rule_of(needs: Part, *, person_once: bool, bars: bool) -> PlacedRule:
    """Give a step that needs this, its places being the numbers of its leaves."""
    step = definition_of(needs, person_once=person_once).steps["agree"]
    object.__setattr__(step, "bars", frozenset({"proposer"} if bars else ()))
    placed = tuple(Placed(leaf, str(at), (), None) for at, leaf in enumerate(leaves(needs)))
    return PlacedRule(step, "steps.agree", {}, placed)


def cast_of(taking_part: TakingPart, held: list[set[Office]]) -> Cast:
    """Give the parties with the people who hold these offices."""
    acting: dict[str, tuple[Acting, ...]] = {}
    for person, theirs in enumerate(held):
        for party, role in sorted(theirs):
            acting[party] = (*acting.get(party, ()), Acting(person, "", role))
    return Cast(taking_part, acting, proposer=BARRED)


def ways(held: list[set[Office]], *, person_once: bool) -> Iterator[Chosen]:
    """Give every way in which people could sign, each in one of their seats or in all."""
    if not person_once:
        yield tuple((person, office) for person, theirs in enumerate(held) for office in theirs)
        return
    for chosen in product(*(sorted(theirs) for theirs in held)):
        yield tuple(enumerate(chosen))


def satisfies(rule: PlacedRule, cast: Cast, signed: Chosen) -> bool:
    """Say whether these sign-offs would be all that the step needs."""
    needs = rule.step.needs
    counted: list[set[str]] = [set() for _ in leaves(needs)]
    for person, (party, role) in signed:
        sort, capacities = cast.parties.get(party, (SORTS[party], frozenset[str]()))
        barred = person == BARRED and rule.step.bars
        decision = Decision.ABSTAIN if barred else Decision.APPROVE
        for number, leaf in signing_leaves(needs):
            if leaf.counts(Seat(party, role, capacities, sort), decision):
                counted[number].add(party)
    asked = any(leaf.seats(cast.shape) for _, leaf in signing_leaves(needs))
    return asked and holds(needs, tuple(map(len, counted)), cast.shape)


@settings(max_examples=400)
@given(consents, parties, people, st.booleans(), st.booleans())
def test_what_is_found_is_so(
    needs: Part,
    taking_part: TakingPart,
    held: list[set[Office]],
    person_once: bool,  # noqa: FBT001 - drawn
    bars: bool,  # noqa: FBT001 - drawn
) -> None:
    rule, cast = rule_of(needs, person_once=person_once, bars=bars), cast_of(taking_part, held)
    if any(satisfies(rule, cast, way) for way in ways(held, person_once=person_once)):
        assert unsatisfiable(rule, cast, 1) == []


@given(consents, parties, people)
def test_where_nobody_is_limited_to_one_seat_all_of_it_is_found(
    needs: Part, taking_part: TakingPart, held: list[set[Office]]
) -> None:
    rule, cast = rule_of(needs, person_once=False, bars=True), cast_of(taking_part, held)
    (everybody,) = ways(held, person_once=False)
    assert bool(unsatisfiable(rule, cast, 1)) != satisfies(rule, cast, everybody)
