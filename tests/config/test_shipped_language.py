"""The shipped definitions speak the whole language, each construct where it is the right rule."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

import pytest

from config.definitions import shipped_kinds
from workflow.domain.deadlines import effect_of
from workflow.domain.definition import Definition, StepRule
from workflow.domain.requirement import (
    ChildrenIn,
    DateReached,
    EvidenceCount,
    FieldFilled,
    Group,
    NamedSignOff,
    Part,
    PartiesPresent,
    SignOffs,
    Silence,
)
from workflow.domain.shape import read_shape

KINDS = {name: Definition.from_mapping(mapping) for name, mapping in shipped_kinds().items()}
STEPS = [step for definition in KINDS.values() for step in definition.steps.values()]

ROLL_UP = {"implemented", "discontinued", "superseded", "declined", "withdrawn"}

# Not here, and why: a fixed date is for one occasion, a kind for many; `person: once-a-seat` is
# for delegations smaller than any of the demo's.
PARTS: dict[str, Callable[[Part], bool]] = {
    "everyone": lambda part: isinstance(part, SignOffs) and part.at_least is None,
    "k of n": lambda part: isinstance(part, SignOffs) and isinstance(part.at_least, int),
    "a share": lambda part: isinstance(part, SignOffs) and isinstance(part.at_least, Fraction),
    "more than a share": lambda part: isinstance(part, SignOffs) and part.more_than,
    "counting": lambda part: isinstance(part, SignOffs) and part.counting is not None,
    "abstentions": lambda part: isinstance(part, SignOffs) and part.abstentions_count,
    "named": lambda part: isinstance(part, NamedSignOff),
    "silence": lambda part: isinstance(part, Silence),
    "stage": lambda part: isinstance(part, Group) and part.stage is not None,
    "any": lambda part: isinstance(part, Group) and part.at_least == 1,
    "at least": lambda part: isinstance(part, Group) and (part.at_least or 0) > 1,
    "evidence": lambda part: isinstance(part, EvidenceCount) and not part.capacities,
    "evidence of each": lambda part: isinstance(part, EvidenceCount) and bool(part.capacities),
    "field": lambda part: isinstance(part, FieldFilled),
    "date": lambda part: isinstance(part, DateReached),
    "all children": lambda part: isinstance(part, ChildrenIn) and part.at_least is None,
    "so many children": lambda part: isinstance(part, ChildrenIn) and part.at_least is not None,
    "parties": lambda part: isinstance(part, PartiesPresent),
}

TERMS: dict[str, Callable[[StepRule], bool]] = {
    "days": lambda step: step.delay is not None and step.delay.span.days > 0,
    "months": lambda step: step.delay is not None and step.delay.span.months > 0,
    "irrevocable": lambda step: step.delay is not None and step.delay.irrevocable,
    "revocable": lambda step: step.delay is not None and not step.delay.irrevocable,
    "one blocks": lambda step: step.block_at == 1,
    "two block": lambda step: step.block_at == 2,
    "recorded only": lambda step: step.block_at is None and not step.side,
    "by itself": lambda step: step.fires_by_itself,
    "by hand": lambda step: bool(step.by),
    "proposer barred": lambda step: "proposer" in step.bars,
    "last editor barred": lambda step: "last-editor" in step.bars,
}


def parts(part: Part) -> Iterator[Part]:
    """Give a part and all that are in it."""
    yield part
    if isinstance(part, Group):
        for each in part.parts:
            yield from parts(each)


def found(kind: str, step: str, of_type: type) -> list[Part]:
    """Give the parts of a type that a step of a kind asks for."""
    rule = KINDS[kind].steps[step].needs
    return [part for part in parts(rule) if isinstance(part, of_type)]


@pytest.mark.parametrize("construct", PARTS)
def test_each_construct_of_a_rule_is_some_kinds_rule(construct: str) -> None:
    assert any(PARTS[construct](part) for step in STEPS for part in parts(step.needs))


@pytest.mark.parametrize("term", TERMS)
def test_each_term_of_a_step_is_some_kinds_term(term: str) -> None:
    assert any(TERMS[term](step) for step in STEPS)


def test_heads_sign_a_declaration_in_person_and_others_may_delegate_once() -> None:
    chains = {name: definition.longest_chain for name, definition in KINDS.items()}
    assert {name for name, chain in chains.items() if chain == 0} == {"statement"}
    assert set(chains.values()) == {0, 1}


def test_a_portfolio_ends_with_its_lines_and_by_itself() -> None:
    step = KINDS["portfolio"].steps["implement"]
    ended, implemented = found("portfolio", "implement", ChildrenIn)
    assert isinstance(ended, ChildrenIn)
    assert (set(ended.states), ended.at_least) == (ROLL_UP, None)
    assert implemented == ChildrenIn(("implemented",), 1)
    assert step.fires_by_itself


def test_the_tax_convention_with_japan_would_have_entered_into_force_on_its_day() -> None:
    """The latter notification came on 17 September 2020; in force on 17 October."""
    delay = KINDS["treaty"].steps["implement"].delay
    assert delay is not None
    due = effect_of(delay.span, delay.place, date(2020, 9, 17))
    assert (due.due_on, due.due_at.isoformat()) == (
        date(2020, 10, 17), "2020-10-16T15:00:00+00:00",
    )  # fmt: skip


def test_a_convention_of_twenty_states_does_not_count_its_regional_organisation() -> None:
    """The CRPD's twentieth instrument came on 3 April 2008; in force on 3 May."""
    step = KINDS["convention"].steps["implement"]
    shape = read_shape("organisation:member=1,state:lead=1,state:member=24")
    (leaf,) = found("convention", "implement", SignOffs)
    assert isinstance(leaf, SignOffs)
    assert (leaf.needed(shape), leaf.seats(shape)) == (20, 25)
    assert step.delay is not None
    assert effect_of(step.delay.span, step.delay.place, date(2008, 4, 3)).due_on == date(2008, 5, 3)


def test_a_convention_is_adopted_by_two_thirds_of_the_states() -> None:
    shape = read_shape("organisation:member=1,state:lead=1,state:member=24")
    needed = [leaf.needed(shape) for leaf in found("convention", "agree", SignOffs)
              if isinstance(leaf, SignOffs) and leaf.counting]  # fmt: skip
    assert needed == [17]


@pytest.mark.parametrize(("members", "needed"), [(0, 0), (1, 1), (3, 2), (4, 3), (6, 4)])
def test_two_thirds_of_the_other_treasuries_open_a_fund(members: int, needed: int) -> None:
    shape = read_shape(f"state:lead=2,state:member={members}")
    (leaf,) = [part for part in found("investment-fund", "agree", SignOffs)
               if isinstance(part, SignOffs) and part.at_least is not None]  # fmt: skip
    assert leaf.needed(shape) == needed
