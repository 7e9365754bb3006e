"""Walks a rule beside the mapping it was read from, so that each part of it has its place."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.domain.definition import Definition, StepRule
from workflow.domain.requirement import Group, Leaf, Part

STAGE = "stage"
_LISTED = ("all", "any")


@dataclass(frozen=True, slots=True)
class Placed:
    """A part of a rule, where it is written, and the groups around it, the outermost first."""

    part: Part
    place: str
    around: tuple[Group, ...]
    said: Any
    """What is written there."""

    @property
    def is_needed_always(self) -> bool:
        """Say whether no other part could stand in for it."""
        return all(group.needed == len(group.parts) for group in self.around)


@dataclass(frozen=True)
class PlacedRule:
    """A step, and every part of its rule with its place."""

    step: StepRule
    place: str
    said: Mapping[str, Any]
    parts: tuple[Placed, ...]

    @property
    def leaves(self) -> Iterator[tuple[Placed, Leaf]]:
        """Give what is no group."""
        for placed in self.parts:
            if not isinstance(placed.part, Group):
                yield placed, placed.part

    @property
    def groups(self) -> Iterator[tuple[Placed, Group]]:
        """Give the groups."""
        for placed in self.parts:
            if isinstance(placed.part, Group):
                yield placed, placed.part


def placed_rules(definition: Definition) -> tuple[PlacedRule, ...]:
    """Give the rule of each step."""
    steps = json.loads(definition.document)["steps"]
    return tuple(
        PlacedRule(
            rule,
            f"steps.{name}",
            steps[name],
            tuple(_walk(rule.needs, steps[name]["needs"], f"steps.{name}.needs", ())),
        )
        for name, rule in definition.steps.items()
    )


def _walk(part: Part, said: Any, place: str, around: tuple[Group, ...]) -> Iterator[Placed]:  # noqa: ANN401 - as written
    kind = next(key for key in said if key != STAGE)
    inner, inside = said[kind], f"{place}.{kind}"
    if not isinstance(part, Group):
        yield Placed(part, inside, around, inner)
        return
    yield Placed(part, place, around, said)
    if kind in _LISTED:
        written, listed = inner, inside
    elif kind == "at_least":
        written, listed = inner["of"], f"{inside}.of"
    else:  # one part that has a stage, which reads as a group of one
        yield Placed(part.parts[0], inside, (*around, part), inner)
        return
    for at, (each, one) in enumerate(zip(part.parts, written, strict=True)):
        yield from _walk(each, one, f"{listed}[{at}]", (*around, part))
