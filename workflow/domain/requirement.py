"""The rule algebra: what a step needs, as a tree of parts over the leaves of `leaf`.

A rule is evaluated over *counts*, one number a leaf in reading order, so that proposals which
stand alike are judged once. Every function that walks a rule knows the number of a part's first
leaf. Source: DOMAIN.md, 'What a sign-off rule must be able to say'.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import TypeAlias

from workflow.domain.commands import Decision
from workflow.domain.leaf import (
    ChildrenIn,
    DateReached,
    EvidenceCount,
    FieldFilled,
    Leaf,
    NamedSignOff,
    PartiesPresent,
    Seat,
    SigningLeaf,
    SignOffs,
    Silence,
    TimeLeaf,
    role_covers,
)
from workflow.domain.shape import Shape

__all__ = [
    "ChildrenIn", "Counts", "DateReached", "EvidenceCount", "FieldFilled", "Gap", "Group", "Leaf",
    "NamedSignOff", "Part", "PartiesPresent", "Seat", "SignOffs", "SigningLeaf", "Silence",
    "TimeLeaf", "asking_leaves", "asks", "counting_leaves", "gaps", "held_since", "holding",
    "holds", "leaves", "open_leaves", "placed", "role_covers", "signing_leaves", "silences",
    "time_leaves", "width",
]  # fmt: skip

Part: TypeAlias = "Leaf | Group"
Counts: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Group:
    """All of the parts, or at least so many; those with a stage open one after another.

    What a bulk change asks of a rule for every row is worked out once.
    """

    parts: tuple[Part, ...]
    stage: str | None = None
    at_least: int | None = None
    """How many parts must hold; None means all, 1 means any."""

    @property
    def needed(self) -> int:
        """Count the parts that must hold."""
        return len(self.parts) if self.at_least is None else self.at_least

    @cached_property
    def leaves(self) -> "tuple[Leaf, ...]":
        """Give the leaves in reading order."""
        return tuple(leaf for part in self.parts for leaf in leaves(part))

    @cached_property
    def signing(self) -> "tuple[tuple[int, SigningLeaf], ...]":
        """Give the leaves that ask for sign-offs, with their numbers."""
        return _signing(self.leaves)

    @cached_property
    def placed(self) -> "tuple[tuple[Part, int], ...]":
        """Give the parts, each with the number of its first leaf, as if this group's were 0."""
        starts = accumulate((width(part) for part in self.parts), initial=0)
        return tuple(zip(self.parts, starts, strict=False))


@dataclass(frozen=True, slots=True)
class Gap:
    """A leaf, or a group of alternatives, that keeps a rule from holding."""

    number: int
    """Of the leaf, or of the group's first leaf."""
    part: Part
    have: int
    need: int


def leaves(part: Part) -> tuple[Leaf, ...]:
    """Give the leaves in reading order; a leaf's place in it is its number."""
    return part.leaves if isinstance(part, Group) else (part,)


def width(part: Part) -> int:
    """Count the leaves."""
    return len(leaves(part))


def placed(group: Group, first: int) -> Iterator[tuple[Part, int]]:
    """Give a group's parts, each with the number of its first leaf."""
    return ((part, first + start) for part, start in group.placed)


def holds(part: Part, counts: Counts, shape: Shape, first: int = 0) -> bool:
    """Say whether the counts satisfy the part."""
    if not isinstance(part, Group):
        return counts[first] >= part.needed(shape)
    return holding(part, counts, shape, first) >= part.needed


def holding(group: Group, counts: Counts, shape: Shape, first: int) -> int:
    """Count the parts of a group that hold.

    Among alternatives a part that asks nobody is none: else "every contributor, or every lead"
    would be adopted without a signature where there are no contributors.
    """
    return sum(
        holds(each, counts, shape, at)
        if group.at_least is None
        else _is_alternative(each, counts, shape, at)
        for each, at in placed(group, first)
    )


def asks(part: Part, shape: Shape) -> bool:
    """Say whether there is anybody or anything that a part waits for."""
    if isinstance(part, Group):
        return any(asks(each, shape) for each in part.parts)
    if isinstance(part, Silence):
        return part.seats(shape) > 0
    return part.needed(shape) > 0


def gaps(part: Part, counts: Counts, shape: Shape, first: int = 0) -> Iterator[Gap]:
    """Give what keeps the part from holding, in reading order; nothing where it holds.

    Where only some of a group's parts are needed, the group comes before its unmet parts.
    """
    if not isinstance(part, Group):
        need = part.needed(shape)
        if counts[first] < need:
            yield Gap(first, part, counts[first], need)
        return
    have = holding(part, counts, shape, first)
    if have >= part.needed:
        return
    if part.at_least is not None:
        yield Gap(first, part, have, part.needed)
    for each, at in placed(part, first):
        yield from gaps(each, counts, shape, at)


def open_leaves(part: Part, counts: Counts, shape: Shape, first: int = 0) -> Iterator[int]:
    """Give the numbers of the leaves whose stage has been reached."""
    if not isinstance(part, Group):
        yield first
        return
    reached = True
    for each, at in placed(part, first):
        staged = isinstance(each, Group) and each.stage is not None
        if reached or not staged:
            yield from open_leaves(each, counts, shape, at)
        if staged:
            reached = reached and holds(each, counts, shape, at)


def signing_leaves(part: Part) -> tuple[tuple[int, SigningLeaf], ...]:
    """Give the leaves that ask for sign-offs, with their numbers."""
    return part.signing if isinstance(part, Group) else _signing((part,))


def _signing(found: Sequence[Leaf]) -> tuple[tuple[int, SigningLeaf], ...]:
    return tuple(
        (number, leaf)
        for number, leaf in enumerate(found)
        if isinstance(leaf, SignOffs | NamedSignOff)
    )


def time_leaves(part: Part) -> Iterator[tuple[int, TimeLeaf]]:
    """Give the leaves that become true by the calendar, with their numbers."""
    for number, leaf in enumerate(leaves(part)):
        if isinstance(leaf, Silence | DateReached):
            yield number, leaf


def asking_leaves(part: Part, seat: Seat) -> tuple[int, ...]:
    """Give the numbers of the leaves that ask this seat to sign, or let it object."""
    return tuple(
        number
        for number, leaf in enumerate(leaves(part))
        if isinstance(leaf, SignOffs | NamedSignOff | Silence) and leaf.asks(seat)
    )


def silences(part: Part, seat: Seat) -> tuple[int, ...]:
    """Give the numbers of the silences that this seat can break."""
    return tuple(
        number
        for number, leaf in enumerate(leaves(part))
        if isinstance(leaf, Silence) and leaf.asks(seat)
    )


def counting_leaves(part: Part, seat: Seat, decision: Decision) -> tuple[int, ...]:
    """Give the numbers of the leaves where this decision from this seat counts."""
    return tuple(number for number, leaf in signing_leaves(part) if leaf.counts(seat, decision))


def held_since(
    part: Part, days: Sequence[Sequence[date]], counts: Counts, shape: Shape, otherwise: date,
    first: int = 0,
) -> date:  # fmt: skip
    """Give the day since which a part that holds has held.

    `days` has the sorted days of what each leaf has gathered; of a leaf that has fewer than it
    needs there, nobody knows the day, and `otherwise` stands for it.
    """
    if not isinstance(part, Group):
        need = part.needed(shape)
        known = days[first]
        if need == 0:
            return date.min
        return known[need - 1] if len(known) >= need else otherwise
    each = sorted(
        held_since(one, days, counts, shape, otherwise, at)
        for one, at in placed(part, first)
        if part.at_least is None or _is_alternative(one, counts, shape, at)
    )
    return each[part.needed - 1]


def _is_alternative(part: Part, counts: Counts, shape: Shape, first: int) -> bool:
    return asks(part, shape) and holds(part, counts, shape, first)
